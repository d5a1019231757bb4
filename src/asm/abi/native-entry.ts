// SPDX-License-Identifier: MIT

/**
 * x86-64 has six integer arguments in registers and what comes then on the stack; the targets have eight in registers. A
 * function that finds arguments on the stack may have an entry of its own for native code: the function's name, as the
 * platform's convention knows it. It lays the arguments out as x86-64 has them and calls the function itself, which then goes by
 * another name. Carried-over code calls that one.
 */

const SUFFIX = '.vouch_stack';

/** The name of a function that finds its arguments where x86-64 has them, beside its entry for native code. */
export const stackedName = (name: string): string => name + SUFFIX;

/** The function that this is the other name of, or undefined for other names. */
export function withoutStacked(name: string): string | undefined {
  return name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : undefined;
}

/** More words than that are laid out for nobody: the entry's frame would not be within the reach of its loads and stores. */
export const MOST_WORDS = 200;

/** A target's text in which functions that find their arguments as x86-64 has them go by their own names, and their entries do not. */
export function withPlainNames(text: string): string {
  if (!text.includes(SUFFIX)) return text;
  const own = new Set([...text.matchAll(/^(\S+)\.vouch_stack:$/gm)].map((m) => m[1] ?? ''));
  const others = text.replace(/^(\S+):$/gm, (line, name: string) => (own.has(name) ? `${name}.vouch_native:` : line));
  return others.replaceAll(/\.vouch_stack(?![\w$])/g, '');
}
