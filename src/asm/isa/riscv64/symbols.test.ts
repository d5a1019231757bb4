// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { add, bv, load, sext, sub, variable } from '../../../logic/build.ts';
import type { Term } from '../../../logic/term.ts';
import { effectsOf } from '../define.ts';
import { isDiagnostic } from '../isa.ts';
import { SymbolicState } from '../state.ts';
import { addressOf, stackGuard, threadPointer, tlsAddress } from '../symbol.ts';
import { riscv64 } from './index.ts';

/** What straight-line code leaves in a0. */
function run(...lines: readonly string[]): Term {
  const state = new SymbolicState(riscv64, '');
  state.values.set('x4', threadPointer());
  for (const line of lines) {
    const inst = riscv64.readInst(line, 'gnu', { file: 'a.s', line: 1, column: 1, endColumn: 2 });
    if (isDiagnostic(inst)) throw new Error(inst.message);
    state.apply(effectsOf(inst, state));
  }
  return state.get('x10');
}

const memory = (): Term => variable('memory', 0);

describe('addresses', () => {
  test('la', () => expect(run('la a0, foo')).toBe(addressOf('foo')));
  test('lla of an element', () => expect(run('lla a0, foo+8')).toBe(add(addressOf('foo'), bv(64, 8))));
  test('two parts', () => expect(run('lui a0, %hi(foo)', 'addi a0, a0, %lo(foo)')).toBe(addressOf('foo')));
  test('two parts of an element', () =>
    expect(run('lui a5, %hi(foo-24)', 'addi a0, a5, %lo(foo-24)')).toBe(sub(addressOf('foo'), bv(64, 24))));
  test('a load through the low part', () =>
    expect(run('lui a5, %hi(foo)', 'lw a0, %lo(foo)(a5)')).toBe(sext(load(memory(), addressOf('foo'), 4), 64)));
  test('a load from a symbol', () => expect(run('ld a0, foo+8')).toBe(run('lla a1, foo', 'ld a0, 8(a1)')));
  test('the stack guard', () => expect(run('la a5, __stack_chk_guard', 'ld a0, 0(a5)')).toBe(stackGuard()));
});

describe('thread-local addresses', () => {
  test('local exec', () =>
    expect(run('lui a5, %tprel_hi(x)', 'add a5, a5, tp, %tprel_add(x)', 'addi a0, a5, %tprel_lo(x)')).toBe(
      tlsAddress('x'),
    ));
  test('local exec of an element', () =>
    expect(run('lui a5, %tprel_hi(x+8)', 'add a5, a5, tp, %tprel_add(x+8)', 'addi a0, a5, %tprel_lo(x+8)')).toBe(
      add(tlsAddress('x'), bv(64, 8)),
    ));
  test('a load through the low part', () =>
    expect(run('lui a5, %tprel_hi(x)', 'add a5, a5, tp, %tprel_add(x)', 'ld a0, %tprel_lo(x)(a5)')).toBe(
      load(memory(), tlsAddress('x'), 8),
    ));
  test('initial exec', () => expect(run('la.tls.ie a0, x', 'add a0, a0, tp')).toBe(tlsAddress('x')));
  test('the offset alone', () => expect(run('la.tls.ie a0, x')).toBe(sub(tlsAddress('x'), threadPointer())));
});
