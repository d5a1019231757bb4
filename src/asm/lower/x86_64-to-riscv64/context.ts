// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import type { FlagPlace } from '../../abi/relation.ts';
import type { Inst } from '../../isa/define.ts';
import type { Reg } from '../../isa/operand.ts';
import { type After, BlockContext, Refusal } from '../from-x86_64/context.ts';
import { FLAGS, type FlagName, type FlagPlaces } from '../from-x86_64/flags.ts';
import { FLAG_BITS, FLAG_WORD, GENERAL_TEMPS, home, loc, numberOf, sourceIn, x, ZERO } from './registers.ts';
import { isExtended, type Shape, shapeOf } from './shape.ts';

const EVERYTHING: After = { live: () => true, liveFlag: () => true };

/** The target registers that a flag's place looks at. */
export function registersOf(place: FlagPlace): number[] {
  if (place.kind === 'bit') return [numberOf(place.loc)];
  if (place.kind !== 'difference') return [];
  return [place.left, place.right].flatMap((o) => (typeof o === 'string' ? [numberOf(o)] : []));
}

/**
 * The state of lowering inside one block for RISC-V. There are no flags: a flag is a question about registers that still
 * hold what the instruction that set it has compared, and is answered where somebody asks.
 */
export class Context extends BlockContext {
  /** What is known of the upper parts of registers, by number. */
  private readonly shapes = new Map<number, Shape>();
  private readonly used = new Set<number>();
  /** Temporaries that flags look at. */
  private readonly kept = new Set<number>();
  /** What the current instruction changes in the source. */
  private writes: (location: string) => boolean = () => false;
  private readonly noted = new Set<number>();

  override startBlock(rsp: number, sp: number, places: FlagPlaces): void {
    super.startBlock(rsp, sp, places);
    this.shapes.clear();
    this.used.clear();
    this.noted.clear();
    this.writes = () => false;
    this.after = EVERYTHING;
  }

  override begin(inst: Inst, after: After): void {
    this.endInstruction();
    super.begin(inst, after);
    this.used.clear();
    this.noted.clear();
    this.kept.clear();
    for (const place of this.places.values())
      for (const n of registersOf(place)) if (sourceIn(n) === undefined) this.kept.add(n);
  }

  /** Forgets what has changed, and flags that nobody reads any more. */
  private endInstruction(): void {
    for (const n of [...this.shapes.keys()]) {
      const source = sourceIn(n);
      if (source === undefined ? !this.kept.has(n) : this.writes(source) && !this.noted.has(n)) this.shapes.delete(n);
    }
    this.writes = () => false;
    for (const flag of FLAGS) if (!this.after.liveFlag(flag)) this.places.delete(flag);
  }

  /** Copies away what flags look at and the instruction is about to change, unless it changes the flags as well. */
  before(writes: (location: string) => boolean): void {
    this.writes = writes;
    const copies = new Map<number, number>();
    for (const [flag, place] of this.places) {
      if (writes(flag) || !this.isLiveFlag(flag)) continue;
      for (const n of registersOf(place)) {
        const source = sourceIn(n);
        if (source === undefined || !writes(source) || copies.has(n)) continue;
        const copy = this.temp();
        this.move(copy, n);
        this.kept.add(copy);
        copies.set(n, copy);
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
      if (this.used.has(n) || this.kept.has(n)) continue;
      this.used.add(n);
      this.shapes.delete(n);
      return n;
    }
    throw new Refusal('V0220', 'this takes more registers than are free here');
  }

  /** Runs `body` and frees the temporaries that it took. */
  scoped<T>(body: () => T): T {
    const before = new Set(this.used);
    const result = body();
    for (const n of [...this.used]) if (!before.has(n)) this.used.delete(n);
    return result;
  }

  shape(n: number): Shape | undefined {
    return n === ZERO ? shapeOf(0n) : this.shapes.get(n);
  }

  /** Says what is known of register `n` from now on. */
  note(n: number, shape: Shape | undefined): void {
    this.noted.add(n);
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
      const bits = this.extended(value, width, 'zero');
      let placed = bits;
      if (lo > 0) {
        placed = this.temp();
        this.op('slli', x(placed), x(bits), lo);
      }
      if (lo === 0 && width === 8) this.op('andi', x(into), x(into), -256);
      else if (lo === 0) {
        this.op('srli', x(into), x(into), width);
        this.op('slli', x(into), x(into), width);
      } else {
        const mask = this.constant(~(((1n << BigInt(width)) - 1n) << BigInt(lo)));
        this.op('and', x(into), x(into), x(mask));
      }
      this.op('or', x(into), x(into), x(placed));
    });
    this.note(into, undefined);
  }

  // Flags

  /** Makes the flags what a subtraction `left - right` of `width` bits sets; a number stands for itself. */
  setDifference(
    left: number | bigint,
    right: number | bigint,
    width: number,
    flags: readonly FlagName[] = FLAGS,
  ): void {
    for (const flag of flags) this.places.set(flag, difference(flag, left, right, width));
  }

  /** Puts register `t`, which is 0 or 1, into the flag word as `flag`. */
  setWordBit(flag: FlagName, t: number): void {
    const bit = must(FLAG_BITS[flag], `no bit for ${flag}`);
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
export function difference(flag: FlagName, left: number | bigint, right: number | bigint, width: number): FlagPlace {
  const operand = (o: number | bigint): string | number =>
    typeof o === 'bigint' ? Number(o) : o === ZERO ? 0 : loc(o);
  return { kind: 'difference', of: OF[flag], left: operand(left), right: operand(right), width };
}

function relocated(place: FlagPlace, copies: ReadonlyMap<number, number>): FlagPlace {
  const moved = <T extends string | number>(o: T): T | string => {
    const copy = typeof o === 'string' ? copies.get(numberOf(o)) : undefined;
    return copy === undefined ? o : loc(copy);
  };
  if (place.kind === 'bit') return { ...place, loc: moved(place.loc) };
  if (place.kind === 'difference') return { ...place, left: moved(place.left), right: moved(place.right) };
  return place;
}
