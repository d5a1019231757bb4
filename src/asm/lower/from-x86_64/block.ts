// SPDX-License-Identifier: MIT
import { assert, must } from '../../../base/assert.ts';
import type { Diagnostic } from '../../../base/diagnostic.ts';
import type { BlockRelation } from '../../abi/relation.ts';
import type { Block } from '../../program/types.ts';
import { relationAt, UNREACHED } from './block-relation.ts';
import { type BlockContext, type Claims, Crowded, Refusal } from './context.ts';
import type { Direction } from './direction.ts';
import type { LiveParts } from './facts.ts';
import { CONDITIONS, FLAGS, type FlagName, type FlagPlaces } from './flags.ts';
import type { FunctionInput } from './function.ts';
import { type Parts, partsOf } from './rule.ts';
import { computesStack, type FramePlan, lowestIn, setsStack } from './stack.ts';
import { changeStack } from './stack-instructions.ts';
import type { Target } from './target.ts';
import { leave } from './transfers.ts';

/** What is known where control enters a block, and of where it goes on: all that its code depends on. */
export interface BlockEntry {
  readonly claims: Claims;
  readonly places: FlagPlaces;
  /** Whether a block expects its flags in the common places. */
  takesCommonPlaces(block: number): boolean;
}

/** A way on to another block of the function, and what it brings there. */
export interface Way {
  readonly target: number;
  /** Where the flags are that are live there. */
  readonly places: FlagPlaces;
  /** Whether they were put into the common places. */
  readonly common: boolean;
  readonly claims: Claims;
}

/** What became of a block. The same entry gives the same, but for the numbers of fresh labels. */
export interface LoweredBlock {
  readonly lines: readonly string[];
  readonly stubs: readonly string[];
  readonly relation: BlockRelation;
  /** In the order in which they were got ready. */
  readonly ways: readonly Way[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What the blocks of one variant of a function share. */
export interface BlockSetting<C extends BlockContext> {
  readonly target: Target<C>;
  readonly input: FunctionInput;
  readonly c: C;
  readonly plan: FramePlan;
  readonly directions: readonly Direction[];
  /** The target's label for a block. */
  labelOf(block: number): string;
}

const NO_FRAMES: ReadonlyMap<string, number> = new Map();
const NO_PLACES: FlagPlaces = new Map();

/** Lowers one block. What cannot be carried over becomes a diagnostic. */
export function lowerBlock<C extends BlockContext>(
  setting: BlockSetting<C>,
  block: Block,
  entry: BlockEntry,
): LoweredBlock {
  return new BlockLowering(setting, block, entry).run();
}

class BlockLowering<C extends BlockContext> {
  private readonly target: Target<C>;
  private readonly input: FunctionInput;
  private readonly c: C;
  private readonly setting: BlockSetting<C>;
  private readonly block: Block;
  private readonly entry: BlockEntry;
  private readonly ways: Way[] = [];
  private readonly diagnostics: Diagnostic[] = [];
  /** The instructions in front of which flags are gathered, since there was no room for them. */
  private readonly crowded = new Set<number>();

  constructor(setting: BlockSetting<C>, block: Block, entry: BlockEntry) {
    this.setting = setting;
    this.target = setting.target;
    this.input = setting.input;
    this.c = setting.c;
    this.block = block;
    this.entry = entry;
  }

  run(): LoweredBlock {
    const { c, ways, diagnostics } = this;
    const { labels } = this.input;
    const [line, stub, label] = [c.lines.length, c.stubs.length, labels.next];
    for (;;) {
      const { size } = this.crowded;
      const relation = this.lower();
      const [lines, stubs] = [c.lines.splice(line), c.stubs.splice(stub)];
      if (this.crowded.size === size) return { lines, stubs, relation, ways, diagnostics };
      labels.next = label;
      ways.length = 0;
      diagnostics.length = 0;
    }
  }

  private lower(): BlockRelation {
    const { block, c, entry, target, setting } = this;
    const { code, facts, suffix, variant } = this.input;
    const frame = must(setting.plan.blocks[block.index], 'frame');
    const own = setting.labelOf(block.index);
    for (const l of code.labelsAt.get(block.start) ?? [])
      if (l !== code.name && !code.aliases.includes(l) && `${l}${suffix}` !== own) c.label(`${l}${suffix}`);
    c.label(own);
    if (!facts.reachable(block.index)) {
      // Nothing is known about the stack here, and nothing needs to be.
      target.transfers.trap(c);
      return { block: block.index, target: own, relation: UNREACHED };
    }
    const live = facts.atBlock(block.index);
    const { claims } = entry;
    c.spillBase = setting.plan.spills(frame.dynamic);
    c.startBlock(frame.rsp, frame.sp, entry.places, claims);
    c.loose = frame.loose;
    c.beganLoose = frame.loose;
    c.direction = setting.directions[block.index] ?? 'up';
    const relation = relationAt(target, c, { block, facts, variant, live, dynamic: frame.dynamic, claims });
    this.body(frame.dynamic);
    return { block: block.index, target: own, relation };
  }

  private body(dynamic: boolean): void {
    const { block, c } = this;
    const { code, facts } = this.input;
    let index = block.start;
    try {
      if (!dynamic) this.growTo(this.setting.plan.align(lowestIn(code, facts, block.index, c.rsp)));
      const last = this.lastIsTransfer ? block.end - 1 : block.end;
      for (; index < last; index++) {
        if (this.fuse(index)) return;
        this.instruction(index, dynamic);
      }
      this.exit(last);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refuse(error, index);
    }
  }

  private refuse(error: Refusal, index: number): void {
    if (error instanceof Crowded && this.target.gatherFlags !== undefined) this.crowded.add(index);
    const inst = this.input.code.insts[Math.min(index, this.input.code.insts.length - 1)];
    this.diagnostics.push({
      severity: 'error',
      kind: 'unsupported',
      code: error.code,
      message: error.message,
      ...(inst?.span === undefined ? {} : { span: inst.span }),
      notes: error.advice,
    });
  }

  private get lastIsTransfer(): boolean {
    const { kind } = this.block.flow;
    return kind !== 'next' && kind !== 'trap';
  }

  /** Lowers one instruction that does not leave the block. */
  private instruction(index: number, dynamic: boolean): void {
    const { code, facts } = this.input;
    const { c, setting } = this;
    const inst = must(code.insts[index], 'instruction');
    const i = partsOf(inst);
    c.begin(inst, facts.after(index), facts.before(index));
    const height = facts.stack(index);
    c.frames = height !== undefined && height === c.rsp ? facts.frames(index) : NO_FRAMES;
    // From a computed adjustment on, positions count from an aligned place.
    const place = { facts, index, plan: setting.plan, dynamic: dynamic || height === undefined };
    this.gather(index);
    this.target.before?.(c, (loc) => facts.writes(index, loc));
    if (facts.writes(index, 'af')) {
      c.places.delete('af');
      if (c.after.liveFlag('af')) this.target.adjust(c, i);
    }
    const behind = computesStack(code, facts, this.block, index) ? this.target.carryOver?.(c) : undefined;
    if (!changeStack(this.target.stack, c, i, place)) this.target.rules.select(i, c).to(c, i);
    else if (setsStack(code, index)) c.spillBase = setting.plan.spills(facts.stack(index + 1) === undefined);
    behind?.();
    this.target.behind?.(c);
    this.trackHighPart(i, index);
  }

  private gather(index: number): void {
    if (this.crowded.has(index)) this.target.gatherFlags?.(this.c, this.input.facts.before(index));
  }

  /** Divisions want to know whether rdx is the accumulator's extension. */
  private trackHighPart(i: Parts, index: number): void {
    const { facts } = this.input;
    const c = this.c;
    const dst = i.ops[0];
    const clears =
      (i.mnemonic === 'xor' &&
        dst?.kind === 'reg' &&
        dst.reg.loc === 'rdx' &&
        i.width >= 32 &&
        i.ops[1]?.kind === 'reg' &&
        i.ops[1].reg === dst.reg) ||
      (i.mnemonic === 'mov' &&
        dst?.kind === 'reg' &&
        dst.reg.loc === 'rdx' &&
        i.width >= 32 &&
        i.ops[1]?.kind === 'imm' &&
        i.ops[1].value.plus === undefined &&
        i.ops[1].value.offset === 0n);
    if (clears) c.highPart = 'zero';
    else if (i.mnemonic === 'cqo' || i.mnemonic === 'cdq') c.highPart = 'sign';
    else if (c.highPart === 'unknown') return;
    else if (facts.writes(index, 'rdx')) c.highPart = 'unknown';
    else if (c.highPart === 'sign' && facts.writes(index, 'rax')) c.highPart = 'unknown';
  }

  /** Lowers the stack pointer to `position` if it is above. */
  private growTo(position: number): void {
    if (this.c.sp > position) this.moveStack(position);
  }

  private readonly moveStack = (position: number): void => {
    const c = this.c;
    if (c.sp !== position) this.target.stack.addToStack(c, position - c.sp);
    c.sp = position;
  };

  // Leaving the block

  private exit(last: number): void {
    const { block, c, target, setting } = this;
    const { code, facts, variant, suffix, calls, returned } = this.input;
    const inst = last < block.end ? code.insts[last] : undefined;
    if (inst !== undefined) {
      c.begin(inst, facts.after(last));
      const height = facts.stack(last);
      c.frames = height !== undefined && height === c.rsp ? facts.frames(last) : NO_FRAMES;
      this.gather(last);
      target.before?.(c, (loc) => facts.writes(last, loc));
    }
    // Spelled out: a spread of the input takes longer than all the rest.
    leave(target.transfers, c, {
      code,
      facts,
      variant,
      suffix,
      calls,
      returned,
      commonPlace: target.commonPlace,
      block,
      inst: inst === undefined ? undefined : partsOf(inst),
      index: last,
      labelOf: setting.labelOf,
      blockAt: this.blockAt,
      moveStack: this.moveStack,
      enter: this.enterBlock,
      enterEither: this.enterEither,
      align: setting.plan.align,
    });
  }

  /** Gets the stack pointer and the flags ready for a successor. */
  private readonly enterBlock = (target: number, places: FlagPlaces = this.c.places): void => {
    const frame = must(this.setting.plan.blocks[target], 'frame');
    const c = this.c;
    if (frame.dynamic) {
      // Only the distance of the two stack pointers counts there.
      const wanted = c.rsp - (frame.rsp - frame.sp);
      if (c.sp !== wanted) this.moveStack(wanted);
    } else {
      assert(
        c.rsp === frame.rsp,
        `the stack position ${c.rsp} of ${this.input.name} differs from ${frame.rsp} at block ${target}`,
      );
      this.moveStack(frame.sp);
    }
    const live = this.input.facts.atBlock(target);
    const brought = this.bringFlags(target, live, places);
    this.ways.push({ target, ...brought, claims: c.claimsFor(live, target) });
  };

  /**
   * Gets ready for both ways of a branch. Stack pointers agree but where one way leads to where the source's is not even
   * known to be a multiple of 16: then the branch goes there over a piece of code that moves the target's.
   */
  private readonly enterEither = (
    taken: number,
    fallen: number,
    [ifTaken, ifFallen]: readonly [taken: FlagPlaces, fallen: FlagPlaces] = [this.c.places, this.c.places],
  ): string => {
    const c = this.c;
    const label = this.setting.labelOf(taken);
    this.enterBlock(taken, ifTaken);
    const wanted = c.sp;
    this.enterBlock(fallen, ifFallen);
    const here = c.sp;
    if (here === wanted) return label;
    return c.stub('there', () => {
      this.moveStack(wanted);
      this.target.transfers.jump(c, label);
      c.sp = here;
    });
  };

  /**
   * Puts the flags that a successor wants into the common places where it expects them there. Changes no condition code,
   * so it can stand in front of a branch; `places` is what holds on that way.
   */
  private bringFlags(target: number, live: LiveParts, places: FlagPlaces): Pick<Way, 'places' | 'common'> {
    const flags = FLAGS.filter((f) => live.liveFlag(f));
    if (flags.length === 0) return { places: NO_PLACES, common: false };
    for (const f of flags)
      if (!places.has(f)) throw new Refusal('V0223', `the ${f} flag is read later but is not available here`);
    if (!this.entry.takesCommonPlaces(target)) return { places: only(places, flags), common: false };
    const c = this.c;
    const before = c.places;
    c.places = new Map(places);
    for (const f of flags) this.target.transfers.moveToCommonPlace(c, f);
    c.places = before;
    return { places: new Map(flags.map((f) => [f, this.target.commonPlace(f)])), common: true };
  }

  /** A test right before the conditional branch that alone reads it can become one instruction. */
  private fuse(index: number): boolean {
    const { block, c } = this;
    const { flow } = block;
    if (this.target.conditionBranch === undefined || index !== block.end - 2) return false;
    if (flow.kind !== 'jump' || !flow.conditional) return false;
    const { code, facts } = this.input;
    const jump = partsOf(must(code.insts[block.end - 1], 'jump'));
    const cc = jump.mnemonic.slice(1);
    if (!CONDITIONS.includes(cc)) return false;
    const after = facts.after(block.end - 1);
    if (FLAGS.some((f) => after.liveFlag(f))) return false;
    const inst = must(code.insts[index], 'instruction');
    c.begin(inst, facts.after(index));
    const height = facts.stack(index);
    c.frames = height !== undefined && height === c.rsp ? facts.frames(index) : NO_FRAMES;
    const target = this.blockAt(flow.target);
    if (target === undefined) return false;
    const branch = this.target.conditionBranch(c, partsOf(inst), cc, code.insts.length);
    if (branch === undefined) return false;
    const fall = block.index + 1;
    // The test must come after the stack pointer is moved.
    branch(this.enterEither(target, fall));
    return true;
  }

  private readonly blockAt = (label: string): number | undefined => {
    const at = this.input.code.indexOfLabel.get(label);
    return at === undefined ? undefined : this.input.code.blockAt[at];
  };
}

function only(places: FlagPlaces, flags: readonly FlagName[]): FlagPlaces {
  return new Map(flags.map((f) => [f, must(places.get(f), 'place')]));
}
