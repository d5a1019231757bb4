// SPDX-License-Identifier: MIT
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { FunctionRelation } from '../../src/asm/abi/relation.ts';
import { openProver } from '../../src/asm/pipeline/prover.ts';
import { findRoute, type Route } from '../../src/asm/pipeline/route.ts';
import { readProgram } from '../../src/asm/pipeline/session.ts';
import type { Program } from '../../src/asm/program/types.ts';
import { checkOne } from '../../src/asm/verify/check-program.ts';
import { type Claim, Context } from '../../src/asm/verify/context.ts';
import { readFunctionRelation } from '../../src/asm/verify/relation-schema.ts';
import { generator } from '../../src/asm/verify/testing.ts';
import { must } from '../../src/base/assert.ts';
import { Diagnostics } from '../../src/base/diagnostic.ts';
import { wasmSolver } from '../../src/logic/solvers/wasm.ts';
import { aarch64Mistakes } from './aarch64-mistakes.ts';
import { foundByTests, type Original, unjudged, withMistake } from './by-tests.ts';
import { type Mistakes, type Mutant, mutantsOf } from './mutate.ts';
import { difference } from './observe.ts';
import { riscv64Mistakes } from './riscv64-mistakes.ts';

/**
 * Good translations with one mistake each: the checker must refute every mutant that does something else. One that it
 * proves is run on numbers against the original; if that shows a difference, the checker has vouched for wrong code.
 *
 * VOUCH_MUTANTS says how many mutants of each file are tried, VOUCH_SEED which ones.
 */
const PER_FILE = Number(process.env.VOUCH_MUTANTS ?? 60);
const SEED = Number(process.env.VOUCH_SEED ?? 1);
const EVERY = Number(process.env.VOUCH_TESTED ?? 1);
const TRIES = 40;
const LIMITS = { blockMs: 4000, queryMs: 1000 };

const folder = join(import.meta.dirname, '../files/ok');
const prover = openProver({ cache: false });
const solver = wasmSolver();
afterAll(async () => {
  await prover.close();
  await solver.close();
});

const TARGETS: readonly (readonly [name: string, mistakes: Mistakes])[] = [
  ['aarch64', aarch64Mistakes],
  ['riscv64', riscv64Mistakes],
];

interface Good {
  readonly route: Route;
  readonly claim: Claim;
  readonly lines: readonly string[];
  readonly context: Context;
  /** The same with what it needs of the runtime, for tests. */
  readonly original: Original;
}

/** A source with its translation: the one by hand that stands beside it, or what the rules make of it. */
function translated(route: Route, file: string): Good {
  const source = must(read(readFileSync(join(folder, file), 'utf8'), route, 'source'), `${file} can be read`);
  const { full, functions } = byHand(route, file) ?? byRules(route, source);
  const text = route.runtime.without(full);
  const target = must(read(text, route, 'target'), 'the translation can be read');
  const { pair, contracts } = route;
  const claim = { source, target, pair, contracts, functions, refused: [] };
  const lines = full.split('\n');
  const complete = must(read(full, route, 'target'), 'the whole translation can be read');
  return {
    ...{ route, claim, lines: text.split('\n'), context: new Context(claim, prover.prover, LIMITS) },
    original: { route, source, lines, target: complete, solver },
  };
}

interface Translation {
  readonly full: string;
  readonly functions: readonly FunctionRelation[];
}

function byHand(route: Route, file: string): Translation | undefined {
  const stem = join(folder, file.replace(/\.x86\.s$/, ''));
  const translation = `${stem}.${route.target.name}.s`;
  if (!existsSync(translation)) return undefined;
  const list: unknown = JSON.parse(readFileSync(`${stem}.relation.json`, 'utf8'));
  const functions = (Array.isArray(list) ? list : []).map(readFunctionRelation).map((f) => {
    if (typeof f === 'string') throw new Error(f);
    return f;
  });
  return { full: readFileSync(translation, 'utf8'), functions };
}

function byRules(route: Route, source: Program): Translation {
  const diagnostics = new Diagnostics();
  const lowered = route.lower(source, diagnostics, {});
  expect(diagnostics.list).toEqual([]);
  return { full: lowered.text, functions: lowered.functions };
}

function read(text: string, route: Route, side: 'source' | 'target'): Program | undefined {
  return readProgram({ file: 'mutant.s', text }, route[side], side).program;
}

/** The function whose code stands at each line of the target. */
function functionsByLine({ claim }: Good): Map<number, string> {
  const found = new Map<number, string>();
  for (const f of claim.target.functions) {
    for (const inst of f.insts) if (inst.span !== undefined) found.set(inst.span.line, f.name);
  }
  return found;
}

type Result = 'refuted' | 'equivalent' | 'undecided' | 'discarded' | { readonly survived: string };

async function judge(good: Good, mutant: Mutant, name: string, open: string[]): Promise<Result> {
  const target = read(withMistake(good.lines, mutant).join('\n'), good.route, 'target');
  if (target === undefined) return 'discarded';
  const context = new Context({ ...good.claim, target }, prover.prover, LIMITS);
  const relation = must(
    good.claim.functions.find((f) => f.target === name),
    'a relation',
  );
  const verdict = await checkOne(context, relation);
  if (verdict.kind === 'refuted') return 'refuted';
  if (verdict.kind !== 'proved') {
    const why = [verdict.entry, ...verdict.blocks].map((b) => b.verdict).find((v) => v.kind === 'undecided');
    open.push(`${describeMutant(mutant)}: ${why?.kind === 'undecided' ? why.reason : verdict.kind}`);
    return 'undecided';
  }
  const code = must(context.target.functionAt(name), 'the mutant has the function');
  const original = must(good.context.target.functionAt(name), 'the original has the function');
  const random = generator(SEED + mutant.line);
  const found = difference({ context: good.context, code: original }, { context, code }, relation, TRIES, random);
  return found === undefined ? 'equivalent' : { survived: found };
}

const describeMutant = (m: Mutant): string =>
  `line ${m.line} (${m.kind}) ${m.before.trim()} -> ${m.after.trim().replaceAll('\n', '; ')}`;

describe.each(TARGETS)('one mistake in a good translation to %s', (to, mistakes) => {
  const route = must(findRoute('x86_64', to), 'a route');
  const total = { checked: 0, refuted: 0, equivalent: 0, undecided: 0, discarded: 0 };
  const open: string[] = [];
  const byTests = { found: 0, missed: 0, 'not reached': 0, 'no change': 0 };
  const unfound: string[] = [];

  for (const file of readdirSync(folder).filter((f) => f.endsWith('.x86.s'))) {
    test(file, { timeout: 1_200_000 }, async () => {
      const good = translated(route, file);
      const byLine = functionsByLine(good);
      for (const f of good.claim.functions) expect((await checkOne(good.context, f)).kind, f.source).toBe('proved');
      // Where tests see a difference without a mistake, they would find every one.
      expect(await unjudged(good.original)).toEqual(new Map());
      const random = generator(SEED);
      const all = mutantsOf(good.lines, (line) => byLine.has(line), mistakes, random);
      const survivors: string[] = [];
      for (let i = 0; i < PER_FILE && all.length > 0; i++) {
        const [mutant] = all.splice(Number(random() % BigInt(all.length)), 1);
        if (mutant === undefined) break;
        const result = await judge(good, mutant, must(byLine.get(mutant.line), 'code'), open);
        if (typeof result === 'object') survivors.push(`${describeMutant(mutant)}: ${result.survived}`);
        else total[result]++;
        if (result === 'refuted' && total.refuted % EVERY === 0) {
          const relation = must(
            good.claim.functions.find((f) => f.target === byLine.get(mutant.line)),
            'a relation',
          );
          const found = await foundByTests(good.original, mutant, relation);
          byTests[found]++;
          if (found !== 'found') unfound.push(`${found}: ${file} ${describeMutant(mutant)}`);
        }
        if (result !== 'discarded') total.checked++;
      }
      expect(survivors).toEqual([]);
    });
  }

  test('most mistakes are refuted', () => {
    const { checked, refuted, equivalent, undecided, discarded } = total;
    console.log(
      `mutants to ${to}: checked ${checked} / refuted ${refuted} / equivalent ${equivalent} / undecided ${undecided} ` +
        `(${discarded} do not assemble)\n${open.join('\n')}`,
    );
    expect(checked).toBeGreaterThan(0);
    expect(refuted).toBeGreaterThan(checked / 2);
  });

  test('tests alone find them, too', () => {
    console.log(`refuted mutants to ${to}, tested: ${JSON.stringify(byTests)}\n${unfound.join('\n')}`);
    expect(byTests.found).toBeGreaterThan(20);
    expect(byTests.found / (byTests.found + byTests.missed), unfound.join('\n')).toBeGreaterThanOrEqual(0.95);
  });
});
