// SPDX-License-Identifier: MIT
import type { Term } from '../../logic/term.ts';

/**
 * Which bits of which variables the bits `lo`..`hi` (both included) of a term may depend on: `each` is called with
 * every variable and a range of its bits, possibly several times. The answer never leaves out a bit that matters.
 */
export function demandedBits(
  term: Term,
  lo: number,
  hi: number,
  each: (variable: Term, lo: number, hi: number) => void,
): void {
  const seen = new Set<number>();
  const visit = (t: Term, from: number, to: number): void => {
    if (t.op === 'const') return;
    if (t.op === 'var') {
      each(t, from, to);
      return;
    }
    const key = t.id * 1048576 + from * 1024 + to;
    if (seen.has(key)) return;
    seen.add(key);
    step(t, from, to, visit);
  };
  visit(term, lo, hi);
}

type Visit = (t: Term, lo: number, hi: number) => void;

function step(t: Term, lo: number, hi: number, visit: Visit): void {
  switch (t.op) {
    case 'not':
      for (const a of t.args) visit(a, lo, hi);
      return;
    case 'and':
      masked(t, lo, hi, visit, false);
      return;
    case 'or':
      masked(t, lo, hi, visit, true);
      return;
    case 'xor':
      for (const a of t.args) visit(a, lo, hi);
      return;
    case 'add':
      // Carries go upwards only.
      for (const a of t.args) visit(a, 0, hi);
      return;
    case 'mul': {
      let zeros = 0;
      for (const a of t.args) if (a.op === 'const') zeros += trailingZeros(a);
      for (const a of t.args) if (hi >= zeros) visit(a, 0, hi - zeros);
      return;
    }
    case 'shl':
    case 'lshr':
    case 'ashr':
      shift(t, lo, hi, visit);
      return;
    case 'concat': {
      let at = t.width;
      for (const part of t.args) {
        at -= part.width;
        const from = Math.max(lo, at);
        const to = Math.min(hi, at + part.width - 1);
        if (from <= to) visit(part, from - at, to - at);
      }
      return;
    }
    case 'extract':
      for (const a of t.args) visit(a, lo + t.lo, hi + t.lo);
      return;
    case 'sext':
      for (const a of t.args) visit(a, Math.min(lo, a.width - 1), Math.min(hi, a.width - 1));
      return;
    case 'ite': {
      const [c, a, b] = t.args;
      if (c !== undefined) visit(c, 0, 0);
      if (a !== undefined) visit(a, lo, hi);
      if (b !== undefined) visit(b, lo, hi);
      return;
    }
    case 'bitrev':
      for (const a of t.args) visit(a, t.width - 1 - hi, t.width - 1 - lo);
      return;
    default:
      for (const a of t.args) if (a.width > 0) visit(a, 0, a.width - 1);
      // A load's memory and the like: what went into it counts as well.
      for (const a of t.args) if (a.width === 0 && a.op !== 'var') visit(a, 0, 0);
  }
}

/** `and` with a constant needs only the bits where it is 1, `or` only those where it is 0. */
function masked(t: Term, lo: number, hi: number, visit: Visit, inverted: boolean): void {
  let open = ((1n << BigInt(hi - lo + 1)) - 1n) << BigInt(lo);
  for (const a of t.args) if (a.op === 'const') open &= inverted ? ~a.value : a.value;
  if (open === 0n) return;
  let from = lo;
  while (((open >> BigInt(from)) & 1n) === 0n) from++;
  const to = open.toString(2).length - 1;
  for (const a of t.args) visit(a, from, to);
}

function shift(t: Term, lo: number, hi: number, visit: Visit): void {
  const [value, count] = t.args;
  if (value === undefined || count === undefined) return;
  const top = t.width - 1;
  if (count.op !== 'const') {
    visit(count, 0, count.width - 1);
    if (t.op === 'shl') visit(value, 0, hi);
    else visit(value, lo, top);
    return;
  }
  const n = count.value > BigInt(t.width) ? t.width : Number(count.value);
  if (t.op === 'shl') {
    if (hi >= n) visit(value, Math.max(0, lo - n), hi - n);
  } else if (t.op === 'lshr') {
    if (lo + n <= top) visit(value, lo + n, Math.min(top, hi + n));
  } else visit(value, Math.min(top, lo + n), Math.min(top, hi + n));
}

function trailingZeros(t: Term): number {
  if (t.value === 0n) return t.width;
  let n = 0;
  while (((t.value >> BigInt(n)) & 1n) === 0n) n++;
  return n;
}

/** Whether the bits `lo`..`hi` of a term are just the same bits of the variable of that name. */
export function isUnchanged(term: Term, lo: number, hi: number, name: string): boolean {
  let t = term;
  let from = lo;
  let to = hi;
  for (;;) {
    if (t.op === 'var') return t.name === name && from === lo && to === hi;
    if (t.op === 'extract') {
      const inner = t.args[0];
      if (inner === undefined) return false;
      from += t.lo;
      to += t.lo;
      t = inner;
      continue;
    }
    if (t.op !== 'concat') return false;
    let at = t.width;
    let found: Term | undefined;
    for (const part of t.args) {
      at -= part.width;
      if (from >= at && to < at + part.width) {
        found = part;
        break;
      }
    }
    if (found === undefined) return false;
    from -= at;
    to -= at;
    t = found;
  }
}
