// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { bv, low, zext } from '../../../logic/build.ts';
import type { Access, View } from '../define.ts';
import { type State, set } from '../effect.ts';
import { kind, type TextKind } from '../kind.ts';
import { inRange, pattern } from '../numbers.ts';
import { immOp, labelOp, type Operand, type Reg, sym } from '../operand.ts';
import { immTerm, type NumberSpec, numberKind, word, wordOf } from '../operand-kinds.ts';
import { type Condition, conditionNamed, conditions } from './flags.ts';
import { isAddImmediate, isBitmaskImmediate, isMoveImmediate } from './immediates.ts';
import { type FprWidth, registerOperand, ZERO } from './registers.ts';
import { isRelocatable } from './symbols.ts';

/** Operand kinds other than memory (memory-operands.ts) and vectors (vector-operands.ts). */

export type GprWidth = 32 | 64;

const registers = (...names: readonly string[]): readonly Operand[] =>
  names.map((n) => must(registerOperand(n), `no register ${n}`));

function regOf(operand: Operand): Reg {
  if (operand.kind !== 'reg') throw new TypeError(`a register is expected, not ${operand.kind}`);
  return operand.reg;
}

/** A general register read and written in its low `width` bits; writing 32 bits clears the upper half (B1.2.1). */
function gprBehaviour(operand: Operand, state: State, width: GprWidth) {
  const { loc } = regOf(operand);
  return {
    value: () => (loc === ZERO ? bv(width, 0) : low(state.get(loc), width)),
    write: (value: Parameters<View['write']>[0]) => (loc === ZERO ? [] : [set(loc, zext(value, 64))]),
  };
}

/** `w0` to `w30`, `wzr`, or the `x` registers. */
export function gpr(width: GprWidth, access: Access): TextKind {
  const letter = width === 64 ? 'x' : 'w';
  return kind({
    name: letter,
    width,
    access,
    isSort: (o) => o.kind === 'reg' && o.reg.class === 'gpr' && o.reg.width === width,
    view: (o, state) => gprBehaviour(o, state, width),
    examples: () => registers(`${letter}0`, `${letter}7`, `${letter}19`, `${letter}30`, `${letter}zr`),
  });
}

/** A general register without the zero register, or the stack pointer. */
export function gprOrSp(width: GprWidth, access: Access): TextKind {
  const letter = width === 64 ? 'x' : 'w';
  const sp = width === 64 ? 'sp' : 'wsp';
  return kind({
    name: `${letter}|${sp}`,
    width,
    access,
    isSort: (o) =>
      o.kind === 'reg' && o.reg.width === width && (o.reg.class === 'gpr' ? o.reg.loc !== ZERO : o.reg.class === 'sp'),
    view: (o, state) => gprBehaviour(o, state, width),
    examples: () => registers(`${letter}1`, `${letter}29`, sp),
  });
}

/** Only the stack pointer. */
export function stackPointer(width: GprWidth, access: Access): TextKind {
  const name = width === 64 ? 'sp' : 'wsp';
  return kind({
    name,
    width,
    access,
    isSort: (o) => o.kind === 'reg' && o.reg.class === 'sp' && o.reg.width === width,
    view: (o, state) => gprBehaviour(o, state, width),
    examples: () => registers(name),
  });
}

/** The even register of a pair of consecutive ones (`casp`). */
export function gprEven(width: GprWidth, access: Access): TextKind {
  const base = gpr(width, access);
  const letter = width === 64 ? 'x' : 'w';
  return kind({
    ...base,
    name: `even ${letter}`,
    expects: 'an even register',
    isSort: base.isSort,
    inRange: (o) => o.kind === 'reg' && o.reg.loc !== ZERO && Number(o.reg.loc.slice(1)) % 2 === 0,
    view: (o, state) => gprBehaviour(o, state, width),
    examples: () => registers(`${letter}0`, `${letter}22`),
    outside: () => registers(`${letter}1`),
  });
}

/** A scalar view of a vector register; writing it clears the bits above. */
export function fpr(width: FprWidth, access: Access): TextKind {
  const letter = { 8: 'b', 16: 'h', 32: 's', 64: 'd', 128: 'q' }[width];
  return kind({
    name: letter,
    width,
    access,
    isSort: (o) => o.kind === 'reg' && o.reg.class === 'fpr' && o.reg.width === width,
    view: (o, state) => {
      const { loc } = regOf(o);
      return { value: () => low(state.get(loc), width), write: (value) => [set(loc, zext(value, 128))] };
    },
    examples: () => registers(`${letter}0`, `${letter}9`, `${letter}31`),
  });
}

export interface ImmSpec extends NumberSpec {
  /** Relocation operators that may stand here. */
  readonly modifiers?: readonly string[];
}

/** A number, or a part of an address that the linker fills in. */
export function immediate(spec: ImmSpec): TextKind {
  const { modifiers } = spec;
  if (modifiers === undefined) return numberKind(spec);
  return numberKind({
    ...spec,
    symbolic: { test: (e) => isRelocatable(e, modifiers), examples: modifiers.map((m) => immOp(sym('sym', 0n, m))) },
  });
}

const ADD_MODIFIERS = ['lo12', 'tprel_hi12', 'tprel_lo12', 'tprel_lo12_nc', 'tlsdesc_lo12'];

/** The immediate of `add` and `sub`; only `add` takes relocation operators. */
export function addImm(width: GprWidth, relocatable: boolean): TextKind {
  return immediate({
    name: 'imm12',
    width,
    test: isAddImmediate,
    expects: '-4095 to 4095, or a multiple of 4096 up to 4095 * 4096',
    examples: [0, 1, 4095, 4096, 4095 * 4096, -1, -4095, -4096],
    outside: [4097, 4096 * 4096, -4097, 4096 * 4095 + 1],
    modifiers: relocatable ? ADD_MODIFIERS : [],
  });
}

/** The 12 bits before an explicit `lsl #0` or `lsl #12`. */
export function addImmShifted(width: GprWidth, relocatable: boolean): TextKind {
  return immediate({
    name: 'imm12',
    width,
    test: inRange(-4095, 4095),
    expects: '-4095 to 4095',
    examples: [0, 1, 4095, -1],
    outside: [4096, -4096],
    modifiers: relocatable ? ['tprel_hi12'] : [],
  });
}

/** A bitmask immediate of the logical instructions. */
export function logicImm(width: GprWidth): TextKind {
  return immediate({
    name: 'bitmask',
    width,
    test: (v) => isBitmaskImmediate(v, width),
    expects: `a rotated run of ones, repeated over ${width} bits`,
    examples:
      width === 64
        ? [
            1,
            0xff,
            -16,
            0xffff0000,
            0x5555555555555555n,
            0xf00ff00ff00ff00fn,
            -2,
            0x8000000000000000n,
            0x7fffffffffffffffn,
          ]
        : [1, 0xff, -16, 0xffff0000, 0x55555555, 0xf00ff00f, 0x80000001, 0x7fffffff],
    outside: [0, -1, 5, 0x1234],
  });
}

export const moveImm = (width: GprWidth): TextKind =>
  immediate({
    name: 'imm',
    width,
    test: (v) => isMoveImmediate(v, width),
    expects: 'what movz, movn or orr can make: 16 bits in place (the rest all zeros or all ones) or a bitmask',
    examples:
      width === 64
        ? [0, 1, 0xffff, 0x10000, -1, -0x10000, 0x5555555555555555n, 0x1234000000000000n, -0x123400000001n]
        : [0, 1, 0xffff, 0x10000, -1, 0xffffffff, -0x10001, 0x55555555],
    outside: width === 64 ? [0x12345, 0x123456789] : [0x12345],
  });

const ABS_MODIFIERS = ['abs_g0', 'abs_g0_nc', 'abs_g1', 'abs_g1_nc', 'abs_g2', 'abs_g2_nc', 'abs_g3'];

/** The 16 bits of `movz`, `movn` and `movk`. A relocation operator also chooses the shift. */
export function imm16(width: GprWidth, modifiers: 'checked' | 'unchecked' | 'none'): TextKind {
  const sized = ABS_MODIFIERS.filter((m) => width === 64 || m < 'abs_g2');
  return immediate({
    name: 'imm16',
    width,
    test: inRange(0, 65535),
    expects: '0 to 65535',
    examples: [0, 1, 0xbeef, 65535],
    outside: [65536, -1],
    modifiers:
      modifiers === 'none' ? [] : sized.filter((m) => modifiers === 'checked' || m.endsWith('_nc') || m === 'abs_g3'),
  });
}

/** A code label or a symbol, plus an offset; `modifiers` are the relocation operators that may stand before it. */
export function label(modifiers: readonly string[] = []): TextKind {
  return kind({
    name: 'label',
    width: 64,
    access: 'r',
    bare: 'label',
    isSort: (o) => o.kind === 'imm' && o.label,
    inRange: (o) =>
      o.kind === 'imm' &&
      (o.value.modifier === undefined
        ? o.value.plus !== undefined && o.value.minus === undefined
        : isRelocatable(o.value, modifiers)),
    expects: modifiers.length === 0 ? 'a symbol' : `a symbol, with none of the operators but ${modifiers.join(', ')}`,
    view: (o, state) => ({ value: () => immTerm(o, state, 64) }),
    examples: () => [],
    symbolic: () => [
      labelOp('sym'),
      labelOp('sym', 8),
      ...modifiers.map((m): Operand => ({ kind: 'imm', value: sym('sym', 0n, m), label: true })),
    ],
  });
}

/** `lsl #3`, `sxtw #2`, `uxtb`: written after a comma. Extensions by 0 are written without the amount. */
export function shift(names: readonly string[], amounts: readonly number[]): TextKind {
  const top = must(amounts.at(-1), 'a shift has amounts');
  return kind({
    name: names.join('|'),
    width: 8,
    access: 'r',
    isSort: (o) => o.kind === 'shift' && names.includes(o.name),
    inRange: (o) => o.kind === 'shift' && amounts.includes(o.amount),
    expects: amounts.length <= 5 ? amounts.join(' or ') : `${amounts[0]} to ${top}`,
    view: () => ({}),
    examples: () =>
      names.flatMap((name) =>
        [...new Set([amounts[0] ?? 0, amounts[1] ?? 0, top])].map(
          (amount): Operand => ({ kind: 'shift', name, amount }),
        ),
      ),
    outside: () => names.map((name): Operand => ({ kind: 'shift', name, amount: top + 1 })),
  });
}

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

/** The shift of a register operand, by less than its width. */
export const regShift = (width: GprWidth, names: readonly string[] = ['lsl', 'lsr', 'asr']): TextKind =>
  shift(names, upTo(width));
export const extension = (names: readonly string[]): TextKind => shift(names, upTo(5));

/** Any of the sixteen conditions. */
export const condition = (): TextKind => word('cond', conditions, conditionNamed);
/** A condition that has an inverse: not `al` or `nv`. */
export const properCondition = (): TextKind => word('cond', conditions.slice(0, 14), conditionNamed);

export function conditionOf(view: View): Condition {
  return must(conditionNamed(wordOf(view)), `no condition ${wordOf(view)}`);
}

/** The unsigned pattern of an immediate operand. */
export function patternOf(view: View): bigint {
  if (view.operand.kind !== 'imm') throw new TypeError(`an immediate is expected, not ${view.operand.kind}`);
  return must(pattern(view.operand.value.offset, view.width), 'the immediate fits its width');
}

export function shiftOf(view: View): { readonly name: string; readonly amount: number } {
  if (view.operand.kind !== 'shift') throw new TypeError(`a shift is expected, not ${view.operand.kind}`);
  return view.operand;
}
