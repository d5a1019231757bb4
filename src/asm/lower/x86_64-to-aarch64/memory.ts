// SPDX-License-Identifier: MIT
import { assert } from '../../../base/assert.ts';
import type { Expr, MemOperand, Reg } from '../../isa/operand.ts';
import { Refusal } from '../from-x86_64/context.ts';
import { baseOf, isTableEntry } from '../from-x86_64/operands.ts';
import { isAddImm } from './constants.ts';
import type { Context } from './context.ts';
import { home, w, x } from './registers.ts';

/** A place in memory as an AArch64 load or store of a given size can name it. */
export interface Address {
  readonly text: string;
  /** The offset needs the unscaled (`ldur`) form. */
  readonly unscaled: boolean;
  /** Base and constant offset, where the address has that shape: for accesses next to this one. */
  readonly base?: string;
  readonly offset?: number;
}

const symbolText = (e: Expr): string => {
  const sign = e.offset < 0n ? '-' : '+';
  const magnitude = e.offset < 0n ? -e.offset : e.offset;
  const quoted = /^[A-Za-z0-9_.$]+$/.test(e.plus ?? '') ? e.plus : `"${e.plus}"`;
  return e.offset === 0n ? `${quoted}` : `${quoted}${sign}${magnitude}`;
};

/** The address `base + offset` for an access of `bytes` bytes. */
export function baseOffset(c: Context, base: string, offset: bigint | number, bytes: number): Address {
  const off = BigInt(offset);
  if (base === 'sp' && c.loose) {
    // Memory is accessed through the stack pointer only where that is aligned.
    const t = c.temp();
    c.op('mov', x(t), 'sp');
    return baseOffset(c, x(t), offset, bytes);
  }
  if (off === 0n) return { text: `[${base}]`, unscaled: false, base, offset: 0 };
  const scaled = off > 0n && off % BigInt(bytes) === 0n && off / BigInt(bytes) < 4096n;
  if (scaled) return { text: `[${base}, #${off}]`, unscaled: false, base, offset: Number(off) };
  if (off >= -256n && off < 256n) return { text: `[${base}, #${off}]`, unscaled: true, base, offset: Number(off) };
  const t = c.temp();
  addConstant(c, x(t), base, off, 64);
  return { text: `[${x(t)}]`, unscaled: false, base: x(t), offset: 0 };
}

/** `dst = src + value`, in as few instructions as the constant allows; `dst` and `src` may be `sp`. */
export function addConstant(c: Context, dst: string, src: string, value: bigint, width: 32 | 64): void {
  const v = BigInt.asIntN(width, value);
  const [op, magnitude] = v < 0n ? ['sub', -v] : ['add', v];
  if (v === 0n) {
    if (dst !== src) c.op('mov', dst, src);
  } else if (isAddImm(magnitude)) {
    c.op(op as string, dst, src, immediate(magnitude as bigint));
  } else if ((magnitude as bigint) < 1n << 24n) {
    const m = magnitude as bigint;
    c.op(op as string, dst, src, immediate(m & ~0xfffn));
    c.op(op as string, dst, dst, immediate(m & 0xfffn));
  } else {
    const t = c.constant(v, width);
    // The extended form is the one that takes the stack pointer.
    if (width === 64) c.op('add', dst, src, x(t), ...(src === 'sp' || dst === 'sp' ? ['uxtx'] : []));
    else c.op('add', dst, src, w(t));
  }
}

/** An `add` immediate as text. */
export function immediate(value: bigint): string {
  return value >= 4096n ? `#${value >> 12n}, lsl #12` : `#${value}`;
}

/** The frame-relative position that a base register holds, as an offset from the target's stack pointer. */
function frameOffset(c: Context, base: Reg): number | undefined {
  if (base.width !== 64) return undefined;
  if (base.loc === 'rsp') return c.rsp - c.sp;
  const at = c.frames.get(base.loc);
  return at === undefined ? undefined : at - c.sp;
}

/** Puts the address of a symbol into register `t`. */
export function symbolAddress(c: Context, e: Expr, t: number): void {
  const name = e.plus;
  assert(name !== undefined, 'an address without a symbol');
  if (e.minus !== undefined) throw new Refusal('V0231', 'the address is a difference of symbols');
  if (c.symbols.isLocal(name)) {
    c.op('adrp', x(t), symbolText(e));
    c.op('add', x(t), x(t), `:lo12:${symbolText(e)}`);
    return;
  }
  const bare = symbolText({ plus: name, offset: 0n });
  c.op('adrp', x(t), `:got:${bare}`);
  c.op('ldr', x(t), `[${x(t)}, :got_lo12:${bare}]`);
  if (e.offset !== 0n) addConstant(c, x(t), x(t), e.offset, 64);
}

/** Puts the thread-local address of `e.plus + e.offset` (local exec) into register `t`. */
function threadLocalAddress(c: Context, e: Expr, t: number): void {
  c.op('mrs', x(t), 'tpidr_el0');
  addThreadOffset(c, e, t, x(t));
}

/** Loads the offset of the symbol `e.plus` from the thread pointer (initial exec) into register `n`. */
export function threadOffset(c: Context, e: Expr, n: number): void {
  const bare = symbolText({ plus: e.plus ?? '', offset: 0n });
  c.op('adrp', x(n), `:gottprel:${bare}`);
  c.op('ldr', x(n), `[${x(n)}, :gottprel_lo12:${bare}]`);
}

/** `t = base + (offset of the symbol from the thread pointer)`. */
export function addThreadOffset(c: Context, e: Expr, t: number, base: string): void {
  const bare = symbolText({ plus: e.plus ?? '', offset: 0n });
  if (e.modifier === 'dtpoff') {
    // The code may be part of a shared library, where only the loader knows the offset.
    const offset = c.temp();
    threadOffset(c, e, offset);
    c.op('add', x(t), base, x(offset));
  } else {
    c.op('add', x(t), base, `#:tprel_hi12:${bare}`, 'lsl #12');
    c.op('add', x(t), x(t), `#:tprel_lo12_nc:${bare}`);
  }
  if (e.offset !== 0n) addConstant(c, x(t), x(t), e.offset, 64);
}

/** Names the memory that an x86 operand names, for an access of `bytes` bytes. Emits what it takes to form the address. */
export function address(c: Context, m: MemOperand, bytes: number): Address {
  const { disp } = m;
  if (m.segment === 'gs') throw new Refusal('V0232', 'the gs segment has no counterpart');
  if (m.segment === 'fs') return segmentAddress(c, m, bytes);
  if (isTableEntry(m)) {
    // Linkers fill in entries for whole addresses only.
    if (bytes !== 8) throw new Refusal('V0230', `this use of the relocation @${disp.modifier} is not supported`);
    const t = c.temp();
    const bare = symbolText({ plus: disp.plus ?? '', offset: 0n });
    c.op('adrp', x(t), `:got:${bare}`);
    return { text: `[${x(t)}, :got_lo12:${bare}]`, unscaled: false };
  }
  if (disp.modifier === 'gottpoff') throw new Refusal('V0233', 'this use of @gottpoff is not supported');
  if (disp.plus !== undefined && m.index === undefined && (m.base === undefined || m.base.class === 'ip')) {
    if (disp.modifier !== undefined) throw new Refusal('V0230', `the relocation @${disp.modifier} is not supported`);
    const t = c.temp();
    if (
      c.symbols.isLocal(disp.plus) &&
      disp.minus === undefined &&
      c.symbols.isAligned(disp.plus, disp.offset, bytes)
    ) {
      c.op('adrp', x(t), symbolText(disp));
      return { text: `[${x(t)}, :lo12:${symbolText(disp)}]`, unscaled: false };
    }
    if (c.symbols.isLocal(disp.plus)) {
      symbolAddress(c, disp, t);
      return { text: `[${x(t)}]`, unscaled: false, base: x(t), offset: 0 };
    }
    symbolAddress(c, { ...disp, offset: 0n }, t);
    return baseOffset(c, x(t), disp.offset, bytes);
  }
  if (m.base !== undefined && m.index === undefined && disp.plus === undefined && m.base.width === 64) {
    const frame = frameOffset(c, m.base);
    if (frame !== undefined) return baseOffset(c, 'sp', BigInt(frame) + disp.offset, bytes);
    return baseOffset(c, x(home(m.base.loc)), disp.offset, bytes);
  }
  // Base and index: the register-offset form takes no displacement and scales by the access size only.
  const index = m.index;
  if (
    index !== undefined &&
    index.width === 64 &&
    m.base !== undefined &&
    m.base.width === 64 &&
    disp.plus === undefined &&
    disp.offset === 0n &&
    frameOffset(c, m.base) === undefined &&
    frameOffset(c, index) === undefined
  ) {
    const scale = m.scale ?? 1;
    if (scale === 1 || scale === bytes) {
      const shift = scale === 1 ? '' : `, lsl #${Math.log2(scale)}`;
      return { text: `[${x(home(m.base.loc))}, ${x(home(index.loc))}${shift}]`, unscaled: false };
    }
  }
  const t = c.temp();
  const rest = effectiveAddress(c, m, t, true);
  return baseOffset(c, x(t), rest, bytes);
}

/** `register text` of a base or index: its home, or a temporary with the address for one that is held in the frame. */
function baseText(c: Context, reg: Reg): string {
  if (reg.loc === 'rsp') {
    const t = c.temp();
    addConstant(c, x(t), 'sp', BigInt(c.rsp - c.sp), 64);
    return x(t);
  }
  return x(home(reg.loc));
}

/**
 * Computes an operand's address into register `t` (64 bits). With `leaveOffset` a constant displacement is left to
 * the caller and returned; otherwise it is added and 0 is returned.
 */
export function effectiveAddress(c: Context, m: MemOperand, t: number, leaveOffset: boolean): bigint {
  const narrow = (m.base ?? m.index)?.width === 32;
  const parts = { base: baseOf(m), index: m.index };
  const { disp } = m;
  let offset = disp.offset;
  let current: string | undefined;
  if (disp.plus !== undefined) {
    if (disp.modifier === 'tpoff' || disp.modifier === 'dtpoff') {
      if (parts.base === undefined) c.op('mov', x(t), 'xzr');
      addThreadOffset(c, disp, t, parts.base === undefined ? x(t) : baseText(c, parts.base));
      parts.base = undefined;
    } else {
      if (disp.modifier !== undefined)
        throw new Refusal('V0230', `the relocation @${disp.modifier} is not supported here`);
      symbolAddress(c, disp, t);
    }
    offset = 0n;
    current = x(t);
  }
  const frame = parts.base === undefined ? undefined : frameOffset(c, parts.base);
  if (parts.base !== undefined) {
    if (frame !== undefined && current === undefined && !narrow) {
      // The constant part of a frame address joins the displacement.
      if (parts.index === undefined) {
        addConstant(c, x(t), 'sp', BigInt(frame) + offset, 64);
        return finish(c, m, t, 0n, narrow, leaveOffset);
      }
      addConstant(c, x(t), 'sp', BigInt(frame) + offset, 64);
      offset = 0n;
      current = x(t);
    } else {
      const base = baseText(c, parts.base);
      if (current === undefined) current = base;
      else {
        c.op('add', x(t), current, base);
        current = x(t);
      }
    }
  }
  if (parts.index !== undefined) {
    const index = baseText(c, parts.index);
    const shift = Math.log2(m.scale ?? 1);
    if (current === undefined) {
      if (shift === 0) c.op('mov', x(t), index);
      else c.op('lsl', x(t), index, `#${shift}`);
    } else {
      c.op('add', x(t), current, index, ...(shift === 0 ? [] : [`lsl #${shift}`]));
    }
    current = x(t);
  }
  if (current === undefined) {
    c.constant(BigInt.asUintN(64, BigInt.asIntN(32, offset)), 64, t);
    return finish(c, m, t, 0n, narrow, leaveOffset);
  }
  if (current !== x(t)) {
    if (offset !== 0n && !(leaveOffset && !narrow)) {
      addConstant(c, x(t), current, offset, 64);
      return finish(c, m, t, 0n, narrow, leaveOffset);
    }
    c.op('mov', x(t), current);
  }
  return finish(c, m, t, offset, narrow, leaveOffset);
}

function finish(c: Context, _m: MemOperand, t: number, offset: bigint, narrow: boolean, leaveOffset: boolean): bigint {
  if (leaveOffset && !narrow) return offset;
  if (offset !== 0n) addConstant(c, x(t), x(t), offset, 64);
  // A 32-bit address is the low half of the sum.
  if (narrow) c.op('mov', w(t), w(t));
  return 0n;
}

function segmentAddress(c: Context, m: MemOperand, bytes: number): Address {
  const { disp } = m;
  const t = c.temp();
  if (disp.plus !== undefined) {
    if (disp.modifier !== 'tpoff' && disp.modifier !== 'TPOFF')
      throw new Refusal('V0230', `the relocation @${disp.modifier ?? ''} is not supported`);
    threadLocalAddress(c, disp, t);
    if (m.base !== undefined) c.op('add', x(t), x(t), x(home(m.base.loc)));
    if (m.index !== undefined) c.op('add', x(t), x(t), x(home(m.index.loc)), `lsl #${Math.log2(m.scale ?? 1)}`);
    return baseOffset(c, x(t), 0, bytes);
  }
  if (m.base === undefined && m.index === undefined) {
    if (disp.offset === 40n) {
      c.op('adrp', x(t), ':got:__stack_chk_guard');
      c.op('ldr', x(t), `[${x(t)}, :got_lo12:__stack_chk_guard]`);
      return { text: `[${x(t)}]`, unscaled: false, base: x(t), offset: 0 };
    }
    throw new Refusal(
      'V0232',
      `%fs:${disp.offset} is a field of the C library's thread block`,
      'only the stack guard (%fs:40) and thread-local symbols have a counterpart',
    );
  }
  c.op('mrs', x(t), 'tpidr_el0');
  if (m.base !== undefined) c.op('add', x(t), x(t), x(home(m.base.loc)));
  if (m.index !== undefined) c.op('add', x(t), x(t), x(home(m.index.loc)), `lsl #${Math.log2(m.scale ?? 1)}`);
  return baseOffset(c, x(t), disp.offset, bytes);
}

const suffix: Readonly<Record<number, string>> = { 1: 'b', 2: 'h', 4: '', 8: '' };

/** Loads 1, 2, 4 or 8 bytes into general register `n`, zero- or sign-extended to `to` bits. */
export function loadGeneral(c: Context, n: number, a: Address, bytes: number, signed = false, to: 32 | 64 = 32): void {
  const stem = a.unscaled ? 'ldur' : 'ldr';
  if (bytes === 8) c.op(stem, x(n), a.text);
  else if (bytes === 4) c.op(signed && to === 64 ? `${stem}sw` : stem, signed && to === 64 ? x(n) : w(n), a.text);
  else c.op(`${stem}${signed ? 's' : ''}${suffix[bytes]}`, signed && to === 64 ? x(n) : w(n), a.text);
}

export function storeGeneral(c: Context, n: number, a: Address, bytes: number): void {
  c.op(`${a.unscaled ? 'stur' : 'str'}${suffix[bytes]}`, bytes === 8 ? x(n) : w(n), a.text);
}

/** Loads `bytes` (1 to 16) bytes into vector register `n`; the rest of it becomes zero. */
export function loadVector(c: Context, n: number, a: Address, bytes: number): void {
  if (a.text.includes(':got_lo12:')) {
    // Slots of the GOT are loaded into general registers.
    const t = c.temp();
    c.op('ldr', x(t), a.text);
    c.op('fmov', `d${n}`, x(t));
    return;
  }
  c.op(a.unscaled ? 'ldur' : 'ldr', `${vectorPrefix(bytes)}${n}`, a.text);
}

export function storeVector(c: Context, n: number, a: Address, bytes: number): void {
  c.op(a.unscaled ? 'stur' : 'str', `${vectorPrefix(bytes)}${n}`, a.text);
}

function vectorPrefix(bytes: number): string {
  const names: Readonly<Record<number, string>> = { 1: 'b', 2: 'h', 4: 's', 8: 'd', 16: 'q' };
  return names[bytes] ?? 'q';
}
