// SPDX-License-Identifier: MIT
import { append } from '../../../base/lists.ts';
import { bv, variable } from '../../../logic/build.ts';
import { onReset } from '../../../logic/pool.ts';
import type { Term } from '../../../logic/term.ts';
import { effectsOf, type Inst } from '../../isa/define.ts';
import type { Effect, State } from '../../isa/effect.ts';
import type { Isa } from '../../isa/isa.ts';
import type { Expr } from '../../isa/operand.ts';
import { threadPointer } from '../../isa/symbol.ts';
import { exactKey } from '../../program/inst-key.ts';

/**
 * What an instruction does, over variables for what it finds: `in.rax`, `load 0`, `next` and the linker's. It is found
 * once for all instructions that read the same.
 */
export interface Meaning {
  readonly key: string;
  /** The reads from memory, in order. */
  readonly loads: readonly { readonly address: Term; readonly bytes: number; readonly value: Term }[];
  readonly effects: readonly Effect[];
  /** The locations that it reads, with the variables that stand for them. */
  readonly reads: readonly (readonly [loc: string, variable: Term])[];
  /** The flags among them. */
  readonly flags: readonly string[];
  /** Variables that only the linker knows, and `next`. */
  readonly linked: readonly Term[];
}

/** The address of the instruction that follows. */
export const NEXT = 'next';

const caches = new Map<Isa, Map<string, Meaning>>();
onReset(() => caches.clear());

function cacheOf(isa: Isa): Map<string, Meaning> {
  let cache = caches.get(isa);
  if (cache === undefined) {
    cache = new Map();
    caches.set(isa, cache);
  }
  return cache;
}

export function meaningOf(inst: Inst, isa: Isa): Meaning {
  const cache = cacheOf(isa);
  const key = exactKey(inst);
  let meaning = cache.get(key);
  if (meaning === undefined) {
    meaning = read(inst, key, new Recorder(isa, 'in.', undefined));
    cache.set(key, meaning);
  }
  return meaning;
}

/**
 * What an instruction does behind another one that has set the flags it reads: a comparison and a jump become one
 * condition. Variables of the first are `in.`, those of the second `then.`.
 */
export function fusedMeaning(first: Meaning, inst: Inst, isa: Isa): Meaning {
  const cache = cacheOf(isa);
  const key = `${first.key}\n${exactKey(inst)}`;
  let meaning = cache.get(key);
  if (meaning === undefined) {
    meaning = read(inst, key, new Recorder(isa, 'then.', first));
    cache.set(key, meaning);
  }
  return meaning;
}

class Recorder implements State {
  readonly loads: { readonly address: Term; readonly bytes: number; readonly value: Term }[] = [];
  readonly isa: Isa;
  readonly prefix: string;
  private readonly first: Meaning | undefined;

  constructor(isa: Isa, prefix: string, first: Meaning | undefined) {
    this.isa = isa;
    this.prefix = prefix;
    this.first = first;
  }

  get(loc: string): Term {
    if (loc === this.isa.threadPointer) return threadPointer();
    for (const e of this.first?.effects ?? []) {
      if (e.kind === 'set' && e.loc === loc && e.value.width === 1) return e.value;
    }
    return variable(this.prefix + loc, widthOf(this.isa, loc));
  }

  load(address: Term, bytes: number): Term {
    const slot = this.isa.slot(address, bytes);
    if (slot !== undefined) return slot;
    const value = variable(`${this.prefix}load ${this.loads.length}`, 8 * bytes);
    this.loads.push({ address, bytes, value });
    return value;
  }

  symbol(expression: Expr): Term {
    return this.isa.symbol(expression);
  }

  next(): Term {
    return variable(NEXT, 64);
  }

  undefined(width: number): Term {
    return bv(width, 0);
  }
}

function read(inst: Inst, key: string, state: Recorder): Meaning {
  const effects = effectsOf(inst, state);
  const { isa, prefix, loads } = state;
  const seen = new Set<Term>();
  const todo: Term[] = loads.map((l) => l.address);
  for (const e of effects) {
    if (e.kind === 'store') todo.push(e.address);
    if ('value' in e) todo.push(e.value);
    if ('target' in e) todo.push(e.target);
    if ('condition' in e && e.condition !== undefined) todo.push(e.condition);
  }
  const reads: [string, Term][] = [];
  const flags: string[] = [];
  const linked: Term[] = [];
  for (let t = todo.pop(); t !== undefined; t = todo.pop()) {
    if (seen.has(t)) continue;
    seen.add(t);
    append(todo, t.args);
    if (t.op !== 'var' || t.name.includes('load ')) continue;
    if (t.name.startsWith(prefix)) {
      const loc = t.name.slice(prefix.length);
      reads.push([loc, t]);
      if (isa.locations.some((l) => l.name === loc && l.kind === 'flag')) flags.push(loc);
    } else if (!t.name.startsWith('in.')) linked.push(t);
  }
  return { key, loads, effects, reads, flags, linked };
}

const widths = new WeakMap<Isa, Map<string, number>>();

function widthOf(isa: Isa, loc: string): number {
  let known = widths.get(isa);
  if (known === undefined) {
    known = new Map(isa.locations.map((l) => [l.name, l.width]));
    widths.set(isa, known);
  }
  return known.get(loc) ?? 64;
}
