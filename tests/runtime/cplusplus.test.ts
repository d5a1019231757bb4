// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { refusedFor } from '../../src/asm/abi/externals-refused.ts';
import {
  RETURNING_NARROW_VIRTUALLY,
  RETURNING_OBJECTS,
  RETURNING_OBJECTS_VIRTUALLY,
} from '../../src/asm/abi/runtime/cplusplus.ts';
import { cplusplusShapes, returningShapes } from '../../src/asm/abi/runtime/riscv64/cplusplus.ts';

/** What the C++ libraries of the targets take and return is what we know of them. */

const toolOf =
  (machine: string) =>
  (tool: string, ...args: string[]): string =>
    execFileSync(`${machine}-linux-gnu-${tool}`, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
const run = toolOf('aarch64');

// Objects that are returned: the functions that are given an address in x8.

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
  const types = [...RETURNING_OBJECTS_VIRTUALLY.filter((n) => n.startsWith('_ZTI')), ...RETURNING_NARROW_VIRTUALLY];
  for (const type of types) expect(exported).toContain(type);
  for (const type of RETURNING_NARROW_VIRTUALLY) expect(refusedFor('riscv64').has(type)).toBe(true);
}, 60_000);

// Arguments of less than 64 bits: what the names say about the parameters.

/** Shapes of types that are no pointers, as signatures.ts writes them; RISC-V's `char` has no sign. */
const SHAPES: Readonly<Record<string, string>> = {
  ...{ int: 'i', 'unsigned int': 'i', wchar_t: 'i', char32_t: 'i', short: 's', 'unsigned short': 'h', char16_t: 'h' },
  ...{ bool: 'b', char: 'b', 'unsigned char': 'b', 'signed char': 'c', float: 'f', double: 'd' },
  ...{ long: 'l', 'unsigned long': 'l', 'long long': 'l', 'unsigned long long': 'l', __mbstate_t: 'l' },
  ...{ 'std::_Ios_Openmode': 'i', 'std::_Ios_Seekdir': 'i', 'std::_Ios_Fmtflags': 'i', 'std::_Ios_Iostate': 'i' },
  ...{ 'std::chars_format': 'i', 'std::ios_base::event': 'i', 'std::regex_constants::error_type': 'i' },
  ...{ 'std::filesystem::perms': 'i', 'std::filesystem::perm_options': 'i', 'std::filesystem::copy_options': 'h' },
  ...{
    'std::memory_order': 'i',
    'std::filesystem::directory_options': 'b',
    'std::filesystem::file_type': 'c',
    'std::error_code': 'll',
  },
};

function shapeOf(type: string): string | undefined {
  if (/[*&]$|\(\*\)|\* const$/.test(type)) return 'l';
  if (/^std::(?:basic_string_view|fpos|initializer_list|[io]streambuf_iterator)</.test(type)) return 'll';
  return /^(?:std::chrono::duration|__gnu_cxx::__normal_iterator)</.test(type) ? 'l' : SHAPES[type];
}

/** The parameters in a demangled name; undefined for data. */
function parametersOf(name: string): string[] | undefined {
  const text = name.replace(/\[abi:\w+\]/g, '').replace(/(?: const)?(?: ?&&?)?$/, '');
  if (!text.endsWith(')')) return undefined;
  const list: string[] = [];
  let [depth, end] = [0, text.length - 1];
  for (let at = end; at >= 0; at--) {
    const c = text.charAt(at);
    if (c === ')' || c === '>') depth++;
    if (c === '(' || c === '<') depth--;
    if (depth > (c === ',' ? 1 : 0) || (c !== ',' && depth > 0)) continue;
    list.unshift(text.slice(at + 1, end).trim());
    end = at;
    if (depth === 0) break;
  }
  return list.filter((type) => type !== '');
}

test('functions with narrow arguments', () => {
  const riscv = toolOf('riscv64');
  const library = riscv('gcc', '-print-file-name=libstdc++.so.6').trim();
  const exported = riscv('nm', '-D', '--defined-only', library).matchAll(/ [TWV] (_Z[\w.]+)/g);
  const names = [...new Set([...exported].map(([, name = '']) => name))].filter((n) => !/^_Z(?:T|GV)/.test(n));
  const demangled = riscv('c++filt', ...names).split('\n');
  const listed = new Map([...cplusplusShapes, ...returningShapes]);
  let checked = 0;
  for (const [i, name] of names.entries()) {
    const types = (parametersOf(demangled[i] ?? '') ?? []).map(shapeOf);
    const needed = types.some((s) => s !== undefined && /[ihsbcf]/.test(s));
    const shape = listed.get(name);
    // `long double` is refused.
    if (types.includes(undefined)) continue;
    expect([demangled[i], shape !== undefined]).toEqual([demangled[i], needed]);
    if (shape === undefined) continue;
    checked++;
    const whole = types.join('');
    const before = ['', 'l', 'll'].map((hidden) => `${hidden}${whole}`);
    const short = before.map((s) => (s.replace(/[df]/g, '').length > 6 ? s : s.replace(/[ld]+$/, '')));
    expect([demangled[i], short.includes(shape)]).toEqual([demangled[i], true]);
  }
  expect(checked).toBe(listed.size);
  expect(checked).toBeGreaterThan(500);
}, 60_000);
