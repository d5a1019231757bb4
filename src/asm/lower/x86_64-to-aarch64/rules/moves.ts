// SPDX-License-Identifier: MIT
import type { Expr, MemOperand } from '../../../isa/operand.ts';
import { isNumber } from '../../../isa/operand.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import { constantOf, isLoaderValue, isReg, isTableEntry } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { address, effectiveAddress, loadGeneral, storeGeneral } from '../memory.ts';
import { home, r, w, x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { destination, loaderValue, read, stackPointerInto, symbolValue } from '../values.ts';

/** Moves between registers, memory and constants. */

function move(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, src] = i.ops;
  if (isReg(dst) && isReg(src)) {
    if (src.reg.loc === 'rsp') return stackPointerInto(c, home(dst.reg.loc));
    if (width >= 32) return c.op('mov', r(home(dst.reg.loc), width), r(home(src.reg.loc), width));
    if (src.reg.lo === 0) return c.writeRegister(dst.reg, home(src.reg.loc));
    const d = destination(c, dst, width, false);
    c.op('ubfx', w(d.into), w(home(src.reg.loc)), `#${src.reg.lo}`, `#${width}`);
    return d.write();
  }
  if (isReg(dst) && src?.kind === 'mem') {
    if (width === 64 && isLoaderValue(src)) {
      loaderValue(c, src, home(dst.reg.loc));
      return;
    }
    if (width < 64 && isTableEntry(src)) return c.writeRegister(dst.reg, read(c, src, width));
    const a = address(c, src, width / 8);
    const d = destination(c, dst, width, false);
    loadGeneral(c, d.into, a, width / 8);
    return d.write();
  }
  if (isReg(dst) && src?.kind === 'imm') return moveImmediate(c, i, src.value);
  if (dst?.kind === 'mem') {
    if (src?.kind === 'imm' && !isNumber(src.value) && width !== 64)
      throw new Refusal('V0230', 'an address is stored as 32 bits', 'compile the source position independent (-fPIE)');
    const a = address(c, dst, width / 8);
    const n =
      src?.kind === 'reg' && src.reg.lo === 0
        ? read(c, src, width)
        : read(c, src, width, 'zero', width === 64 ? 64 : 32);
    return storeGeneral(c, n, a, width / 8);
  }
  throw new Refusal('V0221', 'this move is not supported');
}

function moveImmediate(c: Context, i: Parts, value: Expr): void {
  const d = destination(c, i.ops[0], i.width, false);
  if (!isNumber(value)) {
    if (i.width < 32) throw new Refusal('V0230', 'an address does not fit into this operand');
    symbolValue(c, value, d.into);
  } else {
    const v = constantOf(i.ops[1], i.width) ?? 0n;
    c.constant(BigInt.asUintN(Math.max(i.width, 32), i.width < 32 ? BigInt.asUintN(i.width, v) : v), i.width, d.into);
  }
  d.write();
}

function extend(c: Context, i: Parts): void {
  const [dst, src] = i.ops;
  const signed = i.mnemonic.startsWith('movsx');
  const from = i.form.endsWith('32') || i.mnemonic === 'movsxd' ? 32 : i.form.endsWith('16') ? 16 : 8;
  if (!isReg(dst)) throw new Refusal('V0221', 'this operand cannot be written');
  if (src?.kind === 'mem' && isTableEntry(src))
    return c.writeRegister(dst.reg, read(c, src, from, signed ? 'sign' : 'zero', i.width === 64 ? 64 : 32));
  const d = destination(c, dst, i.width, false);
  if (src?.kind === 'mem') {
    loadGeneral(c, d.into, address(c, src, from / 8), from / 8, signed, i.width === 64 ? 64 : 32);
  } else if (isReg(src)) {
    const h = home(src.reg.loc);
    if (signed) {
      const bits = r(d.into, i.width);
      if (src.reg.lo > 0) c.op('sbfx', bits, r(h, i.width), `#${src.reg.lo}`, `#${from}`);
      else c.op(from === 32 ? 'sxtw' : from === 16 ? 'sxth' : 'sxtb', bits, w(h));
    } else if (src.reg.lo > 0) c.op('ubfx', w(d.into), w(h), `#${src.reg.lo}`, `#${from}`);
    else if (from === 32) c.op('mov', w(d.into), w(h));
    else c.op('and', w(d.into), w(h), from === 16 ? '#65535' : '#255');
  }
  d.write();
}

function loadAddress(c: Context, i: Parts): void {
  const [dst, src] = i.ops;
  if (!isReg(dst) || src?.kind !== 'mem') throw new Refusal('V0221', 'this lea is not supported');
  if (src.disp.modifier === 'tlsgd' || src.disp.modifier === 'tlsld')
    throw new Refusal(
      'V0233',
      'the general dynamic model of thread-local storage is not supported',
      'compile with -ftls-model=initial-exec',
    );
  const h = home(dst.reg.loc);
  if (i.width === 32 && src.disp.plus === undefined && isPlain(src)) return narrowAddress(c, src, h);
  const overlaps = src.base?.loc === dst.reg.loc || src.index?.loc === dst.reg.loc;
  const simple =
    isPlain(src) && src.disp.plus === undefined && !c.frames.has(src.base?.loc ?? '') && src.base?.loc !== 'rsp';
  const t = i.width === 64 && (!overlaps || simple) ? h : c.temp();
  effectiveAddress(c, src, t, false);
  if (t !== h || i.width !== 64) c.writeRegister(dst.reg, t);
}

const isPlain = (m: MemOperand): boolean => m.base?.class !== 'ip' && m.segment === undefined;

/** The low 32 bits of an address need only the low halves of its parts. */
function narrowAddress(c: Context, m: MemOperand, h: number): void {
  let current: string | undefined;
  const half = (loc: string): string => {
    if (loc !== 'rsp') return w(home(loc));
    const t = c.temp();
    stackPointerInto(c, t);
    return w(t);
  };
  if (m.base !== undefined) current = half(m.base.loc);
  if (m.index !== undefined) {
    const index = half(m.index.loc);
    const shift = Math.log2(m.scale ?? 1);
    if (current === undefined) c.op('lsl', w(h), index, `#${shift}`);
    else c.op('add', w(h), current, index, ...(shift === 0 ? [] : [`lsl #${shift}`]));
    current = w(h);
  }
  const offset = BigInt.asIntN(32, m.disp.offset);
  if (current === undefined) {
    c.constant(BigInt.asUintN(32, offset), 32, h);
    return;
  }
  if (offset === 0n) {
    if (current !== w(h) || m.index === undefined) c.op('mov', w(h), current);
    return;
  }
  const magnitude = offset < 0n ? -offset : offset;
  const op = offset < 0n ? 'sub' : 'add';
  if (magnitude < 4096n) c.op(op, w(h), current, `#${magnitude}`);
  else {
    const t = c.constant(magnitude, 32);
    c.op(op, w(h), current, w(t));
  }
}

/** An exchange with memory is atomic on x86, with or without `lock`. */
function exchange(c: Context, i: Parts): void {
  const { width } = i;
  const [a, b] = i.ops;
  if (isReg(a) && isReg(b)) {
    const first = read(c, a, width);
    const second = read(c, b, width);
    const t = c.temp();
    c.op('mov', r(t, width), r(first, width));
    // A high byte was read into a temporary already; a whole register is still in its home.
    c.writeRegister(a.reg, second);
    c.writeRegister(b.reg, t);
    return;
  }
  const [m, reg] = a?.kind === 'mem' ? [a, b] : [b, a];
  if (m?.kind !== 'mem' || !isReg(reg)) throw new Refusal('V0221', 'this exchange is not supported');
  const t = c.temp();
  effectiveAddress(c, m, t, false);
  const value = read(c, reg, width);
  const old = c.temp();
  if (c.has('lse')) {
    c.op(`swpal${atomicSuffix(width)}`, r(value, width), r(old, width), `[${x(t)}]`);
    return c.writeRegister(reg.reg, old);
  }
  const status = c.temp();
  const retry = c.freshLabel('retry');
  c.label(retry);
  c.op(`ldaxr${atomicSuffix(width)}`, r(old, width), `[${x(t)}]`);
  c.op(`stlxr${atomicSuffix(width)}`, w(status), r(value, width), `[${x(t)}]`);
  c.op('cbnz', w(status), retry);
  c.writeRegister(reg.reg, old);
}

export const atomicSuffix = (width: number): string => (width === 8 ? 'b' : width === 16 ? 'h' : '');

function byteSwap(c: Context, i: Parts): void {
  const d = destination(c, i.ops[0], i.width, true);
  c.op('rev', r(d.into, i.width), r(d.old, i.width));
  d.write();
}

export const moveRules: readonly Rule[] = [
  rule({ name: 'mov', from: ['mov', 'movabs'], to: move }),
  rule({ name: 'extend', from: ['movzx', 'movsx', 'movsxd'], to: extend }),
  rule({ name: 'lea', from: ['lea', 'data16_lea'], to: loadAddress }),
  rule({ name: 'xchg', from: ['xchg', 'lock_xchg'], to: exchange }),
  rule({ name: 'bswap', from: ['bswap'], to: byteSwap }),
];
