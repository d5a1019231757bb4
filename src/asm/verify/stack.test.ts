// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import type { Landmark, Relation } from '../abi/relation.ts';
import { checkFunction } from './check-function.ts';
import { Context } from './context.ts';
import { claim, functionRelation, guessing, related } from './testing.ts';

const around = (body: string): string => `\t.text\n\t.globl f\n\t.type f, @function\nf:\n${body}\n\t.size f, .-f\n`;

/** The verdicts on the blocks of a function that goes from `first` to `second`. */
async function verdicts(source: [string, string], target: [string, string], second: Relation): Promise<string[]> {
  const blocks = [
    ['.B0', related()],
    ['.B1', second],
  ] as const;
  const c = claim(
    around(`${source[0]}\njmp .L1\n.L1:\n${source[1]}`),
    around(`sub sp, sp, #16\nstr x30, [sp, #8]\n.B0:\n${target[0]}\n.B1:\n${target[1]}`),
    [functionRelation('f', blocks)],
  );
  const result = await checkFunction(new Context(c, guessing()), c.functions[0] ?? functionRelation('f', []));
  return result.blocks.map(({ verdict: v }) => {
    if (v.kind === 'refuted') return `refuted: ${v.witness.difference.what}`;
    if (v.kind === 'undecided') return `undecided: ${v.reason}`;
    return v.kind;
  });
}

/** The stack pointers are the same, at no known distance from the frame. */
const moved = (landmark: Landmark): Relation => ({ ...related(0), landmark });

const BEGIN: [string, string] = [
  'pushq %rbp\nmovq %rsp, %rbp\nleaq -32(%rsp), %rbx\nandq $-16, %rdi\nsubq %rdi, %rsp',
  'str x20, [sp]\nmov x20, sp\nsub x19, sp, #32\nand x0, x0, #-16\nsub sp, sp, x0, uxtx',
];
const RETURN = 'ldr x20, [sp]\nldr x30, [sp, #8]\nmov x0, x8\nmov x1, x2\nadd sp, sp, #16\nret';
const landmark: Landmark = { register: 'rbp', low: 0, others: [{ source: 'rbx', offset: -32 }] };

describe('landmarks', () => {
  const run = (mark: Landmark, begin = BEGIN, end: [string, string] = ['leave\nret', `mov sp, x20\n${RETURN}`]) =>
    verdicts([begin[0], end[0]], [begin[1], end[1]], moved(mark));
  test('let a frame be left whose stack has moved', async () => {
    expect(await run(landmark)).toEqual(['proved', 'proved']);
  });
  test('tell registers by their distance', async () => {
    const end: [string, string] = ['leaq 32(%rbx), %rsp\npopq %rbp\nret', `mov sp, x20\n${RETURN}`];
    expect(await run(landmark, BEGIN, end)).toEqual(['proved', 'proved']);
    expect((await run({ ...landmark, others: [] }, BEGIN, end))[1]).toMatch(/^refuted/);
  });
  test('must be as far from each other as is claimed', async () => {
    expect((await run({ ...landmark, others: [{ source: 'rbx', offset: -40 }] }))[0]).toBe('refuted: rbx');
  });
  test('must be aligned as is claimed', async () => {
    expect((await run({ ...landmark, low: 8 }))[0]).toBe('refuted: the alignment of rbp');
    const begin: [string, string] = [
      'pushq %rbp\nmovq %rsp, %rbp\nmovq %rsi, %rbx\nsubq %rdi, %rsp',
      'str x20, [sp]\nmov x20, sp\nmov x19, x1\nsub sp, sp, x0, uxtx',
    ];
    expect((await run({ register: 'rbx', low: 0, others: [] }, begin))[0]).toBe('refuted: the alignment of rbx');
  });
  test.each<[string, Landmark, RegExp]>([
    ['a number', { ...landmark, low: 16 }, /16 is no number modulo 16/],
    ['a register', { ...landmark, register: 'xmm0' }, /xmm0 is no frame register/],
    ['one place each', { ...landmark, others: [{ source: 'rbp', offset: 0 }] }, /related to the frame twice/],
    ['whole offsets', { ...landmark, others: [{ source: 'rbx', offset: 0.5 }] }, /rbx is no frame register/],
    ['a home', { ...landmark, register: 'rsp' }, /rsp points into the frame, but has no home/],
  ])('need %s', async (_, mark, expected) => {
    expect((await run(mark))[1]).toMatch(expected);
  });
});

describe('a stack pointer that is raised and lowered again', () => {
  const above = /undecided: the target's stack pointer goes above memory that is still in use/;
  const below = /undecided: the target uses memory below its stack pointer/;
  const end = ['movq %rbp, %rsp\npopq %rbp\nret', `mov sp, x20\n${RETURN}`] as const;
  const mark: Landmark = { register: 'rbp', low: 0, others: [] };
  /** What follows a frame of variable size. */
  const then = async (source: string, target: string): Promise<string | undefined> => {
    const found = await verdicts([BEGIN[0], `${source}\n${end[0]}`], [BEGIN[1], `${target}\n${end[1]}`], moved(mark));
    return found[1];
  };
  test('loses nothing where the source does the same', async () => {
    const source = 'movq %rsi, (%rcx)\nmovq %r12, %rsp\npushq %rsi\nmovq (%rsp), %rax';
    const target = 'str x1, [x3]\nmov sp, x21\nsub sp, sp, #16\nstr x1, [sp, #8]\nldr x8, [sp, #8]';
    expect(await then(source, target)).toBe('proved');
  });
  test('loses what the source stores only afterwards', async () => {
    const source = 'movq %r12, %rsp\nmovq %rsi, (%rcx)\nsubq %rdi, %rsp\nmovq (%rsp), %rax';
    const good = 'mov sp, x21\nstr x1, [x3]\nsub sp, sp, x0, uxtx\nldr x8, [sp]';
    const wrong = 'str x1, [x3]\nmov sp, x21\nsub sp, sp, x0, uxtx\nldr x8, [sp]';
    expect(await then(source, good)).toBe('proved');
    expect(await then(source, `${wrong}\nsub sp, sp, #16`)).toMatch(above);
  });
  test('keeps what the source loads again before it stores there', async () => {
    const source = 'movq (%rcx), %rax\nsubq %rdi, %rsp\nmovq (%rcx), %rax\nmovq %rsi, (%rcx)';
    const target = 'ldr x8, [x3]\nsub sp, sp, x0, uxtx\nldr x8, [x3]\nstr x1, [x3]';
    expect(await then(source, target)).toBe('proved');
    expect(
      await then('movq %rsi, (%rcx)\nsubq %rdi, %rsp', `str x1, [x3]\nsub sp, sp, x0, uxtx\nldr x16, [x3]`),
    ).toMatch(below);
  });
  test('loses what was stored before it was raised and is loaded behind', async () => {
    const source = 'movq %rbp, %rsp\nmovq %rsi, (%rcx)\nmovq (%rcx), %rax';
    expect(await then(source, 'mov sp, x20\nstr x1, [x3]\nldr x8, [x3]')).toBe('proved');
    expect(await then(source, 'str x1, [x3]\nmov sp, x20\nldr x8, [x3]')).toMatch(below);
  });
  test('may not be where the source has never been', async () => {
    const target = 'mov x16, sp\nmov sp, x21\nmov sp, x16\nsub sp, sp, #16';
    expect(await then('nop', target)).toMatch(above);
  });
  test('loses what the source has loaded before', async () => {
    const source = 'movq (%rcx), %rax\nmovq %r12, %rsp\nsubq %rdi, %rsp';
    const good = 'ldr x8, [x3]\nmov sp, x21\nsub sp, sp, x0, uxtx';
    const wrong = 'mov sp, x21\nldr x8, [x3]\nsub sp, sp, x0, uxtx';
    expect(await then(source, good)).toBe('proved');
    expect(await then(source, wrong)).toMatch(below);
  });
  test('is not raised by rounding, but by more than a multiple', async () => {
    const store = (address: string): string => `movq %rsi, ${address}\n`;
    const source = `${store('(%rsp)')}andq $-64, %rsp\nsubq $64, %rsp`;
    const by = (n: number): string => `str x1, [sp]\nadd x16, sp, #${n}\nand sp, x16, #-64\nsub sp, sp, #64`;
    expect(await then(source, by(0))).toBe('proved');
    expect(await then(source, by(32))).toMatch(/^(refuted|undecided)/);
    // Lowered afterwards by as much as it was below what is rounded, or by less.
    const low = (up: number): string =>
      `str x1, [sp]\nsub sp, sp, #112\nadd x16, sp, #${up}\nand x16, x16, #-64\nsub sp, x16, #112`;
    expect(await then(source, low(112))).toBe('proved');
    expect(await then(source, low(144))).toMatch(/^(refuted|undecided)/);
  });
});
