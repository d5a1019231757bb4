// SPDX-License-Identifier: MIT
import { bufferOf, copyOf, type Input } from './input.ts';

/** A smaller input for which `holds` is still true. */
export function shrink(input: Input, holds: (input: Input) => boolean): Input {
  let best = input;
  const attempt = (change: (i: Input) => void): void => {
    const next = copyOf(best);
    change(next);
    if (holds(next)) best = next;
  };
  for (let i = 0; i < best.integers.length; i++) {
    if (best.integers[i] !== 0n) attempt((x) => void x.integers.splice(i, 1, 0n));
  }
  for (let i = 0; i < best.floats.length; i++) {
    if (best.floats[i] !== 0n) attempt((x) => void x.floats.splice(i, 1, 0n));
  }
  if (best.answers.length > 0) attempt((x) => void x.answers.splice(0));
  if (best.data.size > 0) attempt((x) => x.data.clear());
  for (let i = best.pointers.length - 1; i >= 0; i--) attempt((x) => void x.pointers.splice(i, 1));
  for (let b = 0; b < best.buffers.length; b++) {
    for (let size = 16384; size >= 8; size /= 4) {
      for (const at of written(best.buffers[b], size))
        attempt((x) => void bufferOf(x, b, at + size).fill(0, at, at + size));
    }
  }
  return best;
}

const MOST = 64;

/** Where pieces of a buffer begin that are not all zero. */
function written(bytes: Uint8Array | undefined, size: number): number[] {
  const found: number[] = [];
  for (let at = 0; bytes !== undefined && at < bytes.length && found.length < MOST; at += size) {
    if (bytes.subarray(at, at + size).some((v) => v !== 0)) found.push(at);
  }
  return found;
}
