// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { type Rule, rule } from '../rule.ts';
import { bytes, homeOf, imm8Of, lane, readVector, v, whole } from './vector-operands.ts';

/**
 * Shuffles. The wanted lanes are made by the one AArch64 instruction that puts most of them in place, and moves of
 * single lanes (of 64 bits or less) for the rest.
 */

/** For each lane of a result, which lane it is: of the first source, or further on of the second. */
type Lanes = readonly number[];

/** One instruction that permutes lanes; `from` are the sources it reads, 0 or 1. */
interface Step {
  readonly gives: Lanes;
  emit(c: Context, into: number, sources: readonly number[]): void;
}

/** A move of one lane of `width` bits. */
interface Patch {
  readonly width: number;
  readonly to: number;
  readonly from: number;
  readonly source: number;
}

interface Plan {
  readonly step: Step;
  readonly patches: readonly Patch[];
}

type Pick = (index: number, count: number) => number;

/** The permutations of two registers, by which lane of both each lane is. */
const PERMUTATIONS: Readonly<Record<string, Pick>> = {
  zip1: (i, n) => (i >> 1) + (i & 1) * n,
  zip2: (i, n) => n / 2 + (i >> 1) + (i & 1) * n,
  uzp1: (i) => 2 * i,
  uzp2: (i) => 2 * i + 1,
  trn1: (i, n) => (i & ~1) + (i & 1) * n,
  trn2: (i, n) => (i | 1) + (i & 1) * n,
};

/** What `pick` says of lanes that are `size` times as wide, said of lanes. */
function widened(count: number, size: number, sources: readonly [number, number], pick: Pick): Lanes {
  const wide = count / size;
  return Array.from({ length: count }, (_, i) => {
    const chosen = pick(Math.floor(i / size), wide);
    const source = must(sources[chosen < wide ? 0 : 1], 'one of two sources');
    return source * count + (chosen % wide) * size + (i % size);
  });
}

/** Every single instruction on lanes of `width` bits of `sourceCount` registers. The first one changes nothing. */
function stepsFor(width: number, sourceCount: 1 | 2): readonly Step[] {
  const count = 128 / width;
  const numbers = sourceCount === 1 ? [0] : [0, 1];
  const pairs = numbers.flatMap((a) => numbers.map((b) => [a, b] as const));
  const steps: Step[] = [];
  const add = (gives: Lanes, emit: Step['emit']) => steps.push({ gives, emit });
  for (const a of numbers) {
    add(
      widened(count, 1, [a, a], (i) => i),
      (c, into, from) => {
        if (into !== from[a]) c.op('mov', bytes(into), bytes(from[a] ?? 0));
      },
    );
  }
  for (let w2 = width; w2 <= 64; w2 *= 2) {
    const size = w2 / width;
    const name = (n: number | undefined) => v(n ?? 0, whole(w2));
    for (const a of numbers) {
      for (let k = 0; k < 128 / w2; k++) {
        add(
          widened(count, size, [a, a], () => k),
          (c, into, from) => c.op('dup', name(into), lane(from[a] ?? 0, w2, k)),
        );
      }
      for (let group = 2 * w2; group <= 64; group *= 2) {
        const n = group / w2;
        add(
          widened(count, size, [a, a], (i) => i - (i % n) + n - 1 - (i % n)),
          (c, into, from) => c.op(`rev${group}`, name(into), name(from[a])),
        );
      }
    }
    for (const [a, b] of pairs) {
      for (const [op, pick] of Object.entries(PERMUTATIONS)) {
        add(widened(count, size, [a, b], pick), (c, into, from) => c.op(op, name(into), name(from[a]), name(from[b])));
      }
    }
  }
  for (const [a, b] of pairs) {
    for (let k = 1; k < count; k++) {
      add(
        widened(count, 1, [a, b], (i) => i + k),
        (c, into, from) => c.op('ext', bytes(into), bytes(from[a] ?? 0), bytes(from[b] ?? 0), `#${(k * width) / 8}`),
      );
    }
  }
  return steps;
}

/** The moves of lanes that make `wanted` out of `given`, wide ones where a whole group comes from one place. */
function patchesFor(width: number, given: Lanes, wanted: Lanes): Patch[] {
  const count = wanted.length;
  const now = [...given];
  const patches: Patch[] = [];
  for (let size = 64 / width; size >= 1; size /= 2) {
    for (let at = 0; at < count; at += size) {
      const first = must(wanted[at], 'lane');
      const group = Array.from({ length: size }, (_, i) => i);
      const wrong = group.filter((i) => now[at + i] !== wanted[at + i]);
      const together = first % size === 0 && group.every((i) => wanted[at + i] === first + i);
      // A wide move pays where it replaces two.
      if (!together || wrong.length < Math.min(size, 2)) continue;
      patches.push({
        width: size * width,
        to: at / size,
        from: (first % count) / size,
        source: Math.floor(first / count),
      });
      for (const i of group) now[at + i] = first + i;
    }
  }
  return patches;
}

const plans = new Map<string, Plan>();

function planFor(width: number, sourceCount: 1 | 2, wanted: Lanes): Plan {
  const key = `${width}.${sourceCount}.${wanted.join()}`;
  let plan = plans.get(key);
  if (plan === undefined) {
    for (const step of stepsFor(width, sourceCount)) {
      const patches = patchesFor(width, step.gives, wanted);
      if (plan === undefined || patches.length < plan.patches.length) plan = { step, patches };
    }
    plan = must(plan, 'a plan');
    plans.set(key, plan);
  }
  return plan;
}

/** Puts the wanted lanes of the source registers into register `to`, which may be one of them. */
function shuffle(c: Context, width: number, to: number, sources: readonly number[], wanted: Lanes): void {
  const { step, patches } = planFor(width, sources.length === 1 ? 1 : 2, wanted);
  const early = patches.some((p) => sources[p.source] === to);
  const into = early ? c.vectorTemp() : to;
  step.emit(c, into, sources);
  for (const p of patches)
    c.op('mov', lane(into, p.width, p.to), lane(must(sources[p.source], 'source'), p.width, p.from));
  if (into !== to) c.op('mov', bytes(to), bytes(into));
}

/** The four 2-bit fields of an immediate. */
const fields = (imm: number): number[] => [0, 2, 4, 6].map((at) => (imm >> at) & 3);

function shuffleOne(c: Context, { ops: [dst, src, imm], mnemonic }: Parts): void {
  const order = fields(imm8Of(imm));
  const from = [readVector(c, src, 128)];
  const to = homeOf(dst);
  if (mnemonic === 'pshufd') shuffle(c, 32, to, from, order);
  else if (mnemonic === 'pshuflw') shuffle(c, 16, to, from, [...order, 4, 5, 6, 7]);
  else shuffle(c, 16, to, from, [0, 1, 2, 3, ...order.map((i) => i + 4)]);
}

function shuffleTwo(c: Context, { ops: [dst, src, imm], mnemonic }: Parts): void {
  const a = homeOf(dst);
  const b = readVector(c, src, 128);
  const by = imm8Of(imm);
  const [i, j, k, l] = fields(by) as [number, number, number, number];
  const [width, wanted] =
    mnemonic === 'shufps' ? ([32, [i, j, 4 + k, 4 + l]] as const) : ([64, [by & 1, 2 + ((by >> 1) & 1)]] as const);
  if (a !== b) return shuffle(c, width, a, [a, b], wanted);
  shuffle(
    c,
    width,
    a,
    [a],
    wanted.map((n) => n % (128 / width)),
  );
}

const BLENDS: Readonly<Record<string, number>> = { blendps: 32, blendpd: 64, pblendw: 16 };

/** Each lane from the source where its bit is set. */
function blend(c: Context, { ops: [dst, src, imm], mnemonic }: Parts): void {
  const width = must(BLENDS[mnemonic], mnemonic);
  const by = imm8Of(imm);
  const [a, b] = [homeOf(dst), readVector(c, src, 128)];
  const count = 128 / width;
  const wanted = Array.from({ length: count }, (_, i) => ((by >> i) & 1 ? count + i : i));
  if (a !== b) shuffle(c, width, a, [a, b], wanted);
}

export const vectorShuffleRules: readonly Rule[] = [
  rule({ name: 'vector_shuffle_one', from: ['pshufd', 'pshuflw', 'pshufhw'], to: shuffleOne }),
  rule({ name: 'vector_shuffle_two', from: ['shufps', 'shufpd'], to: shuffleTwo }),
  rule({ name: 'vector_blend', from: Object.keys(BLENDS), to: blend }),
];
