// SPDX-License-Identifier: MIT
import { describe, expect, it, test } from 'vitest';
import { add, bv, concat, extract, low, mul, sub, variable, zext } from '../../../logic/build.ts';
import type { Term } from '../../../logic/term.ts';
import { effectsOf } from '../define.ts';
import { type Effect, set, store } from '../effect.ts';
import { isDiagnostic } from '../isa.ts';
import { immOp, num, regOp, sym } from '../operand.ts';
import { SymbolicState } from '../state.ts';
import { addressOf, gotSlot, threadPointer, tlsAddress, tlsOffsetSlot } from '../symbol.ts';
import { x86_64 } from './index.ts';
import { effectiveAddress, examples, gpr, gprM, imm, insertReg, writeAll, xmmM } from './operands.ts';
import { gprName, reg } from './registers.ts';
import { slot, symbol } from './symbols.ts';

const rax = variable('x.rax', 64);
const rbx = variable('x.rbx', 64);
const state = () => new SymbolicState(x86_64, 'x.');

function address(text: string): Term {
  const inst = x86_64.readInst(`leaq ${text}, %rcx`, 'att', { file: 'a.s', line: 1, column: 1, endColumn: 2 });
  if (isDiagnostic(inst)) throw new Error(inst.message);
  const op = inst.ops[1];
  if (op?.kind !== 'mem') throw new Error('no memory operand');
  const s = state();
  s.nextLabel = 'next';
  return effectiveAddress(op, s);
}

test.each<[string, Term]>([
  ['8(%rax,%rbx,4)', add(add(rax, mul(rbx, bv(64, 4))), bv(64, 8))],
  ['(%rax)', rax],
  ['-16(,%rbx,2)', add(mul(rbx, bv(64, 2)), bv(64, -16))],
  ['(%eax)', zext(low(rax, 32), 64)],
  ['x+4(%rip)', add(addressOf('x'), bv(64, 4))],
  ['4(%rip)', add(addressOf('next'), bv(64, 4))],
  ['x@GOTPCREL(%rip)', gotSlot('x')],
  ['%fs:40', add(variable('x.fsbase', 64), bv(64, 40))],
  ['%gs:(%rax)', add(variable('x.gsbase', 64), rax)],
  ['%ds:(%rax)', rax],
  ['4096', bv(64, 4096)],
])('the address %s', (text, wanted) => {
  expect(address(text)).toBe(wanted);
});

describe('writes to registers', () => {
  const write = (name: string, value: Term): Effect[] =>
    gpr(value.width, 'w')
      .view(regOp(reg(name)), state())
      .write(value);

  test.each<[string, Term, Term]>([
    ['rax', variable('v', 64), variable('v', 64)],
    ['eax', variable('v', 32), zext(variable('v', 32), 64)],
    ['ax', variable('v', 16), concat(extract(rax, 63, 16), variable('v', 16))],
    ['al', variable('v', 8), concat(extract(rax, 63, 8), variable('v', 8))],
    ['ah', variable('v', 8), concat(extract(rax, 63, 16), variable('v', 8), low(rax, 8))],
  ])('%s', (name, value, wanted) => {
    expect(write(name, value)).toEqual([set('rax', wanted)]);
  });

  it('go on top of each other where they share a register', () => {
    const [lo, hi] = [variable('lo', 8), variable('hi', 8)];
    const effects = writeAll(state(), [
      [reg('al'), lo],
      [reg('ah'), hi],
    ]);
    expect(effects).toEqual([set('rax', insertReg(insertReg(rax, reg('al'), lo), reg('ah'), hi))]);
  });

  it('keep the rest of a vector register', () => {
    const [view, v] = [xmmM(64, 'w').view(regOp(reg('xmm3')), state()), variable('v', 64)];
    expect(view.value).toBe(low(variable('x.xmm3', 128), 64));
    expect(view.write(v)).toEqual([set('xmm3', concat(extract(variable('x.xmm3', 128), 127, 64), v))]);
  });
});

it('stores to memory', () => {
  const view = gprM(16, 'rw').view({ kind: 'mem', disp: num(0), base: reg('rax') }, state());
  expect(view.write(variable('v', 16))).toEqual([store(rax, variable('v', 16))]);
  expect(view.value.op).toBe('load');
});

test.each<[number, bigint, boolean]>([
  [8, 255n, true],
  [8, -128n, true],
  [8, 256n, false],
  [16, -0x8000n, true],
  [16, 0xffffn, true],
  [16, 0x10000n, false],
  [32, 0xffffffffn, true],
  [32, 1n << 32n, false],
  [64, 0x7fffffffn, true],
  [64, 0x80000000n, false],
  [64, -0x80000000n, true],
  [64, 0xffffffff80000000n, true],
])('an immediate for %i bits: %i', (width, value, fits) => {
  expect(imm(width).accepts(immOp(value))).toBe(fits);
});

it('moves a symbol into a 32-bit register as the linker promises: zero-extended', () => {
  const read = x86_64.readInst('movl $x, %eax', 'att', { file: 'a.s', line: 1, column: 1, endColumn: 2 });
  if (isDiagnostic(read)) throw new Error(read.message);
  expect(effectsOf(read, state())).toEqual([set('rax', addressOf('x'))]);
});

it('gives every kind of operand examples that it accepts', () => {
  const kinds = new Set(x86_64.forms.flatMap((f) => f.operands.map(([, kind]) => kind)));
  for (const kind of kinds) {
    const list = examples(kind);
    expect(list.length, kind.name).toBeGreaterThan(0);
    for (const o of list) expect(kind.accepts(o), kind.name).toBe(true);
  }
});

describe('symbols', () => {
  const tp = threadPointer();
  test.each<[string, ReturnType<typeof sym>, Term]>([
    ['x', sym('x'), addressOf('x')],
    ['x@PLT', sym('x', 0, 'PLT'), addressOf('x')],
    ['x+8', sym('x', 8), add(addressOf('x'), bv(64, 8))],
    ['x-y', { plus: 'x', minus: 'y', offset: 0n }, sub(addressOf('x'), addressOf('y'))],
    ['x@tpoff', sym('x', 0, 'tpoff'), sub(tlsAddress('x'), tp)],
    ['x@gottpoff', sym('x', 0, 'gottpoff'), tlsOffsetSlot('x')],
  ])('%s', (_, expression, wanted) => {
    expect(symbol(expression)).toBe(wanted);
  });

  it('know what the linker put into its slots', () => {
    expect(slot(gotSlot('x'), 8)).toBe(addressOf('x'));
    expect(slot(tlsOffsetSlot('x'), 8)).toBe(sub(tlsAddress('x'), tp));
    expect(slot(gotSlot('x'), 4)).toBe(low(addressOf('x'), 32));
    expect(slot(tlsOffsetSlot('x'), 4)).toBeUndefined();
    expect(slot(addressOf('x'), 8)).toBeUndefined();
  });
});

it('names parts of registers', () => {
  expect([gprName('rax', 8), gprName('rsi', 8), gprName('r9', 32), gprName('rbp', 16)]).toEqual([
    'al',
    'sil',
    'r9d',
    'bp',
  ]);
});
