// SPDX-License-Identifier: MIT
import { INST_BYTES } from '../layout.ts';
import type { LinkedFunction } from './image.ts';

/** The address of an instruction by its index in a function, or of what follows the last. */
export function addressOf(fn: LinkedFunction, index: number): number {
  const { code, file } = fn;
  const at = (i: number): number => file.addresses[code.statementAt[i] ?? -1] ?? -1;
  const before = at(index - 1);
  const own = index < code.insts.length ? at(index) : -1;
  if (own < 0) return Math.max(0, before) + INST_BYTES;
  // Parts of a function lie apart: what follows the last instruction of a part is not the next part.
  const beginsPart = code.parts.some((p) => p.start === index);
  return before >= 0 && own !== before + INST_BYTES && beginsPart ? before + INST_BYTES : own;
}
