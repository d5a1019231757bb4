// SPDX-License-Identifier: MIT
import type { Command } from 'commander';
import { checkPair } from '../asm/pipeline/check.ts';
import { findRoute } from '../asm/pipeline/route.ts';
import { relationsIn } from '../asm/verify/audit.ts';
import { makeEvidence, printEvidence, readEvidenceFile } from './evidence-file.ts';
import { isSameFile, readInput, writeOutputs } from './files.ts';
import { addWorkOptions, type WorkFlags, workOf } from './options.ts';
import { about, type ExitCode, exitCodeOf, printDiagnostics, printJson, Stop } from './outcome.ts';
import { countVerdicts, exitCodeFor, summary, verdictDiagnostics } from './verdicts.ts';

interface Flags extends WorkFlags {
  readonly function?: readonly string[];
  readonly evidence?: string;
  readonly output?: string;
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export function checkCommand(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command('check')
    .description('judge whether one program does what another does, whoever made it')
    .argument('<source>', 'the original')
    .argument('<target>', 'what is to do the same')
    .option('--function <name>', 'check only this function; may be given several times', collect)
    .option('--evidence <file>', 'evidence whose relations say how the two programs correspond')
    .option('-o, --output <file>', 'write what was found as evidence');
  addWorkOptions(command, true);
  command.action(async (source: string, target: string, flags: Flags) => finish(await runCheck(source, target, flags)));
}

async function runCheck(sourcePath: string, targetPath: string, flags: Flags): Promise<ExitCode> {
  const { evidence: evidencePath, output, json } = flags;
  if ([sourcePath, targetPath, evidencePath].filter((p) => p === '-').length > 1) {
    throw new Stop(about('input', 'V0303', 'standard input can be read only once'));
  }
  for (const p of [sourcePath, targetPath]) {
    if (output !== undefined && output !== '-' && p !== '-' && isSameFile(output, p)) {
      throw new Stop(about('input', 'V0308', 'this is an input, and it would be overwritten', { file: output }));
    }
  }
  const source = readInput(sourcePath);
  const target = readInput(targetPath);
  if (evidencePath === undefined) {
    const notes = [
      'a relation says at each block which register holds what; it is not found by itself yet',
      '`vouch translate --evidence FILE` writes the relation of a translation; name that file with --evidence',
    ];
    throw new Stop(about('unsupported', 'V0307', 'no relation between the two programs is known', { notes }));
  }
  const evidence = readEvidenceFile(evidencePath);
  const route = findRoute(evidence.source.language, evidence.target.language, evidence.source.processor);
  const { functions, wrong } = relationsIn(evidence);
  if (route === undefined || wrong.length > 0) {
    const notes = route === undefined ? ['its machines are not known'] : wrong.slice(0, 8);
    throw new Stop(about('input', 'V0401', 'the relations cannot be read', { file: evidencePath, notes }));
  }
  const only = flags.function;
  const unknown = only?.filter((name) => !functions.some((f) => f.source === name)) ?? [];
  if (unknown.length > 0) {
    const message = `no relation is given for the function ${unknown.join(', ')}`;
    throw new Stop(about('input', 'V0303', message, { file: evidencePath }));
  }
  const { diagnostics, verdict } = await checkPair(
    {
      source,
      target,
      from: route.source.name,
      to: route.target.name,
      processor: route.source.processor,
      functions,
      refused: evidence.refused.map((r) => r.name),
      ...(only === undefined ? {} : { only }),
    },
    workOf(flags, true),
  );
  const found = verdict === undefined ? [] : verdictDiagnostics(verdict, source, true);
  const exit = verdict === undefined ? exitCodeOf(diagnostics) : exitCodeFor(verdict.kind, true);
  const all = [...diagnostics, ...found];
  if (json === true) {
    printJson({
      command: 'check',
      exit,
      verdict: verdict?.kind ?? null,
      ...(verdict === undefined
        ? {}
        : { counts: countVerdicts(verdict), findings: verdict.findings, functions: verdict.functions }),
      diagnostics: all,
    });
  } else {
    printDiagnostics(all, [source, target]);
    if (verdict !== undefined) process.stdout.write(`${source.file}, ${target.file}: ${summary(verdict)}\n`);
  }
  if (output !== undefined && verdict !== undefined) {
    const made = makeEvidence({
      path: output,
      source: {
        path: sourcePath,
        sha256: source.sha256,
        language: route.source.name,
        processor: route.source.processor,
      },
      target: { path: targetPath, sha256: target.sha256, language: route.target.name },
      functions: only === undefined ? functions : functions.filter((f) => only.includes(f.source)),
      verdict,
      proposer: 'unknown',
      tests: [],
    });
    writeOutputs([{ path: output, text: printEvidence(made) }]);
  }
  return exit;
}
