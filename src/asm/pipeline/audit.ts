// SPDX-License-Identifier: MIT
import { InternalError } from '../../base/assert.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Evidence } from '../../core/evidence.ts';
import { claimedIn, disagreements } from '../verify/audit.ts';
import type { ProgramVerdict } from '../verify/check-program.ts';
import { checkPair } from './check.ts';
import type { HashedText } from './hashed.ts';
import { findRoute } from './route.ts';
import type { Work } from './translate.ts';

export interface Audited {
  readonly diagnostics: readonly Diagnostic[];
  /** Reasons to reject the evidence; none means that all in it was derived again. */
  readonly objections: readonly string[];
  readonly verdict: ProgramVerdict | undefined;
}

/** Checks evidence against the two files, believing nothing in it and nothing that was proved before. */
export async function auditEvidence(
  evidence: Evidence,
  source: HashedText,
  target: HashedText,
  work: Work,
): Promise<Audited> {
  const route = findRoute(evidence.source.language, evidence.target.language, evidence.source.processor);
  if (route === undefined) {
    const { language, processor } = evidence.source;
    const from = processor === undefined ? language : `${language} on ${processor}`;
    const objection = `nothing carries ${from} over to ${evidence.target.language}`;
    return { diagnostics: [], objections: [objection], verdict: undefined };
  }
  const isas = { source: { isa: route.source }, target: { isa: route.target } };
  const claimed = claimedIn(evidence, isas, { source: source.sha256, target: target.sha256 });
  if (claimed.objections.length > 0) return { diagnostics: [], objections: claimed.objections, verdict: undefined };
  if (work.prover.cache) throw new InternalError('an audit must not use the cache');
  const { diagnostics, verdict } = await checkPair(
    {
      source,
      target,
      from: route.source.name,
      to: route.target.name,
      processor: route.source.processor,
      functions: claimed.functions,
      refused: evidence.refused.map((r) => r.name),
    },
    work,
  );
  if (verdict === undefined) return { diagnostics, objections: [], verdict };
  return { diagnostics, objections: disagreements(evidence, verdict), verdict };
}
