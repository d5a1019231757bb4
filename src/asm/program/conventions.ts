// SPDX-License-Identifier: MIT
import type { Isa } from '../isa/isa.ts';
import type { AsmFile } from '../text/ast.ts';
import { addAll, addBits, type ChunkSet, chunksOf, emptySet, intersects, removeAll, setOf } from './chunks.ts';
import type { SystemConventions } from './system-calls.ts';
import type { Block, FunctionCode } from './types.ts';

/** A platform's calling convention as data. Registers are named by location, or `loc:lo-hi` for some bits of one. */
export interface Conventions {
  /** What may carry arguments; everything here counts as read by a call to code that is not known. */
  readonly arguments: readonly string[];
  /** What may carry results. */
  readonly results: readonly string[];
  /** Further results, which count only where the function has put something there itself. */
  readonly resultsIfDefined: readonly string[];
  /**
   * Results that are other arguments, so that a function may return one by leaving it alone, each with the register that
   * it must have put something into: the first half of the same structure. Where targets keep an argument in the place of
   * a result, as they do floats, nobody need know.
   */
  readonly resultsLeftAlone?: Readonly<Record<string, string>>;
  /** What a function gives back as it found it. */
  readonly calleeSaved: readonly string[];
  /** What is the same throughout a thread: system registers, and flags with a fixed value at calls. */
  readonly fixed: readonly string[];
  /** How many bytes a call puts on the stack; at entry, the stack pointer plus this is a multiple of 16. */
  readonly returnAddressBytes: number;
  /** How many bytes below the stack pointer signal handlers leave alone. */
  readonly redZoneBytes: number;
  /** External functions that never return. */
  readonly neverReturn: readonly string[];
  /** The operating system's calls, where they are known. */
  readonly system?: SystemConventions;
  /** Puts simpler code in the place of code that a linker may replace in the same way. */
  readonly relax?: (file: AsmFile) => AsmFile;
}

/** What calls of functions with variable arguments pass only where a count of vectors is not 0. */
export interface Counted {
  /** The location of which the low `bits` bits are the count. */
  readonly count: string;
  readonly bits: number;
  readonly passed: ChunkSet;
}

export interface CallEffect {
  /** Read by the callee. */
  readonly uses: ChunkSet;
  /** Of no more use to the caller afterwards, or set by the callee. */
  readonly clobbers: ChunkSet;
}

/** What calls and returns mean for liveness. Sets that are handed out must not be changed by who gets them. */
export interface CallModel {
  /** Whether what may be read counts as read, and not only what surely is. */
  readonly cautious: boolean;
  /** Functions that ask for the count of vectors are passed no others than what the calling block puts there. */
  readonly counted?: Counted;
  /** What a function is given in any case that reads it for no more than its results. */
  readonly atEntry?: (code: FunctionCode) => ChunkSet;
  /** For a block that ends with a call. */
  atCall(block: Block): CallEffect;
  /** What is read after a return; `defined` gives what the function may have set itself before. */
  atReturn(defined: () => ChunkSet): ChunkSet;
  /** The same for a block that ends with a jump out of the function. */
  atTailCall(block: Block, defined: () => ChunkSet): ChunkSet;
}

/** The model for code of which only the convention is known. */
export function conventionModel(isa: Isa, conventions: Conventions): CallModel {
  const chunks = chunksOf(isa);
  // A callee may save what it must preserve, and so reads it.
  const uses = setOf(chunks, ...conventions.arguments, ...conventions.calleeSaved);
  const preserved = setOf(chunks, ...conventions.calleeSaved, ...conventions.fixed, isa.stackPointer);
  const clobbers = emptySet(chunks);
  for (const loc of chunks.ofLocation.keys()) addBits(clobbers, chunks, loc);
  removeAll(clobbers, preserved);
  const always = setOf(chunks, ...conventions.results, ...conventions.calleeSaved, isa.stackPointer);
  // Whole registers: a result may be made of a part that is set and a part that came as an argument.
  const ifDefined = conventions.resultsIfDefined.map((name) => [setOf(chunks, name), setOf(chunks, name)] as const);
  for (const [result, first] of Object.entries(conventions.resultsLeftAlone ?? {}))
    ifDefined.push([setOf(chunks, result), setOf(chunks, first)]);
  const tail = setOf(chunks, ...conventions.arguments, ...conventions.calleeSaved, isa.stackPointer);
  const call = { uses, clobbers };
  return {
    cautious: conventions.arguments.length > 0,
    atCall: () => call,
    atReturn: (defined) => {
      if (ifDefined.length === 0) return always;
      const set = always.slice();
      const own = defined();
      for (const [result, by] of ifDefined) if (intersects(by, own)) addAll(set, result);
      return set;
    },
    atTailCall: () => tail,
  };
}
