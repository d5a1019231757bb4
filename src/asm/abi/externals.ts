// SPDX-License-Identifier: MIT
import type { RuntimeLibrary } from './runtime/library.ts';
import { TRAP, TRAP_ALONE } from './runtime/runtime-function.ts';

/** What is known about functions outside of the program, on Linux with glibc. */

/** ISO C, POSIX and what glibc's headers and compilers call on failure. `error` returns when its status is 0. */
export const noReturn: readonly string[] = [
  ...['abort', 'exit', '_Exit', 'quick_exit', 'longjmp', 'thrd_exit'],
  ...['_exit', 'siglongjmp', 'pthread_exit', '_longjmp'],
  ...['__assert_fail', '__assert_perror_fail', '__stack_chk_fail', '__chk_fail', '__fortify_fail', '__longjmp_chk'],
  ...['err', 'errx', 'verr', 'verrx'],
];

/** The same on a target, where bridges stand for some of them. */
export function noReturnOn({ bridges }: RuntimeLibrary): readonly string[] {
  return [...noReturn, TRAP, TRAP_ALONE, ...new Set(noReturn.flatMap((name) => bridges[name] ?? []))];
}
