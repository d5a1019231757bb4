// SPDX-License-Identifier: MIT
import type { Simplified } from './assume.ts';
import { type Assignment, type Bytes, Evaluator } from './evaluate.ts';
import { formatOf } from './ieee.ts';
import { mask, variable } from './pool.ts';
import type { Randomness } from './search.ts';
import { subterms } from './substitute.ts';
import type { Term } from './term.ts';

/** Looks for values under which two terms differ. */

export interface Claim {
  readonly assumptions: readonly Term[];
  readonly left: Term;
  readonly right: Term;
}

/** A small generator of random numbers: the same seed gives the same numbers. */
export class Random implements Randomness {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  /** 32 random bits. */
  word(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  }

  below(limit: number): number {
    return this.word() % limit;
  }

  bits(width: number): bigint {
    let v = 0n;
    for (let at = 0; at < width; at += 32) v = (v << 32n) | BigInt(this.word());
    return BigInt.asUintN(width, v);
  }
}

/** A value at the edges of what a width can hold, or any value. */
function sample(random: Random, width: number): bigint {
  const top = 1n << BigInt(width - 1);
  const choice = random.word() % 20;
  const small = BigInt(random.word() % 9);
  if (choice < 7) return random.bits(width);
  if (choice < 9) return BigInt.asUintN(width, small);
  if (choice < 11) return BigInt.asUintN(width, -small);
  if (choice === 11) return top;
  if (choice === 12) return top - 1n;
  if (choice === 13) return mask(width);
  if (choice === 14) return random.bits(width) & random.bits(width) & random.bits(width);
  if (choice === 15) return BigInt.asUintN(width, BigInt.asIntN(8, random.bits(8)));
  if (choice === 16) return BigInt.asUintN(width, BigInt.asIntN(32, random.bits(32)));
  return float(random, width, choice);
}

/** A pattern with floats in its parts. */
function float(random: Random, width: number, choice: number): bigint {
  const size = choice === 17 && width >= 64 ? 64 : 32;
  const f = formatOf(size);
  let v = 0n;
  for (let at = 0; at < width; at += size) {
    const sign = BigInt(random.word() & 1) << BigInt(size - 1);
    const kinds = [0n, f.exponentMask, f.defaultNaN | BigInt(random.word() & 3), f.exponentMask | 1n];
    const kind = random.word() % 6;
    const one = (f.exponentMask >> 1n) & f.exponentMask;
    v |= (sign | (kinds[kind] ?? one + BigInt(random.word() & 0xffff))) << BigInt(at);
  }
  return BigInt.asUintN(width, v);
}

/** A memory of random bytes that notes what was read of it. */
class RandomMemory {
  readonly known = new Map<bigint, number>();
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  readonly read: Bytes = (address) => {
    let byte = this.known.get(address);
    if (byte === undefined) {
      const r = this.random.word();
      byte = r % 4 === 0 ? 0 : r % 4 === 1 ? 0xff : (r >>> 8) & 0xff;
      this.known.set(address, byte);
    }
    return byte;
  };
}

/** Values that show a difference: everything that is not listed is 0. */
export interface Witness {
  readonly variables: ReadonlyMap<Term, bigint>;
  readonly memories: ReadonlyMap<Term, ReadonlyMap<bigint, number>>;
}

export function assignmentOf(witness: Witness): Assignment {
  const memories = new Map<Term, Bytes>();
  for (const [t, bytes] of witness.memories) memories.set(t, (address) => bytes.get(address) ?? 0);
  return { values: witness.variables, memories };
}

/** The address at which memories are compared, where they are compared at every one. */
export const anyAddress = (): Term => variable('any.address', 64);

/** Whether the claim's assumptions hold and its sides differ. */
function differs(e: Evaluator, claim: Claim): boolean {
  for (const t of claim.assumptions) if (e.value(t) !== 1n) return false;
  if (claim.left.width > 0) return e.value(claim.left) !== e.value(claim.right);
  const [x, y] = [e.memory(claim.left), e.memory(claim.right)];
  const somewhere = e.value(anyAddress());
  for (const address of [somewhere, ...e.touched(claim.left), ...e.touched(claim.right)]) {
    if (x(address) !== y(address)) return true;
  }
  return false;
}

/** Whether a witness really refutes a claim, by evaluating the claim as it was stated. */
export function replays(witness: Witness, claim: Claim): boolean {
  const assignment = assignmentOf(witness);
  const memories = new Map(assignment.memories);
  for (const t of memoriesOf(claim)) if (!memories.has(t)) memories.set(t, () => 0);
  return differs(new Evaluator({ values: assignment.values, memories }), claim);
}

function memoriesOf(claim: Claim): readonly Term[] {
  return subterms([...claim.assumptions, claim.left, claim.right]).filter((t) => t.op === 'var' && t.width === 0);
}

/** As many assignments of the variables that terms are made of; memories are left out. */
export function* assignments(terms: readonly Term[], samples: number, seed = 1): Generator<Assignment> {
  const numbers = terms.filter((t) => t.op === 'var' && t.width > 0);
  const random = new Random(seed);
  for (let i = 0; i < samples; i++) yield { values: valuesFor(numbers, random) };
}

/** A value for each variable. Some of 64 bits are near each other, so that addresses meet. */
function valuesFor(numbers: readonly Term[], random: Random): Map<Term, bigint> {
  const values = new Map<Term, bigint>();
  let last = 0n;
  for (const t of numbers) {
    const near = t.width === 64 && random.word() % 3 === 0;
    const v = near ? BigInt.asUintN(64, last + BigInt(random.word() % 33) - 16n) : sample(random, t.width);
    values.set(t, v);
    if (t.width === 64) last = v;
  }
  return values;
}

/**
 * Tries `samples` assignments on the simplified claim, and confirms what it finds on the claim as it was stated.
 */
export function refute(claim: Claim, simplified: Simplified, samples: number, seed = 1): Witness | undefined {
  const roots = [...simplified.assumptions, simplified.left, simplified.right];
  const variables = subterms(roots).filter((t) => t.op === 'var');
  const numbers = variables.filter((t) => t.width > 0);
  const random = new Random(seed);
  for (let i = 0; i < samples; i++) {
    const values = valuesFor(numbers, random);
    const memories = new Map<Term, RandomMemory>();
    for (const t of variables) if (t.width === 0) memories.set(t, new RandomMemory(random));
    const reads = new Map([...memories].map(([t, m]) => [t, m.read] as const));
    const found = differs(new Evaluator({ values, memories: reads }), {
      assumptions: simplified.assumptions,
      left: simplified.left,
      right: simplified.right,
    });
    if (!found) continue;
    const complete = completed(values, reads, simplified);
    const known = () => new Map([...memories].map(([t, m]) => [t, new Map(m.known)] as const));
    const witness: Witness = { variables: complete, memories: known() };
    if (replays(witness, claim)) return witness;
    // The claim as stated may read more of memory than what is left of it.
    differs(new Evaluator({ values: complete, memories: withAll(claim, reads, random, memories) }), claim);
    const again: Witness = { variables: complete, memories: known() };
    if (replays(again, claim)) return again;
  }
  return undefined;
}

function withAll(
  claim: Claim,
  reads: ReadonlyMap<Term, Bytes>,
  random: Random,
  memories: Map<Term, RandomMemory>,
): ReadonlyMap<Term, Bytes> {
  const all = new Map(reads);
  for (const t of memoriesOf(claim)) {
    if (all.has(t)) continue;
    const made = new RandomMemory(random);
    memories.set(t, made);
    all.set(t, made.read);
  }
  return all;
}

/** Gives the variables that assumptions eliminated the values that the assumptions demand. */
export function completed(
  values: ReadonlyMap<Term, bigint>,
  memories: ReadonlyMap<Term, Bytes>,
  simplified: Simplified,
): Map<Term, bigint> {
  const complete = new Map(values);
  for (let i = simplified.eliminated.length - 1; i >= 0; i--) {
    const replacement = simplified.eliminated[i];
    if (replacement === undefined || replacement.from.width === 0) continue;
    complete.set(replacement.from, new Evaluator({ values: complete, memories }).value(replacement.to));
  }
  return complete;
}
