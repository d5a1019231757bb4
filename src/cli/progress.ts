// SPDX-License-Identifier: MIT
import type { Progress, ProgressEvent } from '../asm/pipeline/progress.ts';

const EVERY_MS = 100;

/** Shows on a terminal, in one line that is overwritten, what is being done; elsewhere nothing. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  if (stream.isTTY !== true) return () => undefined;
  let last = 0;
  return (event) => {
    if (event.kind === 'done') {
      stream.write('\r\u001b[K');
      return;
    }
    const now = performance.now();
    if (event.kind === 'checked' && now - last < EVERY_MS) return;
    last = now;
    stream.write(`\r${describe(event).slice(0, (stream.columns ?? 80) - 1)}\u001b[K`);
  };
}

function describe(event: ProgressEvent): string {
  switch (event.kind) {
    case 'reading':
      return `${event.file}: reading`;
    case 'lowering':
      return `${event.file}: lowering`;
    case 'reading-target':
      return `${event.file}: reading the translation`;
    case 'checked':
      return `${event.file}: checked ${event.blocks} of ${event.of} blocks`;
    case 'done':
      return '';
  }
}
