// SPDX-License-Identifier: MIT
import { append } from '../base/lists.ts';
import { floatAxioms, nanResult, nanTest } from './smtlib-float.ts';
import { definedValues, readValues } from './smtlib-values.ts';
import type { Model } from './solver.ts';
import { subterms } from './substitute.ts';
import type { Term } from './term.ts';

/**
 * Queries as SMT-LIB 2 text. Floats become functions over bit-vectors of which only some laws are given: what is proved
 * holds for the real operators, and a model may be one that they do not have.
 */
export interface Query {
  /** Declarations and assertions, with neither `check-sat` nor options. */
  readonly text: string;
  /** The name under which each variable (not memories) is declared, so that a model can be read back. */
  readonly names: ReadonlyMap<string, Term>;
  /** How many assertions the text makes. */
  readonly count: number;
  /** What is read of the memories that the terms start from. */
  readonly probes: readonly Probe[];
  /** Declarations and assertions, two for each probe, that make constants of the probes. */
  readonly probeText: string;
}

/** Bytes of a memory variable: the names of their address and of their values (the lowest byte in the lowest bits). */
interface Probe {
  readonly memory: Term;
  readonly address: string;
  readonly bytes: string;
  readonly count: number;
}

/** A query that is satisfiable when all `assertions` (one-bit terms) can be 1 together. */
export function printQuery(assertions: readonly Term[]): Query {
  const lines: string[] = ['(set-logic QF_AUFBV)'];
  const probes: Probe[] = [];
  const probeLines: string[] = [];
  const names = new Map<string, Term>();
  const functions = new Set<string>();
  const ref = new Map<Term, string>();
  const definitions: string[] = [];
  const axioms: string[] = [];
  for (const t of subterms(assertions)) {
    if (t.op === 'const') ref.set(t, constant(t.value, t.width));
    else if (t.op === 'var') {
      const name = `|${t.name.replace(/[|\\]/g, '_')}:${t.width}|`;
      lines.push(`(declare-const ${name} ${sort(t.width)})`);
      if (t.width > 0) names.set(name, t);
      ref.set(t, name);
    } else {
      const args = t.args.map((a) => ref.get(a) as string);
      const name = `t${ref.size}`;
      definitions.push(`(define-fun ${name} () ${sort(t.width)} ${expression(t, args, functions)})`);
      ref.set(t, name);
      axioms.push(...floatAxioms(t, name, args));
      if (t.op === 'load') {
        for (const memory of rootsOf(t.args[0] as Term)) {
          const i = probes.length;
          const count = t.width / 8;
          const at = args[1] as string;
          const read = Array.from({ length: count }, (_, k) => `(select ${ref.get(memory)} ${offset(at, k)})`);
          const probe = { memory, address: `|probe.address.${i}|`, bytes: `|probe.bytes.${i}|`, count };
          probes.push(probe);
          for (const [name, width, value] of [
            [probe.address, 64, at],
            [probe.bytes, t.width, chain('concat', read.reverse())],
          ] as const) {
            probeLines.push(`(declare-const ${name} ${sort(width)})`, `(assert (= ${name} ${value}))`);
          }
        }
      }
    }
  }
  for (const part of [functions, definitions, axioms]) append(lines, part);
  for (const t of assertions) lines.push(`(assert (= ${ref.get(t)} #b1))`);
  const count = axioms.length + assertions.length;
  return { text: `${lines.join('\n')}\n`, names, count, probes, probeText: `${probeLines.join('\n')}\n` };
}

/** The memory variables that a memory grows from. */
function rootsOf(memory: Term): readonly Term[] {
  return subterms([memory]).filter((t) => t.width === 0 && t.op === 'var');
}

/** The names whose values tell a model. */
export function modelNames(query: Query): readonly string[] {
  return [...query.names.keys(), ...query.probes.flatMap((p) => [p.address, p.bytes])];
}

/** The model in the answer to `(get-value (...))` of `modelNames`; undefined where something is missing. */
export function readModel(query: Query, text: string): Model | undefined {
  const asked = modelNames(query);
  // Solvers repeat what was asked in words of their own, but in the order in which it was asked.
  const found = asked.length === 0 ? [] : readValues(text);
  if (found.length !== asked.length || found.includes(undefined)) return undefined;
  return modelOf(query, new Map(asked.map((name, i) => [name, found[i] ?? 0n])));
}

/** The model that `define-fun` commands describe; what is not defined may have any value. */
export function readDefinitions(query: Query, text: string): Model {
  return modelOf(query, definedValues(text));
}

function modelOf(query: Query, values: ReadonlyMap<string, bigint>): Model {
  const variables = new Map<Term, bigint>();
  for (const [name, t] of query.names) variables.set(t, values.get(name) ?? 0n);
  const memories = new Map<Term, Map<bigint, number>>();
  for (const p of query.probes) {
    const [address, bytes] = [values.get(p.address), values.get(p.bytes)];
    if (address === undefined || bytes === undefined) continue;
    const known = memories.get(p.memory) ?? new Map<bigint, number>();
    memories.set(p.memory, known);
    for (let i = 0; i < p.count; i++) {
      known.set(BigInt.asUintN(64, address + BigInt(i)), Number((bytes >> BigInt(8 * i)) & 0xffn));
    }
  }
  return { variables, memories };
}

function sort(width: number): string {
  return width === 0 ? '(Array (_ BitVec 64) (_ BitVec 8))' : `(_ BitVec ${width})`;
}

export function constant(value: bigint, width: number): string {
  if (width % 4 === 0) return `#x${value.toString(16).padStart(width / 4, '0')}`;
  return `#b${value.toString(2).padStart(width, '0')}`;
}

const bool = (condition: string): string => `(ite ${condition} #b1 #b0)`;
const zeroExtend = (n: number, a: string): string => (n === 0 ? a : `((_ zero_extend ${n}) ${a})`);
const signExtend = (n: number, a: string): string => (n === 0 ? a : `((_ sign_extend ${n}) ${a})`);
const offset = (address: string, i: number): string =>
  i === 0 ? address : `(bvadd ${address} ${constant(BigInt(i), 64)})`;

const plain: Readonly<Record<string, string>> = {
  and: 'bvand',
  or: 'bvor',
  xor: 'bvxor',
  add: 'bvadd',
  mul: 'bvmul',
  udiv: 'bvudiv',
  urem: 'bvurem',
  sdiv: 'bvsdiv',
  srem: 'bvsrem',
  shl: 'bvshl',
  lshr: 'bvlshr',
  ashr: 'bvashr',
  concat: 'concat',
};

/** SMT-LIB's binary operator applied to any number of arguments. */
function chain(name: string, args: readonly string[]): string {
  return args.reduce((a, b) => `(${name} ${a} ${b})`);
}

function expression(t: Term, args: readonly string[], functions: Set<string>): string {
  const [a, b, c] = args as [string, string, string];
  const from = t.args[0]?.width ?? 0;
  const simple = plain[t.op];
  if (simple !== undefined) return chain(simple, args);
  switch (t.op) {
    case 'not':
      return `(bvnot ${a})`;
    case 'extract':
      return `((_ extract ${t.lo + t.width - 1} ${t.lo}) ${a})`;
    case 'sext':
      return signExtend(t.width - from, a);
    case 'ite':
      return `(ite (= ${a} #b1) ${b} ${c})`;
    case 'eq':
      return bool(`(= ${a} ${b})`);
    case 'ult':
      return bool(`(bvult ${a} ${b})`);
    case 'slt':
      return bool(`(bvslt ${a} ${b})`);
    case 'carry': {
      const sum = `(bvadd ${zeroExtend(1, a)} ${zeroExtend(1, b)} ${zeroExtend(from, c)})`;
      return `((_ extract ${from} ${from}) ${sum})`;
    }
    case 'overflow': {
      const sum = `(bvadd ${signExtend(1, a)} ${signExtend(1, b)} ${zeroExtend(from, c)})`;
      return `(bvxor ((_ extract ${from} ${from}) ${sum}) ((_ extract ${from - 1} ${from - 1}) ${sum}))`;
    }
    case 'clz': {
      let text = constant(BigInt.asUintN(from, BigInt(from)), from);
      for (let i = 0; i < from; i++) {
        const count = constant(BigInt.asUintN(from, BigInt(from - 1 - i)), from);
        text = `(ite (= ((_ extract ${i} ${i}) ${a}) #b1) ${count} ${text})`;
      }
      return text;
    }
    case 'bitrev': {
      const bits = Array.from({ length: from }, (_, i) => `((_ extract ${i} ${i}) ${a})`);
      return chain('concat', bits);
    }
    case 'rotr': {
      const size = t.args[1]?.width ?? 0;
      const count = zeroExtend(from - size, b);
      const back = zeroExtend(from - size, `(bvneg ${b})`);
      return `(bvor (bvlshr ${a} ${count}) (bvshl ${a} ${back}))`;
    }
    case 'load': {
      const bytes = Array.from({ length: t.width / 8 }, (_, i) => `(select ${a} ${offset(b, i)})`);
      return chain('concat', bytes.reverse());
    }
    case 'store': {
      let memory = a;
      const size = (t.args[2] as Term).width / 8;
      for (let i = 0; i < size; i++) {
        memory = `(store ${memory} ${offset(b, i)} ((_ extract ${8 * i + 7} ${8 * i}) ${c}))`;
      }
      return memory;
    }
    case 'fp.isNaN':
      return bool(nanTest(a, from));
    case 'fp.nanX86':
    case 'fp.nanArm':
      return nanResult(t, args);
  }
  // Floats and applied functions.
  const name = `|${t.op}.${t.name.replace(/[|\\]/g, '_')}:${t.args.map((x) => x.width).join(',')}:${t.width}|`;
  functions.add(`(declare-fun ${name} (${t.args.map((x) => sort(x.width)).join(' ')}) ${sort(t.width)})`);
  return args.length === 0 ? name : `(${name} ${args.join(' ')})`;
}
