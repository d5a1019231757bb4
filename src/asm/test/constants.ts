// SPDX-License-Identifier: MIT
import { resetTerms } from '../../logic/build.ts';
import { operate } from '../../logic/evaluate.ts';
import type { Term } from '../../logic/term.ts';
import { effectsOf } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import { SymbolicState } from '../isa/state.ts';
import type { Block, FunctionCode } from '../program/types.ts';

/**
 * Which few numbers a register may hold where a block begins, on whatever way control has come there (a data-flow
 * analysis over sets of constants; a register of which more is possible is not in the map). Blocks to which no block leads,
 * and the first, begin with anything.
 */
export type Constants = ReadonlyMap<string, ReadonlySet<bigint>>;

/** Larger sets say nothing. */
const MOST = 8;
/** So many combinations of arguments are tried. */
const MOST_COMBINATIONS = 64;
/** Of so few bits all values are tried. */
const NARROW = 2;
const LARGEST = 400;
/** More open parts are too many. */
const MOST_PARTS = 6;

/** `kept` says which registers a call keeps, and that all others may hold anything behind it. */
export function constantsAt(
  code: FunctionCode,
  isa: Isa,
  kept: (call: Block) => readonly string[],
): readonly (Constants | undefined)[] {
  const { blocks } = code;
  const registers = isa.locations.filter((l) => l.kind === 'gpr' && l.width === 64).map((l) => l.name);
  const at: (Map<string, ReadonlySet<bigint>> | undefined)[] = blocks.map(() => undefined);
  const led = new Set(blocks.flatMap((b) => b.successors));
  const states = new Map<Block, SymbolicState>();
  const stateOf = (block: Block): SymbolicState => {
    const state = states.get(block) ?? behind(code, isa, block);
    states.set(block, state);
    return state;
  };
  const waiting: number[] = [];
  for (const b of blocks) {
    if (b.index > 0 && led.has(b.index)) continue;
    at[b.index] = new Map();
    waiting.push(b.index);
  }
  for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
    const block = blocks[index];
    const before = at[index];
    if (block === undefined || before === undefined) continue;
    const after = left(stateOf(block), before, block.flow.kind === 'call' ? kept(block) : registers);
    for (const s of new Set(block.successors)) {
      if (s === 0 || !join(at, s, after)) continue;
      if (!waiting.includes(s)) waiting.push(s);
    }
  }
  resetTerms();
  return at;
}

/** Adds what may be so on one more way; whether that has changed anything. */
function join(at: (Map<string, ReadonlySet<bigint>> | undefined)[], block: number, more: Constants): boolean {
  const before = at[block];
  if (before === undefined) {
    at[block] = new Map(more);
    return true;
  }
  let changed = false;
  for (const [loc, values] of before) {
    const others = more.get(loc);
    const all = others === undefined ? undefined : new Set([...values, ...others]);
    if (all !== undefined && all.size === values.size) continue;
    changed = true;
    if (all === undefined || all.size > MOST) before.delete(loc);
    else before.set(loc, all);
  }
  return changed;
}

/** The state at the end of a block, over that at its beginning. */
function behind(code: FunctionCode, isa: Isa, block: Block): SymbolicState {
  const state = new SymbolicState(isa, PREFIX);
  for (let i = block.start; i < block.end; i++) {
    const inst = code.insts[i];
    if (inst === undefined) continue;
    state.nextLabel = `behind ${i}`;
    state.apply(effectsOf(inst, state));
  }
  return state;
}

/** What is left of that in some registers. */
function left(state: SymbolicState, before: Constants, registers: readonly string[]): Constants {
  const open = new OpenParts(before);
  const after = new Map<string, ReadonlySet<bigint>>();
  for (const loc of registers) {
    const values = state.holds(loc) ? open.valuesOf(state.get(loc)) : before.get(loc);
    if (values !== undefined) after.set(loc, values);
  }
  return after;
}

const PREFIX = 'c.';

/** What is open in terms: registers that hold one of a few constants, and few bits of which nothing is known. */
class OpenParts {
  private readonly before: Constants;
  private readonly known = new Map<Term, ReadonlySet<Term> | undefined>();

  constructor(before: Constants) {
    this.before = before;
  }

  /** All that a term may come to; undefined where that is too much to say. */
  valuesOf(t: Term): ReadonlySet<bigint> | undefined {
    const parts = this.partsOf(t);
    if (parts === undefined) return undefined;
    let rows: Map<Term, bigint>[] = [new Map()];
    for (const part of parts) {
      const values = this.choices(part) ?? [];
      if (rows.length * values.length > MOST_COMBINATIONS) return undefined;
      rows = rows.flatMap((row) => values.map((v) => new Map(row).set(part, v)));
    }
    const found = new Set<bigint>();
    for (const row of rows) {
      found.add(outcome(t, row));
      if (found.size > MOST) return undefined;
    }
    return found;
  }

  private choices(part: Term): readonly bigint[] | undefined {
    const held =
      part.op === 'var' && part.name.startsWith(PREFIX) ? this.before.get(part.name.slice(PREFIX.length)) : undefined;
    if (held !== undefined) return [...held];
    if (part.width === 0 || part.width > NARROW) return undefined;
    return Array.from({ length: 2 ** part.width }, (_, i) => BigInt(i));
  }

  private partsOf(t: Term): ReadonlySet<Term> | undefined {
    if (t.op === 'const') return new Set();
    if (this.known.has(t)) return this.known.get(t);
    if (this.known.size > LARGEST) return undefined;
    let parts: Set<Term> | undefined = new Set();
    const opaque = ['var', 'load', 'store', 'apply'].includes(t.op) || t.args.some((a) => a.width === 0);
    for (const a of opaque ? [] : t.args) {
      const own: ReadonlySet<Term> | undefined = this.partsOf(a);
      if (own === undefined) {
        parts = undefined;
        break;
      }
      for (const p of own) parts.add(p);
    }
    if (opaque || parts === undefined || parts.size > MOST_PARTS) {
      parts = this.choices(t) === undefined ? undefined : new Set([t]);
    }
    this.known.set(t, parts);
    return parts;
  }
}

/** What a term comes to where its open parts have values; those are added to. */
function outcome(t: Term, values: Map<Term, bigint>): bigint {
  if (t.op === 'const') return t.value;
  const known = values.get(t);
  if (known !== undefined) return known;
  const args = t.args.map((a) => outcome(a, values));
  const value = applied(t, args);
  values.set(t, value);
  return value;
}

function applied(t: Term, args: readonly bigint[]): bigint {
  if (t.op === 'ite') return (args[0] === 1n ? args[1] : args[2]) ?? 0n;
  if (t.op === 'eq') return args[0] === args[1] ? 1n : 0n;
  if (t.op === 'concat') return t.args.reduce((v, a, i) => (v << BigInt(a.width)) | (args[i] ?? 0n), 0n);
  return operate(t.op, t.width, t.args[0]?.width ?? 0, t.lo, t.name, args);
}
