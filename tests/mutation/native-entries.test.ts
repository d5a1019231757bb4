// SPDX-License-Identifier: MIT
import { afterAll, describe, expect, test } from 'vitest';
import { stackedName } from '../../src/asm/abi/native-entry.ts';
import type { FunctionRelation } from '../../src/asm/abi/relation.ts';
import { offeredBy } from '../../src/asm/lower/from-x86_64/native-entries.ts';
import { takenByAll } from '../../src/asm/pipeline/native-entries.ts';
import { openProver } from '../../src/asm/pipeline/prover.ts';
import { findRoute, type Route } from '../../src/asm/pipeline/route.ts';
import { readProgram } from '../../src/asm/pipeline/session.ts';
import type { Program } from '../../src/asm/program/types.ts';
import { audit, evidenceOf } from '../../src/asm/verify/audit.ts';
import { checkAll, checkOne } from '../../src/asm/verify/check-program.ts';
import { Context } from '../../src/asm/verify/context.ts';
import { structuralFindings } from '../../src/asm/verify/structure.ts';
import { must } from '../../src/base/assert.ts';
import { Diagnostics } from '../../src/base/diagnostic.ts';
import { readEvidence } from '../../src/core/evidence.ts';

/** Entries for native code with one mistake each, all of them: none may be proved, and those that can be run on are refuted. */

const prover = openProver({ cache: false });
afterAll(() => prover.close());

/** A function that looks at so many words on the stack. */
function source(words: number): string {
  const loads = Array.from({ length: words }, (_, i) => `\taddq ${8 * (i + 1)}(%rsp), %rax\n`);
  return `\t.text\n\t.globl f\n\t.type f, @function\nf:\n\tmovq %rdi, %rax\n${loads.join('')}\tret\n\t.size f, .-f\n`;
}

interface Good {
  readonly route: Route;
  readonly source: Program;
  readonly lines: readonly string[];
  readonly functions: readonly FunctionRelation[];
  /** The lines of the entry's instructions. */
  readonly entry: readonly number[];
}

function translated(name: string, words: number): Good {
  const route = must(findRoute('x86_64', name), 'a route');
  const program = must(readProgram({ file: 'f.s', text: source(words) }, route.source).program, 'a program');
  const diagnostics = new Diagnostics();
  const nativeEntries = { wanted: 'all', takes: takenByAll(offeredBy(program)) } as const;
  const { text, functions } = route.lower(program, diagnostics, { nativeEntries });
  expect(diagnostics.list).toEqual([]);
  const lines = text.split('\n');
  const first = lines.indexOf('f:') + 1;
  const entry = Array.from(
    { length: lines.findIndex((l) => l.startsWith('\t.size\tf,')) - first },
    (_, i) => first + i,
  );
  return { route, source: program, lines, functions, entry };
}

/** The verdict on the function and the findings on the whole; undefined where the text cannot be read. */
async function judged({ route, source, lines, functions }: Good, changed: ReadonlyMap<number, string>) {
  const text = lines.map((l, i) => changed.get(i) ?? l).join('\n');
  const target = readProgram({ file: 'f.target.s', text }, route.target, 'target').program;
  if (target === undefined) return undefined;
  const { pair, contracts } = route;
  const context = new Context({ source, target, pair, contracts, functions, refused: [] }, prover.prover);
  const findings = structuralFindings(context);
  const verdict = await checkOne(context, must(functions[0], 'a relation'));
  const why = verdict.entry.verdict.kind === 'undecided' ? verdict.entry.verdict.reason : '';
  return { kind: verdict.kind, findings, why };
}

/** Each register of these takes the place of each other one of them. */
const REGISTERS: Readonly<Record<string, readonly string[]>> = {
  aarch64: ['x6', 'x7', 'x16', 'x30', 'x0', 'x19', 'sp'],
  riscv64: ['a6', 'a7', 't3', 'ra', 'a0', 's2', 'sp'],
};

/** All ways in which a line may be wrong: left out, or with another number, register or instruction. */
function mistakes(target: string, line: string): string[] {
  const found = [''];
  for (const m of line.matchAll(/-?\b\d+\b/g)) {
    const at = line[m.index - 1] === '-' ? m.index - 1 : m.index;
    const before = Number(line.slice(at, m.index + m[0].length));
    for (const by of [-16, -8, 8, 16])
      found.push(line.slice(0, at) + (before + by) + line.slice(m.index + m[0].length));
  }
  for (const r of REGISTERS[target] ?? []) {
    for (const m of line.matchAll(new RegExp(`\\b${r}\\b`, 'g')))
      for (const other of REGISTERS[target] ?? [])
        if (other !== r) found.push(line.slice(0, m.index) + other + line.slice(m.index + r.length));
  }
  const swaps: readonly (readonly [RegExp, string])[] = [
    [/^\tstr\b/, '\tldr'],
    [/^\tldr\b/, '\tstr'],
    [/^\tstp\b/, '\tldp'],
    [/^\tsd\b/, '\tld'],
    [/^\tld\b/, '\tsd'],
    [/^\tld\b/, '\tlw'],
    [/^\tsub\b/, '\tadd'],
    [/^\tadd\b/, '\tsub'],
    [/^\tbl\b.*/, '\tbl\tf'],
    [/^\tbl\b.*/, '\tbl\tg'],
    [/^\tbl\b/, '\tb'],
    [/^\tcall\b.*/, '\tcall\tf'],
    [/^\tcall\b.*/, '\tcall\tg'],
    [/^\tret$/, `\t${target === 'aarch64' ? 'b' : 'j'}\tf`],
  ];
  for (const [from, to] of swaps) if (from.test(line)) found.push(line.replace(from, to));
  return found;
}

describe.each(['aarch64', 'riscv64'])('%s', (target) => {
  test.each([1, 2, 3, 6])('an entry for %i words is proved, and none with a mistake', async (words) => {
    const good = translated(target, words);
    expect(await judged(good, new Map())).toEqual({ kind: 'proved', findings: [], why: '' });
    const counts = { refuted: 0, undecided: 0, unreadable: 0 };
    const reasons = new Set<string>();
    for (const line of good.entry) {
      for (const wrong of mistakes(target, must(good.lines[line], 'a line'))) {
        const result = await judged(good, new Map([[line, wrong]]));
        if (result === undefined) counts.unreadable++;
        else if (result.kind === 'refuted') counts.refuted++;
        else {
          expect(`${wrong}: ${result.kind}`).toBe(`${wrong}: undecided`);
          counts.undecided++;
          reasons.add(result.why);
        }
      }
    }
    process.stderr.write(`${target}, ${words} words: ${JSON.stringify(counts)} ${[...reasons].join('; ')}\n`);
    // A call of something else, or none, is no state that could be tried out.
    expect([...reasons].filter((r) => !/does not call|runs past the end|does not return/.test(r))).toEqual([]);
    expect(counts.refuted).toBeGreaterThan(10 * counts.undecided);
  });

  test('an entry for fewer words than the function looks at is not proved', async () => {
    const [good, less] = [translated(target, 3), translated(target, 2)];
    const changed = new Map(good.entry.map((at, i) => [at, less.lines[less.entry[i] ?? -1] ?? '']));
    expect(await judged(good, changed)).toMatchObject({ kind: 'refuted' });
    // The claim may say so, too.
    const functions = good.functions.map((f) => ({ ...f, nativeEntry: { target: 'f', words: 2 } }));
    expect(await judged({ ...good, functions }, changed)).toMatchObject({
      kind: 'undecided',
      why: 'f takes 3 words on the stack, and f lays out 2',
    });
  });

  test('evidence of an entry is confirmed, and of another one rejected', async () => {
    const { route, source, lines, functions } = translated(target, 3);
    const text = lines.join('\n');
    const read = must(readProgram({ file: 'f.target.s', text }, route.target, 'target').program, 'a program');
    const { pair, contracts } = route;
    const claim = { source, target: read, pair, contracts, functions, refused: [] };
    const sha256 = { source: 'a'.repeat(64), target: 'b'.repeat(64) };
    const evidence = evidenceOf(claim, await checkAll(claim, prover.prover), {
      source: { name: 'f.s', sha256: sha256.source },
      target: { name: 'f.target.s', sha256: sha256.target },
      ...{ versions: {}, proposer: 'rules', refused: [] },
    });
    const objections = async (change: (relation: object) => object): Promise<readonly string[]> => {
      const changed = evidence.functions.map((f) => ({ ...f, relation: change(Object(f.relation)) }));
      const again = readEvidence(JSON.parse(JSON.stringify({ ...evidence, functions: changed })));
      if (typeof again === 'string') throw new Error(again);
      return (await audit(again, claim, sha256, prover.prover)).objections;
    };
    expect(evidence.assumptions.map((a) => a.name)).toContain('native-arguments');
    expect(await objections((r) => r)).toEqual([]);
    expect(await objections(({ nativeEntry: _, ...r }: { nativeEntry?: unknown }) => r)).not.toEqual([]);
    for (const wrong of [
      { target: 'f', words: 2 },
      { target: 'f', words: 4 },
      { target: 'g', words: 3 },
    ])
      expect(await objections((r) => ({ ...r, nativeEntry: wrong }))).not.toEqual([]);
    expect(await objections((r) => ({ ...r, nativeEntry: { target: 'f', words: -1 } }))).toEqual([
      expect.stringMatching(/^f: /),
    ]);
  });

  test('code that is no entry is none because the evidence says so', async () => {
    const good = translated(target, 2);
    const plain = good.functions.map(({ nativeEntry: _, ...f }) => f);
    const { findings } = must(await judged({ ...good, functions: plain }, new Map()), 'a verdict');
    expect(findings).toContain('f of the target is not the variant of f');
    const itself = good.functions.map((f) => ({ ...f, nativeEntry: { target: stackedName('f'), words: 2 } }));
    expect((await judged({ ...good, functions: itself }, new Map()))?.kind).toBe('undecided');
  });
});
