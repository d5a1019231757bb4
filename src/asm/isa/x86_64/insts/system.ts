// SPDX-License-Identifier: MIT
import { type InstDef, inst } from '../../define.ts';
import { undefinedFlags } from '../flags.ts';
import { sdm } from './form.ts';

/** What the processor and the kernel change besides the result (System V psABI, A.2.1; Linux's entry_64.S). */
const LOST = ['rcx', 'r11', 'rax'] as const;

/** Where Linux takes arguments on x86-64. */
const ARGUMENTS = ['rdi', 'rsi', 'rdx', 'r10', 'r8', 'r9'];

/** `syscall` puts the address behind it and the flags into rcx and r11; no program has a use for them. */
export const systemForms: readonly InstDef[] = [
  inst({
    id: 'x64.syscall.none.64',
    syntax: 'syscall',
    operands: {},
    sem: (_, state) => [
      ...LOST.map((loc) => ({ kind: 'set', loc, value: state.undefined(64, loc) }) as const),
      undefinedFlags(['cf', 'pf', 'af', 'zf', 'sf', 'of'], state),
      {
        kind: 'system',
        number: state.get('rax'),
        arguments: ARGUMENTS.map((loc) => state.get(loc)),
        result: 'rax',
      },
    ],
    ref: sdm('syscall'),
  }),
];
