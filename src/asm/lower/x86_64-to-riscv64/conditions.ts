// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import type { FlagPlace } from '../../abi/relation.ts';
import { Refusal } from '../from-x86_64/context.ts';
import { conditionFlags, type FlagName, negated } from '../from-x86_64/flags.ts';
import type { Context } from './context.ts';
import { boxed, single } from './floats.ts';
import { f, loc, numberOf, sourceAt, x, ZERO } from './registers.ts';
import { isExtended } from './shape.ts';

/** x86's conditions as comparisons of two registers. */

export type Relation = 'eq' | 'ne' | 'lt' | 'ge' | 'ltu' | 'geu';

/** A question that one branch can ask: always answered the same, or a comparison of two registers. */
export type Test =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'compare'; readonly relation: Relation; readonly a: number; readonly b: number };

const INVERSE: Readonly<Record<Relation, Relation>> = {
  eq: 'ne',
  ne: 'eq',
  lt: 'ge',
  ge: 'lt',
  ltu: 'geu',
  geu: 'ltu',
};

export function inverse(t: Test): Test {
  if (t.kind === 'constant') return { kind: 'constant', value: !t.value };
  return { ...t, relation: INVERSE[t.relation] };
}

const compare = (relation: Relation, a: number, b: number): Test => ({ kind: 'compare', relation, a, b });

type Difference = Extract<FlagPlace, { kind: 'difference' }>;

/** The question whether x86's condition `cc` holds. May emit code into temporaries. */
export function question(c: Context, cc: string): Test {
  const flags = must(conditionFlags[cc], `condition ${cc}`);
  const places = flags.map((f) => {
    const place = c.places.get(f);
    if (place === undefined)
      throw new Refusal('V0223', `the ${f} flag that this condition reads is not available here`);
    return place;
  });
  const positive = negated[cc];
  const test = asked(c, positive ?? cc, flags, places);
  return positive === undefined ? test : inverse(test);
}

function asked(c: Context, cc: string, flags: readonly FlagName[], places: readonly FlagPlace[]): Test {
  const [first] = places;
  if (places.length === 1) return flagTest(c, must(first, 'flag'));
  const floats = sameComparison(cc, places);
  // Not above: neither ordered and greater.
  if (floats !== undefined)
    return inverse(compare('ne', floatCompare(c, 'lt', floats.right, floats.left, floats), ZERO));
  const one = sameDifference(flags, places);
  if (one !== undefined) {
    if (cc === 'l') return ordered(c, 'lt', one);
    if (cc === 'le') return swapped(c, 'ge', one);
    return swapped(c, 'geu', one);
  }
  // Put together from single flags.
  const t = c.temp();
  const join = (op: string, flag: FlagName): void => {
    const place = must(places[flags.indexOf(flag)], flag);
    c.scoped(() => {
      if (op === 'mv') flagValueInto(c, place, t);
      else c.op(op, x(t), x(t), x(flagValue(c, place)));
    });
  };
  if (cc === 'be') {
    join('mv', 'cf');
    join('or', 'zf');
  } else {
    join('mv', 'sf');
    join('xor', 'of');
    if (cc === 'le') join('or', 'zf');
  }
  c.note(t, { bits: 1, signed: false });
  return compare('ne', t, ZERO);
}

const OF: Readonly<Partial<Record<FlagName, Difference['of']>>> = {
  cf: 'borrow',
  zf: 'zero',
  sf: 'sign',
  of: 'overflow',
  pf: 'parity',
};

/** The one subtraction that all of these flags are of. */
function sameDifference(flags: readonly FlagName[], places: readonly FlagPlace[]): Difference | undefined {
  const [first] = places;
  if (first?.kind !== 'difference') return undefined;
  const same = places.every(
    (p, i) =>
      p.kind === 'difference' &&
      p.of === OF[must(flags[i], 'flag')] &&
      p.left === first.left &&
      p.right === first.right &&
      p.width === first.width,
  );
  return same ? first : undefined;
}

type Comparison = Extract<FlagPlace, { kind: 'comparison' }>;

/** The one float comparison that carry and zero are of. */
function sameComparison(cc: string, places: readonly FlagPlace[]): Comparison | undefined {
  const [cf, zf] = places;
  if (cc !== 'be' || cf?.kind !== 'comparison' || zf?.kind !== 'comparison') return undefined;
  const same = cf.left === zf.left && cf.right === zf.right && cf.width === zf.width;
  return same && cf.of === 'unordered or less' && zf.of === 'unordered or equal' ? cf : undefined;
}

/** `flt`, `fle` or `feq` of two registers, as 0 or 1. */
function floatCompare(c: Context, op: 'lt' | 'le' | 'eq', left: string, right: string, { width }: Comparison): number {
  const t = c.temp();
  const [a, b] = [left, right].map((l) => asFloat(c, l, width));
  c.op(`f${op}.${width === 64 ? 'd' : 's'}`, x(t), f(a ?? 0), f(b ?? 0));
  c.note(t, { bits: 1, signed: false });
  return t;
}

/** A register with the float of a location. */
function asFloat(c: Context, location: string, width: number): number {
  const n = numberOf(location);
  const source = sourceAt(location);
  if (width === 64) return n;
  if (source !== undefined) return single(c, source);
  // Nobody but flags looks at a temporary, and these at the float alone.
  if (!c.boxedTemps.has(location)) boxed(c, n, n);
  c.boxedTemps.add(location);
  return n;
}

/** 1 where neither of the two is a NaN. */
function areNumbers(c: Context, p: Comparison): number {
  const t = floatCompare(c, 'eq', p.left, p.left, p);
  if (p.left !== p.right) c.scoped(() => c.op('and', x(t), x(t), x(floatCompare(c, 'eq', p.right, p.right, p))));
  return t;
}

function comparisonTest(c: Context, p: Comparison): Test {
  switch (p.of) {
    case 'equal':
      return compare('ne', floatCompare(c, 'eq', p.left, p.right, p), ZERO);
    case 'unordered or less':
      return compare('eq', floatCompare(c, 'le', p.right, p.left, p), ZERO);
    case 'unordered':
      return compare('eq', areNumbers(c, p), ZERO);
    case 'unordered or equal': {
      // Neither is a NaN, and they differ.
      const t = areNumbers(c, p);
      c.scoped(() => {
        const equal = floatCompare(c, 'eq', p.left, p.right, p);
        c.op('xori', x(equal), x(equal), 1);
        c.op('and', x(t), x(t), x(equal));
      });
      return compare('eq', t, ZERO);
    }
  }
}

type Operand = Difference['left'];

/** An operand extended to 64 bits in a register. */
function operand(c: Context, o: Operand, width: number, how: 'zero' | 'sign'): number {
  if (typeof o === 'string') return c.extended(numberOf(o), width, how);
  const v = how === 'zero' ? BigInt.asUintN(width, BigInt(o)) : BigInt.asIntN(width, BigInt(o));
  return v === 0n ? ZERO : c.constant(v);
}

const isShaped = (c: Context, o: Operand, width: number, how: 'zero' | 'sign'): boolean =>
  typeof o === 'number' || isExtended(c.shape(numberOf(o)), width, how);

/** Both operands extended in the same way, whichever is cheaper: for equality and unsigned order. */
function either(c: Context, d: Difference): [a: number, b: number] {
  const cost = (how: 'zero' | 'sign'): number => {
    const one = how === 'zero' ? (d.width === 8 ? 1 : 2) : d.width === 32 ? 1 : 2;
    return [d.left, d.right].filter((o) => !isShaped(c, o, d.width, how)).length * one;
  };
  const how = cost('zero') < cost('sign') ? 'zero' : 'sign';
  return [operand(c, d.left, d.width, how), operand(c, d.right, d.width, how)];
}

function ordered(c: Context, relation: 'lt' | 'ltu', d: Difference): Test {
  if (relation === 'ltu') return compare('ltu', ...either(c, d));
  if (d.right === 0) return compare('lt', signed(c, d.left, d.width), ZERO);
  return compare('lt', operand(c, d.left, d.width, 'sign'), operand(c, d.right, d.width, 'sign'));
}

/** `left <= right`, asked as `right >= left`. */
function swapped(c: Context, relation: 'ge' | 'geu', d: Difference): Test {
  const [a, b] =
    relation === 'geu' ? either(c, d) : [operand(c, d.left, d.width, 'sign'), operand(c, d.right, d.width, 'sign')];
  if (relation === 'geu' && b === ZERO) return compare('eq', a, ZERO);
  return compare(relation, b, a);
}

/** A register with the sign of the operand; the rest of it may be anything. */
function signed(c: Context, o: Operand, width: number): number {
  if (typeof o === 'number') return operand(c, o, width, 'sign');
  const n = numberOf(o);
  if (width === 64 || isExtended(c.shape(n), width, 'sign')) return n;
  const t = c.temp();
  if (width === 32) c.op('sext.w', x(t), x(n));
  else c.op('slli', x(t), x(n), 64 - width);
  return t;
}

/** The question whether a flag is set. */
export function flagTest(c: Context, place: FlagPlace): Test {
  switch (place.kind) {
    case 'constant':
      return { kind: 'constant', value: place.value === 1 };
    case 'bit': {
      const n = numberOf(place.loc);
      if (place.bit === 0 && isExtended(c.shape(n), 1, 'zero')) return compare('ne', n, ZERO);
      const t = c.temp();
      if (place.bit < 11) {
        c.op('andi', x(t), x(n), 1 << place.bit);
        return compare('ne', t, ZERO);
      }
      if (place.bit === 63) return compare('lt', n, ZERO);
      c.op('slli', x(t), x(n), 63 - place.bit);
      return compare('lt', t, ZERO);
    }
    case 'difference':
      return differenceTest(c, place);
    case 'comparison':
      return comparisonTest(c, place);
    case 'flag':
    case 'pair':
      throw new TypeError('RISC-V has no flags');
  }
}

function differenceTest(c: Context, d: Difference): Test {
  switch (d.of) {
    case 'zero': {
      // A value of 16 bits or less is moved to the top, which is cheaper than extending it.
      if (d.right === 0 && typeof d.left === 'string' && d.width === 16 && !isShaped(c, d.left, 16, 'zero')) {
        const t = c.temp();
        c.op('slli', x(t), x(numberOf(d.left)), 48);
        return compare('eq', t, ZERO);
      }
      return compare('eq', ...either(c, d));
    }
    case 'borrow':
      if (d.right === 0) return { kind: 'constant', value: false };
      return ordered(c, 'ltu', d);
    case 'sign':
      return compare('lt', signOf(c, d), ZERO);
    case 'overflow': {
      if (d.right === 0) return { kind: 'constant', value: false };
      const t = c.temp();
      c.scoped(() => truth(c, ordered(c, 'lt', d), t));
      c.scoped(() => c.op('xor', x(t), x(t), x(truth(c, compare('lt', signOf(c, d), ZERO)))));
      c.note(t, { bits: 1, signed: false });
      return compare('ne', t, ZERO);
    }
    case 'parity': {
      const t = c.temp();
      c.scoped(() => c.op('andi', x(t), x(subtracted(c, d)), 255));
      const u = c.temp();
      for (const by of [4, 2, 1]) {
        c.op('srli', x(u), x(t), by);
        c.op('xor', x(t), x(t), x(u));
      }
      c.op('andi', x(t), x(t), 1);
      return compare('eq', t, ZERO);
    }
  }
}

/** The difference in the low bits of a register. */
function subtracted(c: Context, d: Difference): number {
  const bare = (o: Operand): number => {
    if (typeof o === 'string') return numberOf(o);
    return o === 0 ? ZERO : c.constant(BigInt(o));
  };
  if (d.right === 0) return bare(d.left);
  const t = c.temp();
  c.scoped(() => c.op(d.width === 64 ? 'sub' : 'subw', x(t), x(bare(d.left)), x(bare(d.right))));
  if (d.width <= 32) c.note(t, { bits: 32, signed: true });
  return t;
}

const signOf = (c: Context, d: Difference): number => {
  const n = subtracted(c, d);
  return signed(c, n === ZERO ? 0 : loc(n), d.width);
};

/** The answer as 0 or 1 in register `into`. */
export function truth(c: Context, t: Test, into = c.temp()): number {
  if (t.kind === 'constant') return c.constant(t.value ? 1 : 0, into);
  const { a, b, relation } = t;
  switch (relation) {
    case 'eq':
    case 'ne': {
      let n = a;
      if (b !== ZERO) {
        n = into;
        c.op('xor', x(into), x(a), x(b));
      }
      if (relation === 'ne' && b === ZERO && isExtended(c.shape(a), 1, 'zero')) c.move(into, a);
      else c.op(relation === 'eq' ? 'seqz' : 'snez', x(into), x(n));
      break;
    }
    case 'lt':
    case 'ge':
      c.op('slt', x(into), x(a), x(b));
      break;
    case 'ltu':
    case 'geu':
      c.op('sltu', x(into), x(a), x(b));
  }
  if (relation === 'ge' || relation === 'geu') c.op('xori', x(into), x(into), 1);
  c.note(into, { bits: 1, signed: false });
  return into;
}

/** A flag as 0 or 1 in a register. */
export function flagValue(c: Context, place: FlagPlace, into?: number): number {
  if (
    place.kind === 'bit' &&
    into === undefined &&
    place.bit === 0 &&
    isExtended(c.shape(numberOf(place.loc)), 1, 'zero')
  )
    return numberOf(place.loc);
  if (place.kind === 'bit' && place.bit > 10) {
    const t = into ?? c.temp();
    c.op('srli', x(t), x(numberOf(place.loc)), place.bit);
    if (place.bit < 63) c.op('andi', x(t), x(t), 1);
    c.note(t, { bits: 1, signed: false });
    return t;
  }
  return truth(c, flagTest(c, place), into);
}

/** The same, into a register in any case. */
function flagValueInto(c: Context, place: FlagPlace, into: number): void {
  c.move(into, flagValue(c, place, into));
}

/** Branches to `label` where the answer is yes. */
export function branch(c: Context, t: Test, label: string): void {
  if (t.kind === 'constant') {
    if (t.value) c.op('j', label);
  } else if (t.b === ZERO && t.relation !== 'ltu' && t.relation !== 'geu') {
    c.op(`b${t.relation}z`, x(t.a), label);
  } else c.op(`b${t.relation}`, x(t.a), x(t.b), label);
}
