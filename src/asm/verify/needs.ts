// SPDX-License-Identifier: MIT
import type { FunctionCode } from '../program/types.ts';
import { neverWritten } from './clobbers.ts';
import type { Context } from './context.ts';

/** How many low bits of which source registers. */
export type Needs = ReadonlyMap<string, number>;

const known = new WeakMap<Context, Map<FunctionCode, Map<string, number>>>();

/**
 * What callers in this file rely on after a call to `code`: the registers that their next relations speak of, unless
 * the function surely leaves them alone. Each return of the function owes them all of it, whatever the convention says,
 * so nothing rests on the callers having been found: one that was not finds nothing it could rely on.
 */
export function needsOf(context: Context, code: FunctionCode): Needs {
  let all = known.get(context);
  if (all === undefined) {
    all = collect(context);
    known.set(context, all);
  }
  return all.get(code) ?? new Map();
}

function collect(context: Context): Map<FunctionCode, Map<string, number>> {
  const needs = new Map<FunctionCode, Map<string, number>>();
  const passedOn: [from: FunctionCode, to: FunctionCode][] = [];
  const need = (code: FunctionCode, register: string, bits: number): boolean => {
    const mine = needs.get(code) ?? new Map<string, number>();
    needs.set(code, mine);
    if ((mine.get(register) ?? 0) >= bits || neverWritten(context.source, code)(register)) return false;
    mine.set(register, bits);
    return true;
  };
  for (const relation of context.claim.functions) {
    const code = context.source.functionAt(relation.source);
    for (const block of code?.blocks ?? []) {
      if (code === undefined) continue;
      const tail = block.tailCall === undefined ? undefined : context.source.functionAt(block.tailCall);
      if (tail !== undefined) passedOn.push([code, tail]);
      const called = block.flow.kind === 'call' ? block.flow.target : undefined;
      const callee = called === undefined ? undefined : context.source.functionAt(called);
      if (callee === undefined) continue;
      for (const s of block.successors) {
        for (const r of relation.blocks[s]?.relation.registers ?? []) {
          need(callee, r.source, Math.max(...r.bits.map(([, hi]) => hi)) + 1);
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
