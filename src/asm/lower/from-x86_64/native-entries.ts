// SPDX-License-Identifier: MIT
import type { Diagnostic } from '../../../base/diagnostic.ts';
import { conventionsOf, VECTOR_COUNT } from '../../abi/call-model.ts';
import { MOST_WORDS, stackedName } from '../../abi/native-entry.ts';
import { chunksOf, hasChunk, setOf } from '../../program/chunks.ts';
import { conventionModel } from '../../program/conventions.ts';
import { type StackArguments, type StackTaker, stackTakers } from '../../program/stack-arguments.ts';
import { summariseProgram } from '../../program/summary.ts';
import type { FunctionCode, Program } from '../../program/types.ts';

/** Which functions are to have an entry for native code, and what is known of all that are translated together. */
export interface NativeEntries {
  readonly wanted: 'all' | ReadonlySet<string>;
  /** What the functions that are translated together take on the stack, by the names by which other files know them. */
  readonly takes: ReadonlyMap<string, StackArguments>;
}

/** A function that other files know, with what it takes on the stack. */
export interface Offered {
  readonly names: readonly string[];
  readonly takes: StackArguments;
  /** Functions of other files that it hands its stack arguments on to. */
  readonly handsTo: readonly string[];
}

/** The functions of a file that others know and that take something on the stack, or hand on what they may take. */
export function offeredBy(program: Program): Offered[] {
  const takers = stackTakers(program, conventionsOf(program.isa)).flatMap((t) => {
    const names = outerNames(program, t.code);
    return names.length > 0 && (t.takes !== 0 || t.handsTo.length > 0) ? [{ ...t, names }] : [];
  });
  const full = takers.some((t) => typeof t.takes === 'number' && t.takes > 0) ? readsLastFloat(program) : () => false;
  return takers.map(({ code, names, takes, handsTo }) => ({
    names,
    // With all floating-point registers taken, what lies on the stack may be further such numbers.
    takes: typeof takes === 'number' && takes > 0 && full(code) ? 'floats' : takes,
    handsTo,
  }));
}

/** The names by which other files know a function. */
function outerNames(program: Program, code: FunctionCode): string[] {
  const all = new Set([code.name, ...code.aliases]);
  return [...all].filter((n) => {
    const s = program.symbols.get(n);
    return s?.defined === true && s.binding !== 'local';
  });
}

/** The last register in which System V passes a floating-point number. */
const LAST_FLOAT = 'xmm7';

function readsLastFloat(program: Program): (code: FunctionCode) => boolean {
  // What lies in it may be an argument of whatever is called, and says nothing then.
  const model = conventionModel(program.isa, { ...conventionsOf(program.isa), arguments: [] });
  // Nor is it one of calls that say that they pass no vectors, as most of functions with variable arguments do.
  const vectors = conventionsOf(program.isa).arguments.filter((name) => name.startsWith('xmm'));
  const counted = { ...VECTOR_COUNT, passed: setOf(chunksOf(program.isa), ...vectors) };
  const { functions } = summariseProgram(program, { ...model, counted });
  const last = (chunksOf(program.isa).ofLocation.get(LAST_FLOAT) ?? []).filter((c) => c.lo < 64);
  return (code) => {
    const live = functions[program.functionOf.get(code.name) ?? -1]?.liveness.liveIn(0);
    return live !== undefined && last.some((c) => hasChunk(live, c.index));
  };
}

/** The entries of one file. */
export class FileEntries {
  private readonly program: Program;
  private readonly asked: NativeEntries | undefined;
  private readonly isRegister: (name: string) => boolean;

  constructor(program: Program, asked: NativeEntries | undefined, isRegister: (name: string) => boolean) {
    this.program = program;
    this.asked = asked;
    this.isRegister = isRegister;
  }

  /** How many words the entry of a function lays out; 0 where it has none. */
  wordsOf(code: FunctionCode): number {
    const names = this.wantedNames(code);
    const takes = this.takenBy(names);
    return typeof takes === 'number' && takes <= MOST_WORDS && !names.some(this.isRegister) ? takes : 0;
  }

  /** The names of the target that stand for names of the source: of this file's functions with entries, and of others'. */
  renamed(): ReadonlyMap<string, string> {
    const { asked, program } = this;
    const names = new Map<string, string>();
    if (asked === undefined) return names;
    for (const code of program.functions) {
      if (this.wordsOf(code) === 0) continue;
      for (const n of [code.name, ...code.aliases]) names.set(n, stackedName(code.name));
    }
    for (const s of program.symbols.values()) {
      if (s.defined || this.isRegister(s.name)) continue;
      const takes = asked.takes.get(s.name);
      const listed = asked.wanted !== 'all' && asked.wanted.has(s.name);
      const hasEntry = typeof takes === 'number' && takes > 0 && takes <= MOST_WORDS;
      if ((listed && takes === undefined) || ((listed || asked.wanted === 'all') && hasEntry))
        names.set(s.name, stackedName(s.name));
    }
    return names;
  }

  /** Whether the function was to have an entry; then it has one, or it is said why not. */
  isWanted(code: FunctionCode): boolean {
    return this.wantedNames(code).length > 0;
  }

  private wantedNames(code: FunctionCode): readonly string[] {
    const { asked } = this;
    if (asked === undefined) return [];
    const names = outerNames(this.program, code);
    return asked.wanted === 'all' || names.some((n) => asked.wanted !== 'all' && asked.wanted.has(n)) ? names : [];
  }

  private takenBy(names: readonly string[]): StackArguments {
    for (const n of names) {
      const takes = this.asked?.takes.get(n);
      if (takes !== undefined) return takes;
    }
    return 0;
  }

  /** What is to be said of functions that were to have an entry and cannot, or need none. */
  refusals(): Diagnostic[] {
    const { asked } = this;
    if (asked === undefined) return [];
    return this.program.functions.flatMap((code) => {
      const names = this.wantedNames(code);
      const why = names.length === 0 ? undefined : this.whyNot(code, names);
      if (why === undefined) return [];
      const span = code.insts[0]?.span;
      return [
        {
          severity: asked.wanted === 'all' ? 'warning' : 'error',
          kind: 'unsupported',
          code: 'V0244',
          message: `${code.name} can have no entry for native code: ${why}`,
          ...(span === undefined ? {} : { span }),
          notes: ['carry over what calls it as well, or give it fewer arguments'],
        } as const,
      ];
    });
  }

  private whyNot(code: FunctionCode, names: readonly string[]): string | undefined {
    const takes = this.takenBy(names);
    if (takes === 'open') return 'it takes variable arguments or structures on the stack';
    if (takes === 'floats') return 'it may take floating-point numbers on the stack';
    if (takes > MOST_WORDS) return `it takes ${takes} words on the stack`;
    if (takes > 0 && names.some(this.isRegister)) return 'its name is that of a register';
    return takes === 0 && asListed(this.asked, code.name) ? 'it takes nothing on the stack, and needs none' : undefined;
  }
}

const asListed = (asked: NativeEntries | undefined, name: string): boolean =>
  asked !== undefined && asked.wanted !== 'all' && asked.wanted.has(name);

/** Most names that a warning gives. */
const MOST_NAMED = 6;

/**
 * That native code cannot call some functions of the file, for which no entry was asked. In a program with a `main` nobody is likely
 * to; elsewhere it is what somebody who ports a library finds out by wrong results.
 */
export function uncallable(program: Program, entries: FileEntries): Diagnostic[] {
  const takers = stackTakers(program, conventionsOf(program.isa)).filter(
    (t) => t.takes !== 0 && outerNames(program, t.code).length > 0 && !entries.isWanted(t.code),
  );
  const [first] = takers;
  if (first === undefined) return [];
  const span = first.code.insts[0]?.span;
  return [
    {
      severity: 'warning',
      kind: 'unsupported',
      code: 'V0243',
      message: `native code cannot call ${listed(takers)}: it has the arguments elsewhere that x86-64 has on the stack`,
      ...(span === undefined ? {} : { span }),
      notes: [hint(takers)],
    },
  ];
}

function listed(takers: readonly StackTaker[]): string {
  const names = takers.map((t) => t.code.name);
  const more = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function hint(takers: readonly StackTaker[]): string {
  const possible = takers.filter((t) => typeof t.takes === 'number');
  if (possible.length === 0) return 'what calls them must be carried over as well';
  const list = possible.length > MOST_NAMED ? 'all' : possible.map((t) => t.code.name).join(',');
  return `where it is to, and they take only integers and pointers there, use --native-entries ${list}`;
}
