// SPDX-License-Identifier: MIT
import { add, and, eq, ite, low, neg, or, xor, zext } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { store } from '../../../isa/effect.ts';
import type { RuntimeContract } from '../../contract.ts';
import { type RuntimeFunction, runtimeFunction } from '../runtime-function.ts';

/**
 * Atomic operations on bytes and halfwords, which the extension A does not have: on the aligned word around them, of which
 * the other bytes stay. The address is in a6, the operand in the low bits of a7, where what was there before comes back,
 * extended by zeros; comparing takes what it expects in t3, and negating nothing. Changes a6, t3, t4, t5, ft8, ft9 and, by being called, ra.
 */

type Operation = 'swap' | 'add' | 'and' | 'or' | 'xor' | 'neg' | 'cas';
const OPERATIONS: readonly Operation[] = ['swap', 'add', 'and', 'or', 'xor', 'neg', 'cas'];
const SIZES = [1, 2] as const;

const nameOf = (operation: Operation, bytes: 1 | 2): string => `__vouch_${operation}${8 * bytes}`;

/** Puts into t4 what the bits of the word in t5 that the mask in ra selects become, exclusive or those that are there. */
function changed(operation: Operation): string {
  if (operation === 'cas' || operation === 'swap') return 'xor t4, t5, a7';
  const result = operation === 'neg' ? 'and t4, t5, ra\nneg t4, t4' : `${operation} t4, t5, a7`;
  return `${result}\nxor t4, t4, t5`;
}

function narrow(operation: Operation, bytes: 1 | 2): RuntimeFunction {
  const compares = operation === 'cas';
  return runtimeFunction(
    nameOf(operation, bytes),
    `Does an atomic ${compares ? 'comparing exchange' : operation} of ${8 * bytes} bits.`,
    `
  ${bytes === 2 ? 'andi t4, a6, 1\nbeqz t4, @aligned\nunimp\n@aligned:' : ''}
  andi t4, a6, 3
  slli t4, t4, 3
  andi a6, a6, -4
  fmv.d.x ft8, t4
  fmv.d.x ft9, ra
  li ra, ${2 ** (8 * bytes) - 1}
  sllw ra, ra, t4
  sllw a7, a7, t4
  ${compares ? 'sllw t3, t3, t4' : ''}
@retry:
  lr.w.aqrl t5, (a6)
  ${compares ? 'xor t4, t5, t3\nand t4, t4, ra\nbnez t4, @different' : ''}
  ${changed(operation)}
  and t4, t4, ra
  xor t4, t4, t5
  sc.w.rl t4, t4, (a6)
  bnez t4, @retry
${compares ? '@different:' : ''}
  fmv.x.d t4, ft8
  fmv.x.d ra, ft9
  srlw a7, t5, t4
  ${bytes === 1 ? 'andi a7, a7, 255' : 'slli a7, a7, 48\nsrli a7, a7, 48'}
  ret
`,
  );
}

export const atomics: readonly RuntimeFunction[] = OPERATIONS.flatMap((operation) =>
  SIZES.map((bytes) => narrow(operation, bytes)),
);

const RESULTS: Readonly<Record<Operation, (old: Term, operand: Term, expected: Term) => Term>> = {
  swap: (_, operand) => operand,
  add: (old, operand) => add(old, operand),
  and: (old, operand) => and(old, operand),
  or: (old, operand) => or(old, operand),
  xor: (old, operand) => xor(old, operand),
  neg: (old) => neg(old),
  cas: (old, operand, expected) => ite(eq(expected, old), operand, old),
};

export const atomicContracts: readonly RuntimeContract[] = OPERATIONS.flatMap((operation) =>
  SIZES.map((bytes) => ({
    name: nameOf(operation, bytes),
    atomic: true,
    apply: (state) => {
      const address = state.get('x16');
      const old = state.load(address, bytes);
      const [operand, expected] = [low(state.get('x17'), 8 * bytes), low(state.get('x28'), 8 * bytes)];
      state.apply([store(address, RESULTS[operation](old, operand, expected))]);
      state.values.set('x17', zext(old, 64));
    },
    clobbers: ['x1', 'x16', 'x28', 'x29', 'x30', 'f28', 'f29'],
  })),
);
