// SPDX-License-Identifier: MIT
import { InternalError, must } from '../../base/assert.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source.ts';
import type { FunctionRelation } from '../abi/relation.ts';
import type { Isa } from '../isa/isa.ts';
import type { ProgramVerdict } from '../verify/check-program.ts';
import { checkClaim } from './check-claim.ts';
import { Lanes } from './lanes.ts';
import { findEntries, type Wanted } from './native-entries.ts';
import type { Progress } from './progress.ts';
import type { Bound, Lowered, LowerRequest, Service, SessionOptions } from './session.ts';

export interface Work extends SessionOptions {
  readonly jobs: number;
  readonly progress: Progress;
}

export interface TranslateOptions extends Work {
  readonly from: Isa['name'];
  readonly to: Isa['name'];
  /** What the source is taken to run on, where one is named. */
  readonly processor?: string | undefined;
  /** The name under which the target's text is spoken of. */
  readonly targetName: (source: string) => string;
  /** Features of the target machine that the text may use beyond the base architecture. */
  readonly features: readonly string[];
  readonly withStages: boolean;
  /** The functions that are to have entries for native code. */
  readonly nativeEntries?: Wanted | undefined;
  /** Exceptions of C++ that are thrown end the program, instead of being refused. */
  readonly exceptionsEnd?: boolean;
}

/** What became of one file. */
export interface Translated {
  readonly source: SourceText;
  readonly diagnostics: readonly Diagnostic[];
  /** The target, where nothing was refused; whether it may be used depends on the verdict. */
  readonly target: SourceText | undefined;
  readonly functions: readonly FunctionRelation[];
  /** Functions of vouch's runtime that the target calls. */
  readonly runtime: readonly string[];
  readonly verdict: ProgramVerdict | undefined;
  readonly stages: string;
}

/** From this size on, all lanes work on one file. */
const BIG = 400_000;

/** Translates files and checks what came out, as it will be read by others: from its text. */
export async function translate(files: readonly SourceText[], options: TranslateOptions): Promise<Translated[]> {
  const lanes = new Lanes(laneCount(files, options.jobs), options, files);
  return lanes.during(async () => {
    const elsewhere = definitionsOfOthers(files);
    const entries = await findEntries(lanes, files, options);
    const known = (f: SourceText): Surroundings => ({
      definedElsewhere: elsewhere(f),
      nativeEntries: entries,
      isNamedElsewhere: (name) => files.some((g) => g !== f && names(g.text, name)),
    });
    const results = new Map<SourceText, Translated>();
    const bySize = [...files].sort((a, b) => b.text.length - a.text.length);
    const big = bySize.filter((f) => f.text.length >= BIG);
    for (const f of big) results.set(f, await translateOne(lanes.services, f, known(f), options));
    const small = bySize.slice(big.length);
    const done = await lanes.each(small, (service, f) => translateOne([service], f, known(f), options));
    for (const [i, f] of small.entries()) results.set(f, must(done[i], 'result'));
    return files.map((f) => must(results.get(f), 'result'));
  });
}

/** For each file, the names that the others define for all. Files that are translated together are one program. */
export function definitionsOfOthers(files: readonly SourceText[]): (file: SourceText) => readonly string[] {
  const defined = new Map(files.map((f) => [f, files.length > 1 ? globalsOf(f.text) : []]));
  return (file) => [...defined].flatMap(([f, names]) => (f === file ? [] : names));
}

function globalsOf(text: string): string[] {
  const labels = new Set([...text.matchAll(/^([\w.$]+):/gm)].map((m) => m[1] ?? ''));
  const globals = [...text.matchAll(/^\s*\.(?:globl|global|weak)\s+([\w.$]+)/gm)].map((m) => m[1] ?? '');
  return globals.filter((name) => labels.has(name));
}

/** Small work is done before threads have started. */
const SMALL = 60_000;

export function laneCount(files: readonly SourceText[], jobs: number): number {
  const size = files.reduce((n, f) => n + f.text.length, 0);
  if (size < SMALL) return 1;
  const useful = files.some((f) => f.text.length >= BIG) ? jobs : Math.min(jobs, files.length);
  return Math.max(1, useful);
}

/** What the other files tell of one. */
interface Surroundings extends Pick<LowerRequest, 'definedElsewhere' | 'nativeEntries'> {
  isNamedElsewhere(name: string): boolean;
}

/** Whether a symbol occurs in a text as a word of its own. */
function names(text: string, symbol: string): boolean {
  for (let at = text.indexOf(symbol); at >= 0; at = text.indexOf(symbol, at + 1)) {
    if (!/[\w.$]/.test(text.charAt(at - 1)) && !/[\w.$]/.test(text.charAt(at + symbol.length))) return true;
  }
  return false;
}

async function translateOne(
  services: readonly Service[],
  source: SourceText,
  surroundings: Surroundings,
  options: TranslateOptions,
): Promise<Translated> {
  const { from, to, processor, progress } = options;
  const nothing = { source, target: undefined, functions: [], runtime: [], verdict: undefined, stages: '' };
  const [first, ...others] = services;
  if (first === undefined) throw new InternalError('no lanes');
  progress({ kind: 'reading', file: source.file });
  // The others read the source while the first one lowers it.
  const opening = others.map((s) => s.open(source, from, to, processor));
  const settled = Promise.allSettled(opening);
  const read = await first.open(source, from, to, processor);
  if (read.diagnostics.some(isError)) {
    await settled;
    return { ...nothing, diagnostics: read.diagnostics };
  }
  progress({ kind: 'lowering', file: source.file });
  const { features, withStages, exceptionsEnd = false } = options;
  const { isNamedElsewhere, ...told } = surroundings;
  const lowered = await first.lower({ withStages, ...told, features, namesUncallable: true, exceptionsEnd });
  const lost = lowered.losing.filter((l) => l.names.some(isNamedElsewhere)).map((l) => l.refusal);
  await Promise.all(opening);
  const diagnostics = [...read.diagnostics, ...lowered.diagnostics, ...lost];
  if (diagnostics.some(isError)) return { ...nothing, diagnostics, stages: lowered.stages };
  const target = { file: options.targetName(source.file), text: lowered.text };
  progress({ kind: 'reading-target', file: source.file });
  const bound = await bindAll(services, target, lowered.functions);
  own(bound, target);
  const missing = refusedFeatures(bound, features, target.file);
  if (missing.length > 0) return { ...nothing, diagnostics: [...diagnostics, ...missing], stages: lowered.stages };
  const all = lowered.functions.map((_, i) => i);
  const verdict = await checkClaim(services, source.file, lowered.functions, all, progress);
  progress({ kind: 'done', file: source.file });
  const { functions, runtime, stages } = lowered;
  return { source, diagnostics, target, functions, runtime, verdict, stages };
}

async function bindAll(
  services: readonly Service[],
  target: SourceText,
  functions: Lowered['functions'],
): Promise<Bound> {
  const bound = await Promise.all(services.map((s) => s.bind({ target, functions, refused: [] })));
  return must(bound[0], 'bound');
}

/** Text that vouch wrote and cannot read is vouch's own fault. */
function own(bound: Bound, target: SourceText): void {
  const wrong = bound.diagnostics.find(isError);
  if (wrong === undefined) return;
  const line = wrong.span === undefined ? '' : (target.text.split('\n')[wrong.span.line - 1]?.trim() ?? '');
  throw new InternalError(`the translation cannot be read back: ${wrong.message} (${wrong.code}): ${line}`);
}

function refusedFeatures(bound: Bound, features: readonly string[], file: string): Diagnostic[] {
  return bound.features
    .filter((f) => !features.includes(f.name))
    .map((f) => ({
      severity: 'error',
      kind: 'unsupported',
      code: 'V0240',
      message: `the translation needs the feature ${f.name} (${f.inst})`,
      span: { file, line: f.line, column: 1, endColumn: 1 },
      notes: [`allow it with --features ${f.name} if the machine has it`],
    }));
}

const isError = (d: Diagnostic): boolean => d.severity === 'error';
