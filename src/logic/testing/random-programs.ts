// SPDX-License-Identifier: MIT
import * as build from '../build.ts';
import { Evaluator } from '../evaluate.ts';
import type { Term } from '../term.ts';

/**
 * Random straight-line programs over terms, for tests: each step makes a term with a builder and, beside it, what the
 * operator's definition gives for some assignments, computed here without any use of the builders or the evaluator.
 */

export interface Step {
  readonly op: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly k: number;
}

type Memory = ReadonlyMap<bigint, number>;

/** A term with its width, and its value under each assignment. */
interface Entry {
  readonly term: Term;
  readonly values: readonly bigint[];
}

interface MemoryEntry {
  readonly term: Term;
  readonly values: readonly Memory[];
}

const wrap = (v: bigint, w: number): bigint => BigInt.asUintN(w, v);
const signed = (v: bigint, w: number): bigint => BigInt.asIntN(w, v);
const flag = (b: boolean): bigint => (b ? 1n : 0n);

/** The byte that a memory has where nothing was stored. */
export const initialByte = (address: bigint): number => Number((address * 37n + (address >> 3n) * 5n + 11n) & 0xffn);

type Variables = readonly (readonly [string, number])[];

/** The addresses are `p` and `q`, always at these places. */
const wide: Variables = [
  ['f', 1],
  ['g', 1],
  ['t', 3],
  ['s', 5],
  ['b', 8],
  ['c', 8],
  ['h', 16],
  ['i', 32],
  ['j', 32],
  ['p', 64],
  ['q', 64],
  ['x', 64],
  ['v', 128],
];

/** So narrow that few assignments meet every case of every rule. */
const narrow: Variables = [
  ['f', 1],
  ['g', 1],
  ['h', 1],
  ['t', 2],
  ['u', 2],
  ['s', 3],
  ['r', 3],
  ['b', 4],
  ['c', 4],
  ['p', 64],
  ['q', 64],
];

export function variablesOf(kind: 'wide' | 'narrow'): Variables {
  return kind === 'wide' ? wide : narrow;
}

/** Interesting bit patterns, by index. */
function edge(index: number, w: number): bigint {
  const top = 1n << BigInt(w - 1);
  const list = [
    0n,
    -1n,
    1n,
    top,
    top - 1n,
    0xffn,
    0xffff_ffffn,
    8n,
    top + 1n,
    0x0f0f_0f0f_0f0f_0f0fn,
    0x7f80_0000n,
    0x7ff8_0000_0000_0001n,
    0x7ff0_0000_0000_0001n,
    0x1234_5678_9abc_def0n,
  ];
  return wrap(list[index % list.length] as bigint, w);
}

/** The assignments of one program: the values of all variables, from a list of numbers. */
export function assignments(seeds: readonly number[], variables: Variables = wide): readonly (readonly bigint[])[] {
  return seeds.map((seed, index) => {
    let state = BigInt(seed) + 0x9e37n * BigInt(index + 1);
    const next = () => {
      state = wrap(state * 6364136223846793005n + 1442695040888963407n, 64);
      return state >> 20n;
    };
    let p = 0n;
    return variables.map(([name, w]) => {
      const r = next();
      if (name === 'q') return wrap(p + (r % 24n) - 12n, 64);
      let v = r % 3n === 0n ? edge(Number(next() % 14n), w) : wrap(next() * next() + (next() << 64n), w);
      if (r % 5n === 0n) v = wrap(r % 7n, w);
      if (name === 'p') {
        if (r % 4n === 0n) v = wrap(-(r % 9n), 64);
        p = v;
      }
      return v;
    });
  });
}

const widths = [1, 2, 3, 5, 8, 9, 16, 24, 31, 32, 33, 61, 64, 65, 96, 127, 128];

function lowest(v: bigint, w: number): bigint {
  for (let i = 0; i < w; i++) if ((v >> BigInt(i)) & 1n) return BigInt(i);
  return BigInt(w);
}

/** A value brought to another width, by truncation or by either extension. */
function resized(e: Entry, w: number, how: number): Entry {
  const from = e.term.width;
  if (from === w) return e;
  if (from > w) return { term: build.low(e.term, w), values: e.values.map((v) => wrap(v, w)) };
  if (how % 2 === 0) return { term: build.zext(e.term, w), values: e.values };
  return { term: build.sext(e.term, w), values: e.values.map((v) => wrap(signed(v, from), w)) };
}

type Binary = readonly [(a: Term, b: Term) => Term, (a: bigint, b: bigint, w: number) => bigint];

const binaries: readonly Binary[] = [
  [build.and, (a, b) => a & b],
  [build.or, (a, b) => a | b],
  [build.xor, (a, b) => a ^ b],
  [build.add, (a, b, w) => wrap(a + b, w)],
  [build.sub, (a, b, w) => wrap(a - b, w)],
  [build.mul, (a, b, w) => wrap(a * b, w)],
  [build.udiv, (a, b, w) => (b === 0n ? wrap(-1n, w) : a / b)],
  [build.urem, (a, b) => (b === 0n ? a : a % b)],
  [
    build.sdiv,
    (a, b, w) => {
      if (b === 0n) return signed(a, w) < 0n ? 1n : wrap(-1n, w);
      return wrap(signed(a, w) / signed(b, w), w);
    },
  ],
  [build.srem, (a, b, w) => (b === 0n ? a : wrap(signed(a, w) % signed(b, w), w))],
  [build.shl, (a, b, w) => (b >= BigInt(w) ? 0n : wrap(a << b, w))],
  [build.lshr, (a, b, w) => (b >= BigInt(w) ? 0n : a >> b)],
  [build.ashr, (a, b, w) => wrap(signed(a, w) >> (b >= BigInt(w) ? BigInt(w) : b), w)],
];

const comparisons: readonly Binary[] = [
  [build.eq, (a, b) => flag(a === b)],
  [build.ne, (a, b) => flag(a !== b)],
  [build.ult, (a, b) => flag(a < b)],
  [build.ule, (a, b) => flag(a <= b)],
  [build.slt, (a, b, w) => flag(signed(a, w) < signed(b, w))],
  [build.sle, (a, b, w) => flag(signed(a, w) <= signed(b, w))],
];

type Unary = readonly [(a: Term) => Term, (a: bigint, w: number) => bigint];

const unaries: readonly Unary[] = [
  [build.not, (a, w) => wrap(~a, w)],
  [build.neg, (a, w) => wrap(-a, w)],
  [build.clz, (a, w) => (a === 0n ? wrap(BigInt(w), w) : wrap(BigInt(w - a.toString(2).length), w))],
  [build.ctz, (a, w) => wrap(lowest(a, w), w)],
  [build.bitrev, (a, w) => BigInt(`0b${[...a.toString(2).padStart(w, '0')].reverse().join('')}`)],
  [build.msb, (a, w) => a >> BigInt(w - 1)],
  [build.evenParity, (a) => flag([...a.toString(2)].filter((d) => d === '1').length % 2 === 0)],
];

export class RandomProgram {
  readonly entries: Entry[] = [];
  readonly memories: MemoryEntry[] = [];
  private readonly count: number;
  private readonly variables: Variables;

  constructor(values: readonly (readonly bigint[])[], variables: Variables = wide) {
    this.count = values.length;
    this.variables = variables;
    variables.forEach(([name, w], i) => {
      this.entries.push({ term: build.variable(name, w), values: values.map((v) => v[i] as bigint) });
    });
    this.memories.push({ term: build.variable('m', 0), values: values.map(() => new Map()) });
    this.memories.push({ term: build.variable('m', 0), values: values.map(() => new Map()) });
  }

  /** Evaluates a term under each assignment with the evaluator. */
  evaluators(): readonly Evaluator[] {
    return Array.from({ length: this.count }, (_, i) => {
      const values = new Map<Term, bigint>();
      for (let v = 0; v < this.variables.length; v++) {
        const e = this.entries[v] as Entry;
        values.set(e.term, e.values[i] as bigint);
      }
      return new Evaluator({ values, memories: new Map([[build.variable('m', 0), initialByte]]) });
    });
  }

  private pick(index: number): Entry {
    // The newest are the likeliest, so that terms grow.
    const n = this.entries.length;
    const from = index % 3 === 0 ? n : Math.min(n, 8);
    return this.entries[n - 1 - (Math.floor(index / 3) % from)] as Entry;
  }

  private constant(index: number, w: number): Entry {
    const v = index % 2 === 0 ? edge(index >> 1, w) : wrap(BigInt(index >> 1), w);
    return { term: build.bv(w, v), values: Array.from({ length: this.count }, () => v) };
  }

  private second(s: Step, w: number): Entry {
    return s.b % 4 === 0 ? this.constant(s.k, w) : resized(this.pick(s.b), w, s.k);
  }

  private push(term: Term, values: readonly bigint[]): void {
    this.entries.push({ term, values });
  }

  private zip(a: Entry, b: Entry, f: (x: bigint, y: bigint) => bigint): readonly bigint[] {
    return a.values.map((x, i) => f(x, b.values[i] as bigint));
  }

  private bool(index: number): Entry {
    return resized(this.pick(index), 1, 0);
  }

  private address(s: Step): Entry {
    const base = this.entries[9 + (s.a % 2)] as Entry;
    const k = BigInt(s.k % 19) - 9n;
    const here: Entry = {
      term: build.add(base.term, build.bv(64, k)),
      values: base.values.map((v) => wrap(v + k, 64)),
    };
    if (s.a % 5 > 0) return here;
    const more = resized(this.pick(s.c), 64, s.k);
    return { term: build.add(here.term, more.term), values: this.zip(here, more, (x, y) => wrap(x + y, 64)) };
  }

  private map(a: Entry, make: (t: Term) => Term, meaning: (x: bigint) => bigint): Entry {
    return { term: make(a.term), values: a.values.map(meaning) };
  }

  private two([make, meaning]: Binary, a: Entry, b: Entry): Entry {
    const w = a.term.width;
    return { term: make(a.term, b.term), values: this.zip(a, b, (x, y) => meaning(x, y, w)) };
  }

  private choose(c: Entry, a: Entry, b: Entry): Entry {
    const values = c.values.map((v, i) => (v === 1n ? a.values[i] : b.values[i]) as bigint);
    return { term: build.ite(c.term, a.term, b.term), values };
  }

  private slice(a: Entry, hi: number, lo: number): Entry {
    const cut = (v: bigint) => wrap(v >> BigInt(lo), hi - lo + 1);
    return this.map(a, (t) => build.extract(t, hi, lo), cut);
  }

  private above(a: Entry, b: Entry): Entry {
    const w = BigInt(b.term.width);
    return { term: build.concat(a.term, b.term), values: this.zip(a, b, (x, y) => (x << w) | y) };
  }

  /** Steps whose parts have much to do with each other, as rules for several comparisons or for neighbours need. */
  private related(kind: number, s: Step, a: Entry): void {
    const w = a.term.width;
    const digits = (n: number, i: number) => Math.floor(n / 7 ** i);
    switch (kind) {
      case 16:
      case 17: {
        // Two conditions about the same operands, combined.
        const near = s.b % 3 === 0;
        const k = BigInt(s.k % 5) - 2n + (s.b % 2 === 0 ? 0n : 1n << BigInt(w - 1));
        const fixed = (d: bigint): Entry => ({
          term: build.bv(w, wrap(k + d, w)),
          values: a.values.map(() => wrap(k + d, w)),
        });
        const other = near ? fixed(0n) : resized(this.pick(s.c), w, s.k);
        const condition = (n: number): Entry => {
          const b = near ? fixed(BigInt(digits(n, 1) % 3) - 1n) : other;
          const chosen = comparisons[n % comparisons.length] as Binary;
          return digits(n, 2) % 2 === 0 ? this.two(chosen, a, b) : this.two(chosen, b, a);
        };
        const [p, q] = [condition(s.b), condition(s.c)];
        const both = this.two(binaries[s.k % 3] as Binary, p, q);
        this.entries.push(both);
        if (kind === 17) this.entries.push(this.choose(p, s.c % 2 ? a : other, s.c % 2 ? other : a));
        return;
      }
      case 18: {
        // A short number next to, or a little over, a shifted one.
        const [k, n] = [s.b % w, s.c % (w + 1)];
        const count: Entry = { term: build.bv(w, BigInt(k)), values: a.values.map(() => wrap(BigInt(k), w)) };
        const high = this.two(binaries[10] as Binary, a, count);
        const short = n === 0 ? count : resized(resized(this.pick(s.k), Math.min(n, w), 0), w, 0);
        this.entries.push(this.two(binaries[s.k % 5] as Binary, high, short));
        // A sign extension shifted by a number.
        const wide = resized(a, Math.min(w + 1 + (s.k % 8), 128), s.c);
        this.entries.push(
          this.two(binaries[10 + (s.b % 3)] as Binary, wide, resized(this.pick(s.k), wide.term.width, 0)),
        );
        return;
      }
      default: {
        // The halves of two values, combined and put together again, rightly or crosswise.
        if (w < 2) return;
        const b = resized(this.pick(s.b), w, s.k);
        const at = 1 + (s.c % (w - 1));
        const combine = binaries[digits(s.c, 2) % 6] as Binary;
        const order = s.k % 4;
        const high = this.two(combine, this.slice(a, w - 1, at), this.slice(order < 2 ? b : a, w - 1, at));
        const [x, y] = order % 2 === 0 ? [a, b] : [b, a];
        const low = this.two(combine, this.slice(x, at - 1, 0), this.slice(y, at - 1, 0));
        this.entries.push(this.above(high, low));
      }
    }
  }

  run(s: Step): void {
    const a = this.pick(s.a);
    const w = a.term.width;
    const kind = s.op % 20;
    if (kind >= 16) {
      this.related(kind, s, a);
      return;
    }
    switch (kind) {
      case 0:
      case 1:
      case 2:
      case 3: {
        const b = this.second(s, w);
        const [make, meaning] = binaries[s.c % binaries.length] as Binary;
        this.push(
          make(a.term, b.term),
          this.zip(a, b, (x, y) => meaning(x, y, w)),
        );
        return;
      }
      case 4:
      case 5: {
        const b = this.second(s, w);
        const [make, meaning] = comparisons[s.c % comparisons.length] as Binary;
        this.push(
          make(a.term, b.term),
          this.zip(a, b, (x, y) => meaning(x, y, w)),
        );
        return;
      }
      case 6: {
        const [make, meaning] = unaries[s.c % unaries.length] as Unary;
        this.push(
          make(a.term),
          a.values.map((v) => meaning(v, w)),
        );
        return;
      }
      case 7: {
        const target = widths[s.k % widths.length] as number;
        const e = resized(a, target, s.b);
        this.push(e.term, e.values);
        return;
      }
      case 8: {
        const lo = s.b % w;
        const hi = lo + (s.c % (w - lo));
        this.push(
          build.extract(a.term, hi, lo),
          a.values.map((v) => wrap(v >> BigInt(lo), hi - lo + 1)),
        );
        return;
      }
      case 9: {
        const b = s.c % 3 === 0 ? this.constant(s.k, 1 + (s.b % 32)) : this.pick(s.b);
        const wb = b.term.width;
        if (w + wb > 160) return;
        this.push(
          build.concat(a.term, b.term),
          this.zip(a, b, (x, y) => (x << BigInt(wb)) | y),
        );
        return;
      }
      case 10: {
        const c = this.bool(s.c);
        const b = this.second(s, w);
        this.push(
          build.ite(c.term, a.term, b.term),
          c.values.map((v, i) => (v === 1n ? a.values[i] : b.values[i]) as bigint),
        );
        return;
      }
      case 11: {
        const b = this.second(s, w);
        const cin = s.c % 3 === 0 ? this.constant(s.c >> 2, 1) : this.bool(s.c);
        const other: Entry = s.k % 2 ? b : { term: build.not(b.term), values: b.values.map((v) => wrap(~v, w)) };
        if (s.k % 3 === 0) {
          this.push(
            build.overflow(a.term, other.term, cin.term),
            this.zip(a, other, (x, y) => signed(x, w) + signed(y, w)).map((sum, i) => {
              const total = sum + (cin.values[i] as bigint);
              return flag(signed(total, w) !== total);
            }),
          );
        } else {
          this.push(
            build.carry(a.term, other.term, cin.term),
            this.zip(a, other, (x, y) => x + y).map((sum, i) => (sum + (cin.values[i] as bigint)) >> BigInt(w)),
          );
        }
        return;
      }
      case 12: {
        const target = [8, 16, 32, 64][s.k % 4] as number;
        const e = resized(a, target, s.b);
        const by = this.pick(s.b);
        const turn = (v: bigint, n: bigint) => wrap((v >> n) | (v << (BigInt(target) - n)), target);
        if (s.c % 2 === 0) {
          this.push(
            build.rotr(e.term, by.term),
            this.zip(e, by, (x, n) => turn(x, n % BigInt(target))),
          );
        } else {
          this.push(
            build.rotl(e.term, by.term),
            this.zip(e, by, (x, n) => turn(x, (BigInt(target) - (n % BigInt(target))) % BigInt(target))),
          );
        }
        return;
      }
      case 13:
      case 14: {
        const memory = this.memories[this.memories.length - 1 - (s.b % 2)] as MemoryEntry;
        const at = this.address(s);
        const bytes = [1, 2, 4, 8, 16, 3, 10][s.b % 7] as number;
        if (kind % 2 === 0) {
          const value = resized(a, bytes * 8, s.k);
          this.memories.push({
            term: build.store(memory.term, at.term, value.term),
            values: memory.values.map((m, i) => {
              const after = new Map(m);
              const start = at.values[i] as bigint;
              for (let k = 0n; k < bytes; k++) {
                after.set(wrap(start + k, 64), Number(((value.values[i] as bigint) >> (8n * k)) & 255n));
              }
              return after;
            }),
          });
          return;
        }
        this.push(
          build.load(memory.term, at.term, bytes),
          memory.values.map((m, i) => {
            let v = 0n;
            for (let k = BigInt(bytes - 1); k >= 0n; k--) {
              const here = wrap((at.values[i] as bigint) + k, 64);
              v = (v << 8n) | BigInt(m.get(here) ?? initialByte(here));
            }
            return v;
          }),
        );
        return;
      }
      default: {
        if (s.k % 2 === 0) {
          const e = this.constant(s.k, widths[s.b % widths.length] as number);
          this.push(e.term, e.values);
          return;
        }
        const [m, n] = [this.memories.at(-1), this.memories.at(-2)] as [MemoryEntry, MemoryEntry];
        const c = this.bool(s.c);
        this.memories.push({
          term: build.ite(c.term, m.term, n.term),
          values: c.values.map((v, i) => (v === 1n ? m.values[i] : n.values[i]) as Memory),
        });
      }
    }
  }
}
