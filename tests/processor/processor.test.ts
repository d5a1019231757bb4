// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isDiagnostic } from '../../src/asm/isa/isa.ts';
import { foreignNames } from '../../src/asm/isa/x86_64/foreign.ts';
import { x86_64 } from '../../src/asm/isa/x86_64/index.ts';
import { must } from '../../src/base/assert.ts';
import { TARGET_TOOLS } from '../../src/cli/tools.ts';
import { box } from '../cli/vouch.ts';
import { CARRIED_TO } from '../support/targets.ts';

/**
 * Processors of the levels of x86-64 that `--cpu` names, beside the same as QEMU emulates them: the same instructions must
 * be invalid opcodes, and programs that ask for features must come to the same answers.
 */

const { path: folder, vouch, write, read } = box();

const LEVELS = {
  'x86-64': 'qemu64,vendor=GenuineIntel,-sse3,-cx16,-lahf-lm,-svm',
  'x86-64-v2': 'Nehalem',
} as const;

type Level = keyof typeof LEVELS;

function run(command: string, args: readonly string[]): { status: number; stderr: string; stdout: string } {
  const r = spawnSync(command, args, { encoding: 'utf8' });
  const killed = r.signal === 'SIGILL' ? 132 : r.signal === null ? undefined : 139;
  return { status: r.status ?? killed ?? -1, stderr: r.stderr ?? '', stdout: r.stdout ?? '' };
}

/** A line by itself, as a program that ends with 0 if it gets past the line; QEMU ends with 132 at an invalid opcode. */
function onQemu(line: string, level: Level): number {
  const [source, program] = [write('line.s', START.replace('LINE', line)), join(folder, 'line')];
  const made = run('gcc', ['-nostdlib', '-static', '-o', program, source]);
  if (made.status !== 0) throw new Error(`${line}: ${made.stderr}`);
  return run('qemu-x86_64', ['-cpu', LEVELS[level], program]).status;
}

function isInvalid(line: string, level: Level): boolean {
  const isa = must(x86_64.on?.(level), level);
  const span = { file: 'line.s', line: 1, column: 1, endColumn: 2 };
  const bytes = line.startsWith('.byte') ? line.slice(6).split(',').map(Number) : undefined;
  const [inst] = bytes === undefined ? [isa.readInst(line, 'att', span)] : (isa.readBytes?.(bytes, span) ?? []);
  if (inst === undefined || isDiagnostic(inst)) throw new Error(`${line} cannot be read`);
  return inst.def.id === 'x64.invalid.none.64';
}

const START = `	.globl _start
_start:
	leaq	buffer(%rip), %rdi
	leaq	buffer(%rip), %rsi
	xorl	%eax, %eax
	xorl	%edx, %edx
	movl	$1, %ecx
	LINE
1:	xorl	%edi, %edi
	movl	$60, %eax
	syscall
	.bss
	.balign	64
buffer:
	.skip	1024
`;

/** With the first level that has it; 0 where none that can be named has. */
const LINES: readonly (readonly [line: string, since: 0 | 1 | 2])[] = [
  ['addq %rax, %rcx', 1],
  ['pshufd $1, %xmm1, %xmm2', 1],
  ['cmpxchg8b (%rdi)', 1],
  ['prefetchw (%rdi)', 1],
  ['endbr64', 1],
  ['cpuid', 1],
  ['tzcntl %ecx, %edx', 1],
  ['lzcntl %ecx, %edx', 1],
  ['rep bsfl %ecx, %edx', 1],
  ['haddps %xmm1, %xmm2', 2],
  ['lddqu (%rdi), %xmm2', 2],
  ['pshufb %xmm1, %xmm2', 2],
  ['palignr $3, %xmm1, %xmm2', 2],
  ['pblendw $3, %xmm1, %xmm2', 2],
  ['roundsd $3, %xmm1, %xmm2', 2],
  ['pcmpgtq %xmm1, %xmm2', 2],
  ['crc32l %eax, %ecx', 2],
  ['popcntl %eax, %ecx', 2],
  ['cmpxchg16b (%rdi)', 2],
  ['lock cmpxchg16b (%rdi)', 2],
  ['lahf', 2],
  ['sahf', 2],
  ['.byte 102,15,56,0,202', 2],
  ['aesenc %xmm1, %xmm2', 0],
  ['aeskeygenassist $1, %xmm1, %xmm2', 0],
  ['pclmulqdq $1, %xmm1, %xmm2', 0],
  ['sha1msg1 %xmm1, %xmm2', 0],
  ['sha256rnds2 %xmm0, %xmm1, %xmm2', 0],
  ['.byte 102,15,56,220,209', 0],
  ['adcxq %rax, %rcx', 0],
  ['adoxq %rax, %rcx', 0],
  ['movbel (%rdi), %ecx', 0],
  ['andnl %eax, %ecx, %edx', 0],
  ['blsrl %eax, %ecx', 0],
  ['mulxq %rax, %rcx, %r8', 0],
  ['shlxq %rax, %rcx, %r8', 0],
  ['pdepq %rax, %rcx, %r8', 0],
  ['pextq %rax, %rcx, %r8', 0],
  ['rdrand %eax', 0],
  ['rdseed %eax', 0],
  ['xgetbv', 0],
  ['vaddps %ymm1, %ymm2, %ymm3', 0],
  ['vpxor %xmm1, %xmm2, %xmm3', 0],
  ['vzeroupper', 0],
  ['vpbroadcastd %xmm1, %ymm3', 0],
  ['vfmadd231pd %xmm1, %xmm2, %xmm3', 0],
  ['vpaddq (%rdi){1to8}, %zmm17, %zmm3{%k1}{z}', 0],
  ['kmovw %k1, %eax', 0],
  ['.byte 0xc5,0xf8,0x77,0x90', 0],
];

describe.each(['x86-64', 'x86-64-v2'] as const)('a processor of the level %s', (level) => {
  const number = level === 'x86-64' ? 1 : 2;

  test.each(LINES)('%s', (line, since) => {
    const invalid = since === 0 || since > number;
    expect(onQemu(line, level)).toBe(invalid ? 132 : 0);
    expect(isInvalid(line, level)).toBe(invalid);
  });

  test('answers what gcc asks of it', () => {
    const source = write('asks.c', ASKS);
    const [compiled, program] = [join(folder, 'asks.s'), join(folder, 'asks')];
    expect(run('gcc', ['-O1', '-S', '-o', compiled, source]).stderr).toBe('');
    expect(run('gcc', ['-O1', '-static', '-o', program, source]).stderr).toBe('');
    const here = vouch(['run', '--cpu', level, compiled]);
    const there = run('qemu-x86_64', ['-cpu', LEVELS[level], program]);
    expect(there.status).toBe(0);
    expect(here.out).toContain(`level ${number}\n`);
    expect(here.out).toBe(there.stdout);
  });
});

/** Features by the names of gcc's header, the level that they come to by the psABI's table 3.1, and the way not taken. */
const ASKS = `#include <cpuid.h>
#include <stdio.h>
static unsigned a, b, c, d;
static void show(const char *name, unsigned word, unsigned bit) { printf("%s %d\\n", name, (word & bit) != 0); }
#define SHOW(name, word) show(#name, word, bit_##name)
int main(void) {
  unsigned first[4];
  __cpuid(0, a, b, c, d);
  printf("%.4s%.4s%.4s %d\\n", (char *)&b, (char *)&d, (char *)&c, a >= 1);
  __cpuid(1, a, b, c, d);
  first[2] = c;
  SHOW(SSE3, c); SHOW(PCLMUL, c); SHOW(SSSE3, c); SHOW(FMA, c); SHOW(CMPXCHG16B, c); SHOW(SSE4_1, c); SHOW(SSE4_2, c);
  SHOW(MOVBE, c); SHOW(POPCNT, c); SHOW(AES, c); SHOW(XSAVE, c); SHOW(OSXSAVE, c); SHOW(AVX, c); SHOW(F16C, c);
  SHOW(RDRND, c); SHOW(CMPXCHG8B, d); SHOW(CMOV, d); SHOW(MMX, d); SHOW(FXSAVE, d); SHOW(SSE, d); SHOW(SSE2, d);
  __cpuid(0x80000001, a, b, c, d);
  SHOW(LAHF_LM, c); SHOW(ABM, c); SHOW(XOP, c); SHOW(FMA4, c); SHOW(LM, d);
  unsigned both = bit_SSE3 | bit_SSSE3 | bit_CMPXCHG16B | bit_SSE4_1 | bit_SSE4_2 | bit_POPCNT;
  int level = (first[2] & both) == both && (c & bit_LAHF_LM) ? 2 : 1;
  b = 0;
  __cpuid(0, a, c, d, c);
  if (a >= 7) __cpuid_count(7, 0, a, b, c, d);
  SHOW(BMI, b); SHOW(AVX2, b); SHOW(BMI2, b); SHOW(ADX, b); SHOW(SHA, b); SHOW(AVX512F, b); SHOW(RDSEED, b);
  if (b & bit_AVX2) __asm__ volatile ("vpaddd %ymm1, %ymm2, %ymm3");
  printf("level %d\\n", level);
  return 0;
}
`;

/** Takes the way of the features that it is told of, and AVX's where it is given an argument. */
const DISPATCH = `	.text
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	movl	%edi, %r9d
	movl	$1, %eax
	xorl	%ecx, %ecx
	cpuid
	movl	$0x1234567, %esi
	cmpl	$1, %r9d
	jne	.Lavx
	btl	$28, %ecx
	jc	.Lavx
	btl	$23, %ecx
	jc	.Lpopcnt
	xorl	%eax, %eax
1:	leal	-1(%rsi), %edi
	addl	$1, %eax
	andl	%edi, %esi
	jnz	1b
	popq	%rbx
	ret
.Lpopcnt:
	popcntl	%esi, %eax
	addl	$100, %eax
	popq	%rbx
	ret
.Lavx:
	vmovd	%esi, %xmm0
	vpshufd	$0, %xmm0, %xmm0
	vzeroupper
	popq	%rbx
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
`;

describe.each(CARRIED_TO)('carried over to %s', (to) => {
  const { gcc, qemu, libraries } = TARGET_TOOLS[to];

  test.each(['x86-64', 'x86-64-v2'] as const)('a program goes the way of a processor of the level %s', (level) => {
    const source = write('dispatch.s', DISPATCH);
    const [target, evidence, program] = ['dispatch.t.s', 'dispatch.json', 'dispatch'].map((f) => join(folder, f));
    const [made, before] = [program ?? '', join(folder, 'before')];
    const options = [
      '--to',
      to,
      '--cpu',
      level,
      '-o',
      target ?? '',
      '--evidence',
      evidence ?? '',
      '--require',
      'proved',
    ];
    expect(vouch(['translate', source, ...options]).code).toBe(0);
    expect(vouch(['audit', evidence ?? '']).out).toContain('confirmed');
    expect(run('gcc', ['-static', '-o', before, source]).stderr).toBe('');
    expect(run(gcc.command, ['-o', made, target ?? '']).stderr).toBe('');
    for (const argument of [[], ['avx']]) {
      const native = run('qemu-x86_64', ['-cpu', LEVELS[level], before, ...argument]).status;
      expect(native).toBe(argument.length > 0 ? 132 : level === 'x86-64' ? 12 : 112);
      expect(run(qemu.command, ['-L', libraries, made, ...argument]).status).toBe(native);
      expect(vouch(['run', '--cpu', level, source, '--', ...argument]).code).toBe(native);
    }
  });

  test('evidence says for which processor, and is rejected for another', () => {
    const source = write('dispatch.s', DISPATCH);
    const [target, evidence] = [join(folder, 'dispatch.t.s'), join(folder, 'dispatch.json')];
    const options = ['--to', to, '--cpu', 'x86-64', '-o', target, '--evidence', evidence];
    expect(vouch(['translate', source, ...options]).code).toBe(0);
    expect(vouch(['report', evidence]).out).toMatch(/x86_64 on x86-64\)[\s\S]*source-cpu \(main\)/);
    const text = read('dispatch.json');
    write('dispatch.json', text.replace('"processor": "x86-64"', '"processor": "x86-64-v2"'));
    expect(vouch(['audit', evidence]).code).toBe(1);
    write('dispatch.json', text.replace('"processor": "x86-64"', '"processor": "x86-64-v9"'));
    expect(vouch(['audit', evidence]).err).toContain('nothing carries x86_64 on x86-64-v9 over');
    write('dispatch.json', text.replace(/,\s*"processor": "x86-64"/, ''));
    expect(vouch(['check', source, target, '--evidence', evidence]).err).toContain("'cpuid' is not supported");
  });
});

test('many files at once are all read for the processor', () => {
  const files = ['a', 'b', 'c', 'd'].map((name) =>
    write(`${name}.s`, `${DISPATCH}	.data\n${'	.long 1\n'.repeat(9000)}`),
  );
  const out = join(folder, 'out/');
  const ran = vouch(['translate', ...files, '--to', 'riscv64', '--cpu', 'x86-64', '--jobs', '2', '-o', out]);
  expect([ran.code, ran.err.match(/all proved/g)?.length]).toEqual([0, 4]);
});

test('instructions that are only known by their name are known to GNU as, with as many operands', () => {
  const names = [...foreignNames()];
  expect(names.length).toBeGreaterThan(1400);
  const lines = names.flatMap(([name, counts]) =>
    [0, 1, 2, 3, 4, 5].map((n) => ({
      line: `${name} ${Array(n).fill('%al').join(',')}`,
      name,
      n,
      right: counts.includes(n),
    })),
  );
  const file = write('names.s', `${lines.map((l) => l.line).join('\n')}\n`);
  const { stderr } = run('as', ['-o', '/dev/null', file]);
  const said = new Map<number, string>();
  for (const [, at, message] of stderr.matchAll(/:(\d+): Error: (.*)/g)) {
    const k = Number(at) - 1;
    if (!said.has(k)) said.set(k, message ?? '');
  }
  const wrong = lines.filter(({ right }, i) => {
    const message = said.get(i) ?? '';
    return message.startsWith('no such instruction') || right === message.startsWith('number of operands mismatch');
  });
  expect(wrong.map((l) => `${l.line}: ${l.right}`)).toEqual([]);
});
