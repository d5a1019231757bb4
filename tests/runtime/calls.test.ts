// SPDX-License-Identifier: MIT
import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { aarch64Runtime } from '../../src/asm/abi/runtime/aarch64/index.ts';
import { build, run, scratch } from './build.ts';

/** Bridges with a fixed number of arguments, called with x86-64's layouts, against native calls on x86-64. */

const FLAGS = ['-fno-builtin'];
let native = '';
let carried = '';

beforeAll(() => {
  const source = readFileSync(new URL('calls.c', import.meta.url), 'utf8');
  native = build('x86_64', { 'calls.c': source }, FLAGS);
  // The library does not have the functions that newer headers name.
  const names = [...aarch64Runtime.functions.keys()].filter((name) => !name.includes('__isoc23_'));
  carried = build('aarch64', { 'calls.c': source, 'runtime.s': aarch64Runtime.text(names) }, FLAGS);
});

for (const part of ['stat', 'open', 'events', 'threads', 'numbers', 'jumps', 'x others']) {
  test(`bridges do what native calls do: ${part}`, () => {
    const folder = scratch();
    writeFileSync(join(folder, 'file'), 'some text');
    linkSync(join(folder, 'file'), join(folder, 'second'));
    symlinkSync('file', join(folder, 'link'));
    mkdirSync(join(folder, 'directory'));
    const want = run('x86_64', native, [part], '', folder);
    const got = run('aarch64', carried, [part], '', folder);
    expect(want.status).toBe(0);
    expect(`${want.stdout}`).not.toContain('written behind');
    expect(`${got.stdout}`.split('\n')).toEqual(`${want.stdout}`.split('\n'));
    expect(got.status).toBe(0);
  });
}
