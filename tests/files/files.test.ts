// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openProver } from '../../src/asm/pipeline/prover.ts';
import { findRoute } from '../../src/asm/pipeline/route.ts';
import { readProgram } from '../../src/asm/pipeline/session.ts';
import { checkFunction } from '../../src/asm/verify/check-function.ts';
import { Context } from '../../src/asm/verify/context.ts';
import { must } from '../../src/base/assert.ts';
import { type Diagnostic, Diagnostics } from '../../src/base/diagnostic.ts';
import { CARRIED_TO } from '../support/targets.ts';

/** Real files from x86-64 to each target: the folder says what must come of them. */

const prover = openProver({ cache: false });
afterAll(() => prover.close());

function filesOf(folder: string): { name: string; file: string; text: string }[] {
  const names = readdirSync(join(import.meta.dirname, folder)).filter((n) => n.endsWith('.s') && !/\.\w+\.s$/.test(n));
  return names.map((name) => {
    const file = `${folder}/${name}`;
    return { name, file, text: readFileSync(join(import.meta.dirname, file), 'utf8') };
  });
}

const place = (d: Diagnostic): string => `${d.code} line ${d.span?.line}`;

/** What stands behind `# expect: ` in lines of a file, or behind `# expect TARGET: ` where that one differs. */
function expectations(text: string, mark: string): (string | undefined)[] {
  return [...text.matchAll(new RegExp(`^# ${mark}: (.*)$`, 'gm'))].map(([, line]) => line);
}

describe.each(CARRIED_TO)('every block is proved, to %s', (to) => {
  const route = must(findRoute('x86_64', to), 'a route');
  const files = filesOf('ok');

  test('there are files', () => expect(files.length).toBeGreaterThan(5));

  test.each(files)('$name', async ({ file, text }) => {
    const { program: source, diagnostics } = readProgram({ file, text }, route.source);
    expect(diagnostics.map(place)).toEqual([]);
    const found = new Diagnostics();
    const lowered = route.lower(must(source, 'source'), found, {});
    const refused = expectations(text, `expect ${to}`);
    expect(found.list.map(place)).toEqual(refused);
    // What one of the targets cannot do yet.
    if (refused.length > 0) return;
    const target = readProgram({ file: 'target.s', text: route.runtime.without(lowered.text) }, route.target, 'target');
    expect(target.diagnostics.map((d) => d.message)).toEqual([]);
    const { pair, contracts } = route;
    const { functions } = lowered;
    const program = must(target.program, 'target');
    const claim = { source: must(source, 'source'), target: program, pair, contracts, functions, refused: [] };
    const context = new Context(claim, prover.prover);
    let proved = 0;
    for (const f of functions) {
      const { entry, blocks } = await checkFunction(context, f);
      for (const { verdict } of [entry, ...blocks]) {
        expect(verdict.kind === 'proved' ? 'proved' : `${f.source}: ${JSON.stringify(verdict, print)}`).toBe('proved');
        proved++;
      }
    }
    expect(proved).toBeGreaterThan(functions.length);
  });
});

describe.each(CARRIED_TO)('what cannot be carried over to %s is refused', (to) => {
  const route = must(findRoute('x86_64', to), 'a route');
  const files = filesOf('refuse');

  test('there are files', () => expect(files.length).toBeGreaterThan(5));

  test.each(files)('$name', ({ file, text }) => {
    const own = expectations(text, `expect ${to}`);
    const expected = own.length > 0 ? own : expectations(text, 'expect');
    expect(expected.length).toBeGreaterThan(0);
    const { program, diagnostics } = readProgram({ file, text }, route.source);
    const found = new Diagnostics();
    if (program !== undefined) route.lower(program, found, {});
    expect([...diagnostics, ...found.list].filter((d) => d.severity === 'error').map(place)).toEqual(expected);
  });
});

function print(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
