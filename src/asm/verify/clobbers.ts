// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import type { RuntimeContract } from '../abi/contract.ts';
import { effectsOf, type Inst } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import { SymbolicState } from '../isa/state.ts';
import { calleeOf, possibleCallee } from '../program/callee.ts';
import { summaryOf } from '../program/effects-summary.ts';
import { summariesOf } from '../program/liveness.ts';
import type { Block, FunctionCode } from '../program/types.ts';
import type { Side } from './context.ts';
import { symbolName } from './explore.ts';
import { ownNamesIn } from './own-storage.ts';

/** True for locations that a function certainly leaves alone. */
export type Clobbers = (loc: string) => boolean;

interface Writes {
  readonly locations: ReadonlySet<string>;
  /** Functions of the file that are called or jumped to. */
  readonly callees: ReadonlySet<FunctionCode>;
  /** It calls or jumps where we cannot look. */
  readonly leavesFile: boolean;
}

const direct = new WeakMap<FunctionCode, Writes>();
const transitive = new WeakMap<FunctionCode, Clobbers>();

/** What `code`, and all that it calls, never writes: read off the instructions. Nothing, where it leaves the file. */
export function neverWritten(side: Side, code: FunctionCode): Clobbers {
  let known = transitive.get(code);
  if (known === undefined) {
    known = compute(side, code);
    transitive.set(code, known);
  }
  return known;
}

function compute(side: Side, code: FunctionCode): Clobbers {
  const reached = new Set([code]);
  for (const f of reached) {
    const writes = directWrites(side, f);
    if (writes.leavesFile) return () => false;
    for (const callee of writes.callees) reached.add(callee);
  }
  const written = new Set<string>();
  for (const f of reached) for (const loc of directWrites(side, f).locations) written.add(loc);
  return (loc) => !written.has(loc);
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
  const locations = new Set<string>();
  const callees = new Set<FunctionCode>();
  let leavesFile = false;
  const state = new SymbolicState(isa, 'w.');
  const summaries = summariesOf(code, isa);
  code.insts.forEach((inst, index) => {
    const { sets, goes } = must(summaries[index], 'a summary');
    for (const loc of sets) locations.add(loc);
    // Whoever names the target's own storage may write it.
    for (const name of ownNamesIn(inst)) locations.add(name);
    if (!goes) return;
    for (const e of effectsOf(inst, state)) {
      if (e.kind !== 'call' && e.kind !== 'jump') continue;
      const name = symbolName(e.target);
      const place = name === undefined ? undefined : side.place(name);
      const contract = name === undefined ? undefined : side.runtime.contracts.get(name);
      if (isOpen(side, inst, name)) leavesFile = true;
      else if (place !== undefined) callees.add(place.code);
      else if (contract !== undefined) for (const loc of contractWrites(isa, contract)) locations.add(loc);
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

const definitions = new WeakMap<FunctionCode, readonly (ReadonlySet<string> | 'all')[]>();

/** Whether the function, or what it calls, may have written a location by the end of a block of it. */
export function mayBeDefined(side: Side, code: FunctionCode, block: number): (loc: string) => boolean {
  let known = definitions.get(code);
  if (known === undefined) {
    known = solveDefinitions(side, code);
    definitions.set(code, known);
  }
  const defined = known[block];
  return (loc) => defined === undefined || defined === 'all' || defined.has(loc);
}

/** Forward over the control-flow graph: a block passes on what it has got and what it writes itself. */
function solveDefinitions(side: Side, code: FunctionCode): (ReadonlySet<string> | 'all')[] {
  const out = code.blocks.map((b) => blockWrites(side, code, b));
  const queue = code.blocks.map((b) => b.index);
  for (let index = queue.pop(); index !== undefined; index = queue.pop()) {
    const mine = out[index];
    for (const s of code.blocks[index]?.successors ?? []) {
      const theirs = out[s];
      if (theirs === 'all' || theirs === undefined || mine === undefined) continue;
      const before = theirs.size;
      if (mine === 'all') out[s] = 'all';
      else for (const loc of mine) theirs.add(loc);
      if (mine === 'all' || theirs.size > before) queue.push(s);
    }
  }
  return out;
}

function blockWrites(side: Side, code: FunctionCode, block: Block): Set<string> | 'all' {
  const written = new Set<string>();
  const { isa } = side.program;
  const state = new SymbolicState(isa, 'w.');
  for (const inst of code.insts.slice(block.start, block.end)) {
    const { sets, goes } = summaryOf(inst, isa);
    for (const loc of sets) written.add(loc);
    if (!goes) continue;
    for (const e of effectsOf(inst, state)) {
      if (e.kind !== 'call') continue;
      const name = symbolName(e.target);
      const callee = name === undefined ? undefined : side.place(name)?.code;
      if (callee === undefined || isOpen(side, inst, name)) return 'all';
      const kept = neverWritten(side, callee);
      for (const { name: loc } of isa.locations) if (!kept(loc)) written.add(loc);
    }
  }
  return written;
}
