// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import type { FunctionRelation } from '../abi/relation.ts';
import { checkAll } from './check-program.ts';
import { claim, EVERYTHING, functionRelation, guessing, related, whole } from './testing.ts';

/** System calls, and programs that begin by themselves. */

const source = (body: string, name = 'f'): string => `	.text
	.globl ${name}
	.type ${name}, @function
${name}:
${body}
	.size ${name}, .-${name}
`;
const target = (body: string, name = 'f'): string => `	.text
	.globl ${name}
	.type ${name}, %function
${name}:
${body}
	.size ${name}, .-${name}
`;

/** What a system call leaves alone. */
const LEFT = EVERYTHING.filter((r) => r !== 'rcx' && r !== 'r11');
const BLOCKS = [
  ['.B0', related(8)],
  ['.B1', related(8, {}, whole(...LEFT))],
] as const;

async function verdict(from: string, to: string): Promise<string> {
  const text = target(
    `	sub sp, sp, #16
	str x30, [sp, #8]
.B0:
${to}
.B1:
	ldr x30, [sp, #8]
	add sp, sp, #16
	mov x0, x8
	mov x1, x2
	ret`,
  );
  const about = claim(source(`${from}\nret`), text, [functionRelation('f', BLOCKS)]);
  const found = await checkAll(about, guessing());
  const said = found.functions.flatMap((f) =>
    f.blocks.map(({ verdict: v }) => {
      if (v.kind === 'proved') return v.assumptions.includes('system-calls') ? 'resting on the kernel' : '';
      return 'reason' in v ? v.reason : v.kind === 'refuted' ? v.witness.difference.what : '';
    }),
  );
  return [found.kind, ...found.findings, ...said.filter((s) => s !== '')].join(' ');
}

const CLOSE = 'movl $3, %eax\nsyscall';
const closed = (number: number, before = '', after = ''): string =>
  `${before}\nmov x16, x0\nmov x8, #${number}\nsvc #0\nmov x8, x0\nmov x0, x16\n${after}`;

describe('system calls', () => {
  test('are the same by name', async () => {
    expect(await verdict(CLOSE, closed(57))).toBe('proved resting on the kernel');
  });
  test('of the same number are others', async () => {
    expect(await verdict(CLOSE, closed(3))).toMatch(/^refuted .*number/);
  });
  test('have the same arguments', async () => {
    expect(await verdict(CLOSE, closed(57, 'add x0, x0, #1'))).toMatch(/^refuted .*argument 1 of close/);
  });
  test('give back all registers but three', async () => {
    expect(await verdict(CLOSE, 'mov x8, #57\nsvc #0\nmov x8, x0')).toMatch(/^refuted .*rdi/);
  });
  test('find the same memory', async () => {
    expect(await verdict(`movq %rsi, (%rdx)\n${CLOSE}`, closed(57, '', 'str x1, [x2]'))).toMatch(/^refuted .*byte at/);
  });
  test('may change memory', async () => {
    const from = `movq (%rsi), %r10\n${CLOSE}`;
    expect(await verdict(from, closed(57, 'ldr x9, [x1]'))).toBe('proved resting on the kernel');
    expect(await verdict(from, closed(57, 'ldr x9, [x1]', 'str x9, [x1]'))).toMatch(/^refuted .*byte at/);
  });
  test('are left out by nobody', async () => {
    expect(await verdict(CLOSE, 'mov x8, #0')).toMatch(/^(?:refuted|undecided)/);
  });
  test('of which the number is not known stay undecided', async () => {
    expect(await verdict('syscall', closed(57))).toMatch(/^undecided .*which system call/);
  });
  test('that have no counterpart stay undecided', async () => {
    expect(await verdict('movl $5, %eax\nsyscall', closed(80))).toMatch(/^undecided .*system call 5/);
  });
});

describe('flags of open', () => {
  const OPEN = 'movl $257, %eax\nmovl %edx, %edx\nxorl %r10d, %r10d\nsyscall';
  const opened = (swap: string): string => `mov w2, w2
mov x9, #0
mov x16, x0
mov x17, x2
mov x3, #0
${swap}
mov x8, #56
svc #0
mov x8, x0
mov x0, x16
mov x2, x17`;
  test('have other bits on AArch64', async () => {
    const swap = 'lsr x14, x2, #14\nlsr x13, x2, #16\nbfi x2, x13, #14, #2\nbfi x2, x14, #16, #2';
    expect(await verdict(OPEN, opened(swap))).toBe('proved resting on the kernel');
    expect(await verdict(OPEN, opened(''))).toMatch(/^refuted .*argument 3 of openat/);
  });
});

describe('the beginning of a program', () => {
  const begun = async (to: string, more: Partial<FunctionRelation>, stack: number): Promise<string> => {
    const from = source('movq (%rsp), %rdi\nmovl $60, %eax\nsyscall', '_start');
    const text = target(`.B0:\n${to}\nmov x8, #93\nsvc #0\nudf #0`, '_start');
    const relations = [functionRelation('_start', [['.B0', related(stack, {}, [])]], more)];
    const found = await checkAll(claim(from, text, relations), guessing());
    return [found.kind, ...found.findings].join(' ');
  };
  test('finds the arguments at the stack pointer', async () => {
    const start = { convention: 'start', entryStack: 0, returnStack: 0 } as const;
    expect(await begun('ldr x0, [sp]', start, 0)).toBe('proved');
    expect(await begun('ldr x0, [sp, #8]', start, 0)).toMatch(/^refuted/);
  });
  test('is no function of the calling convention', async () => {
    expect(await begun('ldr x0, [sp, #8]', {}, 8)).toMatch(/_start of the target is not the variant of _start/);
  });
  test('is at an aligned stack pointer', async () => {
    const odd = { convention: 'start', entryStack: -8, returnStack: -8 } as const;
    expect(await begun('ldr x0, [sp, #8]', odd, 8)).toMatch(/has the entry stack 0/);
  });
});
