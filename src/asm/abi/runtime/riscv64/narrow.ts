// SPDX-License-Identifier: MIT
import { bridge, type RuntimeFunction } from '../runtime-function.ts';
import { cplusplusShapes } from './cplusplus.ts';
import { narrowShapes } from './signatures.ts';

/**
 * Arguments that are narrower than a register. x86-64 leaves the bits above 32 as they happen to be; lp64d wants 32-bit
 * integers sign-extended, whatever their type, smaller ones extended as their type says and then so, and a `float` in a
 * register of 64 bits below 32 ones (RISC-V ELF psABI, "Integer Calling Convention" and "Hardware Floating-point Calling
 * Convention"; ISA manual, "NaN Boxing of Narrower Values"). Of integers smaller than 32 bits, callers extend to 32 on x86.
 */

/** Extends the 32-bit integers among the argument registers, by their numbers. */
export const extendArguments = (numbers: readonly number[]): string =>
  numbers.map((n) => `sext.w a${n}, a${n}`).join('\n');

/** Boxes the `float`s among the argument registers, by their numbers. Changes t1. */
export const boxArguments = (numbers: readonly number[]): string =>
  numbers.map((n) => `fmv.x.w t1, fa${n}\nfmv.w.x fa${n}, t1`).join('\n');

/** Extends one register as a letter of a shape says (signatures.ts). */
const EXTENSIONS: Readonly<Record<string, (register: string) => string>> = {
  i: (r) => `sext.w ${r}, ${r}`,
  h: (r) => `slli ${r}, ${r}, 48\nsrli ${r}, ${r}, 48`,
  s: (r) => `slli ${r}, ${r}, 48\nsrai ${r}, ${r}, 48`,
  b: (r) => `andi ${r}, ${r}, 255`,
  c: (r) => `slli ${r}, ${r}, 56\nsrai ${r}, ${r}, 56`,
};
const extension = (letter: string, register: string): string => EXTENSIONS[letter]?.(register) ?? '';

export const ABOUT_NARROW = 'RISC-V wants arguments of less than 64 bits extended; x86 leaves the other bits open.';

export const ABOUT_NARROW_IN_CPLUSPLUS =
  'Functions of the C++ library, too, want arguments of less than 64 bits extended.';

/** Extends the arguments of a shape that are in registers on both machines. Changes t1. */
export function extendShape(shape: string): string {
  const floats = [...shape].filter((c) => c === 'd' || c === 'f');
  const inRegisters = integersOf(shape)
    .slice(0, 6)
    .map((c, i) => extension(c, `a${i}`));
  const boxed = floats.map((c, i) => (c === 'f' ? boxArguments([i]) : ''));
  return [...inRegisters, ...boxed].join('\n');
}

const integersOf = (shape: string): string[] => [...shape].filter((c) => c !== 'd' && c !== 'f');

/** What x86 passes in six integer registers and on the stack, RISC-V passes in eight and on the stack. */
function extended(name: string, shape: string, about: string): RuntimeFunction {
  const integers = integersOf(shape);
  const here = extendShape(shape);
  /** Those that x86 has on the stack, which begins at `base` from sp. */
  const fromStack = (base: number): string =>
    integers
      .slice(6, 8)
      .map((c, i) => `ld a${6 + i}, ${base + 8 * i}(sp)\n${extension(c, `a${6 + i}`)}`)
      .join('\n');
  const rest = integers.slice(8);
  if (rest.length === 0) return bridge(name, about, `\n${here}\n${fromStack(0)}\ntail ${name}\n`);
  const frame = 16 * Math.ceil((rest.length + 1) / 2);
  return bridge(
    name,
    about,
    `
  addi sp, sp, -${frame}
  sd ra, ${frame - 8}(sp)
  ${here}
  ${fromStack(frame)}
  ${rest.map((c, i) => `ld t1, ${frame + 16 + 8 * i}(sp)\n${extension(c, 't1')}\nsd t1, ${8 * i}(sp)`).join('\n')}
  call ${name}
  ld ra, ${frame - 8}(sp)
  addi sp, sp, ${frame}
  ret
`,
  );
}

export const narrow: readonly RuntimeFunction[] = [
  ...[...narrowShapes].map(([name, shape]) => extended(name, shape, ABOUT_NARROW)),
  ...[...cplusplusShapes].map(([name, shape]) => extended(name, shape, ABOUT_NARROW_IN_CPLUSPLUS)),
];
