// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { add, bv, extract, sub, variable, zext } from '../../../logic/build.ts';
import type { Term } from '../../../logic/term.ts';
import type { Expr } from '../operand.ts';
import { addressOf, gotSlot, stackGuard, threadPointer, tlsAddress, tlsOffsetSlot } from '../symbol.ts';

/**
 * What operand expressions with symbols stand for (ELF for the Arm 64-bit Architecture, section 5.7).
 *
 * An operator that names a part of an address gives that part, zero-extended to 64 bits; the instruction puts it where
 * it belongs. `adrp` gets the whole address and clears its low 12 bits, so `:got:` and `:gottprel:` give whole ones;
 * `:tprel_hi12:` gives all of the offset but its low 12 bits, which is what `add` adds with its shift by 12.
 */

/** Operators that name a slot of the linker's, of which nothing but the start is known. */
const slots = new Set(['got', 'got_lo12', 'gottprel', 'gottprel_lo12', 'tlsdesc', 'tlsdesc_lo12']);

/** Whether an expression is one symbol plus an offset under one of the operators, as a relocation can hold it. */
export function isRelocatable(e: Expr, modifiers: readonly string[]): boolean {
  if (e.plus === undefined || e.minus !== undefined || e.modifier === undefined) return false;
  return modifiers.includes(e.modifier) && (e.offset === 0n || !slots.has(e.modifier));
}

const offsetOf = (name: string): Term => sub(tlsAddress(name), threadPointer());

const low12 = (t: Term): Term => zext(extract(t, 11, 0), 64);
const bitsFrom = (t: Term, hi: number, lo: number): Term => zext(extract(t, hi, lo), 64);

export function symbolValue(e: Expr): Term {
  if (e.modifier !== undefined)
    return modified(e.modifier, must(e.plus, 'a relocation operator has a symbol'), e.offset);
  let value = bv(64, e.offset);
  if (e.plus !== undefined) value = plus(addressOf(e.plus), e.offset);
  return e.minus === undefined ? value : sub(value, addressOf(e.minus));
}

const plus = (t: Term, offset: bigint): Term => (offset === 0n ? t : add(t, bv(64, offset)));

function modified(modifier: string, name: string, offset: bigint): Term {
  const address = (): Term => plus(addressOf(name), offset);
  const threadOffset = (): Term => plus(offsetOf(name), offset);
  switch (modifier) {
    case 'pg_hi21':
      return address();
    case 'lo12':
      return low12(address());
    case 'got':
      return gotSlot(name);
    case 'got_lo12':
      return low12(gotSlot(name));
    case 'gottprel':
      return tlsOffsetSlot(name);
    case 'gottprel_lo12':
      return low12(tlsOffsetSlot(name));
    case 'tprel_hi12':
      // In place, so that both parts add up to the offset. The linker refuses an offset of more than 24 bits.
      return sub(threadOffset(), low12(threadOffset()));
    case 'tprel_lo12':
    case 'tprel_lo12_nc':
      return low12(threadOffset());
    case 'tlsdesc':
      return descriptor(name);
    case 'tlsdesc_lo12':
      return low12(descriptor(name));
    case 'abs_g0':
    case 'abs_g0_nc':
      return bitsFrom(address(), 15, 0);
    case 'abs_g1':
    case 'abs_g1_nc':
      return bitsFrom(address(), 31, 16);
    case 'abs_g2':
    case 'abs_g2_nc':
      return bitsFrom(address(), 47, 32);
    case 'abs_g3':
      return bitsFrom(address(), 63, 48);
    default:
      throw new TypeError(`no relocation operator :${modifier}:`);
  }
}

/** A pair of words about which nothing is known: code that calls through it can be read, and not be proved. */
const descriptor = (name: string): Term => variable(`tlsdesc&${name}`, 64);

const GOT = 'got&';
const GOT_TP = 'gottp&';

/** What the linker has put into a slot of the global offset table. */
export function slotValue(address: Term, bytes: number): Term | undefined {
  if (address.op !== 'var' || bytes !== 8) return undefined;
  if (address === addressOf('__stack_chk_guard')) return stackGuard();
  if (address.name.startsWith(GOT)) return addressOf(address.name.slice(GOT.length));
  if (address.name.startsWith(GOT_TP)) return offsetOf(address.name.slice(GOT_TP.length));
  return undefined;
}
