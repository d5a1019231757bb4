// SPDX-License-Identifier: MIT
import { describe, expect, it, test } from 'vitest';
import { InternalError } from '../../../base/assert.ts';
import type { Diagnostic } from '../../../base/diagnostic.ts';
import { type Inst, inst } from '../define.ts';
import { type Dialect, isDiagnostic } from '../isa.ts';
import { sym } from '../operand.ts';
import { x86_64 } from './index.ts';
import { gpr, gprM, imm, mem, rel } from './operands.ts';
import { isPrefix, Reader } from './syntax.ts';

const COLUMN = 9;

function parse(text: string, dialect: Dialect): Inst | Diagnostic {
  return x86_64.readInst(text, dialect, { file: 'a.s', line: 3, column: COLUMN, endColumn: COLUMN + text.length });
}

function read(text: string, dialect: Dialect): Inst {
  const made = parse(text, dialect);
  if (isDiagnostic(made)) throw new Error(`${text}: ${made.message}`);
  return made;
}

/** `text` in AT&T syntax is the form `id`, prints as `att` (or as it stands) and as `intel`. */
function expectAtt(text: string, id: string, intel: string, att = text): void {
  const made = read(text, 'att');
  expect([made.def.id, x86_64.printInst(made, 'att'), x86_64.printInst(made, 'intel')]).toEqual([id, att, intel]);
}

function expectIntel(text: string, id: string, att: string): void {
  const made = read(text, 'intel');
  expect([made.def.id, x86_64.printInst(made, 'att')]).toEqual([id, att]);
}

/** The diagnostic underlines exactly `marked`, which occurs in `text`. */
function expectRefused(text: string, dialect: Dialect, code: string, marked: string, message?: RegExp): void {
  const made = parse(text, dialect);
  if (!isDiagnostic(made)) throw new Error(`${text} was read as ${made.def.id}`);
  const column = COLUMN + text.lastIndexOf(marked);
  expect([made.code, made.kind, made.span]).toEqual([
    code,
    code === 'V0201' ? 'unsupported' : 'input',
    { file: 'a.s', line: 3, column, endColumn: column + marked.length },
  ]);
  if (message !== undefined) expect(made.message).toMatch(message);
}

describe('AT&T syntax', () => {
  test.each([
    ['addl %eax, %ebx', 'x64.add.rm_rmi.32', 'add ebx, eax'],
    ['movq -8(%rbp,%rax,4), %rcx', 'x64.mov.rm_rmi.64', 'mov rcx, qword ptr [rbp+rax*4-8]'],
    ['movl %fs:40, %eax', 'x64.mov.rm_rmi.32', 'mov eax, dword ptr fs:40'],
    ['movq sym+4(%rip), %rax', 'x64.mov.rm_rmi.64', 'mov rax, qword ptr sym[rip+4]'],
    ['movq x@GOTPCREL(%rip), %rax', 'x64.mov.rm_rmi.64', 'mov rax, qword ptr x@GOTPCREL[rip]'],
    ['movq %fs:x@tpoff, %rax', 'x64.mov.rm_rmi.64', 'mov rax, qword ptr fs:x@tpoff'],
    ['movl table(,%rax,8), %eax', 'x64.mov.rm_rmi.32', 'mov eax, dword ptr table[rax*8]'],
    ['movl (,%rax,1), %eax', 'x64.mov.rm_rmi.32', 'mov eax, dword ptr [rax*1]'],
    ['movl $data, %edi', 'x64.mov.rm_rmi.32', 'mov edi, offset data'],
    ['movzbl (%rax), %eax', 'x64.movzx.r_rm8.32', 'movzx eax, byte ptr [rax]'],
    ['movswq %ax, %rdx', 'x64.movsx.r_rm16.64', 'movsx rdx, ax'],
    ['movslq %eax, %rdx', 'x64.movsxd.r_rm32.64', 'movsxd rdx, eax'],
    ['cltq', 'x64.cdqe.none.64', 'cdqe'],
    ['cqto', 'x64.cqo.none.64', 'cqo'],
    ['jmp *%rax', 'x64.jmp.rm.64', 'jmp rax'],
    ['jmp *table(,%rax,8)', 'x64.jmp.rm.64', 'jmp qword ptr table[rax*8]'],
    ['notrack jmp *%rax', 'x64.notrack_jmp.rm.64', 'notrack jmp rax'],
    ['call f@PLT', 'x64.call.rel.64', 'call f@PLT'],
    ['jne 1b', 'x64.jne.rel.64', 'jne 1b'],
    ['rep ret', 'x64.rep_ret.none.64', 'rep ret'],
    ['rep stosq', 'x64.rep_stos.m.64', 'rep stosq'],
    ['repne scasb', 'x64.repne_scas.m.8', 'repne scasb'],
    ['movsl', 'x64.movs.m.32', 'movsd'],
    ['lock cmpxchgl %ecx, (%rdx)', 'x64.lock_cmpxchg.m_r.32', 'lock cmpxchg dword ptr [rdx], ecx'],
    ['shll %eax', 'x64.shl.rm_1.32', 'shl eax'],
    ['shlq %cl, %rax', 'x64.shl.rm_count.64', 'shl rax, cl'],
    ['imull $4, %eax, %ebx', 'x64.imul.r_rm_i.32', 'imul ebx, eax, 4'],
    ['xchgw %ax, %ax', 'x64.xchg.rm_rm.16', 'xchg ax, ax'],
    ['nopw (%rax,%rax)', 'x64.nop.rm.16', 'nop word ptr [rax+rax*1]'],
    ['cmovll %eax, %ebx', 'x64.cmovl.r_rm.32', 'cmovl ebx, eax'],
    ['movsd (%rax), %xmm0', 'x64.movsd.xmm_m.64', 'movsd xmm0, qword ptr [rax]'],
    ['movq %xmm1, %rax', 'x64.movq.r_xmm.64', 'movq rax, xmm1'],
    ['call "two words"', 'x64.call.rel.64', 'call "two words"'],
  ])('%s', expectAtt);

  test.each([
    ['add %eax,%ebx', 'addl %eax, %ebx'],
    ['mov $5 , %eax', 'movl $5, %eax'],
    ['movl $(1<<4)+2|1, %eax', 'movl $19, %eax'],
    ['movl $0x1f, %eax', 'movl $31, %eax'],
    ['movl $0b101, %eax', 'movl $5, %eax'],
    ['movl $017, %eax', 'movl $15, %eax'],
    ["movb $'a', %al", 'movb $97, %al'],
    ["movb $'\\n, %al", 'movb $10, %al'],
    ['movl $-~3, %eax', 'movl $4, %eax'],
    ['movl $a-b+8, %eax', 'movl $a-b+8, %eax'],
    ['movq $0x123456789abcdef0, %rax', 'movabsq $1311768467463790320, %rax'],
    ['movabs $1, %rax', 'movabsq $1, %rax'],
    ['movabsl %eax, x+4', 'movabsl %eax, x+4'],
    ['movq $-1, %rax', 'movq $-1, %rax'],
    ['mov 8 ( %rax , %rbx , 2 ), %ecx', 'movl 8(%rax,%rbx,2), %ecx'],
    ['movzb %al, %ecx', 'movzbl %al, %ecx'],
    ['movzx %ax, %ecx', 'movzwl %ax, %ecx'],
    ['repz ret', 'rep ret'],
    ['retq', 'ret'],
    ['rep nop', 'pause'],
    ['sall $3, %eax', 'shll $3, %eax'],
    ['jnae x', 'jb x'],
    ['setz %al', 'sete %al'],
    ['push $5', 'pushq $5'],
    ['push %ax', 'pushw %ax'],
    ['rep stosq %rax, %es:(%rdi)', 'rep stosq'],
    ['movsb (%rsi), %es:(%rdi)', 'movsb'],
    ['pblendvb %xmm0, (%rsi), %xmm3', 'pblendvb (%rsi), %xmm3'],
    ['imul $3, %eax', 'imull $3, %eax'],
    ['ADD %EAX, %EBX', 'addl %eax, %ebx'],
  ])('%s is %s', (text, printed) => {
    expect(x86_64.printInst(read(text, 'att'), 'att')).toBe(printed);
  });

  it('keeps a relocation, an offset and a difference apart', () => {
    expect(read('movq x@gottpoff(%rip), %rax', 'att').ops[1]).toMatchObject({ disp: sym('x', 0, 'gottpoff') });
    expect(read('movl $x+3-y, %eax', 'att').ops[1]).toMatchObject({ value: { plus: 'x', minus: 'y', offset: 3n } });
  });
});

describe('Intel syntax', () => {
  test.each([
    ['mov eax, DWORD PTR [rax+rcx*4-8]', 'x64.mov.rm_rmi.32', 'movl -8(%rax,%rcx,4), %eax'],
    ['mov rax, -8[rbp]', 'x64.mov.rm_rmi.64', 'movq -8(%rbp), %rax'],
    ['lea rdi, sym[rip]', 'x64.lea.r_m.64', 'leaq sym(%rip), %rdi'],
    ['mov rax, [rip+sym+4]', 'x64.mov.rm_rmi.64', 'movq sym+4(%rip), %rax'],
    ['mov eax, offset sym+4', 'x64.mov.rm_rmi.32', 'movl $sym+4, %eax'],
    ['mov eax, OFFSET FLAT:sym', 'x64.mov.rm_rmi.32', 'movl $sym, %eax'],
    ['mov eax, sym', 'x64.mov.rm_rmi.32', 'movl sym, %eax'],
    ['mov rax, fs:40', 'x64.mov.rm_rmi.64', 'movq %fs:40, %rax'],
    ['mov eax, ds:16', 'x64.mov.rm_rmi.32', 'movl 16, %eax'],
    ['call [QWORD PTR 8[rdx+rax]]', 'x64.call.rm.64', 'call *8(%rdx,%rax)'],
    ['call f', 'x64.call.rel.64', 'call f'],
    ['jmp qword ptr [rax*8+t]', 'x64.jmp.rm.64', 'jmp *t(,%rax,8)'],
    ['mov rax, [rax+rsp]', 'x64.mov.rm_rmi.64', 'movq (%rsp,%rax), %rax'],
    ['rep movsq qword ptr es:[rdi], qword ptr [rsi]', 'x64.rep_movs.m.64', 'rep movsq'],
    ['rep stosq qword ptr es:[rdi], rax', 'x64.rep_stos.m.64', 'rep stosq'],
    ['shl eax, 1', 'x64.shl.rm_count.32', 'shll $1, %eax'],
    ['movsx rax, edi', 'x64.movsxd.r_rm32.64', 'movslq %edi, %rax'],
    ['lock add dword ptr [rax], 1', 'x64.lock_add.m_ri.32', 'lock addl $1, (%rax)'],
  ])('%s', expectIntel);
});

describe('diagnostics', () => {
  test.each<[string, Dialect, string, string, RegExp?]>([
    ['frobnicate %eax', 'att', 'V0102', 'frobnicate'],
    ['addl %eax, %bx', 'att', 'V0103', '%bx', /r\/m32/],
    ['addl %al, %ebx', 'att', 'V0103', '%al'],
    ['addl $0x100000000, %ebx', 'att', 'V0103', '$0x100000000'],
    ['addl %eax', 'att', 'V0103', 'addl %eax', /2 operands/],
    ['addl %eax, %ebx, %ecx', 'att', 'V0103', 'addl %eax, %ebx, %ecx'],
    ['movl (%rax), (%rbx)', 'att', 'V0103', '(%rax)', /one memory operand/],
    ['add $1, (%rax)', 'att', 'V0103', '(%rax)', /size/],
    ['add [rax], 1', 'intel', 'V0103', '[rax]', /dword ptr/],
    ['movl %eax, (%rax,%rsp)', 'att', 'V0103', '%rsp', /index/],
    ['movl %eax, (%rax,%rbx,3)', 'att', 'V0103', '3', /scale/],
    ['movl %eax, (%ax)', 'att', 'V0103', '%ax'],
    ['movl %eax, %ewx', 'att', 'V0103', '%ewx', /no register/],
    ['movb %ah, %r8b', 'att', 'V0103', '%ah', /REX/],
    ['movl 0x80000000(%rax), %eax', 'att', 'V0103', '0x80000000(%rax)'],
    ['movl $5 6, %eax', 'att', 'V0103', '6, %eax', /not expected/],
    ['addl *%eax, %ebx', 'att', 'V0103', '*%eax', /indirect/],
    ['movl $08, %eax', 'att', 'V0103', '08', /number/],
    ['mov eax, [rax+rbx+rcx]', 'intel', 'V0103', '[rax+rbx+rcx]', /two registers/],
    ['mov eax, rbx+4', 'intel', 'V0103', 'rbx+4', /brackets/],
    ['vaddps %ymm0, %ymm1, %ymm2', 'att', 'V0201', 'vaddps', /AVX/],
    ['fldl (%rax)', 'att', 'V0201', 'fldl', /x87/],
    ['cpuid', 'att', 'V0201', 'cpuid'],
    ['sysenter', 'att', 'V0201', 'sysenter'],
    ['pushfw', 'att', 'V0201', 'pushfw', /flags/],
    ['movl %cr0, %eax', 'att', 'V0201', '%cr0'],
    ['movw %ax, %ds', 'att', 'V0201', '%ds', /segment/],
    ['movd %mm0, %eax', 'att', 'V0201', '%mm0'],
    ['lock movl %eax, (%rbx)', 'att', 'V0201', 'lock movl', /prefix/],
    ['movl x@INDNTPOFF(%rip), %eax', 'att', 'V0201', '@INDNTPOFF'],
    ['jmp .', 'att', 'V0201', '.'],
    ['lock', 'att', 'V0201', 'lock', /alone/],
  ])('%s', expectRefused);

  it('knows prefixes that stand alone', () => {
    expect(['lock', ' rep ', 'REPNZ', 'locked', 'add'].map(isPrefix)).toEqual([true, true, true, false, false]);
  });
});

describe('the tables', () => {
  const form = (id: string, syntax: string, second: 'r' | 'imm') =>
    inst({
      id,
      syntax,
      operands: { dst: gprM(32, 'w'), src: second === 'r' ? gpr(32, 'r') : imm(32) },
      sem: () => [],
      ref: '',
    });

  it('take forms of one name that differ in an operand', () => {
    expect(() => new Reader([form('a', 'op {dst}, {src}', 'r'), form('b', 'op {dst}, {src}', 'imm')])).not.toThrow();
  });

  it('refuse forms of one name that could take the same operands', () => {
    const memory = inst({
      id: 'c',
      syntax: 'op {dst}, {src}',
      operands: { dst: mem(32, 'w'), src: gpr(32, 'r') },
      sem: () => [],
      ref: '',
    });
    expect(() => new Reader([form('a', 'op {dst}, {src}', 'r'), memory])).toThrow(InternalError);
    expect(() => new Reader([form('a', 'op {dst}, {src}', 'r'), form('a', 'other {dst}, {src}', 'r')])).toThrow(
      /two forms/,
    );
  });

  it('refuse a syntax that hides an operand', () => {
    const hidden = inst({ id: 'd', syntax: 'op', operands: { target: rel() }, sem: () => [], ref: '' });
    expect(() => new Reader([hidden])).toThrow(InternalError);
  });
});
