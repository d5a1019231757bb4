// SPDX-License-Identifier: MIT
import { InternalError } from '../../../base/assert.ts';
import { PASSED_STORAGE } from '../../abi/own-storage.ts';
import { x8664ToRiscv64 } from '../../abi/pairs/x86_64-riscv64.ts';

const homes: ReadonlyMap<string, number> = new Map(
  Object.entries(x8664ToRiscv64.homes).map(([source, target]) => [source, Number(target.slice(1))]),
);

/** The number of the register in which an x86 register lives: 10 for `rdi` (a0), 12 for `xmm2` (fa2, its low half). */
export function home(loc: string): number {
  const n = homes.get(loc);
  if (n === undefined) throw new InternalError(`${loc} has no home`);
  return n;
}

const general: ReadonlyMap<number, string> = new Map(
  [...homes].filter(([source]) => !source.startsWith('xmm')).map(([source, n]) => [n, source]),
);

/** The x86 register that lives in general register `n`, if one does. */
export function sourceIn(n: number): string | undefined {
  return general.get(n);
}

const sources: ReadonlyMap<string, string> = new Map(
  Object.entries(x8664ToRiscv64.homes).map(([source, target]) => [target, source]),
);

/** The x86 register whose home a location is; of vector registers the low half. */
export function sourceAt(location: string): string | undefined {
  return sources.get(location);
}

export const ZERO = 0;
export const LINK = 1;
export const STACK = 2;
export const THREAD = 4;

const NAMES = [
  ...['zero', 'ra', 'sp', 'gp', 'tp', 't0', 't1', 't2', 's0', 's1'],
  ...['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7'],
  ...['s2', 's3', 's4', 's5', 's6', 's7', 's8', 's9', 's10', 's11', 't3', 't4', 't5', 't6'],
];

/** The assembler's name of general register `n`. */
export function x(n: number): string {
  return NAMES[n] ?? missing(`x${n}`);
}

const FLOAT_NAMES = [
  ...['ft0', 'ft1', 'ft2', 'ft3', 'ft4', 'ft5', 'ft6', 'ft7', 'fs0', 'fs1'],
  ...['fa0', 'fa1', 'fa2', 'fa3', 'fa4', 'fa5', 'fa6', 'fa7'],
  ...['fs2', 'fs3', 'fs4', 'fs5', 'fs6', 'fs7', 'fs8', 'fs9', 'fs10', 'fs11', 'ft8', 'ft9', 'ft10', 'ft11'],
];

/** The assembler's name of floating-point register `n`. */
export function f(n: number): string {
  return FLOAT_NAMES[n] ?? missing(`f${n}`);
}

function missing(name: string): never {
  throw new InternalError(`no register ${name}`);
}

const LOCATIONS = NAMES.map((_, n) => `x${n}`);
const FLOAT_LOCATIONS = FLOAT_NAMES.map((_, n) => `f${n}`);

export const floatLoc = (n: number): string => FLOAT_LOCATIONS[n] ?? missing(`f${n}`);

/** The location of general register `n`, and its number. */
export const loc = (n: number): string => LOCATIONS[n] ?? missing(`x${n}`);
export const numberOf = (location: string): number => Number(location.slice(1));

/**
 * Registers that no x86 register lives in; rules take their temporaries from these, in this order. The return address
 * is on the stack, so that its register is free until the function is left. The last one is the flag word where it is not
 * in use.
 */
export const GENERAL_TEMPS: readonly number[] = [28, 29, 30, 16, 17, LINK, 31];

/** The same for floating point, and one more place for a high half. */
export const FLOAT_TEMPS: readonly number[] = [28, 29, 30];
export const SPARE_FLOAT = 31;

const usual = (prefix: string): readonly (readonly [source: string, place: number])[] =>
  Object.entries(x8664ToRiscv64.highHomes ?? {}).flatMap(([source, place]) =>
    place.startsWith(prefix) ? [[source, Number(place.slice(prefix.length))] as const] : [],
  );

/** Where high halves go from function to function, each with its register's name: in floating-point and general registers. */
export const USUAL_HIGHS = usual('f');
export const USUAL_GENERAL = usual('x');
/** For others, at an offset in storage that the functions share. */
export const USUAL_STORED = usual(`${PASSED_STORAGE}+`);

/** Holds x86 flags, one per bit, where blocks do not agree on better places. */
export const FLAG_WORD = 31;
/** The bit of FLAG_WORD for each flag. */
export const FLAG_BITS: Readonly<Record<string, number>> = { cf: 0, zf: 1, sf: 2, of: 3, pf: 4, af: 5 };
