// SPDX-License-Identifier: MIT
import type { Term } from '../../logic/term.ts';
import { effectsOf, type Inst } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import { SymbolicState } from '../isa/state.ts';
import type { Statement } from '../text/ast.ts';
import type { Section } from './sections.ts';
import type { Flow } from './types.ts';

/**
 * Makes calls through a register that an instruction just before has set to a symbol's address calls of that symbol: code
 * for the large model makes all its calls so.
 */
export function resolveConstantCalls(
  isa: Isa,
  statements: readonly Statement[],
  section: Section,
  flows: (Flow | undefined)[],
): void {
  /** The symbol whose address a register holds there, where the straight-line code before says so. */
  const constantBefore = (at: number, register: string): string | undefined => {
    let name = register;
    for (let k = at - 1; k >= 0; k--) {
      const index = section.statements[k] ?? -1;
      const s = statements[index];
      if (s?.kind === 'label') return undefined;
      if (s?.kind !== 'inst') continue;
      if (flows[index]?.kind !== 'next') return undefined;
      const value = valueSet(isa, s.inst, name);
      if (value === undefined) continue;
      if (value.op !== 'var') return undefined;
      if (value.name.startsWith('&')) return value.name.slice(1);
      name = value.name;
    }
    return undefined;
  };
  section.statements.forEach((index, at) => {
    const flow = flows[index];
    const s = statements[index];
    if (flow?.kind !== 'call' || flow.target !== undefined || s?.kind !== 'inst') return;
    const called = s.inst.ops[0];
    if (called?.kind !== 'reg') return;
    const target = constantBefore(at, called.reg.loc);
    if (target !== undefined) flows[index] = { kind: 'call', target };
  });
}

function valueSet(isa: Isa, inst: Inst, register: string): Term | undefined {
  for (const e of effectsOf(inst, new SymbolicState(isa, '')))
    if (e.kind === 'set' && e.loc === register) return e.value;
  return undefined;
}
