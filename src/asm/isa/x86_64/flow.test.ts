// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { isDiagnostic } from '../isa.ts';
import { flowOf, type InstFlow, repeatCounter } from './flow.ts';
import { x86_64 } from './index.ts';

function read(text: string) {
  const inst = x86_64.readInst(text, 'att', { file: 'a.s', line: 1, column: 1, endColumn: text.length + 1 });
  if (isDiagnostic(inst)) throw new Error(inst.message);
  return inst;
}

test.each<[string, InstFlow]>([
  ['addl %eax, %ebx', { kind: 'next' }],
  ['jmp .L3', { kind: 'jump', target: '.L3', conditional: false }],
  ['bnd jmp .L3', { kind: 'jump', target: '.L3', conditional: false }],
  ['jmp f@PLT', { kind: 'jump', target: 'f', conditional: false }],
  ['jmp f+4', { kind: 'jump', target: 'f+4', conditional: false }],
  ['jne 1b', { kind: 'jump', target: '1b', conditional: true }],
  ['jrcxz x', { kind: 'jump', target: 'x', conditional: true }],
  ['loopne x', { kind: 'jump', target: 'x', conditional: true }],
  ['jmp *%rax', { kind: 'indirect' }],
  ['notrack jmp *8(%rax)', { kind: 'indirect' }],
  ['call f@PLT', { kind: 'call', target: 'f' }],
  ['rex64 call __tls_get_addr@PLT', { kind: 'call', target: '__tls_get_addr' }],
  ['call *f@GOTPCREL(%rip)', { kind: 'call', target: undefined }],
  ['ret', { kind: 'return' }],
  ['rep ret', { kind: 'return' }],
  ['ret $8', { kind: 'return' }],
  ['ud2', { kind: 'trap' }],
  ['ud1l 22(%eax), %eax', { kind: 'trap' }],
  ['rep stosb', { kind: 'repeat' }],
  ['repne scasb', { kind: 'repeat' }],
  ['stosb', { kind: 'next' }],
  ['rep bsf %eax, %ebx', { kind: 'next' }],
  ['cmovne %eax, %ebx', { kind: 'next' }],
])('%s', (text, flow) => {
  expect(flowOf(read(text))).toEqual(flow);
});

test('only repeated string instructions count', () => {
  expect([repeatCounter(read('rep movsq')), repeatCounter(read('movsq'))]).toEqual(['rcx', undefined]);
});
