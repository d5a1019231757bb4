// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import { regOp } from '../../../isa/operand.ts';
import { reg } from '../../../isa/x86_64/registers.ts';
import { isReg } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { bitsOf } from '../halves.ts';
import { address, loadFloat } from '../memory.ts';
import { loc, x, ZERO } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { destination, read } from '../values.ts';
import { bound, extendBoth } from './vector-integer.ts';
import { bothHalves, buildHalves, gather, half, laneOf, type Pick, perLane, placeLane } from './vector-lanes.ts';
import { imm8Of, readHalves, wanted, writeBits } from './vector-operands.ts';

/** What came after SSE2: SSSE3 and SSE4.1 on integer lanes. */

const WIDTHS: Readonly<Record<string, number>> = { b: 8, w: 16, d: 32, q: 64 };
const widthOf = (letter: string | undefined): number => must(WIDTHS[letter ?? ''], 'a width');
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

function absolute(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const width = widthOf(mnemonic.at(-1));
  perLane(c, dst, [src], width, ([lane = ZERO]) => {
    const a = c.extended(lane, width, 'sign', lane);
    negateUnless(c, a, a);
    return a;
  });
}

/** `n = -n` where the signed number in register `sign` is negative. */
function negateUnless(c: Context, n: number, sign: number): void {
  const keep = c.freshLabel('positive');
  c.op('bgez', x(sign), keep);
  c.op('neg', x(n), x(n));
  c.label(keep);
  c.note(n, undefined);
}

/** The destination's lane with the sign of the source's, or zero where that is zero. */
function applySign(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const width = widthOf(mnemonic.at(-1));
  perLane(c, dst, [dst, src], width, ([a = ZERO, lane = ZERO]) => {
    const b = c.extended(lane, width, 'sign', lane);
    const done = c.freshLabel('sign');
    c.op('bgtz', x(b), done);
    c.op('neg', x(a), x(a));
    c.op('bnez', x(b), done);
    c.op('li', x(a), 0);
    c.label(done);
    c.note(a, undefined);
    return a;
  });
}

/** The upper bits of the product, rounded. */
function roundedProduct(c: Context, { ops: [dst, src] }: Parts): void {
  perLane(c, dst, [dst, src], 16, (lanes) => {
    const [a, b] = extendBoth(c, lanes, 16, 'sign');
    c.op('mul', x(a), x(a), x(b));
    c.op('srai', x(a), x(a), 14);
    c.op('addi', x(a), x(a), 1);
    c.op('srai', x(a), x(a), 1);
    c.note(a, undefined);
    return a;
  });
}

function product(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const wide = mnemonic === 'pmuldq';
  perLane(c, dst, [dst, src], wide ? 64 : 32, (lanes) => {
    const [a, b] = wide ? extendBoth(c, lanes, 32, 'sign') : [lanes[0] ?? ZERO, lanes[1] ?? ZERO];
    c.op('mul', x(a), x(a), x(b));
    c.note(a, undefined);
    return a;
  });
}

/** Unsigned bytes of the destination by signed ones of the source, added in pairs and bounded. */
function mixedProducts(c: Context, { ops: [dst, src] }: Parts): void {
  const which = wanted(c, dst);
  const [left, right] = [readHalves(c, dst, which), readHalves(c, src, which)];
  buildHalves(c, dst, (k, acc) => {
    for (const i of range(4))
      c.scoped(() => {
        const [s, a, b] = [c.temp(), c.temp(), c.temp()];
        const multiplied = (index: number, into: number): void => {
          laneOf(c, half(left, k), 8, index, into);
          laneOf(c, half(right, k), 8, index, b);
          c.extended(into, 8, 'zero', into);
          c.extended(b, 8, 'sign', b);
          c.op('mulw', x(into), x(into), x(b));
          c.note(into, undefined);
        };
        multiplied(2 * i, s);
        multiplied(2 * i + 1, a);
        c.op('addw', x(s), x(s), x(a));
        bound(c, s, -0x8000n, 0x7fffn);
        placeLane(c, acc, s, 16, i);
      });
  });
}

/** Sums or differences of neighbours: of the destination's lanes, and then of the source's. */
function neighbours(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const saturates = mnemonic.endsWith('sw');
  const width = mnemonic.endsWith('d') ? 32 : 16;
  const op = mnemonic.startsWith('phadd') ? 'add' : 'sub';
  const sources = [bothHalves(c, dst), bothHalves(c, src)];
  const each = 64 / width;
  buildHalves(c, dst, (k, acc) => {
    for (const i of range(each))
      c.scoped(() => {
        const from = half(must(sources[k], 'a source'), Math.floor((2 * i) / each));
        const [a, b] = [laneOf(c, from, width, (2 * i) % each), laneOf(c, from, width, (2 * i + 1) % each)];
        if (saturates) extendBoth(c, [a, b], width, 'sign');
        c.op(op, x(a), x(a), x(b));
        c.note(a, undefined);
        if (saturates) bound(c, a, -0x8000n, 0x7fffn);
        placeLane(c, acc, a, width, i);
      });
  });
}

/** Bytes of the destination that the source counts out; zero where its highest bit is set. */
function shuffleBytes(c: Context, { ops: [dst, src] }: Parts): void {
  const which = wanted(c, dst);
  const from = bothHalves(c, dst);
  const selectors = readHalves(c, src, which);
  const [low, high, acc] = [bitsOf(c, half(from, 0)), bitsOf(c, half(from, 1)), c.temp()];
  for (const k of [0, 1]) {
    if (k === 0 ? !which.low : !which.high) continue;
    for (const i of range(8))
      c.scoped(() => {
        const [s, t] = [laneOf(c, half(selectors, k), 8, i), c.temp()];
        const [lower, done] = [c.freshLabel('lower'), c.freshLabel('done')];
        c.extended(s, 8, 'sign', s);
        c.op('li', x(t), 0);
        c.op('bltz', x(s), done);
        c.op('andi', x(t), x(s), 8);
        c.op('slli', x(s), x(s), 3);
        c.op('beqz', x(t), lower);
        c.op('srl', x(t), x(high), x(s));
        c.op('j', done);
        c.label(lower);
        c.op('srl', x(t), x(low), x(s));
        c.label(done);
        c.note(t, undefined);
        placeLane(c, acc, t, 8, i);
      });
    writeBits(c, dst, k === 0 ? acc : undefined, k === 1 ? acc : undefined);
  }
}

/** The least word and its place. Each word gets its place behind it, so that the least of these is the first of the least. */
function leastWord(c: Context, { ops: [dst, src] }: Parts): void {
  const from = bothHalves(c, src);
  const [best, a, b] = [c.temp(), c.temp(), c.temp()];
  const key = (k: number, index: number, into: number): void => {
    laneOf(c, half(from, k), 16, index, into);
    c.op('slli', x(into), x(into), 48);
    c.op('srli', x(into), x(into), 32);
    if (4 * k + index > 0) c.op('ori', x(into), x(into), 4 * k + index);
  };
  const least = (into: number, other: number): void => {
    const keep = c.freshLabel('least');
    c.op('bltu', x(into), x(other), keep);
    c.op('mv', x(into), x(other));
    c.label(keep);
  };
  for (const i of range(4)) {
    const into = i === 0 ? best : a;
    key(0, i, into);
    key(1, i, b);
    least(into, b);
    if (i > 0) least(best, a);
  }
  c.op('srli', x(a), x(best), 16);
  c.op('slli', x(best), x(best), 48);
  c.op('srli', x(best), x(best), 32);
  c.op('or', x(a), x(a), x(best));
  c.note(a, undefined);
  const which = wanted(c, dst);
  writeBits(c, dst, which.low ? a : undefined, which.high ? ZERO : undefined);
}

/** The product of two halves without carries, bit by bit. */
function carrylessProduct(c: Context, { ops: [dst, src, imm] }: Parts): void {
  const by = imm8Of(imm);
  const [first, second] = [bothHalves(c, dst), bothHalves(c, src)];
  const [left, right, lower, upper, part, moved] = [c.temp(), c.temp(), c.temp(), c.temp(), c.temp(), c.temp()];
  bitsOf(c, half(first, by & 1), left);
  bitsOf(c, half(second, (by >> 4) & 1), right);
  for (const i of range(64)) {
    if (i < 63) c.op('slli', x(part), x(right), 63 - i);
    c.op('srai', x(part), x(i < 63 ? part : right), 63);
    c.op('and', x(i === 0 ? lower : part), x(part), x(left));
    if (i === 0) continue;
    c.op('slli', x(moved), x(part), i);
    c.op('xor', x(lower), x(lower), x(moved));
    c.op('srli', x(i === 1 ? upper : moved), x(part), 64 - i);
    if (i > 1) c.op('xor', x(upper), x(upper), x(moved));
  }
  c.note(lower, undefined);
  c.note(upper, undefined);
  const which = wanted(c, dst);
  writeBits(c, dst, which.low ? lower : undefined, which.high ? upper : undefined);
}

/** Bytes from the source and the destination behind it. */
function align(c: Context, { ops: [dst, src, imm] }: Parts): void {
  const by = imm8Of(imm);
  const [above, below] = [bothHalves(c, dst), bothHalves(c, src)];
  const picks = range(16).map((i): Pick | undefined => {
    const lane = i + by;
    if (lane >= 32) return undefined;
    return lane < 16 ? { from: below, lane } : { from: above, lane: lane - 16 };
  });
  gather(c, dst, 8, picks);
}

function extreme(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const width = widthOf(mnemonic.at(-1));
  const unsigned = mnemonic.at(-2) === 'u';
  perLane(c, dst, [dst, src], width, (lanes) => {
    const [a, b] = extendBoth(c, lanes, width, unsigned ? 'zero' : 'sign');
    const keep = c.freshLabel('keep');
    c.op('bge', ...(mnemonic.startsWith('pmin') ? [x(b), x(a)] : [x(a), x(b)]), keep);
    c.op('mv', x(a), x(b));
    c.label(keep);
    c.note(a, undefined);
    return a;
  });
}

function compareQuads(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  perLane(c, dst, [dst, src], 64, ([a = ZERO, b = ZERO]) => {
    if (mnemonic === 'pcmpeqq') {
      c.op('xor', x(a), x(a), x(b));
      c.op('seqz', x(a), x(a));
    } else c.op('slt', x(a), x(b), x(a));
    c.op('neg', x(a), x(a));
    c.note(a, undefined);
    return a;
  });
}

/** Lanes of the low end, each extended to a wider one. */
function widen(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const [from, to] = [widthOf(mnemonic.at(-2)), widthOf(mnemonic.at(-1))];
  const how = mnemonic.startsWith('pmovsx') ? 'sign' : 'zero';
  const bytes = (16 * from) / to;
  // A narrower operand in memory is read as it is wide.
  const loaded = src?.kind === 'mem' ? read(c, src, 8 * Math.min(bytes, 8), 'zero') : undefined;
  const halves = loaded === undefined ? readHalves(c, src, { low: true, high: false }) : undefined;
  buildHalves(c, dst, (k, acc) => {
    const each = 64 / to;
    for (const i of range(each))
      c.scoped(() => {
        const lane = k * each + i;
        let n = c.temp();
        if (loaded === undefined) laneOf(c, half(must(halves, 'halves'), 0), from, lane, n);
        else if (lane === 0) c.op('mv', x(n), x(loaded));
        else c.op('srli', x(n), x(loaded), from * lane);
        c.note(n, undefined);
        n = c.extended(n, from, how, n);
        c.note(n, how === 'zero' ? { bits: from, signed: false } : undefined);
        placeLane(c, acc, n, to, i);
      });
  });
}

function blend(c: Context, { ops: [dst, src, imm], mnemonic }: Parts): void {
  const width = mnemonic === 'pblendw' ? 16 : mnemonic === 'blendps' ? 32 : 64;
  const by = imm8Of(imm);
  const [a, b] = [bothHalves(c, dst), bothHalves(c, src)];
  const picks = range(128 / width).map((lane): Pick => ({ from: (by >> lane) & 1 ? b : a, lane }));
  gather(c, dst, width, picks);
}

/** The source's lanes where the sign of xmm0's is set. */
function blendByMask(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const width = mnemonic === 'pblendvb' ? 8 : mnemonic === 'blendvps' ? 32 : 64;
  perLane(c, dst, [dst, src, regOp(reg('xmm0'))], width, ([a = ZERO, b = ZERO, m = ZERO]) => {
    const keep = c.freshLabel('keep');
    if (width < 64) c.extended(m, width, 'sign', m);
    c.op('bgez', x(m), keep);
    c.op('mv', x(a), x(b));
    c.label(keep);
    c.note(a, undefined);
    return a;
  });
}

function insertLane(c: Context, { ops: [dst, src, imm], mnemonic }: Parts): void {
  const width = widthOf(mnemonic.at(-1));
  const each = 64 / width;
  const at = imm8Of(imm) & (2 * each - 1);
  const k = Math.floor(at / each);
  const which = wanted(c, dst);
  if (k === 0 ? !which.low : !which.high) return;
  const value = read(c, src, width, 'any');
  let acc = value;
  if (width < 64) {
    acc = bitsOf(c, half(readHalves(c, dst, { low: k === 0, high: k === 1 }), k));
    c.insert(acc, value, width * (at % each), width);
  }
  writeBits(c, dst, k === 0 ? acc : undefined, k === 1 ? acc : undefined);
}

/** A lane of the source, or a float in memory, goes to a lane; then some become zero. */
function insertFloat(c: Context, { ops: [dst, src, imm] }: Parts): void {
  const by = imm8Of(imm);
  const to = (by >> 4) & 3;
  const a = bothHalves(c, dst);
  const memory = src?.kind === 'mem';
  const t = c.floatTemp();
  if (memory) c.scoped(() => loadFloat(c, t, address(c, src), 4));
  const inserted: Pick = memory ? { from: { low: t, high: t }, lane: 0 } : { from: bothHalves(c, src), lane: by >> 6 };
  const picks = range(4).map((i) => {
    if ((by >> i) & 1) return undefined;
    return i === to ? inserted : { from: a, lane: i };
  });
  gather(c, dst, 32, picks);
}

/** Whether all bits of the source are clear where the destination's are set (ZF), or where they are clear (CF). */
function testBits(c: Context, { ops: [a, b] }: Parts): void {
  const [left, right] = [bothHalves(c, a), bothHalves(c, b)];
  for (const flag of ['of', 'sf', 'pf'] as const) c.places.set(flag, { kind: 'constant', value: 0 });
  for (const flag of ['zf', 'cf'] as const) {
    if (!c.after.liveFlag(flag)) continue;
    const all = c.temp();
    for (const k of [0, 1])
      c.scoped(() => {
        const [t, u] = [bitsOf(c, half(left, k)), bitsOf(c, half(right, k))];
        if (flag === 'cf') c.op('not', x(t), x(t));
        c.op('and', x(t), x(t), x(u));
        if (k === 0) c.op('mv', x(all), x(t));
        else c.op('or', x(all), x(all), x(t));
      });
    c.note(all, undefined);
    c.places.set(flag, { kind: 'difference', of: 'zero', left: loc(all), right: 0, width: 64 });
  }
}

function extractLane(c: Context, { ops: [dst, src, imm], mnemonic }: Parts): void {
  const width = mnemonic === 'extractps' ? 32 : widthOf(mnemonic.at(-1));
  const each = 64 / width;
  const at = imm8Of(imm) & (2 * each - 1);
  const k = Math.floor(at / each);
  const n = half(readHalves(c, src, { low: k === 0, high: k === 1 }), k);
  const into = isReg(dst) ? dst.reg.width : width;
  const d = destination(c, dst, into, false);
  laneOf(c, n, width, at % each, d.into);
  if (width < 32) c.extended(d.into, width, 'zero', d.into);
  d.write(d.into, c.shape(d.into));
}

export const vectorLaterRules: readonly Rule[] = [
  rule({ name: 'pabs', from: ['pabsb', 'pabsw', 'pabsd'], to: absolute }),
  rule({ name: 'psign', from: ['psignb', 'psignw', 'psignd'], to: applySign }),
  rule({ name: 'pmulhrsw', from: ['pmulhrsw'], to: roundedProduct }),
  rule({ name: 'vector_product', from: ['pmulld', 'pmuldq'], to: product }),
  rule({ name: 'pmaddubsw', from: ['pmaddubsw'], to: mixedProducts }),
  rule({
    name: 'vector_neighbours',
    from: ['phadd', 'phsub'].flatMap((op) => ['w', 'd', 'sw'].map((w) => op + w)),
    to: neighbours,
  }),
  rule({ name: 'pclmulqdq', from: ['pclmulqdq'], to: carrylessProduct }),
  rule({ name: 'phminposuw', from: ['phminposuw'], to: leastWord }),
  rule({ name: 'pshufb', from: ['pshufb'], to: shuffleBytes }),
  rule({ name: 'palignr', from: ['palignr'], to: align }),
  rule({
    name: 'vector_extreme_later',
    from: ['pmin', 'pmax'].flatMap((op) => ['sb', 'sd', 'uw', 'ud'].map((w) => op + w)),
    to: extreme,
  }),
  rule({ name: 'vector_compare_quads', from: ['pcmpeqq', 'pcmpgtq'], to: compareQuads }),
  rule({
    name: 'vector_widen',
    from: ['bw', 'bd', 'bq', 'wd', 'wq', 'dq'].flatMap((w) => [`pmovsx${w}`, `pmovzx${w}`]),
    to: widen,
  }),
  rule({ name: 'vector_blend', from: ['pblendw', 'blendps', 'blendpd'], to: blend }),
  rule({ name: 'vector_blend_mask', from: ['pblendvb', 'blendvps', 'blendvpd'], to: blendByMask }),
  rule({ name: 'vector_insert', from: ['pinsrb', 'pinsrd', 'pinsrq'], to: insertLane }),
  rule({ name: 'insertps', from: ['insertps'], to: insertFloat }),
  rule({ name: 'ptest', from: ['ptest'], to: testBits }),
  rule({ name: 'vector_extract', from: ['pextrb', 'pextrw', 'pextrd', 'pextrq', 'extractps'], to: extractLane }),
];
