// SPDX-License-Identifier: MIT
import { Refusal } from '../from-x86_64/context.ts';
import { ADJUSTED, CLEARS_AUXILIARY, FIXED } from '../from-x86_64/flag-word.ts';
import { FLAG_PLACES, type FlagName } from '../from-x86_64/flags.ts';
import type { Parts } from '../from-x86_64/rule.ts';
import { flagValue } from './conditions.ts';
import type { Context } from './context.ts';
import { x, ZERO } from './registers.ts';
import { read } from './values.ts';

/** Flags taken together as x86 has them, and the auxiliary carry, which nobody else looks at. */

/**
 * These flags in a temporary, each at its place in x86's register of flags, above what is always there. Parity, which takes
 * most registers to find out, comes first, while more are free.
 */
export function flagWord(c: Context, flags: readonly FlagName[], fixed = FIXED): number {
  const word = c.temp();
  let begun = false;
  for (const flag of [...flags].sort((a, b) => Number(b === 'pf') - Number(a === 'pf'))) {
    const place = c.places.get(flag);
    if (place === undefined) throw new Refusal('V0223', `the ${flag} flag is not available here`);
    if (place.kind === 'constant' && place.value === 0) continue;
    c.scoped(() => {
      const t = begun ? c.temp() : word;
      c.op('slli', x(t), x(flagValue(c, place, t)), FLAG_PLACES[flag]);
      if (begun) c.op('or', x(word), x(word), x(t));
    });
    begun = true;
  }
  if (begun) c.op('ori', x(word), x(word), fixed.toString());
  else c.constant(fixed, word);
  c.note(word, undefined);
  return word;
}

/** The bit of a flag in a register of flags becomes the flag. */
export function takeFlag(c: Context, flag: FlagName, word: number, at = FLAG_PLACES[flag]): void {
  c.scoped(() => {
    const t = c.temp();
    c.op('srli', x(t), x(word), at);
    c.op('andi', x(t), x(t), 1);
    c.note(t, { bits: 1, signed: false });
    c.setWordBit(flag, t);
  });
}

/** The carry out of bit 3: bit 4 of the sum differs from the operands'. */
export function adjust(c: Context, i: Parts): boolean {
  if (CLEARS_AUXILIARY.has(i.mnemonic)) {
    c.places.set('af', { kind: 'constant', value: 0 });
    return true;
  }
  const how = ADJUSTED[i.mnemonic];
  const carry = c.places.get('cf');
  if (how === undefined || (how.carries && carry === undefined)) return false;
  c.scoped(() => {
    const first = read(c, i.ops[0], i.width, 'any');
    const negates = i.mnemonic === 'neg';
    const b = i.ops.length > 1 ? read(c, i.ops[1], i.width, 'any') : negates ? first : c.constant(1);
    const t = c.temp();
    c.op(how.op, x(t), x(negates ? ZERO : first), x(b));
    if (how.carries && carry !== undefined) c.scoped(() => c.op(how.op, x(t), x(t), x(flagValue(c, carry))));
    if (!negates) c.op('xor', x(t), x(t), x(first));
    c.op('xor', x(t), x(t), x(b));
    c.op('srli', x(t), x(t), 4);
    c.op('andi', x(t), x(t), 1);
    c.note(t, { bits: 1, signed: false });
    c.setWordBit('af', t);
  });
  return true;
}
