// SPDX-License-Identifier: MIT

import { append, largest, smallest } from '../../base/lists.ts';
import { add, bv, eq, low, store, variable } from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';
import { ownName } from '../abi/own-storage.ts';
import { stackPassedBy } from '../abi/passed-on-stack.ts';
import type { BlockRelation, FunctionRelation } from '../abi/relation.ts';
import { locationVariable } from '../isa/state.ts';
import type { Block } from '../program/types.ts';
import { merge } from './bits.ts';
import { entryBits, entryFlags, held, withHigh } from './calls.ts';
import type { Context, Place } from './context.ts';
import { callOfItself, isLoose, matchExits, observe, type Setting } from './exits.ts';
import { type Exit, type Exploration, explore } from './explore.ts';
import { loadsOf } from './lost.ts';
import { Machine, SPILL } from './machine.ts';
import { depthBelowStack, distance, RED_ZONE, uncovered } from './memory.ts';
import { nativeEntryDuties } from './native-entry.ts';
import { Duties } from './obligations.ts';

import { type Ground, landmarkOf, MEMORY_NAME, malformed, type Pair, placeValue, relatedStates } from './related.ts';
import { takesStackFromOutside } from './stack-arguments.ts';
import { sourceSurroundings, targetSurroundings } from './surroundings.ts';
import { Undecidable } from './undecidable.ts';

/** All that must hold for one block or one entry, stated as obligations. */
export interface Stated {
  readonly duties: readonly Duties[];
  /** The target's stack pointer at the start. */
  readonly sp: Term;
  /** What holds at the start besides: one-bit terms. */
  readonly always: readonly Term[];
  /** How many bytes below its stack pointer the source uses. */
  readonly redZone: number;
  /** How many it may use for the target's stack to be safe. */
  readonly redZoneLimit: number;
  /** The source goes to a spill slot, which is assumed not to happen: seen only where addresses are numbers. */
  readonly meetsSpills: boolean;
}

/** What must hold for a block: from any two related states both sides leave alike. */
export function compareBlock(
  context: Context,
  relation: FunctionRelation,
  block: BlockRelation,
  ground: Ground,
): Stated {
  wellFormed(context, block);
  const place = context.target.place(block.target);
  if (place === undefined) throw new Undecidable(`the target has no code label ${block.target}`);
  const sourceBlock = context.sourceCode(relation).blocks[block.block];
  if (sourceBlock === undefined) throw new Undecidable(`the source has no block ${block.block}`);
  const start = relatedStates(context.isas, block.relation, ground);
  const setting = settingFor(context, relation, place, start.target, block, sourceBlock);
  const { sourceCode, targetCode } = setting;
  const again = callOfItself(setting);
  const around = { ...sourceSurroundings(context, sourceCode), leavesBy: (label: string) => label === again };
  const sourceRun = explore(sourceCode, sourceBlock.start, { path: [], state: start.source }, around, true);
  keepApart(setting, start);
  const targetRun: Exploration =
    standingStill(setting, block, place, sourceRun, start.target) ??
    explore(
      targetCode,
      place.index,
      { path: [], state: start.target.clone() },
      {
        ...targetSurroundings(context, targetCode),
        leavesBy: (label) => again !== undefined && (label === again || label === relation.target),
      },
      true,
    );
  observe(setting, start.target, targetRun);
  for (const a of sourceRun.assumptions) setting.seen.assumptions.add(a);
  const duties = matchExits(setting, sourceRun.exits, targetRun.exits);
  const pointers = [start.source.start(context.isas.source.stackPointer), ...stackPointers(sourceRun)];
  duties.push(targetAlone(setting, start.source, sourceRun, pointers));
  const depths = start.source.allAccesses.map(depthBelowStack).filter((d) => d <= RED_ZONE);
  return stated(setting, duties, largest(depths, 0), meetsSpills(start));
}

/** What the stack pointer has been: constant distances from where it began, and what has been computed on all ways. */
function stackPointers({ exits }: Exploration): readonly Term[] {
  const each = exits.map(({ state }) => ({ start: state.start(state.isa.stackPointer), visited: state.visited }));
  const all = new Set(each.flatMap(({ visited }) => visited.map((v) => v.sp)));
  return [...all].filter((sp) =>
    each.every(({ start, visited }) => distance(sp, start) !== undefined || visited.some((v) => v.sp === sp)),
  );
}

/**
 * Where its stack pointer is far enough above the spill slots, the source has nothing there, so that it is assumed to go
 * there through no other register. Of accesses that it makes after its stack pointer has been elsewhere nothing is known.
 */
function keepApart(setting: Setting, { source, target }: Pair): void {
  const spills = [...target.spills];
  if (spills.length === 0) return;
  setting.seen.assumptions.add('nothing-below-stack');
  const sp = target.start(target.isa.stackPointer);
  const near = source.allVisits.filter((v) => {
    const above = distance(v.sp, sp);
    return above === undefined || spills.some((s) => s + SPILL > above - RED_ZONE);
  });
  if (near.length === 0) return;
  const before = source.allAccesses.slice(0, Math.min(...near.map((v) => v.accesses)));
  target.apart = ({ address, bytes }) =>
    before.some((a) => {
      const from = distance(address, a.address);
      return from !== undefined && from >= 0 && from + bytes <= a.bytes;
    });
}

/** Whether an access of the source is to a spill slot. */
function meetsSpills({ source, target }: Pair): boolean {
  const sp = target.start(target.isa.stackPointer);
  return [...target.spills].some((s) =>
    source.allAccesses.some((a) => {
      const from = distance(a.address, sp);
      return from !== undefined && from < s + SPILL && from + a.bytes > s;
    }),
  );
}

function stated(setting: Setting, duties: readonly Duties[], redZone: number, meets = false): Stated {
  const sp = setting.origin.start(setting.context.isas.target.stackPointer);
  return {
    duties,
    sp,
    always: alignments(setting, sp),
    redZone,
    meetsSpills: meets,
    redZoneLimit: smallest(duties.map((d) => d.redZone)),
  };
}

/** What must hold for a function's entry: whoever calls it as the convention says arrives at its first block. */
export function compareEntry(context: Context, relation: FunctionRelation, ground: Ground): Stated {
  const first = relation.blocks[0];
  const code = context.target.functionAt(relation.target);
  if (first === undefined) throw new Undecidable(`${relation.source} has no blocks`);
  if (code === undefined) throw new Undecidable(`the target has no function ${relation.target}`);
  wellFormed(context, first);
  const start = entryStates(context, relation, ground);
  const setting = settingFor(context, relation, { code, index: 0 }, start.target, undefined, undefined);
  const around = targetSurroundings(context, code);
  const run = explore(code, 0, { path: [], state: start.target.clone() }, around, false);
  observe(setting, start.target, run);
  const { memory } = start.source;
  const to = { kind: 'cut', index: setting.sourceCode.blocks[0]?.start ?? 0 } as const;
  const duties = matchExits(setting, [{ path: [], to, state: start.source, memoryBefore: memory }], run.exits);
  const slot = start.source.start(context.isas.source.stackPointer);
  const alone = targetAlone(setting, start.source, undefined, [slot]);
  if (relation.convention === 'abi') {
    alone.assumptions.add('calls-as-abi');
    if (takesStackFromOutside(context, relation)) alone.assumptions.add('stack-arguments');
  }
  if (relation.convention === 'start') alone.assumptions.add('started-by-kernel');
  const { highHomes } = context.claim.pair;
  for (const [register, bits] of highHomes === undefined ? [] : entryBits(relation)) {
    if (bits >> 64n === 0n) continue;
    alone.assumptions.add('vectors-inside');
    if (ownName(highHomes?.[register] ?? '') !== undefined) alone.assumptions.add('own-storage');
  }
  duties.push(alone);
  if (relation.nativeEntry !== undefined)
    append(duties, nativeEntryDuties(context, relation, entryStates(context, relation, ground)));
  return stated(setting, duties, 0);
}

function settingFor(
  context: Context,
  relation: FunctionRelation,
  place: Place,
  origin: Machine,
  block: BlockRelation | undefined,
  sourceBlock: Block | undefined,
): Setting {
  return {
    context,
    relation,
    sourceCode: context.sourceCode(relation),
    targetCode: place.code,
    origin,
    from: block?.relation,
    sourceBlock: sourceBlock?.index ?? 0,
    block: sourceBlock,
    seen: { accesses: [], lateAccesses: [], stackBases: new Set(), assumptions: new Set(), doubts: [] },
  };
}

function wellFormed(context: Context, block: BlockRelation): void {
  const fault = malformed(context.isas, block.relation);
  if (fault !== undefined) throw new Undecidable(`the relation of block ${block.block}: ${fault}`);
}

/**
 * A source block that does nothing may have no target code: then the target is already where the next block begins.
 * Only ever forwards, so that a loop makes progress on both sides or on neither.
 */
function standingStill(
  setting: Setting,
  block: BlockRelation,
  place: Place,
  run: Exploration,
  target: Machine,
): Exploration | undefined {
  const only = run.exits[0];
  if (run.exits.length !== 1 || only?.to.kind !== 'cut' || only.path.length > 0) return undefined;
  const { context, relation, sourceCode } = setting;
  const next = context.blockStartingAt(sourceCode, only.to.index);
  if (next === undefined || next <= block.block) return undefined;
  const cut = context.cut(relation, next);
  const there = cut && context.target.place(cut.block.target);
  if (there?.code !== place.code || there.index !== place.index) return undefined;
  const exit: Exit = {
    path: [],
    to: { kind: 'cut', index: place.index },
    state: target.clone(),
    memoryBefore: target.memory,
  };
  return { exits: [exit], stackBases: new Set(), assumptions: new Set(), repeats: false, doubt: undefined };
}

/** How far above the stack pointer the stack surely goes on. */
const STACK_TOP = 24;

/**
 * What the target must do right whatever the source does: access only memory that the source accesses too, or the stack
 * below what the source has there, and keep the stack pointer aligned while it goes through it.
 */
function targetAlone(
  setting: Setting,
  source: Machine,
  run: Exploration | undefined,
  pointers: readonly Term[],
): Duties {
  const { context, origin, seen } = setting;
  const duties = new Duties(context.isas, [], { source, target: origin }, origin, isLoose(setting));
  const sp = origin.start(context.isas.target.stackPointer);
  const passed =
    setting.block?.flow.kind === 'call' ? stackPassedBy(context.claim.source, setting.sourceCode) : undefined;
  const words = setting.block === undefined ? 0 : (passed?.(setting.block).words ?? 0);
  // Where the source has put arguments there is stack.
  const limits = pointers.map((p) => add(p, bv(64, Math.max(STACK_TOP, SPILL * words))));
  const accesses = [...seen.accesses, ...seen.lateAccesses];
  const wild = uncovered(source.allAccesses, seen.accesses, limits) ?? uncovered([], seen.lateAccesses, limits);
  if (wild !== undefined) {
    duties.doubt = `the target's ${wild.kind} of ${wild.bytes} bytes could fault where the source does not`;
  }
  const states = (run?.exits ?? []).map((e) => e.state);
  const loads = loadsOf(accesses, source.allAccesses, states);
  if (loads.kind === 'safe') {
    duties.redZone = loads.redZone;
    if (loads.assuming) duties.assumptions.add('below-stack');
  }
  if (loads.kind === 'lost' || accesses.some((a) => depthBelowStack(a) > 0)) {
    duties.doubt ??= 'the target uses memory below its stack pointer, which a signal handler may change';
  }
  const torn = source.allAccesses.some((a) => a.atomic && !accesses.some((t) => t.atomic && t.address === a.address));
  if (torn) duties.doubt ??= 'an atomic access of the source is not atomic in the target';
  // A rep instruction with nothing left to do accesses nothing.
  const idle = run?.repeats ? eq(source.start('rcx'), bv(64, 0)) : undefined;
  for (const a of accesses) {
    if (idle === undefined || distance(a.address, sp) !== undefined) continue;
    const what = `a ${a.kind} with nothing left to do`;
    duties.open.push({ what, path: [...a.path, idle], left: bv(1, 0), right: bv(1, 1) });
  }
  duties.doubt ??= seen.doubts[0];
  for (const base of seen.stackBases) duties.alignedBase(base);
  for (const a of seen.assumptions) duties.assumptions.add(a);
  if (setting.from?.registers.some((r) => ownName(r.target) !== undefined)) duties.assumptions.add('own-storage');
  return duties;
}

/** Where a block begins, the target's stack pointer is a multiple of 16, unless the relation says otherwise, and the landmark's lowest bits are known. */
function alignments(setting: Setting, sp: Term): Term[] {
  const { context, from } = setting;
  const all = isLoose(setting) ? [] : [eq(low(sp, 4), bv(4, 0))];
  const mark = from === undefined ? undefined : landmarkOf(context.isas, from);
  if (from?.landmark !== undefined && mark !== undefined) all.push(eq(low(mark, 4), bv(4, from.landmark.low)));
  return all;
}

/** The states in which a caller enters a function, source and target. */
function entryStates(context: Context, relation: FunctionRelation, ground: Ground): Pair {
  const { isas } = context;
  const { pair } = context.claim;
  const returnAddress = variable('return.address', 64);
  const bare = { stack: relation.entryStack, frames: [], registers: [], flags: {} };
  const related = relatedStates(isas, bare, ground);
  const called = relation.convention !== 'start';
  const target = new Machine(isas.target, 't.', variable(MEMORY_NAME, 0), (loc) =>
    called && loc === pair.link ? returnAddress : related.target.start(loc),
  );
  target.own = related.target.own;
  const slot = related.source.start(isas.source.stackPointer);
  const fixed = new Set([isas.source.stackPointer, isas.source.threadPointer, 'df']);
  const given = entryBits(relation);
  const flags = entryFlags(relation);
  const sourceAt = (loc: string): Term => {
    if (fixed.has(loc)) return related.source.start(loc);
    const place = flags[loc];
    if (place !== undefined) return placeValue(place, (l) => target.start(l));
    const unknown = ground(locationVariable(isas.source, 's.', loc));
    const [bits, home] = [given.get(loc) ?? 0n, pair.homes[loc]];
    const lower = home === undefined ? unknown : merge(held(context, home, bits), target.start(home), unknown);
    return withHigh(context, loc, bits, lower, (l) => target.start(l));
  };
  const memory = called ? store(target.memory, slot, returnAddress) : target.memory;
  const source = new Machine(isas.source, 's.', memory, sourceAt, undefined, undefined, ground);
  return { source, target };
}
