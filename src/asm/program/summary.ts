// SPDX-License-Identifier: MIT

import { must } from '../../base/assert.ts';
import { mapped } from '../../base/lists.ts';
import type { Inst } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import { type CallGraph, type CallSites, callGraph } from './call-graph.ts';
import {
  addAll,
  type ChunkSet,
  chunksOf,
  emptySet,
  intersects,
  isSubset,
  keepOnly,
  removeAll,
  wholeLocations,
} from './chunks.ts';
import type { CallModel, Counted } from './conventions.ts';
import { vectorsPassed, withoutVectors } from './counted.ts';
import { type Liveness, LivenessSolver, summariesOf } from './liveness.ts';
import { type Block, type FunctionCode, leavesFunction, type Program } from './types.ts';

/** What a function means to the other functions of its file. */
export interface FunctionSummary {
  readonly code: FunctionCode;
  /**
   * What may have other values after a call than before, callees included; never the stack pointer. Whole locations: of
   * one that is written in part, the rest comes back from the function too, which must not lose it on its way.
   */
  readonly clobbers: ChunkSet;
  /** What it may read of the values at entry, results it passes on included. */
  readonly uses: ChunkSet;
  /** The same where a call says that it passes no vectors, as far as the model counts them. */
  readonly usesUncounted: ChunkSet;
  /** What callers in this file read after calls of what it may change, as a result or otherwise. */
  readonly extraResults: ChunkSet;
  /** Functions of this file that it calls or jumps to so that no other definition can come between. */
  readonly callees: readonly number[];
  readonly liveness: Liveness;
}

export interface ProgramSummary {
  /** By function index. */
  readonly functions: readonly FunctionSummary[];
}

/**
 * Liveness for a whole file. Compilers keep values in caller-saved registers across calls to functions whose code they
 * know, and hand-written code has conventions of its own, so calls within the file go by what the callee does. What
 * functions may change is taken from `before`, for a model by which calls read something else and change the same.
 */
export function summariseProgram(program: Program, model: CallModel, before?: ProgramSummary): ProgramSummary {
  const { isa, functions } = program;
  const chunks = chunksOf(isa);
  const graph = callGraph(program);
  const clobbers = before?.functions.map((f) => f.clobbers) ?? findClobbers(program, graph, model);

  const uses = mapped(functions, () => emptySet(chunks));
  const uncounted = mapped(functions, () => emptySet(chunks));
  const extra = mapped(functions, () => emptySet(chunks));
  const asking = new Asking(isa, model.counted);
  const results: (LivenessSolver | undefined)[] = mapped(functions, () => undefined);

  // A function that may be the one called is given what it may use.
  const perhaps = (code: FunctionCode, block: Block, g: number | undefined): ChunkSet | undefined => {
    const [all, least] = model.cautious ? [uses[g ?? -1], uncounted[g ?? -1]] : [];
    return all === undefined || least === undefined ? undefined : asking.passed(code, block, all, least);
  };
  const modelFor = (f: number, code: FunctionCode, { called, jumped, possible }: CallSites): CallModel => ({
    cautious: model.cautious,
    atCall: (block) => {
      const g = called[block.index] ?? -1;
      const [all, least, lost] = [uses[g], uncounted[g], clobbers[g]];
      if (all !== undefined && least !== undefined && lost !== undefined)
        return { uses: asking.passed(code, block, all, least), clobbers: lost };
      const effect = model.atCall(block);
      const also = perhaps(code, block, possible[block.index]);
      return also === undefined ? effect : { ...effect, uses: union(effect.uses, also) };
    },
    atReturn: (defined) => {
      const set = model.atReturn(defined).slice();
      addAll(set, must(extra[f], 'a set per function'));
      return set;
    },
    atTailCall: (block, defined) => {
      const g = jumped[block.index] ?? -1;
      const set = g === -1 ? model.atTailCall(block, defined).slice() : model.atReturn(defined).slice();
      addAll(set, must(extra[f], 'a set per function'));
      const also = perhaps(code, block, possible[block.index]);
      if (also !== undefined) addAll(set, also);
      if (g === -1) return set;
      removeAll(set, must(clobbers[g], 'a set per function'));
      const [all, least] = [must(uses[g], 'a set per function'), must(uncounted[g], 'a set per function')];
      addAll(set, asking.passed(code, block, all, least));
      return set;
    },
  });

  const queued = new Uint8Array(functions.length).fill(1);
  let queue = [...graph.order];
  const enqueue = (g: number): void => {
    if (queued[g] === 1) return;
    queued[g] = 1;
    queue.push(g);
  };
  const behind = emptySet(chunks);
  const nothing = emptySet(chunks);
  // Of a function that has written nothing.
  const unwritten = model.atReturn(() => emptySet(chunks));
  while (queue.length > 0) {
    const round = queue;
    queue = [];
    for (const f of round) {
      const code = must(functions[f], 'a function');
      const sites = must(graph.functions[f], 'call sites per function');
      queued[f] = 0;
      const result = results[f] ?? new LivenessSolver(code, isa);
      results[f] = result;
      const own = modelFor(f, code, sites);
      result.solve(own);
      for (let b = 0; b < code.blocks.length; b++) {
        // To its callers here, a function that another may replace owes what it owes when none does.
        const likely = model.cautious ? (sites.possible[b] ?? -1) : -1;
        const ends = code.blocks[b]?.tailCall !== undefined;
        const g = ends ? (sites.called[b] ?? -1) : Math.max(sites.called[b] ?? -1, likely);
        const h = ends ? Math.max(sites.jumped[b] ?? -1, likely) : (sites.jumped[b] ?? -1);
        if (g !== -1) {
          // What the callee leaves alone comes from elsewhere.
          result.outOf(b, behind);
          keepOnly(behind, must(clobbers[g], 'a set per function'));
          if (addAll(must(extra[g], 'a set per function'), behind)) enqueue(g);
        }
        if (h === -1) continue;
        // Behind a tail call even that is looked for where results are, and results that the callee leaves alone on some way.
        const results = model.atReturn(() => result.definedAt(b, own)).slice();
        removeAll(results, unwritten);
        addAll(results, must(extra[f], 'a set per function'));
        if (addAll(must(extra[h], 'a set per function'), results)) enqueue(h);
      }
      if (code.blocks.length === 0) continue;
      const given = model.atEntry?.(code) ?? nothing;
      const news = addAll(must(uses[f], 'a set per function'), union(result.liveIn(0), given));
      const also = addAll(must(uncounted[f], 'a set per function'), union(asking.readBy(code, result), given));
      if (news || also) for (const g of graph.callers[f] ?? []) enqueue(g);
    }
  }
  return {
    functions: mapped(functions, (code, f) => ({
      code,
      clobbers: must(clobbers[f], 'a set per function'),
      uses: must(uses[f], 'a set per function'),
      usesUncounted: must(uncounted[f], 'a set per function'),
      extraResults: must(extra[f], 'a set per function'),
      callees: must(graph.functions[f], 'call sites per function').callees,
      liveness: must(results[f], 'liveness per function'),
    })),
  };
}

/** Functions that ask whether vectors are passed to them, and what calls pass to these. */
class Asking {
  private readonly isa: Isa;
  private readonly counted: Counted | undefined;
  /** By function that reads vectors at all: where it goes on if none are passed; -1 where it does not ask. */
  private readonly without = new Map<FunctionCode, number>();
  private readonly passing = new Map<Block, ChunkSet>();

  constructor(isa: Isa, counted: Counted | undefined) {
    this.isa = isa;
    this.counted = counted;
  }

  /** What a function reads where no vectors are passed to it. */
  readBy(code: FunctionCode, live: LivenessSolver): ChunkSet {
    const all = live.liveIn(0);
    if (this.counted === undefined || !intersects(all, this.counted.passed)) return all;
    const without = this.without.get(code) ?? withoutVectors(code, this.isa, this.counted) ?? -1;
    this.without.set(code, without);
    if (without === -1) return all;
    const others = live.liveInFor(0, without);
    removeAll(all, this.counted.passed);
    keepOnly(others, this.counted.passed);
    addAll(all, others);
    return all;
  }

  /** What is passed at a block's end to a function that reads `all`, and `least` where no vectors are passed to it. */
  passed(code: FunctionCode, block: Block, all: ChunkSet, least: ChunkSet): ChunkSet {
    if (this.counted === undefined || isSubset(all, least)) return all;
    const vectors = this.passing.get(block) ?? vectorsPassed(code, block, this.isa, this.counted);
    this.passing.set(block, vectors);
    const some = all.slice();
    keepOnly(some, vectors);
    addAll(some, least);
    return some;
  }
}

function union(a: ChunkSet, b: ChunkSet): ChunkSet {
  const both = a.slice();
  addAll(both, b);
  return both;
}

/** What each function may change: what its instructions write, and what its callees may change. */
function findClobbers(program: Program, graph: CallGraph, model: CallModel): readonly ChunkSet[] {
  const { isa, functions } = program;
  const chunks = chunksOf(isa);
  const whole = wholeLocations(chunks);
  const sp = whole(isa.stackPointer);
  const sets = mapped(functions, (code, f) => {
    const { called, jumped } = must(graph.functions[f], 'call sites per function');
    const set = writtenIn(code, isa).slice();
    for (const block of code.blocks) {
      const calls = block.flow.kind === 'call' && called[block.index] === -1;
      const jumps = leavesFunction(block) && block.flow.kind !== 'return' && jumped[block.index] === -1;
      if (calls || jumps) addAll(set, model.atCall(block).clobbers);
    }
    removeAll(set, sp);
    for (const loc of chunks.ofLocation.keys()) if (intersects(set, whole(loc))) addAll(set, whole(loc));
    return set;
  });
  for (let again = true; again; ) {
    again = false;
    for (const f of graph.order) {
      for (const g of graph.functions[f]?.callees ?? []) {
        if (g !== f && addAll(must(sets[f], 'a set per function'), must(sets[g], 'a set per function'))) again = true;
      }
    }
  }
  return sets;
}

const written = new WeakMap<readonly Inst[], ChunkSet>();

/** What the instructions of a function write. */
function writtenIn(code: FunctionCode, isa: Isa): ChunkSet {
  let set = written.get(code.insts);
  if (set === undefined) {
    set = emptySet(chunksOf(isa));
    for (const s of summariesOf(code, isa)) addAll(set, s.writes);
    written.set(code.insts, set);
  }
  return set;
}
