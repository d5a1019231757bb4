// SPDX-License-Identifier: MIT
import { inverseOf, trailingZeros } from './bits.ts';
import { Evaluator, operate } from './evaluate.ts';
import { formatOf } from './ieee.ts';
import { mask } from './pool.ts';
import { subterms } from './substitute.ts';
import type { Term } from './term.ts';

/**
 * Looks for values of variables that make conditions true, from values that make most of them true already: one
 * condition that does not hold is chosen, and what it should be is carried down through its operators to a variable
 * (Niemetz, Preiner, Biere: Propagation based local search for bit-precise reasoning, FMSD 2017). It finds or gives up,
 * and never says that there is nothing to find.
 */

export interface Randomness {
  below(limit: number): number;
  bits(width: number): bigint;
}

export type Values = ReadonlyMap<Term, bigint>;

/** Values under which all conditions (one-bit terms) are 1; undefined where `moves` changes did not lead to any. */
export function search(
  conditions: readonly Term[],
  start: Values,
  random: Randomness,
  moves: number,
): Map<Term, bigint> | undefined {
  let values = new Map(start);
  let state = new Propagation(values, random);
  let failing = conditions.filter((c) => state.value(c) !== 1n);
  for (let n = 0; n < moves && failing.length > 0; n++) {
    // Mostly the last, which is the one that the others lead to.
    const pick = random.below(3) > 0 ? failing.length - 1 : random.below(failing.length);
    const move = state.wanted(failing[pick] as Term, 1n);
    if (move === undefined) continue;
    const next = new Map(values).set(move.variable, move.value);
    const after = new Propagation(next, random);
    const left = conditions.filter((c) => after.value(c) !== 1n);
    if (left.length > failing.length && random.below(4) > 0) continue;
    [values, state, failing] = [next, after, left];
  }
  return failing.length === 0 ? values : undefined;
}

/** The conditions that share variables with a goal, directly or through others. */
export function related(goal: Term, conditions: readonly Term[], variablesOf: (t: Term) => readonly Term[]): Term[] {
  const reached = new Set(variablesOf(goal));
  const chosen = new Set<Term>();
  for (let again = true; again; ) {
    again = false;
    for (const c of conditions) {
      if (chosen.has(c)) continue;
      const own = variablesOf(c);
      if (!own.some((v) => reached.has(v))) continue;
      chosen.add(c);
      for (const v of own) reached.add(v);
      again = true;
    }
  }
  return conditions.filter((c) => chosen.has(c));
}

export function variablesOf(t: Term): readonly Term[] {
  return subterms([t]).filter((s) => s.op === 'var');
}

interface Move {
  readonly variable: Term;
  readonly value: bigint;
}

class Propagation {
  private readonly values: Values;
  private readonly evaluator: Evaluator;
  private readonly random: Randomness;

  constructor(values: Values, random: Randomness) {
    this.values = values;
    this.evaluator = new Evaluator({ values });
    this.random = random;
  }

  value(t: Term): bigint {
    return this.evaluator.value(t);
  }

  /** A change of one variable that is likely to give a term a value. */
  wanted(root: Term, value: bigint): Move | undefined {
    let [t, v] = [root, value];
    for (let depth = 0; depth < 2000; depth++) {
      if (t.op === 'var') return this.values.get(t) === v ? undefined : { variable: t, value: v };
      const next = this.below(t, v);
      if (next === undefined) return undefined;
      [t, v] = next;
      v = BigInt.asUintN(t.width, v);
    }
    return undefined;
  }

  private pick<T>(list: readonly T[]): T | undefined {
    return list[this.random.below(list.length)];
  }

  private bits(width: number): bigint {
    let v = 0n;
    for (let at = 0; at < width; at += 64) v = (v << 64n) | this.random.bits(64);
    return BigInt.asUintN(width, v);
  }

  /** An argument that is no constant. */
  private open(t: Term): Term | undefined {
    return this.pick(t.args.filter((a) => a.op !== 'const' && a.width > 0));
  }

  /** One of a term's arguments, and what it should be for the term to be `v`. */
  private below(t: Term, v: bigint): readonly [Term, bigint] | undefined {
    const w = t.width;
    const a = this.open(t);
    if (a === undefined) return undefined;
    const now = this.value(a);
    const others = t.args.filter((x) => x !== a);
    const other = (): bigint => this.value(others[0] ?? a);
    switch (t.op) {
      case 'not':
        return [a, v ^ mask(w)];
      case 'and': {
        if (w === 1 && v === 1n) {
          const zero = this.pick(t.args.filter((x) => this.value(x) === 0n));
          return zero === undefined ? undefined : [zero, 1n];
        }
        const rest = others.map((x) => this.value(x)).reduce((x, y) => x & y, mask(w));
        // Bits that the others take away cannot be had here: they are for another try.
        return [a, (v & rest) | (now & ~rest) | (v & ~rest)];
      }
      case 'or': {
        const rest = others.map((x) => this.value(x)).reduce((x, y) => x | y, 0n);
        if (w === 1 && v === 0n) {
          const one = this.pick(t.args.filter((x) => this.value(x) === 1n));
          return one === undefined ? undefined : [one, 0n];
        }
        return [a, (v & ~rest) | (now & rest & v)];
      }
      case 'xor':
        return [a, others.map((x) => this.value(x)).reduce((x, y) => x ^ y, v)];
      case 'add':
        return [a, others.map((x) => this.value(x)).reduce((x, y) => x - y, v)];
      case 'mul':
        return [
          a,
          quotientModulo(
            v,
            others.map((x) => this.value(x)).reduce((x, y) => x * y, 1n),
            w,
            now,
          ),
        ];
      case 'udiv':
        if (a === t.args[0]) return [a, v * other() + (other() === 0n ? 0n : now % other())];
        return [a, v === 0n ? other() + 1n : other() / v];
      case 'urem':
        if (a === t.args[0]) return [a, other() === 0n ? v : now - (now % other()) + v];
        return [a, other() - v];
      case 'sdiv':
        if (a === t.args[0]) return [a, v * other()];
        return [a, v === 0n ? mask(w) >> 1n : BigInt.asIntN(w, other()) / (BigInt.asIntN(w, v) || 1n)];
      case 'srem':
        return [a, a === t.args[0] ? v : other() - v];
      case 'shl':
      case 'lshr':
      case 'ashr':
      case 'rotr':
        return this.belowShift(t, v);
      case 'concat': {
        let lo = w;
        const parts: [Term, bigint][] = [];
        for (const p of t.args) {
          lo -= p.width;
          const want = BigInt.asUintN(p.width, v >> BigInt(lo));
          if (p.op !== 'const' && this.value(p) !== want) parts.push([p, want]);
        }
        return this.pick(parts);
      }
      case 'extract': {
        const taken = mask(w) << BigInt(t.lo);
        return [a, (now & ~taken) | (v << BigInt(t.lo))];
      }
      case 'sext':
        return [a, v];
      case 'ite':
        return this.belowChoice(t, v);
      case 'eq':
        return this.belowEqual(t, a, v === 1n);
      case 'ult':
        return this.belowOrder(t, a, v === 1n, 0n, mask(a.width));
      case 'slt':
        return this.belowOrder(t, a, v === 1n, 1n << BigInt(a.width - 1), mask(a.width) >> 1n);
      case 'carry':
      case 'overflow': {
        if (a.width === 1) return [a, now ^ 1n];
        const far = this.pick([0n, mask(a.width), mask(a.width) >> 1n, 1n << BigInt(a.width - 1), this.bits(a.width)]);
        const edge = mask(a.width) - other() + v;
        return [a, this.random.below(2) === 0 ? edge : (far ?? 0n)];
      }
      case 'clz': {
        const n = a.width - 1 - Number(v);
        return [a, n < 0 ? 0n : (1n << BigInt(n)) | (this.bits(a.width) & mask(n))];
      }
      case 'bitrev':
        return [a, operate('bitrev', w, w, 0, '', [v])];
      default:
        return this.belowFloat(t, a, v);
    }
  }

  private belowShift(t: Term, v: bigint): readonly [Term, bigint] | undefined {
    const [a, n] = t.args as [Term, Term];
    const count = this.value(n);
    if (a.op === 'const' || (n.op !== 'const' && this.random.below(3) === 0)) {
      const fits = Array.from({ length: t.width + 1 }, (_, i) => BigInt(i)).filter(
        (i) => operate(t.op, t.width, a.width, 0, '', [this.value(a), i]) === v,
      );
      const found = this.pick(fits);
      return found === undefined || n.op === 'const' ? undefined : [n, found];
    }
    if (count >= BigInt(t.width) && t.op !== 'rotr') return undefined;
    const now = this.value(a);
    const size = BigInt(t.width);
    const lost = mask(Number(count % size));
    if (t.op === 'rotr') return [a, operate('rotr', t.width, t.width, 0, '', [v, (size - (count % size)) % size])];
    if (t.op === 'shl') return [a, (v >> count) | (now & (lost << (size - count)))];
    return [a, (v << count) | (now & lost)];
  }

  /** A value of one side, or the other side by way of the condition; in a chain, the way to one that has the value. */
  private belowChoice(t: Term, v: bigint): readonly [Term, bigint] | undefined {
    const ways: [Term, bigint][] = [];
    let link: Term = t;
    for (let n = 0; n < 600 && link.op === 'ite'; n++) {
      const [c, x, y] = link.args as [Term, Term, Term];
      const holds = this.value(c) === 1n;
      if (this.value(x) === v && !holds && c.op !== 'const') ways.push([c, 1n]);
      else if (holds) {
        if (x.op !== 'const') ways.push([x, v]);
        if (this.value(y) === v || y.op === 'ite') ways.push([c, 0n]);
        if (n === 0 && y.op !== 'ite') ways.push([c, 0n]);
        if (this.value(x) === v) return undefined;
      }
      link = y;
    }
    if (link.op !== 'const' && link.op !== 'ite') ways.push([link, v]);
    return this.pick(ways);
  }

  private belowEqual(t: Term, a: Term, equal: boolean): readonly [Term, bigint] {
    const b = (t.args[0] === a ? t.args[1] : t.args[0]) as Term;
    const v = this.value(b);
    if (equal) return [a, v];
    const different = this.pick([
      v + 1n,
      v - 1n,
      v ^ (1n << BigInt(this.random.below(a.width))),
      this.bits(a.width),
      0n,
    ]);
    return [a, different === v || different === undefined ? v + 1n : different];
  }

  private belowOrder(t: Term, a: Term, holds: boolean, least: bigint, most: bigint): readonly [Term, bigint] {
    const left = t.args[0] === a;
    const v = this.value((left ? t.args[1] : t.args[0]) as Term);
    // Below it where this is the left side of what holds, or the right side of what does not.
    const strict = holds ? 1n : 0n;
    const near = left === holds ? v - strict : v + strict;
    const step = BigInt(this.random.below(16));
    const far = left === holds ? least : most;
    const some = left === holds ? near - step : near + step;
    return [a, this.pick([near, near, far, some]) ?? near];
  }

  private belowFloat(t: Term, a: Term, v: bigint): readonly [Term, bigint] | undefined {
    const from = a.width;
    const other = t.args.find((x) => x !== a && x.width === from) ?? a;
    const value = this.value(other);
    const run = (op: Term['op'], width: number, ...args: bigint[]): bigint => operate(op, width, from, 0, t.name, args);
    const near = (): bigint =>
      this.pick([value, value + 1n, value - 1n, value ^ (1n << BigInt(from - 1)), 0n, this.bits(from)]) ?? 0n;
    switch (t.op) {
      case 'fp.eq':
        return [a, v === 1n ? value : near()];
      case 'fp.lt':
      case 'fp.le':
        return [a, near()];
      case 'fp.isNaN':
        return [a, v === 1n ? formatOf(from).defaultNaN : 0n];
      case 'fp.add':
        return [a, run('fp.add', from, v, value ^ (1n << BigInt(from - 1)))];
      case 'fp.sub':
        return [a, t.args[0] === a ? run('fp.add', from, v, value) : run('fp.sub', from, value, v)];
      case 'fp.mul':
        return [a, run('fp.div', from, v, value)];
      case 'fp.div':
        return [a, t.args[0] === a ? run('fp.mul', from, v, value) : run('fp.div', from, value, v)];
      case 'fp.fromSigned':
      case 'fp.fromUnsigned': {
        const back = t.op === 'fp.fromSigned' ? 'fp.toSigned' : 'fp.toUnsigned';
        return [a, operate(back, from, t.width, 0, 'rtz', [v])];
      }
      case 'fp.toSigned':
      case 'fp.toUnsigned': {
        const back = t.op === 'fp.toSigned' ? 'fp.fromSigned' : 'fp.fromUnsigned';
        return [a, operate(back, from, t.width, 0, 'rne', [v])];
      }
      case 'fp.convert':
        return [a, operate('fp.convert', from, t.width, 0, 'rne', [v])];
      case 'fp.sqrt':
        return [a, run('fp.mul', from, v, v)];
      case 'fp.round':
      case 'fp.nanX86':
      case 'fp.nanArm':
        return [a, a.width === t.width ? v : this.bits(a.width)];
      default:
        return [a, this.bits(a.width)];
    }
  }
}

/** An x with x * k = v modulo 2^width where there is one; else one that is near. */
function quotientModulo(v: bigint, k: bigint, width: number, now: bigint): bigint {
  const factor = BigInt.asUintN(width, k);
  if (factor === 0n) return now;
  const twos = trailingZeros(factor);
  return BigInt.asUintN(width - twos, (v >> BigInt(twos)) * inverseOf(factor >> BigInt(twos), width));
}
