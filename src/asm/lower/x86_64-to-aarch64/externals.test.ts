// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { Diagnostics } from '../../../base/diagnostic.ts';
import { x86_64 } from '../../isa/x86_64/index.ts';
import { recoverProgram } from '../../program/recover.ts';
import { readAsm } from '../../text/read.ts';
import { lowerFile } from '../from-x86_64/file.ts';
import { toAarch64 } from './target.ts';

function lower(
  text: string,
  definedElsewhere: string[] = [],
): { text: string; runtime: readonly string[]; said: string[] } {
  const diagnostics = new Diagnostics();
  const program = recoverProgram(readAsm({ file: 'test.s', text }, x86_64, diagnostics), diagnostics);
  const lowered = lowerFile(toAarch64, program, diagnostics, { definedElsewhere: new Set(definedElsewhere) });
  return { ...lowered, said: diagnostics.list.map((d) => `${d.span?.line}: ${d.code} ${d.message}`) };
}

const CALLING = `
  .globl f
f:
  subq $8, %rsp
  call printf@PLT
  addq $8, %rsp
  ret
`;
const OWN = `
  .globl printf
printf:
  ret
`;

test('a call of a bridged function calls the bridge, which comes along', () => {
  const { text, runtime } = lower(CALLING);
  expect(text).toContain('\tbl\t__vouch_printf\n');
  expect(text).toContain('\n__vouch_printf:\n');
  expect(text).not.toMatch(/\bbl\tprintf\b/);
  expect(runtime).toEqual(['__vouch_printf']);
});

test("the program's own function of that name is called itself", () => {
  expect(lower(`${CALLING}${OWN}`).runtime).toEqual([]);
  const { text, runtime } = lower(CALLING, ['printf']);
  expect(text).toContain('\tbl\tprintf\n');
  expect(runtime).toEqual([]);
});

test('an address of a bridged function is the bridge’s', () => {
  const { text, runtime } = lower(`
  .globl f
f:
  movq printf@GOTPCREL(%rip), %rax
  ret
  .data
table:
  .quad printf, strlen, sprintf+0
  .string "printf"
name_printf:
  .quad name_printf
`);
  expect(runtime).toEqual(['__vouch_printf', '__vouch_sprintf']);
  expect(text).toContain(':got:__vouch_printf');
  expect(text).toMatch(/\.8byte\t__vouch_printf, strlen, __vouch_sprintf/);
  expect(text).toContain('.string\t"printf"');
  expect(text).toContain('\t.8byte\tname_printf\n');
});

test('what has no bridge is refused where it is first used', () => {
  const uses = `
  .globl f
f:
  subq $8, %rsp
  call syscall@PLT
  call syscall@PLT
  addq $8, %rsp
  ret
  .data
  .quad swapcontext
`;
  const { said } = lower(uses);
  expect(said.map((s) => s.replace(/:.*?(V\d+ \w+).*/, ' $1'))).toEqual(['5 V0241 syscall', '10 V0241 swapcontext']);
  expect(lower(uses, ['syscall', 'swapcontext']).said).toEqual([]);
});
