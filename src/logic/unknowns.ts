// SPDX-License-Identifier: MIT
import { add, sub, sumOf } from './linear.ts';
import { mask, variable } from './pool.ts';
import { Substitution, subterms } from './substitute.ts';
import type { Term } from './term.ts';

/** Larger claims are left as they are, since each change is tried out. */
const MOST_TERMS = 120;
const MOST_CHANGES = 12;

/**
 * Writes a claim in other unknowns: where a sum has a variable in it once, the sum may as well be the unknown and the
 * variable what is left of it without the others. The claim holds for all values just when what comes out does. Sums are
 * chosen so that fewer summands are left: a carry is then asked about as that of two numbers.
 */
export function inFewerSummands(terms: readonly Term[]): readonly Term[] {
  let best = terms;
  let size = sizeOf(best);
  if (subterms(terms).length > MOST_TERMS) return terms;
  for (let n = 0; n < MOST_CHANGES; n++) {
    const before = size;
    for (const s of subterms(best)) {
      if (s.op !== 'add') continue;
      const changed = changes(s)
        .map((c) => c.applyAll(best))
        .find((t) => sizeOf(t) < size);
      if (changed === undefined) continue;
      best = changed;
      size = sizeOf(changed);
      break;
    }
    if (size === before) break;
  }
  return best;
}

const sizeOf = (terms: readonly Term[]): number => subterms(terms).reduce((n, t) => n + t.args.length, 0);

/** The ways to make a sum a new unknown instead of one of its own. */
function changes(whole: Term): readonly Substitution[] {
  const { terms, coefficients, width } = sumOf(whole);
  const ways: Substitution[] = [];
  for (const [i, x] of terms.entries()) {
    const c = coefficients[i];
    if (x.op !== 'var' || (c !== 1n && c !== mask(width))) continue;
    const unknown = variable(`sum.${whole.id}`, width);
    const rest = c === 1n ? sub(whole, x) : add(whole, x);
    if (subterms([rest]).includes(x)) continue;
    ways.push(new Substitution(new Map([[x, c === 1n ? sub(unknown, rest) : sub(rest, unknown)]])));
  }
  return ways;
}
