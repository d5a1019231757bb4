// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import type { Location } from '../isa.ts';
import { type Reg, type RegOperand, regOp } from '../operand.ts';

/**
 * Registers and locations. A `Reg` of class `gpr` may have the location `zero` (`xzr`, `wzr`); class `sp` is the stack
 * pointer; `fpr` is a scalar view (`b` to `q`) of a vector register, and `vec` the `v` that arrangements hang on.
 */

/** What `xzr` and `wzr` have for a location: they read as zero and swallow what is written. */
export const ZERO = 'zero';

const locationList: Location[] = [];
for (let i = 0; i <= 30; i++) locationList.push({ name: `x${i}`, width: 64, kind: 'gpr' });
locationList.push({ name: 'sp', width: 64, kind: 'sp' });
for (let i = 0; i <= 31; i++) locationList.push({ name: `v${i}`, width: 128, kind: 'vec' });
for (const name of ['n', 'z', 'c', 'v']) locationList.push({ name, width: 1, kind: 'flag' });
locationList.push({ name: 'tpidr_el0', width: 64, kind: 'system' });

export const locations: readonly Location[] = locationList;

export type FprWidth = 8 | 16 | 32 | 64 | 128;
const fprLetters: readonly (readonly [string, FprWidth])[] = [
  ['b', 8],
  ['h', 16],
  ['s', 32],
  ['d', 64],
  ['q', 128],
];

const byName = new Map<string, RegOperand>();

function define(reg: Reg, ...aliases: readonly string[]): void {
  const operand = regOp(reg);
  for (const name of [reg.name, ...aliases]) {
    byName.set(name, operand);
    byName.set(name.toUpperCase(), operand);
  }
}

const xAliases: Readonly<Record<number, readonly string[]>> = { 16: ['ip0'], 17: ['ip1'], 29: ['fp'], 30: ['lr'] };
for (let i = 0; i <= 30; i++) {
  define({ name: `x${i}`, loc: `x${i}`, lo: 0, width: 64, class: 'gpr' }, ...(xAliases[i] ?? []));
  define({ name: `w${i}`, loc: `x${i}`, lo: 0, width: 32, class: 'gpr' });
}
define({ name: 'xzr', loc: ZERO, lo: 0, width: 64, class: 'gpr' });
define({ name: 'wzr', loc: ZERO, lo: 0, width: 32, class: 'gpr' });
define({ name: 'sp', loc: 'sp', lo: 0, width: 64, class: 'sp' });
define({ name: 'wsp', loc: 'sp', lo: 0, width: 32, class: 'sp' });
for (let i = 0; i <= 31; i++) {
  define({ name: `v${i}`, loc: `v${i}`, lo: 0, width: 128, class: 'vec' });
  for (const [letter, width] of fprLetters) {
    define({ name: `${letter}${i}`, loc: `v${i}`, lo: 0, width, class: 'fpr' });
  }
}

/** The register of a name as written (all lower or all upper case), or undefined. */
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

/** The number 0 to 31 by which an encoding knows the register. */
export function registerNumber(r: Reg): number {
  return r.class === 'sp' || r.loc === ZERO ? 31 : Number(r.loc.slice(1));
}
