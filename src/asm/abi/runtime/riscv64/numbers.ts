// SPDX-License-Identifier: MIT
import { ABOUT_LOGARITHM, ABOUT_ROUNDING, COMPLEX, LOGARITHMS, ROUNDINGS } from '../names.ts';
import { bridge, type RuntimeFunction } from '../runtime-function.ts';
import { boxArguments } from './narrow.ts';

/** Numbers: complex floats, and conversions whose results differ where C leaves them open. */

const called = (name: string, before: string, after: string): string => `
  addi sp, sp, -16
  sd ra, 0(sp)
  ${before}
  call ${name}
  ${after}
  ld ra, 0(sp)
  addi sp, sp, 16
  ret
`;

const ABOUT = '`float _Complex` is packed in one register on x86 and takes two on RISC-V.';

/** x86 passes `float _Complex` as one vector register with both parts (psABI 3.2.3, class SSE). */
const unpack = (from: number, re: number, im: number): string => `
  fmv.x.d t1, fa${from}
  srli t2, t1, 32
  fmv.w.x fa${re}, t1
  fmv.w.x fa${im}, t2
`;
const pack = `
  fmv.x.w t1, fa0
  fmv.x.w t2, fa1
  slli t1, t1, 32
  srli t1, t1, 32
  slli t2, t2, 32
  or t1, t1, t2
  fmv.d.x fa0, t1
`;

const complex: readonly RuntimeFunction[] = [
  ...COMPLEX.toReal.map((name) => bridge(name, ABOUT, called(name, unpack(0, 0, 1), ''))),
  ...COMPLEX.toComplex.map((name) => bridge(name, ABOUT, called(name, unpack(0, 0, 1), pack))),
  ...COMPLEX.ofTwo.map((name) => bridge(name, ABOUT, called(name, `${unpack(1, 2, 3)}\n${unpack(0, 0, 1)}`, pack))),
  ...COMPLEX.ofParts.map((name) => bridge(name, ABOUT, called(name, boxArguments([0, 1, 2, 3]), pack))),
];

/**
 * bits/fp-logb.h: of zero and of NaN x86's `ilogb` gives INT_MIN, RISC-V's gives -INT_MAX and INT_MAX. The native function is
 * called for its effect on `errno` all the same.
 */
const logarithms = LOGARITHMS.map(({ name, double, bits }) => {
  const v = double ? 'd' : 's';
  return bridge(
    name,
    ABOUT_LOGARITHM,
    `
  addi sp, sp, -16
  sd ra, 0(sp)
  ${double ? '' : boxArguments([0])}
  fsd fa0, 8(sp)
  call ${name}
  fld fa0, 8(sp)
  fmv.d.x fa1, zero
  ${double ? '' : 'fmv.w.x fa1, zero'}
  feq.${v} t0, fa0, fa1
  bnez t0, @least
  feq.${v} t0, fa0, fa0
  bnez t0, @done
@least:
  li a0, -1
  slli a0, a0, ${bits - 1}
@done:
  ld ra, 0(sp)
  addi sp, sp, 16
  ret
`,
  );
});

/** Rounding to an integer that does not fit: x86 gives the least one, RISC-V the nearest, and the largest for NaN. */
const roundings = ROUNDINGS.map(({ name, double }) => {
  const v = double ? 'd' : 's';
  return bridge(
    name,
    ABOUT_ROUNDING,
    `
  ${double ? '' : boxArguments([0])}
  li t1, 0x${double ? '43e0000000000000' : '5f000000'}
  ${double ? 'fmv.d.x fa1, t1' : 'fmv.w.x fa1, t1'}
  fabs.${v} fa2, fa0
  flt.${v} t1, fa2, fa1
  beqz t1, @large
  tail ${name}
@large:
  li a0, -1
  slli a0, a0, 63
  ret
`,
  );
});

export const numbers: readonly RuntimeFunction[] = [...complex, ...logarithms, ...roundings];
