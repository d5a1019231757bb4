// SPDX-License-Identifier: MIT
import { append } from '../../base/lists.ts';
import { add, bv, eq, load, ne, store } from '../../logic/build.ts';
import { arg } from '../../logic/pool.ts';
import type { Term } from '../../logic/term.ts';
import type { FunctionRelation, Relation } from '../abi/relation.ts';
import { addressOf } from '../isa/symbol.ts';
import { calleeOf } from '../program/callee.ts';
import { deadEnds } from '../program/dead-ends.ts';
import type { Block, FunctionCode } from '../program/types.ts';
import type { AssumptionName } from './assumptions.ts';
import {
  afterCall,
  arrivalDuties,
  type Callee,
  INDIRECT,
  passedOnDuties,
  resolveCallee,
  returnDuties,
  returnFlags,
} from './calls.ts';
import { mayBeDefined } from './clobbers.ts';
import { computedFrom } from './computed-jumps.ts';
import type { Context, Cut, Place, Side } from './context.ts';
import {
  type CallTo,
  type Destination,
  type Exit,
  type Exploration,
  explore,
  type SystemEntry,
  symbolName,
} from './explore.ts';
import type { Machine, PathAccess } from './machine.ts';
import { needsOf } from './needs.ts';
import { Duties } from './obligations.ts';
import { handedOnDuties, loweredForNative, passedDuties, returnOffset } from './passed.ts';
import { conjunction, extend, extendAll, type Path } from './path.ts';
import type { Pair } from './related.ts';
import { targetSurroundings } from './surroundings.ts';
import { afterSystem, systemDuties } from './system.ts';
import { Undecidable } from './undecidable.ts';

/** What is being checked while exits are matched. */
export interface Setting {
  readonly context: Context;
  readonly relation: FunctionRelation;
  readonly sourceCode: FunctionCode;
  /** The source block that is checked, or the first one. */
  readonly sourceBlock: number;
  readonly targetCode: FunctionCode;
  /** The target as the block began. */
  readonly origin: Machine;
  /** The relation in which the block began, while no call lies between. */
  readonly from: Relation | undefined;
  /** The source block, where one is checked rather than an entry. */
  readonly block: Block | undefined;
  /** What was seen of the target on the way, to be checked by itself. */
  readonly seen: Seen;
}

/** What the target does on its way, over all paths and continuations. */
export interface Seen {
  readonly accesses: PathAccess[];
  /** Those behind a call, when memory need no longer be there as the source found it before. */
  readonly lateAccesses: PathAccess[];
  readonly stackBases: Set<Term>;
  readonly assumptions: Set<AssumptionName>;
  readonly doubts: string[];
}

/** Whether the target's stack pointer need not have been aligned as the block began. */
export function isLoose({ relation, block }: Setting): boolean {
  return relation.blocks.find((b) => b.block === block?.index)?.relation.loose === true;
}

export function observe(setting: Setting, machine: Machine, run: Exploration, afterCall = false): void {
  const { accesses, lateAccesses } = setting.seen;
  append(afterCall ? lateAccesses : accesses, machine.allAccesses);
  for (const base of run.stackBases) setting.seen.stackBases.add(base);
  for (const a of run.assumptions) setting.seen.assumptions.add(a);
  if (run.doubt !== undefined) setting.seen.doubts.push(run.doubt);
}

/** Every way in which the source leaves must be a way in which the target leaves, under the same conditions. */
export function matchExits(setting: Setting, source: readonly Exit[], target: readonly Exit[]): Duties[] {
  const lost = [...source, ...target].find((e) => e.to.kind === 'lost');
  if (lost?.to.kind === 'lost') throw new Undecidable(lost.to.reason);
  const partners = pairUp(setting, source, target);
  const duties: Duties[] = [];
  for (const s of source) {
    for (const t of target) {
      const partner = partners?.get(s);
      if (partner !== undefined && partner !== t) continue;
      const path = extendAll(s.path, t.path);
      if (path !== undefined) append(duties, matchOne(setting, s, t, path));
      else if (partner === t) duties.push(impossible(setting, s, t, s.path, 'the way out'));
    }
  }
  // Paired exits are compared only where both are taken; that each is taken exactly when its partner is comes on top.
  for (const [s, t] of partners ?? []) duties.push(sameCondition(setting, s, t));
  return duties;
}

/** The exits of both sides in pairs that go to the same place, where there is exactly one way to pair them. */
function pairUp(setting: Setting, source: readonly Exit[], target: readonly Exit[]): Map<Exit, Exit> | undefined {
  if (source.length !== target.length) return undefined;
  const pairs = new Map<Exit, Exit>();
  const taken = new Set<Exit>();
  for (const s of source) {
    const fits = target.filter((t) => sameKind(setting, s.to, t.to));
    const only = fits[0];
    if (fits.length !== 1 || only === undefined || taken.has(only)) return undefined;
    taken.add(only);
    pairs.set(s, only);
  }
  return pairs;
}

function sameCondition(setting: Setting, s: Exit, t: Exit): Duties {
  const duties = new Duties(
    setting.context.isas,
    [],
    { source: s.state, target: t.state },
    setting.origin,
    isLoose(setting),
  );
  duties.equal('the condition of the way out', conjunction(s.path), conjunction(t.path));
  return duties;
}

/** Whether two ways of leaving could mean the same, by their kinds and places alone. */
function sameKind(setting: Setting, s: Destination, t: Destination): boolean {
  if (cutFor(setting, s, t) !== undefined) return true;
  if (s.kind === 'trap' && t.kind === 'trap') return s.what === t.what;
  if (s.kind === 'outside' && t.kind === 'outside') return true;
  return s.kind === t.kind && s.kind !== 'cut' && s.kind !== 'outside';
}

/** An obligation that cannot hold unless the two exits are never taken together. */
function impossible(setting: Setting, s: Exit, t: Exit, path: Path, what: string): Duties {
  const duties = new Duties(
    setting.context.isas,
    path,
    { source: s.state, target: t.state },
    setting.origin,
    isLoose(setting),
  );
  duties.equal(what, bv(1, 0), bv(1, 1));
  return duties;
}

function matchOne(setting: Setting, s: Exit, t: Exit, path: Path): Duties[] {
  const { context } = setting;
  const cut = cutFor(setting, s.to, t.to);
  const at: Pair = { source: s.state, target: t.state };
  const duties = new Duties(context.isas, path, at, setting.origin, isLoose(setting));
  if (s.to.kind === 'outside' && deadEnds(context.source.program).has(s.to.name)) {
    duties.assumptions.add('no-return');
    return [duties];
  }
  if (t.to.kind !== 'trap') duties.keptStack();
  if (cut === undefined) duties.forgetSpills();
  else {
    checkSuccessor(setting, cut.block.block);
    cutDuties(duties, cut, setting.from);
    return [duties];
  }
  if (s.to.kind === 'trap' && t.to.kind === 'trap' && s.to.what === t.to.what) {
    duties.memory(s.memoryBefore, t.memoryBefore);
    return [duties];
  }
  if (s.to.kind === 'return' && t.to.kind === 'return') {
    duties.equal('the return address', s.to.target, t.to.target);
    const after = s.state.get(context.isas.source.stackPointer);
    checkReturn(s.to.target, add(after, bv(64, -8)));
    const written = mayBeDefined(context.target, setting.targetCode, setting.targetCode.blockAt[t.to.index] ?? -1);
    returnDuties(context, duties, setting.relation, setting.sourceBlock, after, written);
    duties.memory(s.state.memory, t.state.memory, after);
    return [duties];
  }
  if (s.to.kind === 'call' && t.to.kind === 'call') return matchCall(setting, s, t, duties);
  if (s.to.kind === 'system' && t.to.kind === 'system') return matchSystem(setting, s.to, t.to, duties);
  if (s.to.kind === 'indirect' && t.to.kind === 'indirect') return matchIndirect(setting, s, t, duties);
  if (s.to.kind === 'outside' && t.to.kind === 'outside') {
    const callee = resolveCallee(context, s.to.name, t.to.name);
    if (typeof callee === 'string') return [impossible(setting, s, t, path, callee)];
    return [tailCall(setting, s, t, duties, callee)];
  }
  if (s.to.kind === 'indirect' && t.to.kind !== 'indirect') {
    const each = eachTarget(setting, s, t, s.to.target, path);
    if (each !== undefined) return each;
  }
  return [impossible(setting, s, t, path, `the source ${describe(s.to)}, the target ${describe(t.to)}:`)];
}

/**
 * Where the target finds out by comparing which of the labels the source jumps to: the source's indirect jump is taken
 * label by label. Labels at different instructions have different addresses.
 */
function eachTarget(setting: Setting, s: Exit, t: Exit, address: Term, path: Path): Duties[] | undefined {
  const { context, sourceCode } = setting;
  const labels = (setting.block?.indirectTargets ?? []).flatMap((label) => {
    const place = context.source.place(label);
    return place?.code === sourceCode ? [{ label, index: place.index }] : [];
  });
  if (labels.length === 0 || labels.length < (setting.block?.indirectTargets.length ?? 0)) return undefined;
  // On a way on which the target has found the address to be one label's, it is no other's.
  const seen = new Set(path);
  const found = labels.filter(({ label }) => seen.has(eq(address, addressOf(label))));
  const possible = found.length === 0 ? labels : labels.filter((l) => found.some((f) => f.index === l.index));
  const ways = possible.flatMap(({ label, index }) => {
    // A way on which the target has found that it is not this label is none on which the source goes there.
    const way = extend(path, eq(address, addressOf(label)));
    if (way === undefined) return [];
    const others = possible.filter((l) => l.index !== index).map((l) => ne(addressOf(label), addressOf(l.label)));
    return matchOne(setting, { ...s, to: { kind: 'cut', index } }, t, [...way, ...others]);
  });
  const at = { source: s.state, target: t.state };
  const all = ways.length > 0 ? ways : [new Duties(context.isas, path, at, setting.origin, isLoose(setting))];
  for (const each of all) each.assumptions.add('jump-targets');
  return all;
}

/** The name by which a block's function calls itself in tail position, where another definition may take that name. */
export function callOfItself({ context, sourceCode, block }: Setting): string | undefined {
  if (block?.tailCall === undefined) return undefined;
  const place = context.source.place(block.tailCall);
  return place?.code === sourceCode && place.index === 0 ? block.tailCall : undefined;
}

/** The cut point at which both sides arrive, if they do: of this function, since others owe their callers other things. */
function cutFor(setting: Setting, s: Destination, t: Destination): Cut | undefined {
  const { context, relation, sourceCode } = setting;
  const here = placeOf(sourceCode, context.source, s);
  const there = placeOf(setting.targetCode, context.target, t);
  if (here?.code !== sourceCode || there === undefined) return undefined;
  const block = context.blockStartingAt(here.code, here.index);
  if (s.kind === 'outside' && s.name === callOfItself(setting)) return undefined;
  const cut = block === undefined ? undefined : context.cut(relation, block);
  const place = cut && context.target.place(cut.block.target);
  return place?.code === there.code && place.index === there.index ? cut : undefined;
}

function placeOf(code: FunctionCode, side: Side, to: Destination): Place | undefined {
  if (to.kind === 'cut') return { code, index: to.index };
  return to.kind === 'outside' ? side.place(to.name) : undefined;
}

/** What is read off the source's control-flow graph is read off a graph that has all its edges. */
function checkSuccessor(setting: Setting, block: number): void {
  if (setting.block === undefined || setting.block.successors.includes(block)) return;
  throw new Undecidable(`block ${block} is not among the recovered successors of block ${setting.block.index}`);
}

function cutDuties(duties: Duties, cut: Cut, from: Relation | undefined): void {
  duties.relation(cut.block.relation, from);
  duties.always(cut.block.relation.direction);
  duties.memoryBut(cut.block.relation.spills ?? []);
}

function matchCall(setting: Setting, s: Exit, t: Exit, duties: Duties): Duties[] {
  const { context } = setting;
  if (s.to.kind !== 'call' || t.to.kind !== 'call') return [];
  const [from, to] = [symbolName(s.to.target), symbolName(t.to.target)];
  let callee: Callee | string = INDIRECT;
  if (from !== undefined && to !== undefined) callee = resolveCallee(context, from, to);
  else duties.equal('the function called', s.to.target, t.to.target);
  if (typeof callee === 'string') return [impossible(setting, s, t, duties.path, callee)];
  if (callee.convention === 'start') return [impossible(setting, s, t, duties.path, "a call of the program's entry:")];
  if (callee.returnStack !== callee.entryStack) {
    return [
      impossible(setting, s, t, duties.path, 'a call of what returns with another stack than it was entered with:'),
    ];
  }
  const slot = s.state.get(context.isas.source.stackPointer);
  checkPush(s, s.to.returnAddress, slot);
  const opaque = callee.known !== undefined && isOpaque(setting, callee, s.to, t.to);
  const lowered = from === undefined ? 0 : loweredForNative(context, callee, t.state, behind(slot));
  arrivalDuties(context, duties, callee, slot, lowered);
  const call = setting.sourceCode.blocks[setting.sourceCode.blockAt[s.to.resume - 1] ?? -1];
  if (call !== undefined && (callee.known === undefined || opaque))
    passedDuties(context, duties, callee, { code: setting.sourceCode, call, memory: s.memoryBefore, lowered });
  duties.equal("the target's return address", t.to.returnAddress, t.state.get(context.claim.pair.link));
  duties.memory(s.memoryBefore, t.state.memory, behind(slot));
  const resumed = sourceResumption(setting, s.to.resume);
  if (resumed === undefined) {
    duties.assumptions.add('no-return');
    return [duties];
  }
  if (callee.known !== undefined && needsOf(context, callee.known.code, callee.convention).passed.size > 0) {
    duties.assumptions.add('abi-results');
  }
  if (t.state.usesOwn) duties.assumptions.add('own-storage');
  if (opaque) duties.assumptions.add('external-abi');
  return goOn(setting, duties, resumed, t.to.resume, afterCall(context, duties.at, opaque ? INDIRECT : callee));
}

/** Both sides come back from somewhere in the states `after`: the source at a cut point, the target on its way to it. */
function goOn(setting: Setting, duties: Duties, resumed: Destination, resume: number, after: Pair): Duties[] {
  const source: Exit = { path: duties.path, to: resumed, state: after.source, memoryBefore: after.source.memory };
  const arrival = { path: duties.path, state: after.target };
  const around = targetSurroundings(setting.context, setting.targetCode);
  const run = explore(setting.targetCode, resume, arrival, around, false);
  observe(setting, after.target, run, true);
  return [duties, ...matchExits({ ...setting, from: undefined }, [source], run.exits)];
}

function matchSystem(setting: Setting, s: SystemEntry, t: SystemEntry, duties: Duties): Duties[] {
  const { context } = setting;
  systemDuties(context, duties, s, t);
  const resumed = sourceResumption(setting, s.resume);
  if (resumed === undefined) {
    duties.assumptions.add('no-return');
    return [duties];
  }
  return goOn(setting, duties, resumed, t.resume, afterSystem(context, duties.at, s, t));
}

/**
 * Whether the source calls so that which function answers is open, although it is known here what most likely does: one
 * that others may replace, or through a pointer, as the target does too. Nobody then relies on more than the platform's
 * convention.
 */
function isOpaque(setting: Setting, callee: Callee, s: CallTo, t: CallTo): boolean {
  if (callee.convention !== 'abi') return false;
  const call = setting.sourceCode.insts[s.resume - 1];
  if (call === undefined) return false;
  // As it is written: a function with an entry for native code has one name in terms, whatever names it has in the source.
  const flow = setting.sourceCode.blocks[setting.sourceCode.blockAt[s.resume - 1] ?? -1]?.flow;
  const written = flow?.kind === 'call' ? flow.target : undefined;
  if (calleeOf(setting.context.source.program, call, written ?? symbolName(s.target)) === undefined) return true;
  return [call, setting.targetCode.insts[t.resume - 1]].every((inst) =>
    inst?.ops.some((op) => op.kind === 'reg' || op.kind === 'mem'),
  );
}

/** Where the source goes on after a call; undefined where it does not. */
function sourceResumption(setting: Setting, resume: number): Destination | undefined {
  const block = setting.sourceCode.blocks[setting.sourceCode.blockAt[resume - 1] ?? -1];
  if (block?.tailCall !== undefined) return { kind: 'outside', name: block.tailCall };
  return block?.successors.length === 0 ? undefined : { kind: 'cut', index: resume };
}

/** The source's call has done nothing to memory but push its return address. */
function checkPush(s: Exit, returnAddress: Term, slot: Term): void {
  const m = s.state.memory;
  if (m === store(s.memoryBefore, slot, returnAddress)) return;
  throw new Undecidable('a call that does more to memory than push its return address');
}

function matchIndirect(setting: Setting, s: Exit, t: Exit, duties: Duties): Duties[] {
  const { context, relation, sourceCode } = setting;
  if (s.to.kind !== 'indirect' || t.to.kind !== 'indirect') return [];
  duties.equal('the address jumped to', s.to.target, t.to.target);
  const labels = setting.block?.indirectTargets ?? [];
  if (labels.length === 0) return [tailCall(setting, s, t, duties, INDIRECT)];
  const base = computedFrom(s.to.target, labels);
  if (base !== undefined)
    throw new Undecidable(`a jump to an address that is computed from the one of ${base}: where it goes is not known`);
  duties.assumptions.add('jump-targets');
  const all = [duties];
  const done = new Set<number>();
  for (const label of labels) {
    const [here, there] = [context.source.place(label), context.target.place(label)];
    const block = here === undefined ? undefined : context.blockStartingAt(here.code, here.index);
    const cut = block === undefined || here?.code !== sourceCode ? undefined : context.cut(relation, block);
    const place = cut && context.target.place(cut.block.target);
    if (block === undefined || cut === undefined || place === undefined) {
      return [impossible(setting, s, t, duties.path, `${label} begins no block:`)];
    }
    if (there?.code !== place.code || there.index !== place.index) {
      return [impossible(setting, s, t, duties.path, `${label} of the target is not where its block begins:`)];
    }
    checkSuccessor(setting, block);
    if (done.has(block)) continue;
    done.add(block);
    const each = new Duties(context.isas, duties.path, duties.at, setting.origin, isLoose(setting));
    cutDuties(each, cut, setting.from);
    all.push(each);
  }
  return all;
}

/** The callee returns straight to our caller, so it must owe that caller what we owe it. */
function tailCall(setting: Setting, s: Exit, t: Exit, duties: Duties, callee: Callee): Duties {
  const { context, relation } = setting;
  if (callee.convention !== relation.convention || callee.returnStack !== relation.returnStack) {
    return impossible(setting, s, t, duties.path, 'a tail call to a function of another convention:');
  }
  const theirs = callee.known === undefined ? {} : returnFlags(context, callee.known.relation);
  for (const [flag, place] of Object.entries(returnFlags(context, relation))) {
    if (JSON.stringify(theirs[flag]) !== JSON.stringify(place))
      throw new Undecidable(`${flag} is needed behind a tail call that does not give it there`);
  }
  const slot = s.state.get(context.isas.source.stackPointer);
  arrivalDuties(context, duties, callee, slot);
  passedOnDuties(context, duties, relation, setting.block?.index ?? 0, callee);
  if (relation.convention === 'start') {
    duties.memory(s.state.memory, t.state.memory, slot);
    return duties;
  }
  const back = load(s.state.memory, slot, 8);
  // Hand-written code also jumps with words on the stack that the other function takes off first.
  const place = add(slot, bv(64, returnOffset(context, callee)));
  checkReturn(load(s.state.memory, place, 8), place);
  duties.equal('the return address', back, t.state.get(context.claim.pair.link));
  handedOnDuties(context, duties, callee, setting.sourceCode, s.state.memory);
  duties.memory(s.state.memory, t.state.memory, behind(slot));
  return duties;
}

/**
 * A function goes back to where it was called from: nothing is claimed of how the states lie to each other anywhere else.
 * What has been put into the slot of the return address within the block is not what the caller put there.
 */
function checkReturn(address: Term, slot: Term): void {
  if (address.op === 'ite') {
    checkReturn(arg(address, 1), slot);
    checkReturn(arg(address, 2), slot);
  } else if (address.op !== 'load' || arg(address, 1) !== slot) {
    throw new Undecidable('the function returns to an address that it has put there itself');
  }
}

/** The address behind a return address at `slot`. */
function behind(slot: Term): Term {
  return add(slot, bv(64, 8));
}

function describe(to: Destination): string {
  switch (to.kind) {
    case 'cut':
      return 'goes on at another block';
    case 'outside':
      return `jumps to ${to.name}`;
    case 'indirect':
      return 'jumps indirectly';
    case 'return':
      return 'returns';
    case 'call':
      return `calls ${symbolName(to.target) ?? 'through a pointer'}`;
    case 'system':
      return 'enters the operating system';
    case 'trap':
      return `traps (${to.what})`;
    case 'lost':
      return 'is lost';
  }
}
