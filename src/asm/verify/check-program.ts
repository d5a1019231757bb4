// SPDX-License-Identifier: MIT
import { DEFAULT_LIMITS, type Limits } from '../../core/budget.ts';
import { type VerdictKind, worstKind } from '../../core/verdict.ts';
import type { FunctionRelation } from '../abi/relation.ts';
import { checkFunction, type FunctionVerdict } from './check-function.ts';
import { type Claim, Context } from './context.ts';
import type { Prover } from './discharge.ts';
import { relationFindings, structuralFindings } from './structure.ts';

export interface ProgramVerdict {
  /** What is wrong with the programs as a whole; empty where nothing is. */
  readonly findings: readonly string[];
  readonly functions: readonly FunctionVerdict[];
  /** Proved only where every function is and there are no findings. */
  readonly kind: VerdictKind;
}

/**
 * Checks a claim about two programs: first that they correspond as wholes, then function by function. Yields each
 * function's verdict as soon as it is known.
 */
export async function* checkProgram(
  claim: Claim,
  prover: Prover,
  limits: Limits = DEFAULT_LIMITS,
): AsyncGenerator<FunctionVerdict, ProgramVerdict> {
  const context = new Context(claim, prover, limits);
  const findings = structuralFindings(context);
  const functions: FunctionVerdict[] = [];
  for (const relation of claim.functions) {
    const verdict = await checkOne(context, relation);
    functions.push(verdict);
    yield verdict;
  }
  return programVerdict(findings, functions);
}

/** Checks one function of a claim; the verdicts on all of them and the findings make up the verdict on the whole. */
export async function checkOne(context: Context, relation: FunctionRelation): Promise<FunctionVerdict> {
  const wrong = relationFindings(context, relation)[0];
  return wrong === undefined ? await checkFunction(context, relation) : uncheckable(relation, wrong);
}

export function programVerdict(findings: readonly string[], functions: readonly FunctionVerdict[]): ProgramVerdict {
  const kinds: VerdictKind[] = functions.map((f) => f.kind);
  if (findings.length > 0) kinds.push('undecided');
  return { findings, functions, kind: worstKind(kinds) };
}

function uncheckable(f: { source: string; target: string }, reason: string): FunctionVerdict {
  const verdict = { kind: 'undecided', reason } as const;
  return { source: f.source, target: f.target, kind: 'undecided', entry: { verdict, ms: 0 }, blocks: [] };
}

/** The verdict on a whole claim, for who does not want to watch. */
export async function checkAll(claim: Claim, prover: Prover, limits: Limits = DEFAULT_LIMITS): Promise<ProgramVerdict> {
  const run = checkProgram(claim, prover, limits);
  for (;;) {
    const step = await run.next();
    if (step.done) return step.value;
  }
}
