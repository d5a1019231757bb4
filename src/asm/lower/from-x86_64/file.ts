// SPDX-License-Identifier: MIT

import { must } from '../../../base/assert.ts';
import type { Diagnostic, Diagnostics } from '../../../base/diagnostic.ts';
import { certainCallModel, defaultCallModel, floatCallModel } from '../../abi/call-model.ts';
import type { RefusedFunction } from '../../abi/externals-refused.ts';
import { stackedName, withoutStacked } from '../../abi/native-entry.ts';
import type { FunctionRelation } from '../../abi/relation.ts';
import type { RuntimeLibrary } from '../../abi/runtime/library.ts';
import { TRAP, TRAP_ALONE } from '../../abi/runtime/runtime-function.ts';
import { callGraph } from '../../program/call-graph.ts';
import { calleeOf } from '../../program/callee.ts';
import { type ChunkSet, chunksOf, hasChunk } from '../../program/chunks.ts';
import { ENTRY, isEntry } from '../../program/entry.ts';
import { keptOverCalls } from '../../program/kept.ts';
import { type ProgramSummary, summariseProgram } from '../../program/summary.ts';
import type { FunctionCode, Program } from '../../program/types.ts';
import { functionFacts } from './analysis.ts';
import { type BlockContext, type Features, NO_FEATURES, Refusal, type Symbols } from './context.ts';
import { declaresKept, executableStacks, isDeclaration, labelsDropped, portDirective, SectionTracker } from './data.ts';
import { Externals, runtimeNamedIn } from './externals.ts';
import type { FunctionFacts } from './facts.ts';
import { farArguments } from './far-arguments.ts';
import { FLAGS, type FlagName } from './flags.ts';
import { type LoweredFunction, lowerFunction, type Variant, variantOf } from './function.ts';
import type { CalleeOfCall, CallSite, Calls } from './leaving.ts';
import { FileEntries, type NativeEntries, uncallable } from './native-entries.ts';
import { VECTORS } from './relate-homes.ts';
import { symbolFacts } from './symbols.ts';
import type { Target } from './target.ts';

/** A lowered file: assembly text for the target, and the claim how it corresponds to the source. */
export interface LoweredFile {
  readonly text: string;
  readonly functions: readonly FunctionRelation[];
  /** Runtime functions that the text uses; they stand at its end. */
  readonly runtime: readonly string[];
  /** Functions that others may call, and that only functions of this file pass all that they take. */
  readonly losing: readonly LosingFunction[];
}

/** A function that takes all of a vector register, of which callers in other files pass the lower half. */
export interface LosingFunction {
  readonly names: readonly string[];
  readonly refusal: Diagnostic;
}

export interface LowerOptions {
  /** Names that other files of the program define, so that they are not the C library's. */
  readonly definedElsewhere?: ReadonlySet<string>;
  /** What the target machine has beyond its base architecture. */
  readonly features?: Features;
  /** The functions that native code is to be able to call although they take arguments on the stack. */
  readonly nativeEntries?: NativeEntries | undefined;
  /** Whether to say which functions native code cannot call, where the program has no `main`. */
  readonly namesUncallable?: boolean;
  /** Exceptions of C++ that are thrown end the program, so that code may throw and have handlers, which nothing gets to. */
  readonly exceptionsEnd?: boolean;
}

/** A target with what stands around the functions of a file. */
export interface FileTarget<C extends BlockContext> extends Target<C> {
  readonly runtime: RuntimeLibrary;
  readonly refused: ReadonlyMap<string, RefusedFunction>;
  /** Lines at the beginning of every file, for a machine that has these features. */
  prologue(features: Features): readonly string[];
  /** The directive that aligns code as the target wants it. */
  readonly alignCode: string;
  /** What a text names of the target's own storage, as lines that define it. */
  ownStorage?(text: string): readonly string[];
  /** The entry for native code of a function whose other name is `body`. */
  nativeEntry(body: string, words: number): readonly string[];
  /** Whether the target's text would take the name for that of a register. */
  isRegister(name: string): boolean;
  /** Whether only callers that know the function pass more than 64 bits of a vector register. */
  readonly passesHalves: boolean;
  /** The vector registers that a function takes as a double or as two floats, though only its result may tell. */
  takesWhole(code: FunctionCode): ReadonlySet<string>;
}

/** Lowers a whole file. What cannot be carried over is reported in `diagnostics`; then the text is not to be used. */
export function lowerFile<C extends BlockContext>(
  target: FileTarget<C>,
  program: Program,
  diagnostics: Diagnostics,
  options: LowerOptions = {},
): LoweredFile {
  return new FileLowering(target, program, diagnostics, options).run();
}

interface Request {
  readonly code: FunctionCode;
  readonly variant: Variant;
  readonly name: string;
  readonly suffix: string;
}

/** As a function is entered by others. */
function usualVariant(code: FunctionCode): Variant {
  return isEntry(code) ? variantOf('start', 0, 0) : variantOf('abi', -8, -8);
}

class FileLowering<C extends BlockContext> {
  private readonly target: FileTarget<C>;
  private readonly program: Program;
  private readonly diagnostics: Diagnostics;
  private readonly summary: ProgramSummary;
  /** The same, but counting only what is surely read. */
  private certain: ProgramSummary | undefined;
  /** The same, but counting no more of a vector register than a float where it may be an argument or a result. */
  private narrow: ProgramSummary | undefined;
  private readonly facts = new Map<FunctionCode, FunctionFacts>();
  private kept: readonly ChunkSet[] | undefined;
  /** By function name, then by variant key. */
  private readonly requests = new Map<string, Map<string, Request>>();
  private readonly queue: Request[] = [];
  /** How many of the queue are lowered. */
  private done = 0;
  private readonly symbols: Symbols;
  private readonly calls: Calls;
  private readonly lowered = new Map<Request, LoweredFunction>();
  private readonly losing: LosingFunction[] = [];
  private readonly labels = { next: 0 };
  private readonly staysLocal = new Map<string, boolean>();
  private readonly definedElsewhere: ReadonlySet<string>;
  private readonly externals: Externals;
  private readonly entries: FileEntries;
  private readonly features: Features;
  private readonly namesUncallable: boolean;
  /** Whether all code that was carried over is in the files that are translated together. */
  private readonly nativeOutside: boolean;

  constructor(target: FileTarget<C>, program: Program, diagnostics: Diagnostics, options: LowerOptions) {
    this.target = target;
    this.program = program;
    this.definedElsewhere = options.definedElsewhere ?? new Set();
    this.entries = new FileEntries(program, options.nativeEntries, target.isRegister);
    this.externals = new Externals(
      target,
      program,
      this.definedElsewhere,
      this.entries.renamed(),
      options.exceptionsEnd,
    );
    this.features = options.features ?? NO_FEATURES;
    this.nativeOutside = options.nativeEntries?.wanted === 'all';
    this.namesUncallable = options.namesUncallable === true;
    this.diagnostics = diagnostics;
    this.summary = summariseProgram(program, defaultCallModel(program.isa));
    this.symbols = symbolFacts(program);
    this.calls = this.makeCalls();
  }

  run(): LoweredFile {
    const { functions } = this.program;
    for (const code of functions) if (this.isRoot(code)) this.request(code, usualVariant(code));
    this.drain();
    // What nobody calls is carried over as well.
    for (const code of functions) {
      if (this.requests.has(code.name)) continue;
      this.request(code, usualVariant(code));
      this.drain();
    }
    const relations: FunctionRelation[] = [];
    for (const code of functions)
      for (const r of this.requests.get(code.name)?.values() ?? [])
        relations.push(this.withEntry(code, must(this.lowered.get(r), 'lowered').relation));
    for (const d of this.externals.refusals()) this.diagnostics.add(d);
    for (const d of this.entries.refusals()) this.diagnostics.add(d);
    if (this.namesUncallable && !this.hasMain())
      for (const d of uncallable(this.program, this.entries)) this.diagnostics.add(d);
    for (const d of farArguments(this.program, (name) => this.isOutside(name), this.nativeOutside))
      this.diagnostics.add(d);
    for (const d of executableStacks(this.program.ast.statements)) this.diagnostics.add(d);
    // Of a file with nothing but comments something is left as well.
    const lines = this.assemble();
    const lowered = this.alone(this.externals.rename(`${lines.length === 0 ? '\t.text' : lines.join('\n')}\n`));
    const own = this.target.ownStorage?.(lowered) ?? [];
    const text = lowered + own.map((line) => `${line}\n`).join('');
    const { runtime: library } = this.target;
    const runtime = [...runtimeNamedIn(library, text)].sort();
    return { text: text + library.text(runtime), functions: relations, runtime, losing: this.losing };
  }

  /** A program that begins by itself has no C library to send a signal with. */
  private alone(text: string): string {
    const { symbols } = this.program;
    const begins = symbols.get(ENTRY)?.defined === true || this.definedElsewhere.has(ENTRY);
    return begins ? text.replaceAll(new RegExp(`(?<=^\\t\\w+\\t)${TRAP}$`, 'gm'), TRAP_ALONE) : text;
  }

  private drain(): void {
    for (let r = this.queue[this.done]; r !== undefined; r = this.queue[this.done]) {
      this.done++;
      const lowered = lowerFunction(this.target, {
        code: r.code,
        facts: this.factsOf(r.code),
        variant: r.variant,
        name: r.name,
        suffix: r.suffix,
        symbols: this.symbols,
        calls: this.calls,
        labels: this.labels,
        features: this.features,
        returned: this.returnedBy(r.code),
      });
      for (const d of lowered.diagnostics) this.diagnostics.add(d);
      if (r.suffix === '') this.refuseWholeVectors(r.code);
      this.lowered.set(r, lowered);
    }
  }

  /**
   * Who calls a function through a pointer, or from another file, does not see that it takes a vector register as a whole.
   * Functions with variable arguments, which only save what they are passed, do not count.
   */
  private refuseWholeVectors(code: FunctionCode): void {
    const { addressTaken, symbols } = this.program;
    if (!this.target.passesHalves) return;
    const names = [code.name, ...code.aliases];
    const pointed = names.some((n) => addressTaken.has(n));
    const exported = names.filter((n) => symbols.get(n)?.binding !== 'local');
    if (!pointed && exported.length === 0) return;
    const { usesUncounted } = must(this.floats().functions[this.indexOf(code)], 'summary');
    const chunks = chunksOf(this.program.isa);
    const whole = VECTORS.find((s) =>
      (chunks.ofLocation.get(s) ?? []).some((c) => c.lo >= 64 && hasChunk(usesUncounted, c.index)),
    );
    const span = code.insts[0]?.span;
    if (whole === undefined) return;
    const refusal = (how: string): Diagnostic => ({
      severity: 'error',
      kind: 'unsupported',
      code: 'V0227',
      message: `${code.name} takes all of ${whole}, and ${how}, where nobody sees that`,
      ...(span === undefined ? {} : { span }),
      notes: ['make it static and call it by its name, or pass the vector in memory'],
    });
    if (pointed) this.diagnostics.add(refusal('may be called through a pointer'));
    else this.losing.push({ names: exported, refusal: refusal('another file of the program names it') });
  }

  private factsOf(code: FunctionCode): FunctionFacts {
    let facts = this.facts.get(code);
    if (facts === undefined) {
      const index = this.indexOf(code);
      const { liveness } = must(this.summary.functions[index], 'summary');
      const surely = () => must(this.floats().functions[index], 'summary').liveness;
      facts = functionFacts(this.program, code, liveness, surely, this.around(index));
      this.facts.set(code, facts);
    }
    return facts;
  }

  /** What facts about a function say of others. */
  private around(index: number): Parameters<typeof functionFacts>[4] {
    const chunks = chunksOf(this.program.isa);
    const { functions, callers } = callGraph(this.program);
    const { called, jumped, possible } = must(functions[index], 'call sites');
    const has = (set: ChunkSet, loc: string): boolean =>
      (chunks.ofLocation.get(loc) ?? []).some((c) => c.lo < 64 && hasChunk(set, c.index));
    return {
      callee: (block) => {
        const direct = called[block] ?? -1;
        const certain = direct === -1 ? (jumped[block] ?? -1) : direct;
        const { code, clobbers } = this.summary.functions[certain === -1 ? (possible[block] ?? -1) : certain] ?? {};
        if (code === undefined || clobbers === undefined) return undefined;
        // Another one that comes in its place leaves alone what the convention says, and no vector register is among that.
        return { code, facts: this.factsOf(code), clobbers: (loc) => certain === -1 || has(clobbers, loc) };
      },
      callers: () =>
        (callers[index] ?? []).map((h) => {
          const { code } = must(this.summary.functions[h], 'summary');
          const sites = must(functions[h], 'call sites');
          const blocks = code.blocks.flatMap(({ index: b }) =>
            sites.called[b] === index || sites.jumped[b] === index ? [b] : [],
          );
          return { code, facts: this.factsOf(code), blocks };
        }),
      leftAlone: (block, loc) => {
        const { clobbers } = this.summary.functions[called[block] ?? -1] ?? {};
        return clobbers !== undefined && !has(clobbers, loc);
      },
      isKept: (loc) => {
        this.kept ??= keptOverCalls(this.program, this.summary);
        return has(must(this.kept[index], 'a set'), loc);
      },
    };
  }

  /** Whether others than this file's direct calls can enter the function. */
  private isRoot(code: FunctionCode): boolean {
    return [code.name, ...code.aliases].some((n) => {
      const s = this.program.symbols.get(n);
      return (s !== undefined && s.binding !== 'local') || this.program.addressTaken.has(n);
    });
  }

  private functionNamed(name: string): FunctionCode | undefined {
    const index = this.program.functionOf.get(name);
    return index === undefined ? undefined : this.program.functions[index];
  }

  /** Finds or queues a variant. The first one takes the function's own name and labels. */
  private request(code: FunctionCode, variant: Variant): Request {
    const variants = this.requests.get(code.name) ?? new Map<string, Request>();
    this.requests.set(code.name, variants);
    const { convention, entryStack, returnStack } = variant;
    const key = `${convention}${entryStack}${returnStack}`;
    const known = variants.get(key);
    if (known !== undefined) return known;
    const stack = `${entryStack === 0 ? '_odd' : ''}${returnStack === entryStack ? '' : '_turned'}`;
    const suffix = variants.size === 0 ? '' : `.vouch_${convention}${stack}`;
    const own = variants.size === 0 && this.entries.wordsOf(code) > 0 ? stackedName(code.name) : code.name;
    const made = { code, variant, name: own + suffix, suffix };
    variants.set(key, made);
    this.queue.push(made);
    return made;
  }

  /** A function whose tail calls all stay within functions like it can keep everything in the homes. */
  private canBeLocal(code: FunctionCode): boolean {
    const known = this.staysLocal.get(code.name);
    if (known !== undefined) return known;
    this.staysLocal.set(code.name, true);
    const result = code.blocks.every((b) => {
      if (b.flow.kind === 'indirect' && b.indirectTargets.length === 0) return false;
      if (b.tailCall === undefined) return true;
      const callee = this.functionNamed(b.tailCall);
      return callee !== undefined && this.canBeLocal(callee);
    });
    this.staysLocal.set(code.name, result);
    return result;
  }

  /**
   * Whether the caller goes on to use a register after the call that only the local convention leaves in its home: one
   * that the callee never writes, or one that it gives a result in by a convention of its own. A caller of the local
   * convention owes its own callers what it never writes.
   */
  private needsHomes(code: FunctionCode, { code: caller, variant, next }: CallSite): boolean {
    if (next === undefined) return false;
    const chunks = chunksOf(this.program.isa);
    const callee = must(this.summary.functions[this.indexOf(code)], 'summary');
    const around = must(this.summary.functions[this.indexOf(caller)], 'summary');
    const live = this.liveIn(this.summary, caller, next);
    // The result registers are copied after a call, which is right for results and nothing else.
    const asResult = (register: string): boolean => register === 'rax' || register === 'rdx';
    return ['rdi', 'rsi', 'rax', 'rdx'].some((register) =>
      (chunks.ofLocation.get(register) ?? []).some((c) => {
        if (variant.convention === 'local' && !hasChunk(around.clobbers, c.index)) return true;
        // What is surely read is live as well, and rarely asked for.
        if (!hasChunk(live, c.index)) return false;
        if (!hasChunk(callee.clobbers, c.index)) return true;
        if (asResult(register)) return false;
        return hasChunk(this.liveIn(this.surely(), caller, next), c.index);
      }),
    );
  }

  private floats(): ProgramSummary {
    this.narrow ??= summariseProgram(
      this.program,
      floatCallModel(this.program.isa, this.target.takesWhole),
      this.summary,
    );
    return this.narrow;
  }

  private surely(): ProgramSummary {
    this.certain ??= summariseProgram(this.program, certainCallModel(this.program.isa), this.summary);
    return this.certain;
  }

  private liveIn(summary: ProgramSummary, code: FunctionCode, block: number): ChunkSet {
    return must(summary.functions[this.indexOf(code)], 'summary').liveness.liveIn(block);
  }

  private indexOf(code: FunctionCode): number {
    return must(this.program.functionOf.get(code.name), 'function');
  }

  /** The flags that a function reads before it sets them. */
  private flagsOf(code: FunctionCode): readonly FlagName[] {
    const entry = this.factsOf(code).atBlock(0);
    return FLAGS.filter((f) => entry.liveFlag(f));
  }

  /** The flags that callers in the file read after calls, where the function has set them. */
  private returnedBy(code: FunctionCode): readonly FlagName[] {
    const { extraResults } = must(this.summary.functions[this.indexOf(code)], 'summary');
    const chunks = chunksOf(this.program.isa);
    return FLAGS.filter((f) => chunks.ofLocation.get(f)?.some((c) => hasChunk(extraResults, c.index)));
  }

  /** A function outside of the file, as it is called and jumped to. */
  private outside(name: string): Omit<CalleeOfCall, 'convention' | 'returned'> {
    const symbol = this.externals.symbol(name);
    const native = this.nativeOutside && this.isOutside(name);
    return { symbol, external: true, stacked: withoutStacked(symbol) !== undefined, native, flags: [] };
  }

  /** Whether a function is of none of the files that are translated together, and called as it is. */
  private isOutside(name: string): boolean {
    return !this.definedElsewhere.has(name) && this.externals.symbol(name) === name;
  }

  private makeCalls(): Calls {
    return {
      callee: (name, entryStack, site) => {
        const code = this.functionNamed(name);
        if (code === undefined) return { ...this.outside(name), convention: 'abi', returned: [] };
        // Only the one entered as the platform's convention says can be the function that others see.
        const own = (): boolean => {
          if (entryStack === 0 || !this.isRoot(code)) return true;
          // Where another function may answer instead, nobody relies on what this one does.
          const call = must(site.code.insts[site.index], 'a call');
          return calleeOf(this.program, call, name) !== undefined && this.needsHomes(code, site);
        };
        const convention = this.canBeLocal(code) && own() ? 'local' : 'abi';
        return {
          symbol: this.request(code, variantOf(convention, entryStack, entryStack)).name,
          convention,
          external: false,
          stacked: true,
          native: false,
          flags: this.flagsOf(code),
          returned: this.returnedBy(code),
        };
      },
      tailCallee: (name, variant) => {
        const code = this.functionNamed(name);
        if (code === undefined && variant.convention === 'start')
          throw new Refusal('V0220', `${name} is jumped to without a return address`, 'call it instead');
        if (code === undefined) return this.outside(name);
        const { name: symbol } = this.request(code, variant);
        return { symbol, external: false, stacked: true, native: false, flags: this.flagsOf(code) };
      },
    };
  }

  // Output

  private assemble(): string[] {
    const out: string[] = [...this.target.prologue(this.features)];
    const sections = new SectionTracker();
    const { ast, owner, functions } = this.program;
    const emitted = new Set<FunctionCode>();
    const firstStatement = new Map(functions.map((f) => [f.statements.start, f]));
    const partNames = new Set(functions.flatMap((f) => f.parts.slice(1).map((p) => p.name)));
    const lost = labelsDropped(ast.statements);
    ast.statements.forEach((s, index) => {
      sections.see(s);
      if (sections.isDropped && !declaresKept(s, lost)) return;
      const starts = firstStatement.get(index);
      if (starts !== undefined && !emitted.has(starts)) {
        emitted.add(starts);
        this.emitFunction(starts, out);
      }
      const inFunction = (owner[index] ?? -1) >= 0;
      switch (s.kind) {
        case 'comment':
          return;
        case 'inst':
          return;
        case 'label':
          if (!inFunction || !sections.isCode) out.push(`${s.name}:`);
          return;
        case 'assign':
          out.push(`\t.set\t${s.name}, ${s.value}`);
          return;
        case 'directive': {
          if (inFunction && sections.isCode && !isDeclaration(s.name) && !isSectionDirective(s.name)) return;
          if ((s.name === '.size' || s.name === '.type') && partNames.has(s.args[0] ?? '')) return;
          const line = portDirective(s);
          if (line !== undefined) out.push(line);
        }
      }
    });
    return out;
  }

  private emitFunction(code: FunctionCode, out: string[]): void {
    out.push(this.target.alignCode);
    const requests = [...(this.requests.get(code.name)?.values() ?? [])];
    const [first, ...clones] = requests;
    const words = this.entries.wordsOf(code);
    for (const r of words > 0 ? requests : clones) {
      if (r === first) out.push(...this.declareStacked(code, r.name));
      out.push(`\t.type\t${r.name}, %function`, `${r.name}:`);
      out.push(must(this.lowered.get(r), 'lowered').text);
      out.push(`\t.size\t${r.name}, .-${r.name}`);
    }
    if (first === undefined) return;
    // Other names are set with directives of their own.
    const labels = code.labelsAt.get(0) ?? [];
    for (const name of new Set([code.name, ...code.aliases.filter((a) => labels.includes(a))])) out.push(`${name}:`);
    if (words > 0) out.push(...this.target.nativeEntry(first.name, words));
    else out.push(must(this.lowered.get(first), 'lowered').text);
  }

  /** Other files of the program call a function that has an entry for native code by the other name. */
  private declareStacked(code: FunctionCode, name: string): readonly string[] {
    const names = [code.name, ...code.aliases].map((n) => this.program.symbols.get(n)?.binding);
    return [names.includes('global') ? `\t.globl\t${name}` : `\t.weak\t${name}`, `\t.hidden\t${name}`];
  }

  private withEntry(code: FunctionCode, relation: FunctionRelation): FunctionRelation {
    const words = this.entries.wordsOf(code);
    return words > 0 && relation.target === stackedName(code.name)
      ? { ...relation, nativeEntry: { target: code.name, words } }
      : relation;
  }

  private hasMain(): boolean {
    return ['main', ENTRY].some((n) => this.program.symbols.get(n)?.defined === true || this.definedElsewhere.has(n));
  }
}

const isSectionDirective = (name: string): boolean =>
  ['.text', '.data', '.bss', '.section', '.pushsection', '.popsection', '.previous'].includes(name);
