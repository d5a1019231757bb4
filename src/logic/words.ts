// SPDX-License-Identifier: MIT
import { trailingZeros } from './bits.ts';
import { neg } from './linear.ts';
import { placeOf } from './memory.ts';
import { arg, bv, isZero, variable } from './pool.ts';
import { concat, extract, low } from './slice.ts';
import { Substitution, subterms } from './substitute.ts';
import type { Term } from './term.ts';

/**
 * Claims made more general by taking out what solvers find hard: what loads read and what products are become variables.
 * What is proved of the result holds of the terms; the converse need not be so.
 */

/** Loads of one memory that overlap, at constant distances from one address. */
interface Word {
  readonly base: Term;
  low: bigint;
  high: bigint;
  readonly loads: Term[];
}

/** Longer words are no numbers that anything computes with. */
const MOST_BYTES = 32n;

/** Replaces loads by variables, of which those of loads that overlap are parts of one. */
export function loadsAsWords(terms: readonly Term[]): Substitution {
  const words: Word[] = [];
  const byMemory = new Map<Term, Map<Term, Term[]>>();
  for (const t of subterms(terms)) {
    if (t.op !== 'load') continue;
    const { base } = placeOf(arg(t, 1));
    const byBase = byMemory.get(arg(t, 0)) ?? new Map<Term, Term[]>();
    byMemory.set(arg(t, 0), byBase);
    byBase.set(base, [...(byBase.get(base) ?? []), t]);
  }
  for (const byBase of byMemory.values()) for (const [base, loads] of byBase) words.push(...wordsOf(base, loads));
  const replacements = new Map<Term, Term>();
  for (const { low, high, loads } of words) {
    const [first] = loads as [Term];
    const word = variable(`word.${first.id}`, 8 * Number(high - low));
    for (const t of loads) {
      const lo = 8 * Number(placeOf(arg(t, 1)).offset - low);
      replacements.set(t, extract(word, lo + t.width - 1, lo));
    }
  }
  return new Substitution(replacements);
}

const end = (t: Term): bigint => placeOf(arg(t, 1)).offset + BigInt(t.width / 8);

function wordsOf(base: Term, loads: readonly Term[]): readonly Word[] {
  const start = (t: Term): bigint => placeOf(arg(t, 1)).offset;
  const sorted = [...loads].sort((a, b) => (start(a) < start(b) ? -1 : start(a) > start(b) ? 1 : a.id - b.id));
  const words: Word[] = [];
  for (const t of sorted) {
    const last = words[words.length - 1];
    const high = end(t);
    if (last !== undefined && start(t) < last.high && (high <= last.high || high - last.low <= MOST_BYTES)) {
      last.loads.push(t);
      if (high > last.high) last.high = high;
    } else words.push({ base, low: start(t), high, loads: [t] });
  }
  return words;
}

/** A product without its sign and the zeros below: the low bits of one are those of any that is wider. */
interface Product {
  /** Tells the factors, each without what cuts or extends it. */
  readonly key: string;
  readonly zeros: number;
  readonly negative: boolean;
}

function productOf(t: Term): Product {
  const last = arg(t, t.args.length - 1);
  const factors = last.op === 'const' ? t.args.slice(0, -1) : t.args;
  const cores = factors.map((f) => coreOf(f).id).sort((a, b) => a - b);
  if (last.op !== 'const') return { key: cores.join('*'), zeros: 0, negative: false };
  const signed = BigInt.asIntN(t.width, last.value);
  const size = signed < 0n ? -signed : signed;
  const zeros = trailingZeros(size);
  return { key: `${cores.join('*')}*${size >> BigInt(zeros)}`, zeros, negative: signed < 0n };
}

/** Whether only zeros and a sign are multiplied with, which solvers do not find hard. */
export function isShift(t: Term): boolean {
  const last = arg(t, t.args.length - 1);
  if (last.op !== 'const' || t.args.length > 2) return false;
  const signed = BigInt.asIntN(t.width, last.value);
  const size = signed < 0n ? -signed : signed;
  return size === 1n << BigInt(trailingZeros(size));
}

/** What a factor is the low bits of, or is with zeros above. */
function coreOf(t: Term): Term {
  if (t.op === 'extract' && t.lo === 0) return arg(t, 0);
  return t.op === 'concat' && t.args.length === 2 && isZero(arg(t, 0)) ? arg(t, 1) : t;
}

/** Replaces products by variables, of which those of the same factors in other widths are parts of one. */
export function productsAsWords(terms: readonly Term[]): Substitution | undefined {
  const products = subterms(terms).filter((t) => t.op === 'mul' && !isShift(t));
  if (products.length === 0) return undefined;
  const widths = new Map<string, { readonly id: number; width: number }>();
  for (const t of products) {
    const { key, zeros } = productOf(t);
    const known = widths.get(key);
    if (known === undefined) widths.set(key, { id: t.id, width: t.width - zeros });
    else known.width = Math.max(known.width, t.width - zeros);
  }
  const replacements = new Map<Term, Term>();
  for (const t of products) {
    const { key, zeros, negative } = productOf(t);
    const { id, width } = widths.get(key) as { id: number; width: number };
    const bits = low(variable(`product.${id}`, width), t.width - zeros);
    const whole = zeros === 0 ? bits : concat(bits, bv(zeros, 0));
    replacements.set(t, negative ? neg(whole) : whole);
  }
  return new Substitution(replacements);
}
