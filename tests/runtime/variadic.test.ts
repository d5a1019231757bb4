// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { build, run } from './build.ts';
import { TARGETS, type Target } from './targets.ts';

/**
 * Functions with variable arguments: each is called natively on x86, and through its bridge on each target as
 * carried-over code calls it, with the same arguments. What they print and return must be the same.
 */

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

/** Formats of every shape: the arguments' kinds and number are not told by anything else. */
const SHAPES: readonly (readonly [format: string, ...args: string[]])[] = [
  ['%*d|%-*s|%.*f|%*.*e', '7', '-42', '9', '"left"', '2', '1.25', '12', '3', '-2.5'],
  ['%3$s %1$d %2$.2f %1$x', '10', '2.5', '"third"'],
  ['%2$*1$d|%4$.*3$f', '8', '77', '3', '0.125'],
  ['%9$s %8$.1f %7$d %6$.1f %5$d %4$.1f %3$d %2$.1f %1$d', '1', '2.5', '3', '4.5', '5', '6.5', '7', '8.5', '"nine"'],
  ["%%%d%%%5%%m %'d %#x %+.3g % d %05d", '1', '1234567', '255', '3.25', '4', '-5'],
  ['%hhd %hd %ld %lld %jd %zu %td %Lu', '300', '70000', '-5L', '6L', '7L', '8L', '-9L', '10L'],
  ['%c%c%lc %5.2s %ls %p', '65', '66', '67', '"cut"', 'L"wide"', '(void *)16'],
  ['%a %A %E %F %G %g', '1.5', '-0.375', '1234.5', '2.25', '0.0001', '100000000.0'],
  ['%d %n%d', '5', '&n[0]', '6'],
  ['%i %o %u %X', '-1', '8', '-1', '-1'],
];
const shapes: Call[] = SHAPES.flatMap(([format, ...args]) => [
  {
    fn: 'printf',
    args: [quoted(format), ...args],
    fixed: 1,
    before: 'errno = ENOENT;',
    after: 'printf("%d\\n", n[0]);',
  },
  {
    fn: 'swprintf',
    args: ['wide', '900L', `L${quoted(format)}`, ...args],
    fixed: 3,
    before: 'errno = ENOENT;',
    after: 'printf("%ls %d\\n", wide, n[0]);',
  },
]);

const toBuffer: Call[] = (
  [
    ['sprintf', ['buffer']],
    ['snprintf', ['buffer', '100L']],
    ['snprintf', ['(char *)0', '0L']],
    ['__sprintf_chk', ['buffer', '1', '4096L']],
    ['__snprintf_chk', ['buffer', '50L', '1', '4096L']],
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
    ['swprintf', ['wide', '900L']],
    ['__swprintf_chk', ['wide', '900L', '1', '1000L']],
  ] as const
).map(([fn, before]) => ({
  fn,
  args: [...before, `L${quoted(FORMAT)}`, ...VALUES],
  fixed: before.length + 1,
  after: 'printf("%ls", wide);',
}));

const PLACES = Array.from({ length: 10 }, (_, i) => `&n[${i}]`);
const SCANNED = 'for (int i = 0; i < 10; i++) printf("%d ", n[i]); printf("%.2f\\n", d);';
const scanning: Call[] = ['sscanf', '__isoc99_sscanf'].map((fn) => ({
  fn,
  args: ['"1 2 3 4 5 6 7 8 9 10 11.5"', `"${'%d '.repeat(10)}%lf"`, ...PLACES, '&d'],
  fixed: 2,
  after: SCANNED,
}));
const SCANS: readonly (readonly [input: string, format: string, ...args: string[]])[] = [
  ['12 13 xyz,14', '%d %*d %*[a-z],%d', '&n[0]', '&n[1]'],
  ['abc]def 7', '%9[^]]%1$n', '(char *)wide'],
  ['a]]b 5 %6', '%*[]ab] %d %%%d', '&n[3]', '&n[4]'],
  ['1 2 3', '%3$d %1$d %2$d', '&n[0]', '&n[1]', '&n[2]'],
  ['word 2.5 3.5', '%ms %lf %*f%n', '&made', '&d', '&n[0]'],
  ['17 0x1f 300', '%hhd %i %hd', '&n[0]', '&n[1]', '&n[2]'],
];
const scans: Call[] = SCANS.flatMap(([input, format, ...args]) => [
  { fn: 'sscanf', args: [`"${input}"`, `"${format}"`, ...args], fixed: 2, after: SCANNED },
  { fn: 'swscanf', args: [`L"${input}"`, `L"${format}"`, ...args], fixed: 2, after: SCANNED },
]);
const streams: Call[] = ['fscanf', '__isoc99_fscanf'].map((fn) => ({
  fn,
  args: ['in', `"${'%d '.repeat(10)}%lf"`, ...PLACES, '&d'],
  fixed: 2,
  before: 'in = fmemopen("10 9 8 7 6 5 4 3 2 1 0.5", 24, "r");',
  after: SCANNED,
}));
const standard: Call[] = ['scanf', '__isoc99_scanf'].map((fn) => ({
  fn,
  args: [`"${'%d '.repeat(10)}%lf"`, ...PLACES, '&d'],
  fixed: 1,
  after: SCANNED,
}));
const wideScanning: Call[] = ['swscanf', '__isoc99_swscanf'].map((fn) => ({
  fn,
  args: ['L"1 2 3 4 5 6 7 8 9 10 11.5"', `L"${'%d '.repeat(10)}%lf"`, ...PLACES, '&d'],
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
  ...shapes,
  ...toBuffer,
  ...allocating,
  ...wide,
  ...scanning,
  ...scans,
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

/** As it lies in a register or on the stack: what is above 32 bits is anything on x86. */
const asLong = (a: string): string =>
  isDouble(a)
    ? `((union { double d; long i; }){${a}}).i`
    : `(__builtin_types_compatible_p(__typeof__(${a}), int) ? (long)(${a}) ^ 0x7777777700000000 : (long)(${a}))`;
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

/** The same calls, by `enter`, which calls a function as carried-over code does: six integer registers, eight for doubles, the rest at sp. */
function carried({ runtime: { bridges } }: Target, call: Call): string {
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

describe.each(TARGETS)('$name', (target) => {
  const { name: machine, runtime, enterCall } = target;
  const { bridges } = runtime;
  /** The name of the program begins each message. */
  const neutral = (text: string): string => text.replace(/^[^\n]*?program/gm, 'program');
  /** A program that calls `fn` as carried-over code does. */
  const calling = (fn: string, body: string): string =>
    build(machine, {
      'main.c': `${PRELUDE}extern long enter(); extern void ${bridges[fn]}(void);\n${body}`,
      'enter.s': enterCall,
      'runtime.s': runtime.text([bridges[fn] ?? '']),
    });

  test('variable arguments arrive', () => {
    const used = new Set(CALLS.flatMap((c) => [c.fn, listName(c)]).filter((name) => name !== ''));
    expect([...used].filter((name) => bridges[name] === undefined)).toEqual([]);
    const names = [...used].map((name) => bridges[name] ?? '');
    const x86 = `${PRELUDE}${CALLS.map(nativeList).join('\n')}\n${main(CALLS.map(native).join('\n'))}`;
    const declared = [...new Set(names)].map((name) => `extern void ${name}(void);`).join('\n');
    const there = `${PRELUDE}extern long enter();\n${declared}\n${main(CALLS.map((c) => carried(target, c)).join('\n'))}`;
    const want = run('x86_64', build('x86_64', { 'main.c': x86 }), [], INPUT);
    const program = build(machine, { 'main.c': there, 'enter.s': enterCall, 'runtime.s': runtime.text(names) });
    const got = run(machine, program, [], INPUT);
    expect(want.status).toBe(0);
    expect(`${want.stdout}`.split('\n').length).toBeGreaterThan(100);
    expect(`${got.stdout}`.split('\n')).toEqual(`${want.stdout}`.split('\n'));
    expect(neutral(got.stderr)).toBe(neutral(want.stderr));
    expect(got.status).toBe(0);
  });

  test('those that end the program do', () => {
    for (const [fn, args] of [
      ['err', ['3', '"%d %s"', '1', '"x"']],
      ['errx', ['4', '"%d %s"', '1', '"x"']],
      ['error', ['5', '2', '"%d %s"', '1', '"x"']],
    ] as const) {
      const x86 = `${PRELUDE}${main(`errno = ENOENT; ${fn}(${args.join(', ')});`)}`;
      const want = run('x86_64', build('x86_64', { 'main.c': x86 }));
      const program = calling(
        fn,
        main(`errno = ENOENT; long g[] = {${filled(args, 6, '0').map(asLong).join(', ')}}; double v[8] = {0};
          enter(${bridges[fn]}, g, v, 0, g);`),
      );
      const got = run(machine, program);
      expect([got.status, neutral(got.stderr)]).toEqual([want.status, neutral(want.stderr)]);
      expect(want.status).toBeGreaterThan(2);
    }
  });

  test('lists of arguments become arrays', () => {
    const words = Array.from({ length: 9 }, (_, i) => `"word${i}"`);
    const calls = {
      execl: ['"/bin/echo"', '"echo"', ...words, '0L'],
      execlp: ['"echo"', '"echo"', ...words, '0L'],
      execle: ['"/usr/bin/env"', '"env"', '0L', 'environment'],
    };
    for (const [fn, args] of Object.entries(calls)) {
      const { general, stack } = sort(args);
      const longs = (list: readonly string[]): string => list.map(asLong).join(', ');
      const body = `long g[] = {${longs(filled(general, 6, '0x111'))}}, s[] = {${longs(filled(stack, stack.length + 1, '0'))}};
        double v[8] = {0}; enter(${bridges[fn]}, g, v, ${stack.length}, s);`;
      const got = run(machine, calling(fn, `static char *environment[] = {"A=1", "B=2", 0};\n${main(body)}`));
      const want = fn === 'execle' ? 'A=1\nB=2\n' : `${words.map((x) => x.slice(1, -1)).join(' ')}\n`;
      expect([fn, `${got.stdout}`]).toEqual([fn, want]);
    }
  });
});
