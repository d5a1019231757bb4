// SPDX-License-Identifier: MIT
import { effectsOf, type Inst } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import { SymbolicState } from '../isa/state.ts';
import type { Statement } from '../text/ast.ts';
import type { Section } from './sections.ts';
import type { Flow } from './types.ts';

/** What is known of the operating system's calls, by their numbers on a machine. */
export interface SystemConventions {
  /** How many arguments a call takes; undefined for one that is not known, which may take all. */
  arity(number: bigint): number | undefined;
  neverReturns(number: bigint): boolean;
}

/** Finds which system calls are made where the straight-line code before the instruction says so. */
export function resolveSystemCalls(
  isa: Isa,
  statements: readonly Statement[],
  section: Section,
  flows: (Flow | undefined)[],
  conventions: SystemConventions | undefined,
): void {
  section.statements.forEach((index, at) => {
    const flow = flows[index];
    const s = statements[index];
    if (flow?.kind !== 'system' || s?.kind !== 'inst') return;
    const before = straightBefore(statements, section, flows, at);
    const { number, values } = askedFor(isa, before, s.inst);
    const arity = number === undefined ? undefined : conventions?.arity(number);
    flows[index] = { kind: 'system', number, reads: flow.reads.slice(0, arity), values: values.slice(0, arity) };
  });
}

/** The instructions before a place of a section that are carried out one after the other, in order. */
function straightBefore(
  statements: readonly Statement[],
  section: Section,
  flows: readonly (Flow | undefined)[],
  at: number,
): Inst[] {
  const found: Inst[] = [];
  for (let k = at - 1; k >= 0; k--) {
    const index = section.statements[k] ?? -1;
    const s = statements[index];
    if (s?.kind === 'label') break;
    if (s?.kind !== 'inst') continue;
    if (flows[index]?.kind !== 'next') break;
    found.push(s.inst);
  }
  return found.reverse();
}

/** The number and the arguments of a call, as far as the instructions before it tell. */
function askedFor(isa: Isa, before: readonly Inst[], call: Inst): Pick<Flow & { kind: 'system' }, 'number' | 'values'> {
  const state = new SymbolicState(isa, '');
  for (const inst of before) state.apply(effectsOf(inst, state));
  for (const e of effectsOf(call, state)) {
    if (e.kind !== 'system') continue;
    // The kernel looks at 32 bits of the number.
    const number = e.number.op === 'const' ? BigInt.asUintN(32, e.number.value) : undefined;
    return { number, values: e.arguments.map((a) => (a.op === 'const' ? a.value : undefined)) };
  }
  return { number: undefined, values: [] };
}
