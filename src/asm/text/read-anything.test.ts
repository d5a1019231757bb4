// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Diagnostics } from '../../base/diagnostic.ts';
import { formatDiagnostics } from '../../base/format-diagnostic.ts';
import { aarch64 } from '../isa/aarch64/index.ts';
import { riscv64 } from '../isa/riscv64/index.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { resolveLocal } from './local-labels.ts';
import { printAsm } from './print.ts';
import { readAsm } from './read.ts';

const pieces = [
  ...[
    '\n',
    '\n\t',
    ';',
    ' ',
    ',',
    ', ',
    ':',
    '"',
    "'",
    '\\',
    '/*',
    '*/',
    '//',
    '#',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '=',
    '@',
  ],
  ...[
    '$',
    '%',
    '*',
    '-',
    '+',
    '!',
    '~',
    '\r\n',
    '\0',
    '\ufffd',
    'é',
    '\\\n',
    '1:',
    '1b',
    '1f',
    '0x',
    '0b',
    '0x1f',
    '-1',
    '077',
  ],
  ...[
    '.long',
    '.quad',
    '.string',
    '.ascii "a"',
    '.section',
    '.macro',
    '.endm',
    '.rept',
    '.endr',
    '.set',
    '.type',
    '.p2align',
  ],
  ...[
    '.intel_syntax noprefix',
    '.att_syntax',
    '.cfi_startproc',
    '.cfi_endproc',
    '.loc',
    'foo',
    '.L1',
    'foo@GOTPCREL',
    ':lo12:foo',
  ],
  ...[
    'movq',
    '%rax',
    '(%rsp)',
    'add',
    'rax',
    'qword ptr',
    '[rsp+8]',
    'lock',
    'rep',
    'movsb',
    'jmp',
    'call',
    'ret',
    '%xmm1',
  ],
  ...[
    'ldr',
    'x0',
    'w1',
    '[x2, #8]!',
    'sp',
    'lsl #3',
    'v0.4s',
    '{v1.16b}',
    'b.eq',
    'stp',
    'ld',
    'call',
    'a0',
    'fa0',
    '8(sp)',
    '%lo(x)(a5)',
    '%hi(x)',
    'rtz',
    '.option norvc',
    'offset',
    'FLAT:',
    '(,%rbx,4)',
  ],
];
const text = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((p) => p.join(''));
const spaced = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((p) => p.join(' '));

/** Texts that were once printed so that they read as something else. */
const examples: [string][] = [['.quad ; #\n'], ['.section\\\n=\n']];

/** The same texts in every run, unless VOUCH_SEED says which. */
const seed = Number(process.env.VOUCH_SEED ?? 7);

for (const isa of [x86_64, aarch64, riscv64]) {
  test(`whatever ${isa.name} text is, reading it ends with diagnostics or with text that reads the same`, () => {
    let accepted = 0;
    const check = (t: string): void => {
      const source = { file: 'any.s', text: t };
      const diagnostics = new Diagnostics();
      const file = readAsm(source, isa, diagnostics);
      for (const d of diagnostics.list) expect(d.span?.line).toBeGreaterThan(0);
      formatDiagnostics(diagnostics.list, { sources: [source] });
      resolveLocal(file, new Diagnostics());
      if (diagnostics.hasErrors) return;
      accepted++;
      const printed = printAsm(file);
      const again = new Diagnostics();
      expect(printAsm(readAsm({ file: 'again.s', text: printed }, isa, again))).toBe(printed);
      expect(again.list).toEqual([]);
    };
    fc.assert(fc.property(text, check), { numRuns: 1500, seed, examples });
    fc.assert(fc.property(spaced, check), { numRuns: 1500, seed });
    expect(accepted).toBeGreaterThan(50);
  });
}
