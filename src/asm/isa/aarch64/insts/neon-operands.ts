// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import { bv, concat, extract, low, zext } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import type { Access } from '../../define.ts';
import { type Effect, type State, set } from '../../effect.ts';
import { type Behaviour, kind, type TextKind } from '../../kind.ts';
import { isNumber, type ListOperand, type MemOperand, type Operand, type Reg, type VecOperand } from '../../operand.ts';
import { immRange } from '../../operand-kinds.ts';
import { addressTerm, isBase, mem, memIndex } from '../memory-operands.ts';
import { fpr, immediate, shift } from '../operands.ts';
import { type FprWidth, reg, ZERO } from '../registers.ts';

/** Operand kinds of the SIMD and floating-point instructions. */

/** How a vector register is divided: lanes of `lane` bits, `count` of them, `bits` in all. */
export interface Shape {
  readonly lane: number;
  readonly count: number;
  readonly bits: number;
}

const shapes = {
  '8b': { lane: 8, count: 8, bits: 64 },
  '16b': { lane: 8, count: 16, bits: 128 },
  '4h': { lane: 16, count: 4, bits: 64 },
  '8h': { lane: 16, count: 8, bits: 128 },
  '2s': { lane: 32, count: 2, bits: 64 },
  '4s': { lane: 32, count: 4, bits: 128 },
  '1d': { lane: 64, count: 1, bits: 64 },
  '2d': { lane: 64, count: 2, bits: 128 },
} satisfies Record<string, Shape>;

export type Arrangement = keyof typeof shapes;
export type LaneName = 'b' | 'h' | 's' | 'd';

export const shapeOf = (arrangement: Arrangement): Shape => shapes[arrangement];

const laneNames = { 8: 'b', 16: 'h', 32: 's', 64: 'd' } as const;
const laneWidths = { b: 8, h: 16, s: 32, d: 64 } as const;
export const laneWidth = (name: LaneName): number => laneWidths[name];

export type LaneWidth = keyof typeof laneNames;
export const laneName = (width: LaneWidth): LaneName => laneNames[width];

/** The arrangement of `bits` bits in lanes of `lane` bits. */
export function arrangementOf(lane: number, bits: number): Arrangement {
  const names = Object.keys(shapes) as Arrangement[];
  return must(
    names.find((n) => shapes[n].lane === lane && shapes[n].bits === bits),
    `no arrangement of ${bits} bits in lanes of ${lane}`,
  );
}

export const integerArrangements: readonly Arrangement[] = ['8b', '16b', '4h', '8h', '2s', '4s', '2d'];
export const smallArrangements: readonly Arrangement[] = ['8b', '16b', '4h', '8h', '2s', '4s'];
export const byteArrangements: readonly Arrangement[] = ['8b', '16b'];
export const floatArrangements: readonly Arrangement[] = ['2s', '4s', '2d'];

/** The effect of writing a vector register: what is above `value` becomes zero. */
export const setVector = (reg: Reg, value: Term): Effect => set(reg.loc, zext(value, 128));

function registerBehaviour(r: Reg, width: number, state: State): Behaviour {
  return { value: () => low(state.get(r.loc), width), write: (value) => [setVector(r, value)] };
}

const vecOperand = (number: number, arrangement: string, index?: number): VecOperand => ({
  kind: 'vec',
  reg: reg(`v${number}`),
  arrangement,
  ...(index === undefined ? {} : { lane: index }),
});

function wholeRegister(arrangement: Arrangement, width: number, access: Access): TextKind {
  return kind({
    name: `v.${arrangement}`,
    width,
    access,
    isSort: (o) => o.kind === 'vec' && o.lane === undefined && o.arrangement === arrangement,
    view: (o, state) => registerBehaviour(vecOf(o).reg, width, state),
    examples: () => [0, 7, 16, 31].map((n) => vecOperand(n, arrangement)),
  });
}

/** `v3.4s`: writing a 64-bit arrangement zeroes the upper half. */
export const vec = (arrangement: Arrangement, access: Access): TextKind =>
  wholeRegister(arrangement, shapes[arrangement].bits, access);

/** `v3.4s` of which the meaning wants all 128 bits, as the narrowing `2` forms do that keep the lower half. */
export const wholeVec = (arrangement: Arrangement, access: Access): TextKind => wholeRegister(arrangement, 128, access);

/** A scalar register `b3`, `h3`, `s3`, `d3`, `q3`: writing it zeroes the rest. */
export const scalar = (width: number, access: Access): TextKind => fpr(fprWidth(width), access);

const fprWidths: readonly FprWidth[] = [8, 16, 32, 64, 128];
const fprWidth = (width: number): FprWidth =>
  must(
    fprWidths.find((w) => w === width),
    `no scalar of ${width} bits`,
  );

/** Which lanes a position takes: any, those of v0 to v15 (products by 16-bit elements), or only the topmost. */
type Which = 'any' | 'lowHalf' | 'top';

/** `v3.s[1]`: writing it keeps the other lanes. */
export function lane(name: LaneName, access: Access, which: Which = 'any'): TextKind {
  const width = laneWidths[name];
  const last = 128 / width - 1;
  const first = which === 'top' ? last : 0;
  const lastRegister = which === 'lowHalf' ? 15 : 31;
  return kind({
    name: `v.${name}[i]`,
    width,
    access,
    isSort: (o) => o.kind === 'vec' && o.lane !== undefined && o.arrangement === name,
    inRange: (o) =>
      o.kind === 'vec' &&
      o.lane !== undefined &&
      o.lane >= first &&
      o.lane <= last &&
      registerIndex(o.reg) <= lastRegister,
    expects: `a lane from ${first} to ${last} of v0 to v${lastRegister}`,
    view: (o, state) => {
      const { reg: r, lane: index } = vecOf(o);
      const lo = must(index, 'a lane index') * width;
      return {
        value: () => extract(state.get(r.loc), lo + width - 1, lo),
        write: (value) => [set(r.loc, replaceBits(state.get(r.loc), lo, value))],
      };
    },
    examples: () => [
      vecOperand(0, name, first),
      vecOperand(5, name, (first + last + 1) >> 1),
      vecOperand(lastRegister, name, last),
    ],
    outside: () => [vecOperand(1, name, last + 1), ...(which === 'lowHalf' ? [vecOperand(16, name, 0)] : [])],
  });
}

const registerIndex = (r: Reg): number => Number(r.loc.slice(1));

/** `whole` with `value` from bit `lo` on. */
export function replaceBits(whole: Term, lo: number, value: Term): Term {
  const hi = lo + value.width;
  const parts: Term[] = [];
  if (hi < whole.width) parts.push(extract(whole, whole.width - 1, hi));
  parts.push(value);
  if (lo > 0) parts.push(extract(whole, lo - 1, 0));
  return concat(...parts);
}

function listOperand(first: number, count: number, arrangement: string, index?: number): ListOperand {
  return {
    kind: 'list',
    regs: Array.from({ length: count }, (_, i) => vecOperand((first + i) % 32, arrangement, index)),
  };
}

/** A list of `count` consecutive registers, `{v0.16b, v1.16b}`. Its value has the first register lowest. */
export function list(arrangement: Arrangement, count: number, access: Access): TextKind {
  const { bits } = shapes[arrangement];
  return kind({
    name: `{${count} of v.${arrangement}}`,
    width: bits * count,
    access,
    isSort: (o) =>
      o.kind === 'list' &&
      o.regs.length === count &&
      o.regs.every((r) => r.arrangement === arrangement && r.lane === undefined),
    inRange: (o) => areConsecutive(listOf(o)),
    expects: 'consecutive registers',
    view: (o, state) => {
      const regs = listOf(o).regs.map((r) => r.reg);
      return {
        value: () => concat(...regs.map((r) => low(state.get(r.loc), bits)).toReversed()),
        write: (value) => regs.map((r, i) => setVector(r, extract(value, bits * i + bits - 1, bits * i))),
      };
    },
    examples: () => [0, 20, 30].map((n) => listOperand(n, count, arrangement)),
    outside: () =>
      count === 1
        ? []
        : [{ kind: 'list', regs: Array.from({ length: count }, (_, i) => vecOperand(3 * i, arrangement)) }],
  });
}

/** A list of the same lane of `count` consecutive registers, `{v0.s, v1.s}[2]`. Writing keeps the other lanes. */
export function laneList(name: LaneName, count: number, access: Access): TextKind {
  const width = laneWidths[name];
  const top = 128 / width;
  return kind({
    name: `{${count} of v.${name}}[i]`,
    width: width * count,
    access,
    isSort: (o) =>
      o.kind === 'list' &&
      o.regs.length === count &&
      o.regs.every((r) => r.arrangement === name && r.lane !== undefined),
    inRange: (o) => areConsecutive(listOf(o)) && listOf(o).regs.every((r) => (r.lane ?? top) < top),
    expects: `consecutive registers and a lane from 0 to ${top - 1}`,
    view: (o, state) => {
      const places = listOf(o).regs.map((r) => ({ loc: r.reg.loc, lo: must(r.lane, 'a lane index') * width }));
      return {
        value: () => concat(...places.map((p) => extract(state.get(p.loc), p.lo + width - 1, p.lo)).toReversed()),
        write: (value) =>
          places.map((p, i) =>
            set(p.loc, replaceBits(state.get(p.loc), p.lo, extract(value, width * i + width - 1, width * i))),
          ),
      };
    },
    examples: () => [
      listOperand(0, count, name, 0),
      listOperand(9, count, name, top >> 1),
      listOperand(30, count, name, top - 1),
    ],
    outside: () => [listOperand(0, count, name, top)],
  });
}

function areConsecutive(o: ListOperand): boolean {
  const numbers = o.regs.map((r) => registerIndex(r.reg));
  return numbers.every((n, i) => i === 0 || n === ((numbers[i - 1] as number) + 1) % 32);
}

export function vecOf(o: Operand): VecOperand {
  return must(o.kind === 'vec' ? o : undefined, 'a vector operand');
}

function listOf(o: Operand): ListOperand {
  return must(o.kind === 'list' ? o : undefined, 'a register list');
}

/** An immediate from `least` to `most`. */
export const range = (least: number, most: number): TextKind => immRange(`imm ${least}..${most}`, 64, least, most);

/** A shift written as an operand of its own, `lsl #8`, by one of the `amounts`. */
export const shiftBy = (name: 'lsl' | 'msl', amounts: readonly number[]): TextKind => shift([name], amounts);

/** A byte, signed or not. gcc writes negative ones as 64 bits: `0xffffffffffffff93`. */
export const byteImmediate: TextKind = immediate({
  name: 'imm8',
  width: 8,
  test: (v) => (v >= -128n && v <= 255n) || (v >= (1n << 64n) - 128n && v < 1n << 64n),
  expects: '-128 to 255',
  examples: [0, 1, 127, 128, 255, -1, -128, (1n << 64n) - 109n],
  outside: [256, -129],
});

/** A 64-bit immediate of which each byte is all zeros or all ones, signed or unsigned. */
export const wideImmediate: TextKind = immediate({
  name: 'imm of 0x00 and 0xff bytes',
  width: 64,
  test: (v) => {
    const value = BigInt.asUintN(64, v);
    if (v !== value && v !== BigInt.asIntN(64, value)) return false;
    return Array.from({ length: 8 }, (_, i) => (value >> BigInt(8 * i)) & 255n).every((b) => b === 0n || b === 255n);
  },
  expects: '64 bits of which each byte is 0x00 or 0xff',
  examples: [0, 0xffffffffffffffffn, 0xff00ff0000ffff00n, 0xffn, 0xff00000000000000n],
  outside: [1, 0x80],
});

/** The 256 numbers that fit the immediate of `fmov`: plus or minus 16/16 to 31/16 times 2^-3 to 2^4. */
function isFloatImmediate(x: number): boolean {
  const magnitude = Math.abs(x);
  if (!(magnitude >= 0.125 && magnitude <= 31)) return false;
  const exponent = Math.floor(Math.log2(magnitude));
  return Number.isInteger((magnitude / 2 ** exponent) * 16);
}

const floatText = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The number that a floating-point immediate says: `1.0`, `-2.5e-1` or, as GNU as takes it too, a whole `#2`. */
function floatOf(o: Operand): number | undefined {
  if (o.kind === 'word' && floatText.test(o.word)) return Number(o.word);
  return o.kind === 'imm' && !o.label && isNumber(o.value) ? Number(o.value.offset) : undefined;
}

/** The pattern of `x` as a number of `width` bits. */
function floatPattern(x: number, width: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  if (width === 64) view.setFloat64(0, x);
  else view.setFloat32(0, x);
  return width === 64 ? view.getBigUint64(0) : BigInt(view.getUint32(0));
}

const floatWord = (text: string): Operand => ({ kind: 'word', word: text });

function floatKind(
  width: number,
  test: (x: number) => boolean,
  expects: string,
  inside: string[],
  beyond: string[],
): TextKind {
  return kind({
    name: `f${width}imm`,
    width,
    access: 'r',
    isSort: (o) => floatOf(o) !== undefined,
    inRange: (o) => {
      const x = floatOf(o);
      return x !== undefined && test(x);
    },
    expects,
    view: (o) => ({ value: () => bv(width, floatPattern(must(floatOf(o), 'a number'), width)) }),
    examples: () => inside.map(floatWord),
    outside: () => beyond.map(floatWord),
  });
}

/** The immediate of `fmov`; its value is the number's pattern in `width` bits. */
export const floatImmediate = (width: number): TextKind =>
  floatKind(
    width,
    isFloatImmediate,
    '16/16 to 31/16 times a power of two from 2^-3 to 2^4, of either sign',
    ['1.0', '-0.125', '31.0', '1.9375', '0.5'],
    ['0.0', '0.1', '32.0', '1.03125'],
  );

/** The `#0.0` of comparisons. */
export const floatZero = (width: number): TextKind => floatKind(width, (x) => x === 0, '0.0', ['0.0'], ['1.0']);

/** The address of `ld1` to `st4`: a base, stepped afterwards by exactly the `bytes` moved or by a register. */
export function structureMemory(bytes: number, access: Access): TextKind {
  const accepts = (m: MemOperand): boolean => {
    if (!isBase(m.base) || !isNumber(m.disp) || m.disp.modifier !== undefined || m.mode === 'pre') return false;
    if (m.extend !== undefined || m.amount !== undefined) return false;
    const { index } = m;
    if (m.mode === undefined) return index === undefined && m.disp.offset === 0n;
    if (index === undefined) return m.disp.offset === BigInt(bytes);
    return index.class === 'gpr' && index.width === 64 && index.loc !== ZERO && m.disp.offset === 0n;
  };
  return kind({
    name: `m${bytes * 8}`,
    width: bytes * 8,
    access,
    isSort: (o) => o.kind === 'mem',
    inRange: (o) => o.kind === 'mem' && accepts(o),
    expects: `a base register, followed by #${bytes} or by a register where it is stepped`,
    view: (o, state) => ({
      address: () => addressTerm(must(o.kind === 'mem' ? o : undefined, 'a memory operand'), state),
    }),
    examples: () => [mem('x5'), mem('sp'), mem('x5', bytes, 'post'), { ...memIndex('x5', 'x6'), mode: 'post' }],
    outside: () => [mem('x5', 8), mem('x5', bytes + 8, 'post')],
  });
}
