// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { must } from '../../../base/assert.ts';
import { assumptionOf } from '../assumptions.ts';
import { type Dialect, isDiagnostic } from '../isa.ts';
import { x86_64 } from './index.ts';
import { PROCESSOR_NAMES } from './levels.ts';
import { PROCESSORS } from './processor.ts';

const isa = must(x86_64.on?.('x86-64-v2'), 'a processor');

function read(text: string, dialect: Dialect = 'att'): string {
  const found = isa.readInst(text, dialect, { file: 'a.s', line: 1, column: 1, endColumn: text.length + 1 });
  return isDiagnostic(found) ? found.code : found.def.id;
}

const INVALID = 'x64.invalid.none.64';

test('the names on the command line are those of the table', () => {
  expect(PROCESSORS.map((p) => p.name)).toEqual([...PROCESSOR_NAMES]);
  expect(x86_64.on?.('x86-64-v3')).toBeUndefined();
  expect(x86_64.processor).toBeUndefined();
  expect(isa.processor).toBe('x86-64-v2');
});

describe('what the processor does not have is an invalid opcode', () => {
  test.each([
    ['vpaddd 16(%rdi,%rcx,4), %ymm2, %ymm3', 'att'],
    ['vpaddd ymm3, ymm2, YMMWORD PTR [rdi+rcx*4+16]', 'intel'],
    ['vpinsrd xmm3, xmm2, DWORD PTR [rdi], 3', 'intel'],
    ['vaddps {rn-sae}, %zmm1, %zmm2, %zmm3{%k1}{z}', 'att'],
    ['vpgatherdd %ymm1, (%rax,%ymm2,4), %ymm3', 'att'],
    ['vpgatherdd ymm3, DWORD PTR [rax+ymm2*4], ymm1', 'intel'],
    ['vbroadcasti128 table(%rip), %ymm0', 'att'],
    ['AESENC %xmm1, %xmm2', 'att'],
    ['mulxq 8(%rsi), %rax, %rbx', 'att'],
  ] as const)('%s', (text, dialect) => {
    expect(read(text, dialect)).toBe(INVALID);
  });
});

describe('wrong lines stay wrong', () => {
  test.each([
    ['vpaddd %ymm1, %ymm2', 'V0103'],
    ['vpaddd %ymm1, %ymm2, %ymm32', 'V0103'],
    ['vpaddd %ymm1, %ymm2, %ymm3 %ymm4', 'V0103'],
    ['vpaddd (%rdi), (%rsi), %ymm3', 'V0103'],
    ['vpaddd %ymm1, %ymm2, $3', 'V0103'],
    ['vpaddd %ymm1, , %ymm3', 'V0103'],
    ['vpaddd %ymm1, %ymm2, %ymm3{%k9}', 'V0103'],
    ['vpfoo %ymm1, %ymm2, %ymm3', 'V0201'],
    ['vfoo', 'V0201'],
    ['pshufb %ymm1, %ymm2', 'V0201'],
    ['mulxq %rax, %rbx', 'V0103'],
    ['rdtsc', 'V0201'],
  ])('%s', (text, code) => {
    expect(read(text)).toBe(code);
  });
});

test('prefixes without a meaning are ignored, and said to be assumed so', () => {
  for (const [text, id] of [
    ['tzcntl %eax, %ecx', 'x64.bsf.r_rm.32'],
    ['lzcntq (%rdi), %rcx', 'x64.bsr.r_rm.64'],
    ['rep bsfq %rax, %rcx', 'x64.bsf.r_rm.64'],
  ] as const) {
    const found = isa.readInst(text, 'att', { file: 'a.s', line: 1, column: 1, endColumn: 2 });
    expect(isDiagnostic(found) ? '' : found.def.id).toBe(id);
    expect(isDiagnostic(found) ? '' : assumptionOf(found.def)).toBe('source-cpu');
  }
});

test('another file with another processor is read as for that', () => {
  const first = must(x86_64.on?.('x86-64'), 'a processor');
  const span = { file: 'a.s', line: 1, column: 1, endColumn: 2 };
  const ids = [first, isa, x86_64, first].map((i) => {
    const found = i.readInst('popcntl %eax, %ecx', 'att', span);
    return isDiagnostic(found) ? '' : found.def.id;
  });
  expect(ids).toEqual([INVALID, 'x64.popcnt.r_rm.32', 'x64.popcnt.r_rm.32', INVALID]);
});
