// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import type { Location } from '../isa.ts';
import type { Reg } from '../operand.ts';

/** The registers of x86-64: locations of the state, and the names that programs write (Intel SDM vol. 1, 3.4). */

const NUMBERED = ['r8', 'r9', 'r10', 'r11', 'r12', 'r13', 'r14', 'r15'] as const;
/** In encoding order. */
export const GPRS = ['rax', 'rcx', 'rdx', 'rbx', 'rsp', 'rbp', 'rsi', 'rdi', ...NUMBERED] as const;
export const FLAGS = ['cf', 'pf', 'af', 'zf', 'sf', 'of', 'df'] as const;

export const locations: readonly Location[] = [
  ...GPRS.map((name): Location => ({ name, width: 64, kind: name === 'rsp' ? 'sp' : 'gpr' })),
  ...Array.from({ length: 16 }, (_, i): Location => ({ name: `xmm${i}`, width: 128, kind: 'vec' })),
  ...FLAGS.map((name): Location => ({ name, width: 1, kind: 'flag' })),
  { name: 'fsbase', width: 64, kind: 'system' },
  { name: 'gsbase', width: 64, kind: 'system' },
];

const byName = new Map<string, Reg>();
function name(spelling: string, loc: string, lo: number, width: number, cls: string): void {
  byName.set(spelling, { name: spelling, loc, lo, width, class: cls });
}

for (const loc of GPRS.slice(0, 8)) {
  const stem = loc.slice(1);
  name(loc, loc, 0, 64, 'gpr');
  name(`e${stem}`, loc, 0, 32, 'gpr');
  name(stem, loc, 0, 16, 'gpr');
  if (stem.endsWith('x')) {
    name(`${stem[0]}l`, loc, 0, 8, 'gpr');
    name(`${stem[0]}h`, loc, 8, 8, 'gpr');
  } else name(`${stem}l`, loc, 0, 8, 'gpr');
}
for (const loc of NUMBERED) {
  name(loc, loc, 0, 64, 'gpr');
  name(`${loc}d`, loc, 0, 32, 'gpr');
  name(`${loc}w`, loc, 0, 16, 'gpr');
  name(`${loc}b`, loc, 0, 8, 'gpr');
}
for (let i = 0; i < 16; i++) name(`xmm${i}`, `xmm${i}`, 0, 128, 'vec');
name('rip', 'rip', 0, 64, 'ip');
for (const s of ['cs', 'ds', 'es', 'fs', 'gs', 'ss']) name(s, s, 0, 16, 'seg');

/** All names, lower case, without AT&T's `%`. */
export const registers: ReadonlyMap<string, Reg> = byName;

export function register(spelling: string): Reg | undefined {
  return byName.get(spelling);
}

/** The register of that name, which must exist: for code that names registers itself. */
export function reg(spelling: string): Reg {
  return must(byName.get(spelling), `x86-64 has no register ${spelling}`);
}

/** The name that stands for the low `width` bits of a general register's location. */
export function gprName(loc: string, width: number): string {
  const found = [...byName.values()].find((r) => r.loc === loc && r.width === width && r.lo === 0);
  return must(found, `no ${width}-bit name for ${loc}`).name;
}

/** Names of registers that exist but that vouch does not model; operands that use them are refused as unsupported. */
export function isForeignRegister(spelling: string): boolean {
  return /^(?:st(?:\(\d\))?|st\d|mm[0-7]|[yz]mm(?:[12]?\d|3[01])|xmm(?:1[6-9]|2\d|3[01])|k[0-7]|bnd[0-3]|cr\d+|dr\d+|db\d+|tr\d|eip|r8l|tmm[0-7])$/.test(
    spelling,
  );
}

/** Registers whose encoding needs a REX prefix, which rules out `ah`, `bh`, `ch` and `dh` in the same instruction. */
export function needsRex(r: Reg): boolean {
  if (r.class === 'vec') return r.name.length === 5;
  if (r.class !== 'gpr') return false;
  if (r.loc.charCodeAt(1) <= 57) return true;
  return r.width === 64 || (r.width === 8 && r.lo === 0 && r.name.length === 3);
}
