// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, test } from 'vitest';
import {
  add,
  and,
  bv,
  concat,
  eq,
  extract,
  fpArith,
  ite,
  load,
  low,
  lshr,
  mul,
  nanResultArm,
  ne,
  not,
  or,
  popcount,
  shl,
  slt,
  store,
  sub,
  udiv,
  ule,
  ult,
  variable,
  xor,
  yes,
  zext,
} from './build.ts';
import { QueryCache } from './generalise.ts';
import { prove, proveQuickly } from './prove.ts';
import { replays } from './refute.ts';
import type { Solver } from './solver.ts';
import { cvc5Process, z3Process } from './solvers/process.ts';
import { wasmSolver } from './solvers/wasm.ts';
import type { Term } from './term.ts';

const [a, b, c] = [variable('a', 64), variable('b', 64), variable('c', 64)];
const f = variable('f', 1);
const memory = variable('memory', 0);
const k = (v: number) => bv(64, v);

const unanswering: Solver = {
  name: 'none',
  check: () => Promise.resolve({ status: 'unknown', reason: 'asked for nothing' }),
  close: () => Promise.resolve(),
};

describe('without a solver', () => {
  test('terms with one normal form are proved', async () => {
    const goal = { assumptions: [], left: sub(add(a, b), b), right: a };
    expect(await prove(goal)).toEqual({ kind: 'proved', how: 'normalised' });
  });

  test('assumptions are used', () => {
    const proved = { kind: 'proved', how: 'normalised' };
    const claims = [
      { assumptions: [f], left: ite(f, a, b), right: a },
      { assumptions: [not(f)], left: ite(f, a, b), right: b },
      { assumptions: [eq(a, k(5))], left: add(a, b), right: add(b, k(5)) },
      { assumptions: [eq(a, add(b, c))], left: sub(a, b), right: c },
      { assumptions: [eq(extract(a, 63, 32), bv(32, 0))], left: a, right: zext(low(a, 32), 64) },
      { assumptions: [ult(a, b)], left: ite(ult(a, b), a, b), right: a },
      { assumptions: [not(ult(a, b))], left: ite(ult(a, b), a, b), right: b },
      { assumptions: [and(f, ult(a, b))], left: and(ult(a, b), f), right: yes() },
      { assumptions: [eq(load(memory, a, 8), b)], left: store(memory, a, b), right: memory },
      { assumptions: [eq(a, b), eq(b, k(3))], left: a, right: k(3) },
      { assumptions: [not(xor(f, variable('g', 1)))], left: f, right: variable('g', 1) },
    ];
    for (const claim of claims) expect(proveQuickly(claim)).toEqual(proved);
  });

  test('one-bit claims are proved by truth table', () => {
    const [p, q, r] = ['p', 'q', 'r'].map((n) => variable(n, 1)) as [Term, Term, Term];
    const proved = { kind: 'proved', how: 'normalised' };
    const claims = [
      { assumptions: [], left: ite(and(p, not(q)), r, p), right: and(p, ite(q, p, r)) },
      { assumptions: [or(p, q), not(and(p, q))], left: p, right: not(q) },
      { assumptions: [or(p, q), or(not(p), r)], left: or(q, r), right: yes() },
      { assumptions: [], left: or(or(and(p, q), and(not(p), r)), and(q, r)), right: or(and(p, q), and(not(p), r)) },
    ];
    for (const claim of claims) expect(proveQuickly(claim)).toEqual(proved);
    expect(proveQuickly({ assumptions: [or(p, q)], left: p, right: not(q) })?.kind).toBe('refuted');
  });

  test('of conjunctions with something in common, that may be assumed', () => {
    const zero = eq(b, k(0));
    const side = (y: Term) => and(not(zero), slt(mul(udiv(a, y), c), k(1000)));
    const [left, right] = [side(b), side(ite(zero, k(7), b))];
    expect(left).not.toBe(right);
    expect(proveQuickly({ assumptions: [], left, right })).toEqual({ kind: 'proved', how: 'normalised' });
    const [noLeft, noRight] = [not(left), not(right)];
    expect(proveQuickly({ assumptions: [], left: noLeft, right: noRight })?.kind).toBe('proved');
    const goal = { assumptions: [], left, right: side(add(b, k(1))) };
    const wrong = proveQuickly(goal);
    expect(wrong?.kind === 'refuted' && replays(wrong.witness, goal)).toBe(true);
    expect(proveQuickly({ assumptions: [], left, right: not(zero) })?.kind).toBe('refuted');
    const never = { assumptions: [zero], left, right: side(c) };
    expect(proveQuickly(never)).toEqual({ kind: 'proved', how: 'normalised' });
  });

  test('of conditions that never hold together, each may be taken to hold for the others', () => {
    const [x, y, z] = [variable('x', 32), variable('y', 32), variable('z', 32)];
    const apart = not(eq(udiv(ite(f, x, y), z), udiv(ite(f, x, z), z)));
    const left = and(f, apart);
    expect(left.op).toBe('and');
    expect(proveQuickly({ assumptions: [], left, right: bv(1, 0) })).toEqual({ kind: 'proved', how: 'normalised' });
    expect(proveQuickly({ assumptions: [], left: not(left), right: yes() })?.kind).toBe('proved');
    const goal = { assumptions: [], left: and(not(f), apart), right: bv(1, 0) };
    const wrong = proveQuickly(goal);
    expect(wrong?.kind === 'refuted' && replays(wrong.witness, goal)).toBe(true);
  });

  test('a claim under contradicting assumptions is marked', () => {
    expect(proveQuickly({ assumptions: [f, not(f)], left: a, right: b })).toEqual({
      kind: 'proved',
      how: 'normalised',
      vacuous: true,
    });
  });

  test('what is wrong is refuted with values that replay', () => {
    const claims = [
      { assumptions: [], left: add(a, b), right: sub(a, b) },
      { assumptions: [ult(a, b)], left: ult(a, c), right: yes() },
      { assumptions: [eq(a, k(7))], left: ult(a, b), right: ult(a, add(b, k(1))) },
      { assumptions: [], left: slt(a, b), right: ult(a, b) },
      { assumptions: [], left: load(store(memory, a, b), c, 8), right: load(memory, c, 8) },
      { assumptions: [], left: store(memory, a, b), right: store(memory, a, c) },
      { assumptions: [], left: store(store(memory, a, b), c, b), right: store(store(memory, a, c), c, b) },
      { assumptions: [eq(load(memory, a, 8), b)], left: b, right: c },
      {
        assumptions: [],
        left: nanResultArm(fpArith('fp.add', a, b), [a, b]),
        right: nanResultArm(fpArith('fp.add', a, b), [b, a]),
      },
      { assumptions: [], left: fpArith('fp.sub', a, b), right: fpArith('fp.sub', b, a) },
    ];
    for (const claim of claims) {
      const result = proveQuickly(claim, 2000);
      expect(result?.kind).toBe('refuted');
      if (result?.kind === 'refuted') expect(replays(result.witness, claim)).toBe(true);
    }
  });

  test('what was shown before is used, whichever side is a constant', async () => {
    const [x, y, there] = [mul(a, b), udiv(a, b), c];
    const [left, right] = [x, y].map((v) => load(store(memory, there, v), a, 8)) as [Term, Term];
    expect((await prove({ assumptions: [], left, right })).kind).not.toBe('proved');
    expect((await prove({ assumptions: [], left, right, known: [[x, y]] })).kind).toBe('proved');
    expect((await prove({ assumptions: [], left: add(x, k(1)), right: k(1), known: [[x, k(0)]] })).kind).toBe('proved');
    expect((await prove({ assumptions: [], left: y, right: x, known: [[x, k(0)]] })).kind).not.toBe('proved');
  });

  test('what is left over stays undecided', async () => {
    const hard = { assumptions: [], left: mul(a, add(b, c)), right: add(mul(a, b), mul(a, c)) };
    expect((await prove(hard)).kind).toBe('undecided');
    const answer = await prove(hard, { solvers: [unanswering] });
    expect(answer).toEqual({ kind: 'undecided', reason: 'none: asked for nothing' });
  });

  test('a counterexample that does not replay is no refutation', async () => {
    const liar: Solver = {
      ...unanswering,
      name: 'liar',
      check: () => Promise.resolve({ status: 'sat', model: { variables: new Map([[a, 1n]]), memories: new Map() } }),
    };
    const right = { assumptions: [], left: mul(a, add(b, c)), right: add(mul(a, b), mul(a, c)) };
    const answer = await prove(right, { solvers: [liar] });
    expect(answer).toEqual({ kind: 'undecided', reason: 'liar: its counterexample does not replay' });
  });
});

const installed = (command: string): boolean => spawnSync(command, ['--version']).status === 0;
const solvers: readonly (readonly [Solver, boolean])[] = [
  [wasmSolver(), true],
  [z3Process(), installed('z3')],
  [cvc5Process(), installed('cvc5')],
];

afterAll(async () => {
  for (const [solver] of solvers) await solver.close();
});

for (const [solver, present] of solvers) {
  describe.skipIf(!present)(`with ${solver.name}`, () => {
    const options = { solvers: [solver], timeoutMs: 20_000 };

    test('proofs', { timeout: 60_000 }, async () => {
      // Merging the bits of two words by xor and by or.
      const merged = xor(b, and(xor(a, b), c));
      const small = zext(low(a, 8), 64);
      const clever = and(add(small, lshr(shl(small, k(1)), k(1))), k(0x1ff));
      const storeTwo = (x: Term, y: Term) => store(store(memory, x, low(b, 8)), y, low(b, 8));
      const claims = [
        { assumptions: [], left: merged, right: or(and(a, c), and(b, not(c))) },
        { assumptions: [ult(a, b), ult(b, c)], left: ult(a, c), right: yes() },
        { assumptions: [], left: clever, right: shl(small, k(1)) },
        { assumptions: [ne(a, c)], left: load(store(memory, a, low(b, 8)), c, 1), right: load(memory, c, 1) },
        { assumptions: [], left: storeTwo(a, c), right: storeTwo(c, a) },
        { assumptions: [], left: store(memory, a, merged), right: store(memory, a, or(and(a, c), and(b, not(c)))) },
      ];
      const means = new Set<string>();
      for (const claim of claims) {
        const result = await prove(claim, options);
        expect(result).toMatchObject({ kind: 'proved' });
        if (result.kind === 'proved') means.add(result.how);
      }
      expect(means).toContain('solver');
    });

    test('refutations replay', { timeout: 60_000 }, async () => {
      const magic = bv(64, 0x1234_5678_9abc_def1n);
      const claims = [
        { assumptions: [], left: eq(mul(a, bv(64, 3)), magic), right: eq(a, magic) },
        { assumptions: [], left: ult(popcount(a), k(63)), right: yes() },
        { assumptions: [eq(b, bv(64, 77n))], left: ne(add(load(memory, a, 8), b), magic), right: yes() },
        { assumptions: [], left: concat(ne(xor(a, b), magic), f), right: concat(yes(), f) },
      ];
      for (const claim of claims) {
        const result = await prove(claim, { ...options, samples: 0 });
        expect(result.kind === 'undecided' ? result.reason : result.kind).toBe('refuted');
        if (result.kind === 'refuted') expect(replays(result.witness, claim)).toBe(true);
      }
    });

    test('what takes too long is undecided', { timeout: 60_000 }, async () => {
      const left = ule(mul(udiv(a, b), b), a);
      const result = await prove(
        { assumptions: [], left, right: bv(1, 1) },
        { solvers: [solver], timeoutMs: 300, samples: 0 },
      );
      expect(result).toMatchObject({ kind: 'undecided' });
    });

    test('it is asked once', { timeout: 60_000 }, async () => {
      const cache = new QueryCache();
      const claim = (x: typeof a, y: typeof a) => ({
        assumptions: [],
        left: xor(b, and(xor(x, b), y)),
        right: or(and(x, y), and(b, not(y))),
      });
      const [d, e] = [variable('d', 64), variable('e', 64)];
      expect(await prove(claim(a, c), { ...options, cache })).toMatchObject({ how: 'solver' });
      expect(await prove(claim(d, e), { ...options, cache })).toMatchObject({ kind: 'proved', how: 'cached' });
    });
  });
}

describe('case by case', () => {
  const chosen = ite(f, a, k(0));
  // The carry of a sum with what was chosen, as comparing the sum tells it and as the condition and a carry do.
  const carries = ult(add(b, chosen), chosen);

  test('both outcomes of a choice are looked at by themselves', async () => {
    const claim = { assumptions: [], left: carries, right: and(f, ult(not(a), b)) };
    expect(await prove(claim, { solvers: [unanswering] })).toEqual({ kind: 'proved', how: 'normalised' });
  });

  test('of choices within others, too', async () => {
    const g = eq(c, k(5));
    const inner = ite(g, chosen, k(0));
    const claim = { assumptions: [], left: ult(add(b, inner), inner), right: and(f, and(g, ult(not(a), b))) };
    expect(await prove(claim, { solvers: [unanswering] })).toEqual({ kind: 'proved', how: 'normalised' });
  });

  test('one outcome does not speak for the other', async () => {
    const rare = eq(mul(a, c), bv(64, 0x9e3779b97f4a7c15n));
    const claim = { assumptions: [], left: carries, right: and(f, and(ult(not(a), b), not(rare))) };
    expect((await prove(claim, { solvers: [unanswering], samples: 0 })).kind).not.toBe('proved');
  });
});
