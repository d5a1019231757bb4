// SPDX-License-Identifier: MIT
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { InstDef } from '../../src/asm/isa/define.ts';
import { type Effect, set, store } from '../../src/asm/isa/effect.ts';
import { x86_64 } from '../../src/asm/isa/x86_64/index.ts';
import { must } from '../../src/base/assert.ts';
import { bv, concat, extract, fpArith, low, not, xor } from '../../src/logic/build.ts';
import { type FormResult, isOneSided, runOracle } from './x86-host.ts';

/** Forms that cannot be run on the host, each with its reason. A listed form that was run fails the suite. */
const NOT_RUN: ReadonlyMap<string, string> = new Map();

/** Features that /proc/cpuinfo calls otherwise. */
const CPU_FLAGS: Readonly<Record<string, string>> = {
  sse3: 'pni',
  'sse4.1': 'sse4_1',
  'sse4.2': 'sse4_2',
  lzcnt: 'abm',
};

/** Features that do nothing on processors without them. */
const HINTS = ['prefetchwt1', '3dnowprefetch'];

const reports = join(dirname(fileURLToPath(import.meta.url)), '../../reports');
const rounds = Math.max(1, Number(process.env.VOUCH_ORACLE_ROUNDS ?? 1));

function hostFlags(): Set<string> {
  const line = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'));
  return new Set((line?.[1] ?? '').trim().split(/\s+/));
}

function runs(def: InstDef, flags: ReadonlySet<string>): boolean {
  if (def.feature === undefined || HINTS.includes(def.feature)) return true;
  return flags.has(CPU_FLAGS[def.feature] ?? def.feature);
}

function added(a: FormResult, b: FormResult): FormResult {
  const first = a.first ?? b.first;
  return {
    checked: a.checked + b.checked,
    differing: a.differing + b.differing,
    next: a.next + b.next,
    target: a.target + b.target,
    trapped: a.trapped + b.trapped,
    ...(first === undefined ? {} : { first }),
  };
}

function writeReport(results: ReadonlyMap<string, FormResult>): void {
  mkdirSync(reports, { recursive: true });
  const sorted = [...results].sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(join(reports, 'oracle-x86_64-host.json'), `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
  const rows = sorted.map(
    ([id, r]) => `${id.padEnd(40)} ${`${r.checked}`.padStart(8)} ${`${r.differing}`.padStart(8)}`,
  );
  const head = `${'form'.padEnd(40)}  checked  differing`;
  writeFileSync(join(reports, 'oracle-x86_64-host.txt'), `${[head, ...rows].join('\n')}\n`);
}

const form = (id: string): InstDef =>
  must(
    x86_64.forms.find((d) => d.id === id),
    `no form ${id}`,
  );

/** A form with another meaning. */
function replaced(id: string, sem: InstDef['sem']): InstDef {
  const { syntax, aliases, operands, ref } = form(id);
  return { id, syntax, aliases, operands, ref, sem };
}

/** A form whose meaning is wrong in one place. */
const broken = (id: string, change: (e: Effect) => Effect | undefined): InstDef =>
  replaced(id, (views, state, inst) =>
    form(id)
      .sem(views, state, inst)
      .flatMap((e) => change(e) ?? []),
  );

describe.skipIf(process.arch !== 'x64')('x86-64 against this CPU', () => {
  test(
    'every form does to all of the state what the CPU does',
    () => {
      const flags = hostFlags();
      const forms = x86_64.forms.filter((d) => runs(d, flags));
      const results = new Map<string, FormResult>();
      for (let round = 0; round < rounds; round++) {
        for (const [id, r] of runOracle(x86_64, { forms, choices: 16, states: 12, seed: round + 1 })) {
          const sum = results.get(id);
          results.set(id, sum === undefined ? r : added(sum, r));
        }
      }
      writeReport(results);

      const listed = [...results].filter(([id]) => NOT_RUN.has(id));
      const required = [...results].filter(([id]) => !NOT_RUN.has(id));
      const checked = required.reduce((n, [, r]) => n + r.checked, 0);
      const differing = required.filter(([, r]) => r.differing > 0);
      console.log(
        `x86-64 against this CPU: ${checked} checked, ${differing.length} of ${results.size} forms differ, ` +
          `${x86_64.forms.length - forms.length} need features this CPU lacks, ${listed.length} listed as not run`,
      );
      expect(differing.map(([id, r]) => `${id} (${r.differing} of ${r.checked}): ${r.first}`)).toEqual([]);
      expect(required.filter(([, r]) => r.checked === 0).map(([id]) => id)).toEqual([]);
      expect(forms.filter((d) => isOneSided(d, must(results.get(d.id), d.id))).map((d) => d.id)).toEqual([]);
      expect(listed.filter(([, r]) => r.checked > 0).map(([id]) => id)).toEqual([]);
      expect(checked).toBeGreaterThan(forms.length);
    },
    rounds * 300_000,
  );

  const planted: readonly (readonly [what: string, InstDef])[] = [
    [
      'a wrong register',
      broken('x64.add.rm_rmi.32', (e) => (e.kind === 'set' && e.loc.startsWith('r') ? undefined : e)),
    ],
    [
      'a wrong flag',
      broken('x64.cmp.rm_rmi.64', (e) => (e.kind === 'set' && e.loc === 'cf' ? set('cf', not(e.value)) : e)),
    ],
    [
      'a wrong byte in memory',
      broken('x64.movnti.m_r.64', (e) => (e.kind === 'store' ? store(e.address, xor(e.value, bv(64, 1n << 63n))) : e)),
    ],
    ['a missing trap', broken('x64.div.rm.64', (e) => (e.kind === 'trap' ? undefined : e))],
    [
      'a branch on the opposite',
      broken('x64.jbe.rel.64', (e) =>
        e.kind === 'jump' && e.condition !== undefined ? { ...e, condition: not(e.condition) } : e,
      ),
    ],
    [
      'a NaN by the wrong rule',
      replaced('x64.mulsd.xmm_xmmm.64', ({ dst, src }) => {
        const old = must(dst, 'a destination').value;
        const product = fpArith('fp.mul', low(old, 64), must(src, 'a source').value);
        return must(dst, 'a destination').write(concat(extract(old, 127, 64), product));
      }),
    ],
  ];

  test.each(planted)('finds %s', (_, def) => {
    const results = runOracle(x86_64, { forms: [def], choices: 6, states: 30, seed: 1 });
    expect(results.get(def.id)?.differing).toBeGreaterThan(0);
  });
});
