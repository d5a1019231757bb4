// SPDX-License-Identifier: MIT
import { InternalError } from '../../../base/assert.ts';
import { x8664ToAarch64 } from '../../abi/pairs/x86_64-aarch64.ts';

const numbers: ReadonlyMap<string, number> = new Map(
  Object.entries(x8664ToAarch64.homes).map(([source, target]) => [source, Number(target.slice(1))]),
);

/** The number of the register in which an x86 register lives: 8 for `rax` (x8), 3 for `xmm3` (v3). */
export function home(loc: string): number {
  const n = numbers.get(loc);
  if (n === undefined) throw new InternalError(`${loc} has no home`);
  return n;
}

/** The register number that reads as zero. */
export const ZERO = 31;

const NARROW = Array.from({ length: 32 }, (_, n) => (n === ZERO ? 'wzr' : `w${n}`));
const WIDE = Array.from({ length: 32 }, (_, n) => (n === ZERO ? 'xzr' : `x${n}`));

function missing(n: number): never {
  throw new InternalError(`no register ${n}`);
}

export const w = (n: number): string => NARROW[n] ?? missing(n);
export const x = (n: number): string => WIDE[n] ?? missing(n);
/** The name of register `n` for an operation of `width` bits: 64 takes x, anything narrower takes w. */
export const r = (n: number, width: number): string => (width === 64 ? x(n) : w(n));

/** Registers no x86 register lives in; rules take their temporaries from these, in this order. */
export const GENERAL_TEMPS: readonly number[] = [16, 17, 15, 14, 13, 12, 11, 6];
export const VECTOR_TEMPS: readonly number[] = [24, 25, 26, 27, 28, 29, 30, 31];

/** Holds x86 flags, one per bit, where NZCV cannot. */
export const FLAG_WORD = 7;
/** The bit of FLAG_WORD for each flag. */
export const FLAG_BITS: Readonly<Record<string, number>> = { cf: 0, zf: 1, sf: 2, of: 3, pf: 4, af: 5 };
