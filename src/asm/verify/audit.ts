// SPDX-License-Identifier: MIT
import type { Limits } from '../../core/budget.ts';
import { EVIDENCE_SCHEMA, type Evidence } from '../../core/evidence.ts';
import type { FunctionRelation } from '../abi/relation.ts';
import type { Isa } from '../isa/isa.ts';
import { ALWAYS, ASSUMPTIONS, type AssumptionName, isAssumptionName } from './assumptions.ts';
import { checkAll, type ProgramVerdict } from './check-program.ts';
import type { Claim } from './context.ts';
import type { Prover } from './discharge.ts';
import { readFunctionRelation } from './relation-schema.ts';

/** What evidence says besides what the checker found. */
export interface Particulars {
  readonly source: { readonly name: string; readonly sha256: string };
  readonly target: { readonly name: string; readonly sha256: string };
  readonly versions: Readonly<Record<string, string>>;
  readonly proposer: string;
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

/** What evidence needs to know of a claim. */
export interface ClaimOutline {
  readonly source: { readonly isa: Pick<Isa, 'name' | 'processor'> };
  readonly target: { readonly isa: Pick<Isa, 'name'> };
  readonly functions: readonly FunctionRelation[];
}

/** Writes down what was found about a claim. */
export function evidenceOf(claim: ClaimOutline, found: ProgramVerdict, about: Particulars): Evidence {
  const { processor } = claim.source.isa;
  return {
    schema: EVIDENCE_SCHEMA,
    source: {
      ...about.source,
      language: claim.source.isa.name,
      ...(processor === undefined ? {} : { processor }),
    },
    target: { ...about.target, language: claim.target.isa.name },
    versions: { ...about.versions },
    proposer: about.proposer,
    kind: found.kind,
    findings: [...found.findings],
    functions: found.functions.map((f, i) => {
      const relation = claim.functions[i];
      return {
        source: f.source,
        target: f.target,
        kind: f.kind,
        relation: {
          convention: relation?.convention,
          entryStack: relation?.entryStack,
          returnStack: relation?.returnStack,
          ...(relation?.returnFlags === undefined ? {} : { returnFlags: relation.returnFlags }),
          ...(relation?.nativeEntry === undefined ? {} : { nativeEntry: relation.nativeEntry }),
        },
        entry: f.entry,
        blocks: f.blocks.map((b) => ({ ...b, relation: relation?.blocks[b.block] })),
      };
    }),
    refused: about.refused.map((r) => ({ ...r })),
    assumptions: assumptionsOf(found),
    tests: [],
  };
}

/** Each assumption that some proof rests on, and where. */
function assumptionsOf(found: ProgramVerdict): Evidence['assumptions'] {
  const where = new Map<AssumptionName, Set<string>>(ALWAYS.map((name) => [name, new Set(['everywhere'])]));
  for (const f of found.functions) {
    for (const { verdict } of [f.entry, ...f.blocks]) {
      if (verdict.kind !== 'proved') continue;
      for (const name of verdict.assumptions) {
        if (!isAssumptionName(name)) continue;
        const places = where.get(name) ?? new Set();
        where.set(name, places.add(f.source));
      }
    }
  }
  return [...where]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, places]) => ({ name, explanation: ASSUMPTIONS[name], where: [...places] }));
}

export interface Audit {
  /** Reasons to reject the evidence; none means that it is confirmed. */
  readonly objections: readonly string[];
  /** What was found afresh, where the evidence could be read that far. */
  readonly found: ProgramVerdict | undefined;
}

/** What evidence claims of functions, and the reasons for which it cannot even be checked. */
export interface Claimed {
  readonly objections: readonly string[];
  readonly functions: readonly FunctionRelation[];
}

/** Reads the relations in evidence. `given` are the hashes of the files that the programs were read from. */
export function claimedIn(
  evidence: Evidence,
  programs: Omit<ClaimOutline, 'functions'>,
  given: { readonly source: string; readonly target: string },
): Claimed {
  const objections: string[] = [];
  for (const side of ['source', 'target'] as const) {
    if (evidence[side].sha256 !== given[side]) objections.push(`the evidence belongs to another ${side} file`);
    if (evidence[side].language !== programs[side].isa.name) objections.push(`the ${side} is of another machine`);
  }
  if (evidence.source.processor !== programs.source.isa.processor)
    objections.push('the source is for another processor');
  const { functions, wrong } = relationsIn(evidence);
  return { objections: [...objections, ...wrong], functions };
}

/** The relations in evidence, and what is wrong with those that are none. */
export function relationsIn(evidence: Evidence): { functions: FunctionRelation[]; wrong: string[] } {
  const functions: FunctionRelation[] = [];
  const wrong: string[] = [];
  for (const f of evidence.functions) {
    const header = typeof f.relation === 'object' ? f.relation : {};
    const blocks = f.blocks.map((b) => b.relation);
    const read = readFunctionRelation({ ...header, source: f.source, target: f.target, blocks });
    if (typeof read === 'string') wrong.push(`${f.source}: ${read}`);
    else functions.push(read);
  }
  return { functions, wrong };
}

/**
 * Derives all that evidence claims again from the two programs and the relations in it, believing no verdict.
 */
export async function audit(
  evidence: Evidence,
  programs: Pick<Claim, 'source' | 'target' | 'pair' | 'contracts'>,
  given: { readonly source: string; readonly target: string },
  prover: Prover,
  limits?: Limits,
): Promise<Audit> {
  const { objections, functions } = claimedIn(evidence, programs, given);
  if (objections.length > 0) return { objections, found: undefined };
  const refused = evidence.refused.map((r) => r.name);
  const found = await checkAll({ ...programs, functions, refused }, prover, limits);
  return { objections: disagreements(evidence, found), found };
}

/** Where the evidence claims more than was found, or other than was found. */
export function disagreements(evidence: Evidence, found: ProgramVerdict): string[] {
  const objections: string[] = [];
  const compare = (where: string, claimed: string, is: string): void => {
    if (claimed !== is) objections.push(`${where}: the evidence says ${claimed}, and it is ${is}`);
  };
  compare('the program', evidence.kind, found.kind);
  if (evidence.findings.join('\n') !== found.findings.join('\n'))
    objections.push('the findings about the whole differ');
  evidence.functions.forEach((f, i) => {
    const afresh = found.functions[i];
    if (afresh === undefined) return;
    compare(f.source, f.kind, afresh.kind);
    compare(`${f.source}, entry`, f.entry.verdict.kind, afresh.entry.verdict.kind);
    f.blocks.forEach((b, j) => {
      compare(`${f.source}, block ${b.block}`, b.verdict.kind, afresh.blocks[j]?.verdict.kind ?? 'undecided');
    });
  });
  const [claimed, is] = [evidence.assumptions, assumptionsOf(found)].map((list) => new Set(list.map((a) => a.name)));
  for (const name of is ?? []) if (!claimed?.has(name)) objections.push(`the assumption ${name} is not mentioned`);
  for (const a of evidence.assumptions) {
    const known = isAssumptionName(a.name) ? ASSUMPTIONS[a.name] : undefined;
    if (a.explanation !== known) objections.push(`the assumption ${a.name} is not explained as it is meant`);
  }
  return objections;
}
