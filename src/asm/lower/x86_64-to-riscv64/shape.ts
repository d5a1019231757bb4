// SPDX-License-Identifier: MIT

/** What is known of a 64-bit register: it is the extension of its low `bits` bits, with the sign or with zeros. */
export interface Shape {
  readonly bits: number;
  readonly signed: boolean;
}

export const zeroed = (bits: number): Shape => ({ bits, signed: false });
export const signed = (bits: number): Shape => ({ bits, signed: true });

/** Whether a register of that shape is the extension of its low `width` bits. */
export function isExtended(shape: Shape | undefined, width: number, how: 'zero' | 'sign'): boolean {
  if (width === 64) return true;
  if (shape === undefined) return false;
  if (shape.signed) return how === 'sign' && shape.bits <= width;
  return how === 'zero' ? shape.bits <= width : shape.bits < width;
}

/** The shape of a bitwise combination; `and` with zeros above keeps them. */
export function combined(op: 'and' | 'or' | 'xor', a: Shape | undefined, b: Shape | undefined): Shape | undefined {
  if (op === 'and') {
    const zeros = [a, b].flatMap((s) => (s !== undefined && !s.signed ? [s.bits] : []));
    if (zeros.length > 0) return zeroed(Math.min(...zeros));
  }
  if (a === undefined || b === undefined) return undefined;
  if (!a.signed && !b.signed) return zeroed(Math.max(a.bits, b.bits));
  return signed(Math.max(...[a, b].map((s) => (s.signed ? s.bits : s.bits + 1))));
}

/** The shape of a number. */
export function shapeOf(value: bigint): Shape {
  const v = BigInt.asIntN(64, value);
  return v < 0n ? signed((-v - 1n).toString(2).length + 1) : zeroed(v === 0n ? 1 : v.toString(2).length);
}
