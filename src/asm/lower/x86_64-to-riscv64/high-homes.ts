// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { mapped } from '../../../base/lists.ts';
import type { Inst, InstDef } from '../../isa/define.ts';
import { x86_64 } from '../../isa/x86_64/index.ts';
import { chunksOf, setOf } from '../../program/chunks.ts';
import type { Block, FunctionCode } from '../../program/types.ts';
import type { After } from '../from-x86_64/context.ts';
import type { FunctionFacts, LiveParts } from '../from-x86_64/facts.ts';
import { formOf } from '../from-x86_64/rule.ts';
import { computesStack, deltaOf } from '../from-x86_64/stack.ts';
import type { HighHomes } from './context.ts';
import { home, SPARE_FLOAT, USUAL_HIGHS } from './registers.ts';
import { takenAtEntry } from './taken-at-entry.ts';

/** Instructions on doubles, and on floats, by their mnemonics. Those that begin with a p work on integers. */
const DOUBLE = /^(?!p).*[sp]d$|^cvtt?[sp]d2|^movlp|^movhp/;
const SINGLE = /^(?!xor|and|or|mova|movu).*[sp]s$|^cvtt?[sp]s2/;

const known = new WeakMap<FunctionFacts, HighHomes>();

/** What a function does with its vector registers: where their high halves are, and in which it has doubles. */
export function highHomes(code: FunctionCode, facts: FunctionFacts): HighHomes {
  const before = known.get(facts);
  if (before !== undefined) return before;
  const found = findHighHomes(code, facts);
  // Functions that call each other round about have asked for these homes meanwhile.
  const homes = known.get(facts) ?? found;
  known.set(facts, homes);
  return homes;
}

function findHighHomes(code: FunctionCode, facts: FunctionFacts): HighHomes {
  const named = new Set<string>();
  const written = new Set<string>();
  const [doubles, singles] = [new Set<string>(), new Set<string>()];
  for (const inst of code.insts) {
    for (let k = 0; k < inst.ops.length; k++) {
      const op = inst.ops[k];
      if (op?.kind !== 'reg' || op.reg.class !== 'vec') continue;
      named.add(op.reg.loc);
      if (inst.def.operands[k]?.[1].access !== 'r') written.add(op.reg.loc);
      const kind = kindOf(inst.def, k);
      if (kind === 'double') doubles.add(op.reg.loc);
      else if (kind === 'single') singles.add(op.reg.loc);
    }
  }
  // Most functions name none.
  const taken = named.size === 0 ? [] : mapped(code.blocks, (b) => doublesTaken(code.insts.slice(b.start, b.end)));
  return {
    keeps: (source) => facts.hasCallers && !written.has(source),
    doublesAt: (block) => taken[block] ?? NONE,
    ...placed(code, facts, named),
    doubles: new Set([...doubles].filter((s) => !singles.has(s))),
    ...takenAtEntry(code),
  };
}

type Kind = 'double' | 'single' | 'neither';

const kinds = new Map<InstDef, readonly [first: Kind, second: Kind]>();

/** What an instruction has in its operand of that number. */
function kindOf(def: InstDef, operand: number): Kind {
  const [first, second] = kinds.get(def) ?? findKinds(def);
  kinds.set(def, [first, second]);
  return operand === 1 ? second : first;
}

function findKinds(def: InstDef): readonly [Kind, Kind] {
  const { mnemonic } = formOf(def);
  // A conversion has the one as its source and the other as its destination.
  const [ends, begins] = [/[sp]([sd])$/.exec(mnemonic)?.[1], /^cvtt?[sp]([sd])2/.exec(mnemonic)?.[1]];
  const kind = (letter: string | undefined): Kind => {
    if (letter === 'd' && DOUBLE.test(mnemonic)) return 'double';
    return letter === 's' && SINGLE.test(mnemonic) ? 'single' : 'neither';
  };
  return [kind(ends), kind(begins ?? ends)];
}

const NONE: ReadonlySet<string> = new Set();
const NO_REGISTERS: ReadonlySet<number> = new Set();

/** The vector registers of which the first that these instructions do is to take all 64 bits of the low half elsewhere. */
function doublesTaken(insts: readonly Inst[]): ReadonlySet<string> {
  const found = new Set<string>();
  const named = new Set<string>();
  for (const inst of insts) {
    const { mnemonic } = formOf(inst.def);
    const [dst, src] = inst.ops;
    const whole = mnemonic === 'movq' || mnemonic === 'movsd' || mnemonic === 'movlpd';
    if (whole && src?.kind === 'reg' && src.reg.class === 'vec' && !named.has(src.reg.loc)) {
      if (dst?.kind === 'mem' || (dst?.kind === 'reg' && dst.reg.class !== 'vec')) found.add(src.reg.loc);
    }
    for (const source of vectorsIn(inst)) named.add(source);
  }
  return found;
}

/** Which high halves are wanted at the same time, and which registers have other things in them meanwhile. */
interface Interference {
  /** The source registers whose high halves are ever wanted, with the others that are wanted meanwhile. */
  readonly together: ReadonlyMap<string, ReadonlySet<string>>;
  readonly taken: ReadonlyMap<string, ReadonlySet<number>>;
}

type Homes = Pick<HighHomes, 'homes' | 'spills' | 'spillBlocks' | 'stored' | 'keptAt'>;

/**
 * High halves go into the homes of low halves that are neither named nor live meanwhile, and into one more register.
 * Those that are never wanted at the same time may share one. Callers and callees agree on the usual ones where they can.
 * What finds no register goes into a spill slot, and over calls, which slots do not outlive, into storage of the target's own.
 */
function placed(code: FunctionCode, facts: FunctionFacts, named: ReadonlySet<string>): Homes {
  const all = interference(code, facts, named);
  const byNeighbours = [...all.together].sort((x, y) => y[1].size - x[1].size).map(([source]) => source);
  const kept = all.together.size === 0 ? NO_REGISTERS : keptByCallers(facts);
  const simple = inRegisters(all, byNeighbours, kept);
  const none = {
    spills: new Map<string, number>(),
    spillBlocks: new Set<number>(),
    stored: new Map<string, number>(),
    keptAt: () => NO_SOURCES,
  };
  if (simple.size === byNeighbours.length) return { ...none, homes: simple };
  const uses = usesOf(code);
  const { fixed, slotless } = keptInRegisters(code, facts);
  const weight = (s: string): number => (fixed.has(s) ? Number.MAX_VALUE : (uses.get(s) ?? 0));
  const homes = inRegisters(
    all,
    [...byNeighbours].sort((x, y) => weight(y) - weight(x)),
    kept,
  );
  const others = byNeighbours.filter((s) => !homes.has(s));
  const spills = inSlots(
    all,
    others.filter((s) => !slotless.has(s)),
  );
  const slots = 8 * Math.max(0, ...[...spills.values()].map((slot) => slot + 1));
  // Behind what calls keep of the spill slots.
  const stored = new Map(others.filter((s) => slotless.has(s)).map((s, k) => [s, slots + 8 * k]));
  const keptOver = code.blocks.map((b) => keptAt(facts, b).filter((s) => spills.has(s)));
  const spillBlocks = blocksWith(code, facts, new Set(spills.keys()));
  for (const [block, sources] of keptOver.entries()) if (sources.length > 0) spillBlocks.add(block);
  return { homes, spills, spillBlocks, stored, keptAt: (block) => keptOver[block] ?? NO_SOURCES };
}

const NO_SOURCES: readonly string[] = [];

const wantedOf = (live: After): string[] => SOURCES.filter((s) => live.surelyLive(s, 64, 127));

function interference(code: FunctionCode, facts: FunctionFacts, named: ReadonlySet<string>): Interference {
  const taken = new Map<string, Set<number>>();
  const together = new Map<string, Set<string>>();
  if (!facts.everSurelyLive(HIGH_HALVES)) return { together, taken };
  const meet = (live: LiveParts, here: readonly string[]): void => {
    if (!live.anySurelyLive(HIGH_HALVES)) return;
    const all = SOURCES.filter((s) => live.surelyLive(s, 64, 127));
    if (all.length === 0) return;
    const lows = SOURCES.filter((s) => here.includes(s) || live.live(s, 0, 63)).map(home);
    for (const a of all) {
      const others = together.get(a) ?? new Set();
      for (const b of all) if (b !== a) others.add(b);
      together.set(a, others);
      const registers = taken.get(a) ?? new Set();
      for (const n of lows) registers.add(n);
      taken.set(a, registers);
    }
  };
  for (const block of code.blocks) {
    meet(facts.atBlock(block.index), []);
    if (named.size === 0) continue;
    for (let k = block.start; k < block.end; k++) {
      const here = vectorsIn(code.insts[k]);
      if (here.length === 0 && k > block.start && facts.isSameAfter(k, ALL_PARTS)) continue;
      meet(facts.after(k), here);
      if (here.length > 0) meet(facts.before(k), here);
    }
    keptOverCall(facts, block, taken);
  }
  return { together, taken };
}

/**
 * What is kept over a call cannot be where the function that is called, and those that it calls, have low halves, or where
 * high halves go from one function to another meanwhile.
 */
function keptOverCall(facts: FunctionFacts, block: Block, taken: Map<string, Set<number>>): void {
  const kept = keptAt(facts, block);
  if (kept.length === 0) return;
  const callee = must(facts.callee(block.index), 'a callee that leaves something alone');
  const lows = SOURCES.filter((s) => callee.clobbers(s)).map(home);
  const passing = [...givenBy(facts, block), ...passedWithin(callee.code, callee.facts)];
  for (const s of kept) {
    const registers = taken.get(s) ?? new Set();
    for (const n of [...lows, ...passing]) registers.add(n);
    taken.set(s, registers);
  }
}

/** Where the function that is called at a block's end leaves the high halves that it gives. */
function givenBy(facts: FunctionFacts, block: Block): readonly number[] {
  const [callee, next] = [facts.callee(block.index), block.successors[0]];
  if (block.flow.kind !== 'call' || callee === undefined || next === undefined) return [];
  const live = facts.atBlock(next);
  return USUAL_HIGHS.filter(([s]) => callee.clobbers(s) && live.surelyLive(s, 64, 127)).map(([, place]) => place);
}

const passed = new WeakMap<FunctionFacts, ReadonlySet<number>>();

/** Where a function takes high halves, and where it and those that it calls pass and are given others. */
function passedWithin(code: FunctionCode, facts: FunctionFacts): ReadonlySet<number> {
  const before = passed.get(facts);
  if (before !== undefined) return before;
  const places = new Set(
    USUAL_HIGHS.filter(([s]) => facts.atBlock(0).surelyLive(s, 64, 127)).map(([, place]) => place),
  );
  // Functions that call each other round about find what is known so far.
  passed.set(facts, places);
  for (const block of code.blocks) {
    const callee = facts.callee(block.index);
    if (callee === undefined) continue;
    for (const n of [...givenBy(facts, block), ...passedWithin(callee.code, callee.facts)]) places.add(n);
  }
  return places;
}

/** The vector registers whose high halves are wanted behind the call at a block's end, which leaves them alone. */
function keptAt(facts: FunctionFacts, block: Block): readonly string[] {
  const next = block.successors[0];
  if (block.flow.kind !== 'call' || next === undefined) return [];
  const live = facts.atBlock(next);
  if (!live.anySurelyLive(HIGH_HALVES)) return [];
  const callee = facts.callee(block.index);
  if (callee === undefined) return [];
  return SOURCES.filter((s) => live.surelyLive(s, 64, 127) && !callee.clobbers(s));
}

const keptRegisters = new WeakMap<FunctionFacts, ReadonlySet<number>>();

/** The registers in which functions on the way here have something that they keep over the calls. */
function keptByCallers(facts: FunctionFacts): ReadonlySet<number> {
  const before = keptRegisters.get(facts);
  if (before !== undefined) return before;
  const kept = new Set(SOURCES.filter((s) => facts.isKept(s)).map(home));
  // Functions that call each other round about find what is known so far.
  keptRegisters.set(facts, kept);
  for (const caller of facts.callers()) {
    for (const b of caller.blocks)
      for (const s of keptAt(caller.facts, must(caller.code.blocks[b], 'a block'))) {
        const own = highHomes(caller.code, caller.facts).homes.get(s);
        if (own !== undefined) kept.add(own);
      }
    for (const n of keptByCallers(caller.facts)) kept.add(n);
  }
  return kept;
}

/** Gives each a register in this order, as far as there are any but those that callers have something in. */
function inRegisters(
  { together, taken }: Interference,
  order: readonly string[],
  kept: ReadonlySet<number>,
): Map<string, number> {
  const homes = new Map<string, number>();
  for (const source of order) {
    const others = together.get(source) ?? new Set();
    const not = new Set([...kept, ...(taken.get(source) ?? []), ...[...others].map((o) => homes.get(o))]);
    const choice = [...preferred(source), SPARE_FLOAT, ...SOURCES.map(home).reverse()];
    const found = choice.find((n) => !not.has(n));
    if (found !== undefined) homes.set(source, found);
  }
  return homes;
}

/** The home of the register eight further, which is the least used: most often nothing is to be copied then. */
function preferred(source: string): number[] {
  const n = SOURCES.indexOf(source);
  return n < 8 ? [home(must(SOURCES[n + 8], 'a register'))] : [];
}

function inSlots({ together }: Interference, order: readonly string[]): Map<string, number> {
  const slots = new Map<string, number>();
  for (const source of order) {
    const not = new Set([...(together.get(source) ?? [])].map((o) => slots.get(o)));
    let slot = 0;
    while (not.has(slot)) slot++;
    slots.set(source, slot);
  }
  return slots;
}

/** How often each vector register is named, where what stands in loops counts more. */
function usesOf(code: FunctionCode): ReadonlyMap<string, number> {
  // A jump back takes all that lies between for a loop: one more from its target on, one less behind it.
  const change = Array.from({ length: code.blocks.length + 1 }, () => 0);
  for (const { index, successors } of code.blocks)
    for (const s of successors) {
      if (s > index) continue;
      change[s] = (change[s] ?? 0) + 1;
      change[index + 1] = (change[index + 1] ?? 0) - 1;
    }
  let depth = 0;
  const depths = change.map((by) => (depth += by));
  const uses = new Map<string, number>();
  code.insts.forEach((inst, k) => {
    const weight = 8 ** Math.min(depths[code.blockAt[k] ?? 0] ?? 0, 8);
    for (const s of vectorsIn(inst)) uses.set(s, (uses.get(s) ?? 0) + weight);
  });
  return uses;
}

/**
 * Those whose high halves are wanted where spill slots are lost: behind calls that leave them alone, and where the stack
 * pointer has moved by a computed amount on some ways to a block, so that slots are nowhere to be found.
 */
function keptInRegisters(
  code: FunctionCode,
  facts: FunctionFacts,
): { readonly fixed: ReadonlySet<string>; readonly slotless: ReadonlySet<string> } {
  const fixed = new Set<string>();
  const slotless = new Set<string>();
  for (const block of code.blocks) {
    for (const s of keptAt(facts, block)) fixed.add(s);
    let dynamic = facts.stack(block.start) === undefined;
    let moved = 0;
    for (let k = block.start; k < block.end; k++) {
      moved += deltaOf(code, k);
      if (!computesStack(code, facts, block, k)) continue;
      dynamic = facts.stack(k + 1) === undefined;
      moved = 0;
    }
    for (const s of block.successors) {
      const other = facts.stack(must(code.blocks[s], 'block').start) === undefined;
      if (dynamic !== other || (other && moved !== 0)) for (const w of wantedOf(facts.atBlock(s))) slotless.add(w);
    }
  }
  for (const s of slotless) fixed.add(s);
  return { fixed, slotless };
}

/** The blocks that begin or go on with one of these high halves, or name the register. */
function blocksWith(code: FunctionCode, facts: FunctionFacts, sources: ReadonlySet<string>): Set<number> {
  const found = new Set<number>();
  for (const block of code.blocks) {
    const live = facts.atBlock(block.index);
    const here = code.insts.slice(block.start, block.end).flatMap(vectorsIn);
    if ([...sources].some((s) => here.includes(s) || live.surelyLive(s, 64, 127))) found.add(block.index);
  }
  return found;
}

function vectorsIn(inst: Inst | undefined): readonly string[] {
  let found: string[] | undefined;
  for (const op of inst?.ops ?? []) {
    if (op.kind !== 'reg' || op.reg.class !== 'vec') continue;
    found ??= [];
    found.push(op.reg.loc);
  }
  return found ?? NO_VECTORS;
}

const NO_VECTORS: readonly string[] = [];

const SOURCES = Array.from({ length: 16 }, (_, n) => `xmm${n}`);
const ALL_PARTS = setOf(chunksOf(x86_64), ...SOURCES);
const HIGH_HALVES = setOf(chunksOf(x86_64), ...SOURCES.map((s) => `${s}:64-127`));
