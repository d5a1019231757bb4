// SPDX-License-Identifier: MIT
import { add, and, bv, eq, extract, ite, mask, not, or, shl, ult, yes, zext } from '../../../logic/build.ts';
import { isZero } from '../../../logic/pool.ts';
import type { Term } from '../../../logic/term.ts';
import { type Effect, type State, set } from '../effect.ts';
import { VECTOR_LENGTH, VECTOR_TYPE } from './registers.ts';

/**
 * What vector instructions work on (RISC-V ISA I, chapter 31.3). `vtype` has in bits 2 to 0 how many registers a group
 * has, in bits 5 to 3 the width of elements, and in bit 6 whether elements behind the `vl`th become unspecified.
 *
 * Modelled are whole registers and halves of them, as far as the lowest 128 bits reach, and elements behind the `vl`th
 * that are kept. An instruction in another state counts as one that the machine does not have.
 */

export type ElementWidth = 8 | 16 | 32 | 64;
export const ELEMENT_WIDTHS: readonly ElementWidth[] = [8, 16, 32, 64];

/** The registers in a group, and how the field of `vtype` names that. */
export type Group = 'm1' | 'mf2';
const GROUPS: Readonly<Record<Group, number>> = { m1: 0, mf2: 7 };
const GROUP_BYTES: Readonly<Record<Group, number>> = { m1: 16, mf2: 8 };
export const isGroup = (w: string): w is Group => Object.hasOwn(GROUPS, w);

const VECTOR = 128;

/** How many elements a group has on every machine with V. */
export const mostElements = (width: ElementWidth, group: Group): number => (8 * GROUP_BYTES[group]) / width;

/** The value of `vtype`. `agnostic` leaves open what becomes of the elements behind the last. */
export function vectorType(width: ElementWidth, group: Group, agnostic: boolean): number {
  return GROUPS[group] | (ELEMENT_WIDTHS.indexOf(width) << 3) | (agnostic ? 1 << 6 : 0);
}

const widthCode = (state: State): Term => extract(state.get(VECTOR_TYPE), 5, 3);
const group = (state: State): Term => extract(state.get(VECTOR_TYPE), 2, 0);
const bytesInUse = (state: State): Term => shl(state.get(VECTOR_LENGTH), zext(widthCode(state), 64));

/** What is asked of the state. */
export interface Shape {
  readonly widths?: readonly ElementWidth[];
  readonly groups?: readonly Group[];
}

/** Whether the state is one that is modelled, and one of those that are asked for. */
function isModelled(state: State, { widths = ELEMENT_WIDTHS, groups = ['m1', 'mf2'] }: Shape): Term {
  const used = bytesInUse(state);
  const fits = groups
    .map((g) => and(eq(group(state), bv(3, GROUPS[g])), ult(used, bv(64, GROUP_BYTES[g] + 1))))
    .reduce(or);
  const width = widths.map((w) => eq(widthCode(state), bv(3, ELEMENT_WIDTHS.indexOf(w)))).reduce(or);
  const kept = or(not(extract(state.get(VECTOR_TYPE), 6, 6)), eq(used, bv(64, VECTOR / 8)));
  // Of a length that does not fit, the product above may be short.
  const short = ult(state.get(VECTOR_LENGTH), bv(64, VECTOR));
  return [fits, width, kept, short].reduce(and, yes());
}

/** The trap of an instruction that finds another state; none where the state is known to be right. */
export function needsShape(state: State, shape: Shape): Effect[] {
  const condition = not(isModelled(state, shape));
  return isZero(condition) ? [] : [{ kind: 'trap', what: '#UD', condition }];
}

/** The result of `make` for the width that elements have now. */
export function byWidth(state: State, widths: readonly ElementWidth[], make: (width: ElementWidth) => Term): Term {
  const code = widthCode(state);
  const [first, ...rest] = widths;
  if (first === undefined) throw new RangeError('no width of elements');
  if (code.op === 'const') return make(ELEMENT_WIDTHS[Number(code.value)] ?? first);
  return rest.reduce((all, w) => ite(eq(code, bv(3, ELEMENT_WIDTHS.indexOf(w))), make(w), all), make(first));
}

/** Writes `value` into the elements that are in use, and keeps the others. */
export function writeElements(state: State, loc: string, value: Term): Effect {
  const bits = shl(bytesInUse(state), bv(64, 3));
  const open = shl(bv(VECTOR, mask(VECTOR)), zext(bits, VECTOR));
  return set(loc, or(and(value, not(open)), and(state.get(loc), open)));
}

/** Element 0 in the lowest bits and the element after the last as `top`: what a slide by one leaves. */
export function slideDown(state: State, value: Term, top: Term, width: ElementWidth): Term {
  // The place of the last element, in bits.
  const last = shl(add(state.get(VECTOR_LENGTH), bv(64, -1)), bv(64, ELEMENT_WIDTHS.indexOf(width) + 3));
  const at = zext(last, VECTOR);
  const below = not(shl(bv(VECTOR, mask(VECTOR)), at));
  const moved = and(extract(zext(value, VECTOR + width), VECTOR + width - 1, width), below);
  return or(moved, shl(zext(top, VECTOR), at));
}
