// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import { concat, extract } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import type { View } from '../../define.ts';

/** What SSE's meanings say about lanes beyond what `lanes.ts` offers all machines. */

/** The lane of `width` bits at `index`, the lowest being 0. */
export function laneOf(value: Term, width: number, index: number): Term {
  return extract(value, (index + 1) * width - 1, index * width);
}

/** The lanes a0 b0 a1 b1 ... of two lists. */
export function interleave(a: readonly Term[], b: readonly Term[]): Term[] {
  return a.flatMap((x, i) => [x, must(b[i], 'interleaved lists are equally long')]);
}

/** `value` in the low bits, the rest of the vector `old` above it. */
export function mergeLow(old: Term, value: Term): Term {
  return concat(extract(old, old.width - 1, value.width), value);
}

/** The value of an immediate operand, as the low 8 bits that an `imm8` encodes. */
export function imm8Of(view: View): number {
  const operand = view.operand;
  const value = operand.kind === 'imm' ? operand.value : undefined;
  return Number(BigInt.asUintN(8, must(value, 'an immediate operand').offset));
}
