// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import {
  add,
  bit,
  bv,
  carry,
  eq,
  evenParity,
  low,
  msb,
  neg,
  no,
  not,
  or,
  overflow,
  sub,
  xor,
  yes,
  zext,
} from '../../../logic/build.ts';
import type { Term } from '../../../logic/term.ts';
import { type Effect, type State, set, setLater } from '../effect.ts';

/** The status flags (Intel SDM vol. 1, 3.4.3.1): how results set them, and the conditions made of them. */

/** ZF, SF and PF of a result. */
export function resultFlags(result: Term): Effect[] {
  return [
    setLater('zf', () => eq(result, bv(result.width, 0))),
    setLater('sf', () => msb(result)),
    setLater('pf', () => evenParity(low(result, 8))),
  ];
}

function adjust(a: Term, b: Term, result: Term): Effect {
  return setLater('af', () => xor(xor(bit(a, 4), bit(b, 4)), bit(result, 4)));
}

/** A sum and the flags of `a + b + cin`. */
export function addWithFlags(a: Term, b: Term, cin: Term = no()): { result: Term; carry: Effect; others: Effect[] } {
  const sum = add(a, b);
  const result = cin.op === 'const' && cin.value === 0n ? sum : add(sum, zext(cin, a.width));
  return {
    result,
    carry: setLater('cf', () => carry(a, b, cin)),
    others: [setLater('of', () => overflow(a, b, cin)), ...resultFlags(result), adjust(a, b, result)],
  };
}

/** A difference and the flags of `a - b - borrow`. */
export function subWithFlags(a: Term, b: Term, borrow: Term = no()): { result: Term; carry: Effect; others: Effect[] } {
  const difference = sub(a, b);
  const plain = borrow.op === 'const' && borrow.value === 0n;
  const result = plain ? difference : add(difference, neg(zext(borrow, a.width)));
  const cin = plain ? yes() : not(borrow);
  return {
    result,
    carry: setLater('cf', () => not(carry(a, not(b), cin))),
    others: [setLater('of', () => overflow(a, not(b), cin)), ...resultFlags(result), adjust(a, b, result)],
  };
}

/** The flags of a bitwise operation: CF and OF are cleared, AF is undefined, and processors clear it. */
export function logicFlags(result: Term, state: State): Effect[] {
  return [set('cf', no()), set('of', no()), ...resultFlags(result), undefinedFlag('af', state, no())];
}

/** A flag that the manual leaves undefined. */
export function undefinedFlag(flag: string, state: State, choice?: Term): Effect {
  return set(flag, choice === undefined ? state.undefined(1, flag) : state.undefined(1, flag, choice));
}

export function undefinedFlags(flags: readonly string[], state: State): Effect[] {
  return flags.map((f) => undefinedFlag(f, state));
}

/** Condition codes in canonical spelling, in encoding order, with their other spellings. */
export const CONDITIONS: readonly (readonly [name: string, ...others: string[]])[] = [
  ['o'],
  ['no'],
  ['b', 'c', 'nae'],
  ['ae', 'nb', 'nc'],
  ['e', 'z'],
  ['ne', 'nz'],
  ['be', 'na'],
  ['a', 'nbe'],
  ['s'],
  ['ns'],
  ['p', 'pe'],
  ['np', 'po'],
  ['l', 'nge'],
  ['ge', 'nl'],
  ['le', 'ng'],
  ['g', 'nle'],
];

const positive: Readonly<Record<string, (state: State) => Term>> = {
  o: (s) => s.get('of'),
  b: (s) => s.get('cf'),
  e: (s) => s.get('zf'),
  be: (s) => or(s.get('cf'), s.get('zf')),
  s: (s) => s.get('sf'),
  p: (s) => s.get('pf'),
  l: (s) => xor(s.get('sf'), s.get('of')),
  le: (s) => or(s.get('zf'), xor(s.get('sf'), s.get('of'))),
};

const negated: Readonly<Record<string, string>> = {
  no: 'o',
  ae: 'b',
  ne: 'e',
  a: 'be',
  ns: 's',
  np: 'p',
  ge: 'l',
  g: 'le',
};

/** Whether the condition of that canonical name holds (SDM vol. 1, appendix B). */
export function condition(name: string, state: State): Term {
  const f = positive[name];
  if (f !== undefined) return f(state);
  const opposite = positive[must(negated[name], `no condition ${name}`)];
  return not(must(opposite, `no condition ${name}`)(state));
}
