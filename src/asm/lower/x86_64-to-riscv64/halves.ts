// SPDX-License-Identifier: MIT
import { OWN_STORAGE, PASSED_STORAGE } from '../../abi/own-storage.ts';
import type { After } from '../from-x86_64/context.ts';
import { VECTORS } from '../from-x86_64/relate-homes.ts';
import { type Context, type HalfPlace, isSpill, type Spill, type Stored } from './context.ts';
import { type Address, addConstant, baseOffset, load, loadFloat, store, storeFloat, threadOffset } from './memory.ts';
import { FLOAT_TEMPS, f, STACK, THREAD, USUAL_GENERAL, USUAL_HIGHS, USUAL_STORED, x } from './registers.ts';

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
    else if (!isSamePlace(from, to)) c.scoped(() => setBits(c, to, bitsOf(c, from)));
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
    return isSpill(place) ? [place] : [];
  });
  if (spilled.length === 0) return undefined;
  const stored = spilled.slice(MOST_CARRIED);
  keep(c, stored);
  const held = spilled.slice(0, MOST_CARRIED).map((place, k) => {
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
    restore(c, stored);
  };
}

/** How many halves temporaries have room for while the stack pointer is moved by a computed amount. */
const MOST_CARRIED = 5;

/**
 * Puts what is in spill slots into storage of the target's own, which calls leave alone as far as nobody names it: each slot at
 * its number.
 */
function keep(c: Context, spills: readonly Spill[]): void {
  if (spills.length === 0) return;
  c.scoped(() => {
    const [at, bits] = [c.temp(), c.temp()];
    storage(c, ownStorage(c), at);
    for (const s of spills) {
      load(c, bits, slot(c, s), 8);
      c.op('sd', x(bits), `${8 * s.spill}(${x(at)})`);
    }
  });
}

/** Takes it from there into spill slots again. */
function restore(c: Context, spills: readonly Spill[]): void {
  if (spills.length === 0) return;
  lowerToSpills(c);
  c.scoped(() => {
    const [at, bits] = [c.temp(), c.temp()];
    storage(c, ownStorage(c), at);
    for (const s of spills) {
      c.op('ld', x(bits), `${8 * s.spill}(${x(at)})`);
      store(c, bits, slot(c, s), 8);
    }
  });
}

/** The name of this function's own storage. */
export const ownStorage = (c: Context): string => `${OWN_STORAGE}${c.function.replace(/[^\w.$]/g, '_')}`;

/** The address of storage of that name. */
function storage(c: Context, name: string, at: number): void {
  threadOffset(c, { plus: name, offset: 0n }, at);
  c.op('add', x(at), x(at), x(THREAD));
}

const spillsOf = (c: Context, sources: readonly string[]): Spill[] =>
  sources.flatMap((s) => {
    const place = c.high(s);
    return isSpill(place) ? [place] : [];
  });

/** What is in spill slots outlives the call at a block's end. */
export function keepOverCall(c: Context, block: number): void {
  keep(c, spillsOf(c, c.keptAt(block)));
}

/** Behind the call. */
export function restoreAfterCall(c: Context, block: number): void {
  restore(c, spillsOf(c, c.keptAt(block)));
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

function moveHighs(c: Context, live: After, which: (source: string) => boolean, way: Way): void {
  const moved = (source: string): boolean => c.hasHigh(source) && live.surelyLive(source, 64, 127) && which(source);
  const moves = USUAL_HIGHS.flatMap(([source, usual]): Move[] => {
    if (!moved(source) || c.high(source) === usual) return [];
    const own = c.high(source);
    return [way === 'to usual' ? { to: usual, from: own } : { to: own, from: usual }];
  });
  const elsewhere = (usuals: typeof USUAL_GENERAL) =>
    usuals.flatMap(([source, usual]) => (moved(source) ? [{ usual, own: c.high(source) }] : []));
  const [general, stored] = [elsewhere(USUAL_GENERAL), elsewhere(USUAL_STORED)];
  const slots = [...moves.map((m) => m.to), ...[...general, ...stored].map((g) => g.own)].some(isSpill);
  if (way === 'to usual') passStored(c, stored, way);
  for (const { usual } of general) c.claim(usual);
  if (way === 'from usual' && slots) lowerToSpills(c);
  // Those in general registers stand in nobody's way: they are filled before anything moves, and taken from when all has.
  if (way === 'to usual') for (const { usual, own } of general) bitsOf(c, own, usual);
  moveAll(c, moves);
  if (way === 'from usual') for (const { usual, own } of general) setBits(c, own, usual);
  if (way === 'from usual') passStored(c, stored, way);
}

type Way = 'to usual' | 'from usual';

/** The same for those which functions hand each other in storage that they share, `usual` bytes into it. */
function passStored(
  c: Context,
  stored: readonly { readonly usual: number; readonly own: HalfPlace }[],
  way: Way,
): void {
  if (stored.length === 0) return;
  c.scoped(() => {
    const [at, bits] = [c.temp(), c.temp()];
    storage(c, PASSED_STORAGE, at);
    for (const { usual, own } of stored) {
      if (way === 'to usual') c.op('sd', x(bitsOf(c, own, bits)), `${usual}(${x(at)})`);
      else {
        c.op('ld', x(bits), `${usual}(${x(at)})`);
        setBits(c, own, bits);
      }
    }
  });
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

function slot(c: Context, place: Spill | Stored): Address {
  if (isSpill(place)) return baseOffset(c, STACK, c.spillOffset(place));
  const at = c.temp();
  storage(c, ownStorage(c), at);
  return baseOffset(c, at, place.stored);
}

const isSamePlace = (a: Spill | Stored, b: Spill | Stored): boolean =>
  isSpill(a) ? isSpill(b) && a.spill === b.spill : !isSpill(b) && a.stored === b.stored;
