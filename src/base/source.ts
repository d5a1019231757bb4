// SPDX-License-Identifier: MIT

/** A place in an input file. Lines and columns count from 1; `endColumn` is exclusive. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
}

/** An input text with the name under which diagnostics speak of it. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
}
