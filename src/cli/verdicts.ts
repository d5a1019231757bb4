// SPDX-License-Identifier: MIT
import type { ProgramVerdict } from '../asm/verify/check-program.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { SourceText } from '../base/source.ts';
import type { Verdict, VerdictKind, Witness } from '../core/verdict.ts';
import { EXIT, type ExitCode } from './outcome.ts';

/** Verdicts as diagnostics and as a line for people. */

export interface Counts {
  readonly functions: number;
  readonly blocks: number;
  readonly proved: number;
  readonly refuted: number;
  readonly undecided: number;
  readonly unsupported: number;
}

export function countVerdicts(verdict: ProgramVerdict): Counts {
  const counts: Record<VerdictKind, number> = { proved: 0, refuted: 0, undecided: 0, unsupported: 0 };
  let blocks = 0;
  for (const f of verdict.functions) {
    for (const b of [f.entry, ...f.blocks]) {
      blocks++;
      counts[b.verdict.kind]++;
    }
  }
  return { functions: verdict.functions.length, blocks, ...counts };
}

/** `12 functions, 143 blocks: proved` or, where that is not so, how many of each kind. */
export function summary(verdict: ProgramVerdict): string {
  const c = countVerdicts(verdict);
  if (c.functions === 0) return 'no functions, nothing to prove';
  const size = `${plural(c.functions, 'function')}, ${plural(c.blocks, 'block')}`;
  if (verdict.kind === 'proved') return `${size}: all proved`;
  const kinds = [
    [c.proved, 'proved'],
    [c.refuted, 'refuted'],
    [c.undecided, 'undecided'],
    [c.unsupported, 'unsupported'],
    [verdict.findings.length, plural(verdict.findings.length, 'finding').replace(/^\d+ /, '')],
  ] as const;
  return `${size}: ${kinds
    .filter(([n]) => n > 0)
    .map(([n, what]) => `${n} ${what}`)
    .join(', ')}`;
}

export function plural(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

/** What was not proved, with its place in the source. Undecided blocks are errors only where proofs are required. */
export function verdictDiagnostics(verdict: ProgramVerdict, source: SourceText, required: boolean): Diagnostic[] {
  const { file } = source;
  const lines = verdict.kind === 'proved' ? [] : source.text.split('\n');
  const list: Diagnostic[] = [];
  const doubt = required ? 'error' : 'warning';
  for (const finding of verdict.findings) {
    const span = { file, line: 1, column: 1, endColumn: 1 };
    list.push({ severity: doubt, kind: 'unsupported', code: 'V0503', message: finding, span });
  }
  for (const f of verdict.functions) {
    for (const b of [{ ...f.entry, line: f.blocks[0]?.line ?? 1, block: undefined }, ...f.blocks]) {
      const where = b.block === undefined ? `the entry of ${f.source}` : `block ${b.block} of ${f.source}`;
      const text = lines[b.line - 1]?.trimEnd() ?? '';
      const column = text.length - text.trimStart().length + 1;
      const span = { file, line: b.line, column, endColumn: text.length + 1 };
      const found = describe(b.verdict, where, doubt);
      if (found !== undefined) list.push({ ...found, span });
    }
  }
  return list;
}

function describe(verdict: Verdict, where: string, doubt: Diagnostic['severity']): Diagnostic | undefined {
  switch (verdict.kind) {
    case 'proved':
      return undefined;
    case 'refuted': {
      const message = `${where} is refuted: ${differenceText(verdict.witness)}`;
      return { severity: 'error', kind: 'input', code: 'V0501', message, notes: witnessNotes(verdict.witness) };
    }
    case 'undecided':
      return {
        severity: doubt,
        kind: 'unsupported',
        code: 'V0502',
        message: `${where} is undecided: ${verdict.reason}`,
      };
    case 'unsupported':
      return verdict.diagnostic;
  }
}

export function differenceText(witness: Witness): string {
  const { what, source, target } = witness.difference;
  return `${what} is ${source} in the source and ${target} in the target`;
}

/** The state from which both sides go apart. */
function witnessNotes(witness: Witness): string[] {
  const notes: string[] = [];
  if (witness.inputs.length > 0) {
    notes.push(`starting with ${witness.inputs.map((i) => `${locationName(i.name)} = ${i.value}`).join(', ')}`);
  }
  for (const m of witness.memory) notes.push(`and with the bytes ${m.bytes} at ${m.address}`);
  return notes;
}

/** Starting values of the target's locations have a mark before their names. */
const locationName = (name: string): string => name.replace(/^t\./, '');

/** The exit code for a verdict; `required` asks for proofs. */
export function exitCodeFor(kind: VerdictKind, required: boolean): ExitCode {
  switch (kind) {
    case 'proved':
      return EXIT.ok;
    case 'refuted':
      return EXIT.different;
    case 'undecided':
      return required ? EXIT.unsupported : EXIT.ok;
    case 'unsupported':
      return EXIT.unsupported;
  }
}
