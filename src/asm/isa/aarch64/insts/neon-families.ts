// SPDX-License-Identifier: MIT
import { bv } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type Access, inst, type OperandKind } from '../../define.ts';
import { lanes, lanes2, lanes3 } from '../../lanes.ts';
import { numberOf } from '../../operand-kinds.ts';
import { type Arrangement, range, scalar, shapeOf, vec } from './neon-operands.ts';

/** Families of SIMD forms that differ in lane width and count only. */

/** What one operand of a family is: a vector arrangement, or a scalar register as a vector of one lane. */
export interface Place {
  readonly lane: number;
  readonly bits: number;
  /** `v` or `f`, in the form part of an id. */
  readonly letter: string;
  /** The arrangement or the scalar's width, in the width part of an id. */
  readonly suffix: string;
  kind(access: Access): OperandKind;
}

export function vector(arrangement: Arrangement): Place {
  const { lane, bits } = shapeOf(arrangement);
  return { lane, bits, letter: 'v', suffix: arrangement, kind: (access) => vec(arrangement, access) };
}

export function scalarPlace(width: number): Place {
  return { lane: width, bits: width, letter: 'f', suffix: `${width}`, kind: (access) => scalar(width, access) };
}

export const vectors = (arrangements: readonly Arrangement[]): Place[] => arrangements.map(vector);
export const scalars = (widths: readonly number[]): Place[] => widths.map(scalarPlace);

export const manual = (title: string): string => `Arm ARM C7.2, ${title.toUpperCase()}`;

/** `name d, n` */
export function unary(name: string, places: readonly Place[], f: (n: Term) => Term) {
  return places.map((p) =>
    inst({
      id: `a64.${name}.${p.letter}${p.letter}.${p.suffix}`,
      syntax: `${name} {d}, {n}`,
      operands: { d: p.kind('w'), n: p.kind('r') },
      sem: ({ d, n }) => [d.write(lanes(p.lane, n.value, f))],
      ref: manual(name),
    }),
  );
}

/** `name d, n` where the old lane of `d` counts. */
export function unaryInto(name: string, places: readonly Place[], f: (d: Term, n: Term) => Term) {
  return places.map((p) =>
    inst({
      id: `a64.${name}.${p.letter}${p.letter}.${p.suffix}`,
      syntax: `${name} {d}, {n}`,
      operands: { d: p.kind('rw'), n: p.kind('r') },
      sem: ({ d, n }) => [d.write(lanes2(p.lane, d.value, n.value, f))],
      ref: manual(name),
    }),
  );
}

/** `name d, n, m` */
export function binary(name: string, places: readonly Place[], f: (n: Term, m: Term) => Term) {
  return places.map((p) =>
    inst({
      id: `a64.${name}.${p.letter.repeat(3)}.${p.suffix}`,
      syntax: `${name} {d}, {n}, {m}`,
      operands: { d: p.kind('w'), n: p.kind('r'), m: p.kind('r') },
      sem: ({ d, n, m }) => [d.write(lanes2(p.lane, n.value, m.value, f))],
      ref: manual(name),
    }),
  );
}

/** `name d, n, m` where the old lane of `d` counts. */
export function binaryInto(name: string, places: readonly Place[], f: (d: Term, n: Term, m: Term) => Term) {
  return places.map((p) =>
    inst({
      id: `a64.${name}.${p.letter.repeat(3)}.${p.suffix}`,
      syntax: `${name} {d}, {n}, {m}`,
      operands: { d: p.kind('rw'), n: p.kind('r'), m: p.kind('r') },
      sem: ({ d, n, m }) => [d.write(lanes3(p.lane, d.value, n.value, m.value, f))],
      ref: manual(name),
    }),
  );
}

/** `name d, n, #count` with counts of a left shift (0 to the width less 1) or of a right shift (1 to the width). */
export function shift(
  name: string,
  direction: 'left' | 'right',
  places: readonly Place[],
  f: (n: Term, count: Term) => Term,
) {
  return shiftInto(name, direction, places, (_, n, count) => f(n, count), 'w');
}

/** As `shift`, where the old lane of `d` counts. */
export function shiftInto(
  name: string,
  direction: 'left' | 'right',
  places: readonly Place[],
  f: (d: Term, n: Term, count: Term) => Term,
  access: Access = 'rw',
) {
  return places.map((p) =>
    inst({
      id: `a64.${name}.${p.letter}${p.letter}i.${p.suffix}`,
      syntax: `${name} {d}, {n}, {count}`,
      operands: {
        d: p.kind(access),
        n: p.kind('r'),
        count: direction === 'left' ? range(0, p.lane - 1) : range(1, p.lane),
      },
      sem: ({ d, n, count }) => {
        const by = bv(p.lane, numberOf(count));
        const old = access === 'rw' ? d.value : n.value;
        return [d.write(lanes2(p.lane, old, n.value, (x, y) => f(x, y, by)))];
      },
      ref: manual(name),
    }),
  );
}
