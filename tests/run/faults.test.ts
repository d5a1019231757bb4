// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { x86_64 } from '../../src/asm/isa/x86_64/index.ts';
import { type EmbeddedOptions, type EmbeddedRun, runTexts } from './embedded.ts';

/** Programs that do what they must not end with a report, and within their limits. */

const main = (body: string, rest = ''): string =>
  `\t.text\n\t.globl main\n\t.type main, @function\nmain:\n${body
    .split(';')
    .map((l) => (l.trim().endsWith(':') ? `${l.trim()}\n` : `\t${l.trim()}\n`))
    .join('')}${rest}`;

const run = (body: string, options: EmbeddedOptions = {}, rest = ''): EmbeddedRun =>
  runTexts([main(body, rest)], x86_64, options);

function fault(body: string, code: string, message: RegExp, status = 139, rest = ''): void {
  const ran = run(body, { maxInstructions: 50_000_000 }, rest);
  expect(ran.diagnostics.map((d) => d.code)).toEqual([code]);
  expect(ran.diagnostics[0]?.message).toMatch(message);
  expect(ran.status).toBe(status);
}

const DATA = '\t.data\nd:\n\t.quad 7\n';

describe('faults', () => {
  test('a null pointer', () =>
    fault('xorl %eax, %eax; movl (%rax), %ecx; ret', 'V0610', /read from 0x0: a null pointer/));
  test('far outside', () =>
    fault('movabsq $0x123456789abc, %rax; movb $1, (%rax); ret', 'V0610', /write to 0x123456789abc/));
  test('the top of the address space', () =>
    fault('movq $-1, %rax; movq (%rax), %rax; ret', 'V0610', /where nothing is/));
  test('an address that has lost its upper half', () =>
    fault('leaq d(%rip), %rax; movl %eax, %eax; movl (%rax), %eax; ret', 'V0610', /where nothing is/, 139, DATA));
  test.each([
    'movl $d, %eax; movl (%rax), %eax; ret',
    'movl d, %eax; ret',
    'xorl %edi, %edi; movl d(,%rdi,4), %eax; ret',
    'movslq e(%rip), %rax; movl (%rax), %eax; ret',
  ])('but not in a program with addresses of 32 bits: %s', (body) => {
    const e = body.includes('e(') ? 'e:\n\t.long d\n' : '';
    expect(run(body, {}, DATA + e)).toMatchObject({ status: 7, diagnostics: [] });
  });
  test('writing code', () => fault('leaq main(%rip), %rax; movb $0, (%rax); ret', 'V0610', /code or constant/));
  test('writing a constant', () =>
    fault('movb $0, c(%rip); ret', 'V0610', /code or constant/, 139, '\t.section .rodata\nc:\n\t.byte 1\n'));
  test('division by zero', () =>
    fault('xorl %ecx, %ecx; movl $1, %eax; cltd; idivl %ecx; ret', 'V0611', /division/, 136));
  test('ud2', () => fault('ud2', 'V0611', /undefined on purpose/, 132));
  test('a jump into data', () =>
    fault('leaq d(%rip), %rax; jmp *%rax', 'V0613', /no function begins/, 139, '\t.data\nd:\n\t.quad 0\n'));
  test('a jump into the middle of an instruction', () =>
    fault('leaq main+1(%rip), %rax; call *%rax; ret', 'V0613', /no function begins/));
  test('a return to nowhere', () => fault('movq $77, (%rsp); ret', 'V0613', /return to 0x4d/));
  test('deep recursion', () => fault('subq $8, %rsp; call main; addq $8, %rsp; ret', 'V0612', /nested|overflow/));
  test('a stack that overflows at once', () =>
    fault('subq $0x900000, %rsp; movq $1, (%rsp); ret', 'V0610', /overflowed/));
  test('past the end', () => fault('nop', 'V0614', /past the end/));
  test.each([
    [
      'that is missing, though nothing is taken from it',
      'xorl %esi, %esi',
      'text',
      /vprintf would write 24 bytes at 0x0, which is a null pointer/,
    ],
    ['in the memory of the machine itself', 'movl $0x100, %esi', '%d', /write 24 bytes at 0x100/],
    ['in a constant', 'leaq format(%rip), %rsi', '%d', /which is constant/],
    ['that leads nowhere', 'leaq list(%rip), %rsi', '%d', /read 8 bytes at 0x20/],
  ])('a list of arguments %s', (_, second, format, message) => {
    const rest = `\t.section .rodata\nformat:\n\t.asciz "${format}"\n\t.data\nlist:\n\t.long 48, 176\n\t.quad 32, 0\n`;
    fault(`leaq format(%rip), %rdi; ${second}; jmp vprintf`, 'V0610', message, 139, rest);
  });
  test('freed twice', () =>
    fault(
      'pushq %rbx; movl $24, %edi; call malloc; movq %rax, %rbx; movq %rbx, %rdi; call free; movq %rbx, %rdi; call free; popq %rbx; ret',
      'V0616',
      /freed before/,
      134,
    ));
  test('written behind a block', () =>
    fault(
      'pushq %rbx; movl $24, %edi; call malloc; movb $0, 24(%rax); movq %rax, %rdi; call free; popq %rbx; ret',
      'V0616',
      /1 byte behind the block of 24/,
      134,
    ));
  test('a stray pointer given to the library', () =>
    fault('subq $8, %rsp; movl $3, %edi; call strlen; addq $8, %rsp; ret', 'V0610', /strlen would read/));
  test('abort', () => fault('subq $8, %rsp; call abort', 'V0618', /abort/, 134));
  test('says where, with registers and the way there', () => {
    const ran = run(
      'movl $5, %ebx; cmpl $1, %edi; jne .L1; movl $7, %r12d; jmp .L2; .L1:; nop; .L2:; movl (%rbx), %eax; ret',
    );
    const [d] = ran.diagnostics;
    expect(d?.span).toMatchObject({ file: '0.s', line: 13 });
    expect(d?.notes?.join('\n')).toMatch(/in block 3 of main/);
    expect(d?.notes?.join('\n')).toMatch(/rbx=0x5[\s\S]*r12=0x7/);
    expect(d?.notes?.join('\n')).toMatch(/latest first: main block 1 \(line 8\), main block 0 \(line 5\)/);
    expect(d?.notes?.join('\n')).toMatch(/after 5 instructions/);
  });
});

describe('limits', () => {
  test('an endless loop', () => {
    const ran = run('.L1:; jmp .L1', { maxInstructions: 1_000_000 });
    expect(ran).toMatchObject({ status: 124 });
    expect(ran.diagnostics[0]).toMatchObject({ code: 'V0620', message: /as many instructions/ });
    expect(ran.executed).toBeLessThan(1_100_000);
  });
  test('a loop that takes too long', () => {
    const begun = performance.now();
    const ran = run('.L1:; jmp .L1', { maxSeconds: 0.3 });
    expect(ran.diagnostics[0]?.message).toMatch(/as long as it may/);
    expect(performance.now() - begun).toBeLessThan(5000);
  });
  test('all memory', () => {
    const ran = run(
      'pushq %rbx; .L1:; movl $1000000, %edi; call malloc; testq %rax, %rax; jne .L1; movl $5, %eax; popq %rbx; ret',
      {
        maxMemoryBytes: 64 << 20,
      },
    );
    expect(ran).toMatchObject({ status: 5, diagnostics: [] });
  });
  test('an allocation of more than there is', () => {
    const ran = run(
      'subq $8, %rsp; movq $-1, %rdi; call malloc; testq %rax, %rax; sete %al; movzbl %al, %eax; addq $8, %rsp; ret',
    );
    expect(ran).toMatchObject({ status: 1 });
  });
  test.each([
    ['a file of a petabyte', 'movabsq $1000000000000000, %rsi; movl %ebx, %edi; call ftruncate'],
    [
      'a byte behind a petabyte',
      'movabsq $1000000000000000, %rsi; xorl %edx, %edx; movl %ebx, %edi; call lseek; leaq n(%rip), %rsi; movl $1, %edx; movl %ebx, %edi; call write',
    ],
    ['an endless file', '.L1:; leaq n(%rip), %rsi; movl $0x40000, %edx; movl %ebx, %edi; call write; jmp .L1'],
  ])('%s', (_, body) => {
    const ran = run(
      `pushq %rbx; leaq n(%rip), %rdi; movl $0102, %esi; movl $0600, %edx; call open; movl %eax, %ebx; ${body}; xorl %eax, %eax; popq %rbx; ret`,
      {},
      '\t.data\nn:\n\t.string "new"\n\t.zero 0x40000\n',
    );
    expect(ran.diagnostics.map((d) => d.message).join()).toMatch(/would make files grow by more than 268435456 bytes/);
  });
  test('a handler that sends its signal again', () => {
    const again = '\t.type h, @function\nh:\n\tmovl $10, %edi\n\tjmp raise\n';
    const body =
      'subq $8, %rsp; movl $10, %edi; leaq h(%rip), %rsi; call signal; movl $10, %edi; call raise; addq $8, %rsp; ret';
    expect(run(body, { maxSeconds: 0.3, maxInstructions: 10_000 }, again).diagnostics[0]?.code).toMatch(/^V06(20|12)$/);
  });
  test('a command for a shell', () => {
    const body =
      'subq $8, %rsp; leaq n(%rip), %rdi; call system; cmpl $32512, %eax; setne %al; movzbl %al, %eax; addq $8, %rsp; ret';
    expect(run(body, {}, '\t.data\nn:\n\t.string "exit 3"\n')).toMatchObject({ status: 0, diagnostics: [] });
  });
  test('writing everywhere', () => {
    const ran = run('movl $0x1000000, %eax; .L1:; movb $1, (%rax); addq $4096, %rax; jmp .L1', {
      maxMemoryBytes: 64 << 20,
    });
    expect(ran.diagnostics.map((d) => d.code)).toEqual(['V0610']);
  });
});

describe('what is refused before the run', () => {
  const codes = (ran: EmbeddedRun): readonly string[] => ran.diagnostics.map((d) => `${d.code} ${d.message}`);
  test('an unknown external, by name', () => {
    expect(codes(run('jmp no_such_function'))).toEqual(['V0601 an unknown external: no_such_function']);
  });
  test('no main', () =>
    expect(codes(runTexts(['\t.text\nf:\n\tret\n'], x86_64))).toEqual(['V0605 no file defines main or _start']));
  test('two definitions', () => {
    expect(codes(runTexts([main('ret'), main('ret')], x86_64))).toEqual(['V0602 main is defined in 0.s and in 1.s']);
  });
  test('more data than memory', () => {
    const ran = run('ret', { maxMemoryBytes: 32 << 20 }, '\t.bss\n\t.zero 100000000\n');
    expect(ran.diagnostics.map((d) => d.code)).toEqual(['V0603']);
  });
});

test('only the given files can be opened', () => {
  const source = main(
    'subq $8, %rsp; leaq n(%rip), %rdi; leaq m(%rip), %rsi; call fopen; testq %rax, %rax; setne %al; movzbl %al, %eax; addq $8, %rsp; ret',
    '\t.section .rodata\nn:\n\t.string "/etc/passwd"\nm:\n\t.string "r"\n',
  );
  expect(runTexts([source], x86_64).status).toBe(0);
  expect(runTexts([source], x86_64, { files: new Map([['/etc/passwd', new Uint8Array(1)]]) }).status).toBe(1);
});
