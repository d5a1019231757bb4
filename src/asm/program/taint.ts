// SPDX-License-Identifier: MIT

import type { Term } from '../../logic/term.ts';
import type { Inst } from '../isa/define.ts';
import { effectsOf } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import { SymbolicState } from '../isa/state.ts';

/** What a value is made from: registers, addresses of interest (by number) and memory. */
export interface Ingredients {
  readonly locs: readonly string[];
  readonly sources: readonly number[];
  readonly loads: boolean;
}

/** Where addresses go in one instruction. Comparisons and conditions carry none on. */
export interface TaintFacts {
  readonly sets: readonly { readonly loc: string; readonly from: Ingredients }[];
  readonly stored: Ingredients;
  /** What the target of an indirect jump is made from. */
  readonly jump: Ingredients | undefined;
}

const PREFIX = 'in.';

export function taintFacts(inst: Inst, isa: Isa, sources: ReadonlyMap<string, number>): TaintFacts {
  const sets: { loc: string; from: Ingredients }[] = [];
  const stored: Term[] = [];
  let jump: Ingredients | undefined;
  for (const e of effectsOf(inst, new SymbolicState(isa, PREFIX))) {
    if (e.kind === 'set') {
      if (e.value.width > 1) sets.push({ loc: e.loc, from: ingredients([e.value], sources) });
    } else if (e.kind === 'store') stored.push(e.value);
    else if (e.kind === 'jump') jump = ingredients([e.target], sources);
  }
  return { sets, stored: ingredients(stored, sources), jump };
}

function ingredients(terms: readonly Term[], sources: ReadonlyMap<string, number>): Ingredients {
  const locs: string[] = [];
  const found: number[] = [];
  let loads = false;
  const seen = new Set<number>();
  const visit = (t: Term): void => {
    if (seen.has(t.id)) return;
    seen.add(t.id);
    switch (t.op) {
      case 'const':
      case 'eq':
      case 'ult':
      case 'slt':
      case 'carry':
      case 'overflow':
        return;
      case 'var': {
        if (t.name.startsWith(PREFIX)) locs.push(t.name.slice(PREFIX.length));
        const at = t.name.indexOf('&');
        const source = at === -1 ? undefined : sources.get(t.name.slice(at + 1));
        if (source !== undefined) found.push(source);
        return;
      }
      case 'load': {
        loads = true;
        const address = t.args[1];
        if (address !== undefined) visit(address);
        return;
      }
      case 'ite':
        for (const a of t.args.slice(1)) visit(a);
        return;
      default:
        for (const a of t.args) visit(a);
    }
  };
  for (const t of terms) visit(t);
  return { locs: locs.filter((l) => !l.startsWith('undefined.')), sources: found, loads };
}
