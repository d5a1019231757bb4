// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { x8664ToRiscv64 } from '../abi/pairs/x86_64-riscv64.ts';
import type { RegisterRelation, Relation } from '../abi/relation.ts';
import { riscv64 } from '../isa/riscv64/index.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { checkFunction } from './check-function.ts';
import { Context } from './context.ts';
import { functionRelation, guessing, program } from './testing.ts';

/** Calls of functions with variable arguments, where the upper halves of vector registers are left over. */

const WHOLE: RegisterRelation[] = Object.entries(x8664ToRiscv64.homes)
  .filter(([source]) => !source.startsWith('xmm'))
  .map(([source, target]) => ({ source, target, bits: [[0, 63]] }));
const LOW: RegisterRelation = { source: 'xmm0', target: 'f10', bits: [[0, 63]] };
const HIGH: RegisterRelation = { source: 'xmm0', target: 'f28', bits: [[64, 127]], from: 64 };

const relation = (stack: number, ...more: RegisterRelation[]): Relation => {
  return { stack, frames: [], registers: [...WHOLE, ...more], flags: {} };
};

const text = (warn: string, caller: string): string =>
  `\t.text\n${[
    ['warn', warn],
    ['caller', caller],
  ]
    .map(([name, body]) => `\t.type ${name}, @function\n${name}:\n${body}\n\t.size ${name}, .-${name}\n`)
    .join('')}`;

const SAVE = ['testb %al, %al\nje .Lnone\nmovups %xmm0, (%rsi)', 'fsd fa0, 0(a1)\nfsd ft8, 8(a1)'] as const;
const NOTHING = ['', ''] as const;
/** Behind the saving, whether anything has been saved or not. */
const LOOK = ['movhps %xmm0, 8(%rsi)', 'fsd ft8, 8(a1)'] as const;

/** What is found of the caller's block with the call, where this stands before the call and behind the saving. */
async function judge(
  [setup, targetSetup]: readonly [string, string],
  [then, targetThen]: readonly [string, string] = NOTHING,
): Promise<string> {
  const functions = [
    functionRelation(
      'warn',
      [
        ['.W0', relation(8, LOW, HIGH)],
        ['.W1', relation(8, LOW, HIGH)],
        ['.W2', then === '' ? relation(8, LOW) : relation(8, LOW, HIGH)],
      ],
      { convention: 'local' },
    ),
    functionRelation('caller', [
      ['.C0', relation(8, LOW)],
      ['.C1', relation(0, LOW)],
    ]),
  ];
  const claim = {
    source: program(
      x86_64,
      text(`${SAVE[0]}\n.Lnone:\n${then}\nret`, `subq $8, %rsp\n${setup}\ncall warn\naddq $8, %rsp\nret`),
    ),
    target: program(
      riscv64,
      text(
        'addi sp, sp, -16\nsd ra, 8(sp)\n.W0:\nandi t3, t0, 255\nbeqz t3, .W2\n' +
          `.W1:\n${SAVE[1]}\n.W2:\n${targetThen}\nld ra, 8(sp)\naddi sp, sp, 16\nret`,
        `addi sp, sp, -16\nsd ra, 8(sp)\n.C0:\n${targetSetup}\ncall warn\n` +
          '.C1:\nld ra, 8(sp)\nmv a0, t0\nmv a1, a2\naddi sp, sp, 16\nret',
      ),
    ),
    pair: x8664ToRiscv64,
    functions,
    contracts: new Map(),
    refused: [],
  };
  const context = new Context(claim, guessing());
  for (const f of functions) {
    const result = await checkFunction(context, f);
    const [first] = result.blocks;
    const others = [result.entry, ...result.blocks].filter((b) => b !== first).map((b) => b.verdict.kind);
    expect(others.filter((kind) => kind !== 'proved')).toEqual([]);
    const verdict = first?.verdict;
    if (f.source === 'warn') expect(verdict?.kind).toBe('proved');
    else if (verdict?.kind === 'refuted') return `refuted: ${verdict.witness.difference.what}`;
    else if (verdict?.kind === 'proved') return ['proved', ...verdict.assumptions].join(' ');
    else return verdict?.kind ?? '';
  }
  return '';
}

const NONE = ['xorl %eax, %eax', 'li t0, 0'] as const;
const ONE = ['movl $1, %eax', 'li t0, 1'] as const;

describe('the upper halves of vector registers', () => {
  test('are not passed where the call says that no vectors are', async () => {
    const found = await judge(NONE);
    expect(found).toMatch(/^proved/);
    expect(found).not.toContain('vectors-counted');
    const put = await judge([`movdqu (%rdi), %xmm0\n${NONE[0]}`, `fld fa0, 0(a0)\n${NONE[1]}`]);
    expect(put).toMatch(/^proved/);
  });
  test('are assumed not to be passed where the block has put nothing there', async () => {
    const found = await judge(ONE);
    expect(found).toMatch(/^proved/);
    expect(found).toContain('vectors-counted');
  });
  test('are passed where it has', async () => {
    const source = `movdqu (%rdi), %xmm0\n${ONE[0]}`;
    expect(await judge([source, `fld fa0, 0(a0)\n${ONE[1]}`])).toBe('refuted: xmm0');
    const both = await judge([source, `fld fa0, 0(a0)\nfld ft8, 8(a0)\n${ONE[1]}`]);
    expect(both).toMatch(/^proved/);
    expect(both).not.toContain('vectors-counted');
  });
  test('are passed where it is not known how many vectors are', async () => {
    const source = 'movdqu (%rdi), %xmm0\nmovq %rdx, %rax';
    expect(await judge([source, 'fld fa0, 0(a0)\nmv t0, a2'])).toBe('refuted: xmm0');
  });
  test('are passed where the function looks at them in any case', async () => {
    expect(await judge(NONE, LOOK)).toBe('refuted: xmm0');
    expect(await judge(ONE, LOOK)).toBe('refuted: xmm0');
  });
});
