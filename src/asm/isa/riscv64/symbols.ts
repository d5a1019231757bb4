// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { add, bv, extract, sext, sub } from '../../../logic/build.ts';
import type { Term } from '../../../logic/term.ts';
import type { Expr } from '../operand.ts';
import { addressOf, stackGuard, threadPointer, tlsAddress } from '../symbol.ts';

/**
 * What operand expressions with symbols stand for (RISC-V ELF psABI, 8.4).
 *
 * An operator that names a part of an address gives it where it belongs: `%lo` the low 12 bits, sign-extended, and
 * `%hi` the address less that, so that both add up to the address. The linker refuses an address that the two cannot
 * make. `%tprel_hi` and `%tprel_lo` are the same parts of the offset from the thread pointer.
 */

const low12 = (t: Term): Term => sext(extract(t, 11, 0), 64);
const plus = (t: Term, offset: bigint): Term => (offset === 0n ? t : add(t, bv(64, offset)));

/** The offset of a thread-local symbol from the thread pointer. */
export const threadOffset = (name: string): Term => sub(tlsAddress(name), threadPointer());

/** Whether an expression is one symbol plus an offset, under one of the operators. */
export function isRelocatable(e: Expr, modifiers: readonly string[]): boolean {
  if (e.plus === undefined || e.minus !== undefined || e.modifier === undefined) return false;
  return modifiers.includes(e.modifier);
}

export function symbolValue(e: Expr): Term {
  if (e.modifier !== undefined)
    return modified(e.modifier, must(e.plus, 'a relocation operator has a symbol'), e.offset);
  let value = bv(64, e.offset);
  if (e.plus !== undefined) value = plus(addressOf(e.plus), e.offset);
  return e.minus === undefined ? value : sub(value, addressOf(e.minus));
}

function modified(modifier: string, name: string, offset: bigint): Term {
  const address = (): Term => plus(addressOf(name), offset);
  const fromThread = (): Term => plus(threadOffset(name), offset);
  switch (modifier) {
    case 'hi':
      return sub(address(), low12(address()));
    case 'lo':
      return low12(address());
    case 'tprel_hi':
      return sub(fromThread(), low12(fromThread()));
    case 'tprel_lo':
      return low12(fromThread());
    case 'plt':
      return address();
    default:
      throw new TypeError(`no relocation operator %${modifier}`);
  }
}

/**
 * What is known of memory before a program runs: the stack guard. Instructions that load from slots of the linker's
 * (`la`, `la.tls.ie`) have what the slots hold for a meaning.
 */
export function slotValue(address: Term, bytes: number): Term | undefined {
  return bytes === 8 && address === addressOf('__stack_chk_guard') ? stackGuard() : undefined;
}
