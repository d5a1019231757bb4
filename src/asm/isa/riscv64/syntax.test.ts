// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { isDiagnostic } from '../isa.ts';
import { riscv64 } from './index.ts';

const SPAN = { file: 'a.s', line: 3, column: 5, endColumn: 40 };
const read = (text: string) => riscv64.readInst(text, 'gnu', SPAN);

const expectRead = (text: string, id: string, printed = text): void => {
  const i = read(text);
  if (isDiagnostic(i)) throw new Error(`${i.code} ${i.message}`);
  expect(i.def.id).toBe(id);
  expect(riscv64.printInst(i, 'gnu')).toBe(printed);
};

const expectRefused = (text: string, code: string, message: string, column?: number): void => {
  const d = read(text);
  if (!isDiagnostic(d)) throw new Error(`${text} was read as ${d.def.id}`);
  expect(`${d.code} ${d.message}`).toBe(`${code} ${message}`);
  expect(d.span?.line).toBe(3);
  if (column !== undefined) expect(d.span?.column).toBe(column);
};

describe('spellings', () => {
  test('blanks and case', () => expectRead('ADD\ta0,sp , t6', 'rv64.add.rrr.64', 'add a0, sp, t6'));
  test('numbers of registers', () => expectRead('add x10, x2, x31', 'rv64.add.rrr.64', 'add a0, sp, t6'));
  test('the frame pointer', () => expectRead('mv fp, x8', 'rv64.mv.rr.64', 'mv s0, s0'));
  test('numbers of float registers', () => expectRead('fmv.d f10, f31', 'rv64.fmv_d.ff.64', 'fmv.d fa0, ft11'));
  test('an immediate under the name of the register form', () =>
    expectRead('xor a0, a1, 5', 'rv64.xori.rri.64', 'xori a0, a1, 5'));
  test('numbers', () => expectRead('li a0, 0xffffffffffffffff', 'rv64.li.ri.64', 'li a0, 18446744073709551615'));
  test('expressions of numbers', () => expectRead('ld a0, 2*4+8(sp)', 'rv64.ld.rm.64', 'ld a0, 16(sp)'));
  test('moves by their other names', () => expectRead('fmv.x.s a0, fa0', 'rv64.fmv_x_w.rf.32', 'fmv.x.w a0, fa0'));
  test('fences', () => expectRead('fence rw,w', 'rv64.fence.ww.64', 'fence rw, w'));
  test('rounding', () => expectRead('fcvt.l.d a0, fa0, rtz', 'rv64.fcvt_l_d.rf_rm.64'));
});

describe('memory', () => {
  test('no offset', () => expectRead('ld a0, (sp)', 'rv64.ld.rm.64', 'ld a0, 0(sp)'));
  test('low part', () => expectRead('sd a0, %lo(x+8)(a5)', 'rv64.sd.rm.64'));
  test('a symbol', () => expectRead('lw a0, a1', 'rv64.lw.rs.64'));
  test('a symbol and a temporary', () => expectRead('fsw fa0, x+4, t0', 'rv64.fsw.fsr.32'));
  test('atomics', () =>
    expectRead('amoadd.w.aqrl zero, a1, (a0)', 'rv64.amoadd_w_aqrl.rrm.32', 'amoadd.w.aqrl zero, a1, 0(a0)'));
  test('an offset that does not fit', () =>
    expectRefused('ld a0, 2048(sp)', 'V0103', "operand 2 of 'ld', 2048(sp), is out of range", 8));
  test('an offset where none goes', () =>
    expectRefused('lr.d a0, 8(a1)', 'V0103', "operand 2 of 'lr.d', 8(a1), is out of range"));
  test('a base that is no register', () => expectRefused('ld a0, 8(foo)', 'V0103', 'expected a base register', 13));
  test('a store through its own register', () =>
    expectRefused('sd a0, x, a0', 'V0201', 'the register that is stored also takes the address'));
});

describe('jumps', () => {
  test('a function named like a register', () => expectRead('call f1', 'rv64.call.l.64'));
  test('a link and a function', () => expectRead('call t0, f1', 'rv64.call.rl.64'));
  test('a label named like a register', () => expectRead('bnez a0, t0', 'rv64.bnez.rl.64'));
  test('through the procedure linkage table', () => expectRead('tail foo@plt', 'rv64.tail.l.64'));
  test('returns', () => expectRead('jr ra', 'rv64.jr.ra.64'));
  test('long returns', () => expectRead('jalr zero, 0(ra)', 'rv64.jalr.zmra.64'));
  test('jumps', () => expectRead('jr a5', 'rv64.jr.r.64'));
  test('jumps that link to nothing', () => expectRead('jalr x0, x5, 4', 'rv64.jalr.zri.64', 'jalr zero, t0, 4'));
  test('calls', () => expectRead('jalr a5', 'rv64.jalr.r.64'));
});

describe('refusals', () => {
  test('an unknown mnemonic', () => expectRefused('addx a0, a1', 'V0101', "unknown instruction 'addx'", 5));
  test('missing operands', () => expectRefused('add a0, a1', 'V0102', "'add' does not take these operands"));
  test('registers of the wrong file', () =>
    expectRefused('fadd.d fa0, a0, fa1', 'V0102', "'fadd.d' does not take these operands"));
  test('immediates', () => expectRefused('addi a0, a1, 2048', 'V0103', "operand 3 of 'addi', 2048, is out of range"));
  test('shifts', () => expectRefused('slliw a0, a1, 32', 'V0103', "operand 3 of 'slliw', 32, is out of range"));
  test('control registers', () => expectRefused('csrr a0, fcsr', 'V0201', "'csrr' is not supported"));
  test('parts relative to a place', () =>
    expectRefused('auipc a0, %pcrel_hi(x)', 'V0201', "'%pcrel_hi' is not supported", 15));
  test('and their other half', () =>
    expectRefused('addi a0, a0, %pcrel_lo(.L0)', 'V0201', "'%pcrel_lo' is not supported"));
  test('unknown operators', () => expectRefused('lui a0, %top(x)', 'V0103', 'unknown relocation operator'));
  test('dynamic thread-local storage', () => expectRefused('la.tls.gd a0, x', 'V0201', "'la.tls.gd' is not supported"));
  test('an offset into a slot', () => expectRefused('la a0, x+8', 'V0103', "operand 2 of 'la', x+8, is out of range"));
  test('arithmetic in other rounding modes', () =>
    expectRefused('fadd.d fa0, fa0, fa1, rtz', 'V0201', "'fadd.d' with the rounding mode rtz is not supported"));
  test('text behind the operands', () =>
    expectRefused('add a0, a1, a2 a3', 'V0103', "expected ',' or the end of the instruction", 20));
});

test('two forms never have one id', () => {
  expect(new Set(riscv64.forms.map((f) => f.id)).size).toBe(riscv64.forms.length);
});
