// SPDX-License-Identifier: MIT
import { add, bv, eq, extract, ite, mul, neg, sdiv, sext, udiv, zext } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst } from '../../define.ts';
import { type GprWidth, gpr } from '../operands.ts';
import { gprWidths, minus } from './common.ts';

/** Multiplication and division (Arm ARM C3.5.7, C3.5.8). */

function products(w: GprWidth): InstDef[] {
  return (['madd', 'msub'] as const).flatMap((name): InstDef[] => {
    const combine = name === 'madd' ? add : minus;
    const alias = name === 'madd' ? 'mul' : 'mneg';
    return [
      inst({
        id: `a64.${name}.rrrr.${w}`,
        syntax: `${name} {d}, {n}, {m}, {a}`,
        operands: { d: gpr(w, 'w'), n: gpr(w, 'r'), m: gpr(w, 'r'), a: gpr(w, 'r') },
        sem: ({ d, n, m, a }) => d.write(combine(a.value, mul(n.value, m.value))),
        ref: name === 'madd' ? 'Arm ARM C6.2.217' : 'Arm ARM C6.2.229',
      }),
      inst({
        id: `a64.${alias}.rrr.${w}`,
        syntax: `${alias} {d}, {n}, {m}`,
        operands: { d: gpr(w, 'w'), n: gpr(w, 'r'), m: gpr(w, 'r') },
        sem: ({ d, n, m }) => {
          const product = mul(n.value, m.value);
          return d.write(alias === 'mul' ? product : neg(product));
        },
        ref: name === 'madd' ? 'Arm ARM C6.2.229' : 'Arm ARM C6.2.216',
      }),
    ];
  });
}

/** 32 by 32 bits into 64. */
function longProducts(signed: boolean): InstDef[] {
  const s = signed ? 's' : 'u';
  const wide = signed ? sext : zext;
  const product = (n: Term, m: Term): Term => mul(wide(n, 64), wide(m, 64));
  return (['add', 'sub'] as const).flatMap((name): InstDef[] => {
    const combine = name === 'add' ? add : minus;
    const alias = `${s}${name === 'add' ? 'mull' : 'mnegl'}`;
    return [
      inst({
        id: `a64.${s}m${name}l.rrrr.64`,
        syntax: `${s}m${name}l {d}, {n}, {m}, {a}`,
        operands: { d: gpr(64, 'w'), n: gpr(32, 'r'), m: gpr(32, 'r'), a: gpr(64, 'r') },
        sem: ({ d, n, m, a }) => d.write(combine(a.value, product(n.value, m.value))),
        ref: signed ? 'Arm ARM C6.2.282' : 'Arm ARM C6.2.389',
      }),
      inst({
        id: `a64.${alias}.rrr.64`,
        syntax: `${alias} {d}, {n}, {m}`,
        operands: { d: gpr(64, 'w'), n: gpr(32, 'r'), m: gpr(32, 'r') },
        sem: ({ d, n, m }) => d.write(name === 'add' ? product(n.value, m.value) : neg(product(n.value, m.value))),
        ref: signed ? 'Arm ARM C6.2.287' : 'Arm ARM C6.2.393',
      }),
    ];
  });
}

const highProduct = (signed: boolean): InstDef => {
  const name = signed ? 'smulh' : 'umulh';
  const wide = signed ? sext : zext;
  return inst({
    id: `a64.${name}.rrr.64`,
    syntax: `${name} {d}, {n}, {m}`,
    operands: { d: gpr(64, 'w'), n: gpr(64, 'r'), m: gpr(64, 'r') },
    sem: ({ d, n, m }) => d.write(extract(mul(wide(n.value, 128), wide(m.value, 128)), 127, 64)),
    ref: signed ? 'Arm ARM C6.2.286' : 'Arm ARM C6.2.392',
  });
};

/** Dividing by zero gives zero, and the most negative number by -1 gives itself; nothing traps. */
function divisions(w: GprWidth): InstDef[] {
  return [udiv, sdiv].map((divide) => {
    const name = divide === udiv ? 'udiv' : 'sdiv';
    return inst({
      id: `a64.${name}.rrr.${w}`,
      syntax: `${name} {d}, {n}, {m}`,
      operands: { d: gpr(w, 'w'), n: gpr(w, 'r'), m: gpr(w, 'r') },
      sem: ({ d, n, m }) => {
        const [a, b] = [n.value, m.value];
        return d.write(ite(eq(b, bv(w, 0)), bv(w, 0), divide(a, b)));
      },
      ref: name === 'udiv' ? 'Arm ARM C6.2.388' : 'Arm ARM C6.2.270',
    });
  });
}

export const muldivForms: readonly InstDef[] = [
  ...gprWidths.flatMap((w) => [...products(w), ...divisions(w)]),
  ...longProducts(true),
  ...longProducts(false),
  highProduct(true),
  highProduct(false),
];
