// SPDX-License-Identifier: MIT
import { store } from '../../logic/build.ts';
import { placeOf } from '../../logic/memory.ts';
import { proveQuickly } from '../../logic/prove.ts';
import type { Term } from '../../logic/term.ts';
import type { MemoryAccess } from '../isa/state.ts';
import type { PathAccess } from './machine.ts';

/** `a - b` where that is a known number, signed. */
export function distance(a: Term, b: Term): number | undefined {
  const [x, y] = [placeOf(a), placeOf(b)];
  if (x.base !== y.base) return undefined;
  const d = Number(BigInt.asIntN(64, x.offset - y.offset));
  return Number.isSafeInteger(d) ? d : undefined;
}

/** What System V keeps safe below the stack pointer; whatever lies deeper is nobody's. */
export const RED_ZONE = 128;

/** How far from the stack pointer an access may lie and still be taken for one to the function's stack. */
export const STACK_REACH = 2 ** 24;

/** `memory` without the stores that lie entirely below `limit`, but not far. Equal at every address that is not below. */
export function strippedBelow(memory: Term, limit: Term): Term {
  return withoutStores(memory, (address, bytes) => {
    const from = distance(address, limit);
    return from !== undefined && from > -STACK_REACH && from + bytes <= 0;
  });
}

/** `memory` without the stores into one of the ranges of `size` bytes at these offsets from `sp`; equal outside of them. */
export function strippedWithin(memory: Term, sp: Term, offsets: readonly number[], size: number): Term {
  return withoutStores(memory, (address, bytes) => {
    const from = distance(address, sp);
    return from !== undefined && offsets.some((o) => from >= o && from + bytes <= o + size);
  });
}

/** `memory` without some of its stores: equal wherever those do not store, since what is stored elsewhere stays. */
function withoutStores(memory: Term, drop: (address: Term, bytes: number) => boolean): Term {
  const kept: { address: Term; value: Term }[] = [];
  let rest = memory;
  let dropped = false;
  while (rest.op === 'store') {
    const [inner, address, value] = rest.args;
    if (inner === undefined || address === undefined || value === undefined) return memory;
    if (drop(address, value.width / 8)) dropped = true;
    else kept.push({ address, value });
    rest = inner;
  }
  if (!dropped) return memory;
  return kept.reduceRight((m, s) => store(m, s.address, s.value), rest);
}

const FEW_SAMPLES = 4;

/**
 * The first of the target's accesses that could fault where the source does not: one that is neither covered by
 * accesses of the source nor, below one of `limits`, in the function's own stack.
 */
export function uncovered(
  source: readonly MemoryAccess[],
  target: readonly PathAccess[],
  limits: readonly Term[],
): MemoryAccess | undefined {
  const exact = new Map<Term, number>();
  for (const a of source) exact.set(a.address, Math.max(exact.get(a.address) ?? 0, a.bytes));
  return target.find((t) => {
    if ((exact.get(t.address) ?? 0) >= t.bytes) return false;
    const inStack = limits.some((l) => {
      const from = distance(t.address, l);
      return from !== undefined && from > -STACK_REACH && from + t.bytes <= 0;
    });
    if (inStack) return false;
    return !coveredBy(source, t) && !source.some((s) => s.bytes >= t.bytes && sameOnPath(s.address, t));
  });
}

/** Whether the address is that of the access on the way to it: a division, for one, has been seen not to be by zero. */
function sameOnPath(address: Term, access: PathAccess): boolean {
  const goal = { assumptions: access.path, left: address, right: access.address };
  return proveQuickly(goal, FEW_SAMPLES)?.kind === 'proved';
}

/** True where the source's accesses at known distances make up the whole of `t`. */
function coveredBy(source: readonly MemoryAccess[], t: MemoryAccess): boolean {
  const ranges: [from: number, to: number][] = [];
  for (const s of source) {
    const from = distance(s.address, t.address);
    if (from !== undefined && from < t.bytes && from + s.bytes > 0) ranges.push([from, from + s.bytes]);
  }
  ranges.sort((a, b) => a[0] - b[0]);
  let reached = 0;
  for (const [from, to] of ranges) if (from <= reached) reached = Math.max(reached, to);
  return reached >= t.bytes;
}

/** How many bytes below the stack pointer of that moment an access begins; 0 for those that do not. */
export function depthBelowStack(a: PathAccess): number {
  const [before, after] = a.stack.map((sp) => distance(a.address, sp));
  if (before === undefined || after === undefined || before < -STACK_REACH || after < -STACK_REACH) return 0;
  return Math.max(0, Math.min(-before, -after));
}
