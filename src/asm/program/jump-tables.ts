// SPDX-License-Identifier: MIT

import { must } from '../../base/assert.ts';
import { mapped } from '../../base/lists.ts';
import type { Inst } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import type { Statement } from '../text/ast.ts';
import type { BlockCuts } from './blocks.ts';
import { dataSymbols, dataValues, operandSymbols } from './references.ts';
import type { Section } from './sections.ts';
import { shapesOf } from './shape.ts';
import { findTaint, type Ingredients, taintOfShape } from './taint.ts';
import type { Flow } from './types.ts';

/** Data that holds addresses of code: a switch's jump table, the labels of a computed goto, or function pointers. */
export interface JumpTable {
  /** The labels at its beginning; none for a pointer in unlabelled data. */
  readonly labels: readonly string[];
  /** `difference`: offsets from some base label; `absolute`: addresses. */
  readonly kind: 'difference' | 'absolute';
  /** The labels that differences are taken from. */
  readonly bases: readonly string[];
  readonly targets: readonly string[];
}

export interface JumpTables {
  readonly list: readonly JumpTable[];
  readonly byLabel: ReadonlyMap<string, readonly JumpTable[]>;
  readonly byBase: ReadonlyMap<string, readonly JumpTable[]>;
  /** For each code label, the absolute tables it stands in. */
  readonly absoluteOf: ReadonlyMap<string, readonly JumpTable[]>;
}

/** All runs of data between two labels that mention code labels. */
export function collectJumpTables(
  statements: readonly Statement[],
  sections: readonly Section[],
  isCode: (label: string) => boolean,
): JumpTables {
  const list: JumpTable[] = [];
  for (const section of sections) {
    if (!section.allocated) continue;
    let labels: string[] = [];
    let fresh = true;
    let any = false;
    const note = (): void => {
      any = true;
    };
    const difference = new Set<string>();
    const bases = new Set<string>();
    const absolute = new Set<string>();
    const finish = (): void => {
      if (difference.size > 0) list.push({ labels, kind: 'difference', bases: [...bases], targets: [...difference] });
      if (absolute.size > 0) list.push({ labels, kind: 'absolute', bases: [], targets: [...absolute] });
      labels = [];
      // To clear an empty set makes another table all the same.
      for (const set of [difference, bases, absolute]) if (set.size > 0) set.clear();
      fresh = true;
    };
    for (const index of section.statements) {
      const s = statements[index];
      if (s?.kind === 'label') {
        if (!fresh) finish();
        labels.push(s.name);
      } else if (s?.kind === 'inst') {
        if (!fresh || labels.length > 0) finish();
      } else if (s?.kind === 'directive') {
        any = false;
        dataSymbols(s, note);
        if (!any) {
          if (s.values !== undefined) fresh = false;
          continue;
        }
        fresh = false;
        dataValues(s).forEach((value, i) => {
          const { plus, minus } = value?.plus === undefined ? scaledDifference(s.args[i] ?? '') : value;
          if (plus === undefined || !isCode(plus)) return;
          if (minus === undefined) absolute.add(plus);
          else {
            difference.add(plus);
            bases.add(minus);
          }
        });
      }
    }
    finish();
  }
  const byLabel = new Map<string, JumpTable[]>();
  const byBase = new Map<string, JumpTable[]>();
  const absoluteOf = new Map<string, JumpTable[]>();
  for (const table of list) {
    for (const base of table.bases) push(byBase, base, table);
    for (const label of table.labels) push(byLabel, label, table);
    if (table.kind === 'absolute') for (const target of table.targets) push(absoluteOf, target, table);
  }
  return { list, byLabel, byBase, absoluteOf };
}

/**
 * Tables of small entries hold a difference in instructions: `(.L5-.L3)/4`, `(.L5-.L3)>>2`. The entry of the base itself
 * is a difference as well, though its value is a plain zero.
 */
function scaledDifference(text: string): { readonly plus?: string; readonly minus?: string } {
  const match = /^\(\s*([\w.$]+)\s*-\s*([\w.$]+)\s*\)\s*(?:\/|>>)\s*\d+$/.exec(text);
  const [, plus, minus] = match ?? [];
  return plus === undefined || minus === undefined ? {} : { plus, minus };
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

export interface IndirectCode {
  readonly isa: Isa;
  readonly insts: readonly Inst[];
  readonly flows: readonly Flow[];
  readonly cuts: BlockCuts;
  readonly indexOfLabel: ReadonlyMap<string, number>;
  readonly tables: JumpTables;
  /** Whose addresses instructions of the file take. */
  readonly heldByCode: ReadonlySet<string>;
}

/**
 * The labels within the function that its indirect jumps may go to, by block index. A jump without an entry leaves the
 * function: nothing that its address was computed from has to do with a label of this function.
 *
 * The addresses of tables and labels are followed forwards through registers; what is stored anywhere may come back
 * from any load. Tables of its labels that the function does not mention, or whose addresses it returns, may be where
 * any of its jumps goes: a caller may pass it what it was given.
 */
export function resolveIndirectJumps(code: IndirectCode): Map<number, readonly string[]> {
  const jumps = code.cuts.ends.flatMap((end, b) => (code.flows[end - 1]?.kind === 'indirect' ? [b] : []));
  if (jumps.length === 0) return new Map();
  const sources = sourcesOf(code);
  const reached = sources.names.size === 0 ? new Map<number, Set<string>>() : followAddresses(code, sources);
  const hidden = new Set([...hiddenTargets(code, sources), ...returnedTargets(code, sources)]);
  const result = new Map<number, readonly string[]>();
  for (const b of jumps) {
    const found = reached.get(b);
    const labels = [...new Set([...(found ?? []), ...hidden])];
    if (labels.length > 0) result.set(b, labels);
  }
  return result;
}

/** The symbols in the function's instructions that lead to labels of the function, with those labels. */
interface Sources {
  readonly names: ReadonlyMap<string, number>;
  readonly targets: readonly (readonly string[])[];
}

function sourcesOf(code: IndirectCode): Sources {
  const names = new Map<string, number>();
  const targets: string[][] = [];
  code.insts.forEach((inst, i) => {
    const flow = code.flows[i];
    const direct = flow?.kind === 'jump' || flow?.kind === 'call' ? flow.target : undefined;
    for (const op of inst.ops) {
      operandSymbols(op, (name) => {
        if (name === direct || names.has(name)) return;
        const local = localTargets(code, name);
        if (local.length === 0) return;
        names.set(name, targets.length);
        targets.push(local);
      });
    }
  });
  return { names, targets };
}

function localTargets(code: IndirectCode, name: string): string[] {
  const list: string[] = [];
  // The entry does not count: a jump to a function's address is a call in tail position.
  const add = (label: string): void => {
    if ((code.indexOfLabel.get(label) ?? 0) > 0) list.push(label);
  };
  for (const table of code.tables.byLabel.get(name) ?? []) for (const target of table.targets) add(target);
  for (const table of code.tables.byBase.get(name) ?? []) for (const target of table.targets) add(target);
  // Differences may be taken from this label, and it may be a target all the same: its own difference is a plain zero.
  add(name);
  return list;
}

/** Labels in tables of addresses, and in other functions, that the function does not mention itself: a pointer to them may come from anywhere. */
function hiddenTargets(code: IndirectCode, sources: Sources): string[] {
  const labels: string[] = [];
  for (const [label, index] of code.indexOfLabel) {
    if (index === 0) continue;
    if (code.heldByCode.has(label) && !sources.names.has(label)) labels.push(label);
    for (const table of code.tables.absoluteOf.get(label) ?? []) {
      if (!table.labels.some((l) => sources.names.has(l))) labels.push(label);
    }
  }
  return [...new Set(labels)];
}

/** Labels in tables of addresses that the function leaves a pointer to where it returns. */
function returnedTargets(code: IndirectCode, sources: Sources): string[] {
  const labels: string[] = [];
  code.cuts.ends.forEach((end, b) => {
    if (code.flows[end - 1]?.kind !== 'return') return;
    for (const inst of code.insts.slice(code.cuts.starts[b], end)) {
      const names = sourcesIn(inst, sources).map((n) => must([...sources.names.keys()][n], 'a name'));
      const tables = names.flatMap((name) => code.tables.byLabel.get(name) ?? []).filter((t) => t.kind === 'absolute');
      const leaves =
        tables.length > 0 && findTaint(inst, code.isa).sets.some(({ from }) => from.symbols && !from.loads);
      if (leaves) for (const t of tables) labels.push(...t.targets.filter((l) => (code.indexOfLabel.get(l) ?? 0) > 0));
    }
  });
  return labels;
}

/** A forward dataflow: which sources may have gone into the value of each register; the answer is per indirect jump. */
function followAddresses(code: IndirectCode, sources: Sources): Map<number, Set<string>> {
  const { isa, cuts, insts } = code;
  const locations = new Map(isa.locations.map((l, i) => [l.name, i]));
  const words = (sources.targets.length + 31) >> 5;
  const size = isa.locations.length * words;
  const shapes = shapesOf(insts);
  const facts = mapped(insts, (inst, i) => taintOfShape(inst, must(shapes[i], 'a shape'), isa));
  const named = mapped(insts, (inst, i) => (isDirect(code.flows[i]) ? NONE : sourcesIn(inst, sources)));
  const entry = mapped(cuts.starts, () => new Int32Array(size));
  const memory = new Int32Array(words);
  const visited = new Uint8Array(cuts.starts.length);
  const found = new Map<number, Set<string>>();
  const queued = new Uint8Array(cuts.starts.length);
  const work: number[] = [];
  const enqueue = (b: number): void => {
    if (queued[b] === 1) return;
    queued[b] = 1;
    work.push(b);
  };
  const state = new Int32Array(size);
  const value = new Int32Array(words);
  // What an instruction sets, until all of it has been computed.
  let results = new Int32Array(4 * words);
  const evaluate = (what: Ingredients, i: number): void => {
    value.fill(0);
    if (what.symbols) for (const s of named[i] ?? []) value[s >> 5] = (value[s >> 5] ?? 0) | (1 << (s & 31));
    for (const loc of what.locs) {
      const base = (locations.get(loc) ?? 0) * words;
      for (let w = 0; w < words; w++) value[w] = (value[w] ?? 0) | (state[base + w] ?? 0);
    }
    if (what.loads) for (let w = 0; w < words; w++) value[w] = (value[w] ?? 0) | (memory[w] ?? 0);
  };
  const flowTo = (b: number): void => {
    const into = entry[b];
    if (into === undefined) return;
    let grew = visited[b] === 0;
    visited[b] = 1;
    for (let i = 0; i < size; i++) {
      const merged = (into[i] ?? 0) | (state[i] ?? 0);
      if (merged !== into[i]) {
        into[i] = merged;
        grew = true;
      }
    }
    if (grew) enqueue(b);
  };

  visited[0] = 1;
  enqueue(0);
  for (;;) {
    const b = work.pop();
    if (b === undefined) break;
    queued[b] = 0;
    state.set(entry[b] ?? state);
    let memoryGrew = false;
    for (let i = cuts.starts[b] ?? 0; i < (cuts.ends[b] ?? 0); i++) {
      const fact = facts[i];
      if (fact === undefined) continue;
      if (fact.jump !== undefined) {
        evaluate(fact.jump, i);
        recordTargets(found, b, value, sources);
      }
      evaluate(fact.stored, i);
      for (let w = 0; w < words; w++) {
        const merged = (memory[w] ?? 0) | (value[w] ?? 0);
        if (merged !== memory[w]) memoryGrew = true;
        memory[w] = merged;
      }
      const { sets } = fact;
      if (sets.length * words > results.length) results = new Int32Array(sets.length * words);
      for (let k = 0; k < sets.length; k++) {
        evaluate(must(sets[k], 'a set').from, i);
        results.set(value, k * words);
      }
      for (let k = 0; k < sets.length; k++) {
        const base = (locations.get(must(sets[k], 'a set').loc) ?? 0) * words;
        for (let w = 0; w < words; w++) state[base + w] = results[k * words + w] ?? 0;
      }
    }
    for (const s of cuts.successors[b] ?? []) flowTo(s);
    for (const label of found.get(b) ?? []) {
      const to = cuts.blockAt[code.indexOfLabel.get(label) ?? -1];
      if (to !== undefined) flowTo(to);
    }
    if (memoryGrew) for (let k = 0; k < visited.length; k++) if (visited[k] === 1) enqueue(k);
  }
  return found;
}

function isDirect(flow: Flow | undefined): boolean {
  return flow?.kind === 'jump' || (flow?.kind === 'call' && flow.target !== undefined);
}

/** The numbers of the sources that an instruction names. */
function sourcesIn(inst: Inst, sources: Sources): readonly number[] {
  let found: number[] | undefined;
  for (const op of inst.ops) {
    operandSymbols(op, (name) => {
      const number = sources.names.get(name);
      if (number === undefined) return;
      found ??= [];
      found.push(number);
    });
  }
  return found ?? NONE;
}

const NONE: readonly number[] = [];

function recordTargets(found: Map<number, Set<string>>, b: number, value: Int32Array, sources: Sources): void {
  let set = found.get(b);
  if (set === undefined) {
    set = new Set();
    found.set(b, set);
  }
  for (let s = 0; s < sources.targets.length; s++) {
    if (((value[s >> 5] ?? 0) & (1 << (s & 31))) === 0) continue;
    for (const t of sources.targets[s] ?? []) set.add(t);
  }
}
