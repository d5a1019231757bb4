// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import { concat, extract } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import type { View } from '../../define.ts';

/** Vectors as lists of lanes, lowest lane first. */

/** The lanes of `width` bits that make up `value`. */
export function lanesOf(value: Term, width: number): Term[] {
  return Array.from({ length: value.width / width }, (_, i) => laneOf(value, width, i));
}

export function laneOf(value: Term, width: number, index: number): Term {
  return extract(value, (index + 1) * width - 1, index * width);
}

export function join(lanes: readonly Term[]): Term {
  return concat(...[...lanes].reverse());
}

/** Applies `f` to each lane. */
export function mapLanes(width: number, f: (a: Term) => Term, a: Term): Term {
  return join(lanesOf(a, width).map(f));
}

/** Applies `f` to each pair of lanes at the same place. */
export function zipLanes(width: number, f: (a: Term, b: Term) => Term, a: Term, b: Term): Term {
  return join(lanesOf(a, width).map((x, i) => f(x, laneOf(b, width, i))));
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
