// SPDX-License-Identifier: MIT
import { InternalError, must } from '../../base/assert.ts';
import { Deadline } from '../../core/budget.ts';
import type { Verdict } from '../../core/verdict.ts';
import { add, bv, low, store, variable, zext } from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';
import type { AssumptionName } from './assumptions.ts';
import type { Context, Place } from './context.ts';
import { alignment, discharge } from './discharge.ts';
import { matchExits, observe, type Setting } from './exits.ts';
import { type Exit, type Exploration, explore } from './explore.ts';
import { locationVariable, Machine, widthOf } from './machine.ts';
import { uncovered } from './memory.ts';
import { Duties } from './obligations.ts';
import { garbage, MEMORY_NAME, malformed, type Pair, relatedStates } from './related.ts';
import type { BlockRelation, FunctionRelation } from './relation.ts';
import { sourceSurroundings, targetSurroundings } from './surroundings.ts';
import { Undecidable } from './undecidable.ts';

/** Checks that from any two related states the source block and its counterpart do the same. */
export function checkBlock(context: Context, relation: FunctionRelation, block: BlockRelation): Promise<Verdict> {
  return guarded(() => {
    const setting = blockSetting(context, relation, block);
    return decide(setting, compareBlock(setting, block));
  });
}

/** Checks that whoever calls the target function as the convention says arrives in the relation of the first block. */
export function checkEntry(context: Context, relation: FunctionRelation): Promise<Verdict> {
  return guarded(() => {
    const first = must(relation.blocks[0], `${relation.source} has no blocks`);
    wellFormed(context, first);
    const place = context.target.functionAt(relation.target);
    if (place === undefined) throw new Undecidable(`the target has no function ${relation.target}`);
    const start = entryStates(context, relation);
    const setting = settingFor(context, relation, { code: place, index: 0 }, start, undefined);
    const block = must(setting.sourceCode.blocks[0], `${relation.source} has no code`);
    const around = targetSurroundings(context, place);
    const run = explore(place, 0, { path: [], state: start.target }, around, false);
    observe(setting, start.target, run);
    const source: Exit = {
      path: [],
      to: { kind: 'cut', index: block.start },
      state: start.source,
      memoryBefore: start.source.memory,
    };
    const duties = matchExits(setting, [source], run.exits);
    const slot = start.source.get(context.isas.source.stackPointer);
    duties.push(targetAlone(setting, start.source, [slot]));
    return decide(setting, duties);
  });
}

/** What stays open in a comparison, stated but not yet discharged. */
export function compareBlock(setting: Setting, block: BlockRelation): Duties[] {
  const { context, sourceCode, targetCode } = setting;
  const b = must(sourceCode.blocks[block.block], 'the relation names a block');
  const { source, target } = relatedStates(context.isas, block.relation);
  const place = must(context.target.place(block.target), 'the relation names a label');
  const from = source.get(context.isas.source.stackPointer);
  const sourceRun = explore(
    sourceCode,
    b.start,
    { path: [], state: source },
    sourceSurroundings(context, sourceCode),
    true,
  );
  const at: Exit[] | undefined = standingStill(setting, block, place, sourceRun.exits, target);
  const targetRun: Exploration =
    at === undefined
      ? explore(targetCode, place.index, { path: [], state: target }, targetSurroundings(context, targetCode), true)
      : { exits: at, stackBases: new Set(), assumptions: new Set() };
  observe(setting, target, targetRun);
  const duties = matchExits(setting, sourceRun.exits, targetRun.exits);
  const pointers = sourceRun.exits.map((e) => e.state.get(context.isas.source.stackPointer));
  duties.push(targetAlone(setting, source, [from, ...pointers]));
  return duties;
}

function blockSetting(context: Context, relation: FunctionRelation, block: BlockRelation): Setting {
  wellFormed(context, block);
  const place = context.target.place(block.target);
  if (place === undefined) throw new Undecidable(`the target has no code label ${block.target}`);
  const states = relatedStates(context.isas, block.relation);
  return settingFor(context, relation, place, states, block);
}

function settingFor(
  context: Context,
  relation: FunctionRelation,
  place: Place,
  states: Pair,
  block: BlockRelation | undefined,
): Setting {
  const sourceCode = context.sourceCode(relation);
  const sourceBlock = block === undefined ? undefined : sourceCode.blocks[block.block];
  if (block !== undefined && sourceBlock === undefined) throw new Undecidable(`the source has no block ${block.block}`);
  return {
    context,
    relation,
    sourceCode,
    targetCode: place.code,
    origin: states.target,
    from: block?.relation,
    indirectTargets: sourceBlock?.indirectTargets ?? [],
    seen: { machines: [], stackBases: new Set(), assumptions: new Set() },
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
  exits: readonly Exit[],
  target: Machine,
): Exit[] | undefined {
  const only = exits[0];
  if (exits.length !== 1 || only?.to.kind !== 'cut' || only.path.length > 0) return undefined;
  const { context, relation, sourceCode } = setting;
  const next = context.blockStartingAt(sourceCode, only.to.index);
  if (next === undefined || next <= block.block) return undefined;
  const cut = context.cut(relation, next);
  const there = cut && context.target.place(cut.block.target);
  if (there?.code !== place.code || there.index !== place.index) return undefined;
  return [{ path: [], to: { kind: 'cut', index: place.index }, state: target, memoryBefore: target.memory }];
}

/**
 * What the target must do right whatever the source does: access only memory that the source accesses too, or the stack
 * below what the source has there, and keep the stack pointer aligned while it goes through it.
 */
function targetAlone(setting: Setting, source: Machine, pointers: readonly Term[]): Duties {
  const { context, origin, seen } = setting;
  const duties = new Duties(context.isas, [], { source, target: origin }, origin);
  const sp = origin.start(context.isas.target.stackPointer);
  const limits = pointers.map((p) => add(p, bv(64, 8)));
  const accesses = seen.machines.flatMap((m) => m.allAccesses);
  const wild = uncovered(source.allAccesses, accesses, sp, limits);
  if (wild !== undefined) {
    throw new Undecidable(`the target's ${wild.kind} of ${wild.bytes} bytes could fault where the source does not`);
  }
  for (const base of seen.stackBases) duties.alignedBase(base);
  for (const a of seen.assumptions) duties.assumptions.add(a);
  return duties;
}

/** The states in which a caller enters a function, source and target. */
function entryStates(context: Context, relation: FunctionRelation): Pair {
  const { isas } = context;
  const { pair } = context.claim;
  const returnAddress = variable('return.address', 64);
  const related = relatedStates(isas, { stack: relation.entryStack, frames: [], registers: [], flags: {} });
  const target = new Machine(isas.target, 't.', variable(MEMORY_NAME, 0), (loc) =>
    loc === pair.link ? returnAddress : related.target.start(loc),
  );
  const slot = related.source.start(isas.source.stackPointer);
  const given = new Set([...pair.argumentRegisters, ...pair.calleeSaved]);
  const source = new Machine(isas.source, 's.', store(target.memory, slot, returnAddress), (loc) => {
    const fixed = [isas.source.stackPointer, isas.source.threadPointer, 'df'];
    if (fixed.includes(loc)) return related.source.start(loc);
    if (relation.convention === 'abi') {
      const home = given.has(loc) ? pair.homes[loc] : undefined;
      return home === undefined ? garbage(isas.source, loc) : target.start(home);
    }
    return localArgument(context, relation, loc, target);
  });
  return { source, target };
}

/** What callers of a local function guarantee of a register: what its first block relies on, from bit 0 up. */
function localArgument(context: Context, relation: FunctionRelation, loc: string, target: Machine): Term {
  const unknown = locationVariable(context.isas.source, 's.', loc);
  const r = relation.blocks[0]?.relation.registers.find((x) => x.source === loc);
  if (r === undefined) return unknown;
  const width = widthOf(context.isas.source, loc) ?? 64;
  const known = Math.max(...r.bits.map(([, hi]) => hi)) + 1;
  const value = low(target.start(r.target), known);
  if (known === width) return value;
  return add(zext(value, width), zext(bv(1, 0), width));
}

async function decide(setting: Setting, duties: readonly Duties[]): Promise<Verdict> {
  const { context, origin } = setting;
  const deadline = new Deadline(context.limits.blockMs);
  const assumptions = new Set<AssumptionName>();
  let identical = 0;
  for (const d of duties) {
    identical += d.identical;
    for (const a of d.assumptions) assumptions.add(a);
  }
  const open = duties.flatMap((d) => d.open);
  const always = [alignment(origin.start(context.isas.target.stackPointer))];
  const result = await discharge(open, always, context.prover, deadline, context.limits.queryMs);
  if (result.kind === 'proved') {
    for (const a of result.assumed) assumptions.add(a);
    return { kind: 'proved', how: { identical, by: result.by }, assumptions: [...assumptions].sort() };
  }
  if (result.kind === 'undecided') return result;
  return { kind: 'undecided', reason: `${result.obligation.what} differs` };
}

/** Turns what makes a block uncheckable into a verdict. */
async function guarded(check: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await check();
  } catch (e) {
    if (e instanceof Undecidable) return { kind: 'undecided', reason: e.message };
    if (e instanceof InternalError || e instanceof RangeError) {
      return { kind: 'undecided', reason: `internal error: ${e.message}` };
    }
    throw e;
  }
}
