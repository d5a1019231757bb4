// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { refusedFor } from '../../src/asm/abi/externals-refused.ts';
import { riscv64Runtime } from '../../src/asm/abi/runtime/riscv64/index.ts';
import { declaredShapes, narrowShapes } from '../../src/asm/abi/runtime/riscv64/signatures.ts';
import { Random } from '../../src/base/random.ts';
import { build, run } from './build.ts';
import { measuredShapes } from './signatures.ts';
import { TARGETS } from './targets.ts';

/** Arguments that are narrower than a register, which RISC-V wants extended. */

const { bridges } = riscv64Runtime;

/** Without what needs nothing at the end. */
const shortened = (shape: string): string => {
  const integers = [...shape].filter((c) => c !== 'd' && c !== 'f').length;
  return integers > 6 ? shape : shape.replace(/[ld]+$/, '');
};

test('every function that takes narrow arguments is listed with its shape', () => {
  const refused = refusedFor('riscv64');
  const measured = [...measuredShapes()].filter(([name]) => !refused.has(name));
  expect(measured.length).toBeGreaterThan(2000);
  // What has no letter needs a bridge of its own.
  const strange = measured.filter(([name, shape]) => /[x?]/.test(shape) && bridges[name] === undefined);
  expect(strange).toEqual([]);
  const wanted = measured
    .map(([name, shape]) => [name, shortened(shape)] as const)
    .filter(
      ([name, shape]) =>
        shape !== '' && !shape.includes('x') && (narrowShapes.has(name) || bridges[name] === undefined),
    );
  const listed = [...declaredShapes];
  expect(wanted.filter(([name, shape]) => declaredShapes.get(name) !== shape)).toEqual([]);
  expect(listed.filter(([name]) => !wanted.some(([n]) => n === name))).toEqual([]);
});

test.each(TARGETS)('$name: no function has two bridges', ({ runtime }) => {
  const names = [...runtime.functions.values()].flatMap((f) => f.standsFor);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

test('bridges of other kinds extend narrow arguments as well', () => {
  let checked = 0;
  for (const [name, shape] of measuredShapes()) {
    const bridge = riscv64Runtime.functions.get(bridges[name] ?? '');
    if (bridge === undefined || narrowShapes.has(name) || shape.includes('x')) continue;
    const text = riscv64Runtime
      .closure([bridge.name])
      .flatMap((f) => f.lines)
      .join('\n');
    const counts = { a: 0, fa: 0 };
    for (const letter of shape) {
      const kind = letter === 'f' || letter === 'd' ? 'fa' : 'a';
      const register = `${kind}${counts[kind]++}`;
      if (letter === 'l' || letter === 'd') continue;
      checked++;
      const extends32 = new RegExp(`\\t(sext\\.w|lw|fmv\\.w\\.x)\\t${register},`);
      expect([name, register, extends32.test(text)]).toEqual([name, register, true]);
    }
  }
  expect(checked).toBeGreaterThan(60);
});

const C_TYPES: Readonly<Record<string, string>> = {
  ...{ i: 'int', h: 'unsigned short', s: 'short', b: 'unsigned char', c: 'signed char' },
  ...{ l: 'long', f: 'float', d: 'double' },
};

/** What a callee must see of the 64 bits that the caller has for an argument. */
function seen(letter: string, bits: bigint): string {
  const float = new DataView(new ArrayBuffer(8));
  float.setBigUint64(0, bits);
  switch (letter) {
    case 'i':
      return `${BigInt.asIntN(32, bits)}`;
    case 'h':
      return `${BigInt.asUintN(16, bits)}`;
    case 's':
      return `${BigInt.asIntN(16, bits)}`;
    case 'b':
      return `${BigInt.asUintN(8, bits)}`;
    case 'c':
      return `${BigInt.asIntN(8, bits)}`;
    case 'f':
      return `${bits & 0xffffffffn}`;
    case 'd':
      return `${bits}`;
    default:
      return `${BigInt.asIntN(64, bits)}`;
  }
}

test('bridges extend narrow arguments of every shape', () => {
  const random = new Random(11);
  const any = (): bigint =>
    Array.from({ length: 4 }, () => BigInt(random.below(65536))).reduce((v, x) => (v << 16n) | x, 0n);
  const hex = (v: bigint): string => `0x${v.toString(16)}UL`;
  const shapes = new Map([...narrowShapes].map(([name, shape]) => [shape, name]));
  expect(shapes.size).toBeGreaterThan(50);
  const stubs: string[] = [];
  const calls: string[] = [];
  const wanted: string[] = [];
  for (const [shape, name] of shapes) {
    const letters = [...shape];
    // Compilers rely on the extension where they widen.
    const shown = letters.map((c, i) => (c === 'f' ? `bits_f(a${i})` : c === 'd' ? `bits_d(a${i})` : `(long)a${i}`));
    stubs.push(`void stub_${name}(${letters.map((c, i) => `${C_TYPES[c]} a${i}`).join(', ')}) {
      printf("${name}${letters.map((c) => ('fd'.includes(c) ? ' %lu' : ' %ld')).join('')}\\n", ${shown.join(', ')}); }
      extern void __vouch_${name}(void);`);
    for (let turn = 0; turn < 4; turn++) {
      const values = letters.map(any);
      const integers = values.filter((_, i) => !'fd'.includes(letters[i] ?? ''));
      const floats = values.filter((_, i) => 'fd'.includes(letters[i] ?? ''));
      const stack = integers.slice(6);
      calls.push(`{ unsigned long g[6] = {${integers.slice(0, 6).map(hex).join(', ')}}, v[8] = {${floats.map(hex).join(', ')}},
        s[8] = {${stack.map(hex).join(', ')}}; enter(__vouch_${name}, g, v, ${stack.length}, s); }`);
      wanted.push(`${name} ${values.map((v, i) => seen(letters[i] ?? '', v)).join(' ')}`);
    }
  }
  const program = `#include <stdio.h>
    #include <string.h>
    extern long enter();
    static unsigned long bits_f(float f) { unsigned u; memcpy(&u, &f, 4); return u; }
    static unsigned long bits_d(double d) { unsigned long u; memcpy(&u, &d, 8); return u; }
    ${stubs.join('\n')}
    int main(void) { ${calls.join('\n')} return 0; }`;
  const enter = TARGETS.find((t) => t.name === 'riscv64')?.enterCall ?? '';
  const text = riscv64Runtime.text([...shapes.values()].map((name) => `__vouch_${name}`));
  const files = {
    'main.c': program,
    'enter.s': enter,
    'runtime.s': text.replace(/\t(tail|call)\t(\w+)$/gm, '\t$1\tstub_$2'),
  };
  const { stdout, status } = run('riscv64', build('riscv64', files));
  expect(`${stdout}`.trim().split('\n')).toEqual(wanted);
  expect(status).toBe(0);
});
