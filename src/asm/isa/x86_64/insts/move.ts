// SPDX-License-Identifier: MIT
import { concat, extract, ite, low, msb, sext, zext } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst, type View } from '../../define.ts';
import { type Effect, type State, set } from '../../effect.ts';
import { isNumber } from '../../operand.ts';
import { CONDITIONS, condition } from '../flags.ts';
import {
  absolute,
  accumulator,
  addressOnly,
  effectiveAddress,
  gpr,
  gprM,
  gprMI,
  imm64,
  insertReg,
  writeAll,
} from '../operands.ts';
import { reg } from '../registers.ts';
import { named, sdm, WIDE, WIDTHS } from './form.ts';

/** Moves, extensions, exchanges, conditional moves and sets. */

/**
 * The linker refuses a symbol that an immediate of this instruction cannot hold, zero-extended from 32 bits in
 * `mov $sym, %r32` and sign-extended in 64-bit instructions, so the register gets the symbol's whole address.
 */
function symbolAddress(dst: View, src: View, state: State): Effect[] | undefined {
  const to = dst.operand;
  const from = src.operand;
  if (dst.width !== 32 || to.kind !== 'reg' || from.kind !== 'imm' || isNumber(from.value)) return undefined;
  if (from.value.minus !== undefined || from.value.modifier !== undefined) return undefined;
  return [set(to.reg.loc, state.symbol(from.value))];
}

const moves: InstDef[] = WIDTHS.map((w) =>
  inst({
    id: `x64.mov.rm_rmi.${w}`,
    syntax: `${named('mov', w)} {dst}, {src}`,
    operands: { dst: gprM(w, 'w'), src: gprMI(w) },
    sem: ({ dst, src }, state) => symbolAddress(dst, src, state) ?? dst.write(src.value),
    ref: sdm('mov'),
  }),
);

/** Assemblers take `mov` with an immediate that needs 64 bits for this form. */
const wide: InstDef = inst({
  id: 'x64.movabs.r_i.64',
  syntax: `${named('movabs', 64)} {dst}, {src}`,
  aliases: ['~mov|movq'],
  operands: { dst: gpr(64, 'w'), src: imm64() },
  sem: ({ dst, src }) => dst.write(src.value),
  ref: sdm('mov'),
});

/** Moves between the accumulator and memory at a 64-bit address: the large code model. */
const whole: InstDef[] = WIDTHS.flatMap((w) => [
  inst({
    id: `x64.movabs.a_m.${w}`,
    syntax: `${named('movabs', w)} {dst}, {src}`,
    operands: { dst: accumulator(w, 'w'), src: absolute(w, 'r') },
    sem: ({ dst, src }) => dst.write(src.value),
    ref: sdm('mov'),
  }),
  inst({
    id: `x64.movabs.m_a.${w}`,
    syntax: `${named('movabs', w)} {dst}, {src}`,
    operands: { dst: absolute(w, 'w'), src: accumulator(w, 'r') },
    sem: ({ dst, src }) => dst.write(src.value),
    ref: sdm('mov'),
  }),
]);

const LETTERS: Readonly<Record<number, string>> = { 8: 'b', 16: 'w', 32: 'l', 64: 'q' };

const extensions: InstDef[] = ([8, 16] as const).flatMap((from) =>
  WIDE.filter((w) => w > from).flatMap((w) =>
    (
      [
        ['movzx', 'movz', zext],
        ['movsx', 'movs', sext],
      ] as const
    ).map(([mnemonic, stem, extend]) =>
      inst({
        id: `x64.${mnemonic}.r_rm${from}.${w}`,
        syntax: `${mnemonic}|${stem}${LETTERS[from]}${LETTERS[w]} {dst}, {src}`,
        aliases: [`${stem}${LETTERS[from]}`],
        operands: { dst: gpr(w, 'w'), src: gprM(from, 'r') },
        sem: ({ dst, src }) => dst.write(extend(src.value, w)),
        ref: sdm(mnemonic),
      }),
    ),
  ),
);

const signExtend32: InstDef = inst({
  id: 'x64.movsxd.r_rm32.64',
  syntax: 'movsxd|movslq {dst}, {src}',
  aliases: ['movsx', 'movsl'],
  operands: { dst: gpr(64, 'w'), src: gprM(32, 'r') },
  sem: ({ dst, src }) => dst.write(sext(src.value, 64)),
  ref: sdm('movsxd'),
});

const offsets = (prefix: string, w: number): InstDef =>
  inst({
    id: `x64.${prefix.replace(' ', '_')}lea.r_m.${w}`,
    syntax: `${named(`${prefix}lea`, w)} {dst}, {src}`,
    operands: { dst: gpr(w, 'w'), src: addressOnly() },
    sem: ({ dst, src }, state) => {
      if (src.operand.kind !== 'mem') return [];
      // The offset within the segment: a segment's base is not added.
      const { segment: _, ...plain } = src.operand;
      return dst.write(low(effectiveAddress(plain, state), w));
    },
    ref: sdm('lea'),
  });

const exchanges = (prefix: string): InstDef[] =>
  WIDTHS.map((w) =>
    inst({
      id: `x64.${prefix.replace(' ', '_')}xchg.rm_rm.${w}`,
      syntax: `${named(`${prefix}xchg`, w)} {dst}, {src}`,
      operands: { dst: gprM(w, 'rw'), src: gprM(w, 'rw') },
      sem: ({ dst, src }, state) => {
        const a = dst.value;
        const b = src.value;
        return writeAll(state, [
          [dst, b],
          [src, a],
        ]);
      },
      ref: sdm('xchg'),
    }),
  );

const swaps: InstDef[] = ([32, 64] as const).map((w) =>
  inst({
    id: `x64.bswap.r.${w}`,
    syntax: `${named('bswap', w)} {dst}`,
    operands: { dst: gpr(w, 'rw') },
    sem: ({ dst }) => {
      const a = dst.value;
      return dst.write(concat(...Array.from({ length: w / 8 }, (_, i) => extract(a, 8 * i + 7, 8 * i))));
    },
    ref: sdm('bswap'),
  }),
);

const conditional: InstDef[] = CONDITIONS.flatMap(([cc, ...others]) => [
  ...WIDE.map((w) =>
    inst({
      id: `x64.cmov${cc}.r_rm.${w}`,
      syntax: `${named(`cmov${cc}`, w)} {dst}, {src}`,
      aliases: others.map((o) => named(`cmov${o}`, w)),
      operands: { dst: gpr(w, 'rw'), src: gprM(w, 'r') },
      sem: ({ dst, src }, state) => dst.write(ite(condition(cc, state), src.value, dst.value)),
      ref: sdm('cmovcc'),
    }),
  ),
  inst({
    id: `x64.set${cc}.rm.8`,
    syntax: `set${cc} {dst}`,
    aliases: others.map((o) => `set${o}`),
    operands: { dst: gprM(8, 'w') },
    sem: ({ dst }, state) => dst.write(zext(condition(cc, state), 8)),
    ref: sdm('setcc'),
  }),
]);

/** Sign extension of the accumulator: within it, and into rdx. */
function extend(intel: string, att: string, from: number, to: number): InstDef {
  return inst({
    id: `x64.${intel}.none.${to}`,
    syntax: `${intel}|${att}`,
    operands: {},
    sem: (_, state) => {
      const value = sext(low(state.get('rax'), from), to);
      return [set('rax', insertReg(state.get('rax'), { ...reg('rax'), width: to }, value))];
    },
    ref: sdm(intel),
  });
}

function spread(intel: string, att: string, w: number): InstDef {
  return inst({
    id: `x64.${intel}.none.${w}`,
    syntax: `${intel}|${att}`,
    operands: {},
    sem: (_, state) => {
      const sign: Term = sext(msb(low(state.get('rax'), w)), w);
      return [set('rdx', insertReg(state.get('rdx'), { ...reg('rdx'), width: w }, sign))];
    },
    ref: sdm(intel),
  });
}

export const moveForms: readonly InstDef[] = [
  ...moves,
  wide,
  ...whole,
  ...extensions,
  signExtend32,
  ...WIDE.map((w) => offsets('', w)),
  offsets('data16 ', 64),
  ...exchanges(''),
  ...swaps,
  ...conditional,
  extend('cbw', 'cbtw', 8, 16),
  extend('cwde', 'cwtl', 16, 32),
  extend('cdqe', 'cltq', 32, 64),
  spread('cwd', 'cwtd', 16),
  spread('cdq', 'cltd', 32),
  spread('cqo', 'cqto', 64),
];
