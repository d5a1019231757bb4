// SPDX-License-Identifier: MIT
import { add, bv, concat, low, no, variable } from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';
import type { AssumptionName } from './assumptions.ts';
import { type Clobbers, neverWritten } from './clobbers.ts';
import type { Context } from './context.ts';
import { locationVariable, Machine, widthOf } from './machine.ts';
import type { Duties } from './obligations.ts';
import { garbage, type Pair } from './related.ts';
import type { FunctionRelation } from './relation.ts';
import { mayBeSet } from './results.ts';

/** What a call goes to, as far as both sides agree on it. */
export interface Callee {
  /** The relation of the variant called, for functions of the file. */
  readonly relation?: FunctionRelation;
  readonly convention: 'abi' | 'local';
  readonly entryStack: -8 | 0;
  /** What the function surely leaves alone, beyond what the convention says. */
  readonly keeps?: { readonly source: Clobbers; readonly target: Clobbers };
  readonly assumptions: readonly AssumptionName[];
}

const ABI = { convention: 'abi', entryStack: -8 } as const;

/** A function that is reached through a pointer. */
export const INDIRECT: Callee = { ...ABI, assumptions: ['external-abi', 'calls-preserve', 'abi-results'] };

/** What a call of `source` carried over as a call of `target` means, or why the two do not correspond. */
export function resolveCallee(context: Context, source: string, target: string): Callee | string {
  const owner = context.source.functionAt(source);
  const own = context.target.functionAt(target);
  if (owner !== undefined) {
    const variants = context.variants(owner.name);
    const relation = variants.find((v) => context.target.functionAt(v.target) === own);
    if (own !== undefined && relation !== undefined) {
      const keeps = { source: neverWritten(context.source, owner), target: neverWritten(context.target, own) };
      const { convention, entryStack } = relation;
      return {
        relation,
        convention,
        entryStack,
        keeps,
        assumptions: ['not-replaced', 'calls-preserve', 'abi-results'],
      };
    }
    if (variants.length > 0) return `${target} is no variant of ${source}`;
  }
  if (own !== undefined || context.target.place(target) !== undefined)
    return `${target} is not what stands for ${source}`;
  if (context.claim.pair.bridges[source] === target) return { ...ABI, assumptions: ['external-abi', 'bridges'] };
  if (source !== target) return `${source} and ${target} are different functions`;
  if (owner !== undefined) return { ...ABI, assumptions: ['external-abi', 'refused-supplied'] };
  return { ...ABI, assumptions: ['external-abi'] };
}

/**
 * What a callee of either side finds and must be able to rely on. `slot` is the address of the return address, the
 * source's stack pointer at the callee's first instruction.
 */
export function arrivalDuties(context: Context, duties: Duties, callee: Callee, slot: Term): void {
  for (const a of callee.assumptions) duties.assumptions.add(a);
  duties.stack(callee.entryStack, slot);
  duties.always();
  const { source, target } = duties.at;
  if (callee.relation === undefined) {
    duties.homes(context.claim.pair.calleeSaved);
    for (const [r, bits] of Object.entries(context.claim.pair.argumentBits)) {
      const home = context.claim.pair.homes[r] ?? r;
      duties.equal(r, low(source.get(r), bits), low(target.get(home), bits));
    }
    return;
  }
  // A function of the file is entered with what its first block relies on; its entry is checked from just that.
  for (const r of callee.relation.blocks[0]?.relation.registers ?? []) {
    const width = Math.max(...r.bits.map(([, hi]) => hi)) + 1;
    duties.equal(r.source, low(source.get(r.source), width), low(target.get(r.target), width));
  }
}

/** The states after a call from `before` has returned. Memory and results are the same unknown values on both sides. */
export function afterCall(context: Context, before: Pair, callee: Callee): Pair {
  const { pair } = context.claim;
  const isas = context.isas;
  const memory = variable('memory.after', 0);
  const kept = new Map<string, number>(pair.untouched.map((u) => [u.loc, u.bits]));
  for (const r of pair.calleeSaved) {
    const home = pair.homes[r];
    if (home !== undefined) kept.set(home, widthOf(isas.target, home) ?? 64);
  }
  for (const loc of [isas.target.stackPointer, isas.target.threadPointer]) kept.set(loc, 64);
  const scratch = new Set([pair.link, ...(pair.scratch ?? [])]);
  const target = new Machine(isas.target, 'r.', memory, (loc) => {
    const width = widthOf(isas.target, loc) ?? 64;
    const fresh = locationVariable(isas.target, 'r.', loc);
    const bits = callee.keeps?.target(loc) && !scratch.has(loc) ? width : (kept.get(loc) ?? 0);
    if (bits === 0) return fresh;
    if (bits >= width) return before.target.get(loc);
    return concat(variable(`r.${loc}.${bits}..`, width - bits), low(before.target.get(loc), bits));
  });
  const results = callee.convention === 'abi' ? pair.results : localResults(context);
  const source = new Machine(isas.source, 's.', memory, (loc) => {
    if (loc === isas.source.stackPointer) return add(before.source.get(loc), bv(64, 8));
    if (loc === isas.source.threadPointer) return before.source.get(loc);
    if (loc === 'df') return no();
    if (pair.calleeSaved.includes(loc) || callee.keeps?.source(loc)) return before.source.get(loc);
    const result = results[loc];
    if (result !== undefined) return target.start(result);
    return garbage(isas.source, loc);
  });
  return { source, target };
}

/** Where a local function leaves its results: in their homes. */
function localResults(context: Context): Record<string, string> {
  const { results, homes } = context.claim.pair;
  return Object.fromEntries(Object.keys(results).map((r) => [r, homes[r] ?? r]));
}

/** What a return owes to callers of this function. `after` is the source's stack pointer once it has returned. */
export function returnDuties(
  context: Context,
  duties: Duties,
  relation: FunctionRelation,
  block: number,
  after: Term,
): void {
  const { pair } = context.claim;
  duties.stack(relation.entryStack + 8, after);
  duties.always();
  duties.homes(pair.calleeSaved);
  const places = relation.convention === 'abi' ? pair.results : localResults(context);
  const owner = context.sourceCode(relation);
  duties.homes(
    Object.keys(places).filter((r) => mayBeSet(context.source, owner, block, r)),
    places,
  );
}
