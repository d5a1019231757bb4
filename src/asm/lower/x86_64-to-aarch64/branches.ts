// SPDX-License-Identifier: MIT

import { constantOf, isReg } from '../from-x86_64/operands.ts';
import type { Parts } from '../from-x86_64/rule.ts';
import type { Context } from './context.ts';
import { r } from './registers.ts';
import { read } from './values.ts';

/** Tests with `tbz` reach 32 KiB; a function of up to this many instructions is surely smaller. */
const NEAR = 1500;

/**
 * A test or comparison that only the branch behind it reads, as one compare-and-branch instruction: returns what emits
 * the branch, or undefined where it takes two instructions anyway.
 */
export function conditionBranch(c: Context, i: Parts, cc: string, size: number): ((label: string) => void) | undefined {
  const [a, b] = i.ops;
  const zero = i.mnemonic === 'cmp' && constantOf(b, i.width) === 0n;
  const self = i.mnemonic === 'test' && isReg(a) && isReg(b) && a.reg.name === b.reg.name;
  if (zero || self) {
    const wide = i.width >= 32;
    if (cc === 'e' || cc === 'ne') {
      if (!wide && !(a?.kind === 'mem')) return undefined;
      const n = read(c, a, i.width, wide ? 'any' : 'zero');
      return (label) => c.op(cc === 'e' ? 'cbz' : 'cbnz', r(n, i.width), label);
    }
    const sign = cc === 's' || (zero && cc === 'l') || (self && cc === 'l');
    const plus = cc === 'ns' || (zero && cc === 'ge') || (self && cc === 'ge');
    if ((sign || plus) && size < NEAR && !(isReg(a) && a.reg.loc === 'rsp')) {
      const n = read(c, a, i.width);
      const bit = i.width - 1;
      return (label) => c.op(sign ? 'tbnz' : 'tbz', r(n, i.width), `#${bit}`, label);
    }
    return undefined;
  }
  if (i.mnemonic === 'test' && (cc === 'e' || cc === 'ne') && size < NEAR) {
    const v = constantOf(b, i.width);
    if (v === undefined) return undefined;
    const mask = BigInt.asUintN(i.width, v);
    if (mask === 0n || (mask & (mask - 1n)) !== 0n) return undefined;
    const n = read(c, a, i.width);
    const bit = mask.toString(2).length - 1;
    return (label) => c.op(cc === 'e' ? 'tbz' : 'tbnz', r(n, i.width), `#${bit}`, label);
  }
  return undefined;
}
