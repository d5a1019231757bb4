// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import type { Inst } from '../isa/define.ts';
import { type Operand, regOp } from '../isa/operand.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { examples } from '../isa/x86_64/operands.ts';
import { registers } from '../isa/x86_64/registers.ts';
import { displacementOf, findFacts, type LinearFacts, linearFacts, offsetOf, type Sum } from './linear.ts';
import { shapeOf } from './shape.ts';

const bases = [...registers.values()].filter((r) => r.width === 64 && ['rsp', 'rbp', 'rax'].includes(r.loc));
/** A short `lea` with a displacement that ends in 16 zeros changes nothing; it is taken to change the register. */
const displacements = [-0x3fffffffn, -8n, 0n, 8n, 24n, 0x3fffffffn];

/** Memory operands of the same shapes with displacements of all sizes. */
function memories(): Operand[] {
  return bases.flatMap((base, i): Operand[] =>
    displacements.flatMap((offset): Operand[] => {
      const index = bases[(i + 1) % bases.length];
      const plain: Operand = { kind: 'mem', disp: { offset }, base };
      if (index === undefined || index.loc === 'rsp') return [plain];
      return [plain, { kind: 'mem', disp: { offset }, base, index, scale: 1 }];
    }),
  );
}

function instances(): Inst[] {
  const all = [...memories(), ...bases.map(regOp)];
  return x86_64.forms.flatMap((def) => {
    const choices = def.operands.map(([, kind]) => [...all.filter((o) => kind.accepts(o)), ...examples(kind)]);
    const rounds = choices.some((c) => c.some((o) => o.kind === 'mem')) ? 10 : 3;
    return Array.from({ length: choices.length === 0 ? 1 : rounds }, (_, round) => ({
      def,
      ops: choices.flatMap((list, k) => list[(round + k * (round % 3)) % list.length] ?? []),
    }));
  });
}

/** What facts say, with the displacement as a part of the offsets. */
function plain(facts: LinearFacts, displacement: number): unknown {
  const sum = (s: Sum | undefined): unknown => {
    const offset = s && offsetOf(s, displacement);
    // What has no register in it is nowhere in a frame.
    if (s === undefined || offset === undefined || s.registers.length === 0) return 'none';
    return { registers: [...s.registers].sort(), offset, other: s.other };
  };
  return {
    sets: facts.sets.map((s) => ({ register: s.register, value: sum(s.value) })),
    accesses: facts.accesses.map((a) => ({ kind: a.kind, bytes: a.bytes, address: sum(a.address) })),
  };
}

test('what is found once for all displacements is what is found for each, for every form', () => {
  let displaced = 0;
  const all = instances();
  for (const inst of all) {
    const displacement = displacementOf(inst);
    if (displacement !== 0) displaced++;
    const facts = linearFacts(inst, shapeOf(inst), x86_64);
    expect(plain(facts, displacement), x86_64.printInst(inst, 'att')).toEqual(plain(findFacts(inst, x86_64), 0));
  }
  expect(displaced).toBeGreaterThan(all.length / 8);
});
