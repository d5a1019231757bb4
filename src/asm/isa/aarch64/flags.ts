// SPDX-License-Identifier: MIT
import { add, and, bv, carry, eq, msb, not, or, overflow, xor, yes, zext } from '../../../logic/build.ts';
import type { Term } from '../../../logic/term.ts';
import { type Effect, type State, set } from '../effect.ts';

/** The condition flags N, Z, C, V (locations `n z c v`, one bit each) and the conditions over them. */

/** In the order of their encodings: an odd one is the inverse of the one before. `nv` holds always, as `al` does. */
export const conditions = [
  'eq',
  'ne',
  'cs',
  'cc',
  'mi',
  'pl',
  'vs',
  'vc',
  'hi',
  'ls',
  'ge',
  'lt',
  'gt',
  'le',
  'al',
  'nv',
] as const;

export type Condition = (typeof conditions)[number];

const spellings = new Map<string, Condition>([
  ...conditions.map((c) => [c, c] as const),
  ['hs', 'cs'],
  ['lo', 'cc'],
  // The names that SVE gives the same encodings; GNU as takes them everywhere.
  ['none', 'eq'],
  ['any', 'ne'],
  ['nlast', 'cs'],
  ['last', 'cc'],
  ['first', 'mi'],
  ['nfrst', 'pl'],
  ['pmore', 'hi'],
  ['plast', 'ls'],
  ['tcont', 'ge'],
  ['tstop', 'lt'],
]);

/** The canonical name of a condition in any spelling (`hs` is `cs`), in lower case. */
export function conditionNamed(word: string): Condition | undefined {
  return spellings.get(word);
}

/** One bit: whether the condition holds (Arm ARM C1.2.4). */
export function holds(c: Condition, state: State): Term {
  const n = (): Term => state.get('n');
  const z = (): Term => state.get('z');
  const cf = (): Term => state.get('c');
  const v = (): Term => state.get('v');
  switch (c) {
    case 'eq':
      return z();
    case 'ne':
      return not(z());
    case 'cs':
      return cf();
    case 'cc':
      return not(cf());
    case 'mi':
      return n();
    case 'pl':
      return not(n());
    case 'vs':
      return v();
    case 'vc':
      return not(v());
    case 'hi':
      return and(cf(), not(z()));
    case 'ls':
      return or(not(cf()), z());
    case 'ge':
      return not(xor(n(), v()));
    case 'lt':
      return xor(n(), v());
    case 'gt':
      return and(not(z()), not(xor(n(), v())));
    case 'le':
      return or(z(), xor(n(), v()));
    case 'al':
    case 'nv':
      return yes();
  }
}

export interface Nzcv {
  readonly n: Term;
  readonly z: Term;
  readonly c: Term;
  readonly v: Term;
}

export function setFlags(flags: Nzcv): Effect[] {
  return [set('n', flags.n), set('z', flags.z), set('c', flags.c), set('v', flags.v)];
}

/** The flags of `a + b + cin`; a subtraction is `a + not(b) + 1`. `result` is that sum, however it was built. */
export function sumFlags(a: Term, b: Term, cin: Term, result: Term): Nzcv {
  return { n: msb(result), z: eq(result, bv(result.width, 0)), c: carry(a, b, cin), v: overflow(a, b, cin) };
}

/** The flags that the logical instructions leave. */
export function logicFlags(result: Term): Nzcv {
  return { n: msb(result), z: eq(result, bv(result.width, 0)), c: bv(1, 0), v: bv(1, 0) };
}

/** `a + b + cin` with a one-bit carry in. */
export function addCarry(a: Term, b: Term, cin: Term): Term {
  return add(add(a, b), zext(cin, a.width));
}
