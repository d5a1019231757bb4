// SPDX-License-Identifier: MIT
import { type Claims, NO_CLAIMS } from '../from-x86_64/context.ts';
import { GENERAL, VECTORS } from '../from-x86_64/relate-homes.ts';

const known = new Map<number, Claims>();
const MOST_KNOWN = 50_000;

/**
 * The claims that these vector registers hold floats in their boxes, those exact doubles, and these general registers
 * sign-extended halves: sets by their places in `VECTORS` and `GENERAL`. The same ones are the same object, since there
 * are few, and many ways on to blocks.
 */
export function claimsOf(boxed: number, exact: number, extended: number): Claims {
  if ((boxed | exact | extended) === 0) return NO_CLAIMS;
  const key = (boxed * 2 ** 16 + exact) * 2 ** 15 + extended;
  let claims = known.get(key);
  if (claims === undefined) {
    const made = new Map<string, string>();
    for (const [k, source] of VECTORS.entries()) {
      if ((boxed & (1 << k)) !== 0) made.set(source, 'boxed');
      if ((exact & (1 << k)) !== 0) made.set(source, 'exact');
    }
    for (const [k, source] of GENERAL.entries()) if ((extended & (1 << k)) !== 0) made.set(source, 'sign');
    claims = made;
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, claims);
  }
  return claims;
}
