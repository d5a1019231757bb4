// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { bv } from '../../../logic/build.ts';
import { assumptionOf } from '../assumptions.ts';
import { effectsOf } from '../define.ts';
import { isDiagnostic } from '../isa.ts';
import { SymbolicState } from '../state.ts';
import { addressOf } from '../symbol.ts';
import { riscv64 } from './index.ts';

const read = (line: string) => {
  const inst = riscv64.readInst(line, 'gnu', { file: 'a.s', line: 1, column: 1, endColumn: 2 });
  if (isDiagnostic(inst)) throw new Error(inst.message);
  return inst;
};

/** The state after one instruction from given values of locations; the others are variables. */
function stateAfter(line: string, values: Readonly<Record<string, bigint>>): SymbolicState {
  const state = new SymbolicState(riscv64, '');
  for (const [loc, value] of Object.entries(values)) state.values.set(loc, bv(64, value));
  state.apply(effectsOf(read(line), state));
  return state;
}

const expectResult = (line: string, values: Readonly<Record<string, bigint>>, loc: string, result: bigint): void => {
  const term = stateAfter(line, values).get(loc);
  expect(`${term.op} ${BigInt.asUintN(term.width, term.value).toString(16)}`).toBe(`const ${result.toString(16)}`);
};

const kinds = (line: string): readonly string[] =>
  effectsOf(read(line), new SymbolicState(riscv64, '')).map((e) => e.kind);

const ONES = 0xffff_ffff_ffff_ffffn;
const MIN = 1n << 63n;
const NAN = 0x7ff8_0000_0000_0000n;
const BOX = 0xffff_ffff_0000_0000n;
const SINGLE_NAN = BOX | 0x7fc0_0000n;

describe('registers', () => {
  test('words are sign-extended', () =>
    expectResult('addw a0, a1, a2', { x11: 0x7fff_ffffn, x12: 1n }, 'x10', 0xffff_ffff_8000_0000n));
  test('x0 reads as zero', () => expectResult('sub a0, zero, a1', { x11: 1n }, 'x10', ONES));
  test('x0 is not written', () => expect(effectsOf(read('mv zero, a1'), stateAfter('nop', {}))).toEqual([]));
});

describe('division', () => {
  test('by zero gives all ones', () => expectResult('divu a0, a1, a2', { x11: 5n, x12: 0n }, 'x10', ONES));
  test('of a word by zero too', () => expectResult('divw a0, a1, a2', { x11: 5n, x12: 1n << 32n }, 'x10', ONES));
  test('has the dividend as remainder by zero', () => expectResult('rem a0, a1, a2', { x11: 5n, x12: 0n }, 'x10', 5n));
  test('of the most negative by -1 gives itself', () =>
    expectResult('div a0, a1, a2', { x11: MIN, x12: ONES }, 'x10', MIN));
  test('and leaves nothing', () => expectResult('rem a0, a1, a2', { x11: MIN, x12: ONES }, 'x10', 0n));
});

describe('floating point', () => {
  test('a single stands under ones', () =>
    expectResult('fmv.w.x fa0, a0', { x10: 0x3f80_0000n }, 'f10', BOX | 0x3f80_0000n));
  test('a single that does not is a NaN', () =>
    expectResult('fadd.s fa0, fa1, fa2', { f11: 0x3f80_0000n, f12: BOX }, 'f10', SINGLE_NAN));
  test('but it is stored as it is', () =>
    expectResult('fmv.x.w a0, fa1', { f11: 0x1_3f80_0000n }, 'x10', 0x3f80_0000n));
  test('NaNs lose their payload', () =>
    expectResult('fadd.d fa0, fa1, fa1', { f11: 0xfff4_dead_beef_0123n }, 'f10', NAN));
  test('and keep it in moves', () =>
    expectResult('fneg.d fa0, fa1', { f11: 0xfff4_dead_beef_0123n }, 'f10', 0x7ff4_dead_beef_0123n));
  test('-0 is less than +0', () => expectResult('fmin.d fa0, fa1, fa2', { f11: 0n, f12: MIN }, 'f10', MIN));
  test('a number is less than a NaN', () =>
    expectResult('fmin.d fa0, fa1, fa2', { f11: 7n, f12: NAN + 1n }, 'f10', 7n));
  test('a NaN converts to the greatest integer', () =>
    expectResult('fcvt.w.d a0, fa0, rtz', { f10: NAN }, 'x10', 0x7fff_ffffn));
  test('of an unsigned word sign-extended', () => expectResult('fcvt.wu.d a0, fa0, rtz', { f10: NAN }, 'x10', ONES));
  test('negative zero has class 3', () => expectResult('fclass.d a0, fa0', { f10: MIN }, 'x10', 8n));
  test('a signalling NaN has class 8', () =>
    expectResult('fclass.d a0, fa0', { f10: NAN ^ (1n << 51n) ^ 1n }, 'x10', 256n));
});

describe('control', () => {
  test('ret', () => expect(kinds('ret')).toEqual(['return']));
  test('jr ra', () => expect(kinds('jr ra')).toEqual(['return']));
  test('jr', () => expect(kinds('jr a5')).toEqual(['jump']));
  test('jalr', () => expect(kinds('jalr a5')).toEqual(['set', 'call']));
  test('jalr zero, 0(ra)', () => expect(kinds('jalr zero, 0(ra)')).toEqual(['return']));
  test('tail loses t1', () => {
    const [lost, jump] = effectsOf(read('tail f'), new SymbolicState(riscv64, ''));
    expect(lost).toMatchObject({ kind: 'set', loc: 'x6', value: { op: 'var' } });
    expect(jump).toEqual({ kind: 'jump', target: addressOf('f') });
  });
  test('call loses nothing but the link', () => {
    const state = new SymbolicState(riscv64, '');
    state.nextLabel = 'next';
    expect(effectsOf(read('call f@plt'), state)).toEqual([
      { kind: 'set', loc: 'x1', value: addressOf('next') },
      { kind: 'call', target: addressOf('f') },
    ]);
  });
  test('jumps to registers rest on even code addresses', () => {
    expect(assumptionOf(read('jr a5').def)).toBe('jump-targets');
    expect(assumptionOf(read('ret').def)).toBeUndefined();
  });
  test('a store-conditional succeeds, and says that it assumes so', () => {
    expectResult('sc.d a0, a1, (a2)', { x10: 9n }, 'x10', 0n);
    expect(assumptionOf(read('sc.d a0, a1, (a2)').def)).toBe('exclusive-store-succeeds');
  });
});

describe('one instruction here', () => {
  test('li', () => expectResult('li a0, -2', {}, 'x10', ONES - 1n));
  test('lui is sign-extended', () => expectResult('lui a0, 0x80000', {}, 'x10', 0xffff_ffff_8000_0000n));
  test('a store to a symbol loses the temporary', () => {
    const state = stateAfter('sw zero, x+4, t0', {});
    expect(state.accesses.map((a) => a.kind)).toEqual(['store']);
    expect(state.get('x5').op).toBe('var');
  });
});
