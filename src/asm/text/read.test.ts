// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { fakeIsa } from '../../../tests/support/fake-isa.ts';
import { Diagnostics } from '../../base/diagnostic.ts';
import type { Isa } from '../isa/isa.ts';
import type { AsmFile } from './ast.ts';
import { resolveLocal } from './local-labels.ts';
import { printAsm } from './print.ts';
import { readAsm } from './read.ts';

const x86 = fakeIsa('x86_64');
const arm = fakeIsa('aarch64');

function read(text: string, isa: Isa = x86): { file: AsmFile; messages: string[] } {
  const diagnostics = new Diagnostics();
  const file = readAsm({ file: 't.s', text }, isa, diagnostics);
  const messages = diagnostics.list.map((d) => `${d.span?.line}:${d.span?.column} ${d.code} ${d.message}`);
  return { file, messages };
}

/** Reads without a complaint and prints. Neither text needs its last newline. */
function expectPrinted(text: string, printed: string, isa: Isa = x86): void {
  const { file, messages } = read(`${text}\n`, isa);
  expect(messages).toEqual([]);
  expect(printAsm(file)).toBe(`${printed}\n`);
}

/** The first diagnostic, in full, and the number of all. */
function expectMessage(text: string, message: string, count = 1, isa: Isa = x86): void {
  const { messages } = read(text, isa);
  expect([messages[0], messages.length]).toEqual([message, count]);
}

/** Each statement's span as `line:column-endColumn`. */
function expectSpans(text: string, spans: string, isa: Isa = x86): void {
  const { file } = read(text, isa);
  const got = file.statements.map(({ span }) => `${span.line}:${span.column}-${span.endColumn}`);
  expect(got.join(' ')).toBe(spans);
}

describe('statements', () => {
  test('a label', () => expectPrinted('main:', 'main:'));
  test('a label and an instruction', () => expectPrinted('main: ret', 'main:\n\tret'));
  test('several labels on a line', () => expectPrinted('a: b : .Lc: nop', 'a:\nb:\n.Lc:\n\tnop'));
  test('a quoted label', () => expectPrinted('"a b": nop', '"a b":\n\tnop'));
  test('a quoted label that need not be', () => expectPrinted('"ab":', 'ab:'));
  test('a numeric label', () => expectPrinted('1: jmp 1b', '1:\n\tjmp 1b'));
  test('an assignment', () => expectPrinted('a = b + 4', 'a = b + 4'));
  test('an assignment without blanks', () => expectPrinted('.La=.-main', '.La = .-main'));
  test('a single assignment', () => expectPrinted('a == 4', '\t.equiv\ta, 4'));
  test('several statements on a line', () => expectPrinted('nop; ret ;nop', '\tnop\n\tret\n\tnop'));
  test('an empty line', () => expectPrinted('nop\n\nret', '\tnop\n\n\tret'));
  test('carriage returns', () => expectPrinted('nop\r\n.long 4\r\n\r\nret\r', '\tnop\n\t.long\t4\n\n\tret'));
  test('a continued line', () => expectPrinted('.long 1, \\\n 2', '\t.long\t1, 2'));
  test('a prefix on its own', () => expectPrinted('lock; addl $1, (%rax)', '\tlock addl $1, (%rax)'));
  test('a byte order mark', () => expectPrinted('\ufeffnop', '\tnop'));
  test('a memory operand with a segment is no label', () => expectPrinted('movl %fs:x, %eax', '\tmovl %fs:x, %eax'));
});

describe('comments', () => {
  test('a line', () => expectPrinted('# note\nnop', '# note\n\tnop'));
  test('behind an instruction', () => expectPrinted('nop # note', '\tnop\t# note'));
  test('behind a label', () => expectPrinted('a: # note', 'a:\t# note'));
  test('a line marker', () => expectPrinted('# 12 "file.c" 1\nnop', '# 12 "file.c" 1\n\tnop'));
  test('a block', () => expectPrinted('/* a\n b */ nop', '/* a\n b */\n\tnop'));
  test('a block inside a statement', () => expectPrinted('.long 1 /* , 2 */ , 3', '\t.long\t1, 3'));
  test('a slash begins a line comment on x86', () => expectPrinted('/ note\nnop', '/ note\n\tnop'));
  test('slashes on AArch64', () => expectPrinted('mov x0, #1 // one', '\tmov x0, #1\t// one', arm));
  test('a hash is an immediate on AArch64', () => expectPrinted('mov x0, #1', '\tmov x0, #1', arm));
  test('but a comment at the start of a line', () => expectPrinted('  # note', '# note', arm));
  test('marks inside a string', () => expectPrinted('.string "a#b;/*c\\"#"', '\t.string\t"a#b;/*c\\"#"'));
  test('marks inside character constants', () =>
    expectPrinted(".byte '#, ';', '\"', ','", "\t.byte\t'#, ';', '\"', ','"));
});

describe('directives', () => {
  test('a section', () =>
    expectPrinted('.section .rodata.str1.1,"aMS",@progbits,1', '\t.section\t.rodata.str1.1, "aMS", @progbits, 1'));
  test('a group', () =>
    expectPrinted('.section .text.f,"axG",@progbits,f,comdat', '\t.section\t.text.f, "axG", @progbits, f, comdat'));
  test('empty arguments', () => expectPrinted('\t.p2align 4,,10', '\t.p2align\t4, , 10'));
  test('no arguments', () => expectPrinted('.cfi_endproc', '\t.cfi_endproc'));
  test('commas inside strings', () => expectPrinted('.ascii "a,b", "c"', '\t.ascii\t"a,b", "c"'));
  test('upper case', () => expectPrinted('.TEXT', '\t.text'));
  test('a type without its comma', () => expectPrinted('.type f @function', '\t.type\tf, @function'));
  test('a location', () => expectPrinted('.loc 1 4 28 is_stmt 0 view .LVU2', '\t.loc\t1 4 28 is_stmt 0 view .LVU2'));
  test('hints that GNU as does not know become comments', () => expectPrinted('.addrsig_sym f', '\t# .addrsig_sym f'));
  test('the end', () => {
    const { file } = read('nop\n.end\n)(\n');
    expect(file.statements.length).toBe(2);
  });
  test('values', () => {
    const { file } = read('.long 1, -1, foo+4, .L2-.L1, (.L2-.L1)/4, 0x10\n');
    const [s] = file.statements;
    expect(s?.kind === 'directive' && s.values).toEqual([
      { offset: 1n },
      { offset: -1n },
      { offset: 4n, plus: 'foo' },
      { offset: 0n, plus: '.L2', minus: '.L1' },
      undefined,
      { offset: 16n },
    ]);
  });
  test('Intel syntax and back', () => {
    const { file } = read('nop\n.intel_syntax noprefix\nnop\n.att_syntax\nnop\n');
    const dialects = file.statements.flatMap((s) => (s.kind === 'inst' ? [s.dialect] : []));
    expect(dialects).toEqual(['att', 'intel', 'att']);
    expect(printAsm(file, 'intel')).toBe('\t.intel_syntax noprefix\n\tnop\n\tnop\n\tnop\n');
    expect(printAsm(file, 'att')).toBe('\tnop\n\tnop\n\tnop\n');
  });
});

describe('spans', () => {
  test('of each kind', () =>
    expectSpans('a: nop\n\t.long 1 # x\n b = 4 \n', '1:1-3 1:4-7 2:2-9 2:10-13 3:2-7'.replace('1:1-3', '1:1-2')));
  test('after a block comment', () => expectSpans('/* a\n b */ nop\nret\n', '1:1-5 2:7-10 3:1-4'));
  test('after a continued line', () => expectSpans('.long 1, \\\n2\nret\n', '1:1-11 3:1-4'));
});

describe('complaints', () => {
  test('empty input', () => expectMessage('', '1:1 V0105 the input is empty'));
  test('blank input', () => expectMessage(' \n\n', '1:1 V0105 the input is empty'));
  test('an ELF file', () =>
    expectMessage(
      '\x7fELF\x02\x01\0',
      '1:1 V0107 this is an ELF object, not assembly text; disassemble or recompile with -S',
    ));
  test('a zero byte', () => expectMessage('nop\n a\0', '2:3 V0106 this is not a text file: it holds a zero byte'));
  test('lost bytes', () => expectMessage('mov \ufffd\n', '1:1 V0106 this line holds bytes that are not text'));
  test('lost bytes in a string', () =>
    expectMessage('.ascii "\ufffd"\n', '1:7 V0106 this line holds bytes that are not text'));
  test('lost bytes in a comment do no harm', () => expectPrinted('# \ufffd', '# \ufffd'));
  test('an unknown directive', () => expectMessage('.globll a\n', "1:1 V0104 unknown directive '.globll'"));
  test('an unknown instruction', () => expectMessage('nop\nret\n\tbad %eax\n', "3:2 V0101 unknown instruction 'bad'"));
  test('an open string', () =>
    expectMessage('nop\n.string "abc\nret\n', '2:9 V0108 this string does not end on its line'));
  test('an open string at the end', () =>
    expectMessage('nop\n.string "abc', '2:9 V0108 this string does not end on its line'));
  test('an open comment', () => expectMessage('nop\n /* abc\nret\n', "2:2 V0109 this comment has no '*/'"));
  test('an open comment in a statement', () => expectMessage('.long 1 /* abc\n', "1:9 V0109 this comment has no '*/'"));
  test('a string as statement', () => expectMessage('"abc" nop\n', '1:1 V0110 a statement cannot begin with a string'));
  test('a label that begins with a digit', () => expectMessage('1a: nop\n', "1:1 V0110 '1a' is no label name"));
  test('a malformed value', () => expectMessage('.long 1, 4+\n', '1:12 V0111 malformed value: expected an expression'));
  test('text behind a value', () =>
    expectMessage('.long 1 2\n', '1:9 V0111 malformed value: unexpected text after the value'));
  test('a missing argument', () =>
    expectMessage('.globl\n', "1:1 V0112 '.globl' takes at least 1 argument, and here it has 0"));
  test('a string that is none', () => expectMessage('.string abc\n', '1:9 V0111 malformed value: expected a string'));
  test('a symbol that is none', () => expectMessage('.globl f, 4\n', '1:11 V0111 malformed value: expected a symbol'));
  test('a stray backslash', () => expectMessage('.long 1 \\ 2\n', '1:9 V0110 a backslash has no meaning here'));
  test('brackets that do not match', () => expectMessage('.set a, (1\n', '1:1 V0110 the brackets do not match'));
  test('an assignment of nothing', () => expectMessage('a = \n', "1:1 V0111 what is assigned to 'a' is no value"));
  test('x86 syntax on AArch64', () =>
    expectMessage('.intel_syntax noprefix\n', "1:1 V0113 '.intel_syntax noprefix' is not supported", 1, arm));
  test('Intel syntax with prefixes', () =>
    expectMessage('.intel_syntax prefix\n', "1:1 V0201 '.intel_syntax prefix' is not supported"));
  test('what a macro has made of a line', () =>
    expectMessage('nop\n.macro m x\n bad \\x\n.endm\n m %eax\n', "5:2 V0101 unknown instruction 'bad'"));
  test('a macro with too many arguments', () =>
    expectMessage('.macro m x\n.endm\nm 8(%rsi,%rcx)\n', "3:1 V0119 'm' takes 1 arguments and is given more"));
  test('a macro without a value that it wants', () =>
    expectMessage('.macro m x:req\n.endm\nm\n', "3:1 V0119 'm' needs a value for 'x'"));
  test('a macro that calls itself for ever', () =>
    expectMessage('.macro m\nm\n.endm\nnop\nm\n', '5:1 V0119 macros and repetitions come to no end here'));
  test('a character that is a parameter', () =>
    expectMessage(".irpc c, ab\n.byte '\\c\n.endr\n", '2:1 V0119 a character constant cannot be a parameter'));
  test('a condition on addresses', () =>
    expectMessage(
      'a: nop\n.if . - a > 4\n.endif\n',
      "2:1 V0202 '. - a > 4' is no number that is known when this line is read",
    ));
  test('a condition without an end', () =>
    expectMessage('nop\n.if 1\nnop\n', "2:1 V0116 this condition has no '.endif'"));
  test('the end of no condition', () => expectMessage('nop\n.endif\n', "2:1 V0119 '.endif' stands in no '.if'"));
  test('a macro without an end', () => expectMessage('.macro m\nnop\n', "1:1 V0116 '.macro' has no '.endm'"));
  test('a file for the C preprocessor', () => {
    const diagnostics = new Diagnostics();
    readAsm({ file: 'a.S', text: 'nop\n#define N 1\n' }, x86, diagnostics);
    expect(diagnostics.list.map((d) => [d.code, d.span?.line])).toEqual([['V0120', 2]]);
    expectMessage('nop\n#define N 1\nbad\n', "3:1 V0101 unknown instruction 'bad'");
  });
  test('an inclusion', () => expectMessage('.include "a"\n', "1:1 V0203 '.include' is not supported"));
  test('open call frame information', () =>
    expectMessage(
      '.cfi_startproc\nret\n',
      "1:1 V0116 '.cfi_startproc' has no '.cfi_endproc' before the end of the file",
    ));
  test('a last line without an end', () => expectMessage('nop\nret', '2:4 V0117 the last line does not end'));
  test('all errors are collected', () =>
    expectMessage('bad\nnop\nnop\n.foo\nnop\nbad\n', "1:1 V0101 unknown instruction 'bad'", 3));
  test('up to a limit', () => {
    const { messages } = read('nop\n.foo\n'.repeat(500));
    expect([messages.length, messages.at(-1)]).toEqual([101, '200:5 V0115 stopped reading after 100 errors']);
  });
  test('another machine', () => {
    const isa = fakeIsa('x86_64', (m) => m === 'ret');
    const text = 'f:\n\tstp x29, x30, [sp, #-16]!\n\tadrp x0, a\n\tldr w1, [x0, :lo12:a]\n\tret\n';
    expectMessage(text, '1:1 V0114 this looks like AArch64 assembly, not x86-64', 1, isa);
  });
  test('one mistake beside 32-bit registers says nothing of the machine', () => {
    const isa = fakeIsa('x86_64', () => false);
    expectMessage('\tfoobar %eax\n', "1:2 V0101 unknown instruction 'foobar'", 1, isa);
  });
  test('no assembly at all', () => {
    const isa = fakeIsa('x86_64', () => false);
    const text = 'some words\nand more\nof that\nkind in\nlines\n';
    expectMessage(text, '1:1 V0107 this does not look like assembly text: none of 5 instructions is known', 1, isa);
  });
  test('Intel syntax that is not announced', () => {
    const isa = fakeIsa('x86_64', (m) => m === 'ret');
    const text = 'f:\n\tmov rax, qword ptr [rdi]\n\tadd rax, 4\n\tpush rbx\n\tret\n';
    expectMessage(text, '1:1 V0114 this looks like Intel syntax, but nothing says so', 1, isa);
  });
});

describe('hostile input', () => {
  const time = (text: string): number => {
    const start = performance.now();
    read(text);
    return performance.now() - start;
  };
  test.each([
    ['statements on one line', 'nop;'.repeat(300_000)],
    ['labels on one line', 'a:'.repeat(300_000)],
    ['strings on one line', '.ascii "a";'.repeat(100_000)],
    ['arguments', `.byte ${'1,'.repeat(500_000)}1\n`],
    ['comments on one line', '/**/'.repeat(300_000)],
    ['open brackets', `mov ${'('.repeat(1_000_000)}\n`],
    ['quotes', `${'"'.repeat(999_999)}\n`],
    ['backslashes', `.ascii "${'\\'.repeat(999_999)}\n`],
    ['comments inside one statement', `.long 1 ${'/*\n*/'.repeat(100_000)}\n`],
  ])('%s in linear time', (_, text) => expect(time(text)).toBeLessThan(2000));
});

describe('numeric labels', () => {
  function expectResolved(text: string, printed: string): void {
    const diagnostics = new Diagnostics();
    const file = resolveLocal(read(`${text}\n`).file, diagnostics);
    expect(diagnostics.list.map((d) => d.message)).toEqual([]);
    expect(printAsm(file)).toBe(`${printed}\n`);
  }
  test('both ways', () => expectResolved('1: jmp 1f; 1: jmp 1b', '.Ln_1_0:\n\tjmp .Ln_1_2\n.Ln_1_2:\n\tjmp .Ln_1_2'));
  test('in data', () =>
    expectResolved('0: .long 0b-1f, 0b1, 0x1f; 1:', '.Ln_0_0:\n\t.long\t.Ln_0_0-.Ln_1_2, 0b1, 0x1f\n.Ln_1_2:'));
  test('not in strings', () => expectResolved('1: .ascii "1b"', '.Ln_1_0:\n\t.ascii\t"1b"'));
  test('beside a name that looks the same', () =>
    expectResolved('.Ln_1_1: 1: jmp 1b', '.Ln_1_1:\n.Ln0_1_1:\n\tjmp .Ln0_1_1'));
  test('in assignments', () => expectResolved('1: a = 1b + 4', '.Ln_1_0:\na = .Ln_1_0 + 4'));
  test('one that is not there', () => {
    const diagnostics = new Diagnostics();
    resolveLocal(read('1: jmp 2f\n.long 1f\n').file, diagnostics);
    expect(diagnostics.list.map((d) => d.message)).toEqual([
      "there is no label '2:' after this use of '2f'",
      "there is no label '1:' after this use of '1f'",
    ]);
  });
});
