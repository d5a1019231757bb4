// SPDX-License-Identifier: MIT
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type FormReport, type Machine, runOracle } from './qemu-oracle.ts';

/**
 * Meanings against QEMU. `VOUCH_ORACLE_ROUNDS=10` runs ten rounds with other operands and values;
 * `VOUCH_ORACLE_FORMS='^a64\\.fm'` runs only the forms whose ids match. Counts go to a file of the folder `reports`.
 */
export interface MeaningTests {
  readonly machine: Machine;
  readonly title: string;
  /** The name of the file of counts. */
  readonly report: string;
  /** Forms that cannot be tested here, with the reason. One that is tested after all fails the run. */
  readonly untested: ReadonlyMap<string, string>;
  /** Two forms with the same operands and other meanings: one with the other's meaning must not pass. */
  readonly different: readonly [string, string];
}

const rounds = Number(process.env.VOUCH_ORACLE_ROUNDS ?? 1);
const only = new RegExp(process.env.VOUCH_ORACLE_FORMS ?? '.');

function merged(reports: readonly (readonly FormReport[])[]): Map<string, FormReport> {
  const all = new Map<string, FormReport>();
  for (const report of reports.flat()) {
    const known = all.get(report.id);
    if (known === undefined) {
      all.set(report.id, report);
      continue;
    }
    known.checked += report.checked;
    known.differing += report.differing;
    known.examples.push(...report.examples);
    known.rejected.push(...report.rejected);
  }
  return all;
}

function writeReport(name: string, forms: ReadonlyMap<string, FormReport>): void {
  const folder = fileURLToPath(new URL('../../reports', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const counts = [...forms.values()].map(({ id, checked, differing }) => [id, { checked, differing }] as const);
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(Object.fromEntries(counts), undefined, 1)}\n`);
}

/** One line for each mnemonic, since there are thousands of forms; those stand in the report. */
function table(forms: ReadonlyMap<string, FormReport>): string {
  const rows = new Map<string, { forms: number; checked: number; differing: number }>();
  for (const { id, checked, differing } of forms.values()) {
    const name = id.split('.')[1] ?? id;
    const row = rows.get(name) ?? { forms: 0, checked: 0, differing: 0 };
    rows.set(name, {
      forms: row.forms + 1,
      checked: row.checked + checked,
      differing: row.differing + differing,
    });
  }
  const columns = (a: string, b: unknown, c: unknown, d: unknown): string =>
    `${a.padEnd(12)}${String(b).padStart(8)}${String(c).padStart(10)}${String(d).padStart(10)}`;
  const lines = [...rows].map(([name, r]) => columns(name, r.forms, r.checked, r.differing));
  return [columns('mnemonic', 'forms', 'checked', 'differing'), ...lines].join('\n');
}

export function testMeanings(t: MeaningTests): void {
  const { machine } = t;
  describe(t.title, () => {
    const reports = Array.from({ length: rounds }, (_, round) =>
      runOracle(
        machine,
        machine.isa.forms.filter((f) => only.test(f.id)),
        { seed: 20260 + round, shapes: 6, inputs: 24 },
      ),
    );
    const forms = merged(reports);
    const list = [...forms.values()];
    writeReport(t.report, forms);
    const total = (f: (r: FormReport) => number): number => list.reduce((n, r) => n + f(r), 0);
    const untested = list.filter((r) => r.checked === 0).map((r) => r.id);
    console.log(table(forms));
    console.log(
      `checked ${total((r) => r.checked)} / differing ${total((r) => r.differing)} / forms ${list.length} / untested ${untested.length}`,
    );

    it('checks something', () => {
      expect(total((r) => r.checked)).toBeGreaterThan(0);
    });

    it('finds no difference', () => {
      expect(list.flatMap((r) => r.examples)).toEqual([]);
      expect(total((r) => r.differing)).toBe(0);
    });

    it('notices a wrong meaning', () => {
      const [one, other] = t.different.map((id) => machine.isa.forms.find((f) => f.id === id));
      if (one === undefined || other === undefined) throw new Error('the forms have gone');
      const [report] = runOracle(machine, [{ ...one, sem: other.sem }], { seed: 1, shapes: 2, inputs: 4 });
      expect(report?.differing).toBeGreaterThan(0);
    });

    it('is understood by the assembler', () => {
      expect(list.flatMap((r) => r.rejected)).toEqual([]);
    });

    it('tests every form but the listed ones', () => {
      expect(untested).toEqual([...t.untested.keys()].filter((id) => only.test(id)));
    });
  });
}
