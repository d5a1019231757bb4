// SPDX-License-Identifier: MIT
import { largest } from '../../base/lists.ts';
import type { Verdict, VerdictKind } from '../../core/verdict.ts';
import { worstKind } from '../../core/verdict.ts';
import { withFreshTerms } from '../../logic/build.ts';
import type { FunctionRelation } from '../abi/relation.ts';
import { type Checked, checkBlock, checkEntry } from './check-block.ts';
import type { Context } from './context.ts';
import { reachedBlocks } from './reach.ts';

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

const UNREACHED: Promise<Checked> = Promise.resolve({
  verdict: { kind: 'proved', how: { identical: 0, by: {} }, assumptions: [] },
  redZone: 0,
  redZoneLimit: Number.POSITIVE_INFINITY,
});

/** Checks a function's entry and each of its blocks. What one block is proved with says nothing about another. */
export function checkFunction(context: Context, relation: FunctionRelation): Promise<FunctionVerdict> {
  return withFreshTerms(() => check(context, relation));
}

async function check(context: Context, relation: FunctionRelation): Promise<FunctionVerdict> {
  const entry = await timed(() => checkEntry(context, relation));
  const checked: (BlockVerdict & Checked)[] = [];
  const code = context.sourceCode(relation);
  const reached = reachedBlocks(context.claim.source, code);
  for (const block of relation.blocks) {
    const line = code.insts[code.blocks[block.block]?.start ?? 0]?.span?.line ?? 0;
    const checking = reached.has(block.block) ? () => checkBlock(context, relation, block) : () => UNREACHED;
    checked.push({ block: block.block, line, ...(await timed(checking)) });
  }
  const redZone = largest(
    checked.map((b) => b.redZone),
    0,
  );
  const blocks = checked.map(({ block, line, verdict, ms, redZoneLimit }) => {
    const stack = Math.min(relation.blocks[block]?.relation.stack ?? 0, redZoneLimit);
    const safe = stack >= redZone || !reached.has(block);
    return { block, line, ms, verdict: safe ? verdict : unsafe(verdict, redZone) };
  });
  const kind = worstKind([entry.verdict.kind, ...blocks.map((b) => b.verdict.kind)]);
  return {
    source: relation.source,
    target: relation.target,
    kind,
    entry: { verdict: entry.verdict, ms: entry.ms },
    blocks,
  };
}

/**
 * What the source has in memory must not lie below the target's stack pointer, where a signal handler would change it:
 * neither at or above the source's stack pointer, nor in the red zone below as far as the function uses it.
 */
function unsafe(verdict: Verdict, redZone: number): Verdict {
  if (verdict.kind !== 'proved') return verdict;
  const needed = redZone === 0 ? '' : `, of which it uses ${redZone} bytes below`;
  return { kind: 'undecided', reason: `the target's stack pointer is above the source's${needed}` };
}

async function timed(check: () => Promise<Checked>): Promise<Checked & { ms: number }> {
  const start = performance.now();
  const checked = await check();
  return { ...checked, ms: performance.now() - start };
}
