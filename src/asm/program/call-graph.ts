// SPDX-License-Identifier: MIT
import { mapped } from '../../base/lists.ts';
import { calleeOf, possibleCallee } from './callee.ts';
import { postorderOf } from './order.ts';
import type { Block, FunctionCode, Program } from './types.ts';

/** Which functions of a file call and jump to each other, so that no other definition can come between. */
export interface CallGraph {
  /** By function index. */
  readonly functions: readonly CallSites[];
  /** By function index: the functions that call it or jump to it, or may. */
  readonly callers: readonly (readonly number[])[];
  /** Function indexes such that, recursion aside, a function comes after those that it calls. */
  readonly order: readonly number[];
}

export interface CallSites {
  /** By block index: the function that the block's call is certain to reach; -1 where there is none. */
  readonly called: Int32Array;
  /** The same for jumps out of the function, and for running into the next one. */
  readonly jumped: Int32Array;
  /** By block index: the function that the block's call or jump reaches unless another one comes between; else -1. */
  readonly possible: Int32Array;
  /** Each function in `called` and `jumped` once. */
  readonly callees: readonly number[];
}

const known = new WeakMap<Program, CallGraph>();

export function callGraph(program: Program): CallGraph {
  const before = known.get(program);
  if (before !== undefined) return before;
  const functions = mapped(program.functions, (code) => callSites(program, code));
  const callers: number[][] = mapped(functions, () => []);
  functions.forEach(({ callees, possible }, f) => {
    for (const g of new Set([...callees, ...possible])) callers[g]?.push(f);
  });
  const order = postorderOf(functions.length, (f) => functions[f]?.callees ?? []);
  const graph = { functions, callers, order };
  known.set(program, graph);
  return graph;
}

function callSites(program: Program, code: FunctionCode): CallSites {
  const called = new Int32Array(code.blocks.length).fill(-1);
  const jumped = new Int32Array(code.blocks.length).fill(-1);
  const possible = new Int32Array(code.blocks.length).fill(-1);
  const callees = new Set<number>();
  const reach = (block: Block, target: string | undefined): number => {
    const inst = code.insts[block.end - 1];
    const g = inst === undefined ? undefined : calleeOf(program, inst, target);
    if (g !== undefined) callees.add(g);
    else possible[block.index] = possibleCallee(program, target) ?? -1;
    return g ?? -1;
  };
  for (const block of code.blocks) {
    if (block.flow.kind === 'call') called[block.index] = reach(block, block.flow.target);
    if (block.tailCall !== undefined) jumped[block.index] = reach(block, block.tailCall);
  }
  return { called, jumped, possible, callees: [...callees] };
}
