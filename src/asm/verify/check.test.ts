// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import type { FunctionRelation, Relation } from '../abi/relation.ts';
import { checkFunction } from './check-function.ts';
import { Context } from './context.ts';
import { claim, EVERYTHING, flag, functionRelation, guessing, related, whole } from './testing.ts';

type Blocks = readonly (readonly [label: string, relation: Relation])[];

const around = (name: string, body: string): string =>
  `\t.text\n\t.globl ${name}\n\t.type ${name}, @function\n${name}:\n${body}\n\t.size ${name}, .-${name}\n`;

/** The verdict on the entry of a function that others may call. */
const ENTERED = 'proved calls-as-abi';
const START = 'sub sp, sp, #16\nstr x30, [sp, #8]\n.B0:\n';
const RETURN = 'ldr x30, [sp, #8]\nmov x0, x8\nmov x1, x2\nadd sp, sp, #16\nret\n';

async function verdicts(source: string, target: string, blocks: Blocks, more: Partial<FunctionRelation> = {}) {
  const c = claim(around('f', source), around('f', target), [functionRelation('f', blocks, more)]);
  const context = new Context(c, guessing());
  const result = await checkFunction(context, c.functions[0] as FunctionRelation);
  return [result.entry.verdict, ...result.blocks.map((b) => b.verdict)].map((v) => {
    if (v.kind === 'refuted') return `refuted: ${v.witness.difference.what}`;
    if (v.kind === 'undecided') return `undecided: ${v.reason}`;
    return v.kind === 'proved' ? ['proved', ...v.assumptions].join(' ') : v.kind;
  });
}

/** The verdict on a function of one block: source body, target body behind the entry's store. */
async function one(source: string, target: string, relation = related()): Promise<string> {
  const [entry, block] = await verdicts(source, START + target, [['.B0', relation]]);
  expect(entry).toBe(ENTERED);
  return block ?? 'nothing';
}

describe('straight-line code', () => {
  test('an equal sum is proved', async () => {
    expect(await one('lea (%rdi,%rsi), %rax\nret', `add x8, x0, x1\n${RETURN}`)).toBe('proved');
  });
  test.each([
    ['the wrong operation', 'sub x8, x0, x1'],
    ['the wrong operand', 'add x8, x0, x2'],
    ['the wrong width', 'add w8, w0, w1'],
    ['the wrong destination', 'add x9, x0, x1'],
    ['nothing done', ''],
  ])('%s is refuted', async (_, inst) => {
    expect(await one('lea (%rdi,%rsi), %rax\nret', `${inst}\n${RETURN}`)).toBe('refuted: rax');
  });
  test('a callee-saved register that changes is refuted', async () => {
    const target = `add x8, x0, x1\nmov x19, x0\n${RETURN}`;
    expect(await one('lea (%rdi,%rsi), %rax\nret', target)).toBe('refuted: rbx');
  });
  test('a register that no translated code may change is refuted', async () => {
    const target = `add x8, x0, x1\nmov x25, x0\n${RETURN}`;
    expect(await one('lea (%rdi,%rsi), %rax\nret', target)).toBe('refuted: x25, which may not change,');
  });
  test('the thread pointer may not change', async () => {
    const target = `msr tpidr_el0, x0\n${RETURN}`;
    expect(await one('ret', target)).toBe('refuted: the thread pointer');
  });
  test('a stack pointer that is not given back is refuted', async () => {
    expect(await one('ret', `${RETURN.replace('ret', 'sub sp, sp, #16\nret')}`)).toMatch(/refuted: the stack pointer/);
  });
  test('a lost return address is refuted', async () => {
    expect(await one('ret', 'mov x0, x8\nmov x1, x2\nret')).toBe('refuted: the return address');
  });
  test.each([
    ['a register', 'movq %rdi, (%rsp)\nret', 'str x0, [sp, #8]'],
    ['a word elsewhere', 'movq (%rdi), %rcx\nmovq %rcx, (%rsp)\nret', 'ldr x3, [x0]\nstr x3, [sp, #8]'],
  ])(
    'a return that has been made a jump to %s is not proved, though both sides jump there',
    async (_, source, target) => {
      expect(await one(source, `${target}\n${RETURN}`)).toBe(
        'undecided: the function returns to an address that it has put there itself',
      );
    },
  );
});

describe('memory', () => {
  test('stores in another order to one address are refuted', async () => {
    const source = 'movq %rsi, (%rdi)\nmovq %rdx, (%rdi)\nret';
    expect(await one(source, `str x1, [x0]\nstr x2, [x0]\n${RETURN}`)).toBe('proved');
    expect(await one(source, `str x2, [x0]\nstr x1, [x0]\n${RETURN}`)).toMatch(/refuted: the byte at/);
  });
  test('a missing store is refuted', async () => {
    expect(await one('movl %esi, 4(%rdi)\nret', RETURN)).toMatch(/refuted: the byte at/);
  });
  test('an access that the source does not make is not proved', async () => {
    expect(await one('ret', `ldr x16, [x0]\n${RETURN}`)).toMatch(/undecided: the target's load of 8 bytes could fault/);
  });
  test('one wide access covers two narrow ones and the other way round', async () => {
    const wide = 'movq (%rsi), %rax\nmovq %rax, (%rdi)\nret';
    const narrow = 'ldr w8, [x1]\nldr w16, [x1, #4]\norr x8, x8, x16, lsl #32\nstr x8, [x0]\n';
    expect(await one(wide, narrow + RETURN)).toBe('proved');
  });
  test('the stack below what the source has there may be used', async () => {
    expect(await one('ret', `str x16, [sp]\n${RETURN}`)).toBe('proved below-stack');
  });
  test('memory below the stack pointer is not safe', async () => {
    expect(await one('ret', `str x16, [sp, #-16]\n${RETURN}`)).toMatch(/undecided: the target uses memory below/);
  });
  test('the stack may not be given back before it is done with', async () => {
    expect(await one('ret', `add sp, sp, #16\nsub sp, sp, #16\n${RETURN}`)).toMatch(
      /undecided: the target uses memory/,
    );
    const [, block] = await verdicts(
      '.L0:\ntest %rdi, %rdi\njne .L0\nret',
      `${START}add sp, sp, #16\nsub sp, sp, #16\ncbnz x0, .B0\n.B1:\n${RETURN}`,
      [
        ['.B0', related()],
        ['.B1', related()],
      ],
    );
    expect(block).toMatch(/undecided: the target's stack pointer goes above/);
  });
  test('the red zone must lie above the stack pointer', async () => {
    const source = 'movq %rdi, -16(%rsp)\njmp .L1\n.L1:\nmovq -16(%rsp), %rax\nret';
    const target = (by: number): string =>
      `sub sp, sp, #${by}\nstr x30, [sp, #${by - 8}]\n.B0:\nstr x0, [sp, #${by - 24}]\n.B1:\nldr x8, [sp, #${by - 24}]\nldr x30, [sp, #${by - 8}]\nmov x0, x8\nmov x1, x2\nadd sp, sp, #${by}\nret`;
    const blocks = (stack: number): Blocks => [
      ['.B0', related(stack)],
      ['.B1', related(stack)],
    ];
    expect((await verdicts(source, target(32), blocks(24))).slice(1)).toEqual(['proved', 'proved']);
    expect((await verdicts(source, target(16), blocks(8)))[1]).toMatch(/undecided/);
  });
  test('a stack pointer that is not aligned when used is not proved', async () => {
    const target = `sub sp, sp, #8\nldr x16, [sp]\nadd sp, sp, #8\n${RETURN}`;
    expect(await one('movq (%rsp), %r11\nret', target)).toBe('refuted: stack alignment');
  });
});

test('a function that takes arguments on the stack rests on who calls it', async () => {
  const target = `${START}ldr x8, [sp, #16]\n${RETURN}`;
  const [entry] = await verdicts('movq 8(%rsp), %rax\nret', target, [['.B0', related()]]);
  expect(entry).toBe('proved calls-as-abi stack-arguments');
});

describe('branches', () => {
  const source = 'test %rdi, %rdi\nje .L1\nadd $3, %rax\n.L1:\nret';
  const blocks: Blocks = [
    ['.B0', related()],
    ['.B1', related()],
    ['.B2', related()],
  ];
  const rest = `.B1:\nadd x8, x8, #3\n.B2:\n${RETURN}`;
  test('the same condition is proved', async () => {
    expect(await verdicts(source, `${START}cbz x0, .B2\n${rest}`, blocks)).toEqual([
      ENTERED,
      'proved',
      'proved',
      'proved',
    ]);
  });
  test.each([
    ['the opposite', 'cbnz x0, .B2'],
    ['half of the register', 'cbz w0, .B2'],
    ['never', ''],
    ['always', 'b .B2'],
    ['to the wrong place', 'cbz x0, .B1'],
  ])('a branch taken %s is refuted', async (_, inst) => {
    const found = await verdicts(source, `${START}${inst}\n${rest}`, blocks);
    expect(found[1]).toMatch(/refuted/);
  });
  test('a loop inside a block is not followed', async () => {
    const target = `${START}mov x16, x0\n1:\nsub x16, x16, #1\ncbnz x16, 1b\ncbz x0, .B2\n${rest}`;
    expect((await verdicts(source, target, blocks))[1]).toBe('undecided: a loop inside a block');
  });
  test('a detour that comes back is followed', async () => {
    const target = `${START}cbz x1, .Lfix\n.Lback:\ncbz x0, .B2\n${rest}.Lfix:\nmov x16, #1\nb .Lback\n`;
    expect(await verdicts(source, target, blocks)).toEqual([ENTERED, 'proved', 'proved', 'proved']);
  });
  test('what a detour changes is seen', async () => {
    const target = `${START}cbz x1, .Lfix\n.Lback:\ncbz x0, .B2\n${rest}.Lfix:\nmov x8, #1\nb .Lback\n`;
    expect((await verdicts(source, target, blocks))[1]).toMatch(/refuted: rax/);
  });
  test('a block of nothing cannot stand for a loop', async () => {
    const nothing: Blocks = [['.B0', related()]];
    const found = await verdicts('.L0:\njmp .L0', `${START}${RETURN}`, nothing);
    expect(found[1]).toMatch(/refuted/);
  });
});

describe('flags across blocks', () => {
  const source = 'cmp %rsi, %rdi\njmp .L1\n.L1:\nsetb %al\nret';
  const target = `${START}subs xzr, x0, x1\n.B1:\ncset w16, lo\nbfi x8, x16, #0, #8\n${RETURN}`;
  test('a borrow is an inverted carry', async () => {
    const blocks: Blocks = [
      ['.B0', related()],
      ['.B1', related(8, { cf: flag('c', true) })],
    ];
    expect(await verdicts(source, target, blocks)).toEqual([ENTERED, 'proved', 'proved']);
  });
  test('a flag claimed the wrong way round is refuted', async () => {
    const blocks: Blocks = [
      ['.B0', related()],
      ['.B1', related(8, { cf: flag('c') })],
    ];
    expect((await verdicts(source, target, blocks))[1]).toBe('refuted: cf');
  });
  test('a flag that is not claimed cannot be used', async () => {
    const blocks: Blocks = [
      ['.B0', related()],
      ['.B1', related()],
    ];
    expect((await verdicts(source, target, blocks))[2]).toBe('refuted: rax');
  });
});

describe('calls', () => {
  const source = 'subq $8, %rsp\ncall g\naddq $1, %rax\naddq $8, %rsp\nret';
  const target = (call: string): string => `${START}${call}\nmov x8, x0\nmov x2, x1\n.B1:\nadd x8, x8, #1\n${RETURN}`;
  const blocks: Blocks = [
    ['.B0', related()],
    ['.B1', related(0)],
  ];
  test('the same callee is proved', async () => {
    const found = await verdicts(source, target('bl g'), blocks);
    expect(found).toEqual([ENTERED, 'proved external-abi', 'proved']);
  });
  test.each([
    ['another function', 'bl h', 'refuted: g and h are different functions'],
    ['an argument changed', 'mov x3, #0\nbl g', 'refuted: rcx'],
    ['a stack pointer elsewhere', 'sub sp, sp, #16\nbl g', 'refuted: the stack pointer'],
    ['no call', '', 'refuted: the source calls g, the target goes on at another block:'],
    ['memory changed', 'str x0, [sp, #8]\nbl g', 'refuted: the byte at'],
  ])('%s is not proved', async (_, call, expected) => {
    expect((await verdicts(source, target(call), blocks))[1]).toContain(expected);
  });
  test('a result that is not moved home is refuted', async () => {
    const bad = target('bl g').replace('mov x8, x0\n', '');
    expect((await verdicts(source, bad, blocks))[1]).toBe('refuted: rax');
  });
  test('what a call leaves in a scratch register may be chosen', async () => {
    const registers = whole(...EVERYTHING.filter((r) => r !== 'r11'));
    const without: Blocks = [
      ['.B0', related()],
      ['.B1', related(0, {}, registers)],
    ];
    expect((await verdicts(source, target('bl g'), without))[1]).toBe('proved external-abi');
  });
  test('a value in a scratch register does not survive a call', async () => {
    const s = 'subq $8, %rsp\nmovq %rdi, %r11\ncall g\nmovq %rdi, %rax\naddq $8, %rsp\nret';
    const t = `${START}mov x26, x0\nbl g\nmov x8, x0\nmov x2, x1\n.B1:\nmov x8, x26\n${RETURN}`;
    const found = await verdicts(s, t, blocks);
    expect(found[1]).toBe('refuted: x26, which may not change,');
    expect(found[2]).toBe('refuted: rax');
  });
});
