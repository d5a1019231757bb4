// SPDX-License-Identifier: MIT
import type { Diagnostic } from '../base/diagnostic.ts';

/**
 * What the checker found about one claim of equivalence. Never a boolean: only `proved` vouches for anything, and what
 * could not be decided is never counted as proved.
 */
export type Verdict =
  | { readonly kind: 'proved'; readonly how: How; readonly assumptions: readonly string[] }
  | { readonly kind: 'refuted'; readonly witness: Witness }
  | { readonly kind: 'undecided'; readonly reason: string }
  | { readonly kind: 'unsupported'; readonly diagnostic: Diagnostic };

export type VerdictKind = Verdict['kind'];

/** How the obligations behind a proof were discharged: how many by each means. */
export interface How {
  /** Both sides were the same term as built. */
  readonly identical: number;
  /** By each named means (`normaliser`, `cache`, `z3`), for those that were not. */
  readonly by: Readonly<Record<string, number>>;
}

/** A concrete starting state from which source and target go apart; it has been replayed on both sides. */
export interface Witness {
  /** Starting values by location or symbol name, in hexadecimal. */
  readonly inputs: readonly { readonly name: string; readonly value: string }[];
  /** Starting memory where it is not zero; addresses and bytes in hexadecimal. */
  readonly memory: readonly { readonly address: string; readonly bytes: string }[];
  /** What differs first, and what it is on either side. */
  readonly difference: { readonly what: string; readonly source: string; readonly target: string };
}

const severity: Record<VerdictKind, number> = { proved: 0, undecided: 1, unsupported: 2, refuted: 3 };

/** The verdict on a whole whose parts have these: the worst of them, and `undecided` when there are no parts. */
export function worstKind(kinds: Iterable<VerdictKind>): VerdictKind {
  let worst: VerdictKind | undefined;
  for (const k of kinds) if (worst === undefined || severity[k] > severity[worst]) worst = k;
  return worst ?? 'undecided';
}
