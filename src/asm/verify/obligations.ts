// SPDX-License-Identifier: MIT
import { largest } from '../../base/lists.ts';
import { add, bv, eq, extract, low, no, or, yes } from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';
import { type Landmark, type RegisterRelation, type Relation, spillOffset } from '../abi/relation.ts';
import type { AssumptionName } from './assumptions.ts';
import { type Bits, ofRanges, runs } from './bits.ts';
import { type Machine, SPILL } from './machine.ts';
import { distance, strippedBelow, strippedWithin } from './memory.ts';
import type { Path } from './path.ts';
import {
  coversAll,
  garbageBits,
  type Isas,
  isGarbage,
  isOwnGarbage,
  landmarkOf,
  type Pair,
  placeValue,
  shaped,
  topOf,
} from './related.ts';

/** One formula to discharge: under the conditions of `path`, `left` (of the source) equals `right` (of the target). */
export interface Obligation {
  /** What differs when it does not hold, for a person. */
  readonly what: string;
  readonly path: Path;
  readonly left: Term;
  readonly right: Term;
  /** Where it cannot be shown, this may be assumed and said instead. */
  readonly orAssume?: AssumptionName;
  /** For memories: what lies below this address does not matter. */
  readonly below?: Term;
}

/** Collects what must hold for one pair of exits; what holds at a glance is only counted. */
export class Duties {
  readonly open: Obligation[] = [];
  identical = 0;
  /** Why this cannot be proved whatever becomes of the obligations. */
  doubt: string | undefined;
  /** The most bytes below its stack pointer that the source may use for the target's stack to be safe. */
  redZone = Number.POSITIVE_INFINITY;
  readonly assumptions = new Set<AssumptionName>();
  readonly isas: Isas;
  readonly path: Path;
  /** The states at the exit. */
  readonly at: Pair;
  /** The target as the block began. */
  readonly origin: Machine;
  /** Whether its stack pointer need not have been aligned then. */
  private readonly loose: boolean;

  constructor(isas: Isas, path: Path, at: Pair, origin: Machine, loose: boolean) {
    this.isas = isas;
    this.path = path;
    this.at = at;
    this.origin = origin;
    this.loose = loose;
  }

  equal(what: string, left: Term, right: Term, orAssume?: AssumptionName): void {
    if (left === right) this.identical++;
    else this.open.push({ what, path: this.path, left, right, ...(orAssume === undefined ? {} : { orAssume }) });
  }

  /** `source stack pointer = target stack pointer + distance`, and the latter is aligned. */
  stack(distance: number, sourceSp = this.at.source.get(this.isas.source.stackPointer)): void {
    this.stackDistance(distance, sourceSp);
    this.alignedBase(this.at.target.get(this.isas.target.stackPointer));
  }

  private stackDistance(distance: number, sourceSp: Term): void {
    const targetSp = this.at.target.get(this.isas.target.stackPointer);
    this.equal('the stack pointer', sourceSp, add(targetSp, bv(64, distance)));
  }

  /** `sp` is 16-byte aligned; where it is moved by an amount that the run decides, that may be assumed. */
  alignedBase(sp: Term): void {
    const moved = this.loose ? undefined : distance(sp, this.origin.start(this.isas.target.stackPointer));
    if (moved !== undefined && moved % 16 === 0) this.identical++;
    else this.equal('stack alignment', bv(4, 0), low(sp, 4), moved === undefined ? 'stack-aligned' : undefined);
  }

  /**
   * What a signal may have changed, because the target's stack pointer was above it and is not now, is not in use: the
   * source's stack pointer has been above as well, and since then the source has stored nothing where the target has
   * before. What the target has stored there and the source has not, it does not load (lost.ts).
   */
  keptStack(): void {
    const { source, target } = this.at;
    const sp = target.get(this.isas.target.stackPointer);
    for (const r of target.raised) {
      if ((distance(r.to, sp) ?? 1) <= 0) continue;
      const last = source.allAccesses.findLastIndex((a) => a.kind === 'store' && r.over.includes(a.address));
      const above = source.visited.filter((v) => v.accesses > last).map((v) => distance(v.sp, r.to) ?? -1);
      if (largest(above, -1) < 0) {
        this.doubt ??=
          "the target's stack pointer goes above memory that is still in use, where a signal would change it";
      } else this.redZone = Math.min(this.redZone, largest(above));
    }
  }

  /** What any cut point, call or return demands besides its own relation. */
  always(direction?: Relation['direction']): void {
    const { source, target } = this.at;
    if (direction !== 'either')
      this.equal("x86's direction flag", source.get('df'), direction === 'down' ? yes() : no());
    for (const [machine, loc] of [
      [source, this.isas.source.threadPointer],
      [target, this.isas.target.threadPointer],
    ] as const) {
      if (machine.untouched(loc)) this.identical++;
      else this.equal('the thread pointer', machine.start(loc), machine.get(loc));
    }
    for (const { loc, bits } of this.isas.pair.untouched) {
      if (!target.holds(loc) && target.start(loc) === this.origin.start(loc)) this.identical++;
      else this.equal(`${loc}, which may not change,`, low(this.origin.start(loc), bits), low(target.get(loc), bits));
    }
  }

  /** These bits of a source register equal those of a target location. */
  bits(register: string, place: string | undefined, bits: Bits): void {
    if (place === undefined) {
      this.equal(`${register}, which has no place in the target,`, bv(1, 0), bv(1, 1));
      return;
    }
    const [left, right] = [this.at.source.get(register), this.at.target.get(place)];
    for (const r of runs(bits, left.width)) {
      if (r.inside) this.equal(register, extract(left, r.hi, r.lo), extract(right, r.hi, r.lo));
    }
  }

  /**
   * What a function outside of the file takes as a `double` or as a `float`: the low 64 bits agree, or the low 32 do and
   * the target has ones above them.
   */
  float(register: string, place: string): void {
    const [left, right] = [low(this.at.source.get(register), 64), this.at.target.get(place)];
    if (left === right) {
      this.identical++;
      return;
    }
    this.equal(register, low(left, 32), low(right, 32));
    this.eitherFloat(register, extract(left, 63, 32), extract(right, 63, 32));
    this.assumptions.add('floats-as-computed');
  }

  private eitherFloat(register: string, source: Term, target: Term): void {
    this.equal(`the upper half of ${register}`, or(eq(source, target), eq(target, bv(32, -1))), yes());
  }

  /** Memories agree at every address but in spill slots at these offsets from the target's stack pointer. */
  memoryBut(spills: readonly number[]): void {
    const { source, target } = this.at;
    const sp = target.get(this.isas.target.stackPointer);
    const strip = (m: Term): Term => (spills.length === 0 ? m : strippedWithin(m, sp, spills, SPILL));
    this.memory(strip(source.memory), strip(target.memory));
    // Those that were in use and are not mentioned any more hold what the source does not have there.
    const mentioned = new Set(spills);
    const start = this.origin.start(this.isas.target.stackPointer);
    for (const s of target.spills) {
      const at = distance(add(start, bv(64, s)), sp);
      if (at === undefined || !mentioned.has(at)) this.assumptions.add('below-stack');
    }
  }

  /** Control leaves the function: what was in spill slots is nobody's any more. */
  forgetSpills(): void {
    if (this.at.target.spills.size > 0) this.assumptions.add('below-stack');
  }

  /** Memories agree at every address; with `below`, at every address but those below that source stack pointer. */
  memory(left: Term, right: Term, below?: Term): void {
    if (left === right || below === undefined) {
      this.equal('memory', left, right);
      return;
    }
    const sp = this.origin.start(this.isas.target.stackPointer);
    // With numbers for addresses, distance tells nothing about what was meant; the bytes are compared one by one.
    const strip = (m: Term): Term => (sp.op === 'const' ? m : strippedBelow(m, below));
    const [a, b] = [strip(left), strip(right)];
    if (a !== left || b !== right) this.assumptions.add('below-stack');
    if (a === b) this.identical++;
    else this.open.push({ what: 'memory', path: this.path, left: a, right: b, below });
  }

  /**
   * The states are in `relation`. `from` is the relation in which they began, where both sides have run a block since:
   * a register that neither has touched is related as it was.
   */
  relation(relation: Relation, from?: Relation): void {
    const { source, target } = this.at;
    if (relation.loose) this.stackDistance(relation.stack, source.get(this.isas.source.stackPointer));
    else this.stack(relation.stack);
    const framed = new Set<string>();
    for (const f of relation.frames) {
      framed.add(f.source);
      const sp = target.get(this.isas.target.stackPointer);
      this.equal(f.source, source.get(f.source), add(sp, bv(64, f.offset)));
    }
    if (relation.landmark !== undefined) {
      for (const { source } of relation.landmark.others) framed.add(source);
      framed.add(relation.landmark.register);
      this.landmark(relation.landmark, from);
    }
    for (const r of relation.registers) this.register(r, framed.has(r.source), from);
    this.flags(relation.flags);
  }

  private landmark({ register, low: bits, others }: Landmark, from: Relation | undefined): void {
    const value = this.at.source.get(register);
    const sp = distance(value, this.origin.start(this.isas.target.stackPointer));
    const before = from === undefined ? undefined : landmarkOf(this.isas, from);
    const moved = before === undefined ? undefined : distance(value, before);
    const known = sp ?? (moved === undefined ? undefined : moved + (from?.landmark?.low ?? 0));
    if (known !== undefined && (known - bits) % 16 === 0) this.identical++;
    else this.equal(`the alignment of ${register}`, low(value, 4), bv(4, bits));
    for (const o of others) this.equal(o.source, this.at.source.get(o.source), add(value, bv(64, o.offset)));
  }

  /** These flags of the source are where the places say. */
  flags(places: Relation['flags']): void {
    const { source, target } = this.at;
    for (const [flag, place] of Object.entries(places)) {
      const value = source.get(flag);
      if (isGarbage(value) && !isOwnGarbage(value)) this.identical++;
      else
        this.equal(
          flag,
          value,
          placeValue(place, (l) => target.get(l)),
        );
    }
  }

  private register(r: RegisterRelation, framed: boolean, from: Relation | undefined): void {
    const { source, target } = this.at;
    const spill = spillOffset(r.target);
    if (from !== undefined && spill === undefined && !source.holds(r.source) && !target.holds(r.target)) {
      const before = registersOf(from).get(relationKey(r));
      if (before !== undefined && r.bits.every(([lo, hi]) => rangeWithin(before, lo, hi))) {
        if (r.above === undefined || (before.above === r.above && topOf(before) === topOf(r))) {
          this.identical++;
          return;
        }
      }
    }
    const right =
      spill === undefined
        ? target.get(r.target)
        : target.bytesAt(add(target.get(this.isas.target.stackPointer), bv(64, spill)));
    const left = source.get(r.source);
    const first = r.from ?? 0;
    if (r.above !== undefined && r.above !== 'float') {
      // Said of the target alone, whatever the source has there.
      const top = topOf(r);
      if (top + 1 < right.width) {
        this.equal(`${r.target} above bit ${top}`, shaped(low(right, top + 1), r.above, right.width), right);
      }
    }
    if (isGarbage(left) && !framed) {
      if (isOwnGarbage(left)) this.assumptions.add('abi-results');
      this.identical++;
      return;
    }
    if (r.above === 'float' && low(left, 64) === right) {
      this.identical++;
      return;
    }
    if (r.above === 'float') {
      const upper = ofRanges([[32, 63]]);
      if ((garbageBits(left) & upper) === upper) this.assumptions.add('abi-results');
      else this.eitherFloat(r.source, extract(left, 63, 32), extract(right, 63, 32));
    }
    const loose = framed ? 0n : garbageBits(left) & ofRanges(r.bits);
    if (loose !== 0n) this.assumptions.add('abi-results');
    const all = first === 0 && loose === 0n && coversAll(r, left.width) && left.width === right.width;
    if (all) this.equal(r.source, left, right);
    for (const { lo, hi, inside } of all ? [] : runs(ofRanges(r.bits) & ~loose, left.width)) {
      if (inside)
        this.equal(`bits ${lo} to ${hi} of ${r.source}`, extract(left, hi, lo), extract(right, hi - first, lo - first));
    }
  }
}

/** What a register's relation is about, but for the bits. */
const relationKey = (r: RegisterRelation): string => `${r.source} ${r.target} ${r.from ?? 0}`;

const registerMaps = new WeakMap<Relation, Map<string, RegisterRelation>>();

function registersOf(relation: Relation): Map<string, RegisterRelation> {
  let known = registerMaps.get(relation);
  if (known === undefined) {
    known = new Map(relation.registers.map((r) => [relationKey(r), r]));
    registerMaps.set(relation, known);
  }
  return known;
}

function rangeWithin(r: RegisterRelation, lo: number, hi: number): boolean {
  return r.bits.some(([from, to]) => from <= lo && hi <= to);
}
