// SPDX-License-Identifier: MIT
import type { Isa } from '../isa/isa.ts';
import { type ChunkSet, chunksOf, setOf } from '../program/chunks.ts';
import { type CallModel, type Conventions, conventionModel } from '../program/conventions.ts';
import type { FunctionCode } from '../program/types.ts';
import { noReturn, noReturnOn } from './externals.ts';
import { relaxThreadLocal } from './relax-tls.ts';
import { aarch64Runtime } from './runtime/aarch64/index.ts';
import { riscv64Runtime } from './runtime/riscv64/index.ts';
import { commonCalls, x8664Calls } from './system-calls.ts';

const numbered = (stem: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `${stem}${from + i}`);

/**
 * System V AMD64 (psABI 1.0, 3.2.3). `al` counts the vector registers of a variadic call, `r10` is the static chain.
 * Everything that is not listed is the callee's to change.
 */
export const systemV: Conventions = {
  arguments: ['rdi', 'rsi', 'rdx', 'rcx', 'r8', 'r9', 'rax:0-7', 'r10', ...numbered('xmm', 0, 7)],
  results: [],
  resultsIfDefined: ['rax', 'rdx', 'xmm0', 'xmm1'],
  resultsLeftAlone: { rdx: 'rax' },
  calleeSaved: ['rbx', 'rbp', 'r12', 'r13', 'r14', 'r15'],
  fixed: ['df', 'fsbase', 'gsbase'],
  returnAddressBytes: 8,
  redZoneBytes: 128,
  neverReturn: noReturn,
  system: x8664Calls,
  relax: relaxThreadLocal,
};

/** AAPCS64 (IHI 0055, 6.1): `x8` is the place of an indirect result, `x30` the return address. */
const aapcs64: Conventions = {
  arguments: [...numbered('x', 0, 8), ...numbered('v', 0, 7)],
  results: ['x0', 'v0'],
  resultsIfDefined: ['x1', 'v1', 'v2', 'v3'],
  calleeSaved: [...numbered('x', 19, 29), ...numbered('v', 8, 15).map((v) => `${v}:0-63`)],
  fixed: ['x18', 'tpidr_el0'],
  returnAddressBytes: 0,
  redZoneBytes: 0,
  neverReturn: noReturnOn(aarch64Runtime),
  system: commonCalls,
};

/**
 * The RISC-V calling convention with hardware floating point, lp64d (RISC-V ELF psABI, chapter 2): `ra` is the return
 * address, `gp` and `tp` are the platform's.
 */
const lp64d: Conventions = {
  arguments: [...numbered('x', 10, 17), ...numbered('f', 10, 17)],
  results: ['x10', 'f10'],
  resultsIfDefined: ['x11', 'f11'],
  calleeSaved: ['x8', 'x9', ...numbered('x', 18, 27), 'f8', 'f9', ...numbered('f', 18, 27)],
  fixed: ['x3', 'x4'],
  returnAddressBytes: 0,
  redZoneBytes: 0,
  neverReturn: noReturnOn(riscv64Runtime),
  system: commonCalls,
};

const CONVENTIONS: Readonly<Record<Isa['name'], Conventions>> = { x86_64: systemV, aarch64: aapcs64, riscv64: lp64d };

/** The calling convention of Linux on a machine. */
export function conventionsOf(isa: Isa): Conventions {
  return CONVENTIONS[isa.name];
}

/** The model for calls of which only the platform's convention is known. */
export function defaultCallModel(isa: Isa): CallModel {
  return conventionModel(isa, conventionsOf(isa));
}

/** A convention by which nothing is taken and returned that only might be. */
export const certainly = (conventions: Conventions): Conventions => ({
  ...conventions,
  ...{ arguments: [], results: [], resultsIfDefined: [], resultsLeftAlone: {} },
});

/**
 * The model that counts only what is surely read. A call to code that is not known may take any argument register, and
 * a return may pass any result on, but what an earlier call has left in one by chance is neither.
 */
export function certainCallModel(isa: Isa): CallModel {
  return conventionModel(isa, certainly(conventionsOf(isa)));
}

/**
 * The model in which code that is not known takes and returns a `float` in each vector register: the least that says
 * that there is a number. Of what lies above, only what the program itself reads counts, and of registers that functions
 * take as a double or as two floats at their entry the low 64 bits.
 */
export function floatCallModel(isa: Isa, wholeAt: (code: FunctionCode) => ReadonlySet<string>): CallModel {
  const conventions = conventionsOf(isa);
  const narrow = (names: readonly string[]): string[] => names.map((n) => (n.startsWith('xmm') ? `${n}:0-31` : n));
  const model = conventionModel(isa, {
    ...conventions,
    arguments: narrow(conventions.arguments),
    resultsIfDefined: narrow(conventions.resultsIfDefined),
  });
  const atEntry = (code: FunctionCode): ChunkSet =>
    setOf(chunksOf(isa), ...[...wholeAt(code)].map((n) => `${n}:32-63`));
  return { ...countingVectors(isa, model), atEntry };
}

/** Where System V has the number of vector registers that a call of a function with variable arguments uses, at most. */
export const VECTOR_COUNT = { count: 'rax', bits: 8 } as const;

/** The same model, with what that number tells of the upper halves of vector registers. */
export function countingVectors(isa: Isa, model: CallModel): CallModel {
  const highs = systemV.arguments.filter((n) => n.startsWith('xmm')).map((n) => `${n}:64-127`);
  return { ...model, counted: { ...VECTOR_COUNT, passed: setOf(chunksOf(isa), ...highs) } };
}
