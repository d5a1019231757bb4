// SPDX-License-Identifier: MIT
import type { Diagnostic } from '../base/diagnostic.ts';
import { formatDiagnostics } from '../base/format-diagnostic.ts';
import type { SourceText } from '../base/source.ts';

/** The exit codes; their numbers are part of the command line's contract. */
export const EXIT = { ok: 0, different: 1, input: 2, unsupported: 3, internal: 70 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Thrown to end a command with diagnostics: about its arguments, its files or what it lacks. */
export class Stop extends Error {
  override readonly name = 'Stop';
  readonly diagnostics: readonly Diagnostic[];

  constructor(...diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((d) => d.message).join('; '));
    this.diagnostics = diagnostics;
  }
}

type Place = { readonly file?: string; readonly notes?: readonly string[] };

/** A diagnostic about a whole file, or about no file. */
export function about(kind: Diagnostic['kind'], code: string, message: string, place: Place = {}): Diagnostic {
  const { file, notes } = place;
  return {
    severity: 'error',
    kind,
    code,
    message,
    ...(file === undefined ? {} : { span: { file, line: 1, column: 1, endColumn: 1 } }),
    ...(notes === undefined ? {} : { notes }),
  };
}

/** Bad input weighs more than a refusal, since it has to be mended first. */
export function exitCodeOf(diagnostics: readonly Diagnostic[]): ExitCode {
  const errors = diagnostics.filter((d) => d.severity === 'error');
  if (errors.length === 0) return EXIT.ok;
  return errors.some((d) => d.kind === 'input') ? EXIT.input : EXIT.unsupported;
}

/** Past this many, diagnostics of a kind say nothing new. */
const MAX_SHOWN = 100;

/** Prints diagnostics for people. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], sources: readonly SourceText[]): void {
  if (diagnostics.length === 0) return;
  const color = process.stderr.isTTY === true && (process.env.NO_COLOR ?? '') === '';
  const shown = diagnostics.slice(0, MAX_SHOWN);
  process.stderr.write(`${formatDiagnostics(shown, { sources, color })}\n`);
  const rest = diagnostics.length - shown.length;
  if (rest > 0) process.stderr.write(`and ${rest} more\n`);
}

/** What every command prints with `--json`: one JSON value on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `0x${v.toString(16)}` : v), 2)}\n`);
}
