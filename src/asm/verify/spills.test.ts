// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { x8664ToRiscv64 } from '../abi/pairs/x86_64-riscv64.ts';
import type { FunctionRelation, RegisterRelation, Relation } from '../abi/relation.ts';
import { riscv64 } from '../isa/riscv64/index.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { checkFunction } from './check-function.ts';
import { Context } from './context.ts';
import { functionRelation, guessing, program } from './testing.ts';

/** What the target has in its frame beyond what the source has there. */

const around = (body: string): string => `\t.text\n\t.globl f\n\t.type f, @function\nf:\n${body}\n\t.size f, .-f\n`;

const WHOLE: RegisterRelation[] = Object.entries(x8664ToRiscv64.homes)
  .filter(([source]) => !source.startsWith('xmm'))
  .map(([source, target]) => ({ source, target, bits: [[0, 63]] }));
const LOW: RegisterRelation = { source: 'xmm1', target: 'f11', bits: [[0, 63]] };
const high = (target: string): RegisterRelation => ({ source: 'xmm1', target, bits: [[64, 127]], from: 64 });

/** The source's stack pointer is 168 above the target's, so that 40 bytes are below the red zone. */
const relation = (spills: readonly number[] | undefined, ...more: RegisterRelation[]): Relation => ({
  stack: 168,
  frames: [],
  ...(spills === undefined ? {} : { spills }),
  registers: [...WHOLE, ...more],
  flags: {},
});

const START = 'addi sp, sp, -176\nsd ra, 168(sp)\n.B0:\n';
const RETURN = 'ld ra, 168(sp)\nmv a0, t0\nmv a1, a2\naddi sp, sp, 176\nret\n';
const FILL = 'fld fa1, 0(a0)\nfld ft8, 8(a0)\nfsd ft8, 16(sp)\n';
const USE = `fsd fa1, 0(a1)\nfld ft8, 16(sp)\nfsd ft8, 8(a1)\n${RETURN}`;
const SOURCE = ['movdqu (%rdi), %xmm1', 'movdqu %xmm1, (%rsi)\nret'] as const;

/** Verdicts on the entry and the two blocks, and what the proofs of the latter assume. */
async function judge(
  first: Relation,
  second: Relation,
  [fill, use] = [FILL, USE],
  [load, store]: readonly [string, string] = SOURCE,
): Promise<{ found: string[]; assumed: string[][] }> {
  const functions: FunctionRelation[] = [
    functionRelation('f', [
      ['.B0', first],
      ['.B1', second],
    ]),
  ];
  const claim = {
    source: program(x86_64, around(`${load}\njmp .L1\n.L1:\n${store}`)),
    target: program(riscv64, around(`${START}${fill}.B1:\n${use}`)),
    pair: x8664ToRiscv64,
    functions,
    contracts: new Map(),
    refused: [],
  };
  const result = await checkFunction(new Context(claim, guessing()), functions[0] as FunctionRelation);
  const verdicts = result.blocks.map((b) => b.verdict);
  return {
    found: [result.entry.verdict, ...verdicts].map((v) => {
      if (v.kind === 'refuted') return `refuted: ${v.witness.difference.what}`;
      return v.kind === 'undecided' ? `undecided: ${v.reason}` : v.kind;
    }),
    assumed: verdicts.map((v) => (v.kind === 'proved' ? [...v.assumptions] : [])),
  };
}

const kept = relation([16], LOW, high('sp+16'));

describe('spill slots', () => {
  test('hold half of a register from block to block, whatever is stored elsewhere', async () => {
    const { found, assumed } = await judge(relation([16]), kept);
    expect(found).toEqual(['proved', 'proved', 'proved']);
    expect(assumed[0]).toContain('nothing-below-stack');
    expect(assumed[0]).not.toContain('below-stack');
    expect(assumed[1]).toContain('below-stack');
  });
  test('need not be mentioned before they are first used', async () => {
    expect((await judge(relation(undefined), kept)).found).toEqual(['proved', 'proved', 'proved']);
  });
  test('are forgotten where they are not mentioned any more', async () => {
    const end: [string, string] = [SOURCE[0], 'ret'];
    const { found, assumed } = await judge(relation([16]), relation(undefined, LOW), [FILL, RETURN], end);
    expect(found).toEqual(['proved', 'proved', 'proved']);
    expect(assumed[0]).toContain('below-stack');
  });
  test('must be mentioned by somebody', async () => {
    const { found } = await judge(relation(undefined), relation(undefined, LOW), [FILL, RETURN]);
    expect(found[1]).toMatch(/^refuted: the byte at/);
  });
  test.each<[string, string]>([
    ['another half', 'fld fa1, 0(a0)\nfld ft8, 0(a0)\nfsd ft8, 16(sp)\n'],
    ['another slot', 'fld fa1, 0(a0)\nfld ft8, 8(a0)\nfsd ft8, 24(sp)\n'],
    ['nothing', 'fld fa1, 0(a0)\n'],
  ])('must hold what is claimed: %s', async (_, fill) => {
    expect((await judge(relation([16, 24]), kept, [fill, USE])).found[1]).toMatch(/^refuted: bits 64 to 127 of xmm1/);
  });
  test.each<[string, Relation]>([
    ['no slot of the block', relation([24], LOW, high('sp+16'))],
    ['in the red zone', relation([16, 40], LOW, high('sp+16'))],
    ['not aligned', relation([16, 28], LOW, high('sp+16'))],
    ['twice', relation([16, 16], LOW, high('sp+16'))],
    ['too far away', relation([16, -(2 ** 25)], LOW, high('sp+16'))],
    ['with a shape', relation([16], LOW, { ...high('sp+16'), bits: [[64, 95]], above: 'sign' })],
  ])('what makes no sense is not proved: %s', async (_, second) => {
    expect((await judge(relation([16]), second)).found[2]).toMatch(/^undecided: the relation of block 1/);
  });
  test('are lost where the stack pointer has been above', async () => {
    const bounced = USE.replace('fld ft8', 'addi sp, sp, 32\naddi sp, sp, -32\nfld ft8');
    expect((await judge(relation([16]), kept, [FILL, bounced])).found[2]).not.toBe('proved');
  });
  test('are accessed as a whole', async () => {
    const parts = USE.replace('fld ft8, 16(sp)', 'lw t3, 16(sp)\nfld ft8, 16(sp)');
    expect((await judge(relation([16]), kept, [FILL, parts])).found[2]).toMatch(/part of a spill slot/);
  });
  test('are not where the stack pointer of the source may go', async () => {
    const deep: [string, string] = [SOURCE[0], 'subq $64, %rsp\nmovdqu %xmm1, (%rsi)\naddq $64, %rsp\nret'];
    expect((await judge(relation([16]), kept, [FILL, USE], deep)).found[2]).not.toBe('proved');
    const unknown: [string, string] = [SOURCE[0], 'subq %rdi, %rsp\nmovdqu %xmm1, (%rsi)\naddq %rdi, %rsp\nret'];
    expect((await judge(relation([16]), kept, [FILL, USE], unknown)).found[2]).not.toBe('proved');
    const after: [string, string] = [SOURCE[0], 'movdqu %xmm1, (%rsi)\nsubq %rdi, %rsp\naddq %rdi, %rsp\nret'];
    expect((await judge(relation([16]), kept, [FILL, USE], after)).found[2]).toBe('proved');
    const late = `fsd fa1, 0(a1)\nfld ft8, 16(sp)\nfsd ft8, 8(a1)\nsd a2, 0(a3)\nsd a2, 16(sp)\n${RETURN}`;
    const stores: [string, string] = [
      SOURCE[0],
      'movdqu %xmm1, (%rsi)\nsubq %rdi, %rsp\nmovq %rdx, (%rcx)\naddq %rdi, %rsp\nret',
    ];
    expect((await judge(relation([16]), kept, [FILL, late], stores)).found[2]).toMatch(/source may have something/);
  });
  test('are no places for what the source stores there itself', async () => {
    const own: [string, string] = [SOURCE[0], 'movq %rdi, -152(%rsp)\nmovdqu %xmm1, (%rsi)\nret'];
    expect((await judge(relation([16]), kept, [FILL, USE], own)).found[2]).not.toBe('proved');
    const read: [string, string] = [SOURCE[0], 'movq -152(%rsp), %rax\nmovdqu %xmm1, (%rsi)\nret'];
    const same = `ld t0, 16(sp)\n${USE}`;
    expect((await judge(relation([16]), kept, [FILL, same], read)).found[2]).not.toBe('proved');
  });
});
