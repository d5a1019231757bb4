// SPDX-License-Identifier: MIT
import { assert } from '../../base/assert.ts';
import { Diagnostics } from '../../base/diagnostic.ts';
import { Evaluator } from '../../logic/evaluate.ts';
import type { Term } from '../../logic/term.ts';
import { x8664ToAarch64 } from '../abi/pairs/x86_64-aarch64.ts';
import type { FlagPlace, FunctionRelation, RegisterRelation, Relation } from '../abi/relation.ts';
import { aarch64 } from '../isa/aarch64/index.ts';
import type { Isa } from '../isa/isa.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { recoverProgram } from '../program/recover.ts';
import type { Program } from '../program/types.ts';
import { readAsm } from '../text/read.ts';
import type { Claim } from './context.ts';
import type { Prover } from './discharge.ts';

/** Short ways to write claims by hand, for tests. */

export function program(isa: Isa, text: string): Program {
  const diagnostics = new Diagnostics();
  const result = recoverProgram(readAsm({ file: `test.${isa.name}.s`, text }, isa, diagnostics), diagnostics);
  assert(!diagnostics.hasErrors, diagnostics.list.map((d) => `${d.span?.line}: ${d.message}`).join('\n'));
  return result;
}

const { homes } = x8664ToAarch64;

/** All bits of these registers are in their homes. */
export function whole(...registers: string[]): RegisterRelation[] {
  return registers.map((source) => ({
    source,
    target: homes[source] ?? source,
    bits: [[0, source.startsWith('xmm') ? 127 : 63]] as const,
  }));
}

export const EVERYTHING = Object.keys(homes);

/** A relation with every register in its home. */
export function related(stack = 8, flags: Record<string, FlagPlace> = {}, registers = whole(...EVERYTHING)): Relation {
  return { stack, frames: [], registers, flags };
}

export const flag = (name: string, inverted = false): FlagPlace => ({ kind: 'flag', flag: name, inverted });

/** A function with these labels and relations for its blocks, in order. */
export function functionRelation(
  name: string,
  blocks: readonly (readonly [label: string, relation: Relation])[],
  more: Partial<FunctionRelation> = {},
): FunctionRelation {
  return {
    source: name,
    target: name,
    convention: 'abi',
    entryStack: -8,
    returnStack: -8,
    blocks: blocks.map(([target, relation], block) => ({ block, target, relation })),
    ...more,
  };
}

export function claim(source: string, target: string, functions: readonly FunctionRelation[]): Claim {
  return {
    source: program(x86_64, source),
    target: program(aarch64, target),
    pair: x8664ToAarch64,
    functions,
    contracts: new Map(),
    refused: [],
  };
}

/** A prover that knows nothing but trying: values at random and at the corners. */
export function guessing(tries = 200): Prover {
  return ({ assumptions, left, right }) => {
    const variables = variablesOf([...assumptions, left, right]);
    const random = generator(1);
    for (let i = 0; i < tries; i++) {
      const values = new Map(variables.map((v) => [v, randomValue(v, random)]));
      const model = { values };
      const evaluator = new Evaluator(model);
      if (assumptions.some((a) => evaluator.value(a) !== 1n)) continue;
      const same =
        left.width > 0 ? evaluator.value(left) === evaluator.value(right) : sameBytes(evaluator, left, right);
      if (!same) return { kind: 'refuted', model };
    }
    return { kind: 'undecided', reason: 'no counterexample found' };
  };
}

function sameBytes(evaluator: Evaluator, a: Term, b: Term): boolean {
  const [x, y] = [evaluator.memory(a), evaluator.memory(b)];
  return [...evaluator.touched(a), ...evaluator.touched(b)].every((at) => x(at) === y(at));
}

export function variablesOf(roots: readonly Term[]): Term[] {
  const seen = new Set<Term>(roots);
  for (const t of seen) for (const a of t.args) seen.add(a);
  return [...seen].filter((t) => t.op === 'var' && t.width > 0);
}

/** Numbers that look random, the same ones for the same seed (xorshift64*). */
export function generator(seed: number): () => bigint {
  let s = BigInt(seed) * 0x9e3779b97f4a7c15n + 1n;
  return () => {
    s ^= s >> 12n;
    s = BigInt.asUintN(64, s ^ (s << 25n));
    s ^= s >> 27n;
    return BigInt.asUintN(64, s * 0x2545f4914f6cdd1dn);
  };
}

const CORNERS = [0n, 1n, 2n, 7n, 31n, 64n, 0x7fn, 0x80n, 0xffffn, 0x7fffffffn, 0x80000000n, -1n, 1n << 63n];

/** A value for a variable: anything, or a corner. Stack pointers are aligned. */
export function randomValue(v: Term, random: () => bigint): bigint {
  if (v.name.endsWith('.sp')) return (random() >> 16n) & ~0xfn;
  const choice = random() % 3n;
  if (choice === 0n) return BigInt.asUintN(v.width, CORNERS[Number(random() % BigInt(CORNERS.length))] ?? 0n);
  let value = 0n;
  for (let at = 0; at < v.width; at += 64) value = (value << 64n) | random();
  return BigInt.asUintN(v.width, choice === 1n ? value : value & 0xffn);
}
