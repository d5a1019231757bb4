// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { aarch64Runtime } from '../../src/asm/abi/runtime/aarch64/index.ts';
import { build, run } from './build.ts';

/**
 * Functions with variable arguments: each is called natively on x86, and through its bridge on AArch64 as carried-over
 * code calls it, with the same arguments. What they print and return must be the same.
 */

const { bridges } = aarch64Runtime;

interface Call {
  readonly fn: string;
  /** C expressions. Those with a decimal point are doubles, the others integers or pointers. */
  readonly args: readonly string[];
  /** How many of them come before the variable ones, to test the counterpart that takes a list too. */
  readonly fixed: number;
  /** The name of that counterpart. */
  readonly list?: string;
  /** C statements before and after; `buffer` and `wide` may be used. */
  readonly before?: string;
  readonly after?: string;
  /** What the function returns is not looked at. */
  readonly isVoid?: boolean;
}

const isDouble = (arg: string): boolean => /^-?\d+\.\d+$/.test(arg);

/** Integers and doubles in turn, more of each than there are registers for them, and a string at the end. */
const MIXED = Array.from({ length: 24 }, (_, i) => (i % 2 === 0 ? `${i * 1000003}` : `${i}.125`));
const FORMAT = `${MIXED.map((a) => (isDouble(a) ? '%.3f' : '%d')).join(' ')} %s %ld`;
const VALUES = [...MIXED, '"a string"', '-123456789012345'];
const SHORT = ['%d %s %.1f', '42', '"text"', '2.5'] as const;
const quoted = (s: string): string => `"${s}\\n"`;

const printing: Call[] = (
  [
    ['printf', []],
    ['fprintf', ['stdout']],
    ['dprintf', ['1']],
    ['__printf_chk', ['1']],
    ['__fprintf_chk', ['stdout', '1']],
    ['__dprintf_chk', ['1', '1']],
  ] as const
).flatMap(([fn, before]) => [
  { fn, args: [...before, quoted(FORMAT), ...VALUES], fixed: before.length + 1 },
  { fn, args: [...before, quoted(SHORT[0]), ...SHORT.slice(1)], fixed: before.length + 1 },
  { fn, args: [...before, quoted('nothing')], fixed: before.length + 1 },
]);

const toBuffer: Call[] = (
  [
    ['sprintf', ['buffer']],
    ['snprintf', ['buffer', '100']],
    ['snprintf', ['0', '0']],
    ['__sprintf_chk', ['buffer', '1', '4096']],
    ['__snprintf_chk', ['buffer', '50', '1', '4096']],
  ] as const
).flatMap(([fn, before]) => [
  { fn, args: [...before, quoted(FORMAT), ...VALUES], fixed: before.length + 1, after: 'puts(buffer);' },
  { fn, args: [...before, quoted(SHORT[0]), ...SHORT.slice(1)], fixed: before.length + 1, after: 'puts(buffer);' },
]);

const allocating: Call[] = (
  [
    ['asprintf', ['&made']],
    ['__asprintf_chk', ['&made', '1']],
  ] as const
).map(([fn, before]) => ({
  fn,
  args: [...before, quoted(FORMAT), ...VALUES],
  fixed: before.length + 1,
  after: 'puts(made);',
}));

const wide: Call[] = (
  [
    ['swprintf', ['wide', '900']],
    ['__swprintf_chk', ['wide', '900', '1', '1000']],
  ] as const
).map(([fn, before]) => ({
  fn,
  args: [...before, `L${quoted(FORMAT)}`, ...VALUES],
  fixed: before.length + 1,
  after: 'printf("%ls", wide);',
}));

const TARGETS = Array.from({ length: 10 }, (_, i) => `&n[${i}]`);
const SCANNED = 'for (int i = 0; i < 10; i++) printf("%d ", n[i]); printf("%.2f\\n", d);';
const scanning: Call[] = ['sscanf', '__isoc99_sscanf'].map((fn) => ({
  fn,
  args: ['"1 2 3 4 5 6 7 8 9 10 11.5"', `"${'%d '.repeat(10)}%lf"`, ...TARGETS, '&d'],
  fixed: 2,
  after: SCANNED,
}));
const streams: Call[] = ['fscanf', '__isoc99_fscanf'].map((fn) => ({
  fn,
  args: ['in', `"${'%d '.repeat(10)}%lf"`, ...TARGETS, '&d'],
  fixed: 2,
  before: 'in = fmemopen("10 9 8 7 6 5 4 3 2 1 0.5", 24, "r");',
  after: SCANNED,
}));
const standard: Call[] = ['scanf', '__isoc99_scanf'].map((fn) => ({
  fn,
  args: [`"${'%d '.repeat(10)}%lf"`, ...TARGETS, '&d'],
  fixed: 1,
  after: SCANNED,
}));
const wideScanning: Call[] = ['swscanf', '__isoc99_swscanf'].map((fn) => ({
  fn,
  args: ['L"1 2 3 4 5 6 7 8 9 10 11.5"', `L"${'%d '.repeat(10)}%lf"`, ...TARGETS, '&d'],
  fixed: 2,
  after: SCANNED,
}));

const complaining: Call[] = (
  [
    ['warn', []],
    ['warnx', []],
  ] as const
).map(([fn, before]) => ({
  fn,
  args: [...before, quoted(FORMAT), ...VALUES],
  fixed: before.length + 1,
  before: 'errno = ENOENT;',
  isVoid: true,
}));
const errors: Call[] = [
  { fn: 'error', args: ['0', 'ENOENT', quoted(FORMAT), ...VALUES], fixed: 3, list: '', isVoid: true },
  { fn: 'error', args: ['0', '0', '"100%%"'], fixed: 3, list: '', isVoid: true },
  {
    fn: 'error_at_line',
    args: ['0', 'EPERM', '"file.c"', '42', quoted(FORMAT), ...VALUES],
    fixed: 5,
    list: '',
    isVoid: true,
  },
];
const obstacks: Call[] = [
  {
    fn: 'obstack_printf',
    args: ['&stack', quoted(FORMAT), ...VALUES],
    fixed: 2,
    list: 'obstack_vprintf',
    before: 'obstack_init(&stack);',
    after: 'obstack_1grow(&stack, 0); puts(obstack_finish(&stack));',
  },
];

const CALLS: readonly Call[] = [
  ...printing,
  ...toBuffer,
  ...allocating,
  ...wide,
  ...scanning,
  ...streams,
  ...standard,
  ...wideScanning,
  ...complaining,
  ...errors,
  ...obstacks,
];

/** The counterpart that takes a list. */
function listName({ fn, list }: Call): string {
  return list ?? fn.replace(/^(__isoc99_|__|)/, '$1v');
}

const PRELUDE = `
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <error.h>
#include <obstack.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syslog.h>
#include <wchar.h>
#define obstack_chunk_alloc malloc
#define obstack_chunk_free free
static char buffer[4096], *made;
static wchar_t wide[1000];
static int n[10];
static double d;
static FILE *in;
static struct obstack stack;
static void clear(void) { memset(buffer, 0, sizeof buffer); memset(wide, 0, sizeof wide); memset(n, 0, sizeof n); d = 0; }
`;

/** Calls a function as carried-over code does: six integer registers, eight for doubles, the rest at sp. */
const ENTER = `
  .globl enter
enter:
  stp x29, x30, [sp, #-32]!
  mov x29, sp
  add x9, x3, #1
  bic x9, x9, #1
  sub sp, sp, x9, lsl #3
  mov x9, #0
1: cmp x9, x3
  b.ge 2f
  ldr x10, [x4, x9, lsl #3]
  str x10, [sp, x9, lsl #3]
  add x9, x9, #1
  b 1b
2: mov x16, x0
  ldp d0, d1, [x2]
  ldp d2, d3, [x2, #16]
  ldp d4, d5, [x2, #32]
  ldp d6, d7, [x2, #48]
  mov x9, x1
  ldp x0, x1, [x9]
  ldp x2, x3, [x9, #16]
  ldp x4, x5, [x9, #32]
  mov x6, #0x666
  mov x7, #0x777
  mov x8, #8
  blr x16
  mov sp, x29
  ldp x29, x30, [sp], #32
  ret
`;

/** Where System V puts the arguments. */
function sort(args: readonly string[]): { general: string[]; vector: string[]; stack: string[] } {
  const general: string[] = [];
  const vector: string[] = [];
  const stack: string[] = [];
  for (const a of args) {
    if (isDouble(a)) (vector.length < 8 ? vector : stack).push(a);
    else (general.length < 6 ? general : stack).push(a);
  }
  return { general, vector, stack };
}

const asLong = (a: string): string => (isDouble(a) ? `((union { double d; long i; }){${a}}).i` : `(long)(${a})`);
const filled = (list: readonly string[], size: number, filler: string): string[] => [
  ...list,
  ...Array.from({ length: size - list.length }, () => filler),
];

function native(call: Call, i: number): string {
  const { fn, args, fixed, before = '', after = '', isVoid = false } = call;
  const show = (c: string): string => (isVoid ? `${c};` : `printf("= %d\\n", (int)${c});`);
  const parts = [`clear(); ${before} ${show(`${fn}(${args.join(', ')})`)} ${after}`];
  const list = listName(call);
  if (list !== '') {
    parts.push(`clear(); ${before} ${show(`list${i}(0, ${args.slice(fixed).join(', ') || '0'})`)} ${after}`);
  }
  return parts.join('\n');
}

function nativeList(call: Call, i: number): string {
  const list = listName(call);
  if (list === '') return '';
  const { args, fixed, isVoid = false } = call;
  const type = isVoid ? 'void' : 'int';
  const given = args.slice(0, fixed).join(', ');
  return `static ${type} list${i}(int first, ...) {
  va_list ap; va_start(ap, first); ${isVoid ? '' : 'return'} ${list}(${given}, ap); }`;
}

function carried(call: Call): string {
  const { fn, args, fixed, before = '', after = '', isVoid = false } = call;
  const { general, vector, stack } = sort(args);
  const show = (c: string): string => (isVoid ? `${c};` : `printf("= %d\\n", (int)${c});`);
  const parts = [
    `{ clear(); ${before} long g[] = {${filled(general, 6, '0x1111').map(asLong).join(', ')}};
  double v[] = {${filled(vector, 8, '-7.5').join(', ')}};
  long s[] = {${filled(stack, stack.length + 1, '0x2222')
    .map(asLong)
    .join(', ')}};
  ${show(`enter(${bridges[fn]}, g, v, ${stack.length}, s)`)} ${after} }`,
  ];
  const list = listName(call);
  if (list !== '') {
    // As the prologue of list<i>(0, ...) on x86 leaves them: the first general register holds its named parameter.
    const rest = sort(['0', ...(args.slice(fixed).length === 0 ? ['0'] : args.slice(fixed))]);
    parts.push(`{ clear(); ${before} struct { long g[6]; double v[16]; } save = {{${filled(rest.general, 6, '0').map(asLong).join(', ')}},
    {${filled(
      rest.vector.flatMap((x) => [x, '0.0']),
      16,
      '0.0',
    ).join(', ')}}};
  long s[] = {${filled(rest.stack, rest.stack.length + 1, '0')
    .map(asLong)
    .join(', ')}};
  struct { unsigned gp, fp; void *overflow, *save; } ap = {8, 48, s, &save};
  long g[] = {${filled([...args.slice(0, fixed), '&ap'], 6, '0x1111')
    .map(asLong)
    .join(', ')}};
  double v[8] = {0};
  ${show(`enter(${bridges[list]}, g, v, 0, g)`)} ${after} }`);
  }
  return parts.join('\n');
}

const main = (body: string): string => `int main(void) { setvbuf(stdout, 0, _IONBF, 0);\n${body}\nreturn 0; }\n`;
const INPUT = '1 2 3 4 5 6 7 8 9 10 1.5 '.repeat(8);

test('variable arguments arrive', () => {
  const used = new Set(CALLS.flatMap((c) => [c.fn, listName(c)]).filter((name) => name !== ''));
  expect([...used].filter((name) => bridges[name] === undefined)).toEqual([]);
  const runtime = [...used].map((name) => bridges[name] ?? '');
  const x86 = `${PRELUDE}${CALLS.map(nativeList).join('\n')}\n${main(CALLS.map(native).join('\n'))}`;
  const declared = [...new Set(runtime)].map((name) => `extern void ${name}(void);`).join('\n');
  const arm = `${PRELUDE}extern long enter();\n${declared}\n${main(CALLS.map((c) => carried(c)).join('\n'))}`;
  const want = run('x86_64', build('x86_64', { 'main.c': x86 }), [], INPUT);
  const program = build('aarch64', { 'main.c': arm, 'enter.s': ENTER, 'runtime.s': aarch64Runtime.text(runtime) });
  const got = run('aarch64', program, [], INPUT);
  expect(want.status).toBe(0);
  expect(`${want.stdout}`.split('\n').length).toBeGreaterThan(100);
  expect(`${got.stdout}`.split('\n')).toEqual(`${want.stdout}`.split('\n'));
  const name = /^[^\n]*?program/gm;
  expect(got.stderr.replace(name, 'program')).toBe(want.stderr.replace(name, 'program'));
  expect(got.status).toBe(0);
});

test('those that end the program do', () => {
  const x86 = (body: string): string => `${PRELUDE}${main(body)}`;
  const arm = (fn: string, g: readonly string[]): string =>
    `${PRELUDE}extern long enter(); extern void ${bridges[fn]}(void);\n${main(
      `errno = ENOENT; long g[] = {${filled(g, 6, '0').map(asLong).join(', ')}}; double v[8] = {0};
       enter(${bridges[fn]}, g, v, 0, g);`,
    )}`;
  for (const [fn, args] of [
    ['err', ['3', '"%d %s"', '1', '"x"']],
    ['errx', ['4', '"%d %s"', '1', '"x"']],
    ['error', ['5', '2', '"%d %s"', '1', '"x"']],
  ] as const) {
    const want = run('x86_64', build('x86_64', { 'main.c': x86(`errno = ENOENT; ${fn}(${args.join(', ')});`) }));
    const files = { 'main.c': arm(fn, args), 'enter.s': ENTER, 'runtime.s': aarch64Runtime.text([bridges[fn] ?? '']) };
    const got = run('aarch64', build('aarch64', files));
    const name = /^[^\n]*?program/gm;
    expect([got.status, got.stderr.replace(name, 'program')]).toEqual([
      want.status,
      want.stderr.replace(name, 'program'),
    ]);
    expect(want.status).toBeGreaterThan(2);
  }
});

test('lists of arguments become arrays', () => {
  const words = Array.from({ length: 9 }, (_, i) => `"word${i}"`);
  const calls = {
    execl: ['"/bin/echo"', '"echo"', ...words, '0'],
    execlp: ['"echo"', '"echo"', ...words, '0'],
    execle: ['"/usr/bin/env"', '"env"', '0', 'environment'],
  };
  for (const [fn, args] of Object.entries(calls)) {
    const { general, stack } = sort(args);
    const arm = `${PRELUDE}extern long enter(); extern void ${bridges[fn]}(void);
static char *environment[] = {"A=1", "B=2", 0};
${main(`long g[] = {${filled(general, 6, '0x111').map(asLong).join(', ')}}, s[] = {${filled(
  stack,
  stack.length + 1,
  '0',
)
  .map(asLong)
  .join(', ')}};
double v[8] = {0}; enter(${bridges[fn]}, g, v, ${stack.length}, s);`)}`;
    const files = { 'main.c': arm, 'enter.s': ENTER, 'runtime.s': aarch64Runtime.text([bridges[fn] ?? '']) };
    const got = run('aarch64', build('aarch64', files));
    const want = fn === 'execle' ? 'A=1\nB=2\n' : `${words.map((x) => x.slice(1, -1)).join(' ')}\n`;
    expect([fn, `${got.stdout}`]).toEqual([fn, want]);
  }
});
