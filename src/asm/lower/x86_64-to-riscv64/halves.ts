// SPDX-License-Identifier: MIT
import { x8664ToRiscv64 } from '../../abi/pairs/x86_64-riscv64.ts';
import type { After } from '../from-x86_64/context.ts';
import { VECTORS } from '../from-x86_64/relate-homes.ts';
import type { Context, HalfPlace, Spill } from './context.ts';
import { type Address, addConstant, baseOffset, load, loadFloat, store, storeFloat } from './memory.ts';
import { f, home, numberOf, STACK, x } from './registers.ts';

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

const USUAL: readonly (readonly [source: string, place: number])[] = Object.entries(x8664ToRiscv64.highHomes ?? {}).map(
  ([source, place]) => [source, numberOf(place)],
);

/** Copies high halves to where functions of the file expect them, unless something else that is wanted is there. */
export function passHighs(c: Context, live: After): void {
  for (const [source, usual] of USUAL) {
    if (!c.hasHigh(source) || !live.surelyLive(source, 64, 127)) continue;
    const inUse = VECTORS.some(
      (s) =>
        (home(s) === usual && live.live(s, 0, 63)) ||
        (s !== source && c.hasHigh(s) && c.high(s) === usual && live.surelyLive(s, 64, 127)),
    );
    if (!inUse) copyHalf(c, usual, c.high(source));
  }
}

/** Takes high halves from there where a function begins. */
export function takeHighs(c: Context, live: After): void {
  for (const [source, usual] of USUAL)
    if (c.hasHigh(source) && live.surelyLive(source, 64, 127)) copyHalf(c, c.high(source), usual);
}

function slot(c: Context, spill: Spill): Address {
  return baseOffset(c, STACK, c.spillOffset(spill));
}
