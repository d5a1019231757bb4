// SPDX-License-Identifier: MIT

import type { Diagnostics } from '../../base/diagnostic.ts';
import { mapped } from '../../base/lists.ts';
import { type Draft, splitDraft } from './drafts.ts';
import type { SymbolTable } from './symbols.ts';
import type { Flow } from './types.ts';

/** The drafts that make up one function; the first holds its entry. */
export interface CodeUnit {
  readonly drafts: readonly Draft[];
}

export interface LabelPlace {
  readonly unit: number;
  /** Index among the unit's drafts, and of the instruction within the draft. */
  readonly draft: number;
  readonly at: number;
}

/** Where each code label is. */
export function labelPlaces(units: readonly CodeUnit[]): Map<string, LabelPlace> {
  const places = new Map<string, LabelPlace>();
  units.forEach((u, unit) => {
    u.drafts.forEach((d, draft) => {
      for (const [at, labels] of d.labelsAt) for (const label of labels) places.set(label, { unit, draft, at });
    });
  });
  return places;
}

export interface JoinContext {
  readonly called: ReadonlySet<string>;
  readonly addressTaken: ReadonlySet<string>;
  readonly flowAt: (statement: number) => Flow;
  readonly table: SymbolTable;
}

/**
 * Joins functions and their split-off parts: `foo.cold`, and any local stretch that is entered only by jumps from one
 * other function, at least one of them to somewhere behind its first label.
 */
export function joinParts(drafts: readonly Draft[], context: JoinContext): CodeUnit[] {
  const { called, addressTaken, table } = context;
  const byName = new Map(drafts.map((d) => [d.name, d]));
  const owner = new Map<Draft, Draft>();
  const enterable = (d: Draft): boolean =>
    d.labels.some((l) => {
      // A label's address in a jump table says nothing: compilers put cases of a switch into the cold part.
      const taken = addressTaken.has(l) && !l.startsWith('.L');
      return taken || called.has(l) || table.symbols.get(l)?.binding !== 'local';
    });
  const jumps = jumpsBetween(drafts, context);
  const runInto = new Set(drafts.flatMap((d) => (d.next !== undefined && !d.sized ? [d.next] : [])));
  for (const d of drafts) {
    if (enterable(d)) continue;
    const named = d.name.endsWith('.cold') ? byName.get(d.name.slice(0, -'.cold'.length)) : undefined;
    const from = jumps.get(d);
    const only = from?.sources.size === 1 && from.inside && !runInto.has(d) ? [...from.sources][0] : undefined;
    const into = named ?? only;
    if (into !== undefined && into !== d) owner.set(d, into);
  }
  const root = (d: Draft): Draft => {
    let r = d;
    for (let steps = 0; steps <= drafts.length; steps++) {
      const next = owner.get(r);
      if (next === undefined) return r;
      r = next;
    }
    return d;
  };
  const units = new Map<Draft, Draft[]>();
  for (const d of drafts) if (root(d) === d) units.set(d, [d]);
  for (const d of drafts) if (root(d) !== d) units.get(root(d))?.push(d);
  return mapped([...units.values()], (list) => ({ drafts: list }));
}

interface Entrances {
  readonly sources: Set<Draft>;
  /** Some jump goes behind the first instruction. */
  inside: boolean;
}

function jumpsBetween(drafts: readonly Draft[], context: JoinContext): Map<Draft, Entrances> {
  const places = new Map<string, { draft: Draft; at: number }>();
  for (const draft of drafts) {
    for (const [at, labels] of draft.labelsAt) for (const label of labels) places.set(label, { draft, at });
  }
  const entrances = new Map<Draft, Entrances>();
  for (const draft of drafts) {
    for (const statement of draft.statementAt) {
      const flow = context.flowAt(statement);
      if (flow.kind !== 'jump') continue;
      const place = places.get(context.table.aliases.get(flow.target) ?? flow.target);
      if (place === undefined || place.draft === draft) continue;
      let e = entrances.get(place.draft);
      if (e === undefined) {
        e = { sources: new Set(), inside: false };
        entrances.set(place.draft, e);
      }
      e.sources.add(draft);
      if (place.at > 0) e.inside = true;
    }
  }
  return entrances;
}

export interface SplitContext {
  readonly addressTaken: ReadonlySet<string>;
  readonly flowAt: (statement: number) => Flow;
  readonly aliases: ReadonlyMap<string, string>;
  readonly diagnostics: Diagnostics;
}

/** Where a unit's draft is cut, and what the function that begins there is called. */
type Cuts = Map<number, string>;

interface Entry {
  readonly statement: number;
  readonly target: string;
  readonly from: CodeUnit;
  readonly to: CodeUnit;
}

interface Entries {
  readonly cuts: Cuts;
  readonly all: Entry[];
}

/**
 * Makes labels that other functions jump to into functions of their own, and so, where loops cross such a label, the
 * places that they jump to. Jumps into the middle of functions with cold parts are refused, and such as would part an
 * indirect jump from what it may go to.
 */
export function splitAtSharedLabels(joined: readonly CodeUnit[], context: SplitContext): CodeUnit[] {
  let units = [...joined];
  for (;;) {
    const entries = entriesFromOthers(units, context);
    const split = new Map<CodeUnit, Cuts>();
    for (const [unit, { cuts }] of entries) if (canSplit(unit, cuts, context)) split.set(unit, cuts);
    if (split.size === 0) {
      for (const { all } of entries.values()) for (const e of all) report(e, context.diagnostics);
      return units;
    }
    units = units.flatMap((unit) => {
      const cuts = split.get(unit);
      const draft = unit.drafts[0];
      if (cuts === undefined || draft === undefined) return [unit];
      const later = [...cuts].sort(([a], [b]) => b - a).map(([at, name]) => splitDraft(draft, at, name));
      return mapped([draft, ...later.reverse()], (d) => ({ drafts: [d] }));
    });
  }
}

/** By unit, the jumps and calls of others that go into its middle, and where they do. */
function entriesFromOthers(units: readonly CodeUnit[], context: SplitContext): ReadonlyMap<CodeUnit, Entries> {
  const places = labelPlaces(units);
  const entries = new Map<CodeUnit, Entries>();
  units.forEach((from, index) => {
    for (const draft of from.drafts) {
      for (const statement of draft.statementAt) {
        const flow = context.flowAt(statement);
        if (flow.kind !== 'jump' && flow.kind !== 'call') continue;
        const target = flow.target === undefined ? undefined : (context.aliases.get(flow.target) ?? flow.target);
        const place = target === undefined ? undefined : places.get(target);
        if (target === undefined || place === undefined || place.unit === index) continue;
        const to = units[place.unit];
        if (to === undefined || (place.draft === 0 && place.at === 0)) continue;
        const known: Entries = entries.get(to) ?? { cuts: new Map(), all: [] };
        entries.set(to, known);
        known.cuts.set(place.at, target);
        known.all.push({ statement, target, from, to });
      }
    }
  });
  return entries;
}

/** Whether the unit may be cut there, and where loops ask for it besides, which is added. */
function canSplit(unit: CodeUnit, cuts: Cuts, context: SplitContext): boolean {
  const draft = unit.drafts[0];
  if (unit.drafts.length !== 1 || draft === undefined) return false;
  addCrossed(draft, cuts, context);
  const jumps = draft.statementAt.flatMap((s, at) => (context.flowAt(s).kind === 'indirect' ? [at] : []));
  if (jumps.length === 0) return true;
  const targets = [...draft.labelsAt].flatMap(([at, labels]) =>
    at > 0 && labels.some((l) => context.addressTaken.has(l)) ? [at] : [],
  );
  const starts = [...cuts.keys()].sort((a, b) => a - b);
  return new Set([...jumps, ...targets].map((at) => countUpTo(starts, at))).size <= 1;
}

/** Adds the places that jumps from one piece of a draft to the middle of another go to. */
function addCrossed(draft: Draft, cuts: Cuts, context: SplitContext): void {
  const at = new Map<string, number>();
  for (const [index, labels] of draft.labelsAt) for (const label of labels) at.set(label, index);
  const jumps = draft.statementAt.flatMap((statement, from) => {
    const flow = context.flowAt(statement);
    const name = flow.kind === 'jump' ? (context.aliases.get(flow.target) ?? flow.target) : undefined;
    const to = name === undefined ? undefined : at.get(name);
    return name === undefined || to === undefined || to === 0 ? [] : [{ from, to, name }];
  });
  const starts = [...cuts.keys()].sort((a, b) => a - b);
  const piece = (index: number): number => starts[countUpTo(starts, index) - 1] ?? 0;
  for (let news = true; news; ) {
    news = false;
    for (const { from, to, name } of jumps) {
      if (cuts.has(to) || piece(from) === piece(to)) continue;
      cuts.set(to, name);
      starts.splice(countUpTo(starts, to), 0, to);
      news = true;
    }
  }
}

/** How many of the ascending numbers are no larger than `limit`. */
function countUpTo(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function report(r: Entry, diagnostics: Diagnostics): void {
  const draft = r.from.drafts.find((d) => d.statementAt.includes(r.statement));
  const span = draft?.insts[draft.statementAt.indexOf(r.statement)]?.span;
  diagnostics.add({
    severity: 'error',
    kind: 'unsupported',
    code: 'V0213',
    message: `a jump to ${r.target}, which is in the middle of ${r.to.drafts[0]?.name ?? 'a function'}`,
    ...(span === undefined ? {} : { span }),
    notes: [
      `it stands in ${r.from.drafts[0]?.name ?? 'another function'}, and the code around the label has a cold part or a jump table`,
      'make the shared code a function of its own, or give both entries one function',
    ],
  });
}
