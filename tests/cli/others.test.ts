// SPDX-License-Identifier: MIT
import { type StdioOptions, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ADD, box, example, root, STACK_TRACE } from './vouch.ts';

const b = box();

/** Knows sixteen bytes by a sum that no solver turns round. */
const KNOWS = `	.globl	knows
	.type	knows, @function
knows:
	movl	$12345, %eax
	movl	$16, %ecx
.L1:
	movzbl	(%rdi), %edx
	imulq	%rax, %rax
	addq	%rdx, %rax
	addq	$1, %rdi
	subl	$1, %ecx
	jne	.L1
	movabsq	$0x9cc60eaa61a8a7b1, %rdx
	cmpq	%rdx, %rax
	sete	%al
	movzbl	%al, %eax
	ret
`;
const MAIN = `	.globl	main
	.type	main, @function
main:
	movq	8(%rsi), %rdi
	jmp	knows
`;

/** A search path on which there is only what the launcher needs. */
function bare(): string {
  const folder = join(b.path, 'bin');
  mkdirSync(folder, { recursive: true });
  for (const tool of ['sh', 'dirname', 'readlink', 'find', 'head', 'cat']) {
    const found = spawnSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim();
    if (!existsSync(join(folder, tool))) symlinkSync(found, join(folder, tool));
  }
  if (!existsSync(join(folder, 'node'))) symlinkSync(process.execPath, join(folder, 'node'));
  return folder;
}

describe('usage', () => {
  test('help', () => {
    const ran = b.vouch(['--help']);
    expect(ran.code).toBe(0);
    for (const c of ['translate', 'check', 'run', 'report', 'audit', 'explain', 'coverage', 'doctor']) {
      expect(ran.out).toContain(`  ${c} `);
    }
  });
  test.each(['translate', 'check', 'run', 'report', 'audit', 'explain', 'coverage', 'doctor'])('help %s', (command) => {
    expect(b.vouch(['help', command])).toMatchObject({ code: 0, err: '' });
  });
  test('version', () => expect(b.vouch(['--version'])).toEqual({ code: 0, out: '0.1.0\n', err: '' }));
  test('nothing', () => expect(b.vouch([]).code).toBe(2));
  test('an unknown command', () => {
    const ran = b.vouch(['transalte']);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toMatch(/V0303: unknown command 'transalte'[\s\S]*translate/);
  });
  test('an unknown command, as JSON', () => {
    const ran = b.vouch(['frob', '--json']);
    expect(JSON.parse(ran.out)).toMatchObject({ exit: 2, diagnostics: [{ code: 'V0303' }] });
  });
  test('a reader that stops reading', () => {
    const line = `'${join(root, 'vouch')}' coverage | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const ran = spawnSync('bash', ['-c', line], { encoding: 'utf8' });
    expect(ran.stderr).toBe('');
    expect(ran.stdout.split('\n')[1]).toBe('0');
  });
  test('through a link, from elsewhere', () => {
    const link = join(b.path, 'linked');
    spawnSync('ln', ['-s', join(root, 'vouch'), link]);
    expect(spawnSync(link, ['--version'], { cwd: '/', encoding: 'utf8' }).stdout).toBe('0.1.0\n');
  });
  test('interrupted', () => {
    const file = example('calculator.s');
    const line = `timeout -s INT 0.4 '${join(root, 'vouch')}' translate --to aarch64 '${file}' '${file}' -o x --no-cache`;
    const ran = spawnSync('bash', ['-c', line], { cwd: b.path, encoding: 'utf8' });
    expect(ran.stderr).not.toMatch(STACK_TRACE);
  });
});

describe('explain', () => {
  test('a code', () => expect(b.vouch(['explain', 'V0101']).out).toMatch(/^V0101: unknown instruction\n/));
  test('a code in small letters, as JSON', () => {
    expect(JSON.parse(b.vouch(['explain', 'v0501', '--json']).out).code.title).toBe('refuted');
  });
  test('an id', () => {
    const { out } = b.vouch(['explain', 'x64.add.rm_rmi.64']);
    expect(out).toMatch(/^x64\.add\.rm_rmi\.64\n/);
    expect(out).toMatch(/operand +dst: r\/m64/);
    expect(out).toMatch(/manual +Intel SDM/);
    expect(out).toMatch(/to aarch64 +add_sub/);
  });
  test("a mnemonic with AT&T's suffix", () => {
    const { out } = b.vouch(['explain', 'addl']);
    expect(out).toContain('x64.add.rm_rmi.32');
    expect(out).not.toContain('a64.');
  });
  test('a refused instruction', () => {
    const ran = b.vouch(['explain', 'vaddps']);
    expect(ran.code).toBe(3);
    expect(ran.err).toMatch(/AVX/);
  });
  test('nothing known', () => expect(b.vouch(['explain', 'xyzzy']).code).toBe(2));
});

describe('coverage and doctor', () => {
  test('every form is listed once', () => {
    const { forms } = JSON.parse(b.vouch(['coverage', '--json']).out);
    const ids = forms.map((f: { id: string }) => f.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(1000);
    const add = forms.find((f: { id: string }) => f.id === 'x64.add.rm_rmi.64');
    expect(add.rules.aarch64.length).toBeGreaterThan(0);
  });
  test('as a table', () =>
    expect(b.vouch(['coverage']).out).toMatch(/x86_64: \d+ forms, .* carried over\naarch64: \d+ forms/));
  test('doctor', () => {
    const ran = b.vouch(['doctor']);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain(`node ${process.version}`);
  });
  test('doctor without any tool', () => {
    const { tools } = JSON.parse(b.vouch(['doctor', '--json'], { env: { PATH: bare() } }).out);
    expect(tools.length).toBeGreaterThan(4);
    expect(tools.filter((t: { version: string | null }) => t.version !== null)).toEqual([]);
  });
});

describe('test', () => {
  const pair = [example('average.s'), example('average.wrong.s')];
  test('finds what is wrong, and runs it again', () => {
    const ran = b.vouch(['test', ...pair]);
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/V0631: average is different: the result is/);
    const input = /input: (\{.*\})/.exec(ran.err)?.[1] ?? '';
    const again = b.vouch(['test', ...pair, '--input', b.write('input.json', input)]);
    expect(again.code).toBe(1);
    expect(again.out).toMatch(/average: the result is .*\n {2}source, .*: average block 0 \(line \d+\)\n/);
  });
  test('what is right is the same', () => {
    b.vouch(['translate', pair[0] ?? '', '--to', 'aarch64', '-o', 'right.s']);
    const ran = b.vouch(['test', pair[0] ?? '', 'right.s', '--require', '100']);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toMatch(/average: same, \d+ inputs, 1 of 1 blocks/);
  });
  test('finds what only a run of the program leads to, and runs that again', () => {
    const files = [
      b.write('knows.s', KNOWS),
      b.write('main.s', MAIN),
      b.write('never.s', '\t.globl knows\nknows:\n\tmov w0, #0\n\tret\n'),
    ];
    const [source = '', main = '', target = ''] = files;
    expect(b.vouch(['test', source, target, '--runs', '40'])).toMatchObject({ code: 0 });
    const ran = b.vouch(['test', source, target, '--run', '--with', main, '--runs', '40', '--', 'sixteen letters!']);
    expect(ran.err).toMatch(/V0631: knows is different: the result is 0x1 in the source and 0x0/);
    const input = /input: (\{.*\})/.exec(ran.err)?.[1] ?? '';
    const again = b.vouch(['test', source, target, '--input', b.write('recorded.json', input)]);
    expect(again).toMatchObject({ code: 1 });
    expect(b.vouch(['test', source, target, 'more'])).toMatchObject({ code: 2 });
  });
  test('an input that is none', () => {
    const ran = b.vouch(['test', ...pair, '--input', b.write('none.json', '{}')]);
    expect(ran).toMatchObject({ code: 2 });
  });
});

describe('run', () => {
  const args = ['3', '4', '+', '5', '*'];
  test('on this machine', () => {
    expect(b.vouch(['run', '--on', 'host', example('calculator.s'), '--', ...args])).toEqual({
      code: 0,
      out: '35\n',
      err: '',
    });
  });
  test('translated, under QEMU', () => {
    const ran = b.vouch(['run', '--on', 'qemu', example('calculator.s'), '--', ...args]);
    expect(ran).toEqual({ code: 0, out: '35\n', err: '' });
  });
  test('within vouch, as it is and translated', () => {
    for (const to of [[], ['--to', 'aarch64']]) {
      const ran = b.vouch(['run', ...to, example('calculator.s'), '--', ...args], { env: { PATH: bare() } });
      expect(ran).toEqual({ code: 0, out: '35\n', err: '' });
    }
  });
  test('status and streams pass through', () => {
    const source = '\t.globl main\nmain:\n\tsubq $8, %rsp\n\tcall getchar\n\taddq $8, %rsp\n\tret\n';
    const file = b.write('status.s', `\t.text\n${source}\t.section .note.GNU-stack,"",@progbits\n`);
    for (const on of ['host', 'qemu', 'embedded']) {
      expect(b.vouch(['run', '--on', on, file], { stdin: 'A' })).toMatchObject({ code: 65, out: '' });
    }
  });
  test('a missing symbol', () => {
    const ran = b.vouch(['run', '--on', 'host', b.write('nomain.s', ADD)]);
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/V0310[\s\S]*main/);
  });
  test('limits end a program', () => {
    const start = '\t.text\n\t.globl main\nmain:\n.L1:\n\tmovq $65, %rdi\n';
    const silent = b.write('silent.s', `${start}\tjmp .L1\n`);
    const endless = b.write('endless.s', `${start}\tcall putchar\n\tjmp .L1\n`);
    const limits = [
      [endless, '--max-output', '1'],
      [silent, '--max-instructions', '100000'],
      [silent, '--max-seconds', '0.5'],
    ];
    for (const args of limits) {
      const stdio: StdioOptions = ['ignore', 'ignore', 'pipe'];
      const ran = spawnSync(join(root, 'vouch'), ['run', ...args], { stdio, encoding: 'utf8' });
      expect(ran.status).toBe(124);
      expect(ran.stderr).toMatch(/V0620: the program was ended: it has/);
    }
  });
  test('files are written only where that is allowed', () => {
    const code = [
      ...['.text', '.globl main', 'main:', 'subq $8, %rsp', 'leaq made(%rip), %rdi', 'call put'],
      ...['leaq allowed(%rip), %rdi', 'call put', 'leaq old(%rip), %rdi', 'call remove', 'addq $8, %rsp', 'ret'],
      ...['put:', 'pushq %rbx', 'leaq mode(%rip), %rsi', 'call fopen', 'movq %rax, %rbx', 'leaq text(%rip), %rdi'],
      ...['movq %rax, %rsi', 'call fputs', 'movq %rbx, %rdi', 'call fclose', 'popq %rbx', 'ret'],
      ...['.data', 'made: .asciz "made"', 'allowed: .asciz "allowed"', 'old: .asciz "old"', 'mode: .asciz "a"'],
      'text: .asciz "new\\n"',
    ];
    const file = b.write('writes.s', `${code.map((l) => (l.includes(':') ? l : `\t${l}`)).join('\n')}\n`);
    b.write('allowed', 'before\n');
    b.write('old', 'gone');
    expect(b.vouch(['run', file])).toMatchObject({ code: 255 });
    expect(b.vouch(['run', '--write', 'allowed', file])).toMatchObject({ code: 255 });
    expect(b.read('allowed')).toBe('before\nnew\n');
    expect(b.vouch(['run', file, '--write', 'allowed', '--write', 'old', '--write', 'made'])).toMatchObject({
      code: 0,
    });
    expect(b.read('allowed')).toBe('before\nnew\nnew\n');
    expect(b.read('made')).toBe('new\n');
    expect(b.files()).not.toContain('old');
    expect(b.vouch(['run', file, '--write', 'nowhere/x', '--write', b.path])).toMatchObject({ code: 2 });
  });
  test('what is counted and traced', () => {
    const file = b.write('two.s', '\t.text\n\t.globl main\nmain:\n\tmovq $3, %rax\n\tjmp .L1\n.L1:\n\tret\n');
    const counted = b.vouch(['run', '--count', file]);
    expect(counted.code).toBe(3);
    expect(counted.err.split('\n').map((l) => l.trim())).toEqual([
      '3  instructions',
      '1  x64.jmp.rel.64',
      '1  x64.mov.rm_rmi.64',
      '1  x64.ret.none.64',
      '',
    ]);
    expect(b.vouch(['run', '--trace', file]).err).toBe('main block 0 (line 4)\nmain block 1 (line 7)\n');
  });
  test('no file', () => expect(b.vouch(['run', '--', 'x'])).toMatchObject({ code: 2 }));
  test('without the tools', () => {
    const ran = b.vouch(['run', '--on', 'qemu', example('words.s')], { env: { PATH: bare() } });
    expect(ran.err).toMatch(/V0305: aarch64-linux-gnu-gcc and qemu-aarch64[\s\S]*apt-get install/);
    expect(ran.code).toBe(3);
  });
});
