// SPDX-License-Identifier: MIT
import { assert } from '../base/assert.ts';
import { type Deadline, spendSteps } from '../core/budget.ts';
import type { Op, Term } from './term.ts';

/** The pool of all terms: an open-addressing table over integers, so that equal terms are one object. */

const OPCODES = new Map<Op, number>();

/** Values below this are kept in a direct table, since most constants are small. */
const SMALL = 256;
const WIDEST = 512;
/** More terms than this fill the memory of a process with little else to do; no claim that can be decided needs as many. */
const MOST_TERMS = 4_000_000;

let terms: Term[] = [];
let hashes: number[] = [];
let table = new Int32Array(1 << 14);
let small: (Term | undefined)[] = [];
let variables = new Map<string, Term>();
let names = new Map<string, number>();
const memos: (() => void)[] = [];

/** Forgets all terms. Only between jobs that share none. */
export function resetTerms(): void {
  terms = [];
  hashes = [];
  table = new Int32Array(1 << 14);
  small = [];
  variables = new Map();
  names = new Map();
  for (const clear of memos) clear();
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a job that begins without terms, after those that were asked for before have ended: while one waits for a solver
 * another must not empty the pool, since terms of both would share their numbers. Jobs must not be nested.
 */
export function withFreshTerms<T>(job: () => Promise<T>): Promise<T> {
  const run = last.then(() => {
    resetTerms();
    return job();
  });
  last = run.catch(() => undefined);
  return run;
}

/** Registers what must be forgotten together with the terms. */
export function onReset(clear: () => void): void {
  memos.push(clear);
}

/** How many terms exist. */
export function termCount(): number {
  return terms.length;
}

const masks: bigint[] = [];
for (let w = 0; w <= WIDEST; w++) masks.push((1n << BigInt(w)) - 1n);

export function mask(width: number): bigint {
  return masks[width] ?? (1n << BigInt(width)) - 1n;
}

function mix(h: number, x: number): number {
  const m = Math.imul(h ^ x, 0x9e3779b1);
  return m ^ (m >>> 15);
}

function nameId(name: string): number {
  if (name === '') return 0;
  let id = names.get(name);
  if (id === undefined) {
    id = names.size + 1;
    names.set(name, id);
  }
  return id;
}

function opcode(op: Op): number {
  let code = OPCODES.get(op);
  if (code === undefined) {
    code = OPCODES.size + 1;
    OPCODES.set(op, code);
  }
  return code;
}

function grow(): void {
  table = new Int32Array(table.length * 2);
  const m = table.length - 1;
  for (let id = 0; id < terms.length; id++) {
    let at = (hashes[id] as number) & m;
    while (table[at] !== 0) at = (at + 1) & m;
    table[at] = id + 1;
  }
}

/** Throws a RangeError where there are too many terms. */
function insert(at: number, h: number, made: Term): Term {
  if (terms.length >= MOST_TERMS) throw new RangeError('too many terms');
  terms.push(made);
  hashes.push(h);
  table[at] = made.id + 1;
  if (terms.length * 2 > table.length) grow();
  return made;
}

/** Thrown where building terms takes longer than was allowed. */
export class TermsTakeTooLong extends Error {
  override readonly name = 'TermsTakeTooLong';
}

/** After so many terms were asked for, they are counted. */
const TERMS_TO_COUNT = 256;

let deadline: Deadline | undefined;
let asked = 0;

/** Builds terms until the deadline at most; then throws TermsTakeTooLong. Not to be nested. */
export function withDeadline<T>(end: Deadline, build: () => T): T {
  deadline = end;
  asked = 0;
  try {
    return build();
  } finally {
    deadline = undefined;
  }
}

function count(): void {
  spendSteps(asked);
  asked = 0;
  if (deadline?.passed === true) throw new TermsTakeTooLong('building terms takes too long');
}

function sameArgs(a: readonly Term[], b: readonly Term[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The term with exactly this operator and these arguments. Nothing is simplified: that is the builders' work. */
export function node(op: Op, width: number, args: readonly Term[], lo = 0, name = ''): Term {
  if (++asked > TERMS_TO_COUNT) count();
  let h = mix(mix(opcode(op), width * 521 + lo), nameId(name));
  for (let i = 0; i < args.length; i++) h = mix(h, (args[i] as Term).id);
  const m = table.length - 1;
  let at = h & m;
  for (;;) {
    const found = table[at] as number;
    if (found === 0) break;
    if (hashes[found - 1] === h) {
      const t = terms[found - 1] as Term;
      if (t.op === op && t.width === width && t.lo === lo && t.name === name && sameArgs(t.args, args)) return t;
    }
    at = (at + 1) & m;
  }
  return insert(at, h, { id: terms.length, op, width, args, value: 0n, name, lo });
}

const NONE: readonly Term[] = [];

function constant(width: number, value: bigint): Term {
  let h = mix(width, Number(value & 0xffffffffn));
  if (width > 32) {
    let rest = value >> 32n;
    while (rest !== 0n) {
      h = mix(h, Number(rest & 0xffffffffn));
      rest >>= 32n;
    }
  }
  const m = table.length - 1;
  let at = h & m;
  for (;;) {
    const found = table[at] as number;
    if (found === 0) break;
    if (hashes[found - 1] === h) {
      const t = terms[found - 1] as Term;
      if (t.op === 'const' && t.width === width && t.value === value) return t;
    }
    at = (at + 1) & m;
  }
  return insert(at, h, { id: terms.length, op: 'const', width, args: NONE, value, name: '', lo: 0 });
}

/** The constant `value` modulo 2^width. */
export function bv(width: number, value: bigint | number): Term {
  let v: bigint;
  if (typeof value === 'number') {
    if (value >= 0 && value < SMALL && (width >= 8 || value < 1 << width)) return smallConstant(width, value);
    v = BigInt.asUintN(width, BigInt(value));
  } else {
    v = BigInt.asUintN(width, value);
  }
  if (v < 256n) return smallConstant(width, Number(v));
  return constant(width, v);
}

function smallConstant(width: number, value: number): Term {
  const key = width * SMALL + value;
  let t = small[key];
  if (t === undefined) {
    assert(width > 0 && width <= WIDEST, `a constant of ${width} bits`);
    t = constant(width, BigInt(value));
    small[key] = t;
  }
  return t;
}

/** A free variable; the same name and width is the same variable. Width 0 makes a memory. */
export function variable(name: string, width: number): Term {
  const key = `${width}:${name}`;
  let t = variables.get(key);
  if (t === undefined) {
    assert(width <= WIDEST, `a variable of ${width} bits`);
    t = { id: terms.length, op: 'var', width, args: NONE, value: 0n, name, lo: 0 };
    terms.push(t);
    hashes.push(0);
    variables.set(key, t);
  }
  return t;
}

/** An uninterpreted function: equal arguments give equal results, and nothing else is known. Width 0 makes a memory. */
export function apply(name: string, width: number, args: readonly Term[]): Term {
  return node('apply', width, args, 0, name);
}

export const yes = (): Term => bv(1, 1);
export const no = (): Term => bv(1, 0);

export function isConst(t: Term): boolean {
  return t.op === 'const';
}

export function isZero(t: Term): boolean {
  return t.op === 'const' && t.value === 0n;
}

export function isOnes(t: Term): boolean {
  return t.op === 'const' && t.value === mask(t.width);
}

export function same(a: Term, b: Term): void {
  if (a.width !== b.width) assert(false, `widths differ: ${a.op} of ${a.width} and ${b.op} of ${b.width}`);
}

/** Argument `index` of a term that is known to have it. */
export function arg(t: Term, index: number): Term {
  return t.args[index] as Term;
}

export function byId(a: Term, b: Term): number {
  return a.id - b.id;
}
