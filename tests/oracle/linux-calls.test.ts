// SPDX-License-Identifier: MIT
import { beforeAll, describe, expect, test } from 'vitest';
import { runOrFail } from '../../scripts/process.ts';
import { missingTools } from '../../scripts/translation.ts';
import { askedFor, linuxCalls, OPEN_FLAG_PAIRS, swapOpenFlags } from '../../src/asm/isa/linux.ts';

/** Numbers of system calls, of errors and of the flags of `open` as the kernel's headers for each machine have them. */

const HEADERS = '#include <asm/unistd.h>\n#include <asm/errno.h>\n#include <asm/fcntl.h>\n#include <asm/mman.h>\n';

type Definitions = ReadonlyMap<string, string>;

async function definitions(cc: string): Promise<Definitions> {
  const { stdout } = await runOrFail([cc, '-E', '-dM', '-x', 'c', '-'], { stdin: HEADERS });
  const found = new Map<string, string>();
  for (const [, name = '', value = ''] of stdout.toString('utf8').matchAll(/^#define (\w+) (\S+)$/gm))
    found.set(name, value);
  return found;
}

function numberOf(all: Definitions, name: string): number | undefined {
  const value = all.get(name);
  if (value === undefined) return undefined;
  return /^0\d/.test(value)
    ? Number.parseInt(value, 8)
    : /^\w*[A-Za-z_]\w*$/.test(value) && !/^0x/.test(value)
      ? numberOf(all, value)
      : Number(value);
}

const missing = await missingTools();

describe.skipIf(missing.length > 0)('Linux', () => {
  let [x86, aarch64, riscv64]: Definitions[] = [];
  beforeAll(async () => {
    [x86, aarch64, riscv64] = await Promise.all(
      ['gcc', 'aarch64-linux-gnu-gcc', 'riscv64-linux-gnu-gcc'].map((cc) => definitions(cc)),
    );
  });
  const call = (all: Definitions | undefined, name: string): number | undefined =>
    numberOf(all ?? new Map(), `__NR_${name}`);

  test('has system calls by these numbers', () => {
    const here = linuxCalls.map((c) => [c.name, c.x86]);
    expect(here).toEqual(linuxCalls.map((c) => [c.name, call(x86, c.name)]));
    for (const all of [aarch64, riscv64]) {
      const there = linuxCalls.filter((c) => c.common !== undefined).map((c) => [c.name, c.common]);
      expect(there).toEqual(there.map(([name]) => [name, call(all, String(name))]));
    }
  });

  test('lacks the others on RISC-V', () => {
    const only = linuxCalls.filter((c) => c.common === undefined);
    expect(only.length).toBeGreaterThan(30);
    expect(only.filter((c) => call(riscv64, c.name) !== undefined)).toEqual([]);
  });

  test('has the same errors everywhere', () => {
    const names = [...(x86?.keys() ?? [])].filter((name) => /^E[A-Z0-9]+$/.test(name));
    expect(names.length).toBeGreaterThan(130);
    for (const all of [aarch64, riscv64]) {
      for (const name of names)
        expect([name, numberOf(all ?? new Map(), name)]).toEqual([name, numberOf(x86 ?? new Map(), name)]);
    }
  });

  test('has the flags of open in these places', () => {
    const names = [...(x86 ?? [])].flatMap(([name, value]) =>
      /^O_[A-Z]+ \d+$/.test(`${name} ${value}`) ? [name] : [],
    );
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) {
      const value = numberOf(x86 ?? new Map(), name) ?? -1;
      expect([name, numberOf(riscv64 ?? new Map(), name)]).toEqual([name, value]);
      expect([name, numberOf(aarch64 ?? new Map(), name)]).toEqual([name, Number(swapOpenFlags(BigInt(value)))]);
    }
    expect(OPEN_FLAG_PAIRS.high - OPEN_FLAG_PAIRS.low).toBe(OPEN_FLAG_PAIRS.width);
  });
});

test('calls mean the same in common words', () => {
  const words = (isa: 'x86_64' | 'aarch64' | 'riscv64', number: bigint, ...args: bigint[]): string => {
    const asked = askedFor(isa, number, args);
    return asked === undefined ? '' : `${asked.name} ${asked.args.join(' ')}`;
  };
  const CWD = 2n ** 64n - 100n;
  expect(words('x86_64', 2n, 5n, 0x10000n, 0n)).toBe(`openat ${CWD} 5 65536 0`);
  expect(words('aarch64', 56n, CWD, 5n, 0x4000n, 0n)).toBe(`openat ${CWD} 5 65536 0`);
  expect(words('riscv64', 56n, CWD, 5n, 0x10000n, 0n)).toBe(`openat ${CWD} 5 65536 0`);
  expect(words('x86_64', 82n, 1n, 2n)).toBe(`renameat2 ${CWD} 1 ${CWD} 2 0`);
  expect(words('x86_64', 9999n)).toBe('');
});
