// SPDX-License-Identifier: MIT
import { readSync, writeSync } from 'node:fs';
import type { World } from './libc/process.ts';

/** Thrown when the program has written more than it may. */
export class TooMuchOutput extends Error {
  override readonly name = 'TooMuchOutput';
}

/** The streams and clocks of this process, and nothing else of it. */
export function nodeWorld(
  files: ReadonlyMap<string, Uint8Array>,
  environment: readonly string[],
  maxOutput: number,
): World {
  let written = 0;
  return {
    files,
    environment,
    readInput: (size) => {
      const bytes = new Uint8Array(size);
      return bytes.subarray(
        0,
        patiently(() => readSync(0, bytes, 0, size, null)),
      );
    },
    write: (stream, bytes) => {
      written += bytes.length;
      if (written > maxOutput) throw new TooMuchOutput();
      for (let at = 0; at < bytes.length; ) at += patiently(() => writeSync(stream, bytes, at));
    },
    now: () => Date.now() / 1000,
    clock: () => performance.now() / 1000,
  };
}

const asleep = new Int32Array(new SharedArrayBuffer(4));

/** Streams that do not block are asked again a little later; an input that is gone has ended. */
function patiently(f: () => number): number {
  for (;;) {
    try {
      return f();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EAGAIN') Atomics.wait(asleep, 0, 0, 5);
      else if (code === 'EOF' || code === 'EPIPE') return code === 'EOF' ? 0 : Number.MAX_SAFE_INTEGER;
      else throw error;
    }
  }
}
