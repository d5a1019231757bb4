// SPDX-License-Identifier: MIT
import { append } from '../../../base/lists.ts';
import type { Inst } from '../../isa/define.ts';
import type { Reg } from '../../isa/operand.ts';
import type { Direction } from './direction.ts';
import { FLAGS, type FlagName, type FlagPlaces } from './flags.ts';
import { NO_SPILLS, type Spills } from './stack.ts';

/** Thrown by a rule that cannot carry an instruction over; becomes a diagnostic at the instruction's place. */
export class Refusal extends Error {
  readonly code: string;
  readonly advice: readonly string[];
  constructor(code: string, message: string, ...advice: string[]) {
    super(message);
    this.code = code;
    this.advice = advice;
  }
}

/**
 * Thrown where registers do not suffice beside those that flags look at: the block is lowered again, with its flags in the common
 * places in front of this instruction.
 */
export class Crowded extends Refusal {
  constructor(message: string) {
    super('V0220', message);
  }
}

/** What is known about the place right after the current instruction. */
export interface After {
  /** Whether any of the bits `lo`..`hi` of a source location may still be read. */
  live(loc: string, lo: number, hi: number): boolean;
  /** The same, counting no more of a vector register than 32 bits where it may be an argument or a result. */
  surelyLive(loc: string, lo: number, hi: number): boolean;
  liveFlag(flag: FlagName): boolean;
}

/** Where everything may still be read. */
export const EVERYTHING: After = { live: () => true, surelyLive: () => true, liveFlag: () => true };

/** What rules may ask about symbols. */
export interface Symbols {
  /** Defined in this file, so that its address can be formed without the GOT. */
  isLocal(name: string): boolean;
  /** Whether `name + offset` is known to be a multiple of `bytes`. */
  isAligned(name: string, offset: bigint, bytes: number): boolean;
}

/** What is known of registers at the start of a block, in words of the target's; all ways there must agree. */
export type Claims = ReadonlyMap<string, string>;
export const NO_CLAIMS: Claims = new Map();

export interface BlockContextOptions {
  readonly lines: string[];
  readonly stubs: string[];
  readonly symbols: Symbols;
  readonly function: string;
  readonly labels: { next: number };
  readonly features: Features;
}

/** What the target machine has beyond its base architecture, and the code may use. */
export type Features = ReadonlySet<string>;
export const NO_FEATURES: Features = new Set();

/**
 * The state of lowering inside one block, as far as it is the same for every target: where the output goes, where the
 * flags are, and how the two stack pointers lie to each other. Each target adds its registers.
 */
export abstract class BlockContext {
  readonly lines: string[];
  /** Code that runs rarely; it is placed after the function. */
  readonly stubs: string[];
  readonly symbols: Symbols;
  readonly function: string;
  private readonly labels: { next: number };
  private readonly features: Features;

  places: FlagPlaces = new Map();
  /** Source stack pointer and target stack pointer, both relative to the same point of the frame. */
  rsp = 0;
  sp = 0;
  /** Whether the target's stack pointer may be no multiple of 16 here. */
  loose = false;
  /** Whether it has been so since the block began, so that the relation says it. */
  beganLoose = false;
  /** What the function has in spill slots, and where these begin, relative to the same point. */
  readonly spills: Spills = NO_SPILLS;
  spillBase = 0;
  /** Which way string instructions go here. */
  direction: Direction = 'up';
  /** Source registers that hold an address in the frame, relative to the same point. Empty when that is not known. */
  frames: ReadonlyMap<string, number> = new Map();
  inst: Inst | undefined;
  /** What is known about rdx where a division may stand: zero, or the sign of the accumulator. */
  highPart: 'zero' | 'sign' | 'unknown' = 'unknown';
  after: After = EVERYTHING;
  /** What may be read right before the current instruction, where somebody has said. */
  earlier: After = EVERYTHING;

  constructor(options: BlockContextOptions) {
    this.lines = options.lines;
    this.stubs = options.stubs;
    this.symbols = options.symbols;
    this.function = options.function;
    this.labels = options.labels;
    this.features = options.features;
  }

  /** Whether the target machine may be asked for what its base architecture lacks. */
  has(feature: string): boolean {
    return this.features.has(feature);
  }

  /** Starts a block in which the stack pointers lie so, the flags are there, and these claims hold; all else is forgotten. */
  startBlock(rsp: number, sp: number, places: FlagPlaces, _claims: Claims): void {
    this.rsp = rsp;
    this.sp = sp;
    this.inst = undefined;
    this.after = EVERYTHING;
    this.earlier = EVERYTHING;
    this.highPart = 'unknown';
    this.places = new Map(places);
  }

  /** Forgets what a call may have changed, of a function of the file or one outside. */
  afterCall(external: boolean): void {
    // What the flags are behind a function outside is unspecified, so that they may be taken to be 0.
    this.places = new Map(external ? FLAGS.map((f) => [f, { kind: 'constant', value: 0 }]) : []);
  }

  /** By how much a string instruction for operands of this size moves on. */
  stringStep(bytes: number): number {
    if (this.direction === 'either')
      throw new Refusal(
        'V0220',
        'string instructions go up or down here, as the run decides',
        'set the direction here',
      );
    return this.direction === 'up' ? bytes : -bytes;
  }

  /** What holds where a function is entered with this much live. */
  entryClaims(_live: After): Claims {
    return NO_CLAIMS;
  }

  /** What a block that begins with this much live may be told of the registers, beyond that they are in their homes. */
  claimsFor(_live: After, _block: number): Claims {
    return NO_CLAIMS;
  }

  /** Starts an instruction: temporaries are free again. */
  begin(inst: Inst, after: After, earlier: After = EVERYTHING): void {
    this.inst = inst;
    this.after = after;
    this.earlier = earlier;
  }

  // Output

  op(mnemonic: string, ...operands: readonly (string | number)[]): void {
    let line = `\t${mnemonic}`;
    for (let k = 0; k < operands.length; k++) line += `${k === 0 ? '\t' : ', '}${operands[k]}`;
    this.lines.push(line);
  }

  label(name: string): void {
    this.lines.push(`${name}:`);
  }

  freshLabel(what: string): string {
    return `.Lvouch${this.labels.next++}_${what}`;
  }

  /** Emits what `body` emits out of line, as a stub named by the returned label. */
  stub(what: string, body: (label: string) => void): string {
    const name = this.freshLabel(what);
    const start = this.lines.length;
    this.label(name);
    body(name);
    append(this.stubs, this.lines.splice(start));
    return name;
  }

  // What is read later

  /** Whether bits of `reg`'s location outside of `reg` itself are still read after this instruction. */
  restIsLive(reg: Reg): boolean {
    if (reg.width >= 32) return false;
    if (reg.lo > 0 && this.after.live(reg.loc, 0, reg.lo - 1)) return true;
    return this.after.live(reg.loc, reg.lo + reg.width, 63);
  }

  get liveFlags(): FlagName[] {
    return FLAGS.filter((f) => this.after.liveFlag(f));
  }

  anyLive(flags: readonly FlagName[] = FLAGS): boolean {
    return flags.some((f) => this.after.liveFlag(f));
  }

  setFlags(places: FlagPlaces): void {
    for (const [flag, place] of places) this.places.set(flag, place);
  }
}
