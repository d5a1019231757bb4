// SPDX-License-Identifier: MIT
import { add, and, bv, eq, ite, low, not, or, slt, ult, xor, zext } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type Constraint, constrain } from '../../constraints.ts';
import { type InstDef, inst } from '../../define.ts';
import { store } from '../../effect.ts';
import { memBase } from '../memory-operands.ts';
import { type GprWidth, gpr, gprEven } from '../operands.ts';
import { registerNumber } from '../registers.ts';
import { gprWidths } from './common.ts';

/** The atomic instructions of the Large System Extensions (Arm ARM C3.2.12); feature `lse`. One thread is seen. */

const operations: Readonly<Record<string, (old: Term, s: Term) => Term>> = {
  add,
  clr: (old, s) => and(old, not(s)),
  eor: xor,
  set: or,
  smax: (old, s) => ite(slt(old, s), s, old),
  smin: (old, s) => ite(slt(s, old), s, old),
  umax: (old, s) => ite(ult(old, s), s, old),
  umin: (old, s) => ite(ult(s, old), s, old),
};

interface Size {
  readonly suffix: string;
  readonly width: GprWidth;
  readonly bits: number;
}

const sizes: readonly Size[] = [
  { suffix: '', width: 64, bits: 64 },
  { suffix: '', width: 32, bits: 32 },
  { suffix: 'b', width: 32, bits: 8 },
  { suffix: 'h', width: 32, bits: 16 },
];
const orderings = ['', 'a', 'al', 'l'];

/** `name` combines memory with `s`, stores the result, and gives what was there before. */
function fetching(name: string, { suffix, width, bits }: Size, change: (old: Term, s: Term) => Term): InstDef {
  return inst({
    id: `a64.${name}${suffix}.rrm.${width}`,
    syntax: `${name}${suffix} {s}, {t}, {m}`,
    operands: { s: gpr(width, 'r'), t: gpr(width, 'w'), m: memBase(bits / 8, 'rw') },
    sem: ({ s, t, m }) => {
      const old = m.value;
      return [...m.write(change(old, low(s.value, bits))), ...t.write(zext(old, width))];
    },
    ref: 'Arm ARM C6.2.150',
    feature: 'lse',
  });
}

/** The same without the old value: `stadd`. */
function updating(name: string, { suffix, width, bits }: Size, change: (old: Term, s: Term) => Term): InstDef {
  return inst({
    id: `a64.${name}${suffix}.rm.${width}`,
    syntax: `${name}${suffix} {s}, {m}`,
    operands: { s: gpr(width, 'r'), m: memBase(bits / 8, 'rw') },
    sem: ({ s, m }) => m.write(change(m.value, low(s.value, bits))),
    ref: 'Arm ARM C6.2.302',
    feature: 'lse',
  });
}

/** Stores `t` where memory equals `s`; `s` becomes what was there. Memory counts as written either way. */
function comparing(name: string, { suffix, width, bits }: Size): InstDef {
  return inst({
    id: `a64.${name}${suffix}.rrm.${width}`,
    syntax: `${name}${suffix} {s}, {t}, {m}`,
    operands: { s: gpr(width, 'rw'), t: gpr(width, 'r'), m: memBase(bits / 8, 'rw') },
    sem: ({ s, t, m }) => {
      const old = m.value;
      const same = eq(old, low(s.value, bits));
      return [...m.write(ite(same, low(t.value, bits), old)), ...s.write(zext(old, width))];
    },
    ref: 'Arm ARM C6.2.44',
    feature: 'lse',
  });
}

/** The second register of each pair follows the first. */
const consecutive: Constraint = (ops) => {
  const [a, b, c, d] = ops.map((o) => (o.kind === 'reg' ? registerNumber(o.reg) : -2));
  return b === (a ?? 0) + 1 && d === (c ?? 0) + 1
    ? undefined
    : { kind: 'range', message: 'the registers of a pair must follow each other' };
};

function comparingPair(name: string, w: GprWidth): InstDef {
  const bytes = w / 8;
  const form = inst({
    id: `a64.${name}.rrrrm.${w}`,
    syntax: `${name} {s}, {s2}, {t}, {t2}, {m}`,
    operands: {
      s: gprEven(w, 'rw'),
      s2: gpr(w, 'rw'),
      t: gprEven(w, 'r'),
      t2: gpr(w, 'r'),
      m: memBase(2 * bytes, 'rw'),
    },
    sem: ({ s, s2, t, t2, m }, state) => {
      const address = m.address;
      const above = add(address, bv(64, bytes));
      const [old, old2] = [state.load(address, bytes), state.load(above, bytes)];
      const same = and(eq(old, s.value), eq(old2, s2.value));
      return [
        store(address, ite(same, t.value, old)),
        store(above, ite(same, t2.value, old2)),
        ...s.write(old),
        ...s2.write(old2),
      ];
    },
    ref: 'Arm ARM C6.2.43',
    feature: 'lse',
  });
  return constrain(form, consecutive);
}

export const atomicForms: readonly InstDef[] = [
  ...sizes.flatMap((size) => [
    ...orderings.flatMap((o) => [
      ...Object.entries(operations).map(([op, change]) => fetching(`ld${op}${o}`, size, change)),
      fetching(`swp${o}`, size, (_, s) => s),
      comparing(`cas${o}`, size),
    ]),
    ...['', 'l'].flatMap((o) =>
      Object.entries(operations).map(([op, change]) => updating(`st${op}${o}`, size, change)),
    ),
  ]),
  ...gprWidths.flatMap((w) => orderings.map((o) => comparingPair(`casp${o}`, w))),
];
