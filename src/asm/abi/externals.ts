// SPDX-License-Identifier: MIT
import { aarch64Runtime } from './runtime/runtime.ts';

/** What is known about functions outside of the program, for x86-64 Linux with glibc carried to AArch64. */

export { refused } from './externals-refused.ts';

/** The function of vouch's runtime that stands for an external function, by the external function's name. */
export const bridges: Readonly<Record<string, string>> = Object.fromEntries(
  [...aarch64Runtime.values()].flatMap((f) => f.standsFor.map((name) => [name, f.name])),
);

/** ISO C, POSIX and what glibc's headers and compilers call on failure. `error` returns when its status is 0. */
export const noReturn: readonly string[] = [
  ...['abort', 'exit', '_Exit', 'quick_exit', 'longjmp', 'thrd_exit'],
  ...['_exit', 'siglongjmp', 'pthread_exit', '_longjmp'],
  ...['__assert_fail', '__assert_perror_fail', '__stack_chk_fail', '__chk_fail', '__fortify_fail', '__longjmp_chk'],
  ...['err', 'errx', 'verr', 'verrx'],
];

/** The same on the target, where bridges stand for some of them. */
export const noReturnOnTarget: readonly string[] = [
  ...noReturn,
  '__vouch_trap_divide',
  ...new Set(noReturn.flatMap((name) => bridges[name] ?? [])),
];

/**
 * The bridges for a program that defines `defined` itself, in whichever file: its own `printf` needs no bridge. Lowering
 * and checking must be given the same ones.
 */
export function bridgesExcept(defined: (name: string) => boolean): Readonly<Record<string, string>> {
  const used = Object.entries(bridges).filter(([name]) => !defined(name));
  return used.length === Object.keys(bridges).length ? bridges : Object.fromEntries(used);
}
