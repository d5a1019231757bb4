// SPDX-License-Identifier: MIT
import {
  concat,
  eq,
  extract,
  low,
  msb,
  mul,
  ne,
  not,
  or,
  sdiv,
  sext,
  srem,
  udiv,
  urem,
  zext,
} from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst, type View } from '../../define.ts';
import { type Effect, type State, set } from '../../effect.ts';
import type { Reg } from '../../operand.ts';
import { undefinedFlags } from '../flags.ts';
import { gpr, gprM, gprMI, imm, readReg, writeAll } from '../operands.ts';
import { reg } from '../registers.ts';
import { named, sdm, WIDE, WIDTHS, zero } from './form.ts';

/** Multiplication and division. */

/** The registers that hold the two halves of a double-width value: for bytes both lie in `ax`. */
function halves(w: number): { lo: Reg; hi: Reg } {
  if (w === 8) return { lo: reg('al'), hi: reg('ah') };
  return { lo: { ...reg('rax'), width: w }, hi: { ...reg('rdx'), width: w } };
}

const product = (extend: typeof zext, a: Term, b: Term): Term => mul(extend(a, 2 * a.width), extend(b, 2 * a.width));
const upper = (a: Term): Term => extract(a, a.width - 1, a.width / 2);

/** CF and OF say that the product does not fit in one half; SF, ZF, AF and PF are undefined. */
function multiplyFlags(tooLarge: Term, state: State): Effect[] {
  return [set('cf', tooLarge), set('of', tooLarge), ...undefinedFlags(['sf', 'zf', 'af', 'pf'], state)];
}

/** The upper half of the product is more than the sign of the lower. */
const signedOverflow = (a: Term, b: Term): Term => ne(upper(product(sext, a, b)), sext(msb(mul(a, b)), a.width));

function doubling(mnemonic: 'mul' | 'imul', w: number): InstDef {
  const extend = mnemonic === 'mul' ? zext : sext;
  return inst({
    id: `x64.${mnemonic}.rm.${w}`,
    syntax: `${named(mnemonic, w)} {src}`,
    operands: { src: gprM(w, 'r') },
    sem: ({ src }, state) => {
      const { lo, hi } = halves(w);
      const a = readReg(lo, state);
      const b = src.value;
      const low = mul(a, b);
      const high = upper(product(extend, a, b));
      const tooLarge = mnemonic === 'mul' ? ne(high, zero(w)) : signedOverflow(a, b);
      return [
        ...writeAll(state, [
          [lo, low],
          [hi, high],
        ]),
        ...multiplyFlags(tooLarge, state),
      ];
    },
    ref: sdm(mnemonic),
  });
}

function multiplied(dst: View, a: Term, b: Term, state: State): Effect[] {
  return [...dst.write(mul(a, b)), ...multiplyFlags(signedOverflow(a, b), state)];
}

const short: InstDef[] = WIDE.flatMap((w) => [
  inst({
    id: `x64.imul.r_rmi.${w}`,
    syntax: `${named('imul', w)} {dst}, {src}`,
    operands: { dst: gpr(w, 'rw'), src: gprMI(w) },
    sem: ({ dst, src }, state) => multiplied(dst, dst.value, src.value, state),
    ref: sdm('imul'),
  }),
  inst({
    id: `x64.imul.r_rm_i.${w}`,
    syntax: `${named('imul', w)} {dst}, {src}, {imm}`,
    operands: { dst: gpr(w, 'w'), src: gprM(w, 'r'), imm: imm(w) },
    sem: ({ dst, src, imm }, state) => multiplied(dst, src.value, imm.value, state),
    ref: sdm('imul'),
  }),
]);

/** The trap comes first in the list: when it is taken, nothing else of the instruction happens. */
function division(mnemonic: 'div' | 'idiv', w: number): InstDef {
  const signed = mnemonic === 'idiv';
  const extend = signed ? sext : zext;
  return inst({
    id: `x64.${mnemonic}.rm.${w}`,
    syntax: `${named(mnemonic, w)} {src}`,
    operands: { src: gprM(w, 'r') },
    sem: ({ src }, state) => {
      const { lo, hi } = halves(w);
      const dividend = concat(readReg(hi, state), readReg(lo, state));
      const divisor = src.value;
      const by = extend(divisor, 2 * w);
      const quotient = signed ? sdiv(dividend, by) : udiv(dividend, by);
      const remainder = signed ? srem(dividend, by) : urem(dividend, by);
      const fits = eq(quotient, extend(low(quotient, w), 2 * w));
      return [
        { kind: 'trap', what: '#DE', condition: or(eq(divisor, zero(w)), not(fits)) },
        ...writeAll(state, [
          [lo, low(quotient, w)],
          [hi, low(remainder, w)],
        ]),
        ...undefinedFlags(['cf', 'of', 'sf', 'zf', 'af', 'pf'], state),
      ];
    },
    ref: sdm(mnemonic),
  });
}

export const multiplyForms: readonly InstDef[] = [
  ...WIDTHS.flatMap((w) => [doubling('mul', w), doubling('imul', w), division('div', w), division('idiv', w)]),
  ...short,
];
