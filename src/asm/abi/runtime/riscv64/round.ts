// SPDX-License-Identifier: MIT
import { fpRound, low, sext } from '../../../../logic/build.ts';
import type { SymbolicState } from '../../../isa/state.ts';
import type { RuntimeContract } from '../../contract.ts';
import { type RuntimeFunction, runtimeFunction } from '../runtime-function.ts';

/**
 * Rounding floats to integers of the same format, which RV64GC cannot: the float's bits are in a7, and so are the result's,
 * of 32 bits extended by their sign. The sign stays for zeros, and NaNs become quiet. Changes a6, ft8 and, by being called,
 * ra.
 */

const MODES = { near: 'rne', down: 'rdn', up: 'rup', zero: 'rtz' } as const;
const MEANT = { near: 'rne', down: 'rtn', up: 'rtp', zero: 'rtz' } as const;
type Mode = keyof typeof MODES;
const ALL: readonly Mode[] = ['near', 'down', 'up', 'zero'];
const WIDTHS = [32, 64] as const;

const nameOf = (mode: Mode, width: 32 | 64): string => `__vouch_round_${mode}${width}`;

function rounding(mode: Mode, width: 32 | 64): RuntimeFunction {
  const wide = width === 64;
  const [letter, integer, bits] = wide ? ['d', 'l', 'd'] : ['s', 'w', 'w'];
  const fraction = wide ? 52 : 23;
  const exponent = wide ? 11 : 8;
  // From this exponent on, a number is an integer anyway; above it are infinities and NaNs.
  const integral = 2 ** (exponent - 1) - 1 + fraction;
  return runtimeFunction(
    nameOf(mode, width),
    `Rounds the ${wide ? 'double' : 'float'} in a7 to an integer${mode === 'near' ? ', ties to even' : mode === 'zero' ? ' towards zero' : ` ${mode}wards`}.`,
    `
  slli a6, a7, ${64 - width + 1}
  srli a6, a6, ${64 - exponent}
  addi a6, a6, ${-integral}
  bgez a6, @integral
  fmv.${bits}.x ft8, a7
  fcvt.${integer}.${letter} a6, ft8, ${MODES[mode]}
  fcvt.${letter}.${integer} ft8, a6
  fmv.x.${bits} a6, ft8
  slli a6, a6, ${64 - width + 1}
  srli a6, a6, 1
  srli a7, a7, ${width - 1}
  slli a7, a7, 63
  or a7, a7, a6
  ${wide ? '' : 'srai a7, a7, 32'}
  ret
@integral:
  ${wide ? '' : 'sext.w a7, a7'}
  fmv.${bits}.x ft8, a7
  feq.${letter} a6, ft8, ft8
  bnez a6, @done
  li a6, ${2 ** (fraction - 1)}
  or a7, a7, a6
@done:
  ret
`,
  );
}

export const round: readonly RuntimeFunction[] = ALL.flatMap((mode) => WIDTHS.map((width) => rounding(mode, width)));

export const roundContracts: readonly RuntimeContract[] = ALL.flatMap((mode) =>
  WIDTHS.map((width) => ({
    name: nameOf(mode, width),
    apply: (state: SymbolicState) => {
      state.values.set('x17', sext(fpRound(MEANT[mode], low(state.get('x17'), width)), 64));
    },
    clobbers: ['x1', 'x16', 'f28'],
  })),
);
