// SPDX-License-Identifier: MIT
import { extname } from 'node:path';
import type { Command } from 'commander';
import { reportHtml } from '../report/html.ts';
import { summarise } from '../report/summary.ts';
import { reportText } from '../report/text.ts';
import { readEvidenceFile } from './evidence-file.ts';
import { isSameFile, writeOutputs } from './files.ts';
import { addJson } from './options.ts';
import { about, EXIT, type ExitCode, printJson, Stop } from './outcome.ts';

interface Flags {
  readonly output?: string;
  readonly json?: boolean;
}

export function reportCommand(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command('report')
    .description('show evidence to people, as text or as a web page')
    .argument('<evidence>', 'a file that `translate` or `check` wrote')
    .option('-o, --output <file>', 'where the report goes; a name that ends in .html makes it a web page');
  addJson(command).action((path: string, flags: Flags) => finish(runReport(path, flags)));
}

/** Reports say what the evidence says; whether that is true is for `audit` to find out. */
function runReport(path: string, flags: Flags): ExitCode {
  const { output = '-' } = flags;
  const evidence = readEvidenceFile(path);
  if (output !== '-' && path !== '-' && isSameFile(output, path)) {
    throw new Stop(about('input', 'V0308', 'this is an input, and it would be overwritten', { file: output }));
  }
  const html = ['.html', '.htm'].includes(extname(output).toLowerCase());
  if (flags.json === true) {
    const { source, target, kind, findings, assumptions } = evidence;
    printJson({
      command: 'report',
      exit: EXIT.ok,
      source,
      target,
      kind,
      findings,
      assumptions,
      ...summarise(evidence),
    });
    if (output === '-') return EXIT.ok;
  }
  writeOutputs([{ path: output, text: html ? reportHtml(evidence) : reportText(evidence) }]);
  return EXIT.ok;
}
