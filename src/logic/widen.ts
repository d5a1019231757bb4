// SPDX-License-Identifier: MIT
import { and, not, xor } from './bitwise.ts';
import { ite } from './choice.ts';
import { emit, emptySum, finish, gather } from './linear.ts';
import { arg, bv, isConst, onReset } from './pool.ts';
import { mul } from './product.ts';
import { shl } from './shift.ts';
import { concatAll, extract, repeat, zext } from './slice.ts';
import type { Term } from './term.ts';

let memo = new Map<number, Term>();
onReset(() => {
  memo = new Map();
});

/**
 * Some term of `width` bits whose low bits are `t`, and preferably the one that `t` was cut from. Used where the high
 * bits do not matter, so that 8*x has one form however it was written.
 */
export function widen(t: Term, width: number): Term {
  if (t.width >= width) return t;
  if (t.op === 'const') return bv(width, BigInt.asIntN(t.width, t.value));
  if (t.op === 'var') return zext(t, width);
  const key = t.id * 512 + width;
  let wide = memo.get(key);
  if (wide === undefined) {
    wide = extended(t, width);
    memo.set(key, wide);
  }
  return wide;
}

function extended(t: Term, width: number): Term {
  switch (t.op) {
    case 'extract': {
      const whole = arg(t, 0);
      const size = Math.min(whole.width - t.lo, width);
      // A sum or product has been cut to the bits that were looked at; the wider one has the same low bits.
      if (size < width && (whole.op === 'mul' || whole.op === 'add' || whole.op === 'shl')) {
        return extract(widen(whole, t.lo + width), t.lo + width - 1, t.lo);
      }
      return zext(extract(whole, t.lo + size - 1, t.lo), width);
    }
    case 'sext':
      return repeat(arg(t, 0), width);
    case 'concat': {
      const [top, ...rest] = t.args as [Term, ...Term[]];
      return concatAll([widen(top, width - t.width + top.width), ...rest]);
    }
    case 'not':
      return not(widen(arg(t, 0), width));
    case 'and':
      return t.args.map((a) => widen(a, width)).reduce(and);
    case 'xor':
      return t.args.map((a) => widen(a, width)).reduce(xor);
    case 'ite':
      return ite(arg(t, 0), widen(arg(t, 1), width), widen(arg(t, 2), width));
    case 'add': {
      const s = emptySum(width);
      for (const a of t.args) gather(s, widen(a, width), 1n, 0);
      finish(s);
      return emit(s);
    }
    case 'mul':
      return t.args.map((a) => widen(a, width)).reduce(mul);
    case 'shl':
      if (t.args.every((a) => !isConst(a))) return shl(widen(arg(t, 0), width), zext(arg(t, 1), width));
      break;
  }
  return zext(t, width);
}
