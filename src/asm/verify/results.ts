// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import { defaultCallModel } from '../abi/call-model.ts';
import { calleeOf } from '../program/callee.ts';
import { type ChunkSet, chunksOf, emptySet, hasChunk, addChunk } from '../program/chunks.ts';
import type { CallModel } from '../program/conventions.ts';
import { mayBeDefined } from '../program/liveness.ts';
import type { FunctionCode } from '../program/types.ts';
import { neverWritten } from './clobbers.ts';
import type { Side } from './context.ts';

const known = new WeakMap<FunctionCode, readonly ChunkSet[]>();

/**
 * Whether `loc` may hold something that the function, or what it calls, has put there when it leaves by `block`. A
 * result register that nothing has written on any way there holds no result.
 */
export function mayBeSet(side: Side, code: FunctionCode, block: number, loc: string): boolean {
  let sets = known.get(code);
  if (sets === undefined) {
    sets = mayBeDefined(code, side.program.isa, callModel(side));
    known.set(code, sets);
  }
  const set = must(sets[block], 'a set per block');
  return (chunksOf(side.program.isa).ofLocation.get(loc) ?? []).some((c) => hasChunk(set, c.index));
}

/** Calls change what their convention lets them, or what the called function of this file writes. */
function callModel(side: Side): CallModel {
  const { program } = side;
  const model = defaultCallModel(program.isa);
  const chunks = chunksOf(program.isa);
  return {
    ...model,
    atCall: (inst, target) => {
      const callee = program.functions[calleeOf(program, inst, target) ?? -1];
      if (callee === undefined) return model.atCall(inst, target);
      const unwritten = neverWritten(side, callee);
      const clobbers = emptySet(chunks);
      for (const c of chunks.list) if (!unwritten(c.loc)) addChunk(clobbers, c.index);
      return { ...model.atCall(inst, target), clobbers };
    },
  };
}
