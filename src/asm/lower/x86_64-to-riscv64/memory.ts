// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import type { Expr, MemOperand, Reg } from '../../isa/operand.ts';
import { Refusal } from '../from-x86_64/context.ts';
import { baseOf } from '../from-x86_64/operands.ts';
import type { Context } from './context.ts';
import { f, home, STACK, THREAD, x, ZERO } from './registers.ts';
import { signed, zeroed } from './shape.ts';

/** Addresses, loads and stores. */

/** A place in memory: the text of an operand, `8(a0)`, or a symbol that the assembler makes the address of. */
export interface Address {
  readonly text: string;
  /** Base register and offset, where it is made of these. */
  readonly base?: number;
  readonly offset?: bigint;
  readonly isSymbol?: boolean;
}

const fitsImm = (v: bigint): boolean => v >= -2048n && v < 2048n;

export const symbolText = (e: Pick<Expr, 'plus' | 'offset'>): string => {
  const quoted = /^[A-Za-z0-9_.$]+$/.test(e.plus ?? '') ? e.plus : `"${e.plus}"`;
  if (e.offset === 0n) return `${quoted}`;
  return e.offset < 0n ? `${quoted}-${-e.offset}` : `${quoted}+${e.offset}`;
};

const bare = (e: Expr): string => symbolText({ plus: e.plus ?? '', offset: 0n });

/** `to = from + value` in 64 bits. */
export function addConstant(c: Context, to: number, from: number, value: bigint): void {
  const v = BigInt.asIntN(64, value);
  if (v === 0n) return c.move(to, from);
  if (fitsImm(v)) c.op('addi', x(to), x(from), v.toString());
  else if (fitsImm(v / 2n) && fitsImm(v - v / 2n)) {
    c.op('addi', x(to), x(from), (v / 2n).toString());
    c.op('addi', x(to), x(to), (v - v / 2n).toString());
  } else c.scoped(() => c.op('add', x(to), x(from), x(c.constant(v))));
  c.note(to, undefined);
}

/** The address `base + offset`. */
export function baseOffset(c: Context, base: number, offset: bigint | number): Address {
  const off = BigInt.asIntN(64, BigInt(offset));
  if (base === STACK && c.loose && !c.beganLoose) {
    // Where nothing says that it may not be aligned, memory is accessed through the stack pointer only where it is.
    const t = c.temp();
    c.move(t, STACK);
    return baseOffset(c, t, off);
  }
  if (fitsImm(off)) return { text: `${off}(${x(base)})`, base, offset: off };
  // The low part stays in the instruction.
  const low = BigInt.asIntN(12, off);
  const t = c.constant(off - low);
  c.op('add', x(t), x(t), x(base));
  c.note(t, undefined);
  return { text: `${low}(${x(t)})`, base: t, offset: low };
}

/** The addresses of both halves of 16 bytes. */
export function addressPair(c: Context, m: MemOperand): readonly [Address, Address] {
  const first = address(c, m);
  if (first.isSymbol === true)
    return [first, { text: symbolText({ ...m.disp, offset: m.disp.offset + 8n }), isSymbol: true }];
  return [first, baseOffset(c, must(first.base, 'a base'), must(first.offset, 'an offset') + 8n)];
}

/** The position that a base register holds, as an offset from the target's stack pointer. */
function frameOffset(c: Context, base: Reg): number | undefined {
  if (base.width !== 64) return undefined;
  if (base.loc === 'rsp') return c.rsp - c.sp;
  const at = c.frames.get(base.loc);
  return at === undefined ? undefined : at - c.sp;
}

/** Puts the address of a symbol into register `t`. */
export function symbolAddress(c: Context, e: Expr, t: number): void {
  if (e.minus !== undefined) throw new Refusal('V0231', 'the address is a difference of symbols');
  if (c.symbols.isLocal(e.plus ?? '')) c.op('lla', x(t), symbolText({ plus: e.plus ?? '', offset: e.offset }));
  else {
    c.op('la', x(t), bare(e));
    if (e.offset !== 0n) addConstant(c, t, t, e.offset);
  }
  c.note(t, undefined);
}

/** Loads the offset of the symbol `e.plus` from the thread pointer (initial exec) into register `n`. */
export function threadOffset(c: Context, e: Expr, n: number): void {
  c.op('la.tls.ie', x(n), bare(e));
  c.note(n, undefined);
}

/** `t = base + (offset of the symbol from the thread pointer)`. */
export function addThreadOffset(c: Context, e: Expr, t: number, base: number): void {
  const offset = t === base ? c.temp() : t;
  if (e.modifier === 'dtpoff') {
    // The code may be part of a shared library, where only the loader knows the offset.
    threadOffset(c, e, offset);
    c.op('add', x(t), x(base), x(offset));
  } else {
    // Just these three, since linkers shorten them together: then the last one adds to the thread pointer by itself.
    c.op('lui', x(offset), `%tprel_hi(${bare(e)})`);
    c.op('add', x(offset), x(offset), x(THREAD), `%tprel_add(${bare(e)})`);
    c.op('addi', x(base === THREAD ? t : offset), x(offset), `%tprel_lo(${bare(e)})`);
    if (base !== THREAD) {
      c.op('sub', x(offset), x(offset), x(THREAD));
      c.op('add', x(t), x(base), x(offset));
    }
  }
  c.note(t, undefined);
  if (e.offset !== 0n) addConstant(c, t, t, e.offset);
}

/** Names the memory that an x86 operand names. Emits what it takes to form the address. */
export function address(c: Context, m: MemOperand): Address {
  const { disp } = m;
  if (m.segment === 'gs') throw new Refusal('V0232', 'the gs segment has no counterpart');
  if (m.segment === 'fs') return segmentAddress(c, m);
  if (disp.modifier === 'gottpoff') throw new Refusal('V0233', 'this use of @gottpoff is not supported');
  if (disp.plus !== undefined && m.index === undefined && (m.base === undefined || m.base.class === 'ip')) {
    if (disp.modifier !== undefined) throw new Refusal('V0230', `the relocation @${disp.modifier} is not supported`);
    if (c.symbols.isLocal(disp.plus) && disp.minus === undefined) return { text: symbolText(disp), isSymbol: true };
    const t = c.temp();
    symbolAddress(c, { ...disp, offset: 0n }, t);
    return baseOffset(c, t, disp.offset);
  }
  if (m.base !== undefined && m.index === undefined && disp.plus === undefined && m.base.width === 64) {
    const frame = frameOffset(c, m.base);
    if (frame !== undefined) return baseOffset(c, STACK, BigInt(frame) + disp.offset);
    return baseOffset(c, home(m.base.loc), disp.offset);
  }
  const t = c.temp();
  // What went into the sum is free again.
  return baseOffset(
    c,
    t,
    c.scopedGeneral(() => effectiveAddress(c, m, t, true)),
  );
}

/**
 * Computes an operand's address into register `t`. With `leaveOffset` a constant displacement is left to the caller and
 * returned; otherwise it is added and 0 is returned. `t` may be the home of the base or the index.
 */
export function effectiveAddress(c: Context, m: MemOperand, t: number, leaveOffset: boolean): bigint {
  const narrow = (m.base ?? m.index)?.width === 32;
  const base = baseOf(m);
  const { disp, index } = m;
  let offset = disp.offset;
  let current: number | undefined;
  if (disp.plus !== undefined) {
    offset = 0n;
    const symbol = c.temp();
    if (disp.modifier === 'tpoff' || disp.modifier === 'dtpoff') addThreadOffset(c, disp, symbol, ZERO);
    else if (disp.modifier !== undefined)
      throw new Refusal('V0230', `the relocation @${disp.modifier} is not supported here`);
    else symbolAddress(c, disp, symbol);
    current = symbol;
  }
  // Only the last sum may go to the result, which may be the home of what is still to be added.
  const intermediate = index === undefined ? t : (current ?? t);
  if (base !== undefined) {
    const frame = frameOffset(c, base);
    let from: number;
    if (frame !== undefined && !narrow) {
      offset += BigInt(frame);
      from = STACK;
    } else if (base.loc === 'rsp') {
      from = c.temp();
      addConstant(c, from, STACK, BigInt(c.rsp - c.sp));
    } else from = home(base.loc);
    current = current === undefined ? from : sum(c, intermediate, current, from);
  }
  if (index !== undefined) current = withIndex(c, t, home(index.loc), m.scale ?? 1, current);
  if (current === undefined) {
    const low = leaveOffset ? BigInt.asIntN(12, offset) : 0n;
    c.constant(BigInt.asUintN(64, BigInt.asIntN(32, offset - low)), t);
    return low;
  }
  if (leaveOffset && !narrow) {
    c.move(t, current);
    return offset;
  }
  addConstant(c, t, current, offset);
  // A 32-bit address is the low half of the sum.
  if (narrow) {
    c.op('zext.w', x(t), x(t));
    c.note(t, zeroed(32));
  }
  return 0n;
}

/** `current` and the scaled index: one instruction of zba where it adds. */
function withIndex(c: Context, t: number, index: number, scale: number, current: number | undefined): number {
  const by = Math.log2(scale);
  if (current === undefined) return shifted(c, index, by);
  if (by === 0 || !c.has('zba')) return sum(c, t, shifted(c, index, by), current);
  c.op(`sh${by}add`, x(t), x(index), x(current));
  c.note(t, undefined);
  return t;
}

function shifted(c: Context, n: number, by: number): number {
  if (by === 0) return n;
  const t = c.temp();
  c.op('slli', x(t), x(n), by);
  return t;
}

function sum(c: Context, t: number, a: number, b: number): number {
  c.op('add', x(t), x(a), x(b));
  c.note(t, undefined);
  return t;
}

function segmentAddress(c: Context, m: MemOperand): Address {
  const { disp } = m;
  const t = c.temp();
  if (disp.plus !== undefined && disp.modifier !== 'tpoff' && disp.modifier !== 'TPOFF')
    throw new Refusal('V0230', `the relocation @${disp.modifier ?? ''} is not supported`);
  let current = THREAD;
  if (disp.plus !== undefined) {
    addThreadOffset(c, { ...disp, offset: 0n }, t, THREAD);
    current = t;
  } else if (m.base === undefined && m.index === undefined) {
    if (disp.offset === 40n) {
      c.op('la', x(t), '__stack_chk_guard');
      c.note(t, undefined);
      return baseOffset(c, t, 0);
    }
    throw new Refusal(
      'V0232',
      `%fs:${disp.offset} is a field of the C library's thread block`,
      'only the stack guard (%fs:40) and thread-local symbols have a counterpart',
    );
  }
  if (m.base !== undefined) current = sum(c, t, current, home(m.base.loc));
  if (m.index !== undefined) current = withIndex(c, t, home(m.index.loc), m.scale ?? 1, current);
  return baseOffset(c, current, disp.offset);
}

const LETTER: Readonly<Record<number, string>> = { 1: 'b', 2: 'h', 4: 'w', 8: 'd' };

/** Loads 1, 2, 4 or 8 bytes into general register `n` and extends them; where it does not matter, in the cheapest way. */
export function load(c: Context, n: number, a: Address, bytes: number, how: 'any' | 'zero' | 'sign' = 'any'): void {
  const zero = bytes < 8 && (how === 'zero' || (how === 'any' && bytes < 4));
  c.op(`l${LETTER[bytes]}${zero ? 'u' : ''}`, x(n), a.text);
  c.note(n, bytes === 8 ? undefined : zero ? zeroed(8 * bytes) : signed(8 * bytes));
}

export function store(c: Context, n: number, a: Address, bytes: number): void {
  const op = `s${LETTER[bytes]}`;
  if (a.isSymbol === true) c.scoped(() => c.op(op, x(n), a.text, x(c.temp())));
  else c.op(op, x(n), a.text);
}

/** Loads 4 or 8 bytes into floating-point register `n`; 4 bytes are boxed. */
export function loadFloat(c: Context, n: number, a: Address, bytes: number): void {
  accessFloat(c, bytes === 8 ? 'fld' : 'flw', n, a);
}

export function storeFloat(c: Context, n: number, a: Address, bytes: number): void {
  accessFloat(c, bytes === 8 ? 'fsd' : 'fsw', n, a);
}

function accessFloat(c: Context, op: string, n: number, a: Address): void {
  if (a.isSymbol === true) c.scoped(() => c.op(op, f(n), a.text, x(c.temp())));
  else c.op(op, f(n), a.text);
}
