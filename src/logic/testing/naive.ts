// SPDX-License-Identifier: MIT
import { apply, bv, mask, node, variable } from '../pool.ts';
import type { Op, Term } from '../term.ts';

/** Builders that simplify nothing, for tests that compare normal forms with what was asked for. */

const binary = (op: Op) => (a: Term, b: Term) => node(op, a.width, [a, b]);
const test = (op: Op) => (a: Term, b: Term) => node(op, 1, [a, b]);

const not = (a: Term): Term => node('not', a.width, [a]);
const add = binary('add');
const mul = binary('mul');
const and = binary('and');
const or = binary('or');
const xor = binary('xor');
const shl = binary('shl');
const lshr = binary('lshr');
const eq = test('eq');
const ult = test('ult');
const slt = test('slt');
const concat = (...parts: readonly Term[]): Term =>
  parts.length === 1
    ? (parts[0] as Term)
    : node(
        'concat',
        parts.reduce((n, p) => n + p.width, 0),
        parts,
      );
const extract = (a: Term, hi: number, lo: number): Term => node('extract', hi - lo + 1, [a], lo);
const zext = (a: Term, width: number): Term => (width === a.width ? a : concat(bv(width - a.width, 0), a));
const sext = (a: Term, width: number): Term => (width === a.width ? a : node('sext', width, [a]));
const neg = (a: Term): Term => mul(a, bv(a.width, mask(a.width)));
const bit = (a: Term, i: number): Term => extract(a, i, i);
const ite = (c: Term, a: Term, b: Term): Term => node('ite', a.width, [c, a, b]);

/** The count as wide as the width's logarithm, as `rotr` nodes have it. */
function turn(a: Term, count: Term): Term {
  const size = 31 - Math.clz32(a.width);
  return count.width >= size ? extract(count, size - 1, 0) : zext(count, size);
}

function load(memory: Term, address: Term, bytes: number): Term {
  const parts = Array.from({ length: bytes }, (_, i) => node('load', 8, [memory, add(address, bv(64, i))]));
  return concat(...parts.reverse());
}

function store(memory: Term, address: Term, value: Term): Term {
  let m = memory;
  for (let i = 0; i < value.width / 8; i++) {
    m = node('store', 0, [m, add(address, bv(64, i)), extract(value, 8 * i + 7, 8 * i)]);
  }
  return m;
}

function popcount(a: Term): Term {
  let sum = bv(a.width, 0);
  for (let i = 0; i < a.width; i++) sum = add(sum, zext(bit(a, i), a.width));
  return sum;
}

export const naive = {
  add,
  and,
  apply,
  ashr: binary('ashr'),
  bit,
  bv,
  carry: (a: Term, b: Term, c: Term): Term => node('carry', 1, [a, b, c]),
  clz: (a: Term): Term => node('clz', a.width, [a]),
  concat,
  eq,
  evenParity: (a: Term): Term => not(Array.from({ length: a.width }, (_, i) => bit(a, i)).reduce(xor)),
  extract,
  ite,
  load,
  low: (a: Term, width: number): Term => extract(a, width - 1, 0),
  lshr,
  msb: (a: Term): Term => bit(a, a.width - 1),
  mul,
  ne: (a: Term, b: Term): Term => not(eq(a, b)),
  neg,
  no: (): Term => bv(1, 0),
  not,
  or,
  overflow: (a: Term, b: Term, c: Term): Term => node('overflow', 1, [a, b, c]),
  popcount,
  rotl: (a: Term, count: Term): Term => node('rotr', a.width, [a, neg(turn(a, count))]),
  rotr: (a: Term, count: Term): Term => node('rotr', a.width, [a, turn(a, count)]),
  sdiv: binary('sdiv'),
  select: (m: Term, a: Term, b: Term): Term => or(and(a, m), and(b, not(m))),
  sext,
  shl,
  sle: (a: Term, b: Term): Term => not(slt(b, a)),
  slt,
  srem: binary('srem'),
  store,
  sub: (a: Term, b: Term): Term => add(add(a, not(b)), bv(a.width, 1)),
  udiv: binary('udiv'),
  ule: (a: Term, b: Term): Term => not(ult(b, a)),
  ult,
  urem: binary('urem'),
  variable,
  xor,
  yes: (): Term => bv(1, 1),
  zext,
};

export type Builders = typeof naive;
