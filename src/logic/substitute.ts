// SPDX-License-Identifier: MIT

import { InternalError } from '../base/assert.ts';
import { append } from '../base/lists.ts';
import { spendSteps } from '../core/budget.ts';
import { andAll, not, xorAll } from './bitwise.ts';
import { nanResultArm, nanResultX86, or, type Rounding, rotr } from './build.ts';
import { ite } from './choice.ts';
import { eq } from './equal.ts';
import { fpArith, fpCompare, fpConvert, fpFma, fpFromInt, fpRound, fpSqrt, fpToInt, isNaNPattern } from './float.ts';
import { add } from './linear.ts';
import { load, store } from './memory.ts';
import { carry, overflow, slt, ult } from './order.ts';
import { apply } from './pool.ts';
import { mul, sdiv, srem, udiv, urem } from './product.ts';
import { ashr, bitrev, clz, lshr, shl } from './shift.ts';
import { concatAll, extract, sext } from './slice.ts';
import type { Term } from './term.ts';

/** The term with `t`'s operator and other arguments, in normal form. */
export function rebuild(t: Term, args: readonly Term[]): Term {
  const [a, b, c] = args as [Term, Term, Term];
  switch (t.op) {
    case 'const':
    case 'var':
      return t;
    case 'not':
      return not(a);
    case 'and':
      return andAll(args, t.width);
    case 'or':
      return args.reduce(or);
    case 'xor':
      return xorAll(args, t.width);
    case 'add':
      return args.reduce(add);
    case 'mul':
      return args.reduce(mul);
    case 'udiv':
      return udiv(a, b);
    case 'urem':
      return urem(a, b);
    case 'sdiv':
      return sdiv(a, b);
    case 'srem':
      return srem(a, b);
    case 'shl':
      return shl(a, b);
    case 'lshr':
      return lshr(a, b);
    case 'ashr':
      return ashr(a, b);
    case 'rotr':
      return rotr(a, b);
    case 'concat':
      return concatAll(args);
    case 'extract':
      return extract(a, t.lo + t.width - 1, t.lo);
    case 'sext':
      return sext(a, t.width);
    case 'ite':
      return ite(a, b, c);
    case 'eq':
      return eq(a, b);
    case 'ult':
      return ult(a, b);
    case 'slt':
      return slt(a, b);
    case 'carry':
      return carry(a, b, c);
    case 'overflow':
      return overflow(a, b, c);
    case 'clz':
      return clz(a);
    case 'bitrev':
      return bitrev(a);
    case 'load':
      return load(a, b, t.width / 8);
    case 'store':
      return store(a, b, c);
    case 'apply':
      return apply(t.name, t.width, args);
    case 'fp.add':
    case 'fp.sub':
    case 'fp.mul':
    case 'fp.div':
      return fpArith(t.op, a, b);
    case 'fp.sqrt':
      return fpSqrt(a);
    case 'fp.fma':
      return fpFma(a, b, c);
    case 'fp.eq':
    case 'fp.lt':
    case 'fp.le':
      return fpCompare(t.op, a, b);
    case 'fp.round':
      return fpRound(rounding(t.name), a);
    case 'fp.convert':
      return fpConvert(a, t.width);
    case 'fp.fromSigned':
      return fpFromInt(true, a, t.width);
    case 'fp.fromUnsigned':
      return fpFromInt(false, a, t.width);
    case 'fp.toSigned':
      return fpToInt(true, rounding(t.name), a, t.width);
    case 'fp.toUnsigned':
      return fpToInt(false, rounding(t.name), a, t.width);
    case 'fp.isNaN':
      return isNaNPattern(a);
    case 'fp.nanX86':
      return nanResultX86(a, args.slice(1));
    case 'fp.nanArm':
      return nanResultArm(a, args.slice(1));
  }
}

function rounding(name: string): Rounding {
  switch (name) {
    case 'rne':
    case 'rtz':
    case 'rtp':
    case 'rtn':
    case 'rna':
      return name;
    default:
      throw new InternalError(`no rounding mode: ${name}`);
  }
}

/** Replaces terms by others of the same width wherever they occur, and brings the result to normal form. */
export class Substitution {
  private readonly done: Map<Term, Term>;

  constructor(replacements: ReadonlyMap<Term, Term>) {
    this.done = new Map(replacements);
  }

  /** Replaces one more term, which nothing that has been replaced so far is made of. */
  replace(from: Term, to: Term): void {
    this.done.set(from, to);
  }

  applyAll(roots: readonly Term[]): readonly Term[] {
    return roots.map((t) => this.apply(t));
  }

  apply(root: Term): Term {
    const before = this.done.size;
    const stack = [root];
    for (let t = stack[stack.length - 1]; t !== undefined; t = stack[stack.length - 1]) {
      if (this.done.has(t)) {
        stack.pop();
        continue;
      }
      const missing = t.args.filter((a) => !this.done.has(a));
      if (missing.length > 0) {
        append(stack, missing);
        continue;
      }
      stack.pop();
      const args = t.args.map((a) => this.done.get(a) as Term);
      const unchanged = args.every((a, i) => a === t.args[i]);
      this.done.set(t, unchanged ? t : rebuild(t, args));
    }
    spendSteps(this.done.size - before);
    return this.done.get(root) as Term;
  }
}

/** All terms that `roots` are made of, arguments before what uses them. */
export function subterms(roots: readonly Term[]): readonly Term[] {
  const seen = new Set<Term>();
  const order: Term[] = [];
  const stack: (readonly [Term, boolean])[] = roots.map((t) => [t, false] as const).reverse();
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const [t, ready] = top;
    if (ready) {
      order.push(t);
      continue;
    }
    if (seen.has(t)) continue;
    seen.add(t);
    stack.push([t, true]);
    for (let i = t.args.length - 1; i >= 0; i--) {
      const a = t.args[i] as Term;
      if (!seen.has(a)) stack.push([a, false]);
    }
  }
  spendSteps(order.length);
  return order;
}
