// SPDX-License-Identifier: MIT
import type { FlagPlace } from '../../abi/relation.ts';
import { type FlagPlaces, negated } from '../from-x86_64/flags.ts';

const at = (flag: string, inverted = false): FlagPlace => ({ kind: 'flag', flag, inverted });
const constant = (value: 0 | 1): FlagPlace => ({ kind: 'constant', value });

/** After `subs`/`cmp`: Arm's carry is the inverse of x86's borrow. */
export const afterSubtract = (): FlagPlaces =>
  new Map([
    ['cf', at('c', true)],
    ['zf', at('z')],
    ['sf', at('n')],
    ['of', at('v')],
  ]);

/** After `adds`/`cmn`/`adcs`. */
export const afterAdd = (): FlagPlaces =>
  new Map([
    ['cf', at('c')],
    ['zf', at('z')],
    ['sf', at('n')],
    ['of', at('v')],
  ]);

/** After `ands`/`tst`, or a comparison of a result with zero: no carry, and V is 0 as x86's OF is. */
export const afterLogic = (): FlagPlaces =>
  new Map([
    ['cf', constant(0)],
    ['zf', at('z')],
    ['sf', at('n')],
    ['of', at('v')],
  ]);

/** After `fcmp`: unordered is Z=0 C=1 V=1, less is N=1, equal is Z=1 C=1, greater is C=1. */
export const afterFloatCompare = (): FlagPlaces =>
  new Map<string, FlagPlace>([
    ['zf', { kind: 'pair', op: 'or', flags: ['z', 'v'] }],
    ['cf', { kind: 'pair', op: 'xor', flags: ['n', 'v'] }],
    ['pf', at('v')],
    ['sf', constant(0)],
    ['of', constant(0)],
  ]);

/** What x86's flags are after a register is cleared with `xor r, r`. */
export const afterZero = (): FlagPlaces =>
  new Map<string, FlagPlace>([
    ['cf', constant(0)],
    ['zf', constant(1)],
    ['sf', constant(0)],
    ['of', constant(0)],
    ['pf', constant(1)],
  ]);

/** Whether the flag is lost when NZCV changes. */
export function inNzcv(place: FlagPlace): boolean {
  return place.kind === 'flag' || place.kind === 'pair';
}

/** A one-bit question, as AArch64 can ask it. */
export type Condition =
  /** The condition codes hold all at once (`all`) or at least one does (`any`); usually there is one. */
  | { readonly kind: 'all' | 'any'; readonly codes: readonly string[] }
  | { readonly kind: 'constant'; readonly value: boolean }
  /** Must be computed from single flags into a register. */
  | { readonly kind: 'computed' };

const inverses: Readonly<Record<string, string>> = {
  eq: 'ne',
  ne: 'eq',
  hs: 'lo',
  lo: 'hs',
  mi: 'pl',
  pl: 'mi',
  vs: 'vc',
  vc: 'vs',
  hi: 'ls',
  ls: 'hi',
  ge: 'lt',
  lt: 'ge',
  gt: 'le',
  le: 'gt',
};

export function invertCode(code: string): string {
  return inverses[code] ?? code;
}

export function invert(c: Condition): Condition {
  switch (c.kind) {
    case 'constant':
      return { kind: 'constant', value: !c.value };
    case 'all':
      return { kind: 'any', codes: c.codes.map(invertCode) };
    case 'any':
      return { kind: 'all', codes: c.codes.map(invertCode) };
    case 'computed':
      return c;
  }
}

/** The code that asks for one NZCV flag to be set. */
const setCode: Readonly<Record<string, string>> = { n: 'mi', z: 'eq', c: 'hs', v: 'vs' };

/** The question "is this flag set", where it is one. */
export function flagCondition(place: FlagPlace): Condition {
  switch (place.kind) {
    case 'constant':
      return { kind: 'constant', value: place.value === 1 };
    case 'bit':
    case 'difference':
    case 'comparison':
      return { kind: 'computed' };
    case 'flag': {
      const code = setCode[place.flag] ?? 'al';
      return { kind: 'any', codes: [place.inverted ? invertCode(code) : code] };
    }
    case 'pair':
      if (place.op === 'or') return { kind: 'any', codes: place.flags.map((f) => setCode[f] ?? 'al') };
      return { kind: 'any', codes: ['lt'] };
  }
}

const isFlag = (p: FlagPlace | undefined, flag: string, inverted: boolean): boolean =>
  p?.kind === 'flag' && p.flag === flag && p.inverted === inverted;
const isPair = (p: FlagPlace | undefined, op: string): boolean => p?.kind === 'pair' && p.op === op;
const isZero = (p: FlagPlace | undefined): boolean => p?.kind === 'constant' && p.value === 0;

/**
 * The AArch64 question that answers x86's condition `cc` where the flags are at `places`. With `compared` they are known
 * to come from a float comparison; a relation between blocks does not say that of flags.
 */
export function conditionOf(cc: string, places: FlagPlaces, compared = false): Condition {
  const positive = negated[cc];
  if (positive !== undefined) return invert(conditionOf(positive, places, compared));
  const { cf, zf, sf, of, pf } = Object.fromEntries(places) as Record<string, FlagPlace | undefined>;
  const one = (code: string): Condition => ({ kind: 'any', codes: [code] });
  switch (cc) {
    case 'o':
      return of === undefined ? { kind: 'computed' } : flagCondition(of);
    case 'b':
      return cf === undefined ? { kind: 'computed' } : flagCondition(cf);
    case 'e':
      return zf === undefined ? { kind: 'computed' } : flagCondition(zf);
    case 's':
      return sf === undefined ? { kind: 'computed' } : flagCondition(sf);
    case 'p':
      return pf === undefined ? { kind: 'computed' } : flagCondition(pf);
    case 'be':
      if (isFlag(cf, 'c', true) && isFlag(zf, 'z', false)) return one('ls');
      if (isPair(cf, 'xor') && (isFlag(zf, 'z', false) || (isPair(zf, 'or') && compared))) return one('le');
      if (isPair(cf, 'xor') && isPair(zf, 'or')) return { kind: 'any', codes: ['le', 'vs'] };
      if (cf !== undefined && zf !== undefined) return either(flagCondition(cf), flagCondition(zf));
      return { kind: 'computed' };
    case 'l':
      if (isFlag(sf, 'n', false) && isFlag(of, 'v', false)) return one('lt');
      if (isZero(of) && sf !== undefined) return flagCondition(sf);
      if (isZero(sf) && of !== undefined) return flagCondition(of);
      return { kind: 'computed' };
    case 'le':
      if (isFlag(sf, 'n', false) && isFlag(of, 'v', false) && isFlag(zf, 'z', false)) return one('le');
      if (zf === undefined) return { kind: 'computed' };
      return either(flagCondition(zf), conditionOf('l', places));
    default:
      return { kind: 'computed' };
  }
}

/** The inclusive or of two questions. */
function either(a: Condition, b: Condition): Condition {
  if (a.kind === 'constant') return a.value ? a : b;
  if (b.kind === 'constant') return b.value ? b : a;
  if (a.kind === 'computed' || b.kind === 'computed') return { kind: 'computed' };
  if ((a.kind === 'all' && a.codes.length > 1) || (b.kind === 'all' && b.codes.length > 1)) return { kind: 'computed' };
  return { kind: 'any', codes: [...new Set([...a.codes, ...b.codes])] };
}
