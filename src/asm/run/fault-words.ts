// SPDX-License-Identifier: MIT
import type { Layout } from './layout.ts';

/** What is wrong with an access to an address, for a person; `stack` is the stack pointer. */
export function describeAccess(kind: 'load' | 'store', address: bigint, stack: bigint, layout: Layout): string {
  const { low, writable, end } = layout;
  const what = `a ${kind === 'load' ? 'read from' : 'write to'} 0x${address.toString(16)}`;
  const distance = BigInt.asIntN(64, address) - BigInt.asIntN(64, stack);
  const near = distance < 0x10000n && distance > -0x10000n;
  if (kind === 'store' && BigInt.asIntN(64, address) < BigInt(writable) && near) {
    return `${what}, below the end of the stack: it has overflowed`;
  }
  if (address < BigInt(low)) return address < 0x1000n ? `${what}: a null pointer` : `${what}, where nothing is`;
  if (address < BigInt(writable)) return `${what}, which is code or constant`;
  return address < BigInt(end) ? `${what}, at the end of memory` : `${what}, where nothing is`;
}

export function describeTrap(what: string): string {
  switch (what) {
    case '#DE':
      return 'a division by zero, or with a quotient that does not fit';
    case '#UD':
      return 'an instruction that is undefined on purpose';
    case '#BP':
      return 'a breakpoint';
    default:
      return what.startsWith('#UD: ') ? `an undefined instruction: ${what.slice(5)}` : `a trap (${what})`;
  }
}
