// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isDiagnostic } from '../../src/asm/isa/isa.ts';
import { type Decoded, decode } from '../../src/asm/isa/x86_64/decode.ts';
import { x86_64 } from '../../src/asm/isa/x86_64/index.ts';

/** Machine code that is written as bytes: GNU as must make these very bytes of the text that they are read as. */

const SLOT = 32;

function assembled(lines: readonly string[]): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'vouch-x86-bytes-'));
  try {
    const [file, object, binary] = [join(dir, 'a.s'), join(dir, 'a.o'), join(dir, 'a.bin')];
    writeFileSync(file, `${lines.map((l) => `.balign ${SLOT},0xf4; ${l}`).join('\n')}\n.balign ${SLOT},0xf4\n`);
    execFileSync('as', ['-o', object, file]);
    execFileSync('objcopy', ['-O', 'binary', '-j', '.text', object, binary]);
    const bytes = readFileSync(binary);
    return lines.map((_, i) => bytes.subarray(i * SLOT, (i + 1) * SLOT).toString('hex'));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Numbers that follow from a seed (splitmix32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x9e3779b9) | 0;
    let x = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return ((x ^ (x >>> 15)) >>> 0) % below;
  };
}

function randomCode(next: (below: number) => number): number[] {
  const pick = (choices: readonly (readonly number[])[]): readonly number[] => choices[next(choices.length)] ?? [];
  const head = [
    ...pick([[], [0x66], [0xf3], [0xf2]]),
    ...pick([[], [0x40 | next(16)]]),
    ...pick([[], [0x0f], [0x0f, 0x38], [0x0f, 0x3a]]),
  ];
  const vex = next(10) === 0 ? [0xc4, (next(8) << 5) | 2, (next(32) << 3) | next(4), 0xf6] : undefined;
  const tail = Array.from({ length: 7 }, () => (next(3) === 0 ? 0 : next(256)));
  const sized = next(20) === 0 ? [0x48 | next(2), 0x81 | (next(2) << 1), 0xc0 | next(64)] : undefined;
  const random = next(20) === 0 ? [...pick([[], [0x40 | next(16)]]), 0x0f, 0xc7, next(256)] : undefined;
  return [...(vex ?? sized ?? random ?? [...head, next(256)]), ...tail];
}

/** What a decoding took, for bytes of which only the beginning is looked at. */
function first(bytes: readonly number[]): { readonly one: Decoded; readonly bytes: readonly number[] } | undefined {
  for (let length = 1; length <= bytes.length; length++) {
    const taken = bytes.slice(0, length);
    const found = decode(taken);
    if (found?.length === 1 && found[0] !== undefined) return { one: found[0], bytes: taken };
  }
  return undefined;
}

const EXPECTED = [
  ...['aesdec', 'aesdeclast', 'aesenc', 'aesenclast', 'aesimc', 'aeskeygenassist', 'pclmulqdq', 'pshufb', 'palignr'],
  ...['sha1msg1', 'sha1msg2', 'sha1nexte', 'sha1rnds4', 'sha256msg1', 'sha256msg2', 'sha256rnds2'],
  ...['movd', 'movq', 'pinsrd', 'pinsrq', 'movl', 'leal', 'leaq', 'movbel', 'movbeq', 'mulxl', 'mulxq'],
  ...['rdrand', 'rdseed', 'addq', 'orq', 'adcq', 'sbbq', 'andq', 'subq', 'xorq', 'cmpq'],
  ...['ret', 'rep', 'nop', 'nopl', 'xchg', 'pause', 'endbr64', 'ud2', 'cpuid', 'rdtsc', 'xgetbv', 'cld'],
];

it('reads bytes as the instructions that GNU as makes them of', () => {
  const next = numbers(0x2545f491);
  const found = new Map<string, { readonly one: Decoded; readonly bytes: readonly number[] }>();
  const whole = ['f3c3', 'c3', '90', '6690', '0f1f00', 'f390', 'f30f1efa', '0f0b', '0fa2', '0f31', '0f01d0', 'fc'];
  for (const hex of [...whole, 'f3a4', 'f348a5', 'f3aa', 'f348ab']) {
    const bytes = [...Buffer.from(hex, 'hex')];
    const taken = first(bytes);
    expect(taken?.bytes, hex).toEqual(bytes);
    if (taken !== undefined) found.set(hex, taken);
  }
  for (let i = 0; i < 300_000; i++) {
    const taken = first(randomCode(next));
    if (taken !== undefined) found.set(taken.bytes.join(), taken);
  }
  const all = [...found.values()];
  const names = new Set(all.map((d) => d.one.text.split(' ', 1)[0] ?? ''));
  expect([...names].sort()).toEqual([...EXPECTED].sort());
  expect(all.length).toBeGreaterThan(5000);
  const code = assembled(all.map((d) => d.one.encoding + d.one.text));
  const wrong = all.filter((d, i) => {
    const want = Buffer.from(d.bytes)
      .toString('hex')
      .padEnd(2 * SLOT, 'f4');
    return code[i] !== want;
  });
  expect(wrong.map((d) => `${Buffer.from(d.bytes).toString('hex')}: ${d.one.text}`)).toEqual([]);
});

it('reads a text of its own for each', () => {
  const span = { file: 'a.s', line: 1, column: 1, endColumn: 2 };
  for (const hex of ['660f3800dc', '66480f7ec7', 'c462fbf6a52000000000'.slice(0, 18), 'f3c3', '66450f3a0fd908']) {
    const insts = x86_64.readBytes?.([...Buffer.from(hex, 'hex')], span) ?? [];
    expect(insts.map((i) => isDiagnostic(i))).toEqual([false]);
  }
  expect(x86_64.readBytes?.([0x0f, 0x38], span)).toBeUndefined();
  expect(x86_64.readBytes?.([0x06], span)).toBeUndefined();
});
