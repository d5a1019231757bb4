// SPDX-License-Identifier: MIT
import type { Span } from './source.ts';

export type Severity = 'error' | 'warning' | 'note';

/**
 * What is to be said about the input. `code` is stable (`V0101`) and is explained by `vouch explain CODE`.
 * `kind` decides the exit code: `input` is bad input (2), `unsupported` is a refusal (3).
 */
export interface Diagnostic {
  readonly severity: Severity;
  readonly kind: 'input' | 'unsupported';
  readonly code: string;
  readonly message: string;
  readonly span?: Span;
  /** Further lines: the reason, and what to do about it. */
  readonly notes?: readonly string[];
}

/** Where diagnostics are collected; reading goes on after an error so that all of them are seen in one run. */
export class Diagnostics {
  readonly list: Diagnostic[] = [];

  add(diagnostic: Diagnostic): void {
    this.list.push(diagnostic);
  }

  get hasErrors(): boolean {
    return this.list.some((d) => d.severity === 'error');
  }
}
