// SPDX-License-Identifier: MIT
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/source.ts';
import type { Term } from '../../logic/term.ts';
import type { Inst, InstDef } from './define.ts';
import type { Expr, Reg } from './operand.ts';

/** A place that holds a value: a register or a flag, at its full width in bits. */
export interface Location {
  readonly name: string;
  readonly width: number;
  readonly kind: 'gpr' | 'vec' | 'flag' | 'sp' | 'system';
}

/** The order and marks of operands in text. AArch64 and RISC-V have one dialect (`gnu`), x86 has two. */
export type Dialect = 'att' | 'intel' | 'gnu';

/** All that other rooms need to know of an instruction set; each ISA's `index.ts` exports one. */
export interface Isa {
  readonly name: 'x86_64' | 'aarch64' | 'riscv64';
  readonly locations: readonly Location[];
  readonly forms: readonly InstDef[];
  /** Characters that begin a comment that runs to the end of the line. */
  readonly comment: readonly string[];
  readonly dialects: readonly Dialect[];
  /**
   * Reads one statement without its label and comment: mnemonic, prefixes and operands. `column` is where `text`
   * begins. A form that is not known, or operands that no form takes, come back as a diagnostic with its span.
   */
  readInst(text: string, dialect: Dialect, span: Span): Inst | Diagnostic;
  printInst(inst: Inst, dialect: Dialect): string;
  /** The instructions that the bytes of a data directive are, where programs write instructions so; undefined for all else. */
  readonly readBytes?: (bytes: readonly number[], span: Span) => readonly (Inst | Diagnostic)[] | undefined;
  /** What an instruction is behind bytes that are its prefixes; undefined where they are none that are known. */
  readonly withPrefixBytes?: (bytes: readonly number[], inst: Inst) => Inst | undefined;
  /** The value of an operand expression: symbols and relocation modifiers over the variables of symbol.ts. */
  symbol(expression: Expr): Term;
  /** What a load of `bytes` bytes from a slot that the linker fills gives (GOT, TLS offsets); undefined for all else. */
  slot(address: Term, bytes: number): Term | undefined;
  /** The stack pointer's and thread pointer's locations. */
  readonly stackPointer: string;
  readonly threadPointer: string;
  register(name: string): Reg | undefined;
  /** The processor that programs are taken to run on, where one is named: what it does not have traps. */
  readonly processor?: string;
  /** The processors that may be named, and this instruction set as one of them has it. */
  readonly processors?: readonly string[];
  readonly on?: (processor: string) => Isa | undefined;
}

export function isDiagnostic(x: Inst | Diagnostic): x is Diagnostic {
  return 'severity' in x;
}
