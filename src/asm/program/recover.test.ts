// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { blockAt, functionNamed, programOf, readProgram } from '../../../tests/support/x86-program.ts';
import { must } from '../../base/assert.ts';
import { Diagnostics } from '../../base/diagnostic.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { readAsm } from '../text/read.ts';
import { recoverProgram } from './recover.ts';
import type { Program } from './types.ts';

const names = (p: Program): string[] => p.functions.map((f) => f.name);
/** Mnemonics of a function, in order. */
const mnemonics = (p: Program, name: string): string[] =>
  functionNamed(p, name).insts.map((i) => i.def.id.split('.')[1] ?? '');

test('typed functions end at their .size; padding between them belongs to none', () => {
  const p = programOf(`
	.text
	.p2align 4
	.globl	one
	.type	one, @function
one:
	movl	$1, %eax
	ret
	.size	one, .-one
	nop
	.p2align 4
	.type	two, @function
two:
	movl	$2, %eax
	ret
	.size	two, .-two
`);
  expect(names(p)).toEqual(['one', 'two']);
  expect(mnemonics(p, 'one')).toEqual(['mov', 'ret']);
  expect(p.symbols.get('one')).toMatchObject({ binding: 'global', type: 'function', defined: true, section: '.text' });
  expect(p.symbols.get('two')?.binding).toBe('local');
});

test('hand-written code needs no .type: global labels and called labels are functions', () => {
  const p = programOf(`
	.text
	.globl	start
start:
	call	helper
	jmp	inner
inner:
	ret
helper:
	ret
`);
  expect(names(p)).toEqual(['start', 'helper']);
  expect(mnemonics(p, 'start')).toEqual(['call', 'jmp', 'ret']);
});

test('code in front of the first function label is a function of its own', () => {
  expect(names(programOf('	.text\nfirst:\n	ret\n	.globl second\nsecond:\n	ret\n'))).toEqual(['first', 'second']);
});

test('several labels at one place, and .set, are aliases', () => {
  const p = programOf(`
	.globl	a
	.globl	b
	.type	a, @function
	.type	b, @function
a:
b:
	ret
	.size	a, .-a
	.globl	c
	.set	c, a
	d = a
`);
  expect(p.functions).toHaveLength(1);
  expect(new Set([p.functions[0]?.name, ...(p.functions[0]?.aliases ?? [])])).toEqual(new Set(['a', 'b', 'c', 'd']));
  for (const name of ['a', 'b', 'c', 'd']) expect(p.functionOf.get(name)).toBe(0);
  expect(p.symbolAliases.get('c')).toBe('a');
});

test('weak, hidden, common and undefined symbols', () => {
  const p = programOf(`
	.weak	w
	.hidden	h
	.globl	h
	.type	w, @function
w:
	call	outside
	ret
h:
	ret
	.comm	buffer,64,32
	.local	mine
	.comm	mine,8,8
	.section	.tbss,"awT",@nobits
t:
	.zero	4
`);
  expect(p.symbols.get('w')?.binding).toBe('weak');
  expect(p.symbols.get('h')).toMatchObject({ binding: 'global', visibility: 'hidden' });
  expect(p.symbols.get('outside')).toMatchObject({ defined: false, binding: 'global' });
  expect(p.symbols.get('buffer')).toMatchObject({ binding: 'global', type: 'object', defined: true });
  expect(p.symbols.get('mine')?.binding).toBe('local');
  expect(p.symbols.get('t')?.type).toBe('tls');
});

test('foo and foo.cold are one function of two parts', () => {
  const p = programOf(`
	.text
	.globl	foo
	.type	foo, @function
foo:
	testl	%edi, %edi
	js	.L2
	movl	$1, %eax
.L3:
	ret
	.section	.text.unlikely,"ax",@progbits
	.type	foo.cold, @function
foo.cold:
.L2:
	xorl	%eax, %eax
	jmp	.L3
	.text
	.size	foo, .-foo
	.section	.text.unlikely
	.size	foo.cold, .-foo.cold
	.text
	.globl	bar
	.type	bar, @function
bar:
	ret
	.size	bar, .-bar
`);
  expect(names(p)).toEqual(['foo', 'bar']);
  const foo = functionNamed(p, 'foo');
  expect(foo.parts.map((part) => [part.name, part.section, part.start, part.end])).toEqual([
    ['foo', '.text', 0, 4],
    ['foo.cold', '.text.unlikely', 4, 6],
  ]);
  const cold = blockAt(foo, '.L2');
  expect(foo.blocks[0]?.successors).toContain(cold);
  expect(foo.blocks[cold]?.successors).toEqual([blockAt(foo, '.L3')]);
  expect(foo.blocks.every((b) => b.tailCall === undefined)).toBe(true);
});

test('numeric labels become names', () => {
  const p = programOf('	.globl f\nf:\n1:\n	decq	%rdi\n	jne	1b\n	jmp	1f\n	nop\n1:\n	ret\n');
  const f = functionNamed(p, 'f');
  expect(f.blocks.map((b) => b.successors)).toEqual([[0, 1], [3], [3], []]);
});

test('control that runs into the next function is a tail call', () => {
  const p = programOf('	.globl f\n	.globl g\nf:\n	incl	%edi\ng:\n	movl	%edi, %eax\n	ret\n');
  expect(functionNamed(p, 'f').blocks.map((b) => [b.flow.kind, b.successors, b.tailCall])).toEqual([['next', [], 'g']]);
});

test('a call at the end of a sized function does not return', () => {
  const p = programOf(`
	.globl	f
	.type	f, @function
f:
	call	stop
	.size	f, .-f
	.globl	g
	.type	g, @function
g:
	ret
	.size	g, .-g
`);
  expect(functionNamed(p, 'f').blocks[0]).toMatchObject({ successors: [], tailCall: undefined, neverReturns: 'end' });
});

test('a label that two functions share becomes a function where that is possible', () => {
  const p = programOf(`
	.globl	f
	.globl	g
f:
	testl	%edi, %edi
	je	shared
	incl	%edi
shared:
	movl	%edi, %eax
	ret
g:
	jmp	shared
`);
  expect(names(p)).toEqual(['f', 'shared', 'g']);
  expect(functionNamed(p, 'f').blocks.map((b) => b.tailCall)).toEqual(['shared', 'shared']);
  expect(functionNamed(p, 'g').blocks[0]?.tailCall).toBe('shared');
});

test('a loop that another function jumps into falls into functions', () => {
  const p = programOf(`
	.globl	f
	.globl	g
f:
	incl	%edi
again:
	decl	%edi
	jne	again2
	ret
again2:
	jmp	again
g:
	jmp	again2
`);
  expect(names(p)).toEqual(['f', 'again', 'again2', 'g']);
  expect(functionNamed(p, 'f').blocks.map((b) => b.tailCall)).toEqual(['again']);
  expect(functionNamed(p, 'again').blocks.map((b) => b.tailCall)).toEqual(['again2', undefined]);
  expect(functionNamed(p, 'again2').blocks.map((b) => b.tailCall)).toEqual(['again']);
});

test('a jump into a function with a jump table is refused', () => {
  const { codes } = readProgram(`
	.globl	f
	.globl	g
f:
	jmp	*table(,%rdi,8)
one:
	incl	%edi
two:
	ret
g:
	jmp	two
	.section	.rodata
table:
	.quad	one, two
`);
  expect(codes).toEqual(['V0213']);
});

test.each([
  ['an instruction in data', '	.data\nx:\n	ret\n', 'V0210'],
  ['code without a label', '	.text\n	incl %eax\n	ret\n', 'V0211'],
  ['control running into data', '	.globl f\nf:\n	incl %eax\n	.byte 0x06,0xc3\n', 'V0212'],
  [
    'control running into bytes that are half an instruction',
    '	.globl f\nf:\n	incl %eax\n	.byte 0x0f\n	ret\n',
    'V0212',
  ],
  ['bytes that are no instruction of ours', '	.globl f\nf:\n	incl %eax\n	.byte 0x0f,0x31\n	ret\n', 'V0201'],
  ['a jump to an address between labels', '	.globl f\nf:\n	jmp f+4\n', 'V0214'],
  [
    'a label for others to jump to',
    '	.globl f\nf:\n	leaq 1f(%rip), %rax\n	movq %rax, (%rdi)\n	call g\n1:	ret\n',
    'V0218',
  ],
  ['an undefined local label', '	.globl f\nf:\n	jmp .Lnone\n', 'V0215'],
])('%s is refused', (_, text, code) => {
  expect(readProgram(text).codes).toEqual([code]);
});

test('data behind a return is fine', () => {
  const p = programOf('	.globl f\nf:\n	movl	table(%rip), %eax\n	ret\ntable:\n	.long	1\n	.globl g\ng:\n	ret\n');
  expect(names(p)).toEqual(['f', 'g']);
  const owners = p.ast.statements.map((s, i) => [s.kind === 'label' ? s.name : '', p.owner[i]]);
  expect(owners.filter(([name]) => name !== '')).toEqual([
    ['f', 0],
    ['table', -1],
    ['g', 1],
  ]);
});

test('functions whose address is taken', () => {
  const p = programOf(`
	.globl	f
f:
	call	direct
	leaq	taken(%rip), %rdi
	movq	got@GOTPCREL(%rip), %rsi
	jmp	tail
direct:
	ret
	.type	taken, @function
taken:
	ret
	.globl	got
got:
	ret
	.type	tail, @function
tail:
	ret
	.type	table, @function
table:
	ret
	.section	.data.rel.ro,"aw"
	.quad	table
	.section	.debug_info,"",@progbits
	.quad	tail
`);
  expect([...p.addressTaken].sort()).toEqual(['got', 'table', 'taken']);
});

const code = (text: string): string[] =>
  readProgram(text).program.functions.flatMap((f) => f.insts.map((i) => x86_64.printInst(i, 'att')));

test('bytes that control runs into are instructions', () => {
  expect(code('	.globl f\n	.type f, @function\nf:\n	.byte 0x48,0x8b,0x46,0x00\n	.byte 0xf3,0xc3\n')).toEqual([
    'movq (%rsi), %rax',
    'rep ret',
  ]);
  expect(code('	.globl f\nf:\n	jmp	.Lb\n.La:\n	.byte 0xf3,0xc3\n.Lb:\n	.byte 0xf3,0xc3\n')).toEqual([
    'jmp .Lb',
    'rep ret',
  ]);
});

test('bytes behind a jump, and behind a label that only data are read from, are data', () => {
  const table = '	.globl f\nf:\n	leaq	.Lt(%rip), %rax\n	ret\n.Lt:\n	.byte 0xf3,0xc3\n	.byte 0x90\n';
  expect(code(table)).toEqual(['leaq .Lt(%rip), %rax', 'ret']);
});

test('bytes that are prefixes belong to the instruction behind them', () => {
  expect(code('	.globl f\nf:\n	.byte 0x90\n')).toEqual([]);
  expect(code('	.globl f\nf:\n	nop\n	.byte 0xf0\n	addl %eax, (%rdi)\n	ret\n')[1]).toBe('lock addl %eax, (%rdi)');
  expect(code('	.globl f\nf:\n	nop\n	.byte 0x67,0x67\n	addl %eax, %ebx\n	ret\n')[1]).toBe('addl %eax, %ebx');
  expect(code('	.globl f\nf:\n	nop\n	.byte 0x66\n	movq 8(%rdi), %rbx\n	ret\n')[1]).toBe('movq 8(%rdi), %rbx');
});

test.each([
  ['the size of an address', '0x67', 'addl %eax, (%rdi)'],
  ['the size of a number', '0x66', 'addl %eax, %ebx'],
  ['the size of what is pushed', '0x66', 'pushq %rbx'],
  ['a lock where there is none', '0xf0', 'movl %eax, %ebx'],
])('a prefix that changes %s is not taken for a filler', (_, byte, inst) => {
  expect(readProgram(`	.globl f\nf:\n	nop\n	.byte ${byte}\n	${inst}\n	ret\n`).codes).toEqual(['V0212']);
});

describe('for one processor', () => {
  const first = must(x86_64.on?.('x86-64'), 'a processor');
  const functions = (text: string): [string, number][] => {
    const diagnostics = new Diagnostics();
    const ast = readAsm({ file: 'a.s', text }, first, diagnostics);
    const program = recoverProgram(ast, diagnostics);
    expect(diagnostics.list).toEqual([]);
    return program.functions.map((f) => [f.name, f.insts.length]);
  };
  const DISPATCH = `
	.globl	f
	.type	f, @function
f:
	testl	$1, flags(%rip)
	jnz	g
	ret
	.type	g, @function
g:
	vzeroupper
.Lloop:
	vpaddd	%xmm1, %xmm2, %xmm3
	jnz	.Lloop
	call	h
	jmp	.Ltail
	.type	h, @function
h:
	incl	%eax
	ret
	.size	h, .-h
`;

  test('code behind what the processor does not have is left out, with the functions that only it calls', () => {
    expect(functions(`${DISPATCH}.Ltail:\n	ret\n`)).toEqual([
      ['f', 3],
      ['g', 1],
    ]);
  });

  test.each([
    ['global', '	.globl	h\n'],
    ['named in data', '	.data\n	.quad	h\n'],
    ['named in a difference', '	.section	.rodata\n	.long	h-f\n'],
    ['of two names', '	.globl	alias\n	.set	alias, h\n'],
  ])('what is %s stays', (_, directive) => {
    expect(functions(`${DISPATCH}.Ltail:\n	ret\n${directive}`).slice(0, 3)).toEqual([
      ['f', 3],
      ['g', 1],
      ['h', 2],
    ]);
  });

  test('without such an instruction all stays', () => {
    expect(functions('	.globl f\nf:\n	ret\n	incl %eax\n	ret\n')).toEqual([['f', 3]]);
  });
});
