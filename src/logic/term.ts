// SPDX-License-Identifier: MIT

/**
 * Terms: hash-consed expressions over bit-vectors and memory.
 *
 * `width` is in bits; 0 marks a memory (a total map from 64-bit addresses to bytes). Booleans are one bit wide.
 * Operators mean what SMT-LIB's QF_ABV says (so `udiv` by zero is all ones) except where their builder says more.
 * Two terms that are structurally equal are the same object: `===` is equality.
 */
export type Op =
  | 'const'
  | 'var'
  | 'not'
  | 'and'
  | 'or'
  | 'xor'
  | 'add'
  | 'mul'
  | 'udiv'
  | 'urem'
  | 'sdiv'
  | 'srem'
  | 'shl'
  | 'lshr'
  | 'ashr'
  | 'rotr'
  | 'concat'
  | 'extract'
  | 'sext'
  | 'ite'
  | 'eq'
  | 'ult'
  | 'slt'
  | 'carry'
  | 'overflow'
  | 'clz'
  | 'bitrev'
  | 'load'
  | 'store'
  | 'apply'
  | FloatOp;

/** IEEE 754 operators on bit patterns; see float.ts for their exact results. */
export type FloatOp =
  | 'fp.add'
  | 'fp.sub'
  | 'fp.mul'
  | 'fp.div'
  | 'fp.sqrt'
  | 'fp.fma'
  | 'fp.eq'
  | 'fp.lt'
  | 'fp.le'
  | 'fp.round'
  | 'fp.convert'
  | 'fp.fromSigned'
  | 'fp.fromUnsigned'
  | 'fp.toSigned'
  | 'fp.toUnsigned'
  | 'fp.isNaN'
  | 'fp.nanX86'
  | 'fp.nanArm';

export interface Term {
  readonly id: number;
  readonly op: Op;
  readonly width: number;
  readonly args: readonly Term[];
  /** The value of a `const`, as an unsigned number below 2^width. */
  readonly value: bigint;
  /** The name of a `var` or of an applied function, or the rounding mode of a float operator. */
  readonly name: string;
  /** `extract`: the lowest bit taken. `load`/`store`: unused (the size is in the widths). */
  readonly lo: number;
}

/** The sort of memories: the width that marks them. */
export const MEMORY = 0;
