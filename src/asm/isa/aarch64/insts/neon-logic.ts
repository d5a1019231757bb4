// SPDX-License-Identifier: MIT
import { and, bv, mask, not, or, select, xor } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst } from '../../define.ts';
import { join } from '../../lanes.ts';
import { numberOf } from '../../operand-kinds.ts';
import { shiftOf } from '../operands.ts';
import { binary, binaryInto, manual, type Place, unary, vector } from './neon-families.ts';
import {
  type Arrangement,
  byteArrangements,
  byteImmediate,
  range,
  scalar,
  shapeOf,
  shiftBy,
  vec,
  wideImmediate,
} from './neon-operands.ts';

/** Bitwise operations, and the immediates that are built from a byte. */

/** A byte arrangement taken as one lane: bitwise operations look at no lanes. */
const whole: readonly Place[] = byteArrangements.map((a) => ({ ...vector(a), lane: vector(a).bits }));

const bitwise = [
  ...binary('and', whole, and),
  ...binary('orr', whole, or),
  ...binary('eor', whole, xor),
  ...binary('bic', whole, (n, m) => and(n, not(m))),
  ...binary('orn', whole, (n, m) => or(n, not(m))),
  ...unary('mvn', whole, not).map((form) => Object.assign(form, { aliases: ['not'] })),
  ...binaryInto('bsl', whole, (d, n, m) => select(d, n, m)),
  ...binaryInto('bit', whole, (d, n, m) => select(m, n, d)),
  ...binaryInto('bif', whole, (d, n, m) => select(m, d, n)),
];

const repeat = (arrangement: Arrangement, value: bigint): Term => {
  const { lane, count } = shapeOf(arrangement);
  return join(Array.from({ length: count }, () => bv(lane, value)));
};

/** The constant of `movi`: a byte, shifted left; `msl` shifts ones in. */
function shiftedByte(byte: number, amount: number, ones: boolean): bigint {
  return (BigInt(byte) << BigInt(amount)) | (ones ? mask(amount) : 0n);
}

const shifted: readonly { arrangement: Arrangement; amounts: readonly number[] }[] = [
  { arrangement: '4h', amounts: [0, 8] },
  { arrangement: '8h', amounts: [0, 8] },
  { arrangement: '2s', amounts: [0, 8, 16, 24] },
  { arrangement: '4s', amounts: [0, 8, 16, 24] },
];

/** `movi` and `mvni`: `f` makes the lane of the constant. */
function move(name: string, f: (constant: bigint) => bigint): InstDef[] {
  return shifted.flatMap(({ arrangement, amounts }) => {
    const plain = inst({
      id: `a64.${name}.vi.${arrangement}`,
      syntax: `${name} {d}, {imm}`,
      operands: { d: vec(arrangement, 'w'), imm: range(0, 255) },
      sem: ({ d, imm }) => [d.write(repeat(arrangement, f(BigInt(numberOf(imm)))))],
      ref: manual(name),
    });
    const kinds = shapeOf(arrangement).lane === 32 ? (['lsl', 'msl'] as const) : (['lsl'] as const);
    const others = kinds.map((kind) =>
      inst({
        id: `a64.${name}.vi_${kind}.${arrangement}`,
        syntax: `${name} {d}, {imm}, {shift}`,
        operands: {
          d: vec(arrangement, 'w'),
          imm: range(0, 255),
          shift: shiftBy(kind, kind === 'msl' ? [8, 16] : amounts),
        },
        sem: ({ d, imm, shift }) => [
          d.write(repeat(arrangement, f(shiftedByte(numberOf(imm), shiftOf(shift).amount, kind === 'msl')))),
        ],
        ref: manual(name),
      }),
    );
    return [plain, ...others];
  });
}

/** `orr` and `bic` with an immediate. */
function modify(name: string, f: (d: Term, constant: Term) => Term): InstDef[] {
  return shifted.flatMap(({ arrangement, amounts }) => [
    inst({
      id: `a64.${name}.vi.${arrangement}`,
      syntax: `${name} {d}, {imm}`,
      operands: { d: vec(arrangement, 'rw'), imm: range(0, 255) },
      sem: ({ d, imm }) => [d.write(f(d.value, repeat(arrangement, BigInt(numberOf(imm)))))],
      ref: manual(name),
    }),
    inst({
      id: `a64.${name}.vi_lsl.${arrangement}`,
      syntax: `${name} {d}, {imm}, {shift}`,
      operands: { d: vec(arrangement, 'rw'), imm: range(0, 255), shift: shiftBy('lsl', amounts) },
      sem: ({ d, imm, shift }) => [
        d.write(f(d.value, repeat(arrangement, shiftedByte(numberOf(imm), shiftOf(shift).amount, false)))),
      ],
      ref: manual(name),
    }),
  ]);
}

const moveBytes = byteArrangements.map((arrangement) =>
  inst({
    id: `a64.movi.vi.${arrangement}`,
    syntax: 'movi {d}, {imm}',
    operands: { d: vec(arrangement, 'w'), imm: byteImmediate },
    sem: ({ d, imm }) => [d.write(repeat(arrangement, imm.value.value))],
    ref: manual('movi'),
  }),
);

const moveWide = [
  inst({
    id: 'a64.movi.fi.64',
    syntax: 'movi {d}, {imm}',
    operands: { d: scalar(64, 'w'), imm: wideImmediate },
    sem: ({ d, imm }) => [d.write(imm.value)],
    ref: manual('movi'),
  }),
  inst({
    id: 'a64.movi.vi.2d',
    syntax: 'movi {d}, {imm}',
    operands: { d: vec('2d', 'w'), imm: wideImmediate },
    sem: ({ d, imm }) => [d.write(join([imm.value, imm.value]))],
    ref: manual('movi'),
  }),
];

export const neonLogic = [
  ...bitwise,
  ...moveBytes,
  ...moveWide,
  ...move('movi', (constant) => constant),
  ...move('mvni', (constant) => ~constant),
  ...modify('orr', or),
  ...modify('bic', (d, constant) => and(d, not(constant))),
  ...byteArrangements.map((arrangement) =>
    inst({
      id: `a64.mov.vv.${arrangement}`,
      syntax: 'mov {d}, {n}',
      operands: { d: vec(arrangement, 'w'), n: vec(arrangement, 'r') },
      sem: ({ d, n }) => [d.write(n.value)],
      ref: 'Arm ARM C7.2, MOV (vector)',
    }),
  ),
];
