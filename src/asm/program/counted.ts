// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import { bv, eq, low, not } from '../../logic/build.ts';
import { effectsOf, type Inst } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import { locationVariable, SymbolicState } from '../isa/state.ts';
import { addAll, type ChunkSet, chunksOf, emptySet, intersects, keepOnly, setOf } from './chunks.ts';
import type { Counted } from './conventions.ts';
import { summariesOf } from './liveness.ts';
import type { Block, FunctionCode } from './types.ts';

/**
 * Functions with variable arguments save the vector registers that may be some, all of each, but only where the call
 * says that it passes vectors; and most calls say that they pass none.
 */

const PREFIX = 'counted.';
/** Compilers ask after a few instructions. */
const MOST = 100;

/** Where a function that begins by asking whether vectors are passed goes on if none are: a block index. */
export function withoutVectors(code: FunctionCode, isa: Isa, { count, bits }: Counted): number | undefined {
  const first = code.blocks[0];
  if (first === undefined || first.end - first.start > MOST) return undefined;
  if (first.flow.kind !== 'jump' || !first.flow.conditional || first.tailCall !== undefined) return undefined;
  const taken = code.blockAt[code.indexOfLabel.get(first.flow.target) ?? -1];
  const state = new SymbolicState(isa, PREFIX);
  const none = eq(low(locationVariable(isa, PREFIX, count), bits), bv(bits, 0));
  for (const inst of code.insts.slice(first.start, first.end)) {
    const effects = effectsOf(inst, state);
    for (const e of effects) {
      if (e.kind !== 'jump' || e.condition === undefined) continue;
      if (e.condition === none) return taken;
      if (e.condition === not(none)) return first.index + 1;
    }
    state.apply(effects);
  }
  return undefined;
}

/**
 * What a block that ends with a call of such a function, or with a jump to one, passes to it: nothing where it makes the
 * count 0, else what it has written itself. What has been there before may be anything.
 */
export function vectorsPassed(code: FunctionCode, block: Block, isa: Isa, { count, bits, passed }: Counted): ChunkSet {
  const chunks = chunksOf(isa);
  const summaries = summariesOf(code, isa).slice(block.start, block.end);
  const own = setOf(chunks, `${count}:0-${bits - 1}`);
  const last = summaries.findLastIndex(({ writes }) => intersects(writes, own));
  const written = emptySet(chunks);
  if (last !== -1 && isZeroed(must(code.insts[block.start + last], 'an instruction'), isa, count, bits)) return written;
  for (const { writes } of summaries) addAll(written, writes);
  keepOnly(written, passed);
  return written;
}

function isZeroed(inst: Inst, isa: Isa, loc: string, bits: number): boolean {
  const state = new SymbolicState(isa, PREFIX);
  state.apply(effectsOf(inst, state));
  return low(state.get(loc), bits) === bv(bits, 0);
}
