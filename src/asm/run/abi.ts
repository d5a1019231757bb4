// SPDX-License-Identifier: MIT
import type { Isa } from '../isa/isa.ts';

/** How functions are called on each platform, as far as the host must know to serve calls and to make them. */
export interface CallAbi {
  /** Registers of the first integer arguments, and of the first floating-point ones. */
  readonly integers: readonly string[];
  readonly floats: readonly string[];
  readonly integerResults: readonly [string, string];
  readonly floatResult: string;
  /** Where the stack arguments begin, from the stack pointer at entry. */
  readonly stackArguments: number;
  /** The link register; undefined where the return address is on the stack. */
  readonly link: string | undefined;
  /** Variadic floating-point arguments are passed like integers. */
  readonly variadicFloatsInIntegers: boolean;
  /** Floats that find no floating-point register go to integer registers. */
  readonly floatsOverflowToIntegers: boolean;
  /** A `float` in a register has ones above it. */
  readonly boxesFloats: boolean;
  /** What a function gives back as it found it, for `setjmp`. */
  readonly preserved: readonly string[];
  readonly framePointer: string;
}

const numbered = (letter: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `${letter}${from + i}`);

/** System V AMD64 psABI 3.2. */
const systemV: CallAbi = {
  integers: ['rdi', 'rsi', 'rdx', 'rcx', 'r8', 'r9'],
  floats: numbered('xmm', 0, 7),
  integerResults: ['rax', 'rdx'],
  floatResult: 'xmm0',
  stackArguments: 8,
  link: undefined,
  variadicFloatsInIntegers: false,
  floatsOverflowToIntegers: false,
  boxesFloats: false,
  preserved: ['rbx', 'rbp', 'r12', 'r13', 'r14', 'r15'],
  framePointer: 'rbp',
};

/** AAPCS64 6. */
const aapcs64: CallAbi = {
  integers: numbered('x', 0, 7),
  floats: numbered('v', 0, 7),
  integerResults: ['x0', 'x1'],
  floatResult: 'v0',
  stackArguments: 0,
  link: 'x30',
  variadicFloatsInIntegers: false,
  floatsOverflowToIntegers: false,
  boxesFloats: false,
  preserved: [...numbered('x', 19, 30), ...numbered('v', 8, 15)],
  framePointer: 'x29',
};

/** RISC-V ELF psABI 2, lp64d. */
const lp64d: CallAbi = {
  integers: numbered('x', 10, 17),
  floats: numbered('f', 10, 17),
  integerResults: ['x10', 'x11'],
  floatResult: 'f10',
  stackArguments: 0,
  link: 'x1',
  variadicFloatsInIntegers: true,
  floatsOverflowToIntegers: true,
  boxesFloats: true,
  preserved: ['x1', 'x8', 'x9', ...numbered('x', 18, 27), 'f8', 'f9', ...numbered('f', 18, 27)],
  framePointer: 'x8',
};

export function callAbi(isa: Isa): CallAbi {
  switch (isa.name) {
    case 'x86_64':
      return systemV;
    case 'aarch64':
      return aapcs64;
    case 'riscv64':
      return lp64d;
  }
}
