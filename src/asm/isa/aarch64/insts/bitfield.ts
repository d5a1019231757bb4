// SPDX-License-Identifier: MIT
import { bv, concat, extract, low, sext, zext } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type Constraint, constrain } from '../../constraints.ts';
import { type InstDef, inst } from '../../define.ts';
import type { Operand } from '../../operand.ts';
import { immRange, numberOf } from '../../operand-kinds.ts';
import { type GprWidth, gpr } from '../operands.ts';
import { gprWidths, rotateRight, shiftBy, shiftByRegister } from './common.ts';

/** Bit fields, extensions, shifts and extracts (Arm ARM C3.4.5 to C3.4.7, C3.5.4). */

/** `value` with `field` at bit `at`. */
function inserted(value: Term, field: Term, at: number): Term {
  const parts = [field];
  if (at > 0) parts.push(extract(value, at - 1, 0));
  if (at + field.width < value.width) parts.unshift(extract(value, value.width - 1, at + field.width));
  return concat(...parts);
}

/** `field` at bit `at`, zeros below, extended above. */
function positioned(field: Term, at: number, w: GprWidth, signed: boolean): Term {
  const low = at === 0 ? field : concat(field, bv(at, 0));
  return signed ? sext(low, w) : zext(low, w);
}

const field = (n: Term, lsb: number, width: number): Term => extract(n, lsb + width - 1, lsb);

/** What `ubfm`, `sbfm` and `bfm` do with the two numbers they encode. */
function moved(kind: 'ubfm' | 'sbfm' | 'bfm', old: Term, n: Term, immr: number, imms: number, w: GprWidth): Term {
  const [source, at, width] = imms >= immr ? [immr, 0, imms - immr + 1] : [0, w - immr, imms + 1];
  const part = field(n, source, width);
  return kind === 'bfm' ? inserted(old, part, at) : positioned(part, at, w, kind === 'sbfm');
}

function rawMoves(w: GprWidth): InstDef[] {
  return (['ubfm', 'sbfm', 'bfm'] as const).map((name) =>
    inst({
      id: `a64.${name}.rrii.${w}`,
      syntax: `${name} {d}, {n}, {r}, {s}`,
      operands: {
        d: gpr(w, name === 'bfm' ? 'rw' : 'w'),
        n: gpr(w, 'r'),
        r: immRange('immr', 8, 0, w - 1),
        s: immRange('imms', 8, 0, w - 1),
      },
      sem: ({ d, n, r, s }) => {
        const old = name === 'bfm' ? d.value : n.value;
        return d.write(moved(name, old, n.value, numberOf(r), numberOf(s), w));
      },
      ref: { ubfm: 'Arm ARM C6.2.385', sbfm: 'Arm ARM C6.2.268', bfm: 'Arm ARM C6.2.30' }[name],
    }),
  );
}

const immediateOf = (o: Operand | undefined): number => (o?.kind === 'imm' ? Number(o.value.offset) : 0);

/** The field must lie within the register. */
const fieldFits =
  (w: GprWidth): Constraint =>
  (ops) =>
    immediateOf(ops[2]) + immediateOf(ops[3]) > w
      ? { kind: 'range', message: `a field of ${immediateOf(ops[3])} bits at ${immediateOf(ops[2])} exceeds ${w} bits` }
      : undefined;

interface FieldMove {
  readonly name: string;
  readonly reads: boolean;
  readonly result: (old: Term, n: Term, lsb: number, width: number, w: GprWidth) => Term;
  readonly ref: string;
}

const fieldMoves: readonly FieldMove[] = [
  {
    name: 'ubfx',
    reads: false,
    result: (_, n, lsb, width, w) => zext(field(n, lsb, width), w),
    ref: 'Arm ARM C6.2.386',
  },
  {
    name: 'sbfx',
    reads: false,
    result: (_, n, lsb, width, w) => sext(field(n, lsb, width), w),
    ref: 'Arm ARM C6.2.269',
  },
  {
    name: 'ubfiz',
    reads: false,
    result: (_, n, lsb, width, w) => positioned(low(n, width), lsb, w, false),
    ref: 'Arm ARM C6.2.384',
  },
  {
    name: 'sbfiz',
    reads: false,
    result: (_, n, lsb, width, w) => positioned(low(n, width), lsb, w, true),
    ref: 'Arm ARM C6.2.267',
  },
  {
    name: 'bfi',
    reads: true,
    result: (old, n, lsb, width) => inserted(old, low(n, width), lsb),
    ref: 'Arm ARM C6.2.29',
  },
  {
    name: 'bfxil',
    reads: true,
    result: (old, n, lsb, width) => inserted(old, field(n, lsb, width), 0),
    ref: 'Arm ARM C6.2.31',
  },
];

function fieldForms(w: GprWidth): InstDef[] {
  return fieldMoves.map((f) =>
    constrain(
      inst({
        id: `a64.${f.name}.rrii.${w}`,
        syntax: `${f.name} {d}, {n}, {lsb}, {width}`,
        operands: {
          d: gpr(w, f.reads ? 'rw' : 'w'),
          n: gpr(w, 'r'),
          lsb: immRange('lsb', 8, 0, w - 1),
          width: immRange('width', 8, 1, w),
        },
        sem: ({ d, n, lsb, width }) =>
          d.write(f.result(f.reads ? d.value : n.value, n.value, numberOf(lsb), numberOf(width), w)),
        ref: f.ref,
      }),
      fieldFits(w),
    ),
  );
}

/** `sxtb x0, w1`: the low bits of a 32-bit register, extended. */
function extensions(): InstDef[] {
  const sizes = { b: 8, h: 16, w: 32 } as const;
  const all = [
    ['sxtb', 32],
    ['sxtb', 64],
    ['sxth', 32],
    ['sxth', 64],
    ['sxtw', 64],
    ['uxtb', 32],
    ['uxth', 32],
    // GNU as also takes x destinations for zero extensions; they are the 32-bit instructions.
    ['uxtb', 64],
    ['uxth', 64],
    ['uxtw', 64],
  ] as const;
  return all.map(([name, w]) => {
    const bits = sizes[name.charAt(3) === 'b' ? 'b' : name.charAt(3) === 'h' ? 'h' : 'w'];
    const extend = name.startsWith('s') ? sext : zext;
    return inst({
      id: `a64.${name}.rr.${w}`,
      syntax: `${name} {d}, {n}`,
      operands: { d: gpr(w, 'w'), n: gpr(32, 'r') },
      sem: ({ d, n }) => d.write(extend(low(n.value, bits), w)),
      ref: name.startsWith('s') ? 'Arm ARM C6.2.370' : 'Arm ARM C6.2.395',
    });
  });
}

function shifts(w: GprWidth): InstDef[] {
  return (['lsl', 'lsr', 'asr', 'ror'] as const).flatMap((name): InstDef[] => [
    inst({
      id: `a64.${name}.rri.${w}`,
      syntax: `${name} {d}, {n}, {imm}`,
      operands: { d: gpr(w, 'w'), n: gpr(w, 'r'), imm: immRange('imm', 8, 0, w - 1) },
      sem: ({ d, n, imm }) => d.write(shiftBy(name, n.value, numberOf(imm))),
      ref: { lsl: 'Arm ARM C6.2.212', lsr: 'Arm ARM C6.2.215', asr: 'Arm ARM C6.2.16', ror: 'Arm ARM C6.2.261' }[name],
    }),
    inst({
      id: `a64.${name}.rrr.${w}`,
      syntax: `${name} {d}, {n}, {m}`,
      aliases: [`${name}v`],
      operands: { d: gpr(w, 'w'), n: gpr(w, 'r'), m: gpr(w, 'r') },
      sem: ({ d, n, m }) => d.write(shiftByRegister(name, n.value, m.value)),
      ref: { lsl: 'Arm ARM C6.2.213', lsr: 'Arm ARM C6.2.216', asr: 'Arm ARM C6.2.17', ror: 'Arm ARM C6.2.263' }[name],
    }),
  ]);
}

/** `width` bits of the pair `n:m` from bit `lsb` on. */
function extracts(w: GprWidth): InstDef {
  return inst({
    id: `a64.extr.rrri.${w}`,
    syntax: 'extr {d}, {n}, {m}, {lsb}',
    operands: { d: gpr(w, 'w'), n: gpr(w, 'r'), m: gpr(w, 'r'), lsb: immRange('lsb', 8, 0, w - 1) },
    sem: ({ d, n, m, lsb }) => {
      const at = numberOf(lsb);
      if (at === 0) return d.write(m.value);
      if (n.operand === m.operand) return d.write(rotateRight(n.value, at));
      return d.write(concat(low(n.value, at), extract(m.value, w - 1, at)));
    },
    ref: 'Arm ARM C6.2.95',
  });
}

export const bitfieldForms: readonly InstDef[] = [
  ...gprWidths.flatMap((w) => [...rawMoves(w), ...fieldForms(w), ...shifts(w), extracts(w)]),
  ...extensions(),
];
