// SPDX-License-Identifier: MIT
import type { Evidence } from '../core/evidence.ts';
import type { Verdict, VerdictKind } from '../core/verdict.ts';

/** What evidence comes to, counted, for whichever form it is shown in. */
export interface Summary {
  readonly functions: number;
  readonly blocks: number;
  readonly kinds: Readonly<Record<VerdictKind, number>>;
  /** How many obligations were discharged by each means; `identical` were the same term on both sides as built. */
  readonly means: readonly (readonly [name: string, obligations: number])[];
  readonly ms: number;
  /** What was not proved, in the order of the file. */
  readonly open: readonly OpenBlock[];
}

export interface OpenBlock {
  readonly where: string;
  readonly line: number;
  readonly verdict: Exclude<Verdict, { kind: 'proved' }>;
}

/** The machine of the source, and the processor where the claim is about one. */
export function machineText({ language, processor }: Evidence['source']): string {
  return processor === undefined ? language : `${language} on ${processor}`;
}

export function summarise(evidence: Evidence): Summary {
  const kinds: Record<VerdictKind, number> = { proved: 0, refuted: 0, undecided: 0, unsupported: 0 };
  const means = new Map<string, number>();
  const open: OpenBlock[] = [];
  let [blocks, ms] = [0, 0];
  for (const f of evidence.functions) {
    const entry = { ...f.entry, line: f.blocks[0]?.line ?? 0, block: undefined };
    for (const b of [entry, ...f.blocks]) {
      blocks++;
      ms += b.ms;
      kinds[b.verdict.kind]++;
      if (b.verdict.kind === 'proved') {
        add(means, 'identical', b.verdict.how.identical);
        for (const [name, n] of Object.entries(b.verdict.how.by)) add(means, name, n);
      } else {
        const where = b.block === undefined ? `entry of ${f.source}` : `block ${b.block} of ${f.source}`;
        open.push({ where, line: b.line, verdict: b.verdict });
      }
    }
  }
  const sorted = [...means].sort((a, b) => b[1] - a[1]);
  return { functions: evidence.functions.length, blocks, kinds, means: sorted, ms, open };
}

function add(counts: Map<string, number>, key: string, n: number): void {
  counts.set(key, (counts.get(key) ?? 0) + n);
}

export function verdictText(verdict: OpenBlock['verdict']): string {
  switch (verdict.kind) {
    case 'refuted': {
      const { what, source, target } = verdict.witness.difference;
      return `${what} is ${source} in the source and ${target} in the target`;
    }
    case 'undecided':
      return verdict.reason;
    case 'unsupported':
      return verdict.diagnostic.message;
  }
}
