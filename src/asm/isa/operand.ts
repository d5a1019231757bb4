// SPDX-License-Identifier: MIT

/** A register name as it is written, and the bits of which location it stands for (`ah` is bits 8..15 of `rax`). */
export interface Reg {
  readonly name: string;
  /** The full location in the state, or the ISA's name for a register that reads as zero (`xzr`, `wzr`: `zero`). */
  readonly loc: string;
  readonly lo: number;
  readonly width: number;
  /** `gpr`, `sp`, `vec`, `seg`, `ip`, ...: what operand kinds select by. */
  readonly class: string;
}

/**
 * What an assembler may write for a number: `plus - minus + offset`, with a relocation `modifier` as the dialect
 * spells it (`GOTPCREL`, `PLT`, `tpoff`, `gottpoff`; `lo12`, `got`, `got_lo12`, ...). A plain number has only `offset`.
 */
export interface Expr {
  readonly offset: bigint;
  readonly plus?: string | undefined;
  readonly minus?: string | undefined;
  readonly modifier?: string | undefined;
}

export type Operand = RegOperand | ImmOperand | MemOperand | VecOperand | ListOperand | ShiftOperand | WordOperand;

export interface RegOperand {
  readonly kind: 'reg';
  readonly reg: Reg;
}

/** An immediate, or the label of a branch. `indirect` marks x86's `*` before a register or memory branch target. */
export interface ImmOperand {
  readonly kind: 'imm';
  readonly value: Expr;
  /** True for a bare `foo` (a branch target or, on x86, never a constant); false for `$foo` and `#foo`. */
  readonly label: boolean;
}

/** A memory operand: `segment:disp(base,index,scale)` or `[base, index, extend #amount]`, `[base, #disp]!`, `[base], #disp`. */
export interface MemOperand {
  readonly kind: 'mem';
  readonly disp: Expr;
  readonly base?: Reg | undefined;
  readonly index?: Reg | undefined;
  /** x86: 1, 2, 4 or 8. */
  readonly scale?: number | undefined;
  readonly segment?: string | undefined;
  /** The access size in bits, where the text says it (`dword ptr`). */
  readonly width?: number;
  /** AArch64: `lsl`, `uxtw`, `sxtw`, `sxtx`. */
  readonly extend?: string;
  readonly amount?: number;
  /** AArch64: absent means plain offset. */
  readonly mode?: 'pre' | 'post';
}

/** `v3.4s`, `v3.s[1]`. */
export interface VecOperand {
  readonly kind: 'vec';
  readonly reg: Reg;
  /** `16b`, `8h`, `4s`, `2d`, `8b`, ...; for a lane just `b`, `h`, `s`, `d`. */
  readonly arrangement: string;
  readonly lane?: number;
}

/** `{v0.16b, v1.16b}` */
export interface ListOperand {
  readonly kind: 'list';
  readonly regs: readonly VecOperand[];
}

/** `lsl #3`, `uxtw #2`, `msl #8`, written after a comma. */
export interface ShiftOperand {
  readonly kind: 'shift';
  readonly name: string;
  readonly amount: number;
}

/** A bare word with a meaning of its own: a condition (`eq`), a barrier (`ish`), a system register (`nzcv`). */
export interface WordOperand {
  readonly kind: 'word';
  readonly word: string;
}

/** All have the same properties in the same order, so that the engine has one representation for them. */
export function linear(offset: bigint, plus?: string, minus?: string, modifier?: string): Expr {
  return { offset, plus, minus, modifier };
}

export function num(value: bigint | number): Expr {
  return linear(BigInt(value));
}

export function sym(plus: string, offset: bigint | number = 0n, modifier?: string): Expr {
  return linear(BigInt(offset), plus, undefined, modifier);
}

export function isNumber(e: Expr): boolean {
  return e.plus === undefined && e.minus === undefined;
}

export const regOp = (reg: Reg): RegOperand => ({ kind: 'reg', reg });
export const immOp = (value: bigint | number | Expr): ImmOperand => ({
  kind: 'imm',
  value: typeof value === 'object' ? value : num(value),
  label: false,
});
export const labelOp = (name: string, offset: bigint | number = 0n): ImmOperand => ({
  kind: 'imm',
  value: sym(name, offset),
  label: true,
});
