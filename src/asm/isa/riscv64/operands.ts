// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { bv, concat, eq, extract, ite, low, mask } from '../../../logic/build.ts';
import type { Term } from '../../../logic/term.ts';
import type { Access } from '../define.ts';
import { type State, set } from '../effect.ts';
import { defaultNaN } from '../floats.ts';
import { kind, type TextKind } from '../kind.ts';
import { inRange, pattern } from '../numbers.ts';
import { type Expr, immOp, isNumber, labelOp, type Operand, type Reg, sym } from '../operand.ts';
import { immTerm, numberKind, word } from '../operand-kinds.ts';
import { LINK, registerOperand, ZERO } from './registers.ts';
import { isRelocatable } from './symbols.ts';

/** Operand kinds other than memory (memory-operands.ts). */

const registers = (...names: readonly string[]): readonly Operand[] =>
  names.map((n) => must(registerOperand(n), `no register ${n}`));

function regOf(operand: Operand): Reg {
  if (operand.kind !== 'reg') throw new TypeError(`a register is expected, not ${operand.kind}`);
  return operand.reg;
}

function gprBehaviour(operand: Operand, state: State) {
  const { loc } = regOf(operand);
  return {
    value: () => (loc === ZERO ? bv(64, 0) : state.get(loc)),
    write: (value: Term) => (loc === ZERO ? [] : [set(loc, value)]),
  };
}

const isGpr = (o: Operand): boolean => o.kind === 'reg' && o.reg.class === 'gpr';

/** Any general register, all 64 bits. */
export function gpr(access: Access): TextKind {
  return kind({
    name: 'x',
    width: 64,
    access,
    isSort: isGpr,
    view: gprBehaviour,
    examples: () => registers('a0', 'zero', 's1', 'ra', 't6'),
  });
}

/** A general register out of some; the names are for messages and examples. */
function gprWhere(
  name: string,
  access: Access,
  test: (loc: string) => boolean,
  names: readonly string[],
  not: readonly string[],
): TextKind {
  return kind({
    name,
    width: 64,
    access,
    isSort: isGpr,
    inRange: (o) => test(regOf(o).loc),
    expects: name,
    view: gprBehaviour,
    examples: () => registers(...names),
    outside: () => registers(...not),
  });
}

/** What a pseudo-instruction puts an address into on its way: `zero` would lose it. */
export const gprNotZero = (access: Access): TextKind =>
  gprWhere('x but zero', access, (loc) => loc !== ZERO, ['a0', 'ra', 't6'], []);
/** Only `zero`: a jump that links to it is no call. */
export const onlyZero = (): TextKind => gprWhere('zero', 'w', (loc) => loc === ZERO, ['zero'], []);
/** Only `ra`: a jump to it is a return. */
export const onlyLink = (): TextKind => gprWhere('ra', 'r', (loc) => loc === LINK, ['ra'], []);
export const gprNotLink = (): TextKind => gprWhere('x but ra', 'r', (loc) => loc !== LINK, ['a5', 't0', 't6'], []);

export type FloatWidth = 32 | 64;

/** A single is read as the canonical NaN where the bits above it are not all ones (chapter 12.2). */
function unboxed(register: Term): Term {
  const boxed = eq(extract(register, 63, 32), bv(32, mask(32)));
  return ite(boxed, low(register, 32), defaultNaN(32));
}

const boxed = (single: Term): Term => concat(bv(32, mask(32)), single);

/** A floating-point number in a register. */
export function fpr(width: FloatWidth, access: Access): TextKind {
  return floatKind(width, access, (register) => (width === 64 ? register : unboxed(register)));
}

/** The low bits of a register, whatever they are: what is stored and moved, not computed with. */
export function fprBits(width: FloatWidth, access: Access): TextKind {
  return floatKind(width, access, (register) => low(register, width));
}

function floatKind(width: FloatWidth, access: Access, read: (register: Term) => Term): TextKind {
  return kind({
    name: 'f',
    width,
    access,
    isSort: (o) => o.kind === 'reg' && o.reg.class === 'fpr',
    view: (o, state) => {
      const { loc } = regOf(o);
      return {
        value: () => read(state.get(loc)),
        write: (value) => [set(loc, width === 64 ? value : boxed(value))],
      };
    },
    examples: () => registers('fa0', 'ft11', 'fs1'),
  });
}

/** The lowest 128 bits of a vector register. What is written depends on `vl` and `vtype`: see vector-state.ts. */
export function vector(access: Access): TextKind {
  return kind({
    name: 'v',
    width: 128,
    access,
    isSort: (o) => o.kind === 'reg' && o.reg.class === 'vec',
    view: (o, state) => ({ value: () => state.get(regOf(o).loc) }),
    examples: () => registers('v2', 'v31', 'v0'),
  });
}

/** 12 bits with a sign, or the low part of an address under one of the operators. */
export function imm12(modifiers: readonly string[] = []): TextKind {
  return numberKind({
    name: 'imm12',
    width: 64,
    test: inRange(-2048, 2047),
    expects: '-2048 to 2047',
    examples: [0, 1, -1, 2047, -2048],
    outside: [2048, -2049],
    symbolic: {
      test: (e) => isRelocatable(e, modifiers),
      examples: modifiers.flatMap((m) => [immOp(sym('sym', 0n, m)), immOp(sym('sym', 8n, m))]),
    },
  });
}

/** How far to shift, below `width`. */
export function shiftAmount(width: 32 | 64): TextKind {
  return numberKind({
    name: `0 to ${width - 1}`,
    width,
    test: inRange(0, width - 1),
    expects: `0 to ${width - 1}`,
    examples: [0, 1, width / 2, width - 1],
    outside: [width, -1],
  });
}

/** What `li` loads: any 64 bits, of either sign. */
export function anyImm(): TextKind {
  return numberKind({
    name: 'imm64',
    width: 64,
    test: (v) => pattern(v, 64) !== undefined,
    expects: 'a number of 64 bits',
    examples: [
      ...[0, 1, -1, 2047, 2048, -2049, 0x12345678, 0x7fffffff, 0x80000000, 0xffffffff, -0x80000000],
      ...[0x123456789abcdef0n, 1n << 63n, -(1n << 63n), (1n << 64n) - 1n, 0xff00ff0000000000n],
    ],
    outside: [1n << 64n],
  });
}

const UPPER = ['hi', 'tprel_hi'];

/** The upper 20 bits of a sign-extended word: 0 to 0xfffff, or an address's part under an operator. The value stands in place. */
export function imm20(modifiers: 'relocatable' | 'plain'): TextKind {
  const accepted = modifiers === 'plain' ? [] : UPPER;
  const isUpper = inRange(0, 0xfffff);
  const takes = (e: Expr): boolean =>
    isNumber(e) && e.modifier === undefined ? isUpper(e.offset) : isRelocatable(e, accepted);
  return kind({
    name: 'imm20',
    width: 64,
    access: 'r',
    isSort: (o) => o.kind === 'imm' && !o.label,
    inRange: (o) => o.kind === 'imm' && takes(o.value),
    expects: '0 to 1048575',
    view: (o, state) => ({ value: () => upperTerm(o, state) }),
    examples: () => [0, 1, 0x7ffff, 0x80000, 0xfffff].map((v) => immOp(v)),
    outside: () => [immOp(-1), immOp(0x100000)],
    symbolic: () => accepted.flatMap((m) => [immOp(sym('sym', 0n, m)), immOp(sym('sym', 8n, m))]),
  });
}

function upperTerm(o: Operand, state: State): Term {
  if (o.kind !== 'imm' || !isNumber(o.value)) return immTerm(o, state, 64);
  return bv(64, BigInt.asIntN(32, o.value.offset << 12n));
}

export interface LabelOptions {
  /** Whether an offset may follow the symbol. */
  readonly offset: boolean;
  /** Whether `@plt` may follow it, which means nothing more. */
  readonly plt?: boolean;
  /** Where forms with more operands take a register. */
  readonly orRegister?: boolean;
}

/** A code label or another symbol: its address. */
export function label({ offset, plt = false, orRegister = false }: LabelOptions): TextKind {
  const takes = (e: Expr): boolean => {
    if (e.plus === undefined || e.minus !== undefined || (!offset && e.offset !== 0n)) return false;
    return e.modifier === undefined || (plt && e.modifier === 'plt' && e.offset === 0n);
  };
  return kind({
    name: 'label',
    width: 64,
    access: 'r',
    bare: orRegister ? 'label at end' : 'label',
    isSort: (o) => o.kind === 'imm' && o.label,
    inRange: (o) => o.kind === 'imm' && takes(o.value),
    expects: offset ? 'a symbol' : 'a symbol without an offset; lla takes one',
    view: (o, state) => ({ value: () => immTerm(o, state, 64) }),
    examples: () => [],
    symbolic: () => [
      labelOp('sym'),
      ...(offset ? [labelOp('sym', 8)] : []),
      ...(plt ? [{ kind: 'imm', value: sym('sym', 0n, 'plt'), label: true } as const] : []),
    ],
  });
}

/** `%tprel_add(symbol)`, which only marks an addition for the linker. */
export function tprelAdd(): TextKind {
  return kind({
    name: '%tprel_add',
    width: 64,
    access: 'r',
    isSort: (o) => o.kind === 'imm' && o.value.modifier === 'tprel_add',
    view: () => ({}),
    examples: () => [],
    symbolic: () => [immOp(sym('sym', 0n, 'tprel_add')), immOp(sym('sym', 8n, 'tprel_add'))],
  });
}

/** The rounding modes of instructions, and what they round to; `dyn` is the mode in `fcsr`. */
export const ROUNDINGS = { rne: 'rne', rtz: 'rtz', rdn: 'rtn', rup: 'rtp', rmm: 'rna', dyn: 'rne' } as const;
export type RoundingWord = keyof typeof ROUNDINGS;
export const isRounding = (w: string): w is RoundingWord => Object.hasOwn(ROUNDINGS, w);

/** A rounding mode; `near` takes only those that round to nearest even. */
export const rounding = (which: 'any' | 'near'): TextKind =>
  word('rounding mode', which === 'any' ? Object.keys(ROUNDINGS) : ['rne', 'dyn']);
