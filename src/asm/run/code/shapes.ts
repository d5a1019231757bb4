// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { mask } from '../../../logic/pool.ts';
import type { Op, Term } from '../../../logic/term.ts';

/** What the shape of a term tells whoever writes code for it. */

export function argOf(t: Term, index: number): Term {
  return must(t.args[index], 'an argument');
}

/** Whether an operator on up to 32 bits is done on an i32. */
export function isShort(op: Op): boolean {
  switch (op) {
    case 'add':
    case 'mul':
    case 'not':
    case 'and':
    case 'or':
    case 'xor':
    case 'shl':
    case 'lshr':
    case 'ashr':
      return true;
    default:
      return false;
  }
}

/** What a product with -1 negates. */
export function negated(t: Term): Term | undefined {
  if (t.op !== 'mul' || t.args.length !== 2) return undefined;
  const [a, b] = [argOf(t, 0), argOf(t, 1)];
  if (b.op === 'const' && b.value === mask(t.width)) return a;
  return a.op === 'const' && a.value === mask(t.width) ? b : undefined;
}

/** Whether a term is less than a number, as far as its shape tells. */
export function below(t: Term, limit: number): boolean {
  const most = greatest(t);
  return most !== undefined && most < BigInt(limit);
}

function greatest(t: Term): bigint | undefined {
  switch (t.op) {
    case 'const':
      return t.value;
    case 'concat': {
      const first = argOf(t, 0);
      return first.op === 'const' && first.value === 0n ? mask(t.width - first.width) : undefined;
    }
    case 'and': {
      let least: bigint | undefined;
      for (const a of t.args) {
        const g = greatest(a);
        if (g !== undefined && (least === undefined || g < least)) least = g;
      }
      return least;
    }
    default:
      return t.width < 8 ? mask(t.width) : undefined;
  }
}
