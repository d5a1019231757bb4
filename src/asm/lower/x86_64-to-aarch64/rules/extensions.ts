// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import type { FlagName, FlagPlaces } from '../../from-x86_64/flags.ts';
import { constantOf } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { afterLogic } from '../flags.ts';
import { address, loadGeneral, storeGeneral } from '../memory.ts';
import { home, r, w, x, ZERO } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { destination, read } from '../values.ts';

/** Integer instructions beyond the baseline: POPCNT, LZCNT, BMI1, BMI2, MOVBE, ADX and CRC32. */

const flag = (name: string, inverted = false): { kind: 'flag'; flag: string; inverted: boolean } => ({
  kind: 'flag',
  flag: name,
  inverted,
});

function population(c: Context, i: Parts): void {
  const n = read(c, i.ops[1], i.width, 'zero');
  const d = destination(c, i.ops[0], i.width, false);
  const v = c.vectorTemp();
  const wide = i.width === 64;
  c.op('fmov', `${wide ? 'd' : 's'}${v}`, r(n, i.width));
  c.op('cnt', `v${v}.8b`, `v${v}.8b`);
  c.op('addv', `b${v}`, `v${v}.8b`);
  c.op('fmov', w(d.into), `s${v}`);
  if (c.anyLive()) {
    c.op('tst', w(d.into), w(d.into));
    const zero = { kind: 'constant', value: 0 } as const;
    c.setFlags(
      new Map<string, FlagPlaces extends Map<string, infer P> ? P : never>([
        ['zf', flag('z')],
        ['cf', zero],
        ['of', zero],
        ['sf', zero],
        ['pf', zero],
      ]),
    );
  }
  d.write();
}

/** Zeros from one end. Turned so that they come from the top, the first bit tells ZF, and whether there is any CF. */
function countZeros(c: Context, i: Parts): void {
  const { width } = i;
  const trailing = i.mnemonic === 'tzcnt';
  const n = read(c, i.ops[1], width);
  const d = destination(c, i.ops[0], width, false);
  let top = n;
  if (trailing || width < 32) top = c.temp();
  if (trailing) c.op('rbit', r(top, width), r(n, width));
  if (width < 32) {
    if (trailing) c.op('and', w(top), w(top), '#4294901760');
    else c.op('lsl', w(top), w(n), '#16');
  }
  let counted = top;
  if (width < 32) {
    counted = c.temp();
    c.op('orr', w(counted), w(top), '#32768');
  }
  if (c.anyLive(['zf', 'cf'])) {
    c.op('tst', r(top, width), r(top, width));
    c.places.set('cf', flag('z'));
    c.places.set('zf', flag('n'));
  }
  c.op('clz', r(d.into, width), r(counted, width));
  d.write();
}

/** The lowest one of a value: alone (`blsi`), removed (`blsr`), or as a mask up to it (`blsmsk`). */
function lowestBit(c: Context, i: Parts): void {
  const { width, mnemonic } = i;
  const n = read(c, i.ops[1], width);
  const d = destination(c, i.ops[0], width, false);
  const t = c.temp();
  const carry = c.after.liveFlag('cf');
  if (mnemonic === 'blsi') {
    c.op('neg', r(t, width), r(n, width));
    c.op('ands', r(d.into, width), r(n, width), r(t, width));
    c.setFlags(afterLogic());
    c.places.set('cf', flag('z', true));
    return d.write();
  }
  if (carry) {
    // Moved into the flag word at once: the result's flags come next.
    c.op('tst', r(n, width), r(n, width));
    c.op('cset', w(t), 'eq');
    c.setWordBit('cf', t);
  }
  const place = c.places.get('cf');
  c.op('sub', r(t, width), r(n, width), '#1');
  c.op(mnemonic === 'blsr' ? 'and' : 'eor', r(d.into, width), r(n, width), r(t, width));
  if (c.anyLive(['zf', 'sf', 'of'])) {
    c.op('tst', r(d.into, width), r(d.into, width));
    c.setFlags(afterLogic());
  }
  if (carry && place !== undefined) c.places.set('cf', place);
  d.write();
}

function countedShift(c: Context, i: Parts): void {
  const { width } = i;
  const count = read(c, i.ops[1], width);
  const n = read(c, i.ops[2], width);
  const d = destination(c, i.ops[0], width, false);
  const op = { shlx: 'lsl', shrx: 'lsr', sarx: 'asr' }[i.mnemonic];
  c.op(must(op, 'shift'), r(d.into, width), r(n, width), r(count, width));
  d.write();
}

function andNot(c: Context, i: Parts): void {
  const { width } = i;
  const a = read(c, i.ops[1], width);
  const b = read(c, i.ops[2], width);
  const d = destination(c, i.ops[0], width, false);
  const flags = c.anyLive();
  c.op(flags ? 'bics' : 'bic', r(d.into, width), r(b, width), r(a, width));
  if (flags) c.setFlags(afterLogic());
  d.write();
}

/** Clears the bits from an index on; an index of the width or more clears none, which CF tells. */
function zeroHigh(c: Context, i: Parts): void {
  const { width } = i;
  const index = read(c, i.ops[1], width);
  const n = read(c, i.ops[2], width);
  const d = destination(c, i.ops[0], width, false);
  const [from, mask] = [c.temp(), c.temp()];
  const carry = c.after.liveFlag('cf');
  c.op('and', w(from), w(index), '#255');
  c.op('mov', w(mask), '#1');
  c.op('lsl', r(mask, width), r(mask, width), r(from, width));
  c.op('sub', r(mask, width), r(mask, width), '#1');
  c.op('and', r(mask, width), r(n, width), r(mask, width));
  c.op('cmp', w(from), `#${width - 1}`);
  c.op('csel', r(d.into, width), r(n, width), r(mask, width), 'hi');
  if (carry) {
    c.op('cset', w(from), 'hi');
    c.setWordBit('cf', from);
  }
  const place = c.places.get('cf');
  if (c.anyLive(['zf', 'sf', 'of'])) {
    c.op('tst', r(d.into, width), r(d.into, width));
    c.setFlags(afterLogic());
  }
  if (carry && place !== undefined) c.places.set('cf', place);
  d.write();
}

/** Bits from the middle: where they begin and how many there are is in two bytes, of which each may exceed the width. */
function extractBits(c: Context, i: Parts): void {
  const { width } = i;
  const control = read(c, i.ops[1], width);
  const n = read(c, i.ops[2], width);
  const [count, moved, mask] = [c.temp(), c.temp(), c.temp()];
  c.op('and', w(count), w(control), '#255');
  c.op('lsr', r(moved, width), r(n, width), r(count, width));
  c.op('cmp', w(count), `#${width}`);
  c.op('csel', r(moved, width), r(moved, width), r(ZERO, width), 'lo');
  c.op('ubfx', w(count), w(control), '#8', '#8');
  c.op('mov', w(mask), '#1');
  c.op('lsl', r(mask, width), r(mask, width), r(count, width));
  c.op('sub', r(mask, width), r(mask, width), '#1');
  c.op('and', r(mask, width), r(moved, width), r(mask, width));
  c.op('cmp', w(count), `#${width}`);
  const d = destination(c, i.ops[0], width, false);
  c.op('csel', r(d.into, width), r(mask, width), r(moved, width), 'lo');
  if (c.anyLive()) {
    c.op('tst', r(d.into, width), r(d.into, width));
    c.setFlags(afterLogic());
  }
  d.write();
}

function rotateTo(c: Context, i: Parts): void {
  const { width } = i;
  const n = read(c, i.ops[1], width);
  const d = destination(c, i.ops[0], width, false);
  const count = Number(BigInt.asUintN(width === 64 ? 6 : 5, constantOf(i.ops[2], 8) ?? 0n));
  if (count === 0) c.op('mov', r(d.into, width), r(n, width));
  else c.op('ror', r(d.into, width), r(n, width), `#${count}`);
  d.write();
}

/** The product with rdx. Where both destinations are one register, it gets the high half. */
function multiplyTo(c: Context, i: Parts): void {
  const { width } = i;
  const [high, lower, src] = i.ops;
  const n = read(c, src, width);
  const rdx = home('rdx');
  const t = c.temp();
  if (width === 64) {
    const top = c.temp();
    c.op('mul', x(t), x(rdx), x(n));
    c.op('umulh', x(top), x(rdx), x(n));
    destination(c, lower, 64, false).write(t);
    destination(c, high, 64, false).write(top);
    return;
  }
  c.op('umull', x(t), w(rdx), w(n));
  destination(c, lower, 32, false).write(t);
  c.op('lsr', x(t), x(t), '#32');
  destination(c, high, 32, false).write(t);
}

/** `adcx` and `adox`: two carry chains side by side, one in CF and one in OF. */
function addWithOneFlag(c: Context, i: Parts): void {
  const { width } = i;
  const own: FlagName = i.mnemonic === 'adcx' ? 'cf' : 'of';
  const others = (['cf', 'pf', 'zf', 'sf', 'of'] as const).filter((f) => f !== own);
  const place = c.places.get(own);
  if (place === undefined) throw new Refusal('V0223', `the ${own} flag is not known here`);
  c.freeNzcv(others);
  const n = read(c, i.ops[1], width);
  const d = destination(c, i.ops[0], width, true);
  const inCarry = place.kind === 'flag' && place.flag === 'c' && !place.inverted;
  if (!inCarry) c.op('cmp', w(c.flagValue(place)), '#1');
  c.op(c.after.liveFlag(own) ? 'adcs' : 'adc', r(d.into, width), r(d.old, width), r(n, width));
  c.places.set(own, flag('c'));
  d.write();
}

function swappedMove(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, src] = i.ops;
  const rev = width === 16 ? 'rev16' : 'rev';
  if (dst?.kind === 'mem') {
    const n = read(c, src, width);
    const t = c.temp();
    c.op(rev, r(t, width), r(n, width));
    return storeGeneral(c, t, address(c, dst, width / 8), width / 8);
  }
  if (src?.kind !== 'mem') throw new Refusal('V0221', 'this movbe is not supported');
  const t = c.temp();
  loadGeneral(c, t, address(c, src, width / 8), width / 8);
  c.op(rev, r(t, width), r(t, width));
  destination(c, dst, width, false).write(t);
}

/** A step of the checksum for each bit, where there is no instruction for it. */
function checksum(c: Context, i: Parts): void {
  const { width } = i;
  const n = read(c, i.ops[1], width, c.has('crc') ? 'any' : 'zero');
  const d = destination(c, i.ops[0], 32, true);
  if (c.has('crc')) {
    const size = { 8: 'b', 16: 'h', 32: 'w', 64: 'x' }[width] ?? '';
    c.op(`crc32c${size}`, w(d.into), w(d.old), r(n, width));
    return d.write();
  }
  const [state, t, polynomial] = [c.temp(), c.temp(), c.temp()];
  c.constant(0x82f6_3b78n, 32, polynomial);
  for (let at = 0; at < width; at += 32) {
    let part = n;
    if (at > 0) {
      part = t;
      c.op('lsr', x(t), x(n), '#32');
    }
    c.op('eor', w(state), w(at === 0 ? d.old : state), w(part));
    for (let bit = 0; bit < Math.min(width, 32); bit++) {
      c.op('sbfx', w(t), w(state), '#0', '#1');
      c.op('and', w(t), w(t), w(polynomial));
      c.op('eor', w(state), w(t), w(state), 'lsr #1');
    }
  }
  d.write(state);
}

export const extensionRules: readonly Rule[] = [
  rule({ name: 'popcnt', from: ['popcnt'], to: population }),
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
