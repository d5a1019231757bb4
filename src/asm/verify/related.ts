// SPDX-License-Identifier: MIT
import {
  add,
  bv,
  concat,
  eq,
  evenParity,
  extract,
  fpCompare,
  isNaNPattern,
  ite,
  low,
  msb,
  no,
  not,
  or,
  overflow,
  sext,
  sub,
  ult,
  variable,
  xor,
  yes,
} from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';
import { ownName } from '../abi/own-storage.ts';
import type { AbiPair } from '../abi/pair.ts';
import {
  type DifferenceOperand,
  type FlagPlace,
  type FloatQuestion,
  type RegisterRelation,
  type Relation,
  spillOffset,
} from '../abi/relation.ts';
import type { Isa } from '../isa/isa.ts';
import { locationVariable, widthOf } from '../isa/state.ts';
import { threadPointer } from '../isa/symbol.ts';
import { type Bits, lowest } from './bits.ts';
import { Machine, OTHERWISE, SPILL } from './machine.ts';
import { RED_ZONE, STACK_REACH } from './memory.ts';
import type { OwnStorage } from './own-storage.ts';

/** A pair of states, source and target. */
export interface Pair {
  readonly source: Machine;
  readonly target: Machine;
}

export interface Isas {
  readonly source: Isa;
  readonly target: Isa;
  readonly pair: AbiPair;
  /** What the target has of its own besides. */
  readonly own?: OwnStorage;
}

/** The one starting memory of both sides. */
export const MEMORY_NAME = 'memory';

/** What x86 registers hold where the program may not care: see `isGarbage`. */
const GARBAGE = 'garbage.';
const OWN_GARBAGE = `${GARBAGE}own.`;

/**
 * A source value that the platform leaves unspecified: what a call leaves in registers that carry no result, or what a
 * caller has in registers that carry no argument. The source program may not depend on it, so any value may be
 * assumed, and the one that the relation asks for is. Each such value stands in one register only and is never copied
 * before the relation at the next cut point speaks about it, so it is chosen at most once.
 */
export function isGarbage(t: Term): boolean {
  return t.op === 'var' && t.name.startsWith(GARBAGE);
}

/** `whose` tells apart garbage that is unspecified only as long as the source's own functions obey the convention. */
export function garbage(isa: Isa, loc: string, whose: '' | 'of a function of the file' = ''): Term {
  return locationVariable(isa, whose === '' ? GARBAGE : OWN_GARBAGE, loc);
}

export function isOwnGarbage(t: Term): boolean {
  return t.op === 'var' && t.name.startsWith(OWN_GARBAGE);
}

/**
 * The bits of a register's value that are such garbage: of what a call leaves in a register, callers may rely on a part.
 * Only bits that stand where they stood when the call returned count, so that each is still chosen at most once.
 */
export function garbageBits(t: Term): Bits {
  let found = 0n;
  let at = 0;
  for (const part of t.op === 'concat' ? [...t.args].reverse() : [t]) {
    const [of, from] = part.op === 'extract' ? [part.args[0], part.lo] : [part, 0];
    if (of !== undefined && isGarbage(of) && from === at && of.width === t.width)
      found |= lowest(part.width) << BigInt(at);
    at += part.width;
  }
  return found;
}

/** What stands for a variable of the starting state: itself, or a number where a run is replayed. */
export type Ground = (variable: Term) => Term;

/** Variables stand for themselves, but the source's undefined values are what is chosen for them. */
export const asChosen: Ground = (v) => (v.name.startsWith(OTHERWISE) ? bv(v.width, 0) : v);

/** Any two states in `relation`: the target's locations are variables, the source's are built from them. */
export function relatedStates(isas: Isas, relation: Relation, ground: Ground = (v) => v): Pair {
  const memory = variable(MEMORY_NAME, 0);
  const held = new Map<string, Term>();
  const sp = ground(locationVariable(isas.target, 't.', isas.target.stackPointer));
  for (const frame of relation.frames) {
    const home = relation.registers.find((r) => r.source === frame.source);
    if (home !== undefined) held.set(home.target, add(sp, bv(64, frame.offset)));
  }
  const mark = landmarkOf(isas, relation, ground);
  for (const o of relation.landmark?.others ?? []) {
    const home = relation.registers.find((r) => r.source === o.source);
    if (home !== undefined && mark !== undefined) held.set(home.target, add(mark, bv(64, o.offset)));
  }
  for (const r of relation.registers) {
    if (r.above === undefined) continue;
    const unshaped = ground(locationVariable(isas.target, 't.', r.target));
    if (topOf(r) + 1 >= unshaped.width) continue;
    if (r.above === 'float') {
      held.set(r.target, concat(ite(isDouble(r, ground), extract(unshaped, 63, 32), ones()), low(unshaped, 32)));
    } else held.set(r.target, shaped(low(unshaped, topOf(r) + 1), r.above, unshaped.width));
  }
  const initially = remembered((loc) => {
    if (loc === isas.target.threadPointer) return ground(threadPointer());
    if (loc === isas.target.stackPointer) return sp;
    if (spillOffset(loc) !== undefined || ownName(loc) !== undefined) return ground(variable(`t.${loc}`, 8 * SPILL));
    return held.get(loc) ?? ground(locationVariable(isas.target, 't.', loc));
  });
  const target = new Machine(isas.target, 't.', memory, initially, new Set(relation.spills));
  if (isas.own !== undefined) target.own = isas.own;
  const registers = new Map<string, RegisterRelation[]>();
  for (const r of relation.registers) {
    const others = registers.get(r.source);
    if (others === undefined) registers.set(r.source, [r]);
    else others.push(r);
  }
  const frames = new Map(relation.frames.map((f) => [f.source, f.offset]));
  const composed = remembered((loc) => {
    if (loc === isas.source.stackPointer) return add(sp, bv(64, relation.stack));
    if (loc === isas.source.threadPointer) return ground(threadPointer());
    if (loc === 'df' && relation.direction !== 'either') return relation.direction === 'down' ? yes() : no();
    const offset = frames.get(loc);
    if (offset !== undefined) return add(sp, bv(64, offset));
    const related = registers.get(loc);
    if (related !== undefined) return assemble(isas.source, loc, related, (l) => target.start(l), ground);
    const place = relation.flags[loc];
    if (place !== undefined) return placeValue(place, (l) => target.start(l));
    return ground(locationVariable(isas.source, 's.', loc));
  });
  const source = new Machine(isas.source, 's.', memory, composed, undefined, undefined, ground);
  return { source, target };
}

/** The same function, which is asked once for each location. */
function remembered(find: (loc: string) => Term): (loc: string) => Term {
  const found = new Map<string, Term>();
  return (loc) => {
    const value = found.get(loc) ?? find(loc);
    found.set(loc, value);
    return value;
  };
}

/** The value of the landmark, where there is one: that of its home, which nothing else determines. */
export function landmarkOf(isas: Isas, relation: Relation, ground: Ground = (v) => v): Term | undefined {
  const { landmark } = relation;
  const home = relation.registers.find((r) => r.source === landmark?.register);
  return home === undefined ? undefined : ground(locationVariable(isas.target, 't.', home.target));
}

/** A source register of which the related bits come from the target's and the others are anything. */
function assemble(
  isa: Isa,
  source: string,
  related: readonly RegisterRelation[],
  home: (loc: string) => Term,
  ground: Ground,
): Term {
  const width = widthOf(isa, source) ?? 64;
  const parts: Term[] = [];
  let at = 0;
  const unknownUpTo = (hi: number): void => {
    if (at < hi) parts.unshift(ground(variable(`s.${source}.${at}..${hi - 1}`, hi - at)));
  };
  const ranges = related.flatMap((r) => {
    const from = r.from ?? 0;
    const value = home(r.target);
    const equal = r.bits.map(([lo, hi]) => ({ lo, hi, value: extract(value, hi - from, lo - from) }));
    if (r.above !== 'float') return equal;
    // Of a float the source has anything there.
    const other = ground(variable(`s.${source}.32..63`, 32));
    return [...equal, { lo: 32, hi: 63, value: ite(isDouble(r, ground), extract(value, 63, 32), other) }];
  });
  for (const { lo, hi, value } of ranges.sort((x, y) => x.lo - y.lo)) {
    unknownUpTo(lo);
    parts.unshift(value);
    at = hi + 1;
  }
  unknownUpTo(width);
  return concat(...parts);
}

const ones = (): Term => bv(32, -1);

/** Whether a location that holds either holds a double. */
const isDouble = (r: RegisterRelation, ground: Ground): Term => ground(variable(`t.${r.target}.double`, 1));

/** The highest bit of the target location that the relation speaks of. */
export function topOf(r: RegisterRelation): number {
  return Math.max(...r.bits.map(([, hi]) => hi)) - (r.from ?? 0);
}

/** A value of `width` bits that is `value` below and what `above` says above. */
export function shaped(value: Term, above: 'sign' | 'zeros' | 'ones', width: number): Term {
  if (value.width >= width) return value;
  if (above === 'sign') return sext(value, width);
  return concat(bv(width - value.width, above === 'ones' ? -1 : 0), value);
}

/** The source flag that a place in the target stands for. */
export function placeValue(place: FlagPlace, get: (loc: string) => Term): Term {
  switch (place.kind) {
    case 'flag':
      return place.inverted ? not(get(place.flag)) : get(place.flag);
    case 'bit':
      return extract(get(place.loc), place.bit, place.bit);
    case 'constant':
      return bv(1, place.value);
    case 'pair': {
      const [a, b] = place.flags;
      return place.op === 'or' ? or(get(a), get(b)) : xor(get(a), get(b));
    }
    case 'difference': {
      const operand = (o: DifferenceOperand): Term => {
        return typeof o === 'number' ? bv(place.width, o) : low(get(o), place.width);
      };
      return differenceFlag(place.of, operand(place.left), operand(place.right));
    }
    case 'comparison':
      return comparisonFlag(place.of, low(get(place.left), place.width), low(get(place.right), place.width));
  }
}

/** What `left - right` tells: whether the result is zero, negative or out of range, and its parity. */
function differenceFlag(of: 'zero' | 'borrow' | 'sign' | 'overflow' | 'parity', left: Term, right: Term): Term {
  switch (of) {
    case 'zero':
      return eq(left, right);
    case 'borrow':
      return ult(left, right);
    case 'sign':
      return msb(sub(left, right));
    case 'overflow':
      return overflow(left, not(right), yes());
    case 'parity':
      return evenParity(low(sub(left, right), Math.min(8, left.width)));
  }
}

function comparisonFlag(of: FloatQuestion, left: Term, right: Term): Term {
  const unordered = or(isNaNPattern(left), isNaNPattern(right));
  switch (of) {
    case 'equal':
      return fpCompare('fp.eq', left, right);
    case 'unordered':
      return unordered;
    case 'unordered or equal':
      return or(fpCompare('fp.eq', left, right), unordered);
    case 'unordered or less':
      return or(fpCompare('fp.lt', left, right), unordered);
  }
}

/** What is wrong with a relation as data, or undefined: only a well-formed one has the meaning that it claims. */
export function malformed(isas: Isas, relation: Relation): string | undefined {
  const seen = new Map<string, [number, number][]>();
  const targets = (loc: string): boolean => widthOf(isas.target, loc) !== undefined;
  if (!Number.isSafeInteger(relation.stack)) return 'the stack distance is not a whole number';
  const spills = malformedSpills(relation);
  if (spills !== undefined) return spills;
  for (const r of relation.registers) {
    const spilled = isSpill(relation, r.target) || isOwn(isas, r.target);
    if (spilled && r.above !== undefined) return `${r.target} is a place in memory, which has no shape`;
    const [s, t] = [widthOf(isas.source, r.source), spilled ? 8 * SPILL : widthOf(isas.target, r.target)];
    if (s === undefined || t === undefined) return `no such location: ${s === undefined ? r.source : r.target}`;
    if (r.source === isas.source.stackPointer || r.target === isas.target.stackPointer) {
      return 'the stack pointers are related by `stack` alone';
    }
    const from = r.from ?? 0;
    if (!Number.isInteger(from) || from < 0) return `${r.source}: no such bit: ${from}`;
    const taken = seen.get(r.source) ?? [];
    seen.set(r.source, taken);
    for (const [lo, hi] of r.bits) {
      const fits = Number.isInteger(lo) && Number.isInteger(hi) && from <= lo && lo <= hi && hi < Math.min(s, t + from);
      if (!fits || taken.some(([l, h]) => lo <= h && l <= hi)) {
        return `${r.source}: bits ${lo} to ${hi} are not a range of their own`;
      }
      taken.push([lo, hi]);
    }
    if (r.above === 'float') {
      const low = r.bits.length === 1 && r.bits[0]?.[0] === 0 && r.bits[0][1] === 31;
      if (!low || from !== 0 || t !== 64 || s < 64) return `${r.source}: no float in its lowest 32 bits`;
      if (taken.some(([lo, hi]) => lo <= 63 && hi >= 32)) return `${r.source}: bits 32 to 63 are related twice`;
      taken.push([32, 63]);
    }
    if (r.above !== undefined && relation.registers.some((o) => o !== r && o.target === r.target)) {
      return `${r.target} is claimed to have a shape and is the home of several registers`;
    }
  }
  const framed = new Set<string>();
  for (const f of relation.frames) {
    if (widthOf(isas.source, f.source) !== 64) return `no such register: ${f.source}`;
    if (f.source === isas.source.stackPointer || !Number.isSafeInteger(f.offset))
      return `${f.source} is no frame register`;
    if (framed.has(f.source)) return `${f.source} is related to the frame twice`;
    framed.add(f.source);
    const homes = relation.registers.filter((r) => r.source === f.source);
    const home = homes[0];
    if (home === undefined) continue;
    if (
      homes.length > 1 ||
      isSpill(relation, home.target) ||
      (home.from ?? 0) !== 0 ||
      home.above !== undefined ||
      !coversAll(home, 64)
    )
      return `${f.source} points into the frame, but its home holds only a part of it`;
    const others = relation.registers.filter((r) => r.target === home.target);
    if (others.length > 1) return `${home.target} is the home of ${f.source} and of others`;
  }
  const mark = malformedLandmark(isas, relation, framed);
  if (mark !== undefined) return mark;
  for (const [flag, place] of Object.entries(relation.flags)) {
    if (widthOf(isas.source, flag) !== 1 || flag === 'df') return `no such flag: ${flag}`;
    const used = place.kind === 'flag' ? [place.flag] : place.kind === 'pair' ? place.flags : [];
    for (const u of used) if (widthOf(isas.target, u) !== 1) return `no such flag: ${u}`;
    if (place.kind === 'bit') {
      const width = targets(place.loc) ? (widthOf(isas.target, place.loc) ?? 0) : 0;
      if (!(Number.isInteger(place.bit) && place.bit >= 0 && place.bit < width))
        return `no bit ${place.bit} of ${place.loc}`;
    }
    if (place.kind === 'comparison') {
      for (const o of [place.left, place.right])
        if ((widthOf(isas.target, o) ?? 0) < place.width) return `no float of ${place.width} bits in ${o}`;
    }
    if (place.kind === 'difference') {
      const { left, right, width } = place;
      if (!Number.isInteger(width) || width < 8) return `a difference of ${width} bits`;
      for (const o of [left, right]) {
        const wide = typeof o === 'number' ? Number.isSafeInteger(o) : (widthOf(isas.target, o) ?? 0) >= width;
        if (!wide) return `no ${width} bits in ${o}`;
      }
    }
  }
  return undefined;
}

function isSpill(relation: Relation, location: string): boolean {
  const offset = spillOffset(location);
  return offset !== undefined && relation.spills?.includes(offset) === true;
}

/** A word of the storage that the target has for itself. */
function isOwn(isas: Isas, location: string): boolean {
  const name = ownName(location);
  const offset = name === undefined ? Number.NaN : Number(location.slice(name.length + 1));
  return offset >= 0 && offset % SPILL === 0 && offset + SPILL <= (isas.own?.get(name ?? '') ?? 0);
}

/** Below the red zone nothing is the source's: a signal handler may write there at any time. */
function malformedSpills({ spills = [], stack }: Relation): string | undefined {
  for (const [k, s] of spills.entries()) {
    if (!Number.isSafeInteger(s) || s % SPILL !== 0 || spills.indexOf(s) !== k) return `no spill slot can be at ${s}`;
    if (s + SPILL > stack - RED_ZONE || s < stack - STACK_REACH)
      return `the spill slot at ${s} is not below the red zone`;
  }
  return undefined;
}

function malformedLandmark(isas: Isas, relation: Relation, framed: ReadonlySet<string>): string | undefined {
  const { landmark } = relation;
  if (landmark === undefined) return undefined;
  const { register, low, others } = landmark;
  if (!(Number.isInteger(low) && low >= 0 && low < 16)) return `${low} is no number modulo 16`;
  const seen = new Set<string>();
  for (const { source, offset } of [{ source: register, offset: 0 }, ...others]) {
    if (widthOf(isas.source, source) !== 64 || !Number.isSafeInteger(offset)) return `${source} is no frame register`;
    if (seen.has(source) || framed.has(source)) return `${source} is related to the frame twice`;
    seen.add(source);
    const home = relation.registers.find((r) => r.source === source);
    if (home === undefined || isSpill(relation, home.target) || !coversAll(home, 64))
      return `${source} points into the frame, but has no home as a whole`;
    if (relation.registers.filter((r) => r.target === home.target).length > 1) {
      return `${home.target} is the home of ${source} and of others`;
    }
  }
  return undefined;
}

/** True where all of the lowest `width` bits are related. */
export function coversAll(r: RegisterRelation, width: number): boolean {
  return covers(r, 0, width - 1);
}

/** True where bits `lo` to `hi` are all related. */
export function covers(r: RegisterRelation, lo: number, hi: number): boolean {
  let at = lo;
  for (const [from, to] of [...r.bits].sort((a, b) => a[0] - b[0])) if (from <= at && to >= at) at = to + 1;
  return at > hi;
}
