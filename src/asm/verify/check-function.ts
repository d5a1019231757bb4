// SPDX-License-Identifier: MIT
import type { Verdict, VerdictKind } from '../../core/verdict.ts';
import { worstKind } from '../../core/verdict.ts';
import { resetTerms } from '../../logic/build.ts';
import { checkBlock, checkEntry } from './check-block.ts';
import type { Context } from './context.ts';
import type { FunctionRelation } from './relation.ts';

export interface BlockVerdict {
  readonly block: number;
  /** Where the block begins in the source. */
  readonly line: number;
  readonly verdict: Verdict;
  readonly ms: number;
}

export interface FunctionVerdict {
  readonly source: string;
  readonly target: string;
  /** The worst of the entry's and the blocks'. */
  readonly kind: VerdictKind;
  readonly entry: { readonly verdict: Verdict; readonly ms: number };
  readonly blocks: readonly BlockVerdict[];
}

/** Checks a function's entry and each of its blocks. What one block is proved with says nothing about another. */
export async function checkFunction(context: Context, relation: FunctionRelation): Promise<FunctionVerdict> {
  resetTerms();
  const entry = await timed(() => checkEntry(context, relation));
  const blocks: BlockVerdict[] = [];
  const code = context.sourceCode(relation);
  for (const block of relation.blocks) {
    const line = code.insts[code.blocks[block.block]?.start ?? 0]?.span?.line ?? 0;
    blocks.push({ block: block.block, line, ...(await timed(() => checkBlock(context, relation, block))) });
  }
  const kind = worstKind([entry.verdict.kind, ...blocks.map((b) => b.verdict.kind)]);
  return { source: relation.source, target: relation.target, kind, entry, blocks };
}

async function timed(check: () => Promise<Verdict>): Promise<{ verdict: Verdict; ms: number }> {
  const start = performance.now();
  const verdict = await check();
  return { verdict, ms: performance.now() - start };
}
