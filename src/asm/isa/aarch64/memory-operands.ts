// SPDX-License-Identifier: MIT
import { add, bv, low, sext, shl, zext } from '../../../logic/build.ts';
import type { Term } from '../../../logic/term.ts';
import type { Access, View } from '../define.ts';
import { type Effect, type State, set, store } from '../effect.ts';
import { kind, type TextKind } from '../kind.ts';
import { inRange } from '../numbers.ts';
import { type Expr, isNumber, type MemOperand, num, type Operand, type Reg, sym } from '../operand.ts';
import { reg, ZERO } from './registers.ts';
import { isRelocatable } from './symbols.ts';

/**
 * Memory operands (Arm ARM C1.3.3). `[x1, #8]`, `[x1, #8]!` (pre), `[x1], #8` (post), `[x1, x2, lsl #3]`,
 * `[x1, w2, sxtw #3]`, `[x1, #:lo12:sym]`.
 */

/** The bytes of one element: `log2` of it is the only nonzero shift of a register offset. */
type Size = 1 | 2 | 4 | 8 | 16;

const asMem = (o: Operand): MemOperand => {
  if (o.kind !== 'mem') throw new TypeError(`a memory operand is expected, not ${o.kind}`);
  return o;
};

const registerValue = (r: Reg, state: State): Term =>
  r.loc === ZERO ? bv(r.width, 0) : low(state.get(r.loc), r.width);

const baseOf = (m: MemOperand): Reg => {
  if (m.base === undefined) throw new TypeError('a memory operand has a base');
  return m.base;
};

function dispTerm(disp: Expr, state: State): Term {
  return isNumber(disp) ? bv(64, disp.offset) : state.symbol(disp);
}

/** The index register, extended to 64 bits and shifted. */
function indexTerm(m: MemOperand, index: Reg, state: State): Term {
  const raw = registerValue(index, state);
  const wide = m.extend === 'sxtw' ? sext(raw, 64) : zext(raw, 64);
  return m.amount === undefined || m.amount === 0 ? wide : shl(wide, bv(64, m.amount));
}

const isZeroDisp = (m: MemOperand): boolean => isNumber(m.disp) && m.disp.offset === 0n;

function withDisp(base: Term, m: MemOperand, state: State): Term {
  if (m.index !== undefined) return add(base, indexTerm(m, m.index, state));
  return isZeroDisp(m) ? base : add(base, dispTerm(m.disp, state));
}

/** The address accessed. */
export function addressTerm(m: MemOperand, state: State): Term {
  const base = registerValue(baseOf(m), state);
  return m.mode === 'post' ? base : withDisp(base, m, state);
}

/** What pre- and post-indexed operands leave in their base register; nothing for the others. */
export function writeback(view: View, state: State): Effect[] {
  const m = asMem(view.operand);
  if (m.mode === undefined) return [];
  const base = baseOf(m);
  return [set(base.loc, withDisp(registerValue(base, state), m, state))];
}

export function isBase(r: Reg | undefined): boolean {
  return r !== undefined && r.width === 64 && (r.class === 'sp' || (r.class === 'gpr' && r.loc !== ZERO));
}

const isPlain = (m: MemOperand): boolean => m.scale === undefined && m.segment === undefined && m.width === undefined;

const isIndex = (m: MemOperand, size: Size): boolean => {
  const { index, extend, amount } = m;
  if (index === undefined || index.class !== 'gpr' || m.mode !== undefined || !isZeroDisp(m)) return false;
  const scaled = amount === 0 || amount === Math.log2(size);
  if (index.width === 32) return (extend === 'uxtw' || extend === 'sxtw') && (amount === undefined || scaled);
  if (extend === undefined) return amount === undefined;
  if (extend === 'lsl') return scaled;
  return extend === 'sxtx' && (amount === undefined || scaled);
};

const isIndexed9 = inRange(-256, 255);

interface MemSpec {
  readonly name: string;
  readonly size: Size;
  /** Bytes of the whole access. */
  readonly bytes: number;
  readonly access: Access;
  readonly accepts: (m: MemOperand) => boolean;
  readonly expects: string;
  readonly examples: () => readonly Operand[];
  readonly outside: () => readonly Operand[];
  readonly symbolic?: () => readonly Operand[];
}

function memory(spec: MemSpec): TextKind {
  return kind({
    name: spec.name,
    width: spec.bytes * 8,
    access: spec.access,
    isSort: (o) => o.kind === 'mem',
    inRange: (o) => o.kind === 'mem' && isBase(o.base) && isPlain(o) && spec.accepts(o),
    expects: spec.expects,
    view: (o, state) => ({
      value: () => state.load(addressTerm(asMem(o), state), spec.bytes),
      address: () => addressTerm(asMem(o), state),
      write: (value) => [store(addressTerm(asMem(o), state), value)],
    }),
    examples: spec.examples,
    outside: spec.outside,
    ...(spec.symbolic === undefined ? {} : { symbolic: spec.symbolic }),
  });
}

/** A memory operand, for tests and examples: `mem('x1', 8, 'pre')`. */
export function mem(base: string, disp: number | bigint = 0, mode?: 'pre' | 'post'): MemOperand {
  const m: MemOperand = { kind: 'mem', base: reg(base), disp: num(disp) };
  return mode === undefined ? m : { ...m, mode };
}

export function memIndex(base: string, index: string, extend?: string, amount?: number): MemOperand {
  return {
    kind: 'mem',
    base: reg(base),
    disp: num(0),
    index: reg(index),
    ...(extend === undefined ? {} : { extend }),
    ...(amount === undefined ? {} : { amount }),
  };
}

const lo12Modifiers = (size: Size, slots: boolean): readonly string[] => [
  'lo12',
  ...(size === 16 ? [] : ['tprel_lo12', 'tprel_lo12_nc']),
  ...(slots ? ['got_lo12', 'gottprel_lo12', 'tlsdesc_lo12'] : []),
];

function indexExamples(size: Size): readonly Operand[] {
  const scale = Math.log2(size);
  return [
    memIndex('x5', 'x6'),
    memIndex('sp', 'x6', 'lsl', scale),
    memIndex('x5', 'w6', 'sxtw', scale),
    memIndex('x5', 'w6', 'uxtw'),
    memIndex('x5', 'x6', 'sxtx', scale),
    memIndex('x5', 'xzr'),
    memIndex('x5', 'wzr', 'sxtw', scale),
  ];
}

function offsetAccepts(m: MemOperand, size: Size, modifiers: readonly string[]): boolean {
  if (m.index !== undefined) return isIndex(m, size);
  const { disp } = m;
  if (!isNumber(disp)) return isRelocatable(disp, modifiers);
  if (disp.modifier !== undefined) return false;
  return isIndexed9(disp.offset) || inRange(0, 4095 * size, size)(disp.offset);
}

const offsetExpects = (size: Size): string =>
  `an offset of -256 to 255 or a multiple of ${size} up to ${4095 * size}, or an index shifted by 0 or ${Math.log2(size)}`;

/** What `ldr` and `str` take: scaled and unscaled offsets, pre and post index, register offsets, low parts of symbols. */
export function memAny(size: Size, access: Access, slots = false): TextKind {
  const modifiers = lo12Modifiers(size, slots);
  return memory({
    name: `m${size * 8}`,
    size,
    bytes: size,
    access,
    accepts: (m) =>
      m.mode !== undefined
        ? m.index === undefined && isNumber(m.disp) && m.disp.modifier === undefined && isIndexed9(m.disp.offset)
        : offsetAccepts(m, size, modifiers),
    expects: `${offsetExpects(size)}; before or after the access: -256 to 255`,
    examples: () => [
      mem('x5'),
      mem('sp', size),
      mem('x5', 4095 * size),
      mem('x5', -256),
      mem('x5', 255),
      mem('x5', 2 * size - 1),
      mem('x5', 16, 'pre'),
      mem('sp', -256, 'pre'),
      mem('x5', 255, 'post'),
      mem('x5', -8, 'post'),
      ...indexExamples(size),
    ],
    outside: () => [
      mem('x5', 4096 * size),
      mem('x5', -257),
      ...(size > 1 ? [mem('x5', 256 * size + 1)] : []),
      mem('x5', 256, 'pre'),
      mem('x5', -257, 'post'),
      memIndex('x5', 'x6', 'lsl', Math.log2(size) + 1),
      memIndex('x5', 'w6', 'sxtw', Math.log2(size) + 1),
      memIndex('x5', 'w6'),
    ],
    symbolic: () => modifiers.flatMap((m) => [{ ...mem('x5'), disp: sym('sym', 0n, m) }]),
  });
}

/** `prfm`: like a load of 8 bytes, without writeback. */
export function memPrefetch(): TextKind {
  return memory({
    name: 'm',
    size: 8,
    bytes: 8,
    access: 'r',
    accepts: (m) => m.mode === undefined && offsetAccepts(m, 8, ['lo12']),
    expects: offsetExpects(8),
    examples: () => [mem('x5'), mem('sp', 32760), mem('x5', -256), ...indexExamples(8)],
    outside: () => [mem('x5', 32768), mem('x5', -257), mem('x5', 8, 'pre')],
    symbolic: () => [{ ...mem('x5'), disp: sym('sym', 0n, 'lo12') }],
  });
}

/** `ldur` and its like: an unscaled offset of -256 to 255. */
export function memUnscaled(size: Size, access: Access): TextKind {
  return memory({
    name: `m${size * 8}`,
    size,
    bytes: size,
    access,
    accepts: (m) =>
      m.mode === undefined &&
      m.index === undefined &&
      isNumber(m.disp) &&
      m.disp.modifier === undefined &&
      isIndexed9(m.disp.offset),
    expects: 'an offset of -256 to 255',
    examples: () => [mem('x5'), mem('sp', 255), mem('x5', -256), mem('x5', 3)],
    outside: () => [mem('x5', 256), mem('x5', -257), mem('x5', 8, 'pre')],
  });
}

/** `ldp` and `stp`: seven bits of offset in units of `size`. The value is both elements together. */
export function memPair(size: 4 | 8 | 16, access: Access, indexed = true): TextKind {
  const fits = inRange(-64 * size, 63 * size, size);
  return memory({
    name: `m${size * 16}`,
    size,
    bytes: 2 * size,
    access,
    accepts: (m) =>
      (indexed || m.mode === undefined) &&
      m.index === undefined &&
      isNumber(m.disp) &&
      m.disp.modifier === undefined &&
      fits(m.disp.offset),
    expects: `a multiple of ${size}, ${-64 * size} to ${63 * size}`,
    examples: () => [
      mem('x5'),
      mem('sp', 63 * size),
      mem('x5', -64 * size),
      ...(indexed ? [mem('sp', -2 * size, 'pre'), mem('x5', 63 * size, 'post')] : []),
    ],
    outside: () => [
      mem('x5', 64 * size),
      mem('x5', -65 * size),
      mem('x5', 2),
      indexed ? mem('x5', 64 * size, 'post') : mem('x5', size, 'pre'),
    ],
  });
}

/** A bare base register: exclusives, acquire and release, atomics. */
export function memBase(bytes: number, access: Access): TextKind {
  return memory({
    name: `m${bytes * 8}`,
    size: 1,
    bytes,
    access,
    accepts: (m) => m.mode === undefined && m.index === undefined && isZeroDisp(m),
    expects: 'a base register without an offset',
    examples: () => [mem('x5'), mem('sp')],
    outside: () => [mem('x5', 8), mem('x5', 0, 'pre')],
  });
}
