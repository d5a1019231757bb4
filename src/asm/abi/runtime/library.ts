// SPDX-License-Identifier: MIT
import { assert, must } from '../../../base/assert.ts';
import { byName } from '../../../base/by-name.ts';
import type { RuntimeFunction } from './runtime-function.ts';

/** How the section of each runtime function begins. */
const SECTION = '\t.section\t.text.';

/** The functions of vouch's own runtime for one target. */
export class RuntimeLibrary {
  readonly functions: ReadonlyMap<string, RuntimeFunction>;
  /** The function that stands for an external function, by the external function's name. */
  readonly bridges: Readonly<Record<string, string>>;
  /** How many bits of a code address are zero. */
  private readonly alignment: number;

  constructor(functions: readonly RuntimeFunction[], alignment: number) {
    this.functions = new Map(functions.map((f) => [f.name, f]));
    assert(this.functions.size === functions.length, 'each runtime function has a name of its own');
    this.bridges = byName(functions.flatMap((f) => f.standsFor.map((name) => [name, f.name] as const)));
    this.alignment = alignment;
  }

  /** The runtime functions that these ones need, themselves among them, in alphabetical order. */
  closure(names: Iterable<string>): RuntimeFunction[] {
    const found = new Map<string, RuntimeFunction>();
    const todo = [...names];
    for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
      if (found.has(name)) continue;
      const f = must(this.functions.get(name), `the runtime has no ${name}`);
      found.set(name, f);
      todo.push(...f.needs);
    }
    return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * The runtime functions named and what they need, as assembly to be put at the end of a file. Each has a section group
   * of its own, so that a program keeps one copy however many of its files bring it, and only those that are called.
   */
  text(names: Iterable<string>): string {
    return this.closure(names)
      .map((f) => this.functionText(f))
      .join('');
  }

  private functionText({ name, lines }: RuntimeFunction): string {
    const text = [
      `${SECTION}${name}, "axG", %progbits, ${name}, comdat`,
      `\t.p2align\t${this.alignment}`,
      `\t.weak\t${name}`,
      `\t.hidden\t${name}`,
      `\t.type\t${name}, %function`,
      `${name}:`,
      ...lines,
      `\t.size\t${name}, .-${name}`,
    ];
    return `${text.join('\n')}\n`;
  }

  /**
   * A target's own text, without the runtime functions at its end. Only functions that are to the letter what `text`
   * gives are taken off: whatever else calls itself so is part of the program.
   */
  without(text: string): string {
    let start = text.length;
    for (;;) {
      const at = text.lastIndexOf(`${SECTION}__vouch_`, start - 1);
      if (at < 0) break;
      const name = text.slice(at + SECTION.length, text.indexOf(',', at));
      const f = this.functions.get(name);
      if (f === undefined || text.slice(at, start) !== this.functionText(f)) break;
      start = at;
    }
    return text.slice(0, start);
  }
}
