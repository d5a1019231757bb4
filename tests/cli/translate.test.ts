// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readEvidence } from '../../src/core/evidence.ts';
import { ADD, box, example, STACK_TRACE } from './vouch.ts';

const b = box();
const to = ['translate', '--to', 'aarch64'];

describe('where results go', () => {
  test('to standard output, from standard input', () => {
    const ran = b.vouch([...to, '-'], { stdin: ADD });
    expect(ran.err).toBe('<stdin>: 1 function, 2 blocks: all proved\n');
    expect(ran.out).toContain('add:\n');
    expect(ran.out).toContain('add\tx8, x0, x1');
    expect(ran.code).toBe(0);
  });
  test('to a file, with evidence', () => {
    const source = b.write('add.s', ADD);
    const ran = b.vouch([...to, source, '-o', 'out.s', '--evidence', 'out.json', '--require', 'proved']);
    expect(ran).toMatchObject({ code: 0, out: '' });
    const evidence = readEvidence(JSON.parse(b.read('out.json')));
    if (typeof evidence === 'string') throw new Error(evidence);
    const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
    expect(evidence.source).toEqual({ name: 'add.s', language: 'x86_64', sha256: sha(ADD) });
    expect(evidence.target).toEqual({ name: 'out.s', language: 'aarch64', sha256: sha(b.read('out.s')) });
    expect(evidence).toMatchObject({ kind: 'proved', proposer: 'rules', tests: [], findings: [] });
    expect(evidence.functions.map((f) => [f.source, f.kind, f.blocks.length])).toEqual([['add', 'proved', 1]]);
    expect(evidence.assumptions.map((a) => a.name)).toContain('code-not-written');
  });
  test.each(['aarch64', 'riscv64'])('of a file with nothing but a comment, to %s', (machine) => {
    b.write('empty.s', '# see another file\n');
    const ran = b.vouch(['translate', '--to', machine, 'empty.s']);
    expect([ran.code, ran.err]).toEqual([0, 'empty.s: no functions, nothing to prove\n']);
  });
  test('for a machine with more than the base architecture', () => {
    const source = b.write('index.s', ADD.replace('leaq\t(%rdi,%rsi), %rax', 'leaq\t(%rdi,%rsi,8), %rax'));
    const riscv64 = ['translate', '--to', 'riscv64', source];
    expect(b.vouch(riscv64).out).not.toContain('sh3add');
    const ran = b.vouch([...riscv64, '--features', 'zba,zbb']);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('\t.option\tarch, +zba\n\t.option\tarch, +zbb\n');
    expect(ran.out).toContain('\tsh3add\t');
    const unknown = b.vouch([...riscv64, '--features', 'zba,lse']);
    expect(unknown).toMatchObject({ code: 2, out: '' });
    expect(unknown.err).toContain('riscv64 has no feature lse that vouch knows');
  });
  test('to a folder, which is made', () => {
    b.write('one.s', ADD);
    b.write('two.s', ADD.replaceAll('add', 'other'));
    const ran = b.vouch([...to, 'one.s', 'two.s', '-o', 'dir/sub', '--evidence', 'dir/proofs', '--jobs', '2']);
    expect(ran.code).toBe(0);
    expect(b.read('dir/sub/one.aarch64.s')).toContain('add:');
    expect(b.read('dir/sub/two.aarch64.s')).toContain('other:');
    expect(JSON.parse(b.read('dir/proofs/two.vouch.json')).source.name).toBe('../../two.s');
  });
  test('threads or none, the result is the same', () => {
    const files = ['checksum.s', 'calculator.s', 'words.s', 'average.s'].map(example);
    const one = b.vouch([...to, ...files, '-o', 'j1', '--jobs', '1', '--no-cache']);
    const two = b.vouch([...to, ...files, '-o', 'j2', '--jobs', '2', '--no-cache']);
    expect(one.code).toBe(0);
    expect(two).toEqual(one);
    expect(b.read('j2/words.aarch64.s')).toBe(b.read('j1/words.aarch64.s'));
  });
  test('tested as well', () => {
    const ran = b.vouch([...to, '-', '-o', 'tested.s', '--evidence', 'tested.json', '--require', 'tested'], {
      stdin: ADD,
    });
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.err).toMatch(/tested: 1 function, \d+ inputs, 1 of 1 blocks, 0 of 0 branches/);
    const { tests } = JSON.parse(b.read('tested.json'));
    expect(tests).toMatchObject([{ function: 'add', blocks: 1, reached: 1, missed: [] }]);
    expect(b.vouch(['audit', 'tested.json']).code).not.toBe(70);
  });
  test('not tested enough', () => {
    // No double has this square, which neither tests nor solvers find out.
    const square =
      '\txorl %eax, %eax\n\tmulsd %xmm0, %xmm0\n\tucomisd two(%rip), %xmm0\n\tjp 1f\n\tjne 1f\n\tincl %eax\n1:\tret\n';
    b.write('root.s', `\t.text\n\t.globl root\nroot:\n${square}\t.section .rodata\n\t.balign 8\ntwo:\t.double 2.0\n`);
    const ran = b.vouch([...to, 'root.s', '-o', 'short.s', '--require', 'tested']);
    expect(ran).toMatchObject({ code: 3 });
    expect(ran.err).toMatch(
      /V0632: \d+\.\d % of the branches were taken, and 98 % are required[\s\S]*nothing was written/,
    );
    expect(b.vouch([...to, 'root.s', '-o', 'short.s', '--require', 'tested', '--coverage', '50']).code).toBe(0);
  });
  test('as JSON', () => {
    const ran = b.vouch([...to, '-', '--json'], { stdin: ADD });
    const json = JSON.parse(ran.out);
    expect(json).toMatchObject({ command: 'translate', exit: 0, diagnostics: [] });
    expect(json.files[0]).toMatchObject({
      source: '<stdin>',
      verdict: 'proved',
      counts: { functions: 1, blocks: 2, proved: 2, refuted: 0, undecided: 0, unsupported: 0 },
    });
    expect(json.files[0].text).toContain('add:');
  });
  test('what is no plain file stays what it is', () => {
    expect(b.vouch([...to, '-', '-o', '/dev/null'], { stdin: ADD }).code).toBe(0);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    b.write('aim.s', 'old');
    symlinkSync('aim.s', join(b.path, 'link.s'));
    expect(b.vouch([...to, '-', '-o', 'link.s'], { stdin: ADD }).code).toBe(0);
    expect(lstatSync(join(b.path, 'link.s')).isSymbolicLink()).toBe(true);
    expect(b.read('aim.s')).toContain('add:');
  });
  test('an existing file is replaced as a whole', () => {
    b.write('old.s', 'old');
    expect(b.vouch([...to, '-', '-o', 'old.s'], { stdin: ADD }).code).toBe(0);
    expect(b.read('old.s')).toContain('add:');
    expect(b.files().filter((f) => f.startsWith('.'))).toEqual([]);
  });
});

describe('nothing is written', () => {
  const refused = (name: string, text: string | Uint8Array, code: number, message: RegExp): void => {
    const inside = `bad-${name}`;
    mkdirSync(join(b.path, inside), { recursive: true });
    const file = b.write(`${inside}/in.s`, text);
    const ran = b.vouch([...to, file, '-o', `${inside}/out.s`, '--evidence', `${inside}/out.json`]);
    expect(ran.err).toMatch(message);
    expect(ran.err).not.toMatch(STACK_TRACE);
    expect(ran.out).toBe('');
    expect(ran.code).toBe(code);
    expect(() => b.read(`${inside}/out.s`)).toThrow('ENOENT');
    expect(() => b.read(`${inside}/out.json`)).toThrow('ENOENT');
  };
  test('empty', () => refused('empty', '', 2, /in\.s:1:1: error V0105/));
  test('binary', () => refused('binary', Uint8Array.of(0, 1, 2, 255, 254), 2, /error V0106/));
  test('an ELF object', () => refused('elf', readFileSync(process.execPath).subarray(0, 4096), 2, /error V0107/));
  test("another machine's", () =>
    refused('arm', 'f:\n\tldr x0, [x1]\n\tadd x0, x0, #1\n\tstr x0, [sp, #8]\n\tret\n', 2, /error V0114.*AArch64/));
  test('cut off', () => refused('cut', ADD.slice(0, ADD.indexOf('%rsi') + 2), 2, /in\.s:5:\d+: error V01/));
  test('an unknown instruction', () =>
    refused('unknown', ADD.replace('leaq', 'leax'), 2, /in\.s:5:2: error V0102: .*\n.*leax.*\n.*\^~~~/));
  test('an unsupported instruction', () =>
    refused('avx', ADD.replace(/\tleaq.*/, '\tvaddps %ymm0, %ymm1, %ymm2'), 3, /in\.s:5:2: error V0201: .*AVX/));
  test('one bad file among good ones', () => {
    b.write('good.s', ADD);
    b.write('bad.s', 'f:\n\tfrob\n');
    const ran = b.vouch([...to, 'good.s', 'bad.s', '-o', 'none']);
    expect(ran.code).toBe(2);
    expect(() => b.read('none/good.aarch64.s')).toThrow('ENOENT');
  });
  test('a file of 100 MB', () => {
    const line = '\tnop\n';
    const file = b.write('huge.s', line.repeat(100e6 / line.length));
    const ran = b.vouch([...to, file]);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toMatch(/huge\.s:1:1: error V0304/);
  });
  test('what is not there', () => {
    const ran = b.vouch([...to, 'missing.s', '-o', 'x.s']);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toBe('missing.s:1:1: error V0301: cannot be read: there is no such file or directory\n');
  });
  test('a folder', () => {
    expect(b.vouch([...to, b.path])).toMatchObject({ code: 2 });
  });
  test('a place that cannot be written', () => {
    b.write('file', '');
    const ran = b.vouch([...to, '-', '-o', 'file/out.s'], { stdin: ADD });
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/error V0302/);
    expect(ran.err).not.toMatch(STACK_TRACE);
  });
  test('over an input', () => {
    const file = b.write('self.s', ADD);
    expect(b.vouch([...to, file, '-o', './self.s']).err).toMatch(/error V0308/);
    expect(b.read('self.s')).toBe(ADD);
  });
});

describe('what is asked for', () => {
  const said = (args: readonly string[], code: number, message: RegExp): void => {
    const ran = b.vouch(args, { stdin: ADD });
    expect(ran.err).toMatch(message);
    expect(ran.out).toBe('');
    expect(ran.code).toBe(code);
  };
  test('no target machine', () => said(['translate', '-'], 2, /V0303.*--to/));
  test('an unknown target machine', () =>
    said(['translate', '--to', 'vax', '-'], 2, /V0303.*vax[\s\S]*x86_64 to aarch64/));
  test('several files and no folder', () => said([...to, '-', '-'], 2, /V0303/));
  test('no files', () => said(to, 2, /V0303.*file/));
  test('an unknown option', () => said([...to, '--frob', '-'], 2, /V0303.*--frob/));
  test('a bad number', () => said([...to, '--jobs', '0', '-'], 2, /V0303.*jobs/));
  test('an unknown requirement', () => said([...to, '--require', 'luck', '-'], 2, /V0303.*luck/));
  test('two results in one place', () => {
    mkdirSync(join(b.path, 'twice'), { recursive: true });
    b.write('twice/add.s', ADD);
    b.write('add.s', ADD);
    said([...to, 'add.s', 'twice/add.s', '-o', 'there'], 2, /V0303.*both/);
  });
  test('stages', () => {
    const ran = b.vouch([...to, '-', '--print-stages'], { stdin: ADD });
    expect(ran.err).toContain('function add in .text');
    expect(ran.err).toContain('block 0 add, line 5, 2 instructions, return');
    expect(ran.err).toContain('claim add -> add, abi, entry stack -8');
  });
});
