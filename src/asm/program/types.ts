// SPDX-License-Identifier: MIT
import type { Inst } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import type { AsmFile } from '../text/ast.ts';

/** One input file understood: its symbols, its functions and everything else, which is data. */
export interface Program {
  readonly ast: AsmFile;
  readonly isa: Isa;
  readonly symbols: ReadonlyMap<string, SymbolInfo>;
  readonly functions: readonly FunctionCode[];
  /** Names of functions whose address is taken anywhere (data, `lea`, GOT) other than as a direct call or jump target. */
  readonly addressTaken: ReadonlySet<string>;
  /** Each function's index in `functions`, by its name and each of its aliases. */
  readonly functionOf: ReadonlyMap<string, number>;
  /** Per statement of `ast`: the index of the function whose code it belongs to, or -1 (data, directives, comments between). */
  readonly owner: Int32Array;
  /** What `.set` and `=` name: `alias` -> the symbol it stands for, where it is a plain symbol. */
  readonly symbolAliases: ReadonlyMap<string, string>;
}

export interface SymbolInfo {
  readonly name: string;
  readonly binding: 'local' | 'global' | 'weak';
  readonly visibility: 'default' | 'hidden' | 'internal' | 'protected';
  readonly type: 'function' | 'object' | 'tls' | 'none';
  readonly defined: boolean;
  readonly section: string | undefined;
}

/** A function: the instructions from its label to its end, with control flow between them resolved. */
export interface FunctionCode {
  readonly name: string;
  /** Other labels at the same address. */
  readonly aliases: readonly string[];
  readonly section: string;
  readonly insts: readonly Inst[];
  /** The labels in front of each instruction index (an index may have several; `insts.length` is the end). */
  readonly labelsAt: ReadonlyMap<number, readonly string[]>;
  readonly indexOfLabel: ReadonlyMap<string, number>;
  /** The range of `ast.statements` of the function's first part; statements of other sections may stand between. */
  readonly statements: { readonly start: number; readonly end: number };
  readonly blocks: readonly Block[];
  /** Block index of each instruction index. */
  readonly blockAt: readonly number[];
  /** The contiguous pieces that make it up: the body, then `foo.cold` and the like. Control never falls between them. */
  readonly parts: readonly CodePart[];
  /** The index in `ast.statements` of each instruction. */
  readonly statementAt: readonly number[];
}

/** A contiguous piece of a function's code. */
export interface CodePart {
  /** The label it begins with. */
  readonly name: string;
  readonly section: string;
  /** Instruction indexes, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** Its first statement, and the one behind its last; statements of other sections may stand between. */
  readonly statements: { readonly start: number; readonly end: number };
  /** The function whose code follows at once, which control runs into from the last instruction if it can. */
  readonly next: string | undefined;
  /** Whether a `.size` marks the end. */
  readonly sized: boolean;
}

/** How control leaves an instruction. `target` is a label or function name as written. */
export type Flow =
  | { readonly kind: 'next' }
  /** A direct jump; conditional ones also continue with the next instruction. */
  | { readonly kind: 'jump'; readonly target: string; readonly conditional: boolean }
  | { readonly kind: 'indirect' }
  | { readonly kind: 'call'; readonly target: string | undefined }
  | { readonly kind: 'return' }
  | { readonly kind: 'trap' }
  /** A system call, by its number where that is known; `reads` are the locations of its arguments, in their order. */
  | {
      readonly kind: 'system';
      readonly number: bigint | undefined;
      readonly reads: readonly string[];
      /** The arguments that are known. */
      readonly values: readonly (bigint | undefined)[];
    }
  /** A `rep` string instruction: runs again or goes on. */
  | { readonly kind: 'repeat' };

/** Straight-line code between cut points: ends after a jump, call, return, trap or `rep`, and before a label. */
export interface Block {
  readonly index: number;
  /** Instruction indexes, end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly flow: Flow;
  /** Blocks that control may reach from here within the function. */
  readonly successors: readonly number[];
  /** For an indirect jump: the labels of this function it may go to (its jump table's, or all whose address is taken). */
  readonly indirectTargets: readonly string[];
  /**
   * A direct jump that leaves the function (a tail call): the name jumped to. With the flow `next` (or a call): control
   * runs into the function that follows. A call without successors and without this never returns.
   */
  readonly tailCall: string | undefined;
  /**
   * For a call that nothing follows, why it is taken never to return. `end`: the function's code ends there. `named`: the
   * convention lists the callee. `function`: the callee is in this file and has no way back. `frame`: the code behind
   * the call finds the stack pointer elsewhere on all other ways. `flags`: the code behind the call reads a flag that
   * the call would have to set.
   */
  readonly neverReturns?: 'end' | 'named' | 'function' | 'frame' | 'flags';
}

/** Whether control leaves the function at the block's end, other than by a trap or a call that never returns. */
export function leavesFunction(block: Block): boolean {
  const { flow, tailCall, successors } = block;
  return flow.kind === 'return' || tailCall !== undefined || (flow.kind === 'indirect' && successors.length === 0);
}
