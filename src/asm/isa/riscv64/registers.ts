// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import type { Location } from '../isa.ts';
import { type Reg, type RegOperand, regOp } from '../operand.ts';

/**
 * Registers and locations, by the names of the ABI (RISC-V ELF psABI, chapter 1) and by their numbers. Locations have
 * the numbers; the ABI's names are printed. `zero` is a `Reg` with the location `zero` and no place in the state.
 *
 * A floating-point register holds 64 bits; a single stands in its low half, with all ones above it. The rounding mode
 * and the exception flags of `fcsr` are no locations: rounding is to nearest even, and nothing that can be observed
 * depends on the flags.
 *
 * Of a vector register the lowest 128 bits are a location: so many there are on every machine with V (chapter 31.18.2).
 */

/** What `x0` has for a location: it reads as zero and swallows what is written. */
export const ZERO = 'zero';
/** The return address. */
export const LINK = 'x1';
/** How many elements vector instructions work on, and the type of these as `vtype` encodes it (chapter 31.3.4). */
export const VECTOR_LENGTH = 'vl';
export const VECTOR_TYPE = 'vtype';
export const STACK_POINTER = 'x2';
export const THREAD_POINTER = 'x4';

const saved = (n: number): string => `s${n}`;

/** The ABI's names of `x0` to `x31`, in order. */
const general: readonly string[] = [
  ...['zero', 'ra', 'sp', 'gp', 'tp', 't0', 't1', 't2', 's0', 's1'],
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((n) => `a${n}`),
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map(saved),
  ...[3, 4, 5, 6].map((n) => `t${n}`),
];

/** The ABI's names of `f0` to `f31`, in order. */
const floating: readonly string[] = [
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((n) => `ft${n}`),
  ...[0, 1].map((n) => `fs${n}`),
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((n) => `fa${n}`),
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((n) => `fs${n}`),
  ...[8, 9, 10, 11].map((n) => `ft${n}`),
];

const locationList: Location[] = [];
for (let i = 1; i <= 31; i++) {
  const kind = `x${i}` === STACK_POINTER ? 'sp' : `x${i}` === THREAD_POINTER ? 'system' : 'gpr';
  locationList.push({ name: `x${i}`, width: 64, kind });
}
for (let i = 0; i <= 31; i++) locationList.push({ name: `f${i}`, width: 64, kind: 'vec' });

for (let i = 0; i <= 31; i++) locationList.push({ name: `v${i}`, width: 128, kind: 'vec' });
for (const name of [VECTOR_LENGTH, VECTOR_TYPE]) locationList.push({ name, width: 64, kind: 'system' });

export const locations: readonly Location[] = locationList;

const byName = new Map<string, RegOperand>();

function define(reg: Reg, ...aliases: readonly string[]): void {
  const operand = regOp(reg);
  for (const name of [reg.name, ...aliases]) byName.set(name, operand);
}

general.forEach((name, i) => {
  const aliases = i === 8 ? ['x8', 'fp'] : [`x${i}`];
  define({ name, loc: i === 0 ? ZERO : `x${i}`, lo: 0, width: 64, class: 'gpr' }, ...aliases);
});
floating.forEach((name, i) => {
  define({ name, loc: `f${i}`, lo: 0, width: 64, class: 'fpr' }, `f${i}`);
});

for (let i = 0; i <= 31; i++) define({ name: `v${i}`, loc: `v${i}`, lo: 0, width: 128, class: 'vec' });

/** The register of a name as written, or undefined. */
export function register(name: string): Reg | undefined {
  return byName.get(name)?.reg;
}

/** The same as an operand; the same object for the same register. */
export function registerOperand(name: string): RegOperand | undefined {
  return byName.get(name);
}

/** A register that surely exists, for tables and examples. */
export function reg(name: string): Reg {
  return must(register(name), `no register ${name}`);
}
