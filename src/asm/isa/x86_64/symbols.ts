// SPDX-License-Identifier: MIT
import { add, bv, low, sub, variable } from '../../../logic/build.ts';
import type { Term } from '../../../logic/term.ts';
import type { Expr } from '../operand.ts';
import { addressOf, gotSlot, stackGuard, threadPointer, tlsAddress, tlsOffsetSlot } from '../symbol.ts';

/** What relocations stand for (x86-64 psABI, 4.4; ELF handling for thread-local storage, 4). */

function base(name: string, modifier: string | undefined): Term {
  switch (modifier) {
    case undefined:
    case 'PLT':
      return addressOf(name);
    case 'GOTPCREL':
      return gotSlot(name);
    // Relative to the module's block at run time; where it is used, that block is addressed from the thread pointer.
    case 'dtpoff':
    case 'tpoff':
      return sub(tlsAddress(name), threadPointer());
    case 'gottpoff':
      return tlsOffsetSlot(name);
    default:
      // Values that have no counterpart elsewhere (`tlsgd`, `tlsld`, `GOTOFF`): equal only to themselves.
      return variable(`${modifier}&${name}`, 64);
  }
}

export function symbol(e: Expr): Term {
  let value = e.plus === undefined ? bv(64, 0) : base(e.plus, e.modifier);
  if (e.minus !== undefined) value = sub(value, addressOf(e.minus));
  return e.offset === 0n ? value : add(value, bv(64, e.offset));
}

/** What the linker or the C library put into the slot at `address`; undefined for all other memory. */
export function slot(address: Term, bytes: number): Term | undefined {
  // clang loads the low half of an entry where it compares addresses.
  if (address.op === 'var' && address.name.startsWith('got&') && bytes <= 8)
    return low(addressOf(address.name.slice(4)), 8 * bytes);
  if (bytes !== 8) return undefined;
  // The thread's control block begins with its own address; the guard is at %fs:40.
  if (address === threadPointer()) return address;
  if (address === add(threadPointer(), bv(64, 40))) return stackGuard();
  if (address.op !== 'var') return undefined;
  const { name } = address;
  if (name.startsWith('gottp&')) return sub(tlsAddress(name.slice(6)), threadPointer());
  return undefined;
}
