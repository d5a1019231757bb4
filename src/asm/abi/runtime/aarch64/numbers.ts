// SPDX-License-Identifier: MIT
import { ABOUT_LOGARITHM, ABOUT_ROUNDING, COMPLEX, LOGARITHMS, ROUNDINGS } from '../names.ts';
import { bridge, type RuntimeFunction } from '../runtime-function.ts';

/** Numbers: complex floats, and conversions whose results differ where C leaves them open. */

/**
 * x86 passes `float _Complex` as one vector register with both parts (psABI 3.2.3, class SSE), AArch64 in two
 * (AAPCS64 6.8.2, a homogeneous aggregate).
 */
const unpack = `
  mov s1, v0.s[1]
`;
const pack = `
  mov v0.s[1], v1.s[0]
`;

const called = (name: string, before: string, after: string): string => `
  stp x29, x30, [sp, #-16]!
  mov x29, sp
  ${before}
  bl ${name}
  ${after}
  ldp x29, x30, [sp], #16
  ret
`;

const ABOUT = '`float _Complex` is packed in one register on x86 and takes two on AArch64.';

const complex: readonly RuntimeFunction[] = [
  ...COMPLEX.toReal.map((name) => bridge(name, ABOUT, called(name, unpack, ''))),
  ...COMPLEX.toComplex.map((name) => bridge(name, ABOUT, called(name, unpack, pack))),
  ...COMPLEX.ofTwo.map((name) => bridge(name, ABOUT, called(name, `mov s3, v1.s[1]\nfmov s2, s1\n${unpack}`, pack))),
  ...COMPLEX.ofParts.map((name) => bridge(name, ABOUT, called(name, '', pack))),
];

/**
 * bits/fp-logb.h: of zero and of NaN x86's `ilogb` gives INT_MIN, AArch64's gives -INT_MAX and INT_MAX. The native
 * function is called for its effect on `errno` all the same.
 */
const logarithm = (name: string, v: 's' | 'd', result: 'w' | 'x'): RuntimeFunction =>
  bridge(
    name,
    ABOUT_LOGARITHM,
    `
  stp x29, x30, [sp, #-32]!
  mov x29, sp
  str d0, [sp, #16]
  bl ${name}
  ldr ${v}0, [sp, #16]
  ${result === 'w' ? 'mov w1, #-2147483648' : 'mov x1, #-9223372036854775808'}
  fcmp ${v}0, #0.0
  csel ${result}0, ${result}1, ${result}0, eq
  csel ${result}0, ${result}1, ${result}0, vs
  ldp x29, x30, [sp], #32
  ret
`,
  );

/** Rounding to an integer that does not fit: x86 gives the least one, AArch64 the nearest, and 0 for NaN. */
const rounding = (name: string, v: 's' | 'd'): RuntimeFunction =>
  bridge(
    name,
    ABOUT_ROUNDING,
    `
  mov x1, #${v === 'd' ? '0x43e0000000000000' : '0x5f000000'}
  fmov ${v === 'd' ? 'd1, x1' : 's1, w1'}
  fabs ${v}2, ${v}0
  fcmp ${v}2, ${v}1
  b.ge @large
  b.vs @large
  b ${name}
@large:
  mov x0, #-9223372036854775808
  ret
`,
  );

export const numbers: readonly RuntimeFunction[] = [
  ...complex,
  ...LOGARITHMS.map(({ name, double, bits }) => logarithm(name, double ? 'd' : 's', bits === 32 ? 'w' : 'x')),
  ...ROUNDINGS.map(({ name, double }) => rounding(name, double ? 'd' : 's')),
];
