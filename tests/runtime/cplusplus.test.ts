// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { RETURNING_OBJECTS, RETURNING_OBJECTS_VIRTUALLY } from '../../src/asm/abi/runtime/cplusplus.ts';

/** The functions of AArch64's own C++ library that are given an address in x8 are those that we know. */

/** Only the library's own functions call these. */
const WITHIN = /_M_convert_from_char|_S_convert_loc/;

/** Whether the first instructions of a function read x8 before anything has been put there. */
function takesAddress(lines: readonly string[]): boolean {
  for (const line of lines) {
    const [, mnemonic = '', operands = ''] = /^\s*[0-9a-f]+:\s+(\S+)\s*([^/]*)/.exec(line) ?? [];
    const first = operands.split(',')[0]?.trim() ?? '';
    const stores = /^(?:st|cmp|cmn|tst|cbn?z|tbn?z)/.test(mnemonic);
    const uses = [...operands.matchAll(/\b[xw]8\b/g)].length;
    if (uses > (/^[xw]8$/.test(first) && !stores ? 1 : 0)) return true;
    if (uses > 0 || /^(?:ret|br?|blr?)$/.test(mnemonic)) return false;
  }
  return false;
}

const run = (tool: string, ...args: string[]): string =>
  execFileSync(`aarch64-linux-gnu-${tool}`, args, { encoding: 'utf8', maxBuffer: 1 << 28 });

test('functions that return objects', () => {
  const library = run('gcc', '-print-file-name=libstdc++.so.6').trim();
  const exported = new Set(run('nm', '-D', '--defined-only', library).match(/_Z[\w.]+/g));
  const found: string[] = [];
  for (const text of run('objdump', '-d', '--no-show-raw-insn', library).split('\n\n')) {
    const [head = '', ...lines] = text.split('\n');
    const name = /<([\w.]+)(?:@.*)?>:$/.exec(head)?.[1];
    if (name !== undefined && exported.has(name) && !WITHIN.test(name) && takesAddress(lines)) found.push(name);
  }
  const functions = [...RETURNING_OBJECTS, ...RETURNING_OBJECTS_VIRTUALLY].filter((n) => !n.startsWith('_ZTI'));
  expect(functions.sort()).toEqual([...new Set(found)].sort());
  expect(exported.size).toBeGreaterThan(4000);
  for (const type of RETURNING_OBJECTS_VIRTUALLY.filter((n) => n.startsWith('_ZTI'))) expect(exported).toContain(type);
}, 60_000);
