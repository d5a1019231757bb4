// SPDX-License-Identifier: MIT
import { immOp, labelOp, type MemOperand, num, type Operand, regOp, sym } from '../operand.ts';
import { reg } from './registers.ts';

/** Example operands for tests and load-time checks: at least one of each shape that a kind accepts. */

const GPR_EXAMPLES: Readonly<Record<number, readonly string[]>> = {
  8: ['al', 'bl', 'cl', 'dl', 'ah', 'ch', 'dh', 'bh', 'sil', 'bpl', 'spl', 'r8b', 'r15b'],
  16: ['ax', 'cx', 'dx', 'bx', 'si', 'bp', 'r8w', 'r13w'],
  32: ['eax', 'ecx', 'edx', 'ebx', 'esi', 'ebp', 'r8d', 'r12d', 'r15d'],
  64: ['rax', 'rcx', 'rdx', 'rbx', 'rdi', 'rbp', 'rsp', 'r9', 'r12', 'r13'],
};

export function exampleRegs(width: number): Operand[] {
  return (GPR_EXAMPLES[width] ?? []).map((n) => regOp(reg(n)));
}

export function exampleXmms(): Operand[] {
  return ['xmm0', 'xmm1', 'xmm7', 'xmm8', 'xmm15'].map((n) => regOp(reg(n)));
}

export function exampleMems(): MemOperand[] {
  const r = (name: string) => reg(name);
  return [
    { kind: 'mem', disp: num(0), base: r('rax') },
    { kind: 'mem', disp: num(-8), base: r('rbp') },
    { kind: 'mem', disp: num(0), base: r('r13') },
    { kind: 'mem', disp: num(16), base: r('rsp') },
    { kind: 'mem', disp: num(0x12345), base: r('rdi'), index: r('rcx'), scale: 4 },
    { kind: 'mem', disp: num(0), base: r('rbx'), index: r('r12'), scale: 1 },
    { kind: 'mem', disp: num(64), index: r('rdx'), scale: 8 },
    { kind: 'mem', disp: num(0), index: r('rsi'), scale: 1 },
    { kind: 'mem', disp: num(4), base: r('ebx'), index: r('esi'), scale: 2 },
    { kind: 'mem', disp: sym('data', 4), base: r('rip') },
    { kind: 'mem', disp: sym('data', -4), base: r('rip') },
    { kind: 'mem', disp: num(24), base: r('rip') },
    { kind: 'mem', disp: sym('data') },
    { kind: 'mem', disp: sym('data', 8), base: r('r14'), index: r('r15'), scale: 8 },
    { kind: 'mem', disp: num(40), segment: 'fs' },
    { kind: 'mem', disp: num(8), base: r('rax'), segment: 'gs' },
    { kind: 'mem', disp: sym('tls', 0, 'tpoff'), segment: 'fs' },
    { kind: 'mem', disp: num(0x1000) },
  ];
}

export function exampleImms(width: number, kind: 'any' | 'simm32' | 'imm8'): Operand[] {
  if (kind === 'imm8') return [0, 1, 3, 31, 63, 127].map((n) => immOp(n));
  const values = [0n, 1n, -1n, 127n, -128n];
  if (width >= 16) values.push(128n, 0x1234n, -0x8000n);
  if (width >= 32) values.push(0x12345678n, -0x80000000n, 0x7fffffffn);
  if (width === 32) values.push(0xfffffff0n);
  if (kind === 'any') values.push(0x123456789abcdef0n, 0x80000000n, -(1n << 63n));
  const ops: Operand[] = values.map((v) => immOp(v));
  if (width >= 32) ops.push(immOp(sym('data', 4)));
  return ops;
}

export function exampleLabels(): Operand[] {
  return [labelOp('target'), labelOp('target', 4)];
}
