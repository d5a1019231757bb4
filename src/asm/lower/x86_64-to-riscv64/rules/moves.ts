// SPDX-License-Identifier: MIT
import type { Expr, MemOperand, Operand, Reg } from '../../../isa/operand.ts';
import { isNumber } from '../../../isa/operand.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import { constantOf, isReg, isTableEntry } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { address, effectiveAddress, load, store } from '../memory.ts';
import { home, x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { isExtended, type Shape, signed } from '../shape.ts';
import { destination, highByte, isSlot, read, slotValue, stackPointerInto, symbolValue } from '../values.ts';
import { narrowAtomic } from './narrow-atomics.ts';

/** Moves between registers, memory and constants. */

const upperLive = (c: Context, location: string): boolean => c.after.live(location, 32, 63);

function move(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, src] = i.ops;
  if (isReg(dst) && isReg(src)) {
    if (src.reg.loc === 'rsp' && width === 64) return stackPointerInto(c, home(dst.reg.loc));
    return c.writeRegister(dst.reg, read(c, src, width));
  }
  if (isReg(dst) && src?.kind === 'mem') {
    if (width === 64 && isSlot(src)) {
      slotValue(c, src, home(dst.reg.loc));
      return;
    }
    if (isTableEntry(src)) return c.writeRegister(dst.reg, read(c, src, width));
    const a = address(c, src);
    const d = destination(c, dst, width, false);
    load(c, d.into, a, width / 8, width === 32 && upperLive(c, dst.reg.loc) ? 'zero' : 'any');
    return d.write(d.into, c.shape(d.into));
  }
  if (isReg(dst) && src?.kind === 'imm') return moveImmediate(c, i, src.value);
  if (dst?.kind === 'mem') {
    if (src?.kind === 'imm' && !isNumber(src.value) && width !== 64)
      throw new Refusal('V0230', 'an address is stored as 32 bits', 'compile the source position independent (-fPIE)');
    const a = address(c, dst);
    return store(c, read(c, src, width), a, width / 8);
  }
  throw new Refusal('V0221', 'this move is not supported');
}

function moveImmediate(c: Context, i: Parts, value: Expr): void {
  const dst = i.ops[0];
  const d = destination(c, isAddress(value) ? whole(dst) : dst, i.width, false);
  if (!isNumber(value)) {
    if (i.width < 32) throw new Refusal('V0230', 'an address does not fit into this operand');
    symbolValue(c, value, d.into);
  } else {
    const v = constantOf(i.ops[1], i.width) ?? 0n;
    // Numbers come with whichever upper half is wanted.
    const zero = i.width === 32 && isReg(dst) && upperLive(c, dst.reg.loc);
    c.constant(zero ? BigInt.asUintN(32, v) : v, d.into);
  }
  d.write(d.into, c.shape(d.into));
}

/** What x86-64's linker sees to that 32 bits hold, so that they stand for the whole address; here it may be longer. */
const isAddress = (e: Expr): boolean => e.plus !== undefined && e.minus === undefined && e.modifier === undefined;

const whole = (op: Operand | undefined): Operand | undefined =>
  isReg(op) ? { ...op, reg: { ...op.reg, width: 64 } } : op;

function extend(c: Context, i: Parts): void {
  const [dst, src] = i.ops;
  const how = i.mnemonic.startsWith('movsx') ? 'sign' : 'zero';
  const from = i.form.endsWith('32') || i.mnemonic === 'movsxd' ? 32 : i.form.endsWith('16') ? 16 : 8;
  if (!isReg(dst)) throw new Refusal('V0221', 'this operand cannot be written');
  if (src?.kind === 'mem' && isTableEntry(src)) return c.writeRegister(dst.reg, read(c, src, from, how));
  const d = destination(c, dst, i.width, false);
  if (src?.kind === 'mem') load(c, d.into, address(c, src), from / 8, how);
  else if (isReg(src)) {
    const h = home(src.reg.loc);
    if (src.reg.lo > 0) highByte(c, h, src.reg.lo, from, how, d.into);
    else if (isExtended(c.shape(h), from, how)) {
      c.writeRegister(dst.reg, h);
      return;
    } else c.extended(h, from, how, d.into);
  }
  d.write(d.into, c.shape(d.into));
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
  if (i.width === 32 && src.disp.plus === undefined && src.base?.loc !== 'rsp') return narrowAddress(c, dst.reg, src);
  const t = i.width >= 32 ? home(dst.reg.loc) : c.temp();
  effectiveAddress(c, src, t, false);
  c.writeRegister(dst.reg, t);
}

/** The low 32 bits of an address need only the low halves of its parts. */
function narrowAddress(c: Context, dst: Reg, src: MemOperand): void {
  const t = home(dst.loc);
  let shape: Shape | undefined = signed(32);
  const offset = BigInt.asIntN(32, src.disp.offset);
  let current = src.base === undefined ? undefined : home(src.base.loc);
  if (src.index !== undefined) {
    const by = Math.log2(src.scale ?? 1);
    const index = home(src.index.loc);
    if (by > 0 && current !== undefined && c.has('zba')) {
      c.op(`sh${by}add`, x(t), x(index), x(current));
      if (offset === 0n) shape = undefined;
      current = t;
    } else {
      let n = index;
      if (by > 0) {
        n = current === undefined ? t : c.temp();
        c.op('slliw', x(n), x(index), by);
      }
      if (current !== undefined) c.op('addw', x(t), x(current), x(n));
      current = current === undefined ? n : t;
    }
  }
  if (current === undefined) c.constant(offset, t);
  else if (offset >= -2048n && offset < 2048n) {
    if (offset !== 0n || current !== t) c.op('addiw', x(t), x(current), offset.toString());
  } else c.op('addw', x(t), x(current), x(c.constant(offset)));
  c.note(t, shape);
  c.writeRegister(dst, t);
}

/** An exchange with memory is atomic on x86, with or without `lock`. */
function exchange(c: Context, i: Parts): void {
  const { width } = i;
  const [a, b] = i.ops;
  if (isReg(a) && isReg(b)) {
    const first = read(c, a, width);
    const second = read(c, b, width);
    const t = c.temp();
    c.move(t, first);
    let u = second;
    if (width < 32) {
      u = c.temp();
      c.move(u, second);
    }
    c.writeRegister(a.reg, u);
    c.writeRegister(b.reg, t);
    return;
  }
  const [m, reg] = a?.kind === 'mem' ? [a, b] : [b, a];
  if (m?.kind !== 'mem' || !isReg(reg)) throw new Refusal('V0221', 'this exchange is not supported');
  if (width < 32) {
    c.writeRegister(
      reg.reg,
      narrowAtomic(c, 'swap', i, () => read(c, reg, width)),
    );
    return;
  }
  const t = c.temp();
  effectiveAddress(c, m, t, false);
  const value = read(c, reg, width);
  const old = c.temp();
  c.op(`amoswap.${width === 64 ? 'd' : 'w'}.aqrl`, x(old), x(value), `(${x(t)})`);
  c.note(old, width === 64 ? undefined : signed(32));
  c.writeRegister(reg.reg, old);
}

/** One instruction of zbb; without it, neighbours change places: bytes, then pairs, then halves. */
export function swapped(c: Context, into: number, from: number, width: number): void {
  const wide = width === 64;
  if (c.has('zbb')) {
    c.op('rev8', x(into), x(from));
    if (!wide) c.op('srai', x(into), x(into), 64 - width);
    return c.note(into, wide ? undefined : signed(width));
  }
  const masks: readonly (readonly [number, bigint])[] = wide
    ? [
        [8, 0x00ff00ff00ff00ffn],
        [16, 0x0000ffff0000ffffn],
      ]
    : width === 32
      ? [[8, 0x00ff00ffn]]
      : [];
  let value = from;
  for (const [by, mask] of masks) {
    c.scoped(() => {
      const [m, t] = [c.constant(mask), c.temp()];
      c.op('srli', x(t), x(value), by);
      c.op('and', x(t), x(t), x(m));
      c.op('and', x(into), x(value), x(m));
      c.op('slli', x(into), x(into), by);
      c.op('or', x(into), x(into), x(t));
    });
    value = into;
  }
  const half = width / 2;
  const w = wide ? '' : 'w';
  c.scoped(() => {
    const t = c.temp();
    if (width === 16) {
      c.op('slli', x(t), x(value), 48);
      c.op('srli', x(t), x(t), 56);
    } else c.op(`srli${w}`, x(t), x(value), half);
    c.op(`slli${w}`, x(into), x(value), half);
    c.op('or', x(into), x(into), x(t));
  });
  c.note(into, width === 32 ? signed(32) : undefined);
}

function byteSwap(c: Context, i: Parts): void {
  const d = destination(c, i.ops[0], i.width, true);
  swapped(c, d.into, d.old, i.width);
  d.write(d.into, c.shape(d.into));
}

export const moveRules: readonly Rule[] = [
  rule({ name: 'mov', from: ['mov', 'movabs'], to: move }),
  rule({ name: 'extend', from: ['movzx', 'movsx', 'movsxd'], to: extend }),
  rule({ name: 'lea', from: ['lea', 'data16_lea'], to: loadAddress }),
  rule({ name: 'xchg', from: ['xchg', 'lock_xchg'], to: exchange }),
  rule({ name: 'bswap', from: ['bswap'], to: byteSwap }),
];
