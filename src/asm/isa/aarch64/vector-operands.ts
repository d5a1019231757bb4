// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { concat, extract, low, zext } from '../../../logic/build.ts';
import type { Term } from '../../../logic/term.ts';
import type { Access } from '../define.ts';
import { type Effect, type State, set } from '../effect.ts';
import type { ListOperand, Operand, VecOperand } from '../operand.ts';
import { type A64Kind, kind } from './kind.ts';
import { reg } from './registers.ts';

/** Vector operands with an arrangement (`v3.4s`), lanes (`v3.s[1]`) and lists (`{v0.16b, v1.16b}`). */

export const arrangements: Readonly<Record<string, { readonly lanes: number; readonly bits: number }>> = {
  '8b': { lanes: 8, bits: 8 },
  '16b': { lanes: 16, bits: 8 },
  '4h': { lanes: 4, bits: 16 },
  '8h': { lanes: 8, bits: 16 },
  '2s': { lanes: 2, bits: 32 },
  '4s': { lanes: 4, bits: 32 },
  '1d': { lanes: 1, bits: 64 },
  '2d': { lanes: 2, bits: 64 },
  '1q': { lanes: 1, bits: 128 },
};

export type LaneName = 'b' | 'h' | 's' | 'd';
export const laneBits: Readonly<Record<LaneName, number>> = { b: 8, h: 16, s: 32, d: 64 };

/** The total bits of an arrangement: 64 or 128. */
export function arrangementWidth(name: string): number {
  const a = must(arrangements[name], `no arrangement ${name}`);
  return a.lanes * a.bits;
}

export const vecOp = (name: string, arrangement: string, lane?: number): VecOperand =>
  lane === undefined
    ? { kind: 'vec', reg: reg(name), arrangement }
    : { kind: 'vec', reg: reg(name), arrangement, lane };

const asVec = (o: Operand): VecOperand => {
  if (o.kind !== 'vec') throw new TypeError(`a vector is expected, not ${o.kind}`);
  return o;
};

/** A whole vector; writing a 64-bit arrangement clears the upper half. `highest` limits the register number. */
export function vec(arrangement: string, access: Access, highest = 31): A64Kind {
  const width = arrangementWidth(arrangement);
  return kind({
    name: `v.${arrangement}`,
    width,
    access,
    isSort: (o) => o.kind === 'vec' && o.lane === undefined && o.arrangement === arrangement,
    inRange: (o) => o.kind === 'vec' && Number(o.reg.loc.slice(1)) <= highest,
    expects: `v0 to v${highest}`,
    view: (o, state) => {
      const { loc } = asVec(o).reg;
      return { value: () => low(state.get(loc), width), write: (value) => [set(loc, zext(value, 128))] };
    },
    examples: () => ['v0', 'v9', `v${highest}`].map((n) => vecOp(n, arrangement)),
    outside: () => (highest < 31 ? [vecOp(`v${highest + 1}`, arrangement)] : []),
  });
}

/** The value of one lane. */
export function laneValue(v: VecOperand, bits: number, state: State): Term {
  const at = (v.lane ?? 0) * bits;
  return extract(state.get(v.reg.loc), at + bits - 1, at);
}

/** A register with one lane replaced; the other lanes stay. */
export function withLane(v: VecOperand, value: Term, state: State): Effect {
  const bits = value.width;
  const at = (v.lane ?? 0) * bits;
  const old = state.get(v.reg.loc);
  const parts: Term[] = [];
  if (at + bits < 128) parts.push(extract(old, 127, at + bits));
  parts.push(value);
  if (at > 0) parts.push(extract(old, at - 1, 0));
  return set(v.reg.loc, concat(...parts));
}

/** One lane; writing keeps the others. */
export function lane(name: LaneName, access: Access, highest = 31): A64Kind {
  const bits = laneBits[name];
  const count = 128 / bits;
  return kind({
    name: `v.${name}[]`,
    width: bits,
    access,
    isSort: (o) => o.kind === 'vec' && o.lane !== undefined && o.arrangement === name,
    inRange: (o) => o.kind === 'vec' && (o.lane ?? 0) < count && Number(o.reg.loc.slice(1)) <= highest,
    expects: `a lane of 0 to ${count - 1} of v0 to v${highest}`,
    view: (o, state) => ({
      value: () => laneValue(asVec(o), bits, state),
      write: (value) => [withLane(asVec(o), value, state)],
    }),
    examples: () => [vecOp('v0', name, 0), vecOp('v9', name, 1), vecOp(`v${highest}`, name, count - 1)],
    outside: () => [vecOp('v0', name, count), ...(highest < 31 ? [vecOp(`v${highest + 1}`, name, 0)] : [])],
  });
}

const consecutive = (o: ListOperand): boolean =>
  o.regs.every((r, i) => {
    const first = Number(must(o.regs[0], 'a list has registers').reg.loc.slice(1));
    return Number(r.reg.loc.slice(1)) === (first + i) % 32;
  });

const listFrom = (first: number, count: number, arrangement: string, lane?: number): ListOperand => ({
  kind: 'list',
  regs: Array.from({ length: count }, (_, i) => vecOp(`v${(first + i) % 32}`, arrangement, lane)),
});

/**
 * `count` consecutive registers of one arrangement. It has no value of its own: read and write the registers, which
 * `listOf` gives.
 */
export function list(count: number, arrangement: string, access: Access): A64Kind {
  return kind({
    name: `{${count} x v.${arrangement}}`,
    width: count * arrangementWidth(arrangement),
    access,
    isSort: (o) =>
      o.kind === 'list' &&
      o.regs.length === count &&
      o.regs.every((r) => r.arrangement === arrangement && r.lane === undefined),
    inRange: (o) => o.kind === 'list' && consecutive(o),
    expects: 'consecutive registers',
    view: () => ({}),
    examples: () => [listFrom(0, count, arrangement), listFrom(30, count, arrangement)],
  });
}

/** The same lane of `count` consecutive registers: `{v0.s, v1.s}[2]`. */
export function laneList(count: number, name: LaneName, access: Access): A64Kind {
  const lanes = 128 / laneBits[name];
  return kind({
    name: `{${count} x v.${name}}[]`,
    width: count * laneBits[name],
    access,
    isSort: (o) =>
      o.kind === 'list' &&
      o.regs.length === count &&
      o.regs.every((r) => r.arrangement === name && r.lane !== undefined && r.lane === o.regs[0]?.lane),
    inRange: (o) => o.kind === 'list' && consecutive(o) && o.regs.every((r) => (r.lane ?? 0) < lanes),
    expects: `consecutive registers and a lane of 0 to ${lanes - 1}`,
    view: () => ({}),
    examples: () => [listFrom(0, count, name, 0), listFrom(31, count, name, lanes - 1)],
    outside: () => [listFrom(0, count, name, lanes)],
  });
}

export function listOf(operand: Operand): readonly VecOperand[] {
  if (operand.kind !== 'list') throw new TypeError(`a register list is expected, not ${operand.kind}`);
  return operand.regs;
}
