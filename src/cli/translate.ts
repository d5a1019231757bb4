// SPDX-License-Identifier: MIT

import { basename, extname, join } from 'node:path';
import { type Command, Option } from 'commander';
import type { HashedText } from '../asm/pipeline/hashed.ts';
import { findRoute, ROUTES, type Route } from '../asm/pipeline/route.ts';
import { type Translated, translate } from '../asm/pipeline/translate.ts';
import { sha256 } from '../asm/pipeline/version.ts';
import { carvedFor } from '../asm/test/carve/carved.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { append } from '../base/lists.ts';
import type { Evidence } from '../core/evidence.ts';
import { makeEvidence, printEvidence } from './evidence-file.ts';
import { isDirectory, isSameFile, type Output, readInput, STDOUT, writeOutputs } from './files.ts';
import { addWorkOptions, afterDashes, cpuOption, percent, type WorkFlags, workOf } from './options.ts';
import { about, EXIT, type ExitCode, exitCodeOf, printDiagnostics, printJson, Stop } from './outcome.ts';
import { addRecordOptions, type RecordFlags, recordedCalls } from './recorded.ts';
import { coverageText, judgeTests, type TestOutcome } from './tests.ts';
import { countVerdicts, exitCodeFor, summary, verdictDiagnostics } from './verdicts.ts';

interface Flags extends WorkFlags, RecordFlags {
  readonly to: string;
  readonly from: string;
  readonly cpu?: string;
  readonly output?: string;
  readonly evidence?: string;
  readonly require?: 'proved' | 'tested';
  readonly coverage: number;
  readonly features?: readonly string[];
  readonly nativeEntries?: readonly string[];
  readonly exceptions: 'refuse' | 'end';
  readonly printStages?: boolean;
}

const list = (value: string): string[] => value.split(',').filter((f) => f !== '');

export function translateCommand(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command('translate')
    .description('carry assembly over to another machine, and prove that it arrived intact')
    .argument('<file...>', 'GNU assembler files; - is standard input')
    .requiredOption('--to <machine>', 'the machine to carry over to: aarch64 or riscv64')
    .option('--from <machine>', 'the machine that the files are for', 'x86_64')
    .addOption(cpuOption())
    .option('-o, --output <file|dir>', 'where the result goes; a folder for several files (default: standard output)')
    .option('--evidence <file|dir>', 'where the evidence goes; a folder for several files')
    .addOption(new Option('--require <what>', 'write nothing unless all of it is').choices(['proved', 'tested']))
    .option('--coverage <percent>', 'with --require tested: how many of all branches tests must take', percent, 98)
    .option('--features <list>', 'features of the target machine that may be used, such as lse or zba,zbb,zbs', list)
    .option(
      '--native-entries <list>',
      'functions that native code is to call with arguments on the stack, or all',
      list,
    )
    .addOption(
      new Option('--exceptions <what>', 'whether code that throws or catches them is refused, or they end the program')
        .choices(['refuse', 'end'])
        .default('refuse'),
    )
    .option('--print-stages', 'show on standard error what was understood, block by block, and what is claimed');
  addRecordOptions(command);
  addWorkOptions(command, true);
  command.action(async (paths: string[], flags: Flags) => {
    finish(await runTranslate(paths.slice(0, paths.length - afterDashes().length), flags));
  });
}

/** Where one input's results go. */
interface Place {
  readonly input: HashedText;
  readonly output: string;
  readonly evidence: string | undefined;
}

async function runTranslate(paths: readonly string[], flags: Flags): Promise<ExitCode> {
  const route = findRoute(flags.from, flags.to, flags.cpu);
  if (route === undefined) {
    const ways = ROUTES.map((r) => `${r.source.name} to ${r.target.name}`).join(', ');
    throw new Stop(
      about('input', 'V0303', `nothing carries ${flags.from} over to ${flags.to}`, { notes: [`there is: ${ways}`] }),
    );
  }
  const features = knownFeatures(route, flags.features ?? []);
  const places = planOutputs(paths, flags, route.target.name);
  const translated = await translate(
    places.map((p) => p.input),
    {
      ...workOf(flags, true),
      from: route.source.name,
      to: route.target.name,
      processor: route.source.processor,
      targetName: (source) => targetFile(places.find((p) => p.input.file === source)?.output ?? '-'),
      features,
      nativeEntries: flags.nativeEntries?.includes('all') === true ? 'all' : flags.nativeEntries,
      exceptionsEnd: flags.exceptions === 'end',
      withStages: flags.printStages === true,
    },
  );
  if (flags.printStages === true) for (const t of translated) process.stderr.write(stagesText(t));
  const tests = flags.require === 'tested' ? await testAll(translated, route, flags) : [];
  return conclude(places, translated, tests, flags);
}

/** The features that were asked for, each of them one that vouch knows of the target. */
function knownFeatures(route: Route, features: readonly string[]): readonly string[] {
  const known = new Set(route.target.forms.flatMap((def) => def.feature ?? []));
  const unknown = features.filter((f) => !known.has(f));
  if (unknown.length === 0) return features;
  throw new Stop(
    about('input', 'V0303', `${route.target.name} has no feature ${unknown.join(', ')} that vouch knows`, {
      notes: [`there is: ${[...known].sort().join(', ')}`],
    }),
  );
}

/** Runs the functions of each file and of its translation side by side. */
async function testAll(translated: readonly Translated[], route: Route, flags: Flags): Promise<readonly TestOutcome[]> {
  const { testFiles } = await import('../asm/pipeline/side-by-side.ts');
  const carvings = await recordedCalls(
    translated.map((t) => t.source),
    route.source,
    flags,
  );
  const outcomes: TestOutcome[] = [];
  for (const { source, target } of translated) {
    if (target === undefined) {
      outcomes.push({ diagnostics: [], tests: [] });
      continue;
    }
    const options = {
      ...{ seed: TEST_SEED, runs: TEST_RUNS, steps: 100_000, keepsResults: true },
      ...carvedFor(source.file, carvings),
    };
    const { diagnostics, report } = await testFiles(source, target, route.source, route.target, options);
    outcomes.push(judgeTests(source.file, report?.functions ?? [], diagnostics, TEST_SEED, flags.coverage));
  }
  return outcomes;
}

const TEST_SEED = 1;
const TEST_RUNS = 2000;

const targetFile = (output: string): string => (output === '-' ? STDOUT : output);

function planOutputs(paths: readonly string[], flags: Flags, target: string): Place[] {
  const { output = '-', evidence } = flags;
  const several = paths.length > 1;
  if (several && output === '-' && flags.json !== true) {
    throw new Stop(
      about('input', 'V0303', 'several files need a folder for the results', { notes: ['name one with -o'] }),
    );
  }
  if (paths.filter((p) => p === '-').length > 1) {
    throw new Stop(about('input', 'V0303', 'standard input can be read only once'));
  }
  const used = new Map<string, string>();
  const into = (dir: string, path: string, suffix: string): string => {
    const name = path === '-' ? 'stdin' : basename(path);
    const stem = extname(name) === '' ? name : name.slice(0, -extname(name).length);
    const result = join(dir, `${stem}${suffix}`);
    const other = used.get(result);
    if (other !== undefined)
      throw new Stop(about('input', 'V0303', `${other} and ${path} would both be written to ${result}`));
    used.set(result, path);
    return result;
  };
  const asFolder = (where: string): boolean => several || where.endsWith('/') || isDirectory(where);
  const places = paths.map((path): Place => {
    const out = output !== '-' && asFolder(output) ? into(output, path, `.${target}.s`) : output;
    const proof =
      evidence !== undefined && evidence !== '-' && asFolder(evidence) ? into(evidence, path, '.vouch.json') : evidence;
    for (const p of paths) {
      for (const o of [out, proof]) {
        if (o !== undefined && o !== '-' && p !== '-' && isSameFile(o, p)) throw overwrite(o);
      }
    }
    if (out === proof) throw new Stop(about('input', 'V0303', 'the result and the evidence need different places'));
    return { input: readInput(path), output: out, evidence: proof };
  });
  if (several && evidence === '-')
    throw new Stop(about('input', 'V0303', 'several files need a folder for the evidence'));
  return places;
}

const overwrite = (file: string): Stop =>
  new Stop(about('input', 'V0308', 'this is an input, and it would be overwritten', { file }));

function conclude(
  places: readonly Place[],
  translated: readonly Translated[],
  tests: readonly TestOutcome[],
  flags: Flags,
): ExitCode {
  const required = flags.require === 'proved';
  const codes: ExitCode[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const t of translated) {
    codes.push(exitCodeOf(t.diagnostics));
    append(diagnostics, t.diagnostics);
    if (t.verdict === undefined) continue;
    codes.push(exitCodeFor(t.verdict.kind, required));
    append(diagnostics, verdictDiagnostics(t.verdict, t.source, required));
  }
  for (const t of tests) {
    const different = t.diagnostics.some((d) => d.code === 'V0631');
    codes.push(different ? EXIT.different : exitCodeOf(t.diagnostics));
    append(diagnostics, t.diagnostics);
  }
  const exit = worstExit(codes);
  const json = flags.json === true;
  const outputs = exit === EXIT.ok ? outputsOf(places, translated, tests, flags) : [];
  if (json) {
    const files = translated.map((t, i) => fileJson(t, places[i], exit === EXIT.ok));
    writeOutputs(outputs);
    printJson({ command: 'translate', exit, files, diagnostics });
    return exit;
  }
  const sources = translated.flatMap((t) => (t.target === undefined ? [t.source] : [t.source, t.target]));
  printDiagnostics(diagnostics, sources);
  for (const t of translated) {
    if (t.verdict !== undefined) process.stderr.write(`${t.source.file}: ${summary(t.verdict)}\n`);
  }
  for (const [i, { tests: list }] of tests.entries()) {
    process.stderr.write(`${translated[i]?.source.file ?? ''}: tested: ${coverageText(list)}\n`);
  }
  if (exit !== EXIT.ok) process.stderr.write('nothing was written\n');
  writeOutputs(outputs);
  return exit;
}

/** Bad input first, then differences, then what is not supported. */
export function worstExit(codes: readonly ExitCode[]): ExitCode {
  return [EXIT.input, EXIT.different, EXIT.unsupported].find((c) => codes.includes(c)) ?? EXIT.ok;
}

function outputsOf(
  places: readonly Place[],
  translated: readonly Translated[],
  tests: readonly TestOutcome[],
  flags: Flags,
): Output[] {
  const outputs: Output[] = [];
  translated.forEach((t, i) => {
    const place = places[i];
    if (place === undefined || t.target === undefined || t.verdict === undefined) return;
    if (!(flags.json === true && place.output === '-')) outputs.push({ path: place.output, text: t.target.text });
    if (place.evidence !== undefined)
      outputs.push({ path: place.evidence, text: evidenceText(place, t, tests[i]?.tests ?? [], flags) });
  });
  return outputs;
}

function evidenceText(place: Place, t: Translated, tests: Evidence['tests'], flags: Flags): string {
  const { target, verdict, functions } = t;
  if (target === undefined || verdict === undefined || place.evidence === undefined) return '';
  const evidence = makeEvidence({
    path: place.evidence,
    source: { path: place.input.file, sha256: place.input.sha256, language: flags.from, processor: flags.cpu },
    target: { path: place.output, sha256: sha256(target.text), language: flags.to },
    functions,
    verdict,
    proposer: 'rules',
    tests,
  });
  return printEvidence(evidence);
}

function fileJson(t: Translated, place: Place | undefined, written: boolean): unknown {
  const { verdict } = t;
  const toStdout = place === undefined || place.output === '-';
  return {
    source: t.source.file,
    output: toStdout || !written ? null : place.output,
    evidence: written ? (place?.evidence ?? null) : null,
    verdict: verdict?.kind ?? null,
    ...(verdict === undefined ? {} : { counts: countVerdicts(verdict), findings: verdict.findings }),
    runtime: t.runtime,
    ...(toStdout && written ? { text: t.target?.text ?? null } : {}),
  };
}

function stagesText(t: Translated): string {
  const claims = t.functions.map((f) => {
    const blocks = f.blocks.map((b) => `  block ${b.block} at ${b.target}: ${JSON.stringify(b.relation)}\n`);
    return `claim ${f.source} -> ${f.target}, ${f.convention}, entry stack ${f.entryStack}, return stack ${f.returnStack}\n${blocks.join('')}`;
  });
  return `${t.source.file}: understood\n${t.stages}${t.source.file}: claimed\n${claims.join('')}`;
}
