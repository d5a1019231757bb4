// SPDX-License-Identifier: MIT
import { add, bv, concat, extract, no, not, or, variable, xor } from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';
import type { AbiPair } from '../abi/pair.ts';
import type { FlagPlace, RegisterRelation, Relation } from '../abi/relation.ts';
import type { Isa } from '../isa/isa.ts';
import { threadPointer } from '../isa/symbol.ts';
import { type Bits, lowest } from './bits.ts';
import { locationVariable, Machine, widthOf } from './machine.ts';

/** A pair of states, source and target. */
export interface Pair {
  readonly source: Machine;
  readonly target: Machine;
}

export interface Isas {
  readonly source: Isa;
  readonly target: Isa;
  readonly pair: AbiPair;
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
  const target = new Machine(isas.target, 't.', memory, (loc) => {
    if (loc === isas.target.threadPointer) return ground(threadPointer());
    if (loc === isas.target.stackPointer) return sp;
    return held.get(loc) ?? ground(locationVariable(isas.target, 't.', loc));
  });
  const registers = new Map(relation.registers.map((r) => [r.source, r]));
  const frames = new Map(relation.frames.map((f) => [f.source, f.offset]));
  const source = new Machine(isas.source, 's.', memory, (loc) => {
    if (loc === isas.source.stackPointer) return add(sp, bv(64, relation.stack));
    if (loc === isas.source.threadPointer) return ground(threadPointer());
    if (loc === 'df') return no();
    const offset = frames.get(loc);
    if (offset !== undefined) return add(sp, bv(64, offset));
    const register = registers.get(loc);
    if (register !== undefined) return assemble(isas.source, register, target.start(register.target), ground);
    const place = relation.flags[loc];
    if (place !== undefined) return placeValue(place, (l) => target.start(l));
    return ground(locationVariable(isas.source, 's.', loc));
  });
  return { source, target };
}

/** The value of the landmark, where there is one: that of its home, which nothing else determines. */
export function landmarkOf(isas: Isas, relation: Relation, ground: Ground = (v) => v): Term | undefined {
  const { landmark } = relation;
  const home = relation.registers.find((r) => r.source === landmark?.register);
  return home === undefined ? undefined : ground(locationVariable(isas.target, 't.', home.target));
}

/** A source register of which the related bits come from the target's and the others are anything. */
function assemble(isa: Isa, r: RegisterRelation, home: Term, ground: Ground): Term {
  const width = widthOf(isa, r.source) ?? 64;
  const parts: Term[] = [];
  let at = 0;
  const unknownUpTo = (hi: number): void => {
    if (at < hi) parts.unshift(ground(variable(`s.${r.source}.${at}..${hi - 1}`, hi - at)));
  };
  for (const [lo, hi] of [...r.bits].sort((a, b) => a[0] - b[0])) {
    unknownUpTo(lo);
    parts.unshift(extract(home, hi, lo));
    at = hi + 1;
  }
  unknownUpTo(width);
  return concat(...parts);
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
  }
}

/** What is wrong with a relation as data, or undefined: only a well-formed one has the meaning that it claims. */
export function malformed(isas: Isas, relation: Relation): string | undefined {
  const seen = new Set<string>();
  const targets = (loc: string): boolean => widthOf(isas.target, loc) !== undefined;
  if (!Number.isSafeInteger(relation.stack)) return 'the stack distance is not a whole number';
  for (const r of relation.registers) {
    const [s, t] = [widthOf(isas.source, r.source), widthOf(isas.target, r.target)];
    if (s === undefined || t === undefined) return `no such location: ${s === undefined ? r.source : r.target}`;
    if (r.source === isas.source.stackPointer || r.target === isas.target.stackPointer) {
      return 'the stack pointers are related by `stack` alone';
    }
    if (seen.has(r.source)) return `${r.source} is related twice`;
    seen.add(r.source);
    let above = -1;
    for (const [lo, hi] of [...r.bits].sort((a, b) => a[0] - b[0])) {
      if (!(Number.isInteger(lo) && Number.isInteger(hi) && above < lo && lo <= hi && hi < Math.min(s, t))) {
        return `${r.source}: bits ${lo} to ${hi} are not a range of their own`;
      }
      above = hi;
    }
  }
  const framed = new Set<string>();
  for (const f of relation.frames) {
    if (widthOf(isas.source, f.source) !== 64) return `no such register: ${f.source}`;
    if (f.source === isas.source.stackPointer || !Number.isSafeInteger(f.offset))
      return `${f.source} is no frame register`;
    if (framed.has(f.source)) return `${f.source} is related to the frame twice`;
    framed.add(f.source);
    const home = relation.registers.find((r) => r.source === f.source);
    if (home === undefined) continue;
    if (!coversAll(home, 64)) return `${f.source} points into the frame, but its home holds only a part of it`;
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
    if (home === undefined || !coversAll(home, 64))
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
