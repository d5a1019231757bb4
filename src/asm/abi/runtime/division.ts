// SPDX-License-Identifier: MIT
import { concat, eq, low, not, or, sdiv, sext, srem, udiv, urem, zext } from '../../../logic/build.ts';
import { bv } from '../../../logic/pool.ts';
import type { RuntimeContract } from '../contract.ts';

/** Where a target's division of 128 bits by 64 takes its arguments and leaves its results, as target locations. */
export interface DivisionRegisters {
  /** The dividend's halves. */
  readonly high: string;
  readonly low: string;
  readonly divisor: string;
  /** The low half of the quotient. */
  readonly quotient: string;
  readonly remainder: string;
  /** 1 where the quotient does not fit 64 bits or the divisor is zero, else 0. */
  readonly wrong: string;
}

/** Division for all inputs, said as x86's `div` and `idiv` are. */
function division(name: string, signed: boolean, at: DivisionRegisters, clobbers: readonly string[]): RuntimeContract {
  return {
    name,
    apply: (state) => {
      const divisor = state.get(at.divisor);
      const dividend = concat(state.get(at.high), state.get(at.low));
      const by = signed ? sext(divisor, 128) : zext(divisor, 128);
      const quotient = signed ? sdiv(dividend, by) : udiv(dividend, by);
      const remainder = signed ? srem(dividend, by) : urem(dividend, by);
      const result = low(quotient, 64);
      const fits = eq(quotient, signed ? sext(result, 128) : zext(result, 128));
      state.values.set(at.quotient, result);
      state.values.set(at.remainder, low(remainder, 64));
      state.values.set(at.wrong, zext(or(eq(divisor, bv(64, 0)), not(fits)), 64));
    },
    clobbers,
  };
}

/** The contracts of a target's divisions, by name. `clobbers` hold nothing useful afterwards. */
export function divisionContracts(
  at: DivisionRegisters,
  clobbers: readonly string[],
): ReadonlyMap<string, RuntimeContract> {
  return new Map(
    [division('__vouch_udiv128', false, at, clobbers), division('__vouch_sdiv128', true, at, clobbers)].map((c) => [
      c.name,
      c,
    ]),
  );
}
