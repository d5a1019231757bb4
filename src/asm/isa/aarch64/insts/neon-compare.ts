// SPDX-License-Identifier: MIT
import { and, bv, eq, ne, not, slt, ult } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst } from '../../define.ts';
import { fill, lanes } from '../../lanes.ts';
import { binary, manual, scalars, vectors } from './neon-families.ts';
import { integerArrangements, range } from './neon-operands.ts';

/** Integer comparisons of lanes: all ones where they hold. */

const places = [...vectors(integerArrangements), ...scalars([64])];

const compare = (name: string, f: (n: Term, m: Term) => Term): InstDef[] =>
  binary(name, places, (n, m) => fill(f(n, m), n.width));

const compareZero = (name: string, f: (n: Term, zero: Term) => Term): InstDef[] =>
  places.map((p) =>
    inst({
      id: `a64.${name}.${p.letter}${p.letter}z.${p.suffix}`,
      syntax: `${name} {d}, {n}, {zero}`,
      operands: { d: p.kind('w'), n: p.kind('r'), zero: range(0, 0) },
      sem: ({ d, n }) => [d.write(lanes(p.lane, n.value, (x) => fill(f(x, bv(p.lane, 0)), p.lane)))],
      ref: manual(`${name} (zero)`),
    }),
  );

export const neonCompare = [
  ...compare('cmeq', eq),
  ...compare('cmgt', (n, m) => slt(m, n)),
  ...compare('cmge', (n, m) => not(slt(n, m))),
  ...compare('cmhi', (n, m) => ult(m, n)),
  ...compare('cmhs', (n, m) => not(ult(n, m))),
  ...compare('cmtst', (n, m) => ne(and(n, m), bv(n.width, 0))),
  ...compareZero('cmeq', eq),
  ...compareZero('cmgt', (n, zero) => slt(zero, n)),
  ...compareZero('cmge', (n, zero) => not(slt(n, zero))),
  ...compareZero('cmle', (n, zero) => not(slt(zero, n))),
  ...compareZero('cmlt', slt),
];
