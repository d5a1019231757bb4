// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import { constantOf, isReg } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import { flagValue } from '../conditions.ts';
import { type Context, difference } from '../context.ts';
import { address, store } from '../memory.ts';
import { home, loc, sourceIn, x, ZERO } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { signed, zeroed } from '../shape.ts';
import { destination, read } from '../values.ts';
import { resultFlags } from './arithmetic.ts';
import { COUNT, COUNTED, safe } from './bits.ts';
import { swapped } from './moves.ts';

/** Integer instructions beyond the baseline: LZCNT, BMI1, BMI2, MOVBE, ADX and CRC32. */

const w = (width: number): string => (width === 64 ? '' : 'w');
const shaped = (width: number) => (width === 64 ? undefined : signed(32));

/** A copy of a register that may be a home, which the result may go to. */
function lasting(c: Context, n: number): number {
  if (sourceIn(n) === undefined) return n;
  const t = c.temp();
  c.move(t, n);
  return t;
}

/** Zeros from one end; of the operand's width there are as many as bits. */
function countZeros(c: Context, i: Parts): void {
  const { width } = i;
  const trailing = i.mnemonic === 'tzcnt';
  const n = safe(c, read(c, i.ops[1], width, trailing ? 'any' : 'zero'), COUNTED);
  const source = c.after.liveFlag('cf') ? safe(c, lasting(c, n), COUNTED) : n;
  c.move(COUNTED, n);
  if (trailing && width < 64) {
    // A bit above the operand ends the count.
    const t = c.constant(1n << BigInt(width));
    c.op('or', x(COUNTED), x(COUNTED), x(t));
  }
  c.op('call', trailing ? '__vouch_ctz64' : '__vouch_clz64');
  if (!trailing && width < 64) c.op('addi', x(COUNT), x(COUNT), width - 64);
  c.note(COUNT, zeroed(7));
  destination(c, i.ops[0], width, false).write(COUNT, zeroed(7));
  if (c.after.liveFlag('zf')) c.places.set('zf', difference('zf', COUNT, 0n, 64));
  if (c.after.liveFlag('cf')) c.places.set('cf', difference('zf', source, 0n, width));
}

/** The lowest one of a value: alone (`blsi`), removed (`blsr`), or as a mask up to it (`blsmsk`). */
function lowestBit(c: Context, i: Parts): void {
  const { width, mnemonic } = i;
  const read1 = read(c, i.ops[1], width);
  const n = c.after.liveFlag('cf') ? lasting(c, read1) : read1;
  const t = c.temp();
  if (mnemonic === 'blsi') {
    c.op(`neg${w(width)}`, x(t), x(n));
    c.op('and', x(t), x(t), x(n));
  } else {
    c.op(`addi${w(width)}`, x(t), x(n), -1);
    c.op(mnemonic === 'blsr' ? 'and' : 'xor', x(t), x(t), x(n));
  }
  // `blsi` tells that there was a one, as the borrow of subtracting from zero does, the others that there was none.
  const carry = mnemonic === 'blsi' ? difference('cf', ZERO, n, width) : difference('zf', n, 0n, width);
  const d = destination(c, i.ops[0], width, false);
  d.write(t, undefined);
  if (!c.anyLive()) return;
  resultFlags(c, t, width);
  c.places.set('cf', carry);
}

function countedShift(c: Context, i: Parts): void {
  const { width } = i;
  const count = read(c, i.ops[1], width);
  const n = read(c, i.ops[2], width);
  const d = destination(c, i.ops[0], width, false);
  const op = must({ shlx: 'sll', shrx: 'srl', sarx: 'sra' }[i.mnemonic], 'shift');
  c.op(`${op}${w(width)}`, x(d.into), x(n), x(count));
  d.write(d.into, shaped(width));
}

function andNot(c: Context, i: Parts): void {
  const { width } = i;
  const a = read(c, i.ops[1], width);
  const b = read(c, i.ops[2], width);
  const t = c.temp();
  c.op('not', x(t), x(a));
  c.op('and', x(t), x(t), x(b));
  const d = destination(c, i.ops[0], width, false);
  d.write(t, undefined);
  if (c.anyLive()) resultFlags(c, t, width);
}

/** `into = n` with nothing but the low `bits` of it, where that is less than the width. */
function lowBits(c: Context, into: number, n: number, bits: number, width: number): void {
  const [limit, mask] = [c.temp(), c.temp()];
  const skip = c.freshLabel('all');
  c.move(into, n);
  c.op('li', x(limit), width);
  c.op('bgeu', x(bits), x(limit), skip);
  c.op('li', x(mask), 1);
  c.op(`sll${w(width)}`, x(mask), x(mask), x(bits));
  c.op(`addi${w(width)}`, x(mask), x(mask), -1);
  c.op('and', x(into), x(n), x(mask));
  c.label(skip);
  c.note(into, undefined);
}

/** Clears the bits from an index on; an index of the width or more clears none, which CF tells. */
function zeroHigh(c: Context, i: Parts): void {
  const { width } = i;
  const [bits, result] = [c.temp(), c.temp()];
  c.op('andi', x(bits), x(read(c, i.ops[1], width)), 255);
  c.scoped(() => lowBits(c, result, read(c, i.ops[2], width), bits, width));
  const d = destination(c, i.ops[0], width, false);
  d.write(result, undefined);
  if (!c.anyLive()) return;
  resultFlags(c, result, width);
  if (!c.after.liveFlag('cf')) return;
  c.op('sltiu', x(bits), x(bits), width);
  c.op('xori', x(bits), x(bits), 1);
  c.note(bits, zeroed(1));
  c.places.set('cf', { kind: 'bit', loc: loc(bits), bit: 0 });
}

/** Bits from the middle: where they begin and how many there are is in two bytes. */
function extractBits(c: Context, i: Parts): void {
  const { width } = i;
  const [bits, result, moved] = [c.temp(), c.temp(), c.temp()];
  c.scoped(() => {
    const control = read(c, i.ops[1], width);
    const n = read(c, i.ops[2], width);
    c.op('andi', x(bits), x(control), 255);
    const limit = c.temp();
    const skip = c.freshLabel('none');
    c.op('li', x(moved), 0);
    c.op('li', x(limit), width);
    c.op('bgeu', x(bits), x(limit), skip);
    c.op(`srl${w(width)}`, x(moved), x(n), x(bits));
    c.label(skip);
    c.op('srli', x(bits), x(control), 8);
    c.op('andi', x(bits), x(bits), 255);
  });
  c.scoped(() => lowBits(c, result, moved, bits, width));
  const d = destination(c, i.ops[0], width, false);
  d.write(result, undefined);
  if (c.anyLive()) resultFlags(c, result, width);
}

function rotateTo(c: Context, i: Parts): void {
  const { width } = i;
  const n = read(c, i.ops[1], width);
  const count = Number(BigInt.asUintN(width === 64 ? 6 : 5, constantOf(i.ops[2], 8) ?? 0n));
  const d = destination(c, i.ops[0], width, false);
  if (count === 0) return d.write(n, c.shape(n));
  if (c.has('zbb')) c.op(`rori${w(width)}`, x(d.into), x(n), count);
  else {
    const [t, u] = [c.temp(), c.temp()];
    c.op(`srli${w(width)}`, x(t), x(n), count);
    c.op(`slli${w(width)}`, x(u), x(n), width - count);
    c.op('or', x(d.into), x(t), x(u));
  }
  d.write(d.into, shaped(width));
}

/** The product with rdx. Where both destinations are one register, it gets the high half. */
function multiplyTo(c: Context, i: Parts): void {
  const { width } = i;
  const [high, lower, src] = i.ops;
  const rdx = home('rdx');
  const [top, bottom] = [c.temp(), c.temp()];
  if (width === 64) {
    const n = read(c, src, 64);
    c.op('mulhu', x(top), x(rdx), x(n));
    c.op('mul', x(bottom), x(rdx), x(n));
  } else {
    const n = read(c, src, 32, 'zero');
    c.op('mul', x(bottom), x(c.extended(rdx, 32, 'zero')), x(n));
    c.op('srli', x(top), x(bottom), 32);
  }
  c.note(bottom, undefined);
  c.note(top, width === 64 ? undefined : zeroed(32));
  destination(c, lower, width, false).write(bottom, undefined);
  destination(c, high, width, false).write(top, c.shape(top));
}

/** `adcx` and `adox`: two carry chains side by side, one in CF and one in OF. */
function addWithOneFlag(c: Context, i: Parts): void {
  const { width } = i;
  const own = i.mnemonic === 'adcx' ? 'cf' : 'of';
  const place = c.places.get(own);
  if (place === undefined) throw new Refusal('V0223', `the ${own} flag is not known here`);
  const carry = flagValue(c, place);
  const how = width === 64 ? 'any' : 'zero';
  const b = read(c, i.ops[1], width, how);
  const d = destination(c, i.ops[0], width, true, how);
  const [sum, out] = [c.temp(), c.temp()];
  c.op('add', x(sum), x(d.old), x(b));
  if (width === 64) c.op('sltu', x(out), x(sum), x(b));
  c.op('add', x(sum), x(sum), x(carry));
  if (width === 64) {
    const second = c.temp();
    c.op('sltu', x(second), x(sum), x(carry));
    c.op('or', x(out), x(out), x(second));
  } else c.op('srli', x(out), x(sum), 32);
  c.note(out, zeroed(1));
  c.note(sum, undefined);
  d.write(sum, undefined);
  c.places.set(own, { kind: 'bit', loc: loc(out), bit: 0 });
}

function swappedMove(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, src] = i.ops;
  const t = c.temp();
  swapped(c, t, read(c, src, width), width);
  if (dst?.kind === 'mem') return store(c, t, address(c, dst), width / 8);
  if (!isReg(dst)) throw new Refusal('V0221', 'this movbe is not supported');
  destination(c, dst, width, false).write(t, c.shape(t));
}

/** A step of the checksum for each bit: there is no instruction for it. */
function checksum(c: Context, i: Parts): void {
  const { width } = i;
  const n = read(c, i.ops[1], width, width === 64 ? 'any' : 'zero');
  const d = destination(c, i.ops[0], 32, true, 'zero');
  const [state, t] = [c.temp(), c.temp()];
  const polynomial = c.constant(0x82f6_3b78n);
  for (let at = 0; at < width; at += 32) {
    let part = n;
    if (width === 64) {
      part = t;
      if (at === 0) c.op('zext.w', x(t), x(n));
      else c.op('srli', x(t), x(n), 32);
    }
    c.op('xor', x(state), x(at === 0 ? d.old : state), x(part));
    for (let bit = 0; bit < Math.min(width, 32); bit++) {
      c.op('slli', x(t), x(state), 63);
      c.op('srai', x(t), x(t), 63);
      c.op('and', x(t), x(t), x(polynomial));
      c.op('srli', x(state), x(state), 1);
      c.op('xor', x(state), x(state), x(t));
    }
  }
  c.note(state, zeroed(32));
  d.write(state, zeroed(32));
}

export const extensionRules: readonly Rule[] = [
  rule({ name: 'count_zeros', from: ['lzcnt', 'tzcnt'], to: countZeros }),
  rule({ name: 'lowest_bit', from: ['blsi', 'blsr', 'blsmsk'], to: lowestBit }),
  rule({ name: 'counted_shift', from: ['shlx', 'shrx', 'sarx'], to: countedShift }),
  rule({ name: 'and_not', from: ['andn'], to: andNot }),
  rule({ name: 'zero_high', from: ['bzhi'], to: zeroHigh }),
  rule({ name: 'extract_bits', from: ['bextr'], to: extractBits }),
  rule({ name: 'rotate_to', from: ['rorx'], to: rotateTo }),
  rule({ name: 'multiply_to', from: ['mulx'], to: multiplyTo }),
  rule({ name: 'add_one_flag', from: ['adcx', 'adox'], to: addWithOneFlag }),
  rule({ name: 'crc32', from: ['crc32'], to: checksum }),
  rule({ name: 'swapped_move', from: ['movbe'], to: swappedMove }),
];
