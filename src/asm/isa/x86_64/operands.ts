// SPDX-License-Identifier: MIT
import { InternalError } from '../../../base/assert.ts';
import { add, bv, concat, extract, low, mul, zext } from '../../../logic/build.ts';
import type { Term } from '../../../logic/term.ts';
import type { Access, OperandKind, View } from '../define.ts';
import { type Effect, type State, set, store } from '../effect.ts';
import { type ImmOperand, immOp, isNumber, type MemOperand, type Operand, type Reg, regOp } from '../operand.ts';
import { exampleImms, exampleLabels, exampleMems, exampleRegs, exampleXmms } from './examples.ts';
import { reg } from './registers.ts';

/** The kinds of operands x86-64 instructions take, and how each is read and written. */

/** `old` (a whole location) with the part that `r` names replaced; 32-bit general registers clear the upper half. */
export function insertReg(old: Term, r: Reg, value: Term): Term {
  if (r.width === old.width) return value;
  if (r.class === 'gpr' && r.width === 32) return zext(value, 64);
  const hi = r.lo + r.width;
  return r.lo === 0
    ? concat(extract(old, old.width - 1, hi), value)
    : concat(extract(old, old.width - 1, hi), value, low(old, r.lo));
}

/** The value of the part of a location that `r` names. */
export function readReg(r: Reg, state: State): Term {
  return extract(state.get(r.loc), r.lo + r.width - 1, r.lo);
}

/** Writes to registers and memory, in order: a later write to a part of the same register goes on top of an earlier. */
export function writeAll(state: State, writes: readonly (readonly [Operand | Reg | View, Term])[]): Effect[] {
  const regs = new Map<string, Term>();
  const effects: Effect[] = [];
  for (const [place, value] of writes) {
    const r = regOf(place);
    if (r !== undefined) regs.set(r.loc, insertReg(regs.get(r.loc) ?? state.get(r.loc), r, value));
    else if ('write' in place) effects.push(...place.write(value));
    else misuse('writeAll takes views, register operands and registers');
  }
  for (const [loc, value] of regs) effects.push(set(loc, value));
  return effects;
}

function regOf(place: Operand | Reg | View): Reg | undefined {
  if ('write' in place) return place.operand.kind === 'reg' ? place.operand.reg : undefined;
  if ('kind' in place) return place.kind === 'reg' ? place.reg : undefined;
  return place;
}

function part(r: Reg, state: State): Term {
  return r.width === 64 ? state.get(r.loc) : zext(readReg(r, state), 64);
}

/**
 * The linear address of a memory operand (SDM vol. 1, 3.7.5). With `rip` as base and a symbol, the assembler has
 * already subtracted the instruction's own address, so the symbol's address is all there is.
 */
export function effectiveAddress(op: MemOperand, state: State): Term {
  let sum: Term | undefined;
  if (op.base !== undefined) {
    if (op.base.class !== 'ip') sum = part(op.base, state);
    else if (isNumber(op.disp)) sum = state.next();
  }
  if (op.index !== undefined) {
    const index = part(op.index, state);
    const scaled = (op.scale ?? 1) === 1 ? index : mul(index, bv(64, op.scale ?? 1));
    sum = sum === undefined ? scaled : add(sum, scaled);
  }
  if (!isNumber(op.disp)) {
    const symbol = state.symbol(op.disp);
    sum = sum === undefined ? symbol : add(sum, symbol);
  } else if (sum === undefined) sum = bv(64, op.disp.offset);
  else if (op.disp.offset !== 0n) sum = add(sum, bv(64, op.disp.offset));
  if (op.base?.width === 32 || op.index?.width === 32) sum = zext(low(sum, 32), 64);
  if (op.segment === 'fs') sum = add(state.get('fsbase'), sum);
  else if (op.segment === 'gs') sum = add(state.get('gsbase'), sum);
  return sum;
}

function immValue(op: ImmOperand, width: number, state: State): Term {
  if (isNumber(op.value)) return bv(width, op.value.offset);
  return low(state.symbol(op.value), width);
}

function misuse(what: string): never {
  throw new InternalError(what);
}

/** The view of any operand at `width` bits. */
export function viewOf(operand: Operand, width: number, state: State): View {
  switch (operand.kind) {
    case 'reg': {
      const r = operand.reg;
      return {
        width,
        operand,
        get value() {
          return readReg(r, state);
        },
        get address() {
          return misuse('a register has no address');
        },
        write: (value) => [set(r.loc, r.width === 64 ? value : insertReg(state.get(r.loc), r, value))],
      };
    }
    case 'mem': {
      let address: Term | undefined;
      const where = (): Term => {
        address ??= effectiveAddress(operand, state);
        return address;
      };
      return {
        width,
        operand,
        get value() {
          return state.load(where(), width / 8);
        },
        get address() {
          return where();
        },
        write: (value) => [store(where(), value)],
      };
    }
    case 'imm':
      return {
        width,
        operand,
        get value() {
          return immValue(operand, width, state);
        },
        get address() {
          return misuse('an immediate has no address');
        },
        write: () => misuse('an immediate cannot be written'),
      };
    default:
      return misuse(`x86-64 has no ${operand.kind} operands`);
  }
}

/** Vector registers seen at less than their width: the low part, and writes that keep the rest (legacy SSE). */
function xmmView(operand: Operand, width: number, state: State): View {
  if (operand.kind !== 'reg' || width === 128) return viewOf(operand, width, state);
  const r = operand.reg;
  return {
    width,
    operand,
    get value() {
      return low(state.get(r.loc), width);
    },
    get address() {
      return misuse('a register has no address');
    },
    write: (value) => [set(r.loc, concat(extract(state.get(r.loc), 127, width), value))],
  };
}

const exampleLists = new WeakMap<OperandKind, () => readonly Operand[]>();

/** Operands that `kind` accepts: at least one of each shape. */
export function examples(kind: OperandKind): readonly Operand[] {
  const list = exampleLists.get(kind);
  return list === undefined ? [] : list();
}

interface KindSpec {
  readonly name: string;
  readonly width: number;
  readonly access: Access;
  readonly accepts: (operand: Operand) => boolean;
  readonly examples: () => readonly Operand[];
  readonly view?: (operand: Operand, width: number, state: State) => View;
}

const pool = new Map<string, OperandKind>();

function kind(spec: KindSpec): OperandKind {
  const key = `${spec.name}|${spec.width}|${spec.access}`;
  const known = pool.get(key);
  if (known !== undefined) return known;
  const { name, width, access, accepts } = spec;
  const view = spec.view ?? viewOf;
  const made: OperandKind = { name, width, access, accepts, view: (operand, state) => view(operand, width, state) };
  exampleLists.set(made, spec.examples);
  pool.set(key, made);
  return made;
}

const isGpr = (o: Operand, w: number): boolean => o.kind === 'reg' && o.reg.width === w && o.reg.class === 'gpr';
const isVec = (o: Operand): boolean => o.kind === 'reg' && o.reg.class === 'vec';
const isMem = (o: Operand, w: number): boolean => o.kind === 'mem' && (o.width === undefined || o.width === w);
const between = (o: Operand, lo: bigint, hi: bigint): boolean =>
  o.kind === 'imm' && !o.label && isNumber(o.value) && o.value.offset >= lo && o.value.offset <= hi;

/** Whether an immediate can stand for a `w`-bit value: for 64 bits, a sign-extended 32-bit one (SDM vol. 2, 2.2.1.5). */
function isImm(o: Operand, w: number): boolean {
  if (o.kind !== 'imm' || o.label) return false;
  if (!isNumber(o.value)) return w >= 32;
  const v = o.value.offset;
  if (w === 64) return (v >= -0x80000000n && v <= 0x7fffffffn) || (v >= 0xffffffff80000000n && v < 1n << 64n);
  return v >= -(1n << BigInt(w - 1)) && v < 1n << BigInt(w);
}

/** A general register: `r32`. */
export const gpr = (w: number, access: Access): OperandKind =>
  kind({ name: `r${w}`, width: w, access, accepts: (o) => isGpr(o, w), examples: () => exampleRegs(w) });

/** A general register or memory: `r/m32`. */
export const gprM = (w: number, access: Access): OperandKind =>
  kind({
    name: `r/m${w}`,
    width: w,
    access,
    accepts: (o) => isGpr(o, w) || isMem(o, w),
    examples: () => [...exampleRegs(w), ...exampleMems()],
  });

/** `r/m64` without a segment, whose prefix `notrack` takes up. */
export const gprMTracked = (): OperandKind =>
  kind({
    name: 'r/m64 (no segment)',
    width: 64,
    access: 'r',
    accepts: (o) => isGpr(o, 64) || (isMem(o, 64) && o.kind === 'mem' && o.segment === undefined),
    examples: () => [...exampleRegs(64), ...exampleMems().filter((m) => m.segment === undefined)],
  });

/** What a two-operand integer instruction reads: `r/m/imm32`. A 64-bit immediate is sign-extended from 32 bits. */
export const gprMI = (w: number): OperandKind =>
  kind({
    name: `r/m/imm${w}`,
    width: w,
    access: 'r',
    accepts: (o) => isGpr(o, w) || isMem(o, w) || isImm(o, w),
    examples: () => [...exampleRegs(w), ...exampleMems(), ...exampleImms(w, 'simm32')],
  });

/** A register or an immediate, where the other operand is memory: `r/imm32`. */
export const gprI = (w: number): OperandKind =>
  kind({
    name: `r/imm${w}`,
    width: w,
    access: 'r',
    accepts: (o) => isGpr(o, w) || isImm(o, w),
    examples: () => [...exampleRegs(w), ...exampleImms(w, 'simm32')],
  });

/** The accumulator alone: `al`, `ax`, `eax`, `rax`. */
export const accumulator = (w: number, access: Access): OperandKind =>
  kind({
    name: `accumulator${w}`,
    width: w,
    access,
    accepts: (o) => isGpr(o, w) && o.kind === 'reg' && o.reg.loc === 'rax' && o.reg.lo === 0,
    examples: () => exampleRegs(w).filter((o) => o.kind === 'reg' && o.reg.loc === 'rax' && o.reg.lo === 0),
  });

/** Memory at an address that the instruction holds whole. */
export const absolute = (w: number, access: Access): OperandKind =>
  kind({
    name: `moffs${w}`,
    width: w,
    access,
    accepts: (o) => isMem(o, w) && o.kind === 'mem' && o.base === undefined && o.index === undefined,
    examples: () => [{ kind: 'mem', disp: { plus: 'sym', offset: 8n } }],
  });

/** Memory of `w` bits: `m64`. */
export const mem = (w: number, access: Access): OperandKind =>
  kind({ name: `m${w}`, width: w, access, accepts: (o) => isMem(o, w), examples: exampleMems });

const plainMems = (): Operand[] => exampleMems().filter((m) => m.segment === undefined && m.disp.offset !== 0x1000n);

/** A memory operand of which only the address matters (`lea`, prefetches). */
export const addressOnly = (): OperandKind =>
  kind({ name: 'm', width: 0, access: 'r', accepts: (o) => o.kind === 'mem', examples: plainMems });

/** An immediate that stands for a `w`-bit value; for 64 bits sign-extended from 32. */
export const imm = (w: number): OperandKind =>
  kind({
    name: w === 64 ? 'simm32' : `imm${w}`,
    width: w,
    access: 'r',
    accepts: (o) => isImm(o, w),
    examples: () => exampleImms(w, 'simm32'),
  });

/** An immediate of a full 64 bits (`movabs`). */
export const imm64 = (): OperandKind =>
  kind({
    name: 'imm64',
    width: 64,
    access: 'r',
    accepts: (o) => o.kind === 'imm' && !o.label && (!isNumber(o.value) || between(o, -(1n << 63n), (1n << 64n) - 1n)),
    examples: () => exampleImms(64, 'any'),
  });

/** An 8-bit immediate that is a count, a selector or a mask. */
export const imm8 = (): OperandKind =>
  kind({
    name: 'imm8',
    width: 8,
    access: 'r',
    accepts: (o) => between(o, -128n, 255n),
    examples: () => exampleImms(8, 'imm8'),
  });

/** A 16-bit unsigned immediate (`ret $8`). */
export const imm16 = (): OperandKind =>
  kind({
    // Unlike `imm16`, which may be negative.
    name: 'uimm16',
    width: 16,
    access: 'r',
    accepts: (o) => between(o, 0n, 0xffffn),
    examples: () => [immOp(8), immOp(16)],
  });

/** An immediate from 0 up to but not including `limit`. */
export const below = (limit: number): OperandKind =>
  kind({
    name: `imm<${limit}`,
    width: 8,
    access: 'r',
    accepts: (o) => between(o, 0n, BigInt(limit - 1)),
    examples: () => Array.from({ length: limit }, (_, i) => immOp(i)),
  });

/** A shift count: `%cl` or an 8-bit immediate. The value is 8 bits wide and not masked. */
export const shiftCount = (): OperandKind =>
  kind({
    name: 'cl/imm8',
    width: 8,
    access: 'r',
    accepts: (o) => between(o, -128n, 255n) || (o.kind === 'reg' && o.reg.name === 'cl'),
    examples: () => [regOp(reg('cl')), ...exampleImms(8, 'imm8')],
  });

/** The label a branch goes to. */
export const rel = (): OperandKind =>
  kind({
    name: 'label',
    width: 64,
    access: 'r',
    accepts: (o) => o.kind === 'imm' && o.label,
    examples: exampleLabels,
  });

/** A vector register; narrower than 128 bits it is the low part, whose writes keep the rest. */
export const xmm = (access: Access, w = 128): OperandKind =>
  kind({ name: 'xmm', width: w, access, accepts: isVec, examples: exampleXmms, view: xmmView });

/** A vector register's low `w` bits, or memory: `xmm/m64`. */
export const xmmM = (w: number, access: Access): OperandKind =>
  kind({
    name: `xmm/m${w}`,
    width: w,
    access,
    accepts: (o) => isVec(o) || isMem(o, w),
    examples: () => [...exampleXmms(), ...exampleMems()],
    view: xmmView,
  });

export const xmmM32 = (access: Access): OperandKind => xmmM(32, access);
export const xmmM64 = (access: Access): OperandKind => xmmM(64, access);
export const xmmM128 = (access: Access): OperandKind => xmmM(128, access);
