// SPDX-License-Identifier: MIT
import { variable } from '../../src/logic/build.ts';
import { Evaluator } from '../../src/logic/evaluate.ts';
import type { Term } from '../../src/logic/term.ts';
import { AREA } from './x86-host-machine.ts';

/** The variables of `in.rax` and so on: the state before the instruction. */
export const PREFIX = 'in.';
const UNDEFINED = `${PREFIX}undefined.`;

/** The location that a variable stands for; undefined for symbols and undefined values. */
export function locationOf(v: Term): string | undefined {
  if (!v.name.startsWith(PREFIX) || v.name.startsWith(UNDEFINED)) return undefined;
  return v.name.slice(PREFIX.length);
}

export const isUndefined = (v: Term): boolean => v.name.startsWith(UNDEFINED);

const cache = new WeakMap<Term, readonly Term[]>();

/** The variables in a term, memories aside. */
export function variablesOf(term: Term): readonly Term[] {
  const known = cache.get(term);
  if (known !== undefined) return known;
  const found = new Set<Term>();
  const seen = new Set<Term>();
  const todo = [term];
  for (let t = todo.pop(); t !== undefined; t = todo.pop()) {
    if (seen.has(t)) continue;
    seen.add(t);
    if (t.op === 'var' && t.width > 0) found.add(t);
    todo.push(...t.args);
  }
  const list = [...found];
  cache.set(term, list);
  return list;
}

/** Stand-ins for undefined values: a bit that is really undefined differs between some of them. */
const CHOICES = [0n, (1n << 256n) - 1n, 0x3c5a_9617n * ((1n << 256n) / 0xffff_ffffn), 0x1n * ((1n << 256n) / 0xffffn)];
export const CHOICE_COUNT = CHOICES.length;

const memoryVariable = variable('memory', 0);

/** The harness's symbols, and terms evaluated over concrete states. */
export class World {
  private readonly symbols: ReadonlyMap<string, bigint>;

  constructor(symbols: ReadonlyMap<string, bigint>) {
    this.symbols = symbols;
  }

  symbol(name: string): bigint {
    const address = this.symbols.get(name);
    if (address === undefined) throw new Error(`the harness has no symbol ${name}`);
    return address;
  }

  /** An evaluator for terms of these variables. Memory outside the area is zero. */
  evaluator(variables: Iterable<Term>, state: ReadonlyMap<string, bigint>, memory?: Uint8Array, choice = 0): Evaluator {
    const values = new Map<Term, bigint>();
    for (const v of variables) {
      const loc = locationOf(v);
      if (loc !== undefined) values.set(v, state.get(loc) ?? 0n);
      else if (isUndefined(v)) values.set(v, BigInt.asUintN(v.width, CHOICES[choice] ?? 0n));
      else if (v.name.startsWith('&')) values.set(v, this.symbol(v.name.slice(1)));
    }
    if (memory === undefined) return new Evaluator({ values });
    const bytes = (address: bigint): number => memory[Number(address - AREA)] ?? 0;
    return new Evaluator({ values, memories: new Map([[memoryVariable, bytes]]) });
  }

  value(term: Term, state: ReadonlyMap<string, bigint>): bigint {
    return this.evaluator(variablesOf(term), state).value(term);
  }
}
