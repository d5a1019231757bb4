// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import type { RuntimeContract } from '../abi/contract.ts';
import { effectsOf, type Inst } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import { SymbolicState } from '../isa/state.ts';
import { calleeOf, possibleCallee } from '../program/callee.ts';
import { summariesOf } from '../program/liveness.ts';
import type { Block, FunctionCode, Program } from '../program/types.ts';
import type { Side } from './context.ts';
import { symbolName } from './explore.ts';
import { ALL, hasLocation, type Locations, locationOf, locationsOf, machineLocations, NONE } from './locations.ts';
import { ownNamesIn } from './own-storage.ts';

/** True for locations that a function certainly leaves alone. */
export type Clobbers = (loc: string) => boolean;

interface Writes {
  readonly locations: Locations;
  /** Functions of the file that are called or jumped to. */
  readonly callees: ReadonlySet<FunctionCode>;
  /** It calls or jumps where we cannot look. */
  readonly leavesFile: boolean;
}

const direct = new WeakMap<FunctionCode, Writes>();
const transitive = new WeakMap<FunctionCode, Locations>();

/** What `code`, and all that it calls, never writes: read off the instructions. Nothing, where it leaves the file. */
export function neverWritten(side: Side, code: FunctionCode): Clobbers {
  const written = mayWrite(side, code);
  return (loc) => !hasLocation(written, loc);
}

function mayWrite(side: Side, code: FunctionCode): Locations {
  let known = transitive.get(code);
  if (known === undefined) {
    known = compute(side, code);
    transitive.set(code, known);
  }
  return known;
}

function compute(side: Side, code: FunctionCode): Locations {
  const reached = new Set([code]);
  for (const f of reached) {
    const writes = directWrites(side, f);
    if (writes.leavesFile) return ALL;
    for (const callee of writes.callees) reached.add(callee);
  }
  let written = NONE;
  for (const f of reached) written |= directWrites(side, f).locations;
  return written;
}

function directWrites(side: Side, code: FunctionCode): Writes {
  let known = direct.get(code);
  if (known === undefined) {
    known = readWrites(side, code);
    direct.set(code, known);
  }
  return known;
}

function readWrites(side: Side, code: FunctionCode): Writes {
  const { isa } = side.program;
  let locations = NONE;
  const callees = new Set<FunctionCode>();
  let leavesFile = false;
  const state = new SymbolicState(isa, 'w.');
  const summaries = summariesOf(code, isa);
  code.insts.forEach((inst, index) => {
    const { sets, goes } = must(summaries[index], 'a summary');
    locations |= locationsOf(sets);
    // Whoever names the target's own storage may write it.
    for (const name of ownNamesIn(inst)) locations |= locationOf(name);
    if (!goes) return;
    for (const e of effectsOf(inst, state)) {
      if (e.kind !== 'call' && e.kind !== 'jump') continue;
      const name = symbolName(e.target);
      const place = name === undefined ? undefined : side.place(name);
      const contract = name === undefined ? undefined : side.runtime.contracts.get(name);
      if (isOpen(side, inst, name)) leavesFile = true;
      else if (place !== undefined) callees.add(place.code);
      else if (contract !== undefined) locations |= locationsOf(contractWrites(isa, contract));
      else if (name !== undefined && side.runtime.traps[name] !== undefined) continue;
      else if (e.kind === 'call' || name !== undefined || !staysInside(code, index)) leavesFile = true;
    }
  });
  // Control may run past the end of a part into the function that follows.
  for (const { end, next } of code.parts) {
    const last = code.blocks[code.blockAt[end - 1] ?? -1];
    const following = next === undefined || last === undefined || stops(side, last) ? undefined : side.place(next);
    if (following !== undefined && following.code !== code) callees.add(following.code);
  }
  return { locations, callees, leavesFile };
}

/** Whether another function may answer instead of the file's own. */
function isOpen(side: Side, inst: Inst, name: string | undefined): boolean {
  return possibleCallee(side.program, name) !== undefined && calleeOf(side.program, inst, name) === undefined;
}

/** Of a call that the code just ends with it is not known that it does not return. */
function stops(side: Side, { flow, neverReturns }: Block): boolean {
  const { kind } = flow;
  if (kind === 'call') {
    const trap = flow.target !== undefined && side.runtime.traps[flow.target] !== undefined;
    return trap || neverReturns === 'named' || neverReturns === 'function';
  }
  if (kind === 'system') return neverReturns === 'named';
  return kind === 'return' || kind === 'indirect' || kind === 'trap' || (kind === 'jump' && !flow.conditional);
}

function contractWrites(isa: Isa, contract: RuntimeContract): string[] {
  const before = new SymbolicState(isa, 'w.');
  const after = new SymbolicState(isa, 'w.');
  contract.apply(after);
  return [...contract.clobbers, ...[...after.values].filter(([loc, v]) => before.get(loc) !== v).map(([loc]) => loc)];
}

/** An indirect jump through a table of the function's own labels. */
function staysInside(code: FunctionCode, index: number): boolean {
  const block = code.blocks[code.blockAt[index] ?? -1];
  return block !== undefined && block.indirectTargets.length > 0;
}

const definitions = new WeakMap<FunctionCode, readonly Locations[]>();

/**
 * Whether a location may have been written by the end of a block: by the function, by what it calls, or by a function of the file
 * that has gone on to it by a jump, whose callers it returns to.
 */
export function mayBeDefined(side: Side, code: FunctionCode, block: number): (loc: string) => boolean {
  let known = definitions.get(code);
  if (known === undefined) {
    for (const [f, written] of solveDefinitions(side, code)) definitions.set(f, written);
    known = definitions.get(code);
  }
  const defined = known?.[block] ?? ALL;
  return (loc) => hasLocation(defined, loc);
}

/**
 * Forward over the control-flow graphs of a function and of all that go on to it: a block passes on what it has got and what it
 * writes itself.
 */
function solveDefinitions(side: Side, code: FunctionCode): ReadonlyMap<FunctionCode, readonly Locations[]> {
  const jumps = tailJumps(side);
  const out = new Map([[code, written(side, code)]]);
  // Those found on the way are gone through as well.
  for (const f of out.keys())
    for (const from of jumps.callers.get(f) ?? []) if (!out.has(from)) out.set(from, written(side, from));
  const queue = [...out.keys()].flatMap((f) => f.blocks.map((b) => [f, b.index] as const));
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const [f, index] = next;
    const mine = out.get(f)?.[index];
    const goesOn = jumps.goals.get(f)?.get(index);
    const following = (f.blocks[index]?.successors ?? []).map((s) => [f, s] as const);
    for (const [g, s] of goesOn === undefined ? following : [...following, [goesOn, 0] as const]) {
      const all = out.get(g);
      const theirs = all?.[s];
      if (all === undefined || theirs === undefined || mine === undefined || (theirs | mine) === theirs) continue;
      all[s] = theirs | mine;
      queue.push([g, s]);
    }
  }
  return out;
}

const written = (side: Side, code: FunctionCode): Locations[] => code.blocks.map((b) => blockWrites(side, code, b));

/** Which functions of a file go on to which others by jumps, so that no other definition can come between. */
interface TailJumps {
  readonly goals: ReadonlyMap<FunctionCode, ReadonlyMap<number, FunctionCode>>;
  readonly callers: ReadonlyMap<FunctionCode, ReadonlySet<FunctionCode>>;
}

const tails = new WeakMap<Program, TailJumps>();

function tailJumps(side: Side): TailJumps {
  const before = tails.get(side.program);
  if (before !== undefined) return before;
  const goals = new Map<FunctionCode, Map<number, FunctionCode>>();
  const callers = new Map<FunctionCode, Set<FunctionCode>>();
  for (const f of side.program.functions) {
    for (const { index, end, tailCall } of f.blocks) {
      const inst = f.insts[end - 1];
      const goal = tailCall === undefined ? undefined : side.place(tailCall);
      if (inst === undefined || goal === undefined || goal.index !== goal.code.blocks[0]?.start) continue;
      if (isOpen(side, inst, tailCall)) continue;
      const mine = goals.get(f) ?? new Map<number, FunctionCode>();
      goals.set(f, mine.set(index, goal.code));
      const theirs = callers.get(goal.code) ?? new Set<FunctionCode>();
      callers.set(goal.code, theirs.add(f));
    }
  }
  const found = { goals, callers };
  tails.set(side.program, found);
  return found;
}

/** What a block changes, and the functions that it calls write of the machine's locations. */
function blockWrites(side: Side, code: FunctionCode, block: Block): Locations {
  let written = NONE;
  const { isa } = side.program;
  const state = new SymbolicState(isa, 'w.');
  const summaries = summariesOf(code, isa);
  for (let i = block.start; i < block.end; i++) {
    const [inst, { changed, goes }] = [must(code.insts[i], 'an instruction'), must(summaries[i], 'a summary')];
    written |= locationsOf(changed);
    if (!goes) continue;
    for (const e of effectsOf(inst, state)) {
      if (e.kind !== 'call') continue;
      const name = symbolName(e.target);
      const callee = name === undefined ? undefined : side.place(name)?.code;
      if (callee === undefined || isOpen(side, inst, name)) return ALL;
      written |= mayWrite(side, callee) & machineLocations(isa);
    }
  }
  return written;
}
