// SPDX-License-Identifier: MIT
import { bv, concat, extract, not } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type Constraint, constrain } from '../../constraints.ts';
import { type InstDef, inst, type View } from '../../define.ts';
import { isWideMoveImmediate } from '../immediates.ts';
import {
  type GprWidth,
  gpr,
  gprOrSp,
  imm16,
  logicImm,
  moveImm,
  patternOf,
  regShift,
  shift,
  shiftOf,
  stackPointer,
} from '../operands.ts';
import { ZERO } from '../registers.ts';
import { gprWidths, shifted } from './common.ts';

/** Moves (Arm ARM C3.4.4, C3.5.2): mov, movz, movn, movk. */

/** The place of the 16 bits: said by a shift, or by the relocation operator (`abs_g2` is bits 32 to 47). */
function placeOf(imm: View, s: View | undefined): number {
  if (s !== undefined) return shiftOf(s).amount;
  const modifier = imm.operand.kind === 'imm' ? imm.operand.value.modifier : undefined;
  return modifier === undefined ? 0 : 16 * Number(modifier.charAt(5));
}

/** 16 bits of `imm` at `at`, zeros around them. */
function placed(imm: Term, at: number, w: GprWidth): Term {
  const parts = [extract(imm, 15, 0)];
  if (at > 0) parts.push(bv(at, 0));
  if (at + 16 < w) parts.unshift(bv(w - at - 16, 0));
  return concat(...parts);
}

function kept(old: Term, imm: Term, at: number): Term {
  const parts = [extract(imm, 15, 0)];
  if (at > 0) parts.push(extract(old, at - 1, 0));
  if (at + 16 < old.width) parts.unshift(extract(old, old.width - 1, at + 16));
  return concat(...parts);
}

function wideMoves(w: GprWidth): InstDef[] {
  const shiftKind = shift(['lsl'], w === 64 ? [0, 16, 32, 48] : [0, 16]);
  const moves = [
    { name: 'movz', access: 'w', modifiers: 'checked', ref: 'Arm ARM C6.2.226' },
    { name: 'movn', access: 'w', modifiers: 'none', ref: 'Arm ARM C6.2.225' },
    { name: 'movk', access: 'rw', modifiers: 'unchecked', ref: 'Arm ARM C6.2.224' },
  ] as const;
  return moves.flatMap(({ name, access, modifiers, ref }) => {
    const result = (d: View, imm: View, s: View | undefined): Term => {
      const at = placeOf(imm, s);
      if (name === 'movk') return kept(d.value, imm.value, at);
      const value = placed(imm.value, at, w);
      return name === 'movz' ? value : not(value);
    };
    return [
      inst({
        id: `a64.${name}.ri.${w}`,
        syntax: `${name} {d}, {imm}`,
        operands: { d: gpr(w, access), imm: imm16(w, modifiers) },
        sem: ({ d, imm }) => d.write(result(d, imm, undefined)),
        ref,
      }),
      inst({
        id: `a64.${name}.ri_shift.${w}`,
        syntax: `${name} {d}, {imm}, {shift}`,
        operands: { d: gpr(w, access), imm: imm16(w, 'none'), shift: shiftKind },
        sem: ({ d, imm, shift: s }) => d.write(result(d, imm, s)),
        ref,
      }),
    ];
  });
}

/** `orr` with a bitmask would write the stack pointer, not the zero register. */
const bitmaskNeedsRegister =
  (w: GprWidth): Constraint =>
  ([d, imm]) =>
    d?.kind === 'reg' && d.reg.loc === ZERO && imm?.kind === 'imm' && !isWideMoveImmediate(imm.value.offset, w)
      ? { kind: 'range', message: 'this immediate cannot be moved to the zero register' }
      : undefined;

function moves(w: GprWidth): InstDef[] {
  return [
    inst({
      id: `a64.mov.rr.${w}`,
      syntax: 'mov {d}, {m}',
      operands: { d: gpr(w, 'w'), m: gpr(w, 'r') },
      sem: ({ d, m }) => d.write(m.value),
      ref: 'Arm ARM C6.2.222',
    }),
    inst({
      id: `a64.mov.rr_shift.${w}`,
      syntax: 'mov {d}, {m}, {shift}',
      operands: { d: gpr(w, 'w'), m: gpr(w, 'r'), shift: regShift(w, ['lsl', 'lsr', 'asr', 'ror']) },
      sem: ({ d, m, shift: s }) => d.write(shifted(m, s)),
      ref: 'Arm ARM C6.2.241',
    }),
    inst({
      id: `a64.mov.rr_sp.${w}`,
      syntax: 'mov {d}, {n}',
      operands: { d: gprOrSp(w, 'w'), n: gprOrSp(w, 'r') },
      sem: ({ d, n }) => d.write(n.value),
      ref: 'Arm ARM C6.2.218',
    }),
    constrain(
      inst({
        id: `a64.mov.ri.${w}`,
        syntax: 'mov {d}, {imm}',
        operands: { d: gpr(w, 'w'), imm: moveImm(w) },
        sem: ({ d, imm }) => d.write(bv(w, patternOf(imm))),
        ref: 'Arm ARM C6.2.220',
      }),
      bitmaskNeedsRegister(w),
    ),
    inst({
      id: `a64.mov.si.${w}`,
      syntax: 'mov {d}, {imm}',
      operands: { d: stackPointer(w, 'w'), imm: logicImm(w) },
      sem: ({ d, imm }) => d.write(bv(w, patternOf(imm))),
      ref: 'Arm ARM C6.2.219',
    }),
  ];
}

export const moveForms: readonly InstDef[] = gprWidths.flatMap((w) => [...moves(w), ...wideMoves(w)]);
