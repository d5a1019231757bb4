// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import type { InstDef } from '../../src/asm/isa/define.ts';
import { immOp, num, type Operand, regOp } from '../../src/asm/isa/operand.ts';
import { x86_64 } from '../../src/asm/isa/x86_64/index.ts';
import { reg } from '../../src/asm/isa/x86_64/registers.ts';
import { partsOf } from '../../src/asm/lower/from-x86_64/rule.ts';
import { findRoute } from '../../src/asm/pipeline/route.ts';
import { readProgram } from '../../src/asm/pipeline/session.ts';
import { must } from '../../src/base/assert.ts';
import { Diagnostics } from '../../src/base/diagnostic.ts';

/** What is carried over to AArch64 is carried over to RISC-V: each form in a few functions, with flags that are live over it. */

const named = (...names: string[]): Operand[] => names.map((n) => regOp(reg(n)));
const MEMORY: Operand = { kind: 'mem', disp: num(16), base: reg('rsi'), index: reg('rdx'), scale: 4 };
const NUMBERS = [1, 7, 31, 0x4e, -1].map((n) => immOp(n));
const CANDIDATES: readonly (readonly Operand[])[] = [
  [...named('al', 'ah', 'ax', 'eax', 'rax', 'xmm0', 'xmm13'), MEMORY],
  [...named('cl', 'ax', 'ecx', 'rcx', 'xmm1', 'xmm0'), MEMORY, ...NUMBERS],
  [...named('cl', 'ecx', 'rcx', 'xmm1'), MEMORY, ...NUMBERS],
];

/** Leaves the block, or needs another to stand behind it. */
const APART = /^x64\.(j|call|ret|loop|leave|push|pop|enter|ud2|int3|syscall|data16|notrack|bnd|std)/;

const LAST = '\tmovdqu %xmm0, (%r8)\n\tmovq %rax, 24(%r8)\n\tmovq %rdx, 32(%r8)\n\tmovq %rcx, 40(%r8)\n';
const BY_FLAGS: readonly (readonly [before: string, after: string])[] = [
  ['', ''],
  ['\tcmpq %rsi, %rdi\n', '\tlahf\n\tseto 65(%r8)\n\tmovw %ax, 66(%r8)\n'],
  ['\tcmpq %rsi, %rdi\n', '\tpushfq\n\tpopq %r9\n\tmovq %r9, 80(%r8)\n'],
  ['\tucomisd %xmm1, %xmm0\n', '\tsetbe 64(%r8)\n'],
  ['\taddq %rdi, %rax\n', '\tsetle 64(%r8)\n\tsetp 65(%r8)\n'],
];

/**
 * What RISC-V refuses alone: what it has no instruction for (lock cmpxchg16b), and flags that the manual leaves undefined, of
 * which AArch64's lowering finds some, and the proof fails.
 */
const ALONE = /has no atomic access to 16 bytes|flag that this condition reads is not available/;

/** And where flags are many: the adding of a carry to memory beside an auxiliary carry that is read takes one register more. */
const CROWDED = new Set(['x64.adc.rm_rmi.64', 'x64.sbb.rm_rmi.64']);

function bodies(def: InstDef): string[] {
  let lists: Operand[][] = [[]];
  for (const [i, [, kind]] of def.operands.entries()) {
    const accepted = must(CANDIDATES[Math.min(i, 2)], 'candidates').filter((o) => kind.accepts(o));
    lists = lists.flatMap((ops) => accepted.map((o) => [...ops, o]));
  }
  const step = Math.ceil(lists.length / 3);
  return lists.filter((_, i) => i % step === 0).map((ops) => x86_64.printInst({ def, ops }, 'att'));
}

/** The lines of these functions that a target refuses, with what it says. */
function refusals(text: string, to: string): ReadonlyMap<number, string> {
  const route = must(findRoute('x86_64', to), 'a route');
  const program = must(readProgram({ file: 'forms.s', text }, route.source).program, text);
  const diagnostics = new Diagnostics();
  route.lower(program, diagnostics, {});
  return new Map(diagnostics.list.map((d) => [d.span?.line ?? 0, d.message]));
}

const isRead = (body: string): boolean =>
  readProgram({ file: 'form.s', text: `f:\n\t${body}\n` }, x86_64).program !== undefined;

test('RISC-V refuses what AArch64 refuses', { timeout: 600_000 }, () => {
  const only: string[] = [];
  let tried = 0;
  for (const def of x86_64.forms) {
    if (APART.test(def.id)) continue;
    const { mnemonic } = partsOf({ def, ops: [] });
    const all = bodies(def).filter(isRead);
    const text = all
      .flatMap((body, i) =>
        BY_FLAGS.map(([before, after], k) => ({ body: `${before}\t${body}\n${after}`, name: `f${i}_${k}` })),
      )
      .map(({ body, name }) => `\t.globl ${name}\n\t.type ${name}, @function\n${name}:\n${body}${LAST}\tret\n`)
      .join('');
    if (all.length === 0) continue;
    tried++;
    const [theirs, ours] = [refusals(text, 'aarch64'), refusals(text, 'riscv64')];
    const lines = text.split('\n');
    for (const [line, message] of ours) {
      if (theirs.has(line) || ALONE.test(message) || CROWDED.has(def.id)) continue;
      only.push(`${mnemonic}, ${def.id}: ${message} at ${lines[line - 1]?.trim()}`);
    }
  }
  expect(only).toEqual([]);
  expect(tried).toBeGreaterThan(600);
});
