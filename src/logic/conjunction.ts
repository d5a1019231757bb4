// SPDX-License-Identifier: MIT
import { not } from './bitwise.ts';
import { eq } from './equal.ts';
import { fpConjunction } from './float.ts';
import { slt, ult } from './order.ts';
import { arg, bv, isZero, no } from './pool.ts';
import { msb } from './slice.ts';
import type { Term } from './term.ts';

/** Longer conjunctions are left alone. */
const LONGEST = 12;

/** Rules for conjunctions of conditions: comparisons of the same operands combine. Undefined where none applies. */
export function conjunction(items: readonly Term[]): readonly Term[] | undefined {
  if (items.length > LONGEST) return undefined;
  for (const t of items) {
    const positive = t.op !== 'not';
    const atom = positive ? t : arg(t, 0);
    let found: readonly Term[] | undefined;
    switch (atom.op) {
      case 'ult':
      case 'slt':
        found = withOrder(items, t, atom, positive);
        break;
      case 'eq':
        if (!positive && isZero(arg(atom, 1))) found = withNonZero(items, t, arg(atom, 0));
        break;
      case 'ite':
        found = withChoice(items, t);
        break;
      case 'fp.lt':
      case 'fp.le':
      case 'fp.eq':
        found = fpConjunction(items, t, atom, positive);
        break;
    }
    if (found !== undefined) return found;
  }
  return undefined;
}

function replace(items: readonly Term[], gone: readonly Term[], made: Term): readonly Term[] {
  return [...items.filter((t) => !gone.includes(t)), made];
}

/** `t` is `a < b` or its inverse. */
function withOrder(items: readonly Term[], t: Term, atom: Term, positive: boolean): readonly Term[] | undefined {
  const less = atom.op === 'ult' ? ult : slt;
  const [a, b] = [arg(atom, 0), arg(atom, 1)];
  const same = eq(a, b);
  const differ = not(same);
  if (positive) {
    if (items.includes(same)) return [no()];
    if (items.includes(differ)) return items.filter((u) => u !== differ);
    if (b.op === 'const') {
      // a < c and a != c-1 is a < c-1.
      const before = bv(b.width, b.value - 1n);
      const unequal = not(eq(a, before));
      if (items.includes(unequal)) return replace(items, [t, unequal], less(a, before));
    }
    if (items.includes(less(b, a))) return [no()];
    return undefined;
  }
  if (items.includes(differ)) return replace(items, [t, differ], less(b, a));
  if (items.includes(same)) return items.filter((u) => u !== t);
  const other = not(less(b, a));
  if (b.op !== 'const' && items.includes(other)) return replace(items, [t, other], same);
  return undefined;
}

/** `t` is `x != 0`: with a clear sign it says `0 < x`, and with a set sign nothing. */
function withNonZero(items: readonly Term[], t: Term, x: Term): readonly Term[] | undefined {
  const sign = msb(x);
  const clear = not(sign);
  if (items.includes(clear) && x.width > 1) return replace(items, [t, clear], slt(bv(x.width, 0), x));
  if (items.includes(sign)) return items.filter((u) => u !== t);
  return undefined;
}

/** c and (c ? a : b) is c and a. */
function withChoice(items: readonly Term[], t: Term): readonly Term[] | undefined {
  const c = arg(t, 0);
  if (items.includes(c)) return replace(items, [t], arg(t, 1));
  if (items.includes(not(c))) return replace(items, [t], arg(t, 2));
  return undefined;
}
