// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { mask } from '../../../logic/pool.ts';
import type { Term } from '../../../logic/term.ts';
import { I64, OP } from '../wasm/code.ts';
import { hostWords, hostWordsOf } from './emit-host.ts';
import type { Emitter } from './emitter.ts';
import { argOf } from './shapes.ts';

/** Terms of more than 64 bits as rows of words, and bits out of any term. */

/** Pushes `count` bits (at most 64) of a term from bit `lo` on, as an i64 with zeros above. */
export function emitBits(e: Emitter, t: Term, lo: number, count: number): void {
  const { code } = e;
  const number = t.op === 'const' ? t.value : e.numberOf(t);
  if (number !== undefined) {
    code.i64((number >> BigInt(lo)) & mask(count));
    return;
  }
  if (lo === 0 && count === t.width && e.localsOf(t) !== undefined) {
    e.value64(t);
    return;
  }
  if (e.localsOf(t) === undefined) {
    if (t.op === 'concat') {
      emitPieces(e, t, lo, count);
      return;
    }
    if (t.op === 'extract') {
      emitBits(e, argOf(t, 0), lo + t.lo, count);
      return;
    }
  }
  if (t.width <= 64) {
    e.value64(t);
    if (lo > 0) {
      code.i64(BigInt(lo));
      code.op(OP.i64ShrU);
    }
    if (lo + count < t.width) e.mask(count);
    return;
  }
  const words = e.words(t);
  const [first, by] = [lo >> 6, lo & 63];
  code.get(must(words[first], 'a word'));
  if (by > 0) {
    code.i64(BigInt(by));
    code.op(OP.i64ShrU);
    if (by + count > 64) {
      code.get(must(words[first + 1], 'a word'));
      code.i64(BigInt(64 - by));
      code.op(OP.i64Shl);
      code.op(OP.i64Or);
    }
  }
  if (lo + count < t.width || (lo & 63) + count < 64) e.mask(count);
}

/** Bits of a concatenation: pieces of its parts, each at its place. */
function emitPieces(e: Emitter, t: Term, lo: number, count: number): void {
  const { code } = e;
  let pushed = false;
  let at = 0;
  for (let i = t.args.length - 1; i >= 0; i--) {
    const part = argOf(t, i);
    const from = Math.max(lo, at);
    const to = Math.min(lo + count, at + part.width);
    if (from < to && !(part.op === 'const' && (part.value >> BigInt(from - at)) % (1n << BigInt(to - from)) === 0n)) {
      emitBits(e, part, from - at, to - from);
      if (from > lo) {
        code.i64(BigInt(from - lo));
        code.op(OP.i64Shl);
      }
      if (pushed) code.op(OP.i64Or);
      pushed = true;
    }
    at += part.width;
  }
  if (!pushed) code.i64(0n);
}

/** Computes a term of more than 64 bits into fresh local variables. */
export function emitWide(e: Emitter, t: Term): readonly number[] {
  const { code } = e;
  const result: number[] = [];
  const keep = (): void => {
    const local = e.temp(I64);
    code.set(local);
    result.push(local);
  };
  const each = (push: (lo: number, count: number) => void): readonly number[] => {
    for (let lo = 0; lo < t.width; lo += 64) {
      push(lo, Math.min(64, t.width - lo));
      keep();
    }
    return result;
  };
  switch (t.op) {
    case 'const':
    case 'concat':
    case 'extract':
      return each((lo, count) => emitBits(e, t, lo, count));
    case 'not':
      return each((lo, count) => {
        emitBits(e, argOf(t, 0), lo, count);
        code.i64(mask(count));
        code.op(OP.i64Xor);
      });
    case 'and':
    case 'or':
    case 'xor':
      return each((lo, count) => {
        t.args.forEach((a, i) => {
          emitBits(e, a, lo, count);
          if (i > 0) code.op(t.op === 'and' ? OP.i64And : t.op === 'or' ? OP.i64Or : OP.i64Xor);
        });
      });
    case 'ite': {
      const [condition = 0] = e.words(argOf(t, 0));
      return each((lo, count) => {
        emitBits(e, argOf(t, 1), lo, count);
        emitBits(e, argOf(t, 2), lo, count);
        code.get(condition);
        code.op(OP.select);
      });
    }
    case 'sext':
      return signExtended(e, t);
    case 'add':
      return t.width === 128 ? sum(e, t) : hostWords(e, t);
    case 'mul':
      return t.width === 128 ? product(e, t) : hostWords(e, t);
    case 'sdiv':
    case 'udiv':
    case 'urem':
      return t.width === 128 ? division(e, t) : hostWords(e, t);
    default:
      return hostWords(e, t);
  }
}

function signExtended(e: Emitter, t: Term): readonly number[] {
  const { code } = e;
  const a = argOf(t, 0);
  const result: number[] = [];
  if (a.width > 64) return hostWords(e, t);
  const low = e.temp(I64);
  if (a.width === 1) {
    code.i64(0n);
    e.value64(a);
    code.op(OP.i64Sub);
  } else e.signed64(a);
  code.set(low);
  for (let lo = 0; lo < t.width; lo += 64) {
    const count = Math.min(64, t.width - lo);
    code.get(low);
    if (lo > 0) {
      code.i64(63n);
      code.op(OP.i64ShrS);
    }
    e.mask(count);
    const local = e.temp(I64);
    code.set(local);
    result.push(local);
  }
  return result;
}

function sum(e: Emitter, t: Term): readonly number[] {
  const { code } = e;
  let [low, high] = pair(e.words(argOf(t, 0)));
  for (const a of t.args.slice(1)) {
    const [x, y] = pair(e.words(a));
    const [nextLow, nextHigh] = [e.temp(I64), e.temp(I64)];
    code.get(low);
    code.get(x);
    code.op(OP.i64Add);
    code.set(nextLow);
    code.get(high);
    code.get(y);
    code.op(OP.i64Add);
    code.get(nextLow);
    code.get(low);
    code.op(OP.i64LtU);
    code.op(OP.i64ExtendI32U);
    code.op(OP.i64Add);
    code.set(nextHigh);
    [low, high] = [nextLow, nextHigh];
  }
  return [low, high];
}

function product(e: Emitter, t: Term): readonly number[] {
  const { code } = e;
  let [low, high] = pair(e.words(argOf(t, 0)));
  for (const a of t.args.slice(1)) {
    const [x, y] = pair(e.words(a));
    const [nextLow, nextHigh] = [e.temp(I64), e.temp(I64)];
    code.get(low);
    code.get(x);
    code.call(e.helpers.multiplyHigh);
    code.get(low);
    code.get(y);
    code.op(OP.i64Mul);
    code.op(OP.i64Add);
    code.get(high);
    code.get(x);
    code.op(OP.i64Mul);
    code.op(OP.i64Add);
    code.set(nextHigh);
    code.get(low);
    code.get(x);
    code.op(OP.i64Mul);
    code.set(nextLow);
    [low, high] = [nextLow, nextHigh];
  }
  return [low, high];
}

function pair(words: readonly number[]): [number, number] {
  return [must(words[0], 'a low word'), must(words[1], 'a high word')];
}

/** Compilers widen a dividend of 64 bits before they divide: only where one has more is the host asked. */
function division(e: Emitter, t: Term): readonly number[] {
  const { code } = e;
  const rows = t.args.map((a) => e.words(a));
  const [[x = 0, xHigh = 0] = [], [y = 0, yHigh = 0] = []] = rows;
  const signed = t.op === 'sdiv';
  const [low, high] = [e.temp(I64), e.temp(I64)];
  const isExtended = (word: number, above: number): void => {
    code.get(above);
    if (signed) {
      code.get(word);
      code.i64(63n);
      code.op(OP.i64ShrS);
      code.op(OP.i64Eq);
    } else code.op(OP.i64Eqz);
  };
  isExtended(x, xHigh);
  isExtended(y, yHigh);
  code.op(OP.i32And);
  // Neither by 0, nor by -1, which may give more than 64 bits.
  code.get(y);
  if (signed) {
    code.i64(1n);
    code.op(OP.i64Add);
    code.i64(2n);
    code.op(OP.i64GeU);
  } else {
    code.i64(0n);
    code.op(OP.i64Ne);
  }
  code.op(OP.i32And);
  code.if();
  code.get(x);
  code.get(y);
  code.op(signed ? OP.i64DivS : t.op === 'udiv' ? OP.i64DivU : OP.i64RemU);
  code.tee(low);
  code.i64(63n);
  code.op(OP.i64ShrS);
  code.i64(signed ? -1n : 0n);
  code.op(OP.i64And);
  code.set(high);
  code.else();
  const [hostLow = 0, hostHigh = 0] = hostWordsOf(e, t, rows);
  code.get(hostLow);
  code.set(low);
  code.get(hostHigh);
  code.set(high);
  code.end();
  return [low, high];
}
