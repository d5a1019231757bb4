// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { divide } from './aarch64/divide.ts';
import { files } from './aarch64/files.ts';
import { numbers } from './aarch64/numbers.ts';
import { setjmp } from './aarch64/setjmp.ts';
import { system } from './aarch64/system.ts';
import { threads } from './aarch64/threads.ts';
import { variadics } from './aarch64/variadic.ts';
import type { RuntimeFunction } from './runtime-function.ts';

/** The runtime for AArch64, by name. */
export const aarch64Runtime: ReadonlyMap<string, RuntimeFunction> = new Map(
  [...divide, ...setjmp, ...variadics, ...files, ...threads, ...numbers, ...system].map((f) => [f.name, f]),
);

/** The runtime functions that these ones need, themselves among them, in alphabetical order. */
export function runtimeClosure(names: Iterable<string>): RuntimeFunction[] {
  const found = new Map<string, RuntimeFunction>();
  const todo = [...names];
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (found.has(name)) continue;
    const f = must(aarch64Runtime.get(name), `the runtime has no ${name}`);
    found.set(name, f);
    todo.push(...f.needs);
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The runtime functions named and what they need, as assembly to be put at the end of a file. Each has a section group
 * of its own, so that a program keeps one copy however many of its files bring it, and only those that are called.
 */
export function runtimeText(names: Iterable<string>): string {
  return runtimeClosure(names).map(functionText).join('');
}

function functionText({ name, lines }: RuntimeFunction): string {
  const text = [
    `\t.section\t.text.${name}, "axG", %progbits, ${name}, comdat`,
    '\t.p2align\t2',
    `\t.weak\t${name}`,
    `\t.hidden\t${name}`,
    `\t.type\t${name}, %function`,
    `${name}:`,
    ...lines,
    `\t.size\t${name}, .-${name}`,
  ];
  return `${text.join('\n')}\n`;
}

/** Where the runtime begins in a file that ends with some, as `runtimeText` writes it; else its length. */
function runtimeStart(text: string): number {
  let start = text.length;
  for (;;) {
    const at = text.lastIndexOf('\t.section\t.text.__vouch_', start - 1);
    if (at < 0) return start;
    const name = /^\t\.section\t\.text\.(\w+),/.exec(text.slice(at, at + 100))?.[1] ?? '';
    const f = aarch64Runtime.get(name);
    if (f === undefined || text.slice(at, start) !== functionText(f)) return start;
    start = at;
  }
}

/**
 * A target's own text, without the runtime functions at its end. Only functions that are to the letter what
 * `runtimeText` gives are taken off: whatever else calls itself so is part of the program.
 */
export function withoutRuntime(text: string): string {
  return text.slice(0, runtimeStart(text));
}
