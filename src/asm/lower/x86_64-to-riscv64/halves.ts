// SPDX-License-Identifier: MIT
import { type After, Refusal } from '../from-x86_64/context.ts';
import { VECTORS } from '../from-x86_64/relate-homes.ts';
import type { Context, HalfPlace, Spill } from './context.ts';
import { type Address, addConstant, baseOffset, load, loadFloat, store, storeFloat } from './memory.ts';
import { FLOAT_TEMPS, f, home, STACK, USUAL_HIGHS, x } from './registers.ts';

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
  if (c.namesSpilled) lowerToSpills(c);
}

/**
 * Takes out of the spill slots what is wanted behind an instruction that moves the stack pointer by a computed amount. What is
 * returned puts it into the slots below the new one.
 */
export function carryOver(c: Context): (() => void) | undefined {
  const spilled = VECTORS.flatMap((s) => {
    const place = c.hasHigh(s) && c.after.surelyLive(s, 64, 127) ? c.high(s) : 0;
    return typeof place === 'number' ? [] : [place];
  });
  if (spilled.length === 0) return undefined;
  const held = spilled.map((place, k) => {
    if (k >= FLOAT_TEMPS.length) return { place, general: bitsOf(c, place) };
    const t = c.floatTemp();
    copyHalf(c, t, place);
    return { place, float: t };
  });
  return () => {
    lowerToSpills(c);
    for (const { place, general, float } of held) {
      if (general !== undefined) setBits(c, place, general);
      else if (float !== undefined) copyHalf(c, place, float);
    }
  };
}

function lowerToSpills(c: Context): void {
  if (c.sp <= c.spillBase) return;
  addConstant(c, STACK, STACK, BigInt(c.spillBase - c.sp));
  c.sp = c.spillBase;
}

/** Copies high halves to where a function of the file that is called expects them. */
export function passHighs(c: Context, live: After, wanted: After): void {
  moveHighs(c, live, (s) => wanted.surelyLive(s, 64, 127), 'to usual');
}

/** The same where a function returns: to where its callers look for what it gives them. */
export function giveHighs(c: Context, live: After): void {
  moveHighs(c, live, () => true, 'to usual');
}

/** Takes high halves from there where a function begins, or where another has given them. */
export function takeHighs(c: Context, live: After, given: (source: string) => boolean = () => true): void {
  moveHighs(c, live, given, 'from usual');
}

/** Refuses where something else that is still wanted lies where a half is to be put for another function. */
function refuseInUse(live: After, usual: number): void {
  const other = VECTORS.find((s) => home(s) === usual && live.live(s, 0, 63));
  if (other === undefined) return;
  throw new Refusal(
    'V0220',
    `a whole vector register goes to another function of the file where ${other} is kept`,
    'compile it with -fno-ipa-ra',
  );
}

function moveHighs(c: Context, live: After, which: (source: string) => boolean, way: 'to usual' | 'from usual'): void {
  const moves = USUAL_HIGHS.flatMap(([source, usual]): Move[] => {
    if (!c.hasHigh(source) || !live.surelyLive(source, 64, 127) || !which(source)) return [];
    const own = c.high(source);
    if (way === 'to usual') refuseInUse(live, usual);
    if (own === usual) return [];
    return [way === 'to usual' ? { to: usual, from: own } : { to: own, from: usual }];
  });
  if (way === 'from usual' && moves.some((m) => typeof m.to !== 'number')) lowerToSpills(c);
  moveAll(c, moves);
}

interface Move {
  readonly to: HalfPlace;
  readonly from: HalfPlace;
}

/** Does all of these at once: nothing is overwritten before it is copied. Takes no floating-point temporaries. */
function moveAll(c: Context, moves: readonly Move[]): void {
  let open = moves.filter(({ to, from }) => typeof to === 'number' && typeof from === 'number');
  const waiting: (readonly [to: HalfPlace, bits: number])[] = [];
  for (const m of moves) if (typeof m.to !== 'number') copyHalf(c, m.to, m.from);
  for (let first = open[0]; first !== undefined; first = open[0]) {
    const free = open.filter((m) => !open.some((o) => o !== m && o.from === m.to));
    for (const m of free) copyHalf(c, m.to, m.from);
    // Where they go round, one of them waits in a general register.
    if (free.length === 0) waiting.push([first.to, bitsOf(c, first.from)]);
    open = open.filter((m) => (free.length === 0 ? m !== first : !free.includes(m)));
  }
  for (const [to, bits] of waiting) setBits(c, to, bits);
  for (const m of moves) if (typeof m.to === 'number' && typeof m.from !== 'number') copyHalf(c, m.to, m.from);
}

function slot(c: Context, spill: Spill): Address {
  return baseOffset(c, STACK, c.spillOffset(spill));
}
