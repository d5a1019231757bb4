// SPDX-License-Identifier: MIT
import { and, andAll, not, or, xor } from './bitwise.ts';
import { ite } from './choice.ts';
import { add, balanced, isLinear } from './linear.ts';
import { arg, bv, isOnes, isZero, no, node, same, yes } from './pool.ts';
import { mul } from './product.ts';
import { bitrev } from './shift.ts';
import { concatAll, extract, low, signedBits } from './slice.ts';
import type { Term } from './term.ts';

/**
 * Equality. Sums are brought to one side and divided by what their coefficients share; concats are compared part by
 * part; a constant stands on the right, and else the term with the lower id on the left.
 */

export function eq(a: Term, b: Term): Term {
  same(a, b);
  if (a === b) return yes();
  if (a.op === 'const') {
    if (b.op === 'const') return no();
    return eq(b, a);
  }
  if (a.width === 1) return not(xor(a, b));
  if (a.width === 0) return ordered(a, b);
  if (isLinear(a) || isLinear(b)) {
    const sides = balanced(a, b);
    if (typeof sides === 'boolean') return sides ? yes() : no();
    const [x, y] = sides;
    if (x.width !== a.width) return eq(x, y);
    return eqWithChoice(x, y) ?? eqAtoms(x, y);
  }
  return eqAtoms(a, b);
}

export function ne(a: Term, b: Term): Term {
  return not(eq(a, b));
}

/** Comparisons look into a choice between a number and something else, as orders do. */
function eqWithChoice(a: Term, b: Term): Term | undefined {
  if (a.op !== 'add' || a.args.length > 5) return undefined;
  const choices = a.args.filter((t) => t.op === 'ite' || (t.op === 'mul' && arg(t, 0).op === 'ite'));
  const [choice] = choices;
  if (choice === undefined || choices.length > 1) return undefined;
  const t = choice.op === 'ite' ? choice : arg(choice, 0);
  if (arg(t, 1).op !== 'const' && arg(t, 2).op !== 'const') return undefined;
  const by = (arm: Term): Term => (choice.op === 'ite' ? arm : mul(arm, arg(choice, 1)));
  const rest = a.args.filter((u) => u !== choice).reduce(add, bv(a.width, 0));
  return ite(arg(t, 0), eq(add(rest, by(arg(t, 1))), b), eq(add(rest, by(arg(t, 2))), b));
}

function ordered(a: Term, b: Term): Term {
  if (b.op === 'const' || (a.op !== 'const' && a.id < b.id)) return node('eq', 1, [a, b]);
  return node('eq', 1, [b, a]);
}

function eqAtoms(a: Term, b: Term): Term {
  if (a === b) return yes();
  if (a.width === 1) return not(xor(a, b));
  if (a.op === 'const') {
    if (b.op === 'const') return no();
    return eqAtoms(b, a);
  }
  if (a.op === 'sext' && b.op === 'sext') return not(xor(arg(a, 0), arg(b, 0)));
  if (a.op === 'concat' || b.op === 'concat') return eqConcat(a, b);
  if (b.op === 'const') return eqConstant(a, b);
  if (a.op === 'ite' && b.op === 'ite' && arg(a, 0) === arg(b, 0)) {
    return ite(arg(a, 0), eq(arg(a, 1), arg(b, 1)), eq(arg(a, 2), arg(b, 2)));
  }
  if (a.op === 'ite') {
    const chosen = eqChoice(a, b);
    if (chosen !== undefined) return chosen;
  }
  if (b.op === 'ite') {
    const chosen = eqChoice(b, a);
    if (chosen !== undefined) return chosen;
  }
  if (a.op === 'rotr' && b.op === 'rotr' && arg(a, 1) === arg(b, 1)) return eq(arg(a, 0), arg(b, 0));
  if (a.op === 'bitrev' && b.op === 'bitrev') return eq(arg(a, 0), arg(b, 0));
  if (a.op === 'xor' && b.op === 'xor' && a.args.some((t) => b.args.includes(t))) {
    return eq(xor(a, b), bv(a.width, 0));
  }
  return ordered(a, b);
}

/** Sign extensions are compared by what they extend; anything else part by part. */
function eqConcat(a: Term, b: Term): Term {
  const size = Math.max(signedBits(a), signedBits(b));
  if (size < a.width) return eq(low(a, size), low(b, size));
  const whole = b.op === 'const' ? withoutComplements(a, b) : undefined;
  if (whole !== undefined) return whole;
  const cuts = new Set<number>();
  for (const t of [a, b]) {
    if (t.op !== 'concat') continue;
    let at = t.width;
    for (const p of t.args) {
      at -= p.width;
      cuts.add(at);
    }
  }
  const equalities: Term[] = [];
  let hi = a.width - 1;
  for (const lo of [...cuts].sort((x, y) => y - x)) {
    const e = eq(extract(a, hi, lo), extract(b, hi, lo));
    if (isZero(e)) return e;
    equalities.push(e);
    hi = lo - 1;
  }
  return andAll(equalities, 1);
}

/** Of a term of which some bits were inverted: the term itself is compared with a constant that has them inverted. */
function withoutComplements(a: Term, k: Term): Term | undefined {
  if (!a.args.some((p) => p.op === 'not')) return undefined;
  const plain = concatAll(a.args.map((p) => (p.op === 'not' ? arg(p, 0) : p)));
  if (plain.op === 'concat' && plain.args.length >= a.args.length) return undefined;
  const inverted = concatAll(a.args.map((p) => bv(p.width, p.op === 'not' ? -1 : 0)));
  return eq(plain, xor(k, inverted));
}

function eqConstant(a: Term, k: Term): Term {
  switch (a.op) {
    case 'sext':
      if (isZero(k)) return not(arg(a, 0));
      return isOnes(k) ? arg(a, 0) : no();
    case 'ite':
      return eqChoice(a, k) ?? ordered(a, k);
    case 'bitrev':
      return eq(arg(a, 0), bitrev(k));
    case 'xor': {
      const last = arg(a, a.args.length - 1);
      if (last.op === 'const') return eq(xor(a, last), xor(k, last));
      if (a.args.length === 2 && isZero(k)) return eq(arg(a, 0), arg(a, 1));
      if (a.args.length === 2 && isOnes(k)) return eq(arg(a, 0), not(arg(a, 1)));
      break;
    }
    case 'and':
      if (isOnes(k)) {
        return andAll(
          a.args.map((t) => eq(t, k)),
          1,
        );
      }
      break;
  }
  return ordered(a, k);
}

/** Compares a choice with one of its arms, or looks into it where an arm is a constant. */
function eqChoice(a: Term, b: Term): Term | undefined {
  const [c, x, y] = [arg(a, 0), arg(a, 1), arg(a, 2)];
  if (x === b) return or(c, eq(y, b));
  if (y === b) return or(not(c), eq(x, b));
  if (b.op !== 'const') {
    // Orders look into such choices, too.
    return x.op === 'const' || y.op === 'const' ? ite(c, eq(x, b), eq(y, b)) : undefined;
  }
  if (x.op === 'const') return and(not(c), eq(y, b));
  if (y.op === 'const') return and(c, eq(x, b));
  return undefined;
}
