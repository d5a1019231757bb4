// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { build, run } from './build.ts';
import { TARGETS } from './targets.ts';

/** Structures of more than 16 bytes by value: x86 puts them on the stack. */

const program = (call: string): string => `
#include <arpa/nameser.h>
#include <stdio.h>
extern long enter();
extern void __vouch_ns_msg_getflag(void);
int main(void) {
  const unsigned char bytes[] = {0x12, 0x34, 0x85, 0x93, 0, 0, 0, 0, 0, 0, 0, 0};
  ns_msg message;
  if (ns_initparse(bytes, sizeof bytes, &message) != 0 || sizeof message != 80) return 1;
  for (int flag = ns_f_qr; flag < ns_f_max; flag++) printf("%d\\n", (int)${call});
}`;

test.each(TARGETS)('$name: structures by value arrive', ({ name, runtime, enterCall }) => {
  const native = build('x86_64', { 'main.c': program('ns_msg_getflag(message, flag)') }, ['-lresolv']);
  const through =
    'enter(__vouch_ns_msg_getflag, (long[6]){flag ^ 0x7777777700000000}, (double[8]){0}, 10, (long *)&message)';
  const files = {
    'main.c': program(through),
    'enter.s': enterCall,
    'runtime.s': runtime.text(['__vouch_ns_msg_getflag']),
  };
  const want = run('x86_64', native);
  expect(`${want.stdout}`.split('\n').length).toBeGreaterThan(9);
  expect(new Set(`${want.stdout}`.split('\n')).size).toBeGreaterThan(3);
  expect(`${run(name, build(name, files, ['-lresolv'])).stdout}`).toBe(`${want.stdout}`);
});
