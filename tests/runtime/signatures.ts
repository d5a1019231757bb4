// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, run, scratch } from './build.ts';
import { INCLUDES } from './layouts.ts';

/** What the C library's headers declare on x86-64: the shapes of functions' parameters, as signatures.ts spells them. */

const MORE =
  `assert.h uchar.h printf.h mcheck.h libintl.h execinfo.h argz.h envz.h crypt.h netinet/ether.h netinet/ip6.h
  netinet/icmp6.h arpa/nameser.h sys/klog.h sys/fsuid.h sys/pidfd.h strings.h utime.h nss.h aliases.h sys/sysmacros.h`.split(
    /\s+/,
  );

const SOURCE = [...INCLUDES, ...MORE.map((h) => `#if __has_include(<${h}>)\n#include <${h}>\n#endif`)].join('\n');

const command = (name: string, args: readonly string[], cwd: string): string => {
  const ran = spawnSync(name, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (ran.status !== 0) throw new Error(`${name} ${args.join(' ')}\n${ran.stderr}`);
  return ran.stdout;
};

/** Parameters by function, as gcc spells the types of all that is declared, with fortified functions and without. */
function declared(): Map<string, string[]> {
  const folder = scratch();
  writeFileSync(join(folder, 'all.c'), SOURCE);
  const found = new Map<string, string[]>();
  for (const flags of [[], ['-O2', '-D_FORTIFY_SOURCE=2']]) {
    command('gcc', ['-w', ...flags, '-fsyntax-only', '-aux-info', 'out', 'all.c'], folder);
    for (const line of readFileSync(join(folder, 'out'), 'utf8').split('\n')) {
      const match = /^\/\* \S+:\d+:[NO]C \*\/ (?:extern|static) (?:.*?[ *])?(\w+) \((.*)\);/.exec(line);
      if (match?.[1] !== undefined) found.set(match[1], parameters(match[2] ?? ''));
    }
  }
  return found;
}

function parameters(text: string): string[] {
  const list = [''];
  let depth = 0;
  for (const c of text) {
    if (c === '(' || c === '[') depth++;
    if (c === ')' || c === ']') depth--;
    if (c === ',' && depth === 0) list.push('');
    else list.push(`${list.pop()}${c}`);
  }
  const trimmed = list.map((t) => t.trim());
  return trimmed.length === 1 && trimmed[0] === 'void' ? [] : trimmed;
}

/** What the libraries hand out for linking. */
function exported(): Set<string> {
  const names = new Set<string>();
  for (const library of ['libc.so.6', 'libm.so.6', 'libresolv.so.2', 'libcrypt.so.1']) {
    const path = command('gcc', [`-print-file-name=${library}`], '/').trim();
    const file = path.startsWith('/') ? path : `/lib/x86_64-linux-gnu/${library}`;
    for (const [, name] of command('nm', ['-D', '--defined-only', file], '/').matchAll(/ [TWi] (\w+)@@/g))
      names.add(name ?? '');
  }
  return names;
}

const isPointer = (type: string): boolean => /[*([]/.test(type);

/** The letter of each type that is no pointer: measured by a program. */
function letters(types: readonly string[]): Map<string, string> {
  // Classes of __builtin_classify_type: integer 1, pointer 5, real 8, complex 9, structure 12, union 13.
  const lines = types.map(
    (
      t,
    ) => `{ ${t} *p; show(__builtin_classify_type(*p), sizeof(${t}), __builtin_choose_expr(__builtin_classify_type(*p) == 1,
      IS_SIGNED(${t}), 0)); }`,
  );
  const text = `${SOURCE}
#define IS_SIGNED(t) _Generic(*(t *)0, unsigned short: 0, unsigned char: 0, _Bool: 0, default: 1)
static void show(int class, unsigned long size, int isSigned) {
  if (class == 1) putchar(size == 8 ? 'l' : size == 4 ? 'i' : size == 2 ? (isSigned ? 's' : 'h') : isSigned ? 'c' : 'b');
  else if (class == 8) putchar(size == 4 ? 'f' : size == 8 ? 'd' : 'x');
  else if (class == 9) fputs(size == 16 ? "dd" : "x", stdout);
  else if (class == 5 || size <= 8) putchar('l');
  else fputs(size <= 16 ? "ll" : "x", stdout);
  putchar('\\n');
}
int main(void) { ${lines.join('\n')} }`;
  const { stdout } = run('x86_64', build('x86_64', { 'letters.c': text }));
  const found = stdout.toString('utf8').split('\n');
  return new Map(types.map((t, i) => [t, found[i] ?? '?']));
}

/** The shapes of all functions that are declared and exported; an `x` in one is something that has no letter. */
export function measuredShapes(): ReadonlyMap<string, string> {
  const offered = exported();
  const functions = [...declared()].filter(([name]) => offered.has(name));
  const plain = functions.map(([name, types]) => [name, types.filter((t) => t !== '...')] as const);
  const letter = letters([...new Set(plain.flatMap(([, types]) => types.filter((t) => !isPointer(t))))]);
  return new Map(
    plain.map(([name, types]) => [name, types.map((t) => (isPointer(t) ? 'l' : (letter.get(t) ?? '?'))).join('')]),
  );
}
