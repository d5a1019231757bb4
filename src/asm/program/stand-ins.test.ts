// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import type { Inst } from '../isa/define.ts';
import { type Operand, regOp } from '../isa/operand.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { examples } from '../isa/x86_64/operands.ts';
import { registers } from '../isa/x86_64/registers.ts';
import { type InstSummary, summarise, summaryOf } from './effects-summary.ts';
import { shapeOf } from './shape.ts';
import { withStandIns } from './stand-ins.ts';
import { findTaint, type Ingredients, taintOfShape } from './taint.ts';

/** Registers that instructions use without naming them, stand-ins, and others. */
const named = ['rax', 'rcx', 'rdx', 'rbx', 'rsp', 'rbp', 'rsi', 'rdi', 'r8', 'r11', 'r12', 'r13', 'r15'];
const every = [...registers.values()].filter((r) => named.includes(r.loc) || ['xmm0', 'xmm3', 'xmm12'].includes(r.loc));

/** Each form with many choices of operands, the same register in several places among them. */
function instances(): Inst[] {
  return x86_64.forms.flatMap((def) => {
    const choices = def.operands.map(([, kind]): readonly Operand[] => [
      ...every.map(regOp).filter((o) => kind.accepts(o)),
      ...every.flatMap((base, i): Operand[] => {
        const index = every[(i * 5 + 3) % every.length];
        if (base.width !== 64 || index?.width !== 64 || index.loc === 'rsp') return [];
        return [{ kind: 'mem', disp: { offset: 8n }, base, index, scale: 2 } as const].filter((o) => kind.accepts(o));
      }),
      ...examples(kind),
    ]);
    const rounds = choices.length === 0 ? 1 : 16;
    return Array.from({ length: rounds }, (_, round) => ({
      def,
      // Every third round takes the same place of each list, and so the same register where the lists are alike.
      ops: choices.flatMap(
        (list, k) => list[(round * (round % 3 === 0 ? 1 : 2 * k + 1) + k * (round % 3)) % list.length] ?? [],
      ),
    }));
  });
}

const plain = ({ writes, uses, reads, groups, sets, goes }: InstSummary): unknown => ({
  sets: [...sets].sort(),
  goes,
  writes: writes.join(),
  uses: uses.join(),
  reads: reads.join(),
  groups: groups.map((g) => `${g.written.join()} from ${g.from.join()}`).sort(),
});

const sorted = (i: Ingredients | undefined): unknown => i && { ...i, locs: [...i.locs].sort() };

test('what is found with stand-ins is what is found without, for every form', () => {
  let replaced = 0;
  const all = instances();
  for (const inst of all) {
    if (withStandIns(inst, x86_64) !== undefined) replaced++;
    const text = x86_64.printInst(inst, 'att');
    expect(plain(summaryOf(inst, x86_64)), text).toEqual(plain(summarise(inst, x86_64)));
    const [found, wanted] = [taintOfShape(inst, shapeOf(inst), x86_64), findTaint(inst, x86_64)];
    const of = (f: typeof found): unknown => ({
      sets: f.sets.map((s) => ({ loc: s.loc, from: sorted(s.from) })).sort((a, b) => (a.loc < b.loc ? -1 : 1)),
      stored: sorted(f.stored),
      jump: sorted(f.jump),
    });
    expect(of(found), text).toEqual(of(wanted));
  }
  expect(replaced).toBeGreaterThan(all.length / 2);
});
