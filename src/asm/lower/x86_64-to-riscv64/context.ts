// SPDX-License-Identifier: MIT
import { InternalError, must } from '../../../base/assert.ts';
import { x8664ToRiscv64 } from '../../abi/pairs/x86_64-riscv64.ts';
import type { FlagPlace } from '../../abi/relation.ts';
import type { Inst } from '../../isa/define.ts';
import type { Reg } from '../../isa/operand.ts';
import {
  type After,
  BlockContext,
  type BlockContextOptions,
  type Claims,
  Crowded,
  Refusal,
} from '../from-x86_64/context.ts';
import { FLAGS, type FlagName, type FlagPlaces, STATUS, type StatusName } from '../from-x86_64/flags.ts';
import { GENERAL, VECTORS } from '../from-x86_64/relate-homes.ts';
import type { Spills } from '../from-x86_64/stack.ts';
import { claimsOf } from './claims.ts';
import {
  FLAG_BITS,
  FLAG_WORD,
  FLOAT_TEMPS,
  f,
  floatLoc,
  GENERAL_TEMPS,
  home,
  loc,
  numberOf,
  sourceAt,
  sourceIn,
  x,
  ZERO,
} from './registers.ts';
import { isExtended, type Shape, shapeOf } from './shape.ts';

/** The target locations that a flag's place looks at. */
function locationsOf(place: FlagPlace): string[] {
  if (place.kind === 'bit') return [place.loc];
  if (place.kind === 'comparison') return [place.left, place.right];
  if (place.kind !== 'difference') return [];
  return [place.left, place.right].filter((o) => typeof o === 'string');
}

const NOTHING = (): boolean => false;

/** Nearly always there is nothing in them, and to clear one makes another table all the same. */
function empty(known: Map<unknown, unknown> | Set<unknown>): void {
  if (known.size > 0) known.clear();
}

const has = (set: number, n: number): boolean => (set & (1 << n)) !== 0;

/** What is known of the home of a vector register's low half. */
export type FloatState =
  /** All 64 bits are there. */
  | 'exact'
  /** The same, of what a function of the file has left there, which may be a float. */
  | 'given'
  /** The low 32 bits are there, below ones, as a `float` wants it. */
  | 'boxed'
  /** Either of these. */
  | 'either';

/** The spill slot of that number. */
export interface Spill {
  readonly spill: number;
}

/** So many bytes into the function's own storage. */
export interface Stored {
  readonly stored: number;
}

/** Where half of a vector register is: a floating-point register, a spill slot, or storage that does not move with the stack. */
export type HalfPlace = number | Spill | Stored;

export const isSpill = (place: HalfPlace): place is Spill => typeof place === 'object' && 'spill' in place;

/** What is particular to a function: where the high halves of its vector registers are. */
export interface HighHomes {
  readonly homes: ReadonlyMap<string, number>;
  /** Whether callers may rely on it that a vector register is as it was. */
  keeps(source: string): boolean;
  /** Those of which a block takes all of the low half elsewhere, before it does anything else with them. */
  doublesAt(block: number): ReadonlySet<string>;
  /** Spill slots of those that have no register, and the blocks in which these are used. */
  readonly spills: ReadonlyMap<string, number>;
  readonly spillBlocks: ReadonlySet<number>;
  /** Those in spill slots that are wanted behind the call at a block's end, which leaves them alone. */
  keptAt(block: number): readonly string[];
  /** For those that have neither, how many bytes into the function's own storage. */
  readonly stored: ReadonlyMap<string, number>;
  /** Vector registers in which the function has doubles, and no floats. */
  readonly doubles: ReadonlySet<string>;
  /** Those that an instruction reads before anything writes or calls. */
  readonly taken: ReadonlySet<string>;
  /** Those of which all 64 bits of the low half go into a general register before calls, or into work on lanes. */
  readonly moved: ReadonlySet<string>;
}

/**
 * The state of lowering inside one block for RISC-V. There are no flags: a flag is a question about registers that still
 * hold what the instruction that set it has compared, and is answered where somebody asks.
 */
export class Context extends BlockContext {
  /** What is known of the upper parts of registers, by number. */
  private readonly shapes = new Map<number, Shape>();
  /** The temporaries that the current instruction has taken: a bit for each. */
  private used = 0;
  /** Temporaries that flags look at. */
  private readonly kept = new Set<string>();
  private usedFloats = 0;
  private usedVectors = 0;
  /** What vector instructions work on, where that is known. */
  private vectorShape: string | undefined;
  /** Temporaries of which it is known that a float in them is boxed: those that this block has filled with one. */
  readonly boxedTemps = new Set<string>();
  /** Temporaries in which the current instruction has floats of registers whose homes may not have their form. */
  readonly boxedCopies = new Map<string, number>();
  private readonly highs: HighHomes;
  override readonly spills: Spills;
  private readonly floats = new Map<string, FloatState>();
  /** What the current instruction changes in the source. */
  private writes: (location: string) => boolean = () => false;
  /** The registers of which the current instruction has said what is in them: a bit for each. */
  private noted = 0;
  /** Whether the upper halves of what the current instruction computes may come of what is not there. */
  upperUnkept = false;

  /** The vector registers whose high halves have a place in this function, in their order. */
  readonly withHighs: readonly string[];
  /**
   * The current instruction has read a low half of which only a float may be there, or what stands for a high half that
   * nobody wants: where nobody surely reads the upper half of its result, that is anything.
   */
  readsAnything = false;

  constructor(options: BlockContextOptions, highs: HighHomes) {
    super(options);
    this.highs = highs;
    this.withHighs = VECTORS.filter((source) => this.hasHigh(source));
    const slots = Math.max(0, ...[...highs.spills.values()].map((k) => k + 1));
    this.spills = { bytes: 8 * slots, usedIn: (block) => highs.spillBlocks.has(block) };
  }

  override startBlock(rsp: number, sp: number, places: FlagPlaces, claims: Claims): void {
    super.startBlock(rsp, sp, places, claims);
    this.used = 0;
    this.usedFloats = 0;
    this.vectorShape = undefined;
    this.noted = 0;
    this.writes = NOTHING;
    this.keepTemporaries();
    for (const known of [this.shapes, this.boxedCopies, this.boxedTemps, this.floats]) empty(known);
    for (const [source, claim] of claims) {
      if (claim === 'exact' || claim === 'boxed') this.floats.set(source, claim);
      else if (claim === 'sign') this.shapes.set(home(source), { bits: 32, signed: true });
    }
  }

  override afterCall(external: boolean): void {
    super.afterCall(external);
    this.keepTemporaries();
    this.vectorShape = undefined;
    for (const n of [...this.shapes.keys()]) {
      if (!x8664ToRiscv64.calleeSaved.includes(sourceIn(n) ?? '')) this.shapes.delete(n);
    }
    // What is no result is unspecified, and may be taken to be what is there.
    for (const source of VECTORS) this.floats.set(source, external ? 'exact' : 'given');
  }

  override entryClaims(live: After): Claims {
    const { doubles, taken, moved } = this.highs;
    const whole = (s: string): boolean =>
      live.surelyLive(s, 32, 63) || ((moved.has(s) || (doubles.has(s) && taken.has(s))) && live.live(s, 32, 63));
    return new Map(VECTORS.filter(whole).map((s) => [s, 'exact']));
  }

  /** Of doubles and floats which they are; of general registers whether the low half is sign-extended. */
  override claimsFor(live: After, block: number): Claims {
    const doubles = this.highs.doublesAt(block);
    let [boxed, exact, extended] = [0, 0, 0];
    for (let k = 0; k < VECTORS.length && this.floats.size > 0; k++) {
      const source = must(VECTORS[k], 'a register');
      const state = this.floatState(source);
      if (state === 'either' || !live.live(source, 0, 63)) continue;
      if (state === 'boxed') boxed |= 1 << k;
      else if (state === 'exact' && live.live(source, 32, 63)) exact |= 1 << k;
      else if (state === 'given' && (doubles.has(source) || live.surelyLive(source, 32, 63))) exact |= 1 << k;
    }
    for (let k = 0; k < GENERAL.length && this.shapes.size > 0; k++) {
      const source = must(GENERAL[k], 'a register');
      if (!isExtended(this.shape(home(source)), 32, 'sign')) continue;
      if (!live.live(source, 32, 63) && live.live(source, 16, 31)) extended |= 1 << k;
    }
    return claimsOf(boxed, exact, extended);
  }

  override begin(inst: Inst, after: After, earlier?: After): void {
    this.endInstruction();
    super.begin(inst, after, earlier);
    this.used = 0;
    this.usedFloats = 0;
    this.usedVectors = 0;
    empty(this.boxedCopies);
    this.noted = 0;
    this.readsAnything = false;
  }

  /** Whether the instruction names a register that has a spill slot. */
  get namesSpilled(): boolean {
    const { spills } = this.highs;
    return spills.size > 0 && this.inst?.ops.some((op) => op.kind === 'reg' && spills.has(op.reg.loc)) === true;
  }

  /** Forgets what has changed, and flags that nobody reads any more. */
  private endInstruction(): void {
    if (this.places.size > 0) for (const flag of FLAGS) if (!this.after.liveFlag(flag)) this.places.delete(flag);
    this.keepTemporaries();
    for (const n of this.shapes.keys()) {
      const source = sourceIn(n);
      if (source === undefined ? !this.kept.has(loc(n)) : this.writes(source) && !has(this.noted, n))
        this.shapes.delete(n);
    }
    this.writes = NOTHING;
  }

  /** Finds out anew which temporaries flags look at. */
  keepTemporaries(): void {
    empty(this.kept);
    if (this.places.size === 0) return;
    for (const place of this.places.values())
      for (const at of locationsOf(place)) if (sourceAt(at) === undefined) this.kept.add(at);
  }

  /** Copies away what flags look at and the instruction is about to change, unless it changes the flags as well. */
  before(writes: (location: string) => boolean): void {
    this.writes = writes;
    if (this.places.size === 0) return;
    const copies = new Map<string, string>();
    for (const [flag, place] of this.places) {
      if (writes(flag) || !this.isLiveFlag(flag)) continue;
      for (const at of locationsOf(place)) {
        const source = sourceAt(at);
        if (source === undefined || !writes(source) || copies.has(at)) continue;
        const copy = at.startsWith('f') ? floatLoc(this.floatTemp()) : loc(this.temp());
        if (at.startsWith('f')) {
          this.op('fmv.d', f(numberOf(copy)), f(numberOf(at)));
          if (this.floatState(source) !== 'boxed') this.boxedTemps.delete(copy);
        } else this.move(numberOf(copy), numberOf(at));
        this.kept.add(copy);
        copies.set(at, copy);
      }
    }
    if (copies.size === 0) return;
    for (const [flag, place] of this.places) this.places.set(flag, relocated(place, copies));
  }

  private isLiveFlag(name: string): boolean {
    return FLAGS.some((f) => f === name && this.after.liveFlag(f));
  }

  // Registers

  temp(): number {
    for (const n of GENERAL_TEMPS) {
      if (has(this.used, n) || this.kept.has(loc(n)) || (n === FLAG_WORD && this.inWord())) continue;
      this.used |= 1 << n;
      this.shapes.delete(n);
      return n;
    }
    throw new Crowded('this takes more registers than are free here');
  }

  /** The temporary of that number. */
  take(n: number): number {
    if (has(this.used, n) || this.kept.has(loc(n))) throw new Crowded('a register that this takes is not free here');
    this.used |= 1 << n;
    this.shapes.delete(n);
    return n;
  }

  /** The same of one that is in use for this already, or else holds nothing yet. */
  claim(n: number): void {
    if (this.kept.has(loc(n))) throw new Crowded('a register that a whole vector goes in is not free here');
    this.used |= 1 << n;
    this.shapes.delete(n);
  }

  /** Whether flags look at one of these temporaries. */
  keepsAny(numbers: readonly number[]): boolean {
    return numbers.some((n) => this.kept.has(loc(n)));
  }

  /**
   * The instruction changes all flags, and wants of those before only what it has in `read`: where they were is free. The auxiliary
   * carry, where there is one, is its own already.
   */
  releaseFlags(read: number): void {
    this.used |= 1 << read;
    const adjusted = this.places.get('af');
    this.places.clear();
    if (adjusted !== undefined) this.places.set('af', adjusted);
    this.keepTemporaries();
  }

  /** Forgets the flags that nobody reads from here on. */
  keepFlags(live: After): void {
    for (const flag of FLAGS) if (!live.liveFlag(flag)) this.places.delete(flag);
    this.keepTemporaries();
  }

  floatTemp(): number {
    for (const n of FLOAT_TEMPS) {
      if (has(this.usedFloats, n) || this.kept.has(floatLoc(n))) continue;
      this.usedFloats |= 1 << n;
      this.boxedTemps.add(floatLoc(n));
      return n;
    }
    throw new Crowded('this takes more floating-point registers than are free here');
  }

  /** A vector register, which nothing outlives the instruction in. */
  vectorTemp(): number {
    if (this.usedVectors === 31) throw new Refusal('V0220', 'this takes more vector registers than there are');
    this.usedVectors++;
    return this.usedVectors;
  }

  /** Says what vector instructions work on: the operands of `vsetivli` behind its destination. */
  configure(shape: string): void {
    if (this.vectorShape === shape) return;
    this.op('vsetivli', 'zero', shape);
    this.vectorShape = shape;
  }

  /** Runs `body` and frees the temporaries that it took. */
  scoped<T>(body: () => T): T {
    const { used, usedFloats } = this;
    const result = body();
    this.used &= used;
    this.usedFloats &= usedFloats;
    for (const [source, n] of this.boxedCopies) if (!has(this.usedFloats, n)) this.boxedCopies.delete(source);
    return result;
  }

  /** The same for general ones only. */
  scopedGeneral<T>(body: () => T): T {
    const { used } = this;
    const result = body();
    this.used &= used;
    return result;
  }

  // Vector registers

  floatState(source: string): FloatState {
    return this.floats.get(source) ?? 'either';
  }

  /** Whether the function works with doubles in a vector register, and with no floats. */
  hasDoubles(source: string): boolean {
    return this.highs.doubles.has(source);
  }

  /**
   * Whether the home of a vector register may be given the form of a float without the source's writing it. Where all 64
   * bits are there and may go to code that is not known, they may be two floats.
   */
  mayBox(source: string): boolean {
    if (this.highs.keeps(source) || this.after.surelyLive(source, 32, 63)) return false;
    return this.floatState(source) !== 'exact' || !this.after.live(source, 32, 63);
  }

  setFloatState(source: string, state: FloatState): void {
    this.boxedCopies.delete(source);
    this.floats.set(source, state);
  }

  /** Where the high half of a vector register is in this function. */
  high(source: string): HalfPlace {
    const [spill, stored] = [this.highs.spills.get(source), this.highs.stored.get(source)];
    const inMemory = spill !== undefined ? { spill } : stored !== undefined ? { stored } : undefined;
    const place = this.highs.homes.get(source) ?? inMemory;
    // Where nobody surely reads it, nobody has cared what is there.
    if (!this.earlier.surelyLive(source, 64, 127)) this.readsAnything = true;
    return place ?? home(source);
  }

  /** Those in spill slots that are wanted behind the call at a block's end. */
  keptAt(block: number): readonly string[] {
    return this.highs.keptAt(block);
  }

  /** Whether there is such a place. */
  hasHigh(source: string): boolean {
    return this.highs.homes.has(source) || this.highs.spills.has(source) || this.highs.stored.has(source);
  }

  /** The offset of a spill slot from the target's stack pointer. */
  spillOffset({ spill }: Spill): number {
    return this.spillBase + 8 * spill - this.sp;
  }

  shape(n: number): Shape | undefined {
    return n === ZERO ? shapeOf(0n) : this.shapes.get(n);
  }

  /** Says what is known of register `n` from now on. */
  note(n: number, shape: Shape | undefined): void {
    this.noted |= 1 << n;
    if (shape === undefined) this.shapes.delete(n);
    else this.shapes.set(n, shape);
  }

  move(to: number, from: number): void {
    if (to === from) return;
    this.op('mv', x(to), x(from));
    this.note(to, this.shape(from));
  }

  constant(value: bigint | number, into = this.temp()): number {
    const v = BigInt.asIntN(64, BigInt(value));
    this.op('li', x(into), v.toString());
    this.note(into, shapeOf(v));
    return into;
  }

  /** A register that holds the low `width` bits of `n` extended to 64: `n` itself where that is known of it. */
  extended(n: number, width: number, how: 'zero' | 'sign', into?: number): number {
    if (isExtended(this.shape(n), width, how)) return n;
    const t = into ?? this.temp();
    const name = width === 8 ? 'b' : width === 16 ? 'h' : 'w';
    if (how === 'zero' && width === 8) this.op('andi', x(t), x(n), 255);
    else this.op(`${how === 'zero' ? 'zext' : 'sext'}.${name}`, x(t), x(n));
    this.note(t, { bits: width, signed: how === 'sign' });
    return t;
  }

  /** The register to compute a result for `reg` in: its home when nothing else in it is needed, else a temporary. */
  target(reg: Reg): number {
    return reg.width >= 32 || (reg.lo === 0 && !this.restIsLive(reg)) ? home(reg.loc) : this.temp();
  }

  /** Puts the low bits of register `value` into `reg`, and what x86 has above them as far as somebody looks. */
  writeRegister(reg: Reg, value: number): void {
    const h = home(reg.loc);
    if (reg.width === 64 || (reg.lo === 0 && reg.width < 32 && !this.restIsLive(reg))) this.move(h, value);
    else if (reg.width === 32) {
      if (!this.after.live(reg.loc, 32, 63)) this.move(h, value);
      else if (isExtended(this.shape(value), 32, 'zero')) this.move(h, value);
      else {
        this.op('zext.w', x(h), x(value));
        this.note(h, { bits: 32, signed: false });
      }
    } else this.insert(h, value, reg.lo, reg.width);
  }

  /** Replaces `width` bits of register `into` from bit `lo` on by the low bits of `value`. */
  insert(into: number, value: number, lo: number, width: number): void {
    this.scoped(() => {
      if (lo > 0) {
        // What is to change is found out below, and turned over above.
        const t = this.temp();
        this.op('srli', x(t), x(into), lo);
        this.op('xor', x(t), x(t), x(value));
        this.note(t, undefined);
        this.extended(t, width, 'zero', t);
        this.op('slli', x(t), x(t), lo);
        this.op('xor', x(into), x(into), x(t));
        this.note(t, undefined);
        return;
      }
      const bits = this.extended(value, width, 'zero');
      if (width === 8) this.op('andi', x(into), x(into), -256);
      else {
        this.op('srli', x(into), x(into), width);
        this.op('slli', x(into), x(into), width);
      }
      this.op('or', x(into), x(into), x(bits));
    });
    this.note(into, undefined);
  }

  // Flags

  /** Makes the flags what a subtraction `left - right` of `width` bits sets; a number stands for itself. */
  setDifference(
    left: number | bigint,
    right: number | bigint,
    width: number,
    flags: readonly StatusName[] = STATUS,
  ): void {
    for (const flag of flags) this.places.set(flag, difference(flag, left, right, width));
  }

  /** Whether some flag has its bit in the flag word. */
  private inWord(): boolean {
    return FLAGS.some((flag) => this.isWordBit(flag, this.places.get(flag)));
  }

  private isWordBit(flag: FlagName, place: FlagPlace | undefined): boolean {
    return place?.kind === 'bit' && place.loc === loc(FLAG_WORD) && place.bit === FLAG_BITS[flag];
  }

  /** Moves away what flags look at in the flag word's register while it is an ordinary one. */
  private clearWord(): void {
    const word = loc(FLAG_WORD);
    const others = FLAGS.filter((flag) => {
      const place = this.places.get(flag);
      return place !== undefined && !this.isWordBit(flag, place) && locationsOf(place).includes(word);
    });
    if (others.length === 0) return;
    this.used |= 1 << FLAG_WORD;
    const copy = this.temp();
    this.move(copy, FLAG_WORD);
    this.kept.add(loc(copy));
    for (const flag of others) {
      const place = must(this.places.get(flag), flag);
      this.places.set(flag, relocated(place, new Map([[word, loc(copy)]])));
    }
  }

  /** Puts register `t`, which is 0 or 1, into the flag word as `flag`. */
  setWordBit(flag: FlagName, value: number): void {
    const bit = must(FLAG_BITS[flag], `no bit for ${flag}`);
    // The value may be in the flag word's register itself.
    let t = value;
    if (t === FLAG_WORD && this.inWord()) throw new InternalError('the flag word is no temporary');
    if (t === FLAG_WORD) {
      t = this.temp();
      this.move(t, FLAG_WORD);
    }
    this.clearWord();
    const others = FLAGS.some((f) => {
      const place = this.places.get(f);
      return f !== flag && place?.kind === 'bit' && place.loc === loc(FLAG_WORD);
    });
    if (!others) {
      if (bit === 0) this.op('mv', x(FLAG_WORD), x(t));
      else this.op('slli', x(FLAG_WORD), x(t), bit);
    } else {
      this.scoped(() => {
        this.op('andi', x(FLAG_WORD), x(FLAG_WORD), ~(1 << bit));
        let placed = t;
        if (bit > 0) {
          placed = this.temp();
          this.op('slli', x(placed), x(t), bit);
        }
        this.op('or', x(FLAG_WORD), x(FLAG_WORD), x(placed));
      });
    }
    this.places.set(flag, { kind: 'bit', loc: loc(FLAG_WORD), bit });
  }
}

const OF = { cf: 'borrow', zf: 'zero', sf: 'sign', of: 'overflow', pf: 'parity' } as const;

/** The place of a flag that a subtraction sets. Registers are numbers, numbers bigints; `zero` is the number 0. */
export function difference(flag: StatusName, left: number | bigint, right: number | bigint, width: number): FlagPlace {
  const operand = (o: number | bigint): string | number =>
    typeof o === 'bigint' ? Number(o) : o === ZERO ? 0 : loc(o);
  return { kind: 'difference', of: OF[flag], left: operand(left), right: operand(right), width };
}

function relocated(place: FlagPlace, copies: ReadonlyMap<string, string>): FlagPlace {
  const moved = <T extends string | number>(o: T): T | string =>
    (typeof o === 'string' ? copies.get(o) : undefined) ?? o;
  if (place.kind === 'comparison') return { ...place, left: moved(place.left), right: moved(place.right) };
  if (place.kind === 'bit') return { ...place, loc: moved(place.loc) };
  if (place.kind === 'difference') return { ...place, left: moved(place.left), right: moved(place.right) };
  return place;
}
