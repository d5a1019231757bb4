// SPDX-License-Identifier: MIT
import { InternalError } from '../../base/assert.ts';
import { Deadline } from '../../core/budget.ts';
import type { Verdict } from '../../core/verdict.ts';
import { resetTerms, TermsTakeTooLong, withDeadline } from '../../logic/build.ts';
import type { BlockRelation, FunctionRelation } from '../abi/relation.ts';
import type { AssumptionName } from './assumptions.ts';
import { compareBlock, compareEntry, type Stated } from './compare.ts';
import type { Context } from './context.ts';
import { discharge } from './discharge.ts';
import { hunt } from './hunt.ts';
import { asChosen, type Ground } from './related.ts';
import { Undecidable } from './undecidable.ts';
import { differsAnyway, replay } from './witness.ts';

export interface Checked {
  readonly verdict: Verdict;
  /** How many bytes below its stack pointer the source block uses. */
  readonly redZone: number;
  /** How many bytes the source may use there for the target's stack to be safe. */
  readonly redZoneLimit: number;
}

/** Checks that from any two related states the source block and its counterpart do the same. */
export function checkBlock(context: Context, relation: FunctionRelation, block: BlockRelation): Promise<Checked> {
  return decide(context, (ground) => compareBlock(context, relation, block, ground));
}

/** Checks that whoever calls the target function as the convention says arrives in the relation of the first block. */
export function checkEntry(context: Context, relation: FunctionRelation): Promise<Checked> {
  return decide(context, (ground) => compareEntry(context, relation, ground));
}

async function decide(context: Context, compare: (ground: Ground) => Stated): Promise<Checked> {
  try {
    const deadline = new Deadline(context.limits.blockMs);
    const stated = withDeadline(deadline, () => compare(asChosen));
    const { redZone, redZoneLimit } = stated;
    return { verdict: await settle(context, compare, stated, deadline), redZone, redZoneLimit };
  } catch (e) {
    // What filled the memory must not keep the other blocks from being checked.
    if (e instanceof RangeError || e instanceof TermsTakeTooLong) resetTerms();
    return { verdict: uncheckable(e), redZone: 0, redZoneLimit: 0 };
  }
}

async function settle(
  context: Context,
  compare: (ground: Ground) => Stated,
  stated: Stated,
  deadline: Deadline,
): Promise<Verdict> {
  const { duties, always } = stated;
  const assumptions = new Set<AssumptionName>();
  let identical = 0;
  for (const d of duties) {
    identical += d.identical;
    for (const a of d.assumptions) assumptions.add(a);
  }
  const open = duties.flatMap((d) => d.open);
  const result = await discharge(open, always, context.prover, deadline, context.limits.queryMs);
  if (result.kind !== 'proved') {
    const model = result.kind === 'refuted' ? result.model : undefined;
    let perhaps: string | undefined;
    for (const find of [() => model, () => hunt(stated)]) {
      const assignment = find();
      const witness = assignment === undefined ? undefined : replay(compare, stated, assignment);
      if (assignment === undefined || witness === undefined) continue;
      if (differsAnyway(compare, stated, assignment)) return { kind: 'refuted', witness };
      perhaps ??= witness.difference.what;
    }
    if (perhaps !== undefined) {
      const reason = `${perhaps} may differ where the manual leaves undefined what the source does`;
      return { kind: 'undecided', reason };
    }
    if (result.kind === 'undecided') return result;
    return { kind: 'undecided', reason: `${result.obligation.what} may differ, but no counterexample replays` };
  }
  const doubt = duties.find((d) => d.doubt !== undefined)?.doubt;
  if (doubt !== undefined) return { kind: 'undecided', reason: doubt };
  for (const a of result.assumed) assumptions.add(a);
  return { kind: 'proved', how: { identical, by: result.by }, assumptions: [...assumptions].sort() };
}

/** A block that cannot be checked does not keep the others from being checked. */
function uncheckable(e: unknown): Verdict {
  if (e instanceof Undecidable) return { kind: 'undecided', reason: e.message };
  if (e instanceof TermsTakeTooLong) return { kind: 'undecided', reason: 'out of time before both sides were stated' };
  if (e instanceof InternalError || e instanceof RangeError || e instanceof TypeError) {
    return { kind: 'undecided', reason: `internal error: ${e.message}` };
  }
  throw e;
}
