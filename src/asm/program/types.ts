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
  /** Index ranges of `ast.statements` that the function covers. */
  readonly statements: { readonly start: number; readonly end: number };
  readonly blocks: readonly Block[];
  /** Block index of each instruction index. */
  readonly blockAt: readonly number[];
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
  /** A direct jump that leaves the function (a tail call): the name jumped to. */
  readonly tailCall: string | undefined;
}
