// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import type { Inst } from '../isa/define.ts';
import { immOp, type Operand, regOp } from '../isa/operand.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { registers } from '../isa/x86_64/registers.ts';
import { type ChunkSet, chunksOf, describeSet } from './chunks.ts';
import { type InstSummary, summarise, summaryOf } from './effects-summary.ts';
import { shapeOf } from './shape.ts';
import { findTaint, taintOfShape } from './taint.ts';
import { typical, withTypicalImmediates } from './typical-immediates.ts';

/** Each number of 8 bits, and runs of ones, single bits and mixtures of all lengths. */
function immediates(): bigint[] {
  const list = Array.from({ length: 256 }, (_, k) => BigInt(k) - 128n);
  for (let k = 8n; k < 64n; k += k < 34n ? 1n : 5n) {
    const bit = 1n << k;
    list.push(bit, bit - 1n, bit + 1n, -bit, -bit - 1n, bit | (bit >> 3n), bit - (bit >> 5n));
  }
  let random = 0x9e3779b97f4a7c15n;
  for (let k = 0; k < 60; k++) {
    random = BigInt.asUintN(64, random * 6364136223846793005n + 1442695040888963407n);
    list.push(BigInt.asIntN(8 + (k % 56), random));
  }
  return list;
}

const named = [...registers.values()].filter((r) => ['rax', 'rcx', 'r12'].includes(r.loc) && r.lo === 0);
const others: readonly Operand[] = [
  ...named.map(regOp),
  { kind: 'mem', disp: { offset: 8n }, ...{ base: named.find((r) => r.name === 'rcx') } } as Operand,
];

/** Each form with each immediate, and registers and memory in turn beside it. */
function instances(): Inst[] {
  const all = immediates();
  return x86_64.forms.flatMap((def) => {
    const kinds = def.operands.map(([, kind]) => kind);
    const last = kinds.at(-1);
    if (last === undefined) return [];
    return all.flatMap((value, k): Inst[] => {
      const imm = immOp(value);
      if (!last.accepts(imm)) return [];
      const rest = kinds.slice(0, -1).map((kind) => {
        const fitting = others.filter((o) => kind.accepts(o));
        return fitting[k % fitting.length];
      });
      const ops = [...rest, imm].filter((o) => o !== undefined);
      return ops.length === kinds.length ? [{ def, ops }] : [];
    });
  });
}

/** What each part that is written depends on, and AF by itself. */
function plain({ writes, uses, groups, sets, goes }: InstSummary): { rest: unknown; af: readonly string[] } {
  const parts = (set: ChunkSet): string[] => describeSet(set, chunksOf(x86_64));
  const from = new Map(groups.flatMap((g) => parts(g.written).map((part) => [part, parts(g.from)] as const)));
  const af = from.get('af') ?? [];
  from.delete('af');
  const rest = { sets: [...sets].sort(), goes, writes: parts(writes), uses: parts(uses), from: [...from].sort() };
  return { rest, af };
}

test('what is found with typical immediates is what is found without, but for AF', () => {
  let replaced = 0;
  for (const inst of instances()) {
    if (withTypicalImmediates(inst, x86_64) === undefined) continue;
    replaced++;
    const text = x86_64.printInst(inst, 'att');
    const [found, wanted] = [plain(summaryOf(inst, x86_64)), plain(summarise(inst, x86_64))];
    expect(found.rest, text).toEqual(wanted.rest);
    expect(
      wanted.af.every((part) => found.af.includes(part)),
      text,
    ).toBe(true);
    expect(taintOfShape(inst, shapeOf(inst), x86_64), text).toEqual(findTaint(inst, x86_64));
  }
  expect(replaced).toBeGreaterThan(2000);
});

test('a typical immediate has the pieces of the one that it stands for', () => {
  expect(typical(100n, 32)).toBe(0x55n);
  expect(typical(-1n, 32)).toBe(-1n);
  expect(typical(0x100n, 32)).toBe(0x5500n);
  expect(typical(-16n, 32)).toBe(-16n);
  expect(typical(0x90n, 8)).toBe(-0x30n);
  expect(typical(0x80n, 8)).toBe(-0x80n);
  expect(typical(typical(0x123400n, 64), 64)).toBe(typical(0x123400n, 64));
});
