// SPDX-License-Identifier: MIT
import { certainCallModel } from '../abi/call-model.ts';
import { bitsIn, chunksOf } from '../program/chunks.ts';
import { summariseProgram } from '../program/summary.ts';
import type { FunctionCode } from '../program/types.ts';
import { type Bits, ofRanges } from './bits.ts';
import { neverWritten } from './clobbers.ts';
import type { Context } from './context.ts';

/** Which bits of which source registers. */
export type Needs = ReadonlyMap<string, Bits>;

const known = new WeakMap<Context, Map<FunctionCode, Map<string, Bits>>>();

/**
 * What callers in this file rely on after a call to `code`: the registers that their next relations speak of and that
 * they go on to read, unless the function surely leaves them alone. That an unknown function might take a register as
 * an argument is no reading: see the assumption `abi-results`. Each return of the function owes them all of it, whatever the convention says,
 * so nothing rests on the callers having been found: one that was not finds nothing it could rely on.
 */
export function needsOf(context: Context, code: FunctionCode, convention: 'abi' | 'local'): Needs {
  const all = needs(context, code);
  if (convention === 'local') return all;
  // Where an abi function returns results, there is no room for registers that live there otherwise.
  const { results, homes } = context.claim.pair;
  const taken = new Set(Object.values(results));
  return new Map([...all].filter(([r]) => results[r] !== undefined || !taken.has(homes[r] ?? '')));
}

function needs(context: Context, code: FunctionCode): Needs {
  let all = known.get(context);
  if (all === undefined) {
    all = collect(context);
    known.set(context, all);
  }
  return all.get(code) ?? new Map();
}

function collect(context: Context): Map<FunctionCode, Map<string, Bits>> {
  const needs = new Map<FunctionCode, Map<string, Bits>>();
  const passedOn: [from: FunctionCode, to: FunctionCode][] = [];
  const need = (code: FunctionCode, register: string, bits: Bits): boolean => {
    const mine = needs.get(code) ?? new Map<string, Bits>();
    needs.set(code, mine);
    const before = mine.get(register) ?? 0n;
    if ((before | bits) === before || neverWritten(context.source, code)(register)) return false;
    mine.set(register, before | bits);
    return true;
  };
  const { program } = context.source;
  const chunks = chunksOf(program.isa);
  const certain = summariseProgram(program, certainCallModel(program.isa));
  const { results } = context.claim.pair;
  for (const relation of context.claim.functions) {
    const code = context.source.functionAt(relation.source);
    const reads = certain.functions[program.functionOf.get(relation.source) ?? -1]?.liveness;
    for (const block of code?.blocks ?? []) {
      if (code === undefined) continue;
      const tail = block.tailCall === undefined ? undefined : context.source.functionAt(block.tailCall);
      if (tail !== undefined) passedOn.push([code, tail]);
      const called = block.flow.kind === 'call' ? block.flow.target : undefined;
      const callee = called === undefined ? undefined : context.source.functionAt(called);
      if (callee === undefined) continue;
      for (const s of block.successors) {
        for (const r of relation.blocks[s]?.relation.registers ?? []) {
          const read = reads !== undefined && bitsIn(reads.liveIn(s), chunks, r.source).length > 0;
          if (read || r.source in results) need(callee, r.source, ofRanges(r.bits));
        }
      }
    }
  }
  // A tail call returns to the caller's caller.
  for (let news = true; news; ) {
    news = false;
    for (const [from, to] of passedOn) {
      for (const [register, bits] of needs.get(from) ?? []) if (need(to, register, bits)) news = true;
    }
  }
  return needs;
}
