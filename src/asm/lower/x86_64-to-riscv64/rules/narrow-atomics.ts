// SPDX-License-Identifier: MIT
import { Crowded, Refusal } from '../../from-x86_64/context.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { effectiveAddress } from '../memory.ts';
import { LINK } from '../registers.ts';
import { zeroed } from '../shape.ts';

/** Atomic operations on less than 32 bits are the runtime's: see its atomics.ts. */

const ADDRESS = 16;
const VALUE = 17;
const EXPECTED = 28;
const LOST: readonly number[] = [ADDRESS, VALUE, EXPECTED, 29, 30, LINK];

/**
 * Does `operation` to the memory operand and the register that `operand` returns, if it takes one, and for `cas` compares
 * with register `expected`; `address` puts where it is into a register, if that is not just the operand. Returns a register with what was there before, extended by zeros. Other temporaries are lost.
 */
export function narrowAtomic(
  c: Context,
  operation: 'swap' | 'add' | 'and' | 'or' | 'xor' | 'neg' | 'cas',
  { ops, width }: Parts,
  operand: (() => number) | undefined,
  expected?: number,
  address?: (into: number) => void,
): number {
  const m = ops.find((o) => o.kind === 'mem');
  if (m?.kind !== 'mem') throw new Refusal('V0221', 'an atomic operation needs a memory operand');
  if (c.keepsAny(LOST)) throw new Crowded('flags are kept over an atomic operation on less than 32 bits');
  c.scoped(() => {
    const [at, value] = [c.take(ADDRESS), c.take(VALUE)];
    c.scoped(() => (address === undefined ? effectiveAddress(c, m, at, false) : address(at)));
    if (operand !== undefined) c.scoped(() => c.move(value, operand()));
    if (expected !== undefined) c.move(c.take(EXPECTED), expected);
    c.op('call', `__vouch_${operation}${width}`);
  });
  for (const n of LOST) c.note(n, undefined);
  c.take(VALUE);
  c.note(VALUE, zeroed(width));
  return VALUE;
}
