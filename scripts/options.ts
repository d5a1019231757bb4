// SPDX-License-Identifier: MIT

/** What scripts make of their command lines. */

/** Something on the command line that a script cannot take. */
export class UsageError extends Error {}

/**
 * Runs a script to its exit status. `--help` prints how it is used; what is wrong with its options is said with that, and
 * the status is 2.
 */
export async function runScript(usage: string, main: () => Promise<number>): Promise<void> {
  if (process.argv.slice(2).some((a) => a === '--help' || a === '-h')) {
    console.log(`usage: ${usage}`);
    return;
  }
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof UsageError || isParseError(error))) throw error;
    console.error(`${error.message}\nusage: ${usage}`);
    process.exitCode = 2;
  }
}

/** What `util.parseArgs` throws. */
function isParseError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
}

/** Names with commas between them, at least one, all of which must be known. */
export function namesIn<T extends string>(text: string, isKnown: (name: string) => name is T, what: string): T[] {
  return text.split(',').map((name) => oneOf(name, isKnown, what));
}

export function oneOf<T extends string>(name: string, isKnown: (name: string) => name is T, what: string): T {
  if (!isKnown(name)) throw new UsageError(`'${name}' is no ${what}`);
  return name;
}

/** gcc's name of a level of optimisation, without the dash. */
export const isLevel = (name: string): name is `O${string}` => /^O[0-3sgz]$/.test(name);

/** A whole number above 0. */
export function countIn(text: string, what: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1) throw new UsageError(`${what} is a whole number above 0, not '${text}'`);
  return n;
}
