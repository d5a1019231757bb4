// SPDX-License-Identifier: MIT

/**
 * Arguments that are narrower than a register. x86-64 leaves the bits above 32 as they happen to be; lp64d wants 32-bit
 * integers sign-extended, whatever their type, smaller ones extended as their type says and then so, and a `float` in a
 * register of 64 bits below 32 ones (RISC-V ELF psABI, "Integer Calling Convention" and "Hardware Floating-point Calling
 * Convention"; ISA manual, "NaN Boxing of Narrower Values").
 */

/** Extends the 32-bit integers among the argument registers, by their numbers. */
export const extendArguments = (numbers: readonly number[]): string =>
  numbers.map((n) => `sext.w a${n}, a${n}`).join('\n');

/** Boxes the `float`s among the argument registers, by their numbers. Changes t1. */
export const boxArguments = (numbers: readonly number[]): string =>
  numbers.map((n) => `fmv.x.w t1, fa${n}\nfmv.w.x fa${n}, t1`).join('\n');
