// SPDX-License-Identifier: MIT
import type { FlagPlace } from '../../abi/relation.ts';

/** Where each x86 flag is while a block is lowered; a flag that is absent is lost (nobody reads it). */
export type FlagPlaces = Map<string, FlagPlace>;

export type FlagName = 'cf' | 'pf' | 'zf' | 'sf' | 'of';

export const FLAGS: readonly FlagName[] = ['cf', 'pf', 'zf', 'sf', 'of'];

export function samePlace(a: FlagPlace | undefined, b: FlagPlace | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
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
