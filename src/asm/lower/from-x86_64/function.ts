// SPDX-License-Identifier: MIT
import { assert, must } from '../../../base/assert.ts';
import type { Diagnostic } from '../../../base/diagnostic.ts';
import type {
  BlockRelation,
  FlagPlace,
  FunctionRelation,
  Landmark,
  RegisterRelation,
  Relation,
} from '../../abi/relation.ts';
import type { Block, FunctionCode } from '../../program/types.ts';
import {
  type After,
  type BlockContext,
  type Claims,
  type Features,
  NO_CLAIMS,
  Refusal,
  type Symbols,
} from './context.ts';
import { type Direction, directions } from './direction.ts';
import type { FunctionFacts, LiveParts } from './facts.ts';
import { CONDITIONS, FLAGS, type FlagName, type FlagPlaces, samePlace } from './flags.ts';
import type { Calls } from './leaving.ts';
import { type Parts, partsOf } from './rule.ts';
import { type FramePlan, lowestIn, planFrame, setsStack } from './stack.ts';
import { changeStack } from './stack-instructions.ts';
import type { Target } from './target.ts';
import { leave } from './transfers.ts';

/** Which of the ways in which a function can be carried over; see FunctionRelation. */
export interface Variant {
  readonly convention: 'abi' | 'local';
  readonly entryStack: -8 | 0;
  readonly returnStack: -8 | 0;
}

export interface LoweredFunction {
  /** Lines without the last one's end. */
  readonly text: string;
  readonly relation: FunctionRelation;
  readonly diagnostics: readonly Diagnostic[];
}

export interface FunctionInput {
  readonly code: FunctionCode;
  readonly facts: FunctionFacts;
  readonly variant: Variant;
  /** The flags that the function answers its callers in. */
  readonly returned: readonly FlagName[];
  /** The target symbol. */
  readonly name: string;
  /** Appended to the labels of all but a function's first variant, so that they differ. */
  readonly suffix: string;
  readonly symbols: Symbols;
  readonly calls: Calls;
  readonly labels: { next: number };
  readonly features: Features;
}

const NO_FRAMES: ReadonlyMap<string, number> = new Map();

/** What is claimed where control never arrives. */
const UNREACHED: Relation = { stack: 0, frames: [], registers: [], flags: {} };

/** Lowers one variant of a function. What cannot be carried over becomes diagnostics, all of them. */
export function lowerFunction<C extends BlockContext>(target: Target<C>, input: FunctionInput): LoweredFunction {
  // Where flags cross block borders in places that do not agree, the blocks concerned take them in common places; each
  // round finds the next such blocks, so there are at most as many rounds as blocks, and nearly always one.
  const canonical = new Set<number>();
  const known: Known = { weak: new Map(), proposed: new Map() };
  const firstLabel = input.labels.next;
  for (;;) {
    input.labels.next = firstLabel;
    const attempt = new Attempt(target, input, canonical, known);
    const lowered = attempt.run();
    // What was found not to agree may come of knowing nothing where more is known now.
    if (!attempt.proposes)
      for (const [block, key] of attempt.disagreements)
        known.weak.set(block, (known.weak.get(block) ?? new Set()).add(key));
    const learned = attempt.proposes || attempt.disagreements.length > 0;
    if (attempt.conflicts.size === 0 && !learned) return lowered;
    for (const block of attempt.conflicts) canonical.add(block);
  }
}

/** What one attempt tells the next, by block. */
interface Known {
  /** What is not to be claimed, since not all ways to the block bring it. */
  readonly weak: Map<number, Set<string>>;
  /** What ways to a block bring that stand behind it. */
  readonly proposed: Map<number, Map<string, string>>;
}

class Attempt<C extends BlockContext> {
  readonly conflicts = new Set<number>();
  /** Whether ways to blocks were found that bring more than was known there. */
  proposes = false;
  /** Claims that not all ways to a block bring. */
  readonly disagreements: (readonly [block: number, key: string])[] = [];
  private readonly target: Target<C>;
  private readonly input: FunctionInput;
  private readonly canonical: ReadonlySet<number>;
  private readonly known: Known;
  private readonly entryClaims = new Map<number, Claims>();
  /** Blocks to which code below may bring more than was known when they were lowered. */
  private readonly uncertain = new Set<number>();
  private current = 0;
  private readonly c: C;
  private readonly plan: FramePlan;
  private readonly directions: readonly Direction[];
  private readonly entryPlaces = new Map<number, FlagPlaces>();
  private readonly diagnostics: Diagnostic[] = [];
  private readonly relations: BlockRelation[] = [];
  private readonly blockLabels: string[] = [];

  constructor(target: Target<C>, input: FunctionInput, canonical: ReadonlySet<number>, known: Known) {
    this.known = known;
    this.target = target;
    this.input = input;
    this.canonical = canonical;
    this.directions = directions(input.code);
    const { symbols, name, labels, code, features } = input;
    this.c = target.context({ lines: [], stubs: [], symbols, function: name, labels, features }, code, input.facts);
    this.plan = planFrame(code, input.facts, input.variant.entryStack, this.c.spills);
  }

  run(): LoweredFunction {
    const { code, variant, name, returned } = this.input;
    this.prologue();
    for (const block of code.blocks) this.block(block);
    const relation: FunctionRelation = {
      source: code.name,
      target: name,
      convention: variant.convention,
      entryStack: variant.entryStack,
      returnStack: variant.returnStack,
      ...(returned.length === 0 ? {} : { returnFlags: this.placesOf(returned) }),
      blocks: this.relations,
    };
    const lines = this.target.relaxBranches([...this.c.lines, ...this.c.stubs], () => this.c.freshLabel('near'));
    return { text: lines.join('\n'), relation, diagnostics: this.diagnostics };
  }

  private placesOf(flags: readonly FlagName[]): Relation['flags'] {
    return Object.fromEntries(flags.map((f) => [f, this.target.commonPlace(f)]));
  }

  /** Makes room for the frame and puts the return address where the source has it. */
  private prologue(): void {
    const { variant } = this.input;
    const entry = must(this.plan.blocks[0], 'entry block');
    const c = this.c;
    assert(!entry.dynamic, 'the stack position at entry is known');
    this.target.stack.addToStack(c, entry.sp + variant.entryStack);
    // The slot is at S, which is -entry.sp above the stack pointer now.
    this.target.saveReturnAddress(c, -entry.sp);
    this.target.takeWhole?.(c, this.input.facts.atBlock(0));
  }

  /** The target's label for a block: its first label in the source, or one of our own. */
  private readonly labelOf = (block: number): string => {
    const label = this.blockLabels[block] ?? this.makeLabel(block);
    this.blockLabels[block] = label;
    return label;
  };

  private makeLabel(block: number): string {
    const { code, suffix, name } = this.input;
    const own = code.labelsAt
      .get(must(code.blocks[block], 'block').start)
      ?.find((l) => l !== code.name && !code.aliases.includes(l));
    return own === undefined ? `.Lvouch_${sanitize(name)}_${block}` : `${own}${suffix}`;
  }

  private block(block: Block): void {
    const { code, facts, suffix } = this.input;
    const c = this.c;
    const frame = must(this.plan.blocks[block.index], 'frame');
    const own = this.labelOf(block.index);
    for (const l of code.labelsAt.get(block.start) ?? [])
      if (l !== code.name && !code.aliases.includes(l) && `${l}${suffix}` !== own) c.label(`${l}${suffix}`);
    c.label(own);
    if (!facts.reachable(block.index)) {
      // Nothing is known about the stack here, and nothing needs to be.
      this.relations.push({ block: block.index, target: own, relation: UNREACHED });
      this.target.transfers.trap(c);
      return;
    }
    const live = facts.atBlock(block.index);
    const claims = this.claimsAt(block.index, live);
    c.spillBase = this.plan.spills(frame.dynamic);
    c.startBlock(frame.rsp, frame.sp, this.placesAt(block.index, live), claims);
    c.loose = frame.loose;
    c.direction = this.directions[block.index] ?? 'up';
    this.relations.push({
      block: block.index,
      target: own,
      relation: this.relationAt(block, live, frame.dynamic, claims),
    });
    let index = block.start;
    try {
      if (!frame.dynamic) this.growTo(this.plan.align(lowestIn(code, facts, block.index, frame.rsp)));
      const last = this.lastIsTransfer(block) ? block.end - 1 : block.end;
      for (; index < last; index++) {
        if (this.fuse(block, index)) return;
        this.instruction(index, frame.dynamic);
      }
      this.exit(block, last);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refuse(error, index);
    }
  }

  private refuse(error: Refusal, index: number): void {
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

  private lastIsTransfer(block: Block): boolean {
    return block.flow.kind !== 'next' && block.flow.kind !== 'trap';
  }

  /** Lowers one instruction that does not leave the block. */
  private instruction(index: number, dynamic: boolean): void {
    const { code, facts } = this.input;
    const c = this.c;
    const inst = must(code.insts[index], 'instruction');
    const i = partsOf(inst);
    c.begin(inst, facts.after(index), facts.before(index));
    const height = facts.stack(index);
    c.frames = height !== undefined && height === c.rsp ? facts.frames(index) : NO_FRAMES;
    // From a computed adjustment on, positions count from an aligned place.
    const place = { facts, index, plan: this.plan, dynamic: dynamic || height === undefined };
    this.target.before?.(c, (loc) => facts.writes(index, loc));
    if (!changeStack(this.target.stack, c, i, place)) this.target.rules.select(i, c).to(c, i);
    else if (setsStack(code, index)) c.spillBase = this.plan.spills(facts.stack(index + 1) === undefined);
    this.target.behind?.(c);
    this.trackHighPart(i, index);
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
    const c = this.c;
    if (c.sp > position) this.moveStack(position);
  }

  private readonly moveStack = (position: number): void => {
    const c = this.c;
    if (c.sp !== position) this.target.stack.addToStack(c, position - c.sp);
    c.sp = position;
  };

  // Flags at block borders

  /** Blocks that expect the flags in the common places: string loops, which may leave them as they were, always do. */
  private takesCommonPlaces(block: number): boolean {
    return this.canonical.has(block) || this.input.code.blocks[block]?.flow.kind === 'repeat';
  }

  private placesAt(block: number, live: After): FlagPlaces {
    const flags = FLAGS.filter((f) => live.liveFlag(f));
    if (flags.length === 0) return new Map();
    const known = this.entryPlaces.get(block);
    if (known !== undefined && !this.takesCommonPlaces(block)) return known;
    const places: FlagPlaces = new Map(flags.map((f) => [f, this.target.commonPlace(f)]));
    this.entryPlaces.set(block, places);
    return places;
  }

  /**
   * Makes the flags that a successor wants be where it expects them, or decides where it does. Changes no condition
   * code, so it can stand in front of a branch; `places` is what holds on that edge.
   */
  private settleFlags(block: number, places: FlagPlaces): void {
    const live = this.input.facts.atBlock(block);
    const flags = FLAGS.filter((f) => live.liveFlag(f));
    if (flags.length === 0) return;
    const c = this.c;
    for (const f of flags)
      if (!places.has(f)) throw new Refusal('V0223', `the ${f} flag is read later but is not available here`);
    if (this.takesCommonPlaces(block)) {
      const before = c.places;
      c.places = new Map(places);
      for (const f of flags) this.target.transfers.moveToCommonPlace(c, f);
      c.places = before;
      this.entryPlaces.set(block, new Map(flags.map((f) => [f, this.target.commonPlace(f)])));
      return;
    }
    const known = this.entryPlaces.get(block);
    if (known === undefined) {
      // A block above this one has been lowered already, with its flags in the common places if it wanted any.
      this.entryPlaces.set(block, new Map(flags.map((f) => [f, must(places.get(f), 'place')])));
    } else if (flags.some((f) => !samePlace(known.get(f), places.get(f)))) this.conflicts.add(block);
  }

  // Relations

  private relationAt(block: Block, live: LiveParts, dynamic: boolean, claims: Claims): Relation {
    const { facts } = this.input;
    const c = this.c;
    const registers = this.target.relatedRegisters(live, c, claims);
    const frames = dynamic
      ? []
      : [...facts.frames(block.start)]
          .filter(([loc]) => registers.some((r) => r.source === loc && r.bits[0]?.[0] === 0 && r.bits[0][1] === 63))
          .map(([source, position]) => ({ source, offset: position - c.sp }));
    const flags: Record<string, FlagPlace> = {};
    for (const [flag, place] of c.places) if (live.liveFlag(flag as FlagName)) flags[flag] = place;
    const landmark = dynamic ? this.landmarkAt(block, registers) : undefined;
    const spills = Array.from({ length: c.spills.bytes / 8 }, (_, k) => c.spillBase + 8 * k - c.sp);
    return {
      stack: c.rsp - c.sp,
      frames,
      ...(spills.length === 0 ? {} : { spills }),
      ...(landmark === undefined ? {} : { landmark }),
      registers,
      flags,
      ...(c.loose ? { loose: true } : {}),
      ...(c.direction === 'up' ? {} : { direction: c.direction }),
    };
  }

  private landmarkAt(block: Block, registers: readonly RegisterRelation[]): Landmark | undefined {
    const positions = this.input.facts.frames(block.start);
    const [first, ...others] = registers.flatMap(({ source, bits }) => {
      const position = bits[0]?.[0] === 0 && bits[0][1] === 63 ? positions.get(source) : undefined;
      return position === undefined ? [] : [{ source, position }];
    });
    if (first === undefined) return undefined;
    return {
      register: first.source,
      low: (((first.position + this.input.variant.entryStack) % 16) + 16) % 16,
      others: others.map(({ source, position }) => ({ source, offset: position - first.position })),
    };
  }

  // Leaving a block

  private exit(block: Block, last: number): void {
    const { code, facts, variant, suffix, calls } = this.input;
    const c = this.c;
    const inst = last < block.end ? code.insts[last] : undefined;
    if (inst !== undefined) {
      c.begin(inst, facts.after(last));
      const height = facts.stack(last);
      c.frames = height !== undefined && height === c.rsp ? facts.frames(last) : NO_FRAMES;
      this.target.before?.(c, (loc) => facts.writes(last, loc));
    }
    // Spelled out: a spread of the input takes longer than all the rest.
    leave(this.target.transfers, c, {
      code,
      facts,
      variant,
      suffix,
      calls,
      returned: this.input.returned,
      commonPlace: this.target.commonPlace,
      block,
      inst: inst === undefined ? undefined : partsOf(inst),
      index: last,
      labelOf: this.labelOf,
      blockAt: this.blockAt,
      moveStack: this.moveStack,
      enter: this.enterBlock,
      align: this.plan.align,
    });
  }

  /** Gets the stack pointer and the flags ready for a successor. */
  private readonly enterBlock = (target: number, places: FlagPlaces = this.c.places): void => {
    const frame = must(this.plan.blocks[target], 'frame');
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
    this.settleFlags(target, places);
    this.agree(target);
  };

  /** Ways to a block that claim different things of a register make it claim nothing. */
  private agree(target: number): void {
    const live = this.input.facts.atBlock(target);
    const claims = this.withoutWeak(target, this.c.claimsFor(live, target));
    const { proposed } = this.known;
    const held = this.entryClaims.get(target);
    if (this.uncertain.has(this.current)) this.uncertain.add(target);
    if (held === undefined) {
      this.entryClaims.set(target, claims);
      return;
    }
    if (this.uncertain.has(target)) {
      const all = proposed.get(target) ?? new Map<string, string>();
      for (const [key, claim] of claims) {
        if (held.has(key) || all.has(key)) continue;
        proposed.set(target, all.set(key, claim));
        this.proposes = true;
      }
    }
    for (const [key, claim] of held) if (claims.get(key) !== claim) this.disagreements.push([target, key]);
  }

  private withoutWeak(block: number, claims: Claims): Claims {
    const weak = this.known.weak.get(block);
    return weak === undefined ? claims : new Map([...claims].filter(([key]) => !weak.has(key)));
  }

  /** What holds at the start of a block that is about to be lowered. */
  private claimsAt(block: number, live: LiveParts): Claims {
    this.current = block;
    const first = block === 0 ? this.c.entryClaims(live) : this.entryClaims.get(block);
    const proposed = this.withoutWeak(block, this.known.proposed.get(block) ?? NO_CLAIMS);
    // Code below may lead here and tell more.
    if (first === undefined) this.uncertain.add(block);
    const claims = new Map([...proposed, ...this.withoutWeak(block, first ?? NO_CLAIMS)]);
    if (first !== undefined)
      for (const key of proposed.keys()) if (!first.has(key)) this.disagreements.push([block, key]);
    this.entryClaims.set(block, claims);
    return claims;
  }

  /** A test right before the conditional branch that alone reads it can become one instruction. */
  private fuse(block: Block, index: number): boolean {
    if (
      this.target.conditionBranch === undefined ||
      index !== block.end - 2 ||
      block.flow.kind !== 'jump' ||
      !block.flow.conditional
    )
      return false;
    const { code, facts } = this.input;
    const c = this.c;
    const jump = partsOf(must(code.insts[block.end - 1], 'jump'));
    const cc = jump.mnemonic.slice(1);
    if (!CONDITIONS.includes(cc)) return false;
    const after = facts.after(block.end - 1);
    if (FLAGS.some((f) => after.liveFlag(f))) return false;
    const inst = must(code.insts[index], 'instruction');
    c.begin(inst, facts.after(index));
    const height = facts.stack(index);
    c.frames = height !== undefined && height === c.rsp ? facts.frames(index) : NO_FRAMES;
    const target = this.blockAt(block.flow.target);
    if (target === undefined) return false;
    const branch = this.target.conditionBranch(c, partsOf(inst), cc, code.insts.length);
    if (branch === undefined) return false;
    const fall = block.index + 1;
    // Stack pointers must agree on both ways, and the test must come after they are moved.
    this.enterBlock(target, c.places);
    this.enterBlock(fall, c.places);
    branch(this.labelOf(target));
    return true;
  }

  private readonly blockAt = (label: string): number | undefined => {
    const at = this.input.code.indexOfLabel.get(label);
    return at === undefined ? undefined : this.input.code.blockAt[at];
  };
}

function sanitize(name: string): string {
  return name.replace(/[^A-Za-z0-9_.$]/g, '_');
}
