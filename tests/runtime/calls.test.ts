// SPDX-License-Identifier: MIT
import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { build, run, scratch } from './build.ts';
import { TARGETS } from './targets.ts';

/** Bridges with a fixed number of arguments, called with x86-64's layouts, against native calls on x86-64. */

const FLAGS = ['-fno-builtin'];
const source = readFileSync(new URL('calls.c', import.meta.url), 'utf8');
let native = '';

beforeAll(() => {
  native = build('x86_64', { 'calls.c': source }, FLAGS);
});

const PARTS = ['stat', 'open', 'events', 'threads', 'numbers', 'jumps', 'callbacks', 'x others'];

describe.each(TARGETS)('$name', ({ name: machine, runtime, tail }) => {
  let carried = '';

  beforeAll(() => {
    // What needs no bridge here is called itself.
    const direct = [...new Set([...source.matchAll(/^BRIDGED\([^,]+, \w+, (\w+)/gm)].map((m) => m[1] ?? ''))]
      .filter((name) => runtime.bridges[name] === undefined)
      .map((name) => `.globl __vouch_${name}\n__vouch_${name}: ${tail} ${name}\n`);
    const all = runtime.text(runtime.functions.keys());
    const files = { 'calls.c': source, 'runtime.s': all, 'direct.s': direct.join('') };
    // Bridges of what the library lacks are dropped, since nobody calls them.
    carried = build(machine, files, [...FLAGS, '-Wl,--gc-sections']);
  });

  test.each(PARTS)('bridges do what native calls do: %s', (part) => {
    const folder = scratch();
    writeFileSync(join(folder, 'file'), 'some text');
    linkSync(join(folder, 'file'), join(folder, 'second'));
    symlinkSync('file', join(folder, 'link'));
    mkdirSync(join(folder, 'directory'));
    const want = run('x86_64', native, [part], '', folder);
    const got = run(machine, carried, [part], '', folder);
    expect(want.status).toBe(0);
    expect(`${want.stdout}`).not.toContain('written behind');
    expect(`${got.stdout}`.split('\n')).toEqual(`${want.stdout}`.split('\n'));
    expect(got.status).toBe(0);
  });
});
