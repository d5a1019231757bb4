// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { bv } from '../../../logic/build.ts';
import { assumptionOf } from '../assumptions.ts';
import { effectsOf } from '../define.ts';
import { isDiagnostic } from '../isa.ts';
import { SymbolicState } from '../state.ts';
import { aarch64 } from './index.ts';

const read = (line: string) => {
  const inst = aarch64.readInst(line, 'gnu', { file: 'a.s', line: 1, column: 1, endColumn: 2 });
  if (isDiagnostic(inst)) throw new Error(inst.message);
  return inst;
};

/** The state after one instruction from given values of locations; the others are variables. */
function stateAfter(line: string, values: Readonly<Record<string, bigint>>): SymbolicState {
  const state = new SymbolicState(aarch64, '');
  for (const [loc, value] of Object.entries(values)) {
    state.values.set(loc, bv(aarch64.locations.find((l) => l.name === loc)?.width ?? 0, value));
  }
  state.apply(effectsOf(read(line), state));
  return state;
}

const expectResult = (line: string, values: Readonly<Record<string, bigint>>, loc: string, result: bigint): void => {
  const term = stateAfter(line, values).get(loc);
  expect(`${term.op} ${BigInt.asUintN(term.width, term.value).toString(16)}`).toBe(`const ${result.toString(16)}`);
};

const ONES = 0xffff_ffff_ffff_ffffn;

describe('registers', () => {
  test('32-bit results clear the upper half', () => expectResult('add w0, w1, #1', { x0: ONES, x1: ONES }, 'x0', 0n));
  test('the zero register reads as zero', () => expectResult('sub x0, xzr, x1', { x1: 1n }, 'x0', ONES));
  test('the zero register is not written', () =>
    expect(effectsOf(read('mov xzr, x1'), stateAfter('nop', {}))).toEqual([]));
  test('a scalar load clears the vector register above it', () =>
    expect(stateAfter('ldr s0, [x1]', {}).get('v0').args[0]).toBe(bv(96, 0)));
});

describe('division', () => {
  test('by zero gives zero', () => expectResult('udiv x0, x1, x2', { x1: 5n, x2: 0n }, 'x0', 0n));
  test('signed by zero gives zero', () => expectResult('sdiv w0, w1, w2', { x1: ONES, x2: 0n }, 'x0', 0n));
  test('the most negative by -1 gives itself', () =>
    expectResult('sdiv w0, w1, w2', { x1: 0x8000_0000n, x2: ONES }, 'x0', 0x8000_0000n));
});

describe('negative immediates are the other instruction', () => {
  test('adds', () => expectResult('adds w0, w1, #-1', { x1: 0n }, 'c', 0n));
  test('subs', () => expectResult('cmp x1, #-1', { x1: ONES }, 'c', 1n));
});

describe('memory', () => {
  test('pre-indexing accesses where it leaves the base', () => {
    const state = stateAfter('str x0, [sp, #-16]!', { x0: 7n, sp: 0x1000n });
    expect(state.get('sp')).toBe(bv(64, 0xff0));
    expect(state.accesses).toEqual([{ kind: 'store', address: bv(64, 0xff0), bytes: 8 }]);
  });
  test('post-indexing accesses where the base was', () => {
    const state = stateAfter('ldp x0, x1, [x2], #16', { x2: 0x1000n });
    expect(state.get('x2')).toBe(bv(64, 0x1010));
    expect(state.accesses.map((a) => a.address)).toEqual([bv(64, 0x1000), bv(64, 0x1008)]);
  });
  test('an index is extended before it is shifted', () => {
    const state = stateAfter('ldr x0, [x1, w2, sxtw #3]', { x1: 0x1000n, x2: 0xffff_ffffn });
    expect(state.accesses.map((a) => a.address)).toEqual([bv(64, 0xff8)]);
  });
  test('a store-exclusive succeeds, and says that it assumes so', () => {
    expectResult('stlxr w0, x1, [x2]', { x0: 9n }, 'x0', 0n);
    expect(assumptionOf(read('stlxr w0, x1, [x2]').def)).toBe('exclusive-store-succeeds');
    expect(assumptionOf(read('str x1, [x2]').def)).toBeUndefined();
  });
});

test('crc32 of a byte (the checksum of 0x31 from all ones)', () =>
  // CRC-32 of the text "1" is 0x83dcefb7, the inverse of the register.
  expectResult('crc32b w0, w1, w2', { x1: 0xffff_ffffn, x2: 0x31n }, 'x0', 0x7c231048n));
