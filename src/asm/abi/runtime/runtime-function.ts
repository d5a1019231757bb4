// SPDX-License-Identifier: MIT

/** A function of vouch's own runtime for a target, as assembly text that goes into the outputs that call it. */
export interface RuntimeFunction {
  /** Its symbol; all begin with `__vouch_`. */
  readonly name: string;
  /** The source platform's functions that it stands for; none for helpers. */
  readonly standsFor: readonly string[];
  /** Other runtime functions that it calls. */
  readonly needs: readonly string[];
  /** What it does and why it is needed, in one sentence. */
  readonly about: string;
  /** Its instructions and labels, one a line. */
  readonly lines: readonly string[];
}

/** What a division that traps calls, and what it calls in a program without the C library. */
export const TRAP = '__vouch_trap_divide';
export const TRAP_ALONE = '__vouch_trap_divide_alone';

export interface RuntimeOptions {
  readonly standsFor?: readonly string[];
  readonly needs?: readonly string[];
}

/**
 * Declares a runtime function. In `body`, `@name` is a label of the function's own; blank lines and the indentation do
 * not matter.
 */
export function runtimeFunction(
  name: string,
  about: string,
  body: string,
  { standsFor = [], needs = [] }: RuntimeOptions = {},
): RuntimeFunction {
  let lines: readonly string[] | undefined;
  return {
    name,
    standsFor,
    needs,
    about,
    // There are a thousand of them, of which a file needs few.
    get lines() {
      lines ??= linesOf(name, body);
      return lines;
    },
  };
}

function linesOf(name: string, body: string): string[] {
  const lines: string[] = [];
  for (const line of body.split('\n')) {
    const text = line.trim().replace(/@(\w+)/g, `.L${name}_$1`);
    if (text === '') continue;
    if (text.endsWith(':')) lines.push(text);
    else lines.push(`\t${text.replace(/^(\S+)\s+/, '$1\t')}`);
  }
  return lines;
}

/** A bridge for one function, named after it. */
export function bridge(name: string, about: string, body: string, needs: readonly string[] = []): RuntimeFunction {
  return runtimeFunction(bridgeName(name), about, body, { standsFor: [name], needs });
}

export function bridgeName(name: string): string {
  return `__vouch_${name}`;
}
