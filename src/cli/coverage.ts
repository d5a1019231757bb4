// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { z } from 'zod';
import { type CoveredForm, coverageTable, type FormReport } from '../asm/pipeline/coverage.ts';
import { ROUTES } from '../asm/pipeline/route.ts';
import { addJson } from './options.ts';
import { EXIT, type ExitCode, printJson } from './outcome.ts';

interface Flags {
  readonly json?: boolean;
  readonly missing?: boolean;
}

export function coverageCommand(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command('coverage')
    .description('list the instruction forms: how each was tested, and which rules carry it over')
    .option('--missing', 'only forms that no rule carries over, or that no report has tested');
  addJson(command).action((flags: Flags) => finish(runCoverage(flags)));
}

function runCoverage(flags: Flags): ExitCode {
  const reports = readReports();
  const table = coverageTable(ROUTES, reports);
  const shown = flags.missing === true ? table.filter((f) => hasNoRule(f) || f.checked === 0) : table;
  if (flags.json === true) {
    printJson({ command: 'coverage', exit: EXIT.ok, forms: shown });
    return EXIT.ok;
  }
  const rows = shown.map((f) => [f.id, tested(f), f.seen === 0 ? '-' : String(f.seen), rulesText(f)]);
  const widths = [0, 1, 2].map((c) => Math.max(...[HEAD, ...rows].map((r) => r[c]?.length ?? 0)));
  const line = (r: readonly string[]): string =>
    r
      .map((cell, c) => cell.padEnd(widths[c] ?? 0))
      .join('  ')
      .trimEnd();
  const lines = [HEAD, ...rows].map(line);
  for (const isa of new Set(table.map((f) => f.isa))) lines.push(totals(isa, table));
  process.stdout.write(`${lines.join('\n')}\n`);
  return EXIT.ok;
}

const HEAD = ['form', 'tested', 'seen', 'rules'];

const hasNoRule = (f: CoveredForm): boolean => Object.values(f.rules).some((names) => names.length === 0);

function tested(f: FormReport): string {
  if (f.checked === 0) return '-';
  return f.differing === 0 ? String(f.checked) : `${f.checked}, ${f.differing} differ`;
}

function rulesText(f: CoveredForm): string {
  const targets = Object.entries(f.rules);
  if (targets.length === 0) return '';
  return targets.map(([to, names]) => `${to}: ${names.length === 0 ? 'none' : names.join(', ')}`).join('; ');
}

function totals(isa: string, table: readonly CoveredForm[]): string {
  const forms = table.filter((f) => f.isa === isa);
  const withReport = forms.filter((f) => f.checked > 0).length;
  const ruled = forms.filter((f) => Object.keys(f.rules).length > 0 && !hasNoRule(f)).length;
  const carried = forms.some((f) => Object.keys(f.rules).length > 0) ? `, ${ruled} carried over` : '';
  return `${isa}: ${forms.length} forms, ${withReport} tested against another machine${carried}`;
}

/** By form: how it fared against a machine, or how often it was seen. Test suites write such files. */
const reportFile = z.record(
  z.string().regex(/^[a-z0-9]+\.[\w.]+$/),
  z.union([
    z.object({ checked: z.number(), differing: z.number() }).transform((r) => ({ ...r, seen: 0 })),
    z.object({ seen: z.number() }).transform((r) => ({ ...r, checked: 0, differing: 0 })),
  ]),
);

function readReports(): Map<string, FormReport> {
  const merged = new Map<string, FormReport>();
  for (const text of reportTexts()) {
    for (const [id, r] of Object.entries(parseReport(text))) {
      const before = merged.get(id) ?? { checked: 0, differing: 0, seen: 0 };
      merged.set(id, {
        checked: before.checked + r.checked,
        differing: before.differing + r.differing,
        seen: before.seen + r.seen,
      });
    }
  }
  return merged;
}

function parseReport(text: string): Record<string, FormReport> {
  try {
    const found = reportFile.safeParse(JSON.parse(text));
    return found.success ? found.data : {};
  } catch {
    return {};
  }
}

/** The reports of this checkout; an installation without them has none. */
function reportTexts(): string[] {
  const folder = fileURLToPath(new URL('../../reports/', import.meta.url));
  try {
    return readdirSync(folder)
      .filter((f) => f.endsWith('.json'))
      .map((f) => readFileSync(join(folder, f), 'utf8'));
  } catch {
    return [];
  }
}
