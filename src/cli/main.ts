// SPDX-License-Identifier: MIT
import { Command, CommanderError } from 'commander';
import { ThreadEnded } from '../asm/pipeline/threads.ts';
import { VOUCH_VERSION } from '../asm/pipeline/version.ts';
import { must } from '../base/assert.ts';
import { about, EXIT, type ExitCode, exitCodeOf, printDiagnostics, printJson, Stop } from './outcome.ts';

let exit: number = EXIT.ok;
const finish = (code: number): void => {
  exit = code;
};

type Add = (program: Command, finish: (code: number) => void) => void;

/** Each brings what it needs: a program that is to run should not wait for the prover. */
const COMMANDS: Readonly<Record<string, () => Promise<Add>>> = {
  translate: async () => (await import('./translate.ts')).translateCommand,
  check: async () => (await import('./check.ts')).checkCommand,
  run: async () => (await import('./run.ts')).runCommand,
  test: async () => (await import('./test.ts')).testCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  audit: async () => (await import('./audit.ts')).auditCommand,
  explain: async () => (await import('./explain.ts')).explainCommand,
  coverage: async () => (await import('./coverage.ts')).coverageCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
};

async function build(): Promise<Command> {
  const program = new Command('vouch')
    .description('Carries programs from one instruction set to another and proves that they arrived intact.')
    .version(VOUCH_VERSION)
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  const [, , name = ''] = process.argv;
  // Help and suggestions need all of them.
  const wanted = Object.hasOwn(COMMANDS, name) ? [name] : Object.keys(COMMANDS);
  for (const command of wanted) {
    const add = await must(COMMANDS[command], command)();
    add(program, finish);
  }
  for (const command of program.commands) command.exitOverride().configureOutput({ outputError: () => undefined });
  program.addHelpText(
    'after',
    '\nExit codes: 0 as asked, 1 refuted or different, 2 bad input or usage, 3 not supported or undecided, 70 our fault.',
  );
  return program;
}

/** Ends a command that failed: with diagnostics where the user can mend it, and as our own fault otherwise. */
function fail(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    // No command at all: the help has been shown.
    if (error.code === 'commander.help') return EXIT.input;
    const [first = '', ...notes] = error.message.replace(/^error: /, '').split('\n');
    return stop(
      new Stop(about('input', 'V0303', first, { notes: [...notes, '`vouch help` lists commands and options'] })),
    );
  }
  if (error instanceof Stop) return stop(error);
  if (error instanceof ThreadEnded) {
    const notes = ['use fewer --jobs, or split the file'];
    return stop(new Stop(about('unsupported', 'V0309', `the work could not be finished: ${error.message}`, { notes })));
  }
  return ownFault(error);
}

function stop(error: Stop): ExitCode {
  const code = exitCodeOf(error.diagnostics);
  if (process.argv.includes('--json')) printJson({ exit: code, diagnostics: error.diagnostics });
  else printDiagnostics(error.diagnostics, []);
  return code;
}

function ownFault(error: unknown): ExitCode {
  const message = error instanceof Error ? error.message : String(error);
  if (process.argv.includes('--json')) printJson({ exit: EXIT.internal, error: message });
  process.stderr.write(
    `vouch: internal error: ${message}\n` +
      '  This is a bug in vouch. Please report it with the command line and the input files;\n' +
      '  with VOUCH_DEBUG=1 in the environment, the place in the code is shown as well.\n',
  );
  if (process.env.VOUCH_DEBUG === '1' && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  return EXIT.internal;
}

// Who reads our output may stop reading, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? exit : ownFault(error));
});

try {
  await (await build()).parseAsync();
} catch (error) {
  exit = fail(error);
}
process.exitCode = exit;
