// SPDX-License-Identifier: MIT
import { mapped } from '../../base/lists.ts';
import type { Term } from '../../logic/term.ts';
import type { Inst } from '../isa/define.ts';
import { effectsOf } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import type { MemOperand, Operand, Reg } from '../isa/operand.ts';
import { SymbolicState } from '../isa/state.ts';
import { remember } from './remember.ts';
import type { Shape } from './shape.ts';

const registers = new WeakMap<Isa, readonly string[]>();

/** The general registers and the stack pointer; facts name them by their index in this list. */
export function registersOf(isa: Isa): readonly string[] {
  const list =
    registers.get(isa) ?? isa.locations.filter((l) => l.kind === 'gpr' || l.kind === 'sp').map((l) => l.name);
  registers.set(isa, list);
  return list;
}

/** A value as a sum: registers, a number, the instruction's displacement, and perhaps something else (an index that is scaled, a symbol). */
export interface Sum {
  readonly registers: readonly number[];
  readonly offset: number;
  /** How often the displacement is in it. */
  readonly displacements: number;
  readonly other: boolean;
}

/** The parts of an instruction's meaning that are sums over registers, as they were before it. */
export interface LinearFacts {
  /** Every general register that it sets, the stack pointer included; undefined for a value that is no sum. */
  readonly sets: readonly { readonly register: number; readonly value: Sum | undefined }[];
  readonly accesses: readonly { readonly kind: 'load' | 'store'; readonly address: Sum; readonly bytes: number }[];
}

const PREFIX = 'in.';
/** Stands for the displacement, which may be another one in each instruction of a shape. */
const DISPLACEMENT = 'displacement of this instruction';
/** No offset in a frame is as large. */
const FARTHEST = 0x40000000;

const linearOfShape = remember('linear', (inst, isa) => findFacts(withDisplacement(inst), isa));

/** The facts of an instruction, in which `displacements` counts `displacementOf` it. */
export function linearFacts(inst: Inst, shape: Shape, isa: Isa): LinearFacts {
  return sharesFacts(inst, isa) ? linearOfShape(inst, shape, isa) : findFacts(inst, isa);
}

/** The displacement of the memory operand, where it is only a number, beside a register. */
export function displacementOf(inst: Inst): number {
  const mem = inst.ops.find(isDisplaced);
  return mem === undefined ? 0 : Number(BigInt.asIntN(64, mem.disp.offset));
}

/** The offset of a sum; undefined where it is no number that a frame can have. */
export function offsetOf(sum: Sum, displacement: number): number | undefined {
  const offset = sum.offset + sum.displacements * displacement;
  return offset >= FARTHEST || offset < -FARTHEST ? undefined : offset;
}

/** Whether what holds of the instruction with another displacement, and other symbols, holds of it. */
function sharesFacts(inst: Inst, isa: Isa): boolean {
  if (isa.name !== 'x86_64') return false;
  let displaced = 0;
  for (const op of inst.ops) {
    if (isDisplaced(op)) displaced++;
    if (op.kind === 'imm' && !op.label && (op.value.plus ?? op.value.minus) !== undefined) return false;
    if (op.kind !== 'mem') continue;
    // An offset from a symbol does not matter, but where a register is added as well.
    const named = (op.disp.plus ?? op.disp.minus) !== undefined;
    if (op.segment !== undefined || (named && (isGeneral(op.base) || op.index !== undefined))) return false;
  }
  return displaced <= 1;
}

const isGeneral = (reg: Reg | undefined): boolean => reg?.class === 'gpr' || reg?.class === 'sp';

function isDisplaced(op: Operand): op is MemOperand {
  if (op.kind !== 'mem' || (op.disp.plus ?? op.disp.minus) !== undefined) return false;
  return (isGeneral(op.base) && op.disp.offset !== 0n) || (op.base === undefined && op.index !== undefined);
}

function withDisplacement(inst: Inst): Inst {
  const ops = mapped(inst.ops, (op) => (isDisplaced(op) ? { ...op, disp: { plus: DISPLACEMENT, offset: 0n } } : op));
  return { def: inst.def, ops };
}

/** The same, found for this very instruction; its displacement is part of the offsets. */
export function findFacts(inst: Inst, isa: Isa): LinearFacts {
  const state = new SymbolicState(isa, PREFIX);
  const effects = effectsOf(inst, state);
  const locs = registersOf(isa);
  const sets: { register: number; value: Sum | undefined }[] = [];
  for (const e of effects) {
    const register = e.kind === 'set' ? locs.indexOf(e.loc) : -1;
    if (e.kind === 'set' && register >= 0) sets.push({ register, value: sumOf(e.value, locs) });
  }
  state.apply(effects);
  const accesses = mapped(state.accesses, (a) => {
    return { kind: a.kind, address: sumOf(a.address, locs) ?? NOTHING, bytes: a.bytes };
  });
  return { sets, accesses };
}

const NOTHING: Sum = { registers: [], offset: 0, displacements: 0, other: true };

/** Undefined where the offset is no number that a frame can have. */
function sumOf(term: Term, locs: readonly string[]): Sum | undefined {
  const registers: number[] = [];
  let offset = 0n;
  let displacements = 0;
  let other = false;
  const add = (t: Term): void => {
    if (t.op === 'const') offset += BigInt.asIntN(64, t.value);
    else if (t.op === 'add') for (const a of t.args) add(a);
    else if (t.op === 'var' && t.name.startsWith(PREFIX)) registers.push(locs.indexOf(t.name.slice(PREFIX.length)));
    else if (t.op === 'var' && t.name === `&${DISPLACEMENT}`) displacements++;
    else other = true;
  };
  add(term);
  const signed = BigInt.asIntN(64, offset);
  if (signed >= BigInt(FARTHEST) || signed < -BigInt(FARTHEST)) return undefined;
  return { registers, offset: Number(signed), displacements, other };
}
