// SPDX-License-Identifier: MIT
import type { Context, HalfPlace, Spill } from './context.ts';
import { type Address, addConstant, baseOffset, load, loadFloat, store, storeFloat } from './memory.ts';
import { f, STACK, x } from './registers.ts';

/** Reading and writing halves of vector registers, wherever they are. */

/** The half's bits in general register `into`. */
export function bitsOf(c: Context, place: HalfPlace, into = c.temp()): number {
  if (typeof place === 'number') c.op('fmv.x.d', x(into), f(place));
  else c.scoped(() => load(c, into, slot(c, place), 8));
  c.note(into, undefined);
  return into;
}

/** A floating-point register with the half in it; not to be written. */
export function floatOf(c: Context, place: HalfPlace): number {
  if (typeof place === 'number') return place;
  const t = c.floatTemp();
  c.scopedGeneral(() => loadFloat(c, t, slot(c, place), 8));
  return t;
}

/** Puts the bits of general register `n` into the half. */
export function setBits(c: Context, place: HalfPlace, n: number): void {
  if (typeof place === 'number') c.op('fmv.d.x', f(place), x(n));
  else c.scoped(() => store(c, n, slot(c, place), 8));
}

/** Copies one half to another place. */
export function copyHalf(c: Context, to: HalfPlace, from: HalfPlace): void {
  if (typeof to !== 'number') {
    if (typeof from === 'number') c.scopedGeneral(() => storeFloat(c, from, slot(c, to), 8));
    else if (from.spill !== to.spill) c.scoped(() => setBits(c, to, bitsOf(c, from)));
  } else if (typeof from !== 'number') c.scopedGeneral(() => loadFloat(c, to, slot(c, from), 8));
  else if (from !== to) c.op('fmv.d', f(to), f(from));
}

/** The stack pointer is below the spill slots while they are in use, also where it has been moved within a block. */
export function openSpills(c: Context): void {
  if (c.sp <= c.spillBase || !c.namesSpilled) return;
  addConstant(c, STACK, STACK, BigInt(c.spillBase - c.sp));
  c.sp = c.spillBase;
}

function slot(c: Context, spill: Spill): Address {
  return baseOffset(c, STACK, c.spillOffset(spill));
}
