// SPDX-License-Identifier: MIT
import './engine.ts';
import { must } from '../../base/assert.ts';
import { type Diagnostic, Diagnostics } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source.ts';
import type { Limits } from '../../core/budget.ts';
import { conventionsOf } from '../abi/call-model.ts';
import type { FunctionRelation } from '../abi/relation.ts';
import type { Isa } from '../isa/isa.ts';
import type { LoweredFile } from '../lower/from-x86_64/file.ts';
import { type NativeEntries, type Offered, offeredBy } from '../lower/from-x86_64/native-entries.ts';
import { recoverProgram } from '../program/recover.ts';
import type { Program } from '../program/types.ts';
import { readAsm } from '../text/read.ts';
import type { FunctionVerdict } from '../verify/check-function.ts';
import { checkOne } from '../verify/check-program.ts';
import { Context } from '../verify/context.ts';
import { structuralFindings } from '../verify/structure.ts';
import { type OpenProver, openProver, type ProverOptions } from './prover.ts';
import { findRoute, type Route } from './route.ts';
import { describeProgram } from './stages.ts';

/** What one thread needs to know before it is asked anything. */
export interface SessionOptions {
  readonly prover: ProverOptions;
  readonly limits: Limits;
}

export interface Read {
  readonly diagnostics: readonly Diagnostic[];
  readonly functions: number;
  readonly blocks: number;
  readonly insts: number;
}

export interface Lowered extends Pick<LoweredFile, 'text' | 'functions' | 'runtime' | 'losing'> {
  readonly diagnostics: readonly Diagnostic[];
  /** What was understood of the source, for people; only where it was asked for. */
  readonly stages: string;
}

export interface LowerRequest {
  readonly withStages: boolean;
  /** Names that other files of the same program define. */
  readonly definedElsewhere: readonly string[];
  /** Features of the target machine that the text may use beyond the base architecture. */
  readonly features: readonly string[];
  /** The functions that native code is to be able to call although they take arguments on the stack. */
  readonly nativeEntries?: NativeEntries | undefined;
  /** Whether to say which functions native code cannot call. */
  readonly namesUncallable?: boolean;
  /** Exceptions of C++ that are thrown end the program. */
  readonly exceptionsEnd?: boolean;
}

/** A target and what is claimed of it. */
export interface TargetClaim {
  readonly target: SourceText;
  readonly functions: readonly FunctionRelation[];
  readonly refused: readonly string[];
}

export interface Bound {
  readonly diagnostics: readonly Diagnostic[];
  /** Features beyond the base architecture that the target's instructions need, with a place for each. */
  readonly features: readonly Feature[];
}

export interface Feature {
  readonly name: string;
  readonly line: number;
  readonly inst: string;
}

/**
 * The work on one pair of programs in one thread, step by step: read the source, lower it or not, bind it to a target,
 * check functions. Opening the next source forgets the pair before.
 */
export interface Service {
  /** `processor` is what the source is taken to run on, where one is named. */
  open(source: SourceText, from: Isa['name'], to: Isa['name'], processor?: string): Promise<Read>;
  /** What functions that other files know take on the stack. */
  offered(): Promise<readonly Offered[]>;
  lower(options: LowerRequest): Promise<Lowered>;
  bind(claim: TargetClaim): Promise<Bound>;
  findings(): Promise<readonly string[]>;
  check(functions: readonly number[]): Promise<readonly FunctionVerdict[]>;
  /** Ends in good order: what was asked before is finished first. */
  close(): Promise<void>;
  /** Ends at once. */
  abort(): Promise<void>;
}

export class Session implements Service {
  private readonly options: SessionOptions;
  private readonly prover: OpenProver;
  private route: Route | undefined;
  private source: Program | undefined;
  private context: Context | undefined;

  constructor(options: SessionOptions) {
    this.options = options;
    this.prover = openProver(options.prover);
  }

  async open(source: SourceText, from: Isa['name'], to: Isa['name'], processor?: string): Promise<Read> {
    this.context = undefined;
    this.source = undefined;
    const route = must(findRoute(from, to, processor), `no route from ${from} to ${to}`);
    this.route = route;
    const { program, diagnostics } = readProgram(source, route.source);
    this.source = program;
    let [blocks, insts] = [0, 0];
    for (const f of program?.functions ?? []) {
      blocks += f.blocks.length;
      insts += f.insts.length;
    }
    return { diagnostics, functions: program?.functions.length ?? 0, blocks, insts };
  }

  async offered(): Promise<readonly Offered[]> {
    return offeredBy(this.opened().source);
  }

  async lower(options: LowerRequest): Promise<Lowered> {
    const { route, source } = this.opened();
    const diagnostics = new Diagnostics();
    const { text, functions, runtime, losing } = route.lower(source, diagnostics, {
      definedElsewhere: new Set(options.definedElsewhere),
      features: new Set(options.features),
      nativeEntries: options.nativeEntries,
      namesUncallable: options.namesUncallable === true,
      exceptionsEnd: options.exceptionsEnd === true,
    });
    const stages = options.withStages ? describeProgram(source) : '';
    return { text, functions, runtime, losing, diagnostics: diagnostics.list, stages };
  }

  async bind({ target, functions, refused }: TargetClaim): Promise<Bound> {
    const { route, source } = this.opened();
    this.context = undefined;
    const { program, diagnostics } = readProgram(
      { ...target, text: route.runtime.without(target.text) },
      route.target,
      'target',
    );
    if (program === undefined) return { diagnostics, features: [] };
    const { pair, contracts } = route;
    const claim = { source, target: program, pair, functions, contracts, refused };
    this.context = new Context(claim, this.prover.prover, this.options.limits);
    return { diagnostics, features: featuresOf(program) };
  }

  async findings(): Promise<readonly string[]> {
    return structuralFindings(this.bound());
  }

  async check(functions: readonly number[]): Promise<readonly FunctionVerdict[]> {
    const context = this.bound();
    const verdicts: FunctionVerdict[] = [];
    for (const i of functions) verdicts.push(await checkOne(context, must(context.claim.functions[i], 'function')));
    return verdicts;
  }

  async close(): Promise<void> {
    this.context = undefined;
    this.source = undefined;
    await this.prover.close();
  }

  abort(): Promise<void> {
    return this.close();
  }

  private opened(): { readonly route: Route; readonly source: Program } {
    return { route: must(this.route, 'open comes first'), source: must(this.source, 'the source could not be read') };
  }

  private bound(): Context {
    return must(this.context, 'bind comes first');
  }
}

/** Reads a file and finds its functions; no program where there are errors. */
export function readProgram(
  source: SourceText,
  isa: Isa,
  side: 'source' | 'target' = 'source',
): { readonly program: Program | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics = new Diagnostics();
  const ast = readAsm(source, isa, diagnostics);
  if (diagnostics.hasErrors) return { program: undefined, diagnostics: diagnostics.list };
  const program = recoverProgram(ast, diagnostics, side === 'source' ? conventionsOf(isa) : undefined);
  return { program: diagnostics.hasErrors ? undefined : program, diagnostics: diagnostics.list };
}

function featuresOf(program: Program): readonly Feature[] {
  const found = new Map<string, Feature>();
  for (const f of program.functions) {
    for (const inst of f.insts) {
      const name = inst.def.feature;
      if (name !== undefined && !found.has(name)) {
        found.set(name, { name, line: inst.span?.line ?? 0, inst: inst.def.id });
      }
    }
  }
  return [...found.values()];
}
