// SPDX-License-Identifier: MIT
import { add, bit, bv, concat, eq, extract, ite, low, lshr, sext, ult, zext } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst } from '../../define.ts';
import { join, lanes, signedMax, signedMin, split, unsignedMax, unsignedMin } from '../../lanes.ts';
import { numberOf } from '../../operand-kinds.ts';
import { gpr } from '../operands.ts';
import { manual, type Place, vectors } from './neon-families.ts';
import {
  byteArrangements,
  integerArrangements,
  type LaneName,
  type LaneWidth,
  lane,
  laneName,
  laneWidth,
  list,
  range,
  scalar,
  smallArrangements,
} from './neon-operands.ts';

/** Moves of lanes within and between vectors and general registers, and operations between neighbours. */

const all = vectors(integerArrangements);
const small = vectors(smallArrangements);
const bytes = vectors(byteArrangements);

const at = (list: readonly Term[], index: number): Term => list[index] as Term;

/** `pick` says for each result lane which lane it is of `n` followed by `m`. */
function permute(name: string, pick: (index: number, count: number) => number): InstDef[] {
  return all.map((p) =>
    inst({
      id: `a64.${name}.vvv.${p.suffix}`,
      syntax: `${name} {d}, {n}, {m}`,
      operands: { d: p.kind('w'), n: p.kind('r'), m: p.kind('r') },
      sem: ({ d, n, m }) => {
        const sources = [...split(p.lane, n.value), ...split(p.lane, m.value)];
        const count = sources.length / 2;
        return [d.write(join(Array.from({ length: count }, (_, i) => at(sources, pick(i, count)))))];
      },
      ref: manual(name),
    }),
  );
}

/** Pairs of neighbours of `n` followed by `m`. */
function pairwise(name: string, places: readonly Place[], f: (a: Term, b: Term) => Term): InstDef[] {
  return places.map((p) =>
    inst({
      id: `a64.${name}.vvv.${p.suffix}`,
      syntax: `${name} {d}, {n}, {m}`,
      operands: { d: p.kind('w'), n: p.kind('r'), m: p.kind('r') },
      sem: ({ d, n, m }) => {
        const sources = [...split(p.lane, n.value), ...split(p.lane, m.value)];
        const count = sources.length / 2;
        return [d.write(join(Array.from({ length: count }, (_, i) => f(at(sources, 2 * i), at(sources, 2 * i + 1)))))];
      },
      ref: manual(name),
    }),
  );
}

/** All lanes into one scalar, `grow` times as wide as a lane. */
function across(name: string, grow: 1 | 2, f: (lanes: readonly Term[]) => Term): InstDef[] {
  return vectors(['8b', '16b', '4h', '8h', '4s']).map((p) =>
    inst({
      id: `a64.${name}.fv.${p.suffix}`,
      syntax: `${name} {d}, {n}`,
      operands: { d: scalar(grow * p.lane, 'w'), n: p.kind('r') },
      sem: ({ d, n }) => [d.write(f(split(p.lane, n.value)))],
      ref: manual(name),
    }),
  );
}

const sumOf =
  (extend: (t: Term, width: number) => Term) =>
  (parts: readonly Term[]): Term =>
    parts.map((x) => extend(x, 2 * x.width)).reduce(add);

const reductions = [
  ...across('addv', 1, (parts) => parts.reduce(add)),
  ...across('saddlv', 2, sumOf(sext)),
  ...across('uaddlv', 2, sumOf(zext)),
  ...across('smaxv', 1, (parts) => parts.reduce(signedMax)),
  ...across('sminv', 1, (parts) => parts.reduce(signedMin)),
  ...across('umaxv', 1, (parts) => parts.reduce(unsignedMax)),
  ...across('uminv', 1, (parts) => parts.reduce(unsignedMin)),
  inst({
    id: 'a64.addp.fv.2d',
    syntax: 'addp {d}, {n}',
    operands: { d: scalar(64, 'w'), n: at2d().kind('r') },
    sem: ({ d, n }) => [d.write(split(64, n.value).reduce(add))],
    ref: manual('addp (scalar)'),
  }),
];

function at2d(): Place {
  return vectors(['2d'])[0] as Place;
}

/** The lanes of `width` bits in reverse order within each group of `group` bits. */
function reverse(name: string, group: number, places: readonly Place[]): InstDef[] {
  return places.map((p) =>
    inst({
      id: `a64.${name}.vv.${p.suffix}`,
      syntax: `${name} {d}, {n}`,
      operands: { d: p.kind('w'), n: p.kind('r') },
      sem: ({ d, n }) => [d.write(lanes(group, n.value, (t) => concat(...split(p.lane, t))))],
      ref: manual(name),
    }),
  );
}

/** The byte at an `index` that is in range: of each eight the one that a shift brings down, and of these by its bits. */
function entryOf(table: readonly Term[], index: Term): Term {
  const bits = Math.ceil(Math.log2(table.length / 8));
  const place = zext(concat(extract(index, 2, 0), bv(3, 0)), 64);
  const words = Array.from({ length: 2 ** bits }, (_, k) => table.slice(8 * k, 8 * k + 8));
  let left = words.map((b) => (b.length === 0 ? bv(8, 0) : low(lshr(join(b), place), 8)));
  for (let i = bits - 1; i >= 0; i--) {
    const upper = left.slice(left.length / 2);
    left = upper.map((x, k) => ite(bit(index, 3 + i), x, at(left, k)));
  }
  return at(left, 0);
}

function isBelow(index: Term, limit: number): Term {
  const bits = Math.log2(limit);
  return Number.isInteger(bits) ? eq(extract(index, 7, bits), bv(8 - bits, 0)) : ult(index, bv(8, limit));
}

/** `tbl` and `tbx`: each byte of `m` chooses a byte of the table; one out of range gives zero or keeps the old byte. */
function tables(name: 'tbl' | 'tbx'): InstDef[] {
  return bytes.flatMap((p) =>
    [1, 2, 3, 4].map((count) =>
      inst({
        id: `a64.${name}.vt${count}v.${p.suffix}`,
        syntax: `${name} {d}, {n}, {m}`,
        operands: { d: p.kind(name === 'tbx' ? 'rw' : 'w'), n: list('16b', count, 'r'), m: p.kind('r') },
        sem: ({ d, n, m }) => {
          const table = split(8, n.value);
          const old = name === 'tbx' ? split(8, d.value) : [];
          const choose = (index: Term, i: number): Term =>
            ite(isBelow(index, table.length), entryOf(table, index), old[i] ?? bv(8, 0));
          return [d.write(lanes(8, m.value, choose))];
        },
        ref: manual(name),
      }),
    ),
  );
}

const extracts = bytes.map((p) =>
  inst({
    id: `a64.ext.vvvi.${p.suffix}`,
    syntax: 'ext {d}, {n}, {m}, {index}',
    operands: { d: p.kind('w'), n: p.kind('r'), m: p.kind('r'), index: range(0, p.bits / 8 - 1) },
    sem: ({ d, n, m, index }) => {
      const lo = 8 * numberOf(index);
      return [d.write(extract(concat(m.value, n.value), lo + p.bits - 1, lo))];
    },
    ref: manual('ext'),
  }),
);

const laneNames: readonly LaneName[] = ['b', 'h', 's', 'd'];
/** The general register that holds a lane. */
const holder = (name: LaneName): 32 | 64 => (name === 'd' ? 64 : 32);

const duplicates: InstDef[] = [
  ...all.flatMap((p) => [
    inst({
      id: `a64.dup.vr.${p.suffix}`,
      syntax: 'dup {d}, {n}',
      operands: { d: p.kind('w'), n: gpr(p.lane === 64 ? 64 : 32, 'r') },
      sem: ({ d, n }) => {
        const x = low(n.value, p.lane);
        return [d.write(join(Array.from({ length: p.bits / p.lane }, () => x)))];
      },
      ref: manual('dup (general)'),
    }),
    inst({
      id: `a64.dup.ve.${p.suffix}`,
      syntax: 'dup {d}, {n}',
      operands: { d: p.kind('w'), n: lane(laneName(p.lane as LaneWidth), 'r') },
      sem: ({ d, n }) => {
        const x = n.value;
        return [d.write(join(Array.from({ length: p.bits / p.lane }, () => x)))];
      },
      ref: manual('dup (element)'),
    }),
  ]),
  ...laneNames.map((name) =>
    inst({
      id: `a64.mov.fe.${laneWidth(name)}`,
      syntax: 'mov {d}, {n}',
      aliases: ['dup'],
      operands: { d: scalar(laneWidth(name), 'w'), n: lane(name, 'r') },
      sem: ({ d, n }) => [d.write(n.value)],
      ref: 'Arm ARM C7.2, DUP (element)',
    }),
  ),
];

const laneMoves: InstDef[] = laneNames.flatMap((name) => [
  inst({
    id: `a64.mov.er.${laneWidth(name)}`,
    syntax: 'mov {d}, {n}',
    aliases: ['ins'],
    operands: { d: lane(name, 'rw'), n: gpr(holder(name), 'r') },
    sem: ({ d, n }) => [d.write(low(n.value, laneWidth(name)))],
    ref: 'Arm ARM C7.2, INS (general)',
  }),
  inst({
    id: `a64.mov.ee.${laneWidth(name)}`,
    syntax: 'mov {d}, {n}',
    aliases: ['ins'],
    operands: { d: lane(name, 'rw'), n: lane(name, 'r') },
    sem: ({ d, n }) => [d.write(n.value)],
    ref: 'Arm ARM C7.2, INS (element)',
  }),
]);

const toGeneral: InstDef[] = [
  ...(['b', 'h', 's', 'd'] as const).map((name) =>
    inst({
      id: `a64.umov.re.${laneWidth(name)}`,
      syntax: 'umov {d}, {n}',
      aliases: name === 's' || name === 'd' ? ['mov'] : [],
      operands: { d: gpr(holder(name), 'w'), n: lane(name, 'r') },
      sem: ({ d, n }) => [d.write(zext(n.value, holder(name)))],
      ref: manual('umov'),
    }),
  ),
  ...(
    [
      ['b', 32],
      ['b', 64],
      ['h', 32],
      ['h', 64],
      ['s', 64],
    ] as const
  ).map(([name, width]) =>
    inst({
      id: `a64.smov.re${laneWidth(name)}.${width}`,
      syntax: 'smov {d}, {n}',
      operands: { d: gpr(width, 'w'), n: lane(name, 'r') },
      sem: ({ d, n }) => [d.write(sext(n.value, width))],
      ref: manual('smov'),
    }),
  ),
];

export const neonPermute = [
  ...permute('zip1', (i, count) => (i >> 1) + (i & 1) * count),
  ...permute('zip2', (i, count) => count / 2 + (i >> 1) + (i & 1) * count),
  ...permute('uzp1', (i) => 2 * i),
  ...permute('uzp2', (i) => 2 * i + 1),
  ...permute('trn1', (i, count) => (i & ~1) + (i & 1) * count),
  ...permute('trn2', (i, count) => (i | 1) + (i & 1) * count),
  ...pairwise('addp', all, add),
  ...pairwise('smaxp', small, signedMax),
  ...pairwise('sminp', small, signedMin),
  ...pairwise('umaxp', small, unsignedMax),
  ...pairwise('uminp', small, unsignedMin),
  ...reductions,
  ...reverse('rev16', 16, bytes),
  ...reverse('rev32', 32, vectors(['8b', '16b', '4h', '8h'])),
  ...reverse('rev64', 64, small),
  ...tables('tbl'),
  ...tables('tbx'),
  ...extracts,
  ...duplicates,
  ...laneMoves,
  ...toGeneral,
];
