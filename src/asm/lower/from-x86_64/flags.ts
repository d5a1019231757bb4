// SPDX-License-Identifier: MIT
import type { FlagPlace } from '../../abi/relation.ts';

/** Where each x86 flag is while a block is lowered; a flag that is absent is lost (nobody reads it). */
export type FlagPlaces = Map<string, FlagPlace>;

export type FlagName = StatusName | 'af';
/** Those that conditions ask for. */
export type StatusName = 'cf' | 'pf' | 'zf' | 'sf' | 'of';

export const STATUS: readonly StatusName[] = ['cf', 'pf', 'zf', 'sf', 'of'];
/** The auxiliary carry is seen only where all flags are taken together. */
export const FLAGS: readonly FlagName[] = [...STATUS, 'af'];

/** Where they stand in the register of flags, and in ah, as far as that goes. */
export const FLAG_PLACES: Readonly<Record<FlagName, number>> = { cf: 0, pf: 2, af: 4, zf: 6, sf: 7, of: 11 };

export function samePlace(a: FlagPlace | undefined, b: FlagPlace | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  switch (a.kind) {
    case 'flag':
      return b.kind === a.kind && a.flag === b.flag && a.inverted === b.inverted;
    case 'bit':
      return b.kind === a.kind && a.loc === b.loc && a.bit === b.bit;
    case 'constant':
      return b.kind === a.kind && a.value === b.value;
    case 'pair':
      return b.kind === a.kind && a.op === b.op && a.flags.every((flag, k) => flag === b.flags[k]);
    case 'difference':
    case 'comparison':
      return b.kind === a.kind && a.of === b.of && a.left === b.left && a.right === b.right && a.width === b.width;
  }
}

/** Whether the same flags are in the same places. */
export function samePlaces(a: FlagPlaces, b: FlagPlaces): boolean {
  if (a.size !== b.size) return false;
  for (const [flag, place] of a) if (!samePlace(place, b.get(flag))) return false;
  return true;
}

/** Which flags an x86 condition reads. */
export const conditionFlags: Readonly<Record<string, readonly FlagName[]>> = {
  o: ['of'],
  no: ['of'],
  b: ['cf'],
  ae: ['cf'],
  e: ['zf'],
  ne: ['zf'],
  be: ['cf', 'zf'],
  a: ['cf', 'zf'],
  s: ['sf'],
  ns: ['sf'],
  p: ['pf'],
  np: ['pf'],
  l: ['sf', 'of'],
  ge: ['sf', 'of'],
  le: ['zf', 'sf', 'of'],
  g: ['zf', 'sf', 'of'],
};

export const CONDITIONS: readonly string[] = Object.keys(conditionFlags);

/** The opposite of a condition. */
export const negated: Readonly<Record<string, string>> = {
  no: 'o',
  ae: 'b',
  ne: 'e',
  a: 'be',
  ns: 's',
  np: 'p',
  ge: 'l',
  g: 'le',
};
