// SPDX-License-Identifier: MIT

import { assert, must } from '../../../base/assert.ts';
import type { Diagnostic } from '../../../base/diagnostic.ts';
import { append, mapped } from '../../../base/lists.ts';
import type { Convention, FunctionRelation, Relation } from '../../abi/relation.ts';
import type { Block, FunctionCode } from '../../program/types.ts';
import { type BlockEntry, type BlockSetting, type LoweredBlock, lowerBlock, type Way } from './block.ts';
import { type BlockContext, type Claims, type Features, NO_CLAIMS, type Symbols } from './context.ts';
import { type Direction, directions } from './direction.ts';
import type { FunctionFacts, LiveParts } from './facts.ts';
import { FLAGS, type FlagName, type FlagPlaces, samePlaces } from './flags.ts';
import type { Calls } from './leaving.ts';
import { type FramePlan, planFrame } from './stack.ts';
import type { Target } from './target.ts';

/** Which of the ways in which a function can be carried over; see FunctionRelation. */
export interface Variant {
  readonly convention: Convention;
  readonly entryStack: -8 | 0;
  readonly returnStack: -8 | 0;
}

export function variantOf(
  convention: Variant['convention'],
  entryStack: Variant['entryStack'],
  returnStack: Variant['returnStack'],
): Variant {
  return { convention, entryStack, returnStack };
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

/** Lowers one variant of a function. What cannot be carried over becomes diagnostics, all of them. */
export function lowerFunction<C extends BlockContext>(target: Target<C>, input: FunctionInput): LoweredFunction {
  // Where flags cross block borders in places that do not agree, the blocks concerned take them in common places; each
  // round finds the next such blocks, so there are at most as many rounds as blocks, and nearly always one.
  const canonical = new Set<number>();
  const known: Known = {
    weak: new Map(),
    proposed: new Map(),
    blocks: [],
    directions: directions(input.code),
    plan: undefined,
  };
  const firstLabel = input.labels.next;
  for (;;) {
    input.labels.next = firstLabel;
    const attempt = new Attempt(target, input, canonical, known);
    attempt.run();
    // What was found not to agree may come of knowing nothing where more is known now.
    if (!attempt.proposes)
      for (const [block, key] of attempt.disagreements)
        known.weak.set(block, (known.weak.get(block) ?? new Set()).add(key));
    const learned = attempt.proposes || attempt.disagreements.length > 0;
    if (attempt.conflicts.size === 0 && !learned) return attempt.result();
    for (const block of attempt.conflicts) canonical.add(block);
  }
}

/** What one attempt tells the next, by block. */
interface Known {
  /** What is not to be claimed, since not all ways to the block bring it. */
  readonly weak: Map<number, Set<string>>;
  /** What ways to a block bring that stand behind it. */
  readonly proposed: Map<number, Map<string, string>>;
  /** What became of a block last time, which it will again where nothing has changed at its entry. */
  readonly blocks: Remembered[];
  readonly directions: readonly Direction[];
  /** The same for all attempts, made by the first. */
  plan: FramePlan | undefined;
}

interface Remembered {
  readonly claims: Claims;
  readonly places: FlagPlaces;
  /** The number of the next fresh label, before and after. */
  readonly labels: readonly [before: number, after: number];
  readonly lowered: LoweredBlock;
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
  private readonly c: C;
  private readonly plan: FramePlan;
  private readonly setting: BlockSetting<C>;
  private readonly entryPlaces = new Map<number, FlagPlaces>();
  private readonly lowered: LoweredBlock[] = [];
  private readonly blockLabels: string[] = [];

  constructor(target: Target<C>, input: FunctionInput, canonical: ReadonlySet<number>, known: Known) {
    this.known = known;
    this.target = target;
    this.input = input;
    this.canonical = canonical;
    const { symbols, name, labels, code, features } = input;
    this.c = target.context({ lines: [], stubs: [], symbols, function: name, labels, features }, code, input.facts);
    known.plan ??= planFrame(code, input.facts, input.variant.entryStack, this.c.spills);
    this.plan = known.plan;
    const { c, plan, labelOf } = this;
    this.setting = { target, input, c, plan, directions: known.directions, labelOf };
  }

  run(): void {
    this.prologue();
    for (const block of this.input.code.blocks) this.block(block);
  }

  result(): LoweredFunction {
    const { c, lowered } = this;
    const { code, variant, name, returned } = this.input;
    const relation: FunctionRelation = {
      source: code.name,
      target: name,
      convention: variant.convention,
      entryStack: variant.entryStack,
      returnStack: variant.returnStack,
      ...(returned.length === 0 ? {} : { returnFlags: this.placesOf(returned) }),
      blocks: mapped(lowered, (b) => b.relation),
    };
    const lines = [...c.lines];
    for (const b of lowered) append(lines, b.lines);
    append(lines, c.stubs);
    for (const b of lowered) append(lines, b.stubs);
    const text = this.target.relaxBranches(lines, () => c.freshLabel('near')).join('\n');
    return { text, relation, diagnostics: lowered.flatMap((b) => b.diagnostics) };
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
    if (variant.convention !== 'start') this.target.saveReturnAddress(c, -entry.sp);
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
    const { index } = block;
    const lowered = this.input.facts.reachable(index)
      ? this.reached(block)
      : lowerBlock(this.setting, block, { ...NOTHING_KNOWN, takesCommonPlaces: this.takesCommonPlaces });
    this.lowered.push(lowered);
    for (const way of lowered.ways) {
      this.settleFlags(way);
      this.agree(index, way);
    }
  }

  private reached(block: Block): LoweredBlock {
    const { index } = block;
    const { labels, facts } = this.input;
    const live = facts.atBlock(index);
    const claims = this.claimsAt(index, live);
    const places = this.placesAt(index, live);
    const before = this.known.blocks[index];
    if (before !== undefined && this.isSame(before, claims, places)) {
      labels.next = before.labels[1];
      return before.lowered;
    }
    const first = labels.next;
    const entry: BlockEntry = { claims, places, takesCommonPlaces: this.takesCommonPlaces };
    const lowered = lowerBlock(this.setting, block, entry);
    this.known.blocks[index] = { claims, places, labels: [first, labels.next], lowered };
    return lowered;
  }

  /** Whether a block would be lowered as it was before. */
  private isSame({ claims, places, labels, lowered }: Remembered, now: Claims, nowPlaces: FlagPlaces): boolean {
    return (
      labels[0] === this.input.labels.next &&
      sameClaims(claims, now) &&
      samePlaces(places, nowPlaces) &&
      lowered.ways.every((w) => w.places.size === 0 || w.common === this.takesCommonPlaces(w.target))
    );
  }

  // Flags at block borders

  /** Blocks that expect the flags in the common places: string loops, which may leave them as they were, always do. */
  private readonly takesCommonPlaces = (block: number): boolean =>
    this.canonical.has(block) || this.input.code.blocks[block]?.flow.kind === 'repeat';

  private placesAt(block: number, live: LiveParts): FlagPlaces {
    const flags = FLAGS.filter((f) => live.liveFlag(f));
    if (flags.length === 0) return NO_PLACES;
    const known = this.entryPlaces.get(block);
    if (known !== undefined && !this.takesCommonPlaces(block)) return known;
    const places: FlagPlaces = new Map(flags.map((f) => [f, this.target.commonPlace(f)]));
    this.entryPlaces.set(block, places);
    return places;
  }

  /** Decides where a block has its flags, or sees whether a way brings them there. */
  private settleFlags({ target, places, common }: Way): void {
    if (places.size === 0) return;
    const known = this.entryPlaces.get(target);
    // A block above this one has been lowered already, with its flags in the common places if it wanted any.
    if (common || known === undefined) this.entryPlaces.set(target, places);
    else if (!samePlaces(known, places)) this.conflicts.add(target);
  }

  // Claims at block borders

  /** Ways to a block that claim different things of a register make it claim nothing. */
  private agree(from: number, way: Way): void {
    const { target } = way;
    const claims = this.withoutWeak(target, way.claims);
    const { proposed } = this.known;
    const held = this.entryClaims.get(target);
    if (this.uncertain.has(from)) this.uncertain.add(target);
    if (held === undefined) {
      this.entryClaims.set(target, claims);
      return;
    }
    if (held === claims) return;
    if (this.uncertain.has(target)) {
      for (const [key, claim] of claims) {
        if (held.has(key)) continue;
        const all = proposed.get(target) ?? new Map<string, string>();
        if (all.has(key)) continue;
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
    const first = block === 0 ? this.c.entryClaims(live) : this.entryClaims.get(block);
    const proposed = this.withoutWeak(block, this.known.proposed.get(block) ?? NO_CLAIMS);
    // Code below may lead here and tell more.
    if (first === undefined) this.uncertain.add(block);
    const brought = this.withoutWeak(block, first ?? NO_CLAIMS);
    const claims = proposed.size === 0 ? brought : new Map([...proposed, ...brought]);
    if (first !== undefined)
      for (const key of proposed.keys()) if (!first.has(key)) this.disagreements.push([block, key]);
    this.entryClaims.set(block, claims);
    return claims;
  }
}

const NO_PLACES: FlagPlaces = new Map();
const NOTHING_KNOWN: Pick<BlockEntry, 'claims' | 'places'> = { claims: NO_CLAIMS, places: NO_PLACES };

function sameClaims(a: Claims, b: Claims): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [key, claim] of a) if (b.get(key) !== claim) return false;
  return true;
}

function sanitize(name: string): string {
  return name.replace(/[^A-Za-z0-9_.$]/g, '_');
}
