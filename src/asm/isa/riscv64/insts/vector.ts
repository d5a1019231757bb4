// SPDX-License-Identifier: MIT
import {
  add,
  and,
  ashr,
  bv,
  concat,
  eq,
  extract,
  ite,
  low,
  lshr,
  msb,
  mul,
  or,
  sext,
  shl,
  sub,
  xor,
  zext,
} from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type Constraint, constrain } from '../../constraints.ts';
import { type InstDef, inst } from '../../define.ts';
import { type Effect, type State, set } from '../../effect.ts';
import {
  addSigned,
  addUnsigned,
  clampSigned,
  clampUnsigned,
  join,
  lanes,
  lanes2,
  signedMax,
  signedMin,
  subSigned,
  subUnsigned,
  unsignedMax,
  unsignedMin,
} from '../../lanes.ts';
import type { Operand } from '../../operand.ts';
import { immRange, numberOf, word, wordOf } from '../../operand-kinds.ts';
import { fpr, gpr, vector } from '../operands.ts';
import { VECTOR_LENGTH, VECTOR_TYPE } from '../registers.ts';
import {
  byWidth,
  ELEMENT_WIDTHS,
  type ElementWidth,
  type Group,
  isGroup,
  mostElements,
  needsShape,
  type Shape,
  slideDown,
  vectorType,
  writeElements,
} from '../vector-state.ts';
import { idName, manual } from './common.ts';

/** Integer instructions of V without masks, as far as vector-state.ts models them. */

const FEATURE = { feature: 'v' };
const ref = (section: string): string => manual(`31.${section}`);

/** `from` is the number of an element's width as the instruction names it. */
const elementWidth = (name: string): ElementWidth | undefined => ELEMENT_WIDTHS.find((w) => `e${w}` === name);

const signed5 = () => immRange('-16 to 15', 64, -16, 15);
const unsigned5 = () => immRange('0 to 31', 64, 0, 31);

const wordIn = (o: Operand | undefined): string => (o?.kind === 'word' ? o.word : '');

/** As many elements as every machine has, and all of 128 bits where what is behind them would be lost. */
const modelled: Constraint = ([, count, width, group, tail]) => {
  const w = elementWidth(wordIn(width));
  const g = wordIn(group);
  if (w === undefined || !isGroup(g) || count?.kind !== 'imm') return undefined;
  if (w === 64 && g === 'mf2') return { kind: 'unpredictable', message: 'half a register may have no such element' };
  const most = mostElements(w, g);
  if (count.value.offset > BigInt(most))
    return { kind: 'unpredictable', message: `${g} surely has ${most} elements of this width, and no more` };
  if (wordIn(tail) === 'ta' && (g !== 'm1' || Number(count.value.offset) !== most))
    return { kind: 'unpredictable', message: 'what becomes of the elements behind is open: write tu' };
  return undefined;
};

const configuration: readonly InstDef[] = [
  constrain(
    inst({
      id: 'rv64.vsetivli.riwwww.64',
      syntax: 'vsetivli {d}, {count}, {width}, {group}, {tail}, {mask}',
      operands: {
        d: gpr('w'),
        count: unsigned5(),
        width: word(
          'element width',
          ELEMENT_WIDTHS.map((w) => `e${w}`),
        ),
        group: word('group', ['m1', 'mf2']),
        tail: word('tail policy', ['ta', 'tu']),
        mask: word('mask policy', ['ma', 'mu']),
      },
      sem: ({ d, count, width, group, tail, mask }) => {
        const g = wordOf(group);
        const type = vectorType(elementWidth(wordOf(width)) ?? 8, isGroup(g) ? g : 'm1', wordOf(tail) === 'ta');
        const masks = wordOf(mask) === 'ma' ? 1 << 7 : 0;
        return [...d.write(count.value), set(VECTOR_LENGTH, count.value), set(VECTOR_TYPE, bv(64, type | masks))];
      },
      ref: ref('6'),
      ...FEATURE,
    }),
    modelled,
  ),
];

type Lane2 = (a: Term, b: Term) => Term;

const shiftBy =
  (shift: Lane2): Lane2 =>
  (a, count) =>
    shift(a, and(count, bv(a.width, a.width - 1)));

const highProduct =
  (extend: (a: Term, width: number) => Term): Lane2 =>
  (a, b) =>
    extract(mul(extend(a, 2 * a.width), extend(b, 2 * b.width)), 2 * a.width - 1, a.width);

/** What stands for the second source: a vector, a general register for all elements, or a number of 5 bits. */
type Source = 'v' | 'x' | 'i' | 'u';

interface Family {
  readonly name: string;
  /** The elements are those of the first source (`vs2`) and of the second. */
  readonly f: Lane2;
  readonly sources: readonly Source[];
  readonly section: string;
}

const families: readonly Family[] = [
  { name: 'vadd', f: add, sources: ['v', 'x', 'i'], section: '11.1' },
  { name: 'vsub', f: sub, sources: ['v', 'x'], section: '11.1' },
  { name: 'vrsub', f: (a, b) => sub(b, a), sources: ['x', 'i'], section: '11.1' },
  { name: 'vand', f: and, sources: ['v', 'x', 'i'], section: '11.5' },
  { name: 'vor', f: or, sources: ['v', 'x', 'i'], section: '11.5' },
  { name: 'vxor', f: xor, sources: ['v', 'x', 'i'], section: '11.5' },
  { name: 'vsll', f: shiftBy(shl), sources: ['v', 'x', 'u'], section: '11.6' },
  { name: 'vsrl', f: shiftBy(lshr), sources: ['v', 'x', 'u'], section: '11.6' },
  { name: 'vsra', f: shiftBy(ashr), sources: ['v', 'x', 'u'], section: '11.6' },
  { name: 'vminu', f: unsignedMin, sources: ['v', 'x'], section: '11.9' },
  { name: 'vmin', f: signedMin, sources: ['v', 'x'], section: '11.9' },
  { name: 'vmaxu', f: unsignedMax, sources: ['v', 'x'], section: '11.9' },
  { name: 'vmax', f: signedMax, sources: ['v', 'x'], section: '11.9' },
  { name: 'vmul', f: mul, sources: ['v', 'x'], section: '11.10' },
  { name: 'vmulh', f: highProduct(sext), sources: ['v', 'x'], section: '11.10' },
  { name: 'vmulhu', f: highProduct(zext), sources: ['v', 'x'], section: '11.10' },
  { name: 'vsaddu', f: addUnsigned, sources: ['v', 'x', 'i'], section: '12.1' },
  { name: 'vsadd', f: addSigned, sources: ['v', 'x', 'i'], section: '12.1' },
  { name: 'vssubu', f: subUnsigned, sources: ['v', 'x'], section: '12.1' },
  { name: 'vssub', f: subSigned, sources: ['v', 'x'], section: '12.1' },
];

const KINDS = {
  v: { kind: () => vector('r'), letter: 'v' },
  x: { kind: () => gpr('r'), letter: 'x' },
  i: { kind: signed5, letter: 'i' },
  u: { kind: unsigned5, letter: 'i' },
} as const;

/** Elements of `width` bits of the second source. */
const spread = (source: Source, value: Term, width: ElementWidth): Term =>
  source === 'v' ? value : join(Array.from({ length: 128 / width }, () => low(value, width)));

/** The effects of an instruction that computes what it writes from the elements' width. */
function computes(
  state: State,
  loc: string,
  make: (width: ElementWidth) => Term,
  { widths = ELEMENT_WIDTHS, ...shape }: Shape = {},
): Effect[] {
  return [...needsShape(state, { widths, ...shape }), writeElements(state, loc, byWidth(state, widths, make))];
}

const locOf = (operand: Operand): string => {
  if (operand.kind !== 'reg') throw new TypeError(`a register is expected, not ${operand.kind}`);
  return operand.reg.loc;
};

function elementwise({ name, f, sources, section }: Family): InstDef[] {
  return sources.map((source) => {
    const { kind, letter } = KINDS[source];
    return inst({
      id: `rv64.${name}.vv${letter}.128`,
      syntax: `${name}.v${letter} {d}, {n}, {m}`,
      operands: { d: vector('w'), n: vector('r'), m: kind() },
      sem: ({ d, n, m }, state) => {
        const [a, b] = [n.value, m.value];
        return computes(state, locOf(d.operand), (w) => lanes2(w, a, spread(source, b, w), f));
      },
      ref: ref(section),
      ...FEATURE,
    });
  });
}

const copies: readonly InstDef[] = (['v', 'x', 'i'] as const).map((source) =>
  inst({
    id: `rv64.vmv_v.v${source}.128`,
    syntax: `vmv.v.${source} {d}, {m}`,
    operands: { d: vector('w'), m: KINDS[source].kind() },
    sem: ({ d, m }, state) => {
      const { value } = m;
      return computes(state, locOf(d.operand), (w) => spread(source, value, w));
    },
    ref: ref('11.16'),
    ...FEATURE,
  }),
);

/** A destination that is also a source is reserved for some instructions. */
const apart =
  (...sources: readonly number[]): Constraint =>
  (ops) =>
    sources.some((i) => wherever(ops[i]) === wherever(ops[0]))
      ? { kind: 'range', message: 'the destination may not be a source' }
      : undefined;
const wherever = (o: Operand | undefined): string | undefined => (o?.kind === 'reg' ? o.reg.loc : undefined);

/** Each element from one of a half, a quarter or an eighth of its width. */
const extensions: readonly InstDef[] = (
  [
    ['vzext', zext],
    ['vsext', sext],
  ] as const
).flatMap(([name, extend]) =>
  [2, 4, 8].map((part) => {
    const widths = ELEMENT_WIDTHS.filter((w) => w / part >= 8);
    return constrain(
      inst({
        id: `rv64.${name}_vf${part}.vv.128`,
        syntax: `${name}.vf${part} {d}, {n}`,
        operands: { d: vector('w'), n: vector('r') },
        sem: ({ d, n }, state) => {
          const { value } = n;
          const make = (w: ElementWidth): Term => lanes(w / part, low(value, 128 / part), (lane) => extend(lane, w));
          return computes(state, locOf(d.operand), make, { widths, groups: ['m1'] });
        },
        ref: ref('11.3'),
        ...FEATURE,
      }),
      apart(1),
    );
  }),
);

const HALF: { readonly widths: readonly ElementWidth[]; readonly groups: readonly Group[] } = {
  widths: [8, 16, 32],
  groups: ['mf2'],
};

/** How a shift rounds is in a control register, which is not modelled. */
const unrounded: Constraint = ([, , by]) =>
  by?.kind === 'imm' && by.value.offset !== 0n
    ? { kind: 'unpredictable', message: 'the rounding mode of fixed-point instructions is not modelled' }
    : undefined;

/** Each element from one of twice its width. */
function narrowing(name: string, f: (wide: Term, by: number, width: number) => Term, section: string): InstDef {
  return inst({
    id: `rv64.${idName(name)}.vvi.128`,
    syntax: `${name} {d}, {n}, {by}`,
    operands: { d: vector('w'), n: vector('r'), by: unsigned5() },
    sem: ({ d, n, by }, state) => {
      const { value } = n;
      // The upper half of the sources is not among the elements that are in use.
      const make = (w: ElementWidth): Term =>
        zext(
          lanes(2 * w, value, (lane) => f(lane, numberOf(by) & (2 * w - 1), w)),
          128,
        );
      return computes(state, locOf(d.operand), make, HALF);
    },
    ref: ref(section),
    ...FEATURE,
  });
}

const narrowings: readonly InstDef[] = [
  narrowing('vnsrl.wi', (a, by, w) => low(lshr(a, bv(a.width, by)), w), '11.7'),
  narrowing('vnsra.wi', (a, by, w) => low(ashr(a, bv(a.width, by)), w), '11.7'),
  constrain(
    narrowing('vnclip.wi', (a, _, w) => clampSigned(a, w), '12.5'),
    unrounded,
  ),
  constrain(
    narrowing('vnclipu.wi', (a, _, w) => clampUnsigned(a, w), '12.5'),
    unrounded,
  ),
];

const ELEMENT_64: Shape = { widths: [64] };

/** Between vectors and single registers. */
const scalars: readonly InstDef[] = [
  inst({
    id: 'rv64.vmv_x_s.xv.128',
    syntax: 'vmv.x.s {d}, {n}',
    operands: { d: gpr('w'), n: vector('r') },
    sem: ({ d, n }, state) => {
      const { value } = n;
      return [...needsShape(state, {}), ...d.write(byWidth(state, ELEMENT_WIDTHS, (w) => sext(low(value, w), 64)))];
    },
    ref: ref('16.1'),
    ...FEATURE,
  }),
  inst({
    id: 'rv64.vfmv_f_s.fv.128',
    syntax: 'vfmv.f.s {d}, {n}',
    operands: { d: fpr(64, 'w'), n: vector('r') },
    sem: ({ d, n }, state) => [...needsShape(state, ELEMENT_64), ...d.write(low(n.value, 64))],
    ref: ref('16.2'),
    ...FEATURE,
  }),
  inst({
    id: 'rv64.vfmv_v_f.vf.128',
    syntax: 'vfmv.v.f {d}, {n}',
    operands: { d: vector('w'), n: fpr(64, 'r') },
    sem: ({ d, n }, state) => {
      const { value } = n;
      return computes(state, locOf(d.operand), () => concat(value, value), ELEMENT_64);
    },
    ref: ref('13.16'),
    ...FEATURE,
  }),
];

const slides: readonly InstDef[] = [
  constrain(
    inst({
      id: 'rv64.vfslide1up.vvf.128',
      syntax: 'vfslide1up.vf {d}, {n}, {m}',
      operands: { d: vector('w'), n: vector('r'), m: fpr(64, 'r') },
      sem: ({ d, n, m }, state) => {
        const [rest, first] = [low(n.value, 64), m.value];
        return computes(state, locOf(d.operand), () => concat(rest, first), ELEMENT_64);
      },
      ref: ref('16.3.3'),
      ...FEATURE,
    }),
    apart(1),
  ),
  inst({
    id: 'rv64.vslide1down.vvx.128',
    syntax: 'vslide1down.vx {d}, {n}, {m}',
    operands: { d: vector('w'), n: vector('r'), m: gpr('r') },
    sem: ({ d, n, m }, state) => {
      const [value, top] = [n.value, m.value];
      return computes(state, locOf(d.operand), (w) => slideDown(state, value, low(top, w), w));
    },
    ref: ref('16.3.4'),
    ...FEATURE,
  }),
];

/** The elements behind those modelled are any value: machines have more of them, or none and give zero. */
const BEHIND = 'an element of a vector register above 128 bits';

/** The element of `width` bits at `index`, which is no wider than it needs to be: one of a half. */
function elementAt(table: Term, index: Term, width: ElementWidth): Term {
  const upper = msb(index);
  if (width === 64) return ite(upper, extract(table, 127, 64), low(table, 64));
  const place = zext(concat(low(index, index.width - 1), bv(Math.log2(width), 0)), 64);
  const from = (half: Term): Term => low(lshr(half, place), width);
  return ite(upper, from(extract(table, 127, 64)), from(low(table, 64)));
}

/** Element by index. */
const gather: readonly InstDef[] = [
  constrain(
    inst({
      id: 'rv64.vrgather.vvv.128',
      syntax: 'vrgather.vv {d}, {n}, {m}',
      operands: { d: vector('w'), n: vector('r'), m: vector('r') },
      sem: ({ d, n, m }, state) => {
        const [table, indices] = [n.value, m.value];
        const make = (w: ElementWidth): Term =>
          lanes(w, indices, (index) => {
            const count = Math.log2(128 / w);
            const inside = eq(extract(index, w - 1, count), bv(w - count, 0));
            return ite(inside, elementAt(table, low(index, count), w), state.undefined(w, BEHIND));
          });
        return computes(state, locOf(d.operand), make, { groups: ['m1'] });
      },
      ref: ref('16.4'),
      ...FEATURE,
    }),
    apart(1, 2),
  ),
];

export const vectorForms: readonly InstDef[] = [
  ...configuration,
  ...families.flatMap(elementwise),
  ...copies,
  ...extensions,
  ...narrowings,
  ...scalars,
  ...slides,
  ...gather,
];
