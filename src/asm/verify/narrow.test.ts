// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { x8664ToRiscv64 } from '../abi/pairs/x86_64-riscv64.ts';
import type { FlagPlace, FunctionRelation, RegisterRelation, Relation } from '../abi/relation.ts';
import { riscv64 } from '../isa/riscv64/index.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { checkFunction } from './check-function.ts';
import { Context } from './context.ts';
import { functionRelation, guessing, program } from './testing.ts';

/** What relations say for targets without flags and with registers that are narrower than the source's. */

const around = (name: string, body: string): string =>
  `\t.text\n\t.globl ${name}\n\t.type ${name}, @function\n${name}:\n${body}\n\t.size ${name}, .-${name}\n`;

const START = 'addi sp, sp, -16\nsd ra, 8(sp)\n.B0:\n';
const RETURN = 'ld ra, 8(sp)\nmv a0, t0\nmv a1, a2\naddi sp, sp, 16\nret\n';

const general = (...registers: string[]): RegisterRelation[] =>
  registers.map((source) => ({ source, target: x8664ToRiscv64.homes[source] ?? '', bits: [[0, 63]] as const }));
const WHOLE = general(...Object.keys(x8664ToRiscv64.homes).filter((r) => !r.startsWith('xmm')));

const relation = (registers: RegisterRelation[], flags: Record<string, FlagPlace> = {}): Relation => ({
  stack: 8,
  frames: [],
  registers,
  flags,
});

type Blocks = readonly (readonly [label: string, relation: Relation])[];

/** Verdicts on the entry and the blocks. */
async function verdicts(source: string, target: string, blocks: Blocks): Promise<string[]> {
  const functions: FunctionRelation[] = [functionRelation('f', blocks)];
  const claim = {
    source: program(x86_64, around('f', source)),
    target: program(riscv64, around('f', target)),
    pair: x8664ToRiscv64,
    functions,
    contracts: new Map(),
    refused: [],
  };
  const result = await checkFunction(new Context(claim, guessing()), functions[0] as FunctionRelation);
  return [result.entry.verdict, ...result.blocks.map((b) => b.verdict)].map((v) => {
    if (v.kind === 'refuted') return `refuted: ${v.witness.difference.what}`;
    return v.kind === 'undecided' ? `undecided: ${v.reason}` : v.kind;
  });
}

const difference = (of: 'zero' | 'borrow' | 'sign' | 'overflow', left = 'x10', right: string | number = 'x11') =>
  ({ kind: 'difference', of, left, right, width: 32 }) as const;

/** A comparison in one block and a branch in the next. */
const compared = (flags: Record<string, FlagPlace>, target: string): Promise<string[]> =>
  verdicts(
    'cmpl %esi, %edi\njmp .L1\n.L1:\njl .L2\nmovl $1, %eax\nret\n.L2:\nmovl $2, %eax\nret',
    `${START}.B1:\n${target}\nli t0, 1\n${RETURN}.B3:\nli t0, 2\n${RETURN}`,
    [
      ['.B0', relation(WHOLE)],
      ['.B1', relation(WHOLE, flags)],
      ['.B2', relation(WHOLE)],
      ['.B3', relation(WHOLE)],
    ],
  );

describe('flags as differences', () => {
  const less = 'sext.w t3, a0\nsext.w t4, a1\nblt t3, t4, .B3\n.B2:';
  const flags = { sf: difference('sign'), of: difference('overflow') };
  test('a comparison is known at the branch', async () => {
    expect(await compared(flags, less)).toEqual(['proved', 'proved', 'proved', 'proved', 'proved']);
  });
  test('another question is refuted', async () => {
    expect((await compared(flags, less.replace('blt', 'bltu')))[2]).toMatch(/^refuted/);
  });
  test.each<[string, Record<string, FlagPlace>]>([
    ['the operands are the other way round', { sf: difference('sign', 'x11', 'x10'), of: difference('overflow') }],
    ['it is another flag', { sf: difference('zero'), of: difference('overflow') }],
    ['it is compared with a number', { sf: difference('sign', 'x10', 1), of: difference('overflow') }],
  ])('a wrong claim is refuted: %s', async (_, wrong) => {
    expect((await compared(wrong, less))[1]).toBe('refuted: sf');
  });
  test.each<[string, FlagPlace]>([
    ['no such location', difference('sign', 'x99')],
    ['too narrow', { ...difference('sign'), width: 4 }],
    ['too wide', { ...difference('sign'), width: 65 }],
    ['no whole number', difference('sign', 'x10', 0.5)],
  ])('what makes no sense is not proved: %s', async (_, place) => {
    const found = await compared({ sf: place }, less);
    expect(found[1]).not.toBe('proved');
    expect(found[2]).toMatch(/^undecided: the relation of block 1/);
  });
});

describe('what the manual leaves undefined', () => {
  /** The carry of a byte's shift by nine, and the code that computes what stands for it. */
  const shifted = (source: string, target: string): Promise<string[]> =>
    verdicts(source, `${START}${target}\n${RETURN}`, [['.B0', relation(WHOLE)]]);
  const carry = 'movl %edi, %eax\nshlb $9, %al\nsetc %al\nmovzbl %al, %eax\nret';
  test('is what some processor makes it', async () => {
    expect(await shifted(carry, 'li t0, 0')).toEqual(['proved', 'proved']);
  });
  test('does not refute who makes something else of it', async () => {
    expect((await shifted(carry, 'li t0, 1'))[1]).toBe(
      'undecided: rax may differ where the manual leaves undefined what the source does',
    );
  });
  test('refutes what nothing makes of it', async () => {
    expect((await shifted(carry, 'li t0, 2'))[1]).toMatch(/^refuted: rax/);
  });
  test('is not known where nothing is chosen for it', async () => {
    const overflow = 'movl %edi, %eax\nshll $9, %eax\nseto %al\nmovzbl %al, %eax\nret';
    expect((await shifted(overflow, 'li t0, 0'))[1]).toMatch(/^undecided: rax may differ where the manual/);
    expect((await shifted(overflow, 'li t0, 2'))[1]).toMatch(/^refuted: rax/);
  });
});

describe('the bits above', () => {
  const shaped = (above: 'sign' | 'zeros' | 'ones'): RegisterRelation[] => [
    { source: 'rdi', target: 'x10', bits: [[0, 31]], above },
    ...WHOLE.filter((r) => r.source !== 'rdi'),
  ];
  const through = (above: 'sign' | 'zeros' | 'ones', extend: string): Promise<string[]> =>
    verdicts('jmp .L1\n.L1:\nmovslq %edi, %rax\nret', `${START}${extend}\n.B1:\nmv t0, a0\n${RETURN}`, [
      ['.B0', relation(WHOLE)],
      ['.B1', relation(shaped(above))],
    ]);
  test('a sign that was extended need not be again', async () => {
    expect(await through('sign', 'sext.w a0, a0')).toEqual(['proved', 'proved', 'proved']);
  });
  test('a claim must be made true', async () => {
    expect((await through('sign', ''))[1]).toBe('refuted: x10 above bit 31');
    expect((await through('sign', 'zext.w a0, a0'))[1]).toBe('refuted: x10 above bit 31');
    expect((await through('ones', 'sext.w a0, a0'))[1]).toBe('refuted: x10 above bit 31');
  });
  test('another claim does not help', async () => {
    expect((await through('zeros', 'zext.w a0, a0')).slice(1)).toEqual(['proved', 'refuted: rax']);
  });
  test('two registers cannot give one location a shape', async () => {
    const both: RegisterRelation[] = [...shaped('sign'), { source: 'xmm0', target: 'x10', bits: [[0, 31]] }];
    const all = await verdicts('ret', START + RETURN, [['.B0', relation(both)]]);
    expect(all[1]).toMatch(/^undecided: the relation of block 0/);
  });
});

describe('a register in two', () => {
  const halves = (high: string): RegisterRelation[] => [
    ...WHOLE,
    { source: 'xmm3', target: 'f13', bits: [[0, 63]] },
    { source: 'xmm3', target: high, bits: [[64, 127]], from: 64 },
  ];
  const store = (low: string, high: string): Promise<string[]> =>
    verdicts(
      'jmp .L1\n.L1:\nmovups %xmm3, (%rdi)\nret',
      `${START}.B1:\nfsd ${low}, 0(a0)\nfsd ${high}, 8(a0)\n${RETURN}`,
      [
        ['.B0', relation(halves('f3'))],
        ['.B1', relation(halves('f3'))],
      ],
    );
  test('each half is where it is claimed', async () => {
    expect((await store('fa3', 'ft3')).slice(1)).toEqual(['proved', 'proved']);
  });
  test('halves that change places are refuted', async () => {
    expect((await store('ft3', 'fa3'))[2]).toMatch(/^refuted/);
  });
  test('a half that is lost is refuted', async () => {
    const lost = await verdicts('jmp .L1\n.L1:\nret', `${START}fmv.d.x ft3, zero\n.B1:\n${RETURN}`, [
      ['.B0', relation(halves('f3'))],
      ['.B1', relation(halves('f3'))],
    ]);
    expect(lost[1]).toBe('refuted: bits 64 to 127 of xmm3');
  });
  test('bits are related once', async () => {
    const twice: RegisterRelation[] = [...halves('f3'), { source: 'xmm3', target: 'f4', bits: [[32, 95]], from: 32 }];
    const all = await verdicts('ret', START + RETURN, [['.B0', relation(twice)]]);
    expect(all[1]).toMatch(/^undecided: the relation of block 0: xmm3/);
  });
});

describe('a float or a double', () => {
  const either: RegisterRelation[] = [...WHOLE, { source: 'xmm0', target: 'f10', bits: [[0, 31]], above: 'float' }];
  const after = (source: string, target: string): Promise<string[]> =>
    verdicts(`${source}\njmp .L1\n.L1:\nret`, `${START}${target}\n.B1:\n${RETURN}`, [
      ['.B0', relation(WHOLE)],
      ['.B1', relation(either)],
    ]);
  test('a double is one', async () => {
    expect((await after('movsd (%rdi), %xmm0', 'fld fa0, 0(a0)'))[1]).toBe('proved');
  });
  test('so is a float below ones', async () => {
    expect((await after('movss (%rdi), %xmm0', 'flw fa0, 0(a0)'))[1]).toBe('proved');
  });
  test('half a double is neither', async () => {
    const cut = 'lwu t3, 0(a0)\nfmv.d.x fa0, t3';
    expect((await after('movsd (%rdi), %xmm0', cut))[1]).toBe('refuted: the upper half of xmm0');
  });
  test('the low half counts', async () => {
    expect((await after('movss (%rdi), %xmm0', 'flw fa0, 4(a0)'))[1]).not.toBe('proved');
  });
  test('what the upper half is stays open', async () => {
    const read = await verdicts('jmp .L1\n.L1:\nmovq %xmm0, %rax\nret', `${START}.B1:\nfmv.x.d t0, fa0\n${RETURN}`, [
      ['.B0', relation(either)],
      ['.B1', relation(either)],
    ]);
    expect(read[2]).toBe('refuted: rax');
  });
});
