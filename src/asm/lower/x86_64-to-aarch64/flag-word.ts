// SPDX-License-Identifier: MIT
import { Refusal } from '../from-x86_64/context.ts';
import { ADJUSTED, CLEARS_AUXILIARY, FIXED } from '../from-x86_64/flag-word.ts';
import { FLAG_PLACES, type FlagName } from '../from-x86_64/flags.ts';
import type { Parts } from '../from-x86_64/rule.ts';
import type { Context } from './context.ts';
import { r, w, x } from './registers.ts';
import { read } from './values.ts';

/** Flags taken together as x86 has them, and the auxiliary carry, which nobody else looks at. */

/** These flags in a temporary, each at its place in x86's register of flags, above what is always there. */
export function flagWord(c: Context, flags: readonly FlagName[], fixed = FIXED): number {
  const word = c.constant(fixed, 64);
  for (const flag of flags) {
    const place = c.places.get(flag);
    if (place === undefined) throw new Refusal('V0223', `the ${flag} flag is not available here`);
    if (place.kind === 'constant' && place.value === 0) continue;
    c.scoped(() => c.op('bfi', x(word), x(c.flagValue(place)), `#${FLAG_PLACES[flag]}`, '#1'));
  }
  return word;
}

/** The bit of a flag in a register of flags becomes the flag. */
export function takeFlag(c: Context, flag: FlagName, word: number, at = FLAG_PLACES[flag]): void {
  c.scoped(() => {
    const t = c.temp();
    c.op('ubfx', x(t), x(word), `#${at}`, '#1');
    c.setWordBit(flag, t);
  });
}

/** The carry out of bit 3: bit 4 of the sum differs from the operands'. Changes no condition code. */
export function adjust(c: Context, i: Parts): boolean {
  if (CLEARS_AUXILIARY.has(i.mnemonic)) {
    c.places.set('af', { kind: 'constant', value: 0 });
    return true;
  }
  const how = ADJUSTED[i.mnemonic];
  const carry = c.places.get('cf');
  if (how === undefined || (how.carries && carry === undefined)) return false;
  c.scoped(() => {
    const wide = i.width === 64 ? 64 : 32;
    const first = read(c, i.ops[0], i.width, 'any', wide);
    const second = i.ops.length > 1 ? read(c, i.ops[1], i.width, 'any', wide) : undefined;
    const [t, u] = [c.temp(), c.temp()];
    const negates = i.mnemonic === 'neg';
    const b = second ?? (negates ? first : c.constant(1, 32));
    c.op(how.op, r(u, wide), negates ? r(31, wide) : r(first, wide), r(b, wide));
    if (how.carries && carry !== undefined) c.op(how.op, r(u, wide), r(u, wide), r(c.flagValue(carry), wide));
    if (!negates) c.op('eor', w(u), w(u), w(first));
    c.op('eor', w(t), w(u), w(b));
    c.op('ubfx', x(t), x(t), '#4', '#1');
    c.setWordBit('af', t);
  });
  return true;
}
