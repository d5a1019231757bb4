// SPDX-License-Identifier: MIT
import { mapped } from '../../base/lists.ts';
import type { Term } from '../../logic/term.ts';
import type { Inst } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import { PREFIX, shapeEffects } from './effects-summary.ts';
import { rememberShape } from './remember.ts';

/** What a value is made from: registers, the symbols that the instruction names, and memory. */
export interface Ingredients {
  readonly locs: readonly string[];
  readonly symbols: boolean;
  readonly loads: boolean;
}

/** Where addresses go in one instruction. Comparisons and conditions carry none on. */
export interface TaintFacts {
  readonly sets: readonly { readonly loc: string; readonly from: Ingredients }[];
  readonly stored: Ingredients;
  /** What the target of an indirect jump is made from. */
  readonly jump: Ingredients | undefined;
}

export const taintOfShape = rememberShape('taint', findTaint, {
  mentions: ({ sets, stored, jump }, loc) =>
    [...sets.map((s) => s.from), stored, jump].some((i) => i?.locs.includes(loc)) || sets.some((s) => s.loc === loc),
  rename: ({ sets, stored, jump }, names) => {
    const there = (i: Ingredients): Ingredients => ({ ...i, locs: mapped(i.locs, (loc) => names.get(loc) ?? loc) });
    return {
      sets: mapped(sets, (s) => ({ loc: names.get(s.loc) ?? s.loc, from: there(s.from) })),
      stored: there(stored),
      jump: jump && there(jump),
    };
  },
});

/** The same, found for this very instruction. */
export function findTaint(inst: Inst, isa: Isa): TaintFacts {
  const widths = new Map(isa.locations.map((l) => [l.name, l.width]));
  const sets: { loc: string; from: Ingredients }[] = [];
  const stored: Term[] = [];
  let jump: Ingredients | undefined;
  for (const e of shapeEffects(inst, isa).effects) {
    if (e.kind === 'set') {
      if (widths.get(e.loc) !== 1) sets.push({ loc: e.loc, from: ingredients([e.value], widths) });
    } else if (e.kind === 'store') stored.push(e.value);
    else if (e.kind === 'jump') jump = ingredients([e.target], widths);
  }
  return { sets, stored: ingredients(stored, widths), jump };
}

function ingredients(terms: readonly Term[], widths: ReadonlyMap<string, number>): Ingredients {
  const locs: string[] = [];
  let symbols = false;
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
        const loc = t.name.startsWith(PREFIX) ? t.name.slice(PREFIX.length) : undefined;
        if (loc !== undefined && widths.has(loc)) locs.push(loc);
        if (t.name.includes('&')) symbols = true;
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
  return { locs, symbols, loads };
}
