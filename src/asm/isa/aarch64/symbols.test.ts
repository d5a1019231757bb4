// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { add, bv, load, sub, variable, zext } from '../../../logic/build.ts';
import type { Term } from '../../../logic/term.ts';
import { effectsOf } from '../define.ts';
import { isDiagnostic } from '../isa.ts';
import { SymbolicState } from '../state.ts';
import { addressOf, tlsAddress } from '../symbol.ts';
import { aarch64 } from './index.ts';

/** What straight-line code leaves in x0. */
function run(...lines: readonly string[]): Term {
  const state = new SymbolicState(aarch64, '');
  state.values.set('tpidr_el0', variable('tp', 64));
  for (const line of lines) {
    const inst = aarch64.readInst(line, 'gnu', { file: 'a.s', line: 1, column: 1, endColumn: 2 });
    if (isDiagnostic(inst)) throw new Error(inst.message);
    state.apply(effectsOf(inst, state));
  }
  return state.get('x0');
}

describe('addresses in parts come together', () => {
  test('adr', () => expect(run('adr x0, foo+4')).toBe(add(addressOf('foo'), bv(64, 4))));
  test('page and offset', () => expect(run('adrp x0, foo', 'add x0, x0, :lo12:foo')).toBe(addressOf('foo')));
  test('page and offset of an element', () =>
    expect(run('adrp x0, foo+24', 'add x0, x0, :lo12:foo+24')).toBe(add(addressOf('foo'), bv(64, 24))));
  test('a load through page and offset', () =>
    expect(run('adrp x1, foo', 'ldr x0, [x1, :lo12:foo]')).toBe(run('adr x1, foo', 'ldr x0, [x1]')));
  test('global offset table', () =>
    expect(run('adrp x0, :got:foo', 'ldr x0, [x0, :got_lo12:foo]')).toBe(addressOf('foo')));
  test('four moves', () =>
    expect(
      run(
        'movz x0, #:abs_g3:foo+8',
        'movk x0, #:abs_g2_nc:foo+8',
        'movk x0, #:abs_g1_nc:foo+8',
        'movk x0, #:abs_g0_nc:foo+8',
      ),
    ).toBe(add(addressOf('foo'), bv(64, 8))));
});

describe('thread-local addresses', () => {
  test('local exec', () =>
    expect(run('mrs x0, tpidr_el0', 'add x0, x0, #:tprel_hi12:x, lsl #12', 'add x0, x0, #:tprel_lo12_nc:x')).toBe(
      tlsAddress('x'),
    ));
  test('local exec of an element', () =>
    expect(run('mrs x0, tpidr_el0', 'add x0, x0, #:tprel_hi12:x+8, lsl #12', 'add x0, x0, #:tprel_lo12_nc:x+8')).toBe(
      add(tlsAddress('x'), bv(64, 8)),
    ));
  test('local exec without the shift that is implied', () =>
    expect(run('mrs x0, tpidr_el0', 'add x0, x0, #:tprel_hi12:x', 'add x0, x0, #:tprel_lo12_nc:x')).toBe(
      tlsAddress('x'),
    ));
  test('a load through the low part', () =>
    expect(run('mrs x1, tpidr_el0', 'add x1, x1, #:tprel_hi12:x, lsl #12', 'ldr w0, [x1, :tprel_lo12_nc:x]')).toBe(
      zext(load(variable('memory', 0), tlsAddress('x'), 4), 64),
    ));
  test('initial exec', () =>
    expect(run('mrs x1, tpidr_el0', 'adrp x0, :gottprel:x', 'ldr x0, [x0, :gottprel_lo12:x]', 'add x0, x1, x0')).toBe(
      tlsAddress('x'),
    ));
  test('the offset alone', () =>
    expect(run('adrp x0, :gottprel:x', 'ldr x0, [x0, :gottprel_lo12:x]')).toBe(
      sub(tlsAddress('x'), variable('tp', 64)),
    ));
});
