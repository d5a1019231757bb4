// SPDX-License-Identifier: MIT
import type { FunctionCode } from '../../program/types.ts';
import { sameRegister } from '../from-x86_64/operands.ts';
import { VECTORS } from '../from-x86_64/relate-homes.ts';
import { formOf } from '../from-x86_64/rule.ts';
import type { HighHomes } from './context.ts';
import { takesUpper } from './floats.ts';

/** The vector registers of which a function takes the low half as a whole, as a double or as lanes. */
export const takesWhole = (code: FunctionCode): ReadonlySet<string> => takenAtEntry(code).moved;

type Taken = Pick<HighHomes, 'taken' | 'moved'>;

const NONE: Taken = { taken: new Set(), moved: new Set() };
const takenBy = new WeakMap<FunctionCode, Taken>();

export function takenAtEntry(code: FunctionCode): Taken {
  const before = takenBy.get(code);
  if (before !== undefined) return before;
  const found = code.insts.some(({ ops }) => ops.some((op) => op.kind === 'reg' && op.reg.class === 'vec'))
    ? takenFrom(code)
    : NONE;
  takenBy.set(code, found);
  return found;
}

/** What instructions do with vector registers on some way from the entry before one writes them, up to calls. */
function takenFrom(code: FunctionCode): Taken {
  const [taken, moved] = [new Set<string>(), new Set<string>()];
  const seen = new Set<number>();
  // Which register's value at entry is where.
  const work: { readonly block: number; readonly values: ReadonlyMap<string, string> }[] = [
    { block: 0, values: new Map(VECTORS.map((s) => [s, s])) },
  ];
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const block = code.blocks[next.block];
    if (block === undefined || seen.has(next.block)) continue;
    seen.add(next.block);
    const values = new Map(next.values);
    for (let k = block.start; k < block.end; k++) {
      const inst = code.insts[k];
      if (inst === undefined) continue;
      const { mnemonic } = formOf(inst.def);
      const { ops } = inst;
      const [dst, src] = ops;
      const clears = sameRegister(dst, src);
      const both = !clears && [dst, src].every((op) => op?.kind === 'reg' && values.has(op.reg.loc));
      const elsewhere = dst?.kind === 'reg' && dst.reg.class !== 'vec';
      for (const [position, op] of ops.entries()) {
        if (op.kind !== 'reg' || op.reg.class !== 'vec') continue;
        const { loc } = op.reg;
        const first = values.get(loc);
        if (first === undefined) continue;
        if (first === loc && !clears && (position > 0 || !/^mov|^sqrt|^cvt/.test(mnemonic))) taken.add(loc);
        if (elsewhere ? mnemonic === 'movq' : takesUpper(inst, loc, both)) moved.add(first);
      }
      if (dst?.kind !== 'reg' || dst.reg.class !== 'vec') continue;
      const copied = src?.kind === 'reg' && COPY.test(mnemonic) ? values.get(src.reg.loc) : undefined;
      if (copied === undefined) values.delete(dst.reg.loc);
      else values.set(dst.reg.loc, copied);
    }
    if (block.flow.kind !== 'call') for (const s of block.successors) work.push({ block: s, values });
  }
  return { taken, moved };
}

const COPY = /^mova|^movdqa|^movu|^movdqu|^movq$/;
