// SPDX-License-Identifier: MIT
import type { Term } from '../../logic/term.ts';
import type { Inst } from '../isa/define.ts';
import { effectsOf } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import { SymbolicState } from '../isa/state.ts';
import { exactKey } from './inst-key.ts';
import { remember } from './remember.ts';

const registers = new WeakMap<Isa, readonly string[]>();

/** The general registers and the stack pointer; facts name them by their index in this list. */
export function registersOf(isa: Isa): readonly string[] {
  const list =
    registers.get(isa) ?? isa.locations.filter((l) => l.kind === 'gpr' || l.kind === 'sp').map((l) => l.name);
  registers.set(isa, list);
  return list;
}

/** A value as a sum: registers, a number, and perhaps something else (an index that is scaled, a symbol). */
export interface Sum {
  readonly registers: readonly number[];
  readonly offset: number;
  readonly other: boolean;
}

/** The parts of an instruction's meaning that are sums over registers, as they were before it. */
export interface LinearFacts {
  /** Every general register that it sets, the stack pointer included; undefined for a value that is no sum. */
  readonly sets: readonly { readonly register: number; readonly value: Sum | undefined }[];
  readonly accesses: readonly { readonly kind: 'load' | 'store'; readonly address: Sum; readonly bytes: number }[];
}

const PREFIX = 'in.';
const linearFacts = remember(exactKey, findFacts);

/** The facts of a function's instructions by index, found when they are first asked for and kept with the code. */
export function linearFactsAt(insts: readonly Inst[], index: number, isa: Isa): LinearFacts | undefined {
  let list = byCode.get(insts);
  if (list === undefined) {
    list = new Array<LinearFacts | undefined>(insts.length).fill(undefined);
    byCode.set(insts, list);
  }
  const inst = insts[index];
  if (inst === undefined) return undefined;
  const facts = list[index] ?? linearFacts(inst, isa);
  list[index] = facts;
  return facts;
}

const byCode = new WeakMap<readonly Inst[], (LinearFacts | undefined)[]>();

function findFacts(inst: Inst, isa: Isa): LinearFacts {
  const state = new SymbolicState(isa, PREFIX);
  const effects = effectsOf(inst, state);
  const locs = registersOf(isa);
  const sets: { register: number; value: Sum | undefined }[] = [];
  for (const e of effects) {
    const register = e.kind === 'set' ? locs.indexOf(e.loc) : -1;
    if (e.kind === 'set' && register >= 0) sets.push({ register, value: sumOf(e.value, locs) });
  }
  state.apply(effects);
  const accesses = state.accesses.map((a) => {
    return { kind: a.kind, address: sumOf(a.address, locs) ?? NOTHING, bytes: a.bytes };
  });
  return { sets, accesses };
}

const NOTHING: Sum = { registers: [], offset: 0, other: true };

/** Undefined where the offset is no number that a frame can have. */
function sumOf(term: Term, locs: readonly string[]): Sum | undefined {
  const registers: number[] = [];
  let offset = 0n;
  let other = false;
  const add = (t: Term): void => {
    if (t.op === 'const') offset += BigInt.asIntN(64, t.value);
    else if (t.op === 'add') for (const a of t.args) add(a);
    else if (t.op === 'var' && t.name.startsWith(PREFIX)) registers.push(locs.indexOf(t.name.slice(PREFIX.length)));
    else other = true;
  };
  add(term);
  const signed = BigInt.asIntN(64, offset);
  if (signed > 0x3fffffffn || signed < -0x40000000n) return undefined;
  return { registers, offset: Number(signed), other };
}
