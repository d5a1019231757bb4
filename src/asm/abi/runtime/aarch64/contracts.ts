// SPDX-License-Identifier: MIT
import { concat, eq, low, not, or, sdiv, sext, srem, udiv, urem, zext } from '../../../../logic/build.ts';
import { bv } from '../../../../logic/pool.ts';
import type { RuntimeContract } from '../../contract.ts';

/** Division of x11:x12 by x13 for all inputs, said as x86's `div` and `idiv` are; see divide.ts. */
function division(name: string, signed: boolean): RuntimeContract {
  return {
    name,
    apply: (state) => {
      const divisor = state.get('x13');
      const dividend = concat(state.get('x11'), state.get('x12'));
      const by = signed ? sext(divisor, 128) : zext(divisor, 128);
      const quotient = signed ? sdiv(dividend, by) : udiv(dividend, by);
      const remainder = signed ? srem(dividend, by) : urem(dividend, by);
      const result = low(quotient, 64);
      const fits = eq(quotient, signed ? sext(result, 128) : zext(result, 128));
      state.values.set('x14', result);
      state.values.set('x15', low(remainder, 64));
      state.values.set('x6', zext(or(eq(divisor, bv(64, 0)), not(fits)), 64));
    },
    clobbers: ['x11', 'x12', 'x13', 'x16', 'x17', 'x30', 'n', 'z', 'c', 'v'],
  };
}

/** The runtime functions of the AArch64 target that proofs take for their contracts, by name. */
export const contracts: ReadonlyMap<string, RuntimeContract> = new Map(
  [division('__vouch_udiv128', false), division('__vouch_sdiv128', true)].map((c) => [c.name, c]),
);
