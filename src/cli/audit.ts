// SPDX-License-Identifier: MIT
import type { Command } from 'commander';
import { auditEvidence } from '../asm/pipeline/audit.ts';
import { modelVersion } from '../asm/pipeline/version.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { programPath, readEvidenceFile } from './evidence-file.ts';
import { readInput } from './files.ts';
import { addWorkOptions, type WorkFlags, workOf } from './options.ts';
import { about, EXIT, type ExitCode, exitCodeOf, printDiagnostics, printJson } from './outcome.ts';
import { countVerdicts, exitCodeFor, summary } from './verdicts.ts';

interface Flags extends WorkFlags {
  readonly source?: string;
  readonly target?: string;
}

export function auditCommand(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command('audit')
    .description('check evidence again from the two programs, trusting nothing in it')
    .argument('<evidence>', 'a file that `translate` or `check` wrote')
    .option('--source <file>', 'where the source is, if not where the evidence says')
    .option('--target <file>', 'where the target is, if not where the evidence says');
  addWorkOptions(command, false);
  command.action(async (path: string, flags: Flags) => finish(await runAudit(path, flags)));
}

async function runAudit(path: string, flags: Flags): Promise<ExitCode> {
  const evidence = readEvidenceFile(path);
  const source = readInput(programPath(path, evidence.source.name, 'source', flags.source));
  const target = readInput(programPath(path, evidence.target.name, 'target', flags.target));
  const { diagnostics, objections, verdict } = await auditEvidence(evidence, source, target, workOf(flags, false));
  const all: Diagnostic[] = [...diagnostics];
  const foreign = evidence.versions.model !== modelVersion();
  if (foreign) {
    const message = 'the evidence was made with other models; it is judged by those of this version';
    all.push({ ...about('input', 'V0405', message, { file: path }), severity: 'note' });
  }
  const code = verdict === undefined ? 'V0403' : 'V0404';
  for (const o of objections) all.push(about('input', code, o, { file: path }));
  const confirmed = objections.length === 0 && verdict !== undefined;
  const unreadable = exitCodeOf(diagnostics);
  const judged = confirmed ? exitCodeFor(verdict.kind, false) : EXIT.different;
  const exit = unreadable === EXIT.ok ? judged : unreadable;
  if (flags.json === true) {
    const found = verdict === undefined ? {} : { verdict: verdict.kind, counts: countVerdicts(verdict) };
    printJson({ command: 'audit', exit, confirmed, objections, ...found, diagnostics: all });
    return exit;
  }
  printDiagnostics(all, [source, target]);
  const word = confirmed ? 'confirmed' : 'rejected';
  process.stdout.write(`${path}: ${word}${verdict === undefined ? '' : ` (${summary(verdict)})`}\n`);
  return exit;
}
