// SPDX-License-Identifier: MIT
import type { Span } from '../../base/source.ts';
import type { Inst } from '../isa/define.ts';
import type { Dialect, Isa } from '../isa/isa.ts';
import type { Expr } from '../isa/operand.ts';

/** An assembler file as read: every statement in order, comments kept where they stood. */
export interface AsmFile {
  readonly file: string;
  readonly isa: Isa;
  readonly statements: readonly Statement[];
}

export type Statement = LabelStatement | DirectiveStatement | InstStatement | CommentStatement | AssignStatement;

/** `name:`. A local numeric label (`1:`) has its digits as name; references are `1b` and `1f`, resolved by `resolveLocal`. */
export interface LabelStatement {
  readonly kind: 'label';
  readonly name: string;
  readonly span: Span;
}

export interface DirectiveStatement {
  readonly kind: 'directive';
  /** With its dot: `.long`. */
  readonly name: string;
  /** The arguments as written, split at top-level commas and trimmed. */
  readonly args: readonly string[];
  /** For data of whole numbers (`.byte` to `.quad`): each argument as an expression, where it is linear in symbols. */
  readonly values?: readonly (Expr | undefined)[] | undefined;
  readonly span: Span;
}

export interface InstStatement {
  readonly kind: 'inst';
  readonly inst: Inst;
  readonly dialect: Dialect;
  readonly span: Span;
}

/** `name = expression` (the same as `.set name, expression`). */
export interface AssignStatement {
  readonly kind: 'assign';
  readonly name: string;
  readonly value: string;
  readonly span: Span;
}

/** A comment line or an empty line between statements; trailing comments follow their statement. */
export interface CommentStatement {
  readonly kind: 'comment';
  readonly text: string;
  readonly span: Span;
}
