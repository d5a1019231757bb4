// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { isDiagnostic } from '../isa.ts';
import { aarch64, flowOf } from './index.ts';

const SPAN = { file: 'a.s', line: 3, column: 5, endColumn: 40 };
const read = (text: string) => aarch64.readInst(text, 'gnu', SPAN);

function inst(text: string) {
  const result = read(text);
  if (isDiagnostic(result)) throw new Error(`${result.code} ${result.message}`);
  return result;
}

const expectRead = (text: string, id: string, printed = text): void => {
  const i = inst(text);
  expect(i.def.id).toBe(id);
  expect(aarch64.printInst(i, 'gnu')).toBe(printed);
};

const expectRefused = (text: string, code: string, message: string, column?: number): void => {
  const d = read(text);
  if (!isDiagnostic(d)) throw new Error(`${text} was read as ${d.def.id}`);
  expect(`${d.code} ${d.message}`).toBe(`${code} ${message}`);
  expect(d.span?.line).toBe(3);
  if (column !== undefined) expect(d.span?.column).toBe(column);
};

describe('spellings', () => {
  test('blanks, case and the optional #', () =>
    expectRead('ADD\tX0,sp , x2 ,lsl 3', 'a64.add.rrr_sp_shift.64', 'add x0, sp, x2, lsl #3'));
  test('names of registers', () => expectRead('mov fp, lr', 'a64.mov.rr.64', 'mov x29, x30'));
  test('numbers', () => expectRead('mov x0, 0x10', 'a64.mov.ri.64', 'mov x0, #16'));
  test('expressions of numbers', () => expectRead('ldr x0, [x1, #(2*4+8)]', 'a64.ldr.rm.64', 'ldr x0, [x1, #16]'));
  test('octal', () => expectRead('mov w0, 010', 'a64.mov.ri.32', 'mov w0, #8'));
  test('conditions', () => expectRead('csel x0, x1, x2, HS', 'a64.csel.rrrc.64', 'csel x0, x1, x2, hs'));
  test('branches on conditions', () => expectRead('bhs .L3', 'a64.b_cs.l.64', 'b.cs .L3'));
  test('numeric labels', () => expectRead('cbz w3, 1f', 'a64.cbz.rl.32'));
  test('a label named like a register', () => expectRead('bl d1', 'a64.bl.l.64'));
  test('a symbol named like a shift', () => expectRead('adrp x0, lsl', 'a64.adrp.rl.64'));
  test('extensions without an amount', () => expectRead('add x0, x1, w2, sxtw', 'a64.add.rrw_ext.64'));
  test('register shifts by their other name', () => expectRead('lslv x0, x1, x2', 'a64.lsl.rrr.64', 'lsl x0, x1, x2'));
});

describe('memory', () => {
  test('base', () => expectRead('ldr w0, [sp]', 'a64.ldr.rm.32'));
  test('offset', () => expectRead('ldr x0, [x1, -8]', 'a64.ldr.rm.64', 'ldr x0, [x1, #-8]'));
  test('pre', () => expectRead('stp x29, x30, [sp, -32]!', 'a64.stp.rrm.64', 'stp x29, x30, [sp, #-32]!'));
  test('post', () => expectRead('ldp x29, x30, [sp], 32', 'a64.ldp.rrm.64', 'ldp x29, x30, [sp], #32'));
  test('pre by nothing', () => expectRead('ldr x0, [x1, #0]!', 'a64.ldr.rm.64'));
  test('index', () => expectRead('ldrb w0, [x1, w2, uxtw]', 'a64.ldrb.rm.32'));
  test('index with shift', () => expectRead('ldr x0, [x1, x2, lsl 3]', 'a64.ldr.rm.64', 'ldr x0, [x1, x2, lsl #3]'));
  test('a byte index with shift 0 keeps it', () => expectRead('ldrb w0, [x1, x2, lsl #0]', 'a64.ldrb.rm.32'));
  test('low part of a symbol', () =>
    expectRead('ldr q1, [x0, :lo12:.LC0+16]', 'a64.ldr.vm.128', 'ldr q1, [x0, #:lo12:.LC0+16]'));
  test('a byte past the scaled offsets', () =>
    expectRefused('ldr x0, [x1, 32768]', 'V0103', "operand 2 of 'ldr', [x1, #32768], is out of range", 9));
  test('pre without an offset', () =>
    expectRefused('ldr x0, [x1]!', 'V0103', "'!' needs an offset in the brackets", 17));
  test('a base that is no register', () => expectRefused('ldr x0, [foo]', 'V0103', 'expected a base register', 14));
});

describe('refusals', () => {
  test('an unknown mnemonic', () => expectRefused('addx x0, x1', 'V0101', "unknown instruction 'addx'", 5));
  test('missing operands', () => expectRefused('add x0, x1', 'V0102', "'add' does not take these operands"));
  test('mixed widths', () => expectRefused('add x0, w1, x2', 'V0102', "'add' does not take these operands"));
  test('immediates', () => expectRefused('add x0, x1, 4097', 'V0103', "operand 3 of 'add', #4097, is out of range"));
  test('fields', () => expectRefused('ubfx w0, w1, 31, 2', 'V0103', 'a field of 2 bits at 31 exceeds 32 bits'));
  test('literals', () => expectRefused('ldr x0, .LC0', 'V0201', "'ldr' from a literal is not supported"));
  test('literals at numeric labels', () =>
    expectRefused('ldr x0, 1f', 'V0201', "'ldr' from a literal is not supported"));
  test('literal pools', () => expectRefused('ldr x0, =5', 'V0201', 'a literal pool (=value) is not supported', 13));
  test('system registers', () => expectRefused('mrs x0, FPCR', 'V0201', 'the system register fpcr is not supported'));
  test('a base that is loaded too', () =>
    expectRefused('ldr x0, [x0], 8', 'V0201', 'the register that is written back is transferred as well'));
  test('a pair into one register', () =>
    expectRefused('ldp x1, x1, [x0]', 'V0201', 'a pair is loaded into one register'));
  test('an offset into a slot', () =>
    expectRefused('adrp x0, :got:x+8', 'V0103', "operand 2 of 'adrp', :got:x+8, is out of range"));
  test('text behind the operands', () =>
    expectRefused('add x0, x1, x2 x3', 'V0103', "expected ',' or the end of the instruction", 20));
  test('a bitmask into the zero register', () =>
    expectRefused('mov wzr, 0x55555555', 'V0103', 'this immediate cannot be moved to the zero register'));
});

test('two forms never have one id', () => {
  expect(new Set(aarch64.forms.map((f) => f.id)).size).toBe(aarch64.forms.length);
});

describe('flow', () => {
  const expectFlow = (text: string, flow: unknown): void => expect(flowOf(inst(text))).toEqual(flow);
  test('plain', () => expectFlow('add x0, x1, x2', { kind: 'next' }));
  test('bfi is no branch', () => expectFlow('bfi x0, x1, #1, #2', { kind: 'next' }));
  test('jump', () => expectFlow('b .L1', { kind: 'jump', target: '.L1', conditional: false }));
  test('always', () => expectFlow('b.al .L1', { kind: 'jump', target: '.L1', conditional: false }));
  test('condition', () => expectFlow('b.lo 2b', { kind: 'jump', target: '2b', conditional: true }));
  test('bit test', () => expectFlow('tbnz w0, #3, .L1', { kind: 'jump', target: '.L1', conditional: true }));
  test('call', () => expectFlow('bl memcpy', { kind: 'call', target: 'memcpy' }));
  test('indirect call', () => expectFlow('blr x8', { kind: 'call', target: undefined }));
  test('indirect jump', () => expectFlow('br x16', { kind: 'indirect' }));
  test('return', () => expectFlow('ret', { kind: 'return' }));
  test('trap', () => expectFlow('brk #1000', { kind: 'trap' }));
});
