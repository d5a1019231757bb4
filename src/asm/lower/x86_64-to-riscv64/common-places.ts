// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import type { LiveParts } from '../from-x86_64/facts.ts';
import { flagValue } from './conditions.ts';
import type { Context } from './context.ts';
import { FLAG_BITS, FLAG_WORD, loc } from './registers.ts';

/** Flags as bits of the flag word: where blocks do not agree on better places, and where registers are short. */

export const commonPlace = (flag: string) =>
  ({ kind: 'bit', loc: loc(FLAG_WORD), bit: must(FLAG_BITS[flag], 'flag bit') }) as const;

/** The flag's bit of the flag word becomes what the flag is. */
export function moveToCommonPlace(c: Context, flag: keyof typeof FLAG_BITS): void {
  const place = must(c.places.get(flag), `flag ${flag} is lost`);
  if (place.kind === 'bit' && place.loc === loc(FLAG_WORD) && place.bit === FLAG_BITS[flag]) return;
  c.scoped(() => {
    // What it takes to find out is free again before the flag goes into the word.
    const value = place.kind === 'bit' ? flagValue(c, place) : c.temp();
    if (place.kind !== 'bit') c.scoped(() => flagValue(c, place, value));
    c.setWordBit(flag as 'cf', value);
  });
}

/**
 * All flags that are read from here on go into the flag word. Parity, which takes most registers to find out, comes first.
 */
export function gatherFlags(c: Context, live: LiveParts): void {
  c.keepFlags(live);
  const flags = [...c.places].filter(([, place]) => place.kind !== 'constant').map(([flag]) => flag);
  for (const flag of flags.sort((a, b) => Number(b === 'pf') - Number(a === 'pf'))) {
    moveToCommonPlace(c, flag);
    c.keepTemporaries();
  }
}
