// SPDX-License-Identifier: MIT

import { must } from '../../base/assert.ts';
import { append, mapped } from '../../base/lists.ts';
import type { Isa } from '../isa/isa.ts';
import { mayEnd } from './blocks.ts';
import { calleeOf } from './callee.ts';
import { addAll, type ChunkSet, chunksOf, isSubset, setOf } from './chunks.ts';
import type { Conventions } from './conventions.ts';
import { packedRows, stepOver } from './effects-summary.ts';
import { rowsOf } from './liveness.ts';
import { stackHeights } from './stack.ts';
import { type Block, type FunctionCode, leavesFunction, type Program } from './types.ts';

/**
 * Takes away the edges behind calls that never return: calls of functions that the convention names, of functions of
 * this file without a way back, calls behind which the stack pointer would not be where the code expects it, and calls of
 * code elsewhere behind which a flag is read, since no call gives any back. Each such block says why in `neverReturns`;
 * `named`, `frame` and `flags` are assumptions.
 */
export function cutAfterNoReturn(program: Program, conventions: Conventions): Program {
  const named = new Set(conventions.neverReturn);
  const first = mapped(program.functions, (code) =>
    cut(code, (b) => (isNamed(b, named) || isLastCall(b, conventions) ? 'named' : undefined)),
  );
  const returns = findReturning(program, first);
  const functions = mapped(first, (code) => {
    const silent = cut(code, (block) => {
      const callee = calleeIndex(program, code, block);
      return callee !== undefined && returns[callee] === 0 ? 'function' : undefined;
    });
    const stack = stackHeights(silent, program.isa, conventions);
    const framed = cut(silent, (block) => (stack.neverReturns(block.index) ? 'frame' : undefined));
    return cut(framed, (block) => {
      const next = block.successors[0];
      if (next === undefined || block.flow.kind !== 'call') return undefined;
      if (calleeIndex(program, framed, block) !== undefined) return undefined;
      return readsFlags(framed, next, program.isa, conventions) ? 'flags' : undefined;
    });
  });
  return { ...program, functions };
}

/** Whether the code from a block on reads a flag that was set before. */
function readsFlags(code: FunctionCode, block: number, isa: Isa, conventions: Conventions): boolean {
  const flags = flagsOf(isa, conventions);
  const rows = rowsOf(code, isa);
  const packed = packedRows();
  const passed = flags.slice();
  const seen: (ChunkSet | undefined)[] = [];
  const work: [number, ChunkSet][] = [[block, flags]];
  for (let item = work.pop(); item !== undefined; item = work.pop()) {
    const [b, arriving] = item;
    const known = seen[b];
    if (known !== undefined && isSubset(arriving, known)) continue;
    const old = arriving.slice();
    if (known !== undefined) addAll(old, known);
    const { start, end, flow, successors } = must(code.blocks[b], 'a block');
    seen[b] = old.slice();
    let over = false;
    for (let i = start; i < end && !over; i++) {
      // An instruction that may leave the flags alone only passes them on.
      if (!stepOver(old, packed, rows[i] ?? 0, flags, passed)) return true;
      over = old.every((word) => word === 0);
    }
    if (over || flow.kind === 'call') continue;
    for (const s of successors) work.push([s, old]);
  }
  return false;
}

const flagSets = new WeakMap<Isa, ChunkSet>();

/** The flags that mean nothing after a call. */
function flagsOf(isa: Isa, { fixed }: Conventions): ChunkSet {
  let set = flagSets.get(isa);
  if (set === undefined) {
    const names = isa.locations.filter((l) => l.kind === 'flag' && !fixed.includes(l.name)).map((l) => l.name);
    set = setOf(chunksOf(isa), ...names);
    flagSets.set(isa, set);
  }
  return set;
}

type Reason = NonNullable<Block['neverReturns']>;

function cut(code: FunctionCode, why: (block: Block) => Reason | undefined): FunctionCode {
  let changed = false;
  const blocks = mapped(code.blocks, (block): Block => {
    if (!mayEnd(block.flow) || (block.successors.length === 0 && block.tailCall === undefined)) return block;
    const reason = why(block);
    if (reason === undefined) return block;
    changed = true;
    return { ...block, successors: [], tailCall: undefined, neverReturns: reason };
  });
  return changed ? { ...code, blocks } : code;
}

function isNamed(block: Block, names: ReadonlySet<string>): boolean {
  return block.flow.kind === 'call' && block.flow.target !== undefined && names.has(block.flow.target);
}

/** Whether a block ends with a system call that ends the program or the thread. */
function isLastCall({ flow }: Block, { system }: Conventions): boolean {
  return flow.kind === 'system' && flow.number !== undefined && system?.neverReturns(flow.number) === true;
}

function calleeIndex(program: Program, code: FunctionCode, block: Block): number | undefined {
  const inst = code.insts[block.end - 1];
  if (inst === undefined || block.flow.kind !== 'call') return undefined;
  return calleeOf(program, inst, block.flow.target);
}

/** 1 for each function from which control may come back to a caller. */
function findReturning(program: Program, functions: readonly FunctionCode[]): Uint8Array {
  const returns = new Uint8Array(functions.length);
  const callers: number[][] = mapped(functions, () => []);
  functions.forEach((code, f) => {
    for (const block of code.blocks) {
      const inst = code.insts[block.end - 1];
      if (inst === undefined) continue;
      const called = calleeIndex(program, code, block);
      const jumped = block.tailCall === undefined ? undefined : calleeOf(program, inst, block.tailCall);
      if (called !== undefined) callers[called]?.push(f);
      if (jumped !== undefined) callers[jumped]?.push(f);
    }
  });
  const work = mapped(functions, (_, f) => f);
  for (let f = work.pop(); f !== undefined; f = work.pop()) {
    const code = functions[f];
    if (returns[f] === 1 || code === undefined || !mayReturn(program, code, returns)) continue;
    returns[f] = 1;
    for (const g of callers[f] ?? []) if (returns[g] === 0) work.push(g);
  }
  return returns;
}

/** Whether some way from the entry leads out, with calls coming back only from functions known to return. */
function mayReturn(program: Program, code: FunctionCode, returns: Uint8Array): boolean {
  const seen = new Uint8Array(code.blocks.length);
  const work = [0];
  for (let b = work.pop(); b !== undefined; b = work.pop()) {
    const block = code.blocks[b];
    if (block === undefined || seen[b] === 1) continue;
    seen[b] = 1;
    const callee = calleeIndex(program, code, block);
    if (callee !== undefined && returns[callee] === 0) continue;
    const inst = code.insts[block.end - 1];
    if (leavesFunction(block) && inst !== undefined) {
      const target = block.tailCall === undefined ? undefined : calleeOf(program, inst, block.tailCall);
      if (target === undefined || returns[target] === 1) return true;
    }
    append(work, block.successors);
  }
  return false;
}
