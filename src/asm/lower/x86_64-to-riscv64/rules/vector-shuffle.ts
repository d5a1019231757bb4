// SPDX-License-Identifier: MIT
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { bitsOf } from '../halves.ts';
import { x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { read } from '../values.ts';
import { bothHalves, gather, half, laneOf, type Pick } from './vector-lanes.ts';
import { imm8Of, lowOf, readHalves, wanted, writeBits } from './vector-operands.ts';

/** Lanes from elsewhere: shuffles, unpacking, shifts by bytes, single words. */

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

function shuffleOne(c: Context, { ops: [dst, src, imm], mnemonic }: Parts): void {
  const by = imm8Of(imm);
  const from = bothHalves(c, src);
  const selected = range(4).map((i) => (by >> (2 * i)) & 3);
  if (mnemonic === 'pshufd')
    return gather(
      c,
      dst,
      32,
      selected.map((lane) => ({ from, lane })),
    );
  const high = mnemonic === 'pshufhw';
  const moved = selected.map((lane) => lane + (high ? 4 : 0));
  const lanes = high ? [0, 1, 2, 3, ...moved] : [...moved, 4, 5, 6, 7];
  gather(
    c,
    dst,
    16,
    lanes.map((lane) => ({ from, lane })),
  );
}

function shuffleTwo(c: Context, { ops: [dst, src, imm], mnemonic }: Parts): void {
  const by = imm8Of(imm);
  const [a, b] = [bothHalves(c, dst), bothHalves(c, src)];
  if (mnemonic === 'shufpd')
    return gather(c, dst, 64, [
      { from: a, lane: by & 1 },
      { from: b, lane: (by >> 1) & 1 },
    ]);
  gather(
    c,
    dst,
    32,
    range(4).map((i) => ({ from: i < 2 ? a : b, lane: (by >> (2 * i)) & 3 })),
  );
}

const WIDTHS: Readonly<Record<string, number>> = {
  bw: 8,
  wd: 16,
  dq: 32,
  ps: 32,
  pd: 64,
};

function unpack(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const width = mnemonic.endsWith('qdq') ? 64 : (WIDTHS[mnemonic.slice(-2)] ?? 32);
  const high = mnemonic.startsWith('punpckh') || mnemonic.startsWith('unpckh');
  const each = 64 / width;
  const [a, b] = [bothHalvesOf(c, dst, high), bothHalvesOf(c, src, high)];
  const picks: Pick[] = range(each).flatMap((i) => {
    const lane = i + (high ? each : 0);
    return [
      { from: a, lane },
      { from: b, lane },
    ];
  });
  gather(c, dst, width, picks);
}

/** Only the low or the high half is looked at. */
const bothHalvesOf = (c: Context, op: Parts['ops'][number] | undefined, high: boolean) =>
  readHalves(c, op, { low: !high, high });

/** The whole register moves by bytes; what is shifted in is zero. */
function shiftBytes(c: Context, { ops: [dst, count], mnemonic }: Parts): void {
  const by = Math.min(imm8Of(count), 16);
  const from = bothHalves(c, dst);
  const left = mnemonic === 'pslldq';
  const picks = range(16).map((i) => {
    const lane = left ? i - by : i + by;
    return lane >= 0 && lane < 16 ? { from, lane } : undefined;
  });
  gather(c, dst, 8, picks);
}

function insertWord(c: Context, { ops: [dst, src, imm] }: Parts): void {
  const at = imm8Of(imm) & 7;
  const value = read(c, src, 16, 'any');
  const k = Math.floor(at / 4);
  const which = wanted(c, dst);
  if (k === 0 ? !which.low : !which.high) return;
  const acc = c.temp();
  bitsOf(c, half(readHalves(c, dst, { low: k === 0, high: k === 1 }), k), acc);
  c.insert(acc, value, 16 * (at % 4), 16);
  writeBits(c, dst, k === 0 ? acc : undefined, k === 1 ? acc : undefined);
}

const SHIFTS = ['psllw', 'pslld', 'psllq', 'psrlw', 'psrld', 'psrlq', 'psraw', 'psrad'];
const LANES: Readonly<Record<string, number>> = { w: 16, d: 32, q: 64 };

/** Shifts of lanes; a count of the lane's width or more shifts everything out. */
function shiftLanes(c: Context, { ops: [dst, count], mnemonic, form }: Parts): void {
  const width = LANES[mnemonic.at(-1) ?? ''] ?? 16;
  const kind = mnemonic.slice(1, 4);
  const constant = form === 'xmm_i' ? imm8Of(count) : undefined;
  if (constant === 0) return;
  const which = wanted(c, dst);
  const halves = readHalves(c, dst, which);
  const amount = constant === undefined ? countOf(c, count) : undefined;
  const made = [which.low, which.high].map((needed, k) => {
    if (!needed) return undefined;
    const acc = c.temp();
    for (let i = 0; i < 64 / width; i++) {
      c.scoped(() => {
        const n = laneOf(c, half(halves, k), width, i);
        if (kind !== 'sll') c.extended(n, width, kind === 'sra' ? 'sign' : 'zero', n);
        if (amount === undefined) shiftBy(c, kind, n, Math.min(constant ?? 0, width), width);
        else shiftByRegister(c, kind, n, amount, width);
        place(c, acc, n, width, i);
      });
    }
    c.note(acc, undefined);
    return acc;
  });
  writeBits(c, dst, made[0], made[1]);
}

function place(c: Context, acc: number, n: number, width: number, index: number): void {
  if (width === 64) return c.move(acc, n);
  const name = width === 16 ? 'zext.h' : 'zext.w';
  if (width * (index + 1) < 64) c.op(name, x(n), x(n));
  if (index === 0) return c.move(acc, n);
  c.op('slli', x(n), x(n), width * index);
  c.op('or', x(acc), x(acc), x(n));
}

function countOf(c: Context, op: Parts['ops'][number] | undefined): number {
  const t = c.temp();
  return bitsOf(c, op?.kind === 'mem' ? half(readHalves(c, op, { low: true, high: false }), 0) : lowOf(op), t);
}

function shiftBy(c: Context, kind: string, n: number, by: number, width: number): void {
  if (by >= width && kind !== 'sra') c.op('li', x(n), 0);
  else c.op(`${kind}i`, x(n), x(n), Math.min(by, 63));
  c.note(n, undefined);
}

/** The count is 64 bits wide, of which the machine looks at six. */
function shiftByRegister(c: Context, kind: string, n: number, amount: number, width: number): void {
  const [far, done] = [c.freshLabel('far'), c.freshLabel('done')];
  const t = c.constant(width);
  c.op('bgeu', x(amount), x(t), far);
  c.op(kind, x(n), x(n), x(amount));
  c.op('j', done);
  c.label(far);
  if (kind === 'sra') c.op('srai', x(n), x(n), 63);
  else c.op('li', x(n), 0);
  c.label(done);
  c.note(n, undefined);
}

const UNPACKS = ['l', 'h'].flatMap((h) => [
  ...['bw', 'wd', 'dq', 'qdq'].map((w) => `punpck${h}${w}`),
  ...['ps', 'pd'].map((w) => `unpck${h}${w}`),
]);

export const vectorShuffleRules: readonly Rule[] = [
  rule({ name: 'vector_shuffle_one', from: ['pshufd', 'pshuflw', 'pshufhw'], to: shuffleOne }),
  rule({ name: 'vector_shuffle_two', from: ['shufps', 'shufpd'], to: shuffleTwo }),
  rule({ name: 'vector_unpack', from: UNPACKS, to: unpack }),
  rule({ name: 'vector_shift_bytes', from: ['pslldq', 'psrldq'], to: shiftBytes }),
  rule({ name: 'vector_shift', from: SHIFTS, to: shiftLanes }),
  rule({ name: 'pinsrw', from: ['pinsrw'], to: insertWord }),
];
