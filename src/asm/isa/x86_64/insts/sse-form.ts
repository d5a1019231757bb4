// SPDX-License-Identifier: MIT
import { low } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import type { InstDef, OperandKind } from '../../define.ts';
import { inst } from '../../define.ts';
import { imm8, xmm, xmmM32, xmmM64, xmmM128 } from '../operands.ts';
import { imm8Of, mergeLow } from './sse-lanes.ts';

/** The shapes that most SSE instructions have. `f` is given 128-bit vectors, or scalars for the scalar shapes. */

interface Options {
  readonly feature?: string;
  readonly aliases?: readonly string[];
}

export const refOf = (mnemonic: string): string => `Intel SDM vol. 2, ${mnemonic.toUpperCase()}`;

/** `op xmm, xmm/m128`, from both. */
export function packed(mnemonic: string, f: (dst: Term, src: Term) => Term, options: Options = {}): InstDef {
  return inst({
    id: `x64.${mnemonic}.xmm_xmmm.128`,
    syntax: `${mnemonic} {dst}, {src}`,
    operands: { dst: xmm('rw'), src: xmmM128('r') },
    sem: ({ dst, src }) => dst.write(f(dst.value, src.value)),
    ref: refOf(mnemonic),
    ...options,
  });
}

/** `op xmm, xmm/m128`, from the source alone. */
export function packedUnary(mnemonic: string, f: (src: Term) => Term, options: Options = {}): InstDef {
  return inst({
    id: `x64.${mnemonic}.xmm_xmmm.128`,
    syntax: `${mnemonic} {dst}, {src}`,
    operands: { dst: xmm('w'), src: xmmM128('r') },
    sem: ({ dst, src }) => dst.write(f(src.value)),
    ref: refOf(mnemonic),
    ...options,
  });
}

/** `op xmm, xmm/m64`, from the low half of the source alone. */
export function widening(mnemonic: string, f: (src: Term) => Term, options: Options = {}): InstDef {
  return inst({
    id: `x64.${mnemonic}.xmm_xmmm.64`,
    syntax: `${mnemonic} {dst}, {src}`,
    operands: { dst: xmm('w'), src: xmmM64('r') },
    sem: ({ dst, src }) => dst.write(f(src.value)),
    ref: refOf(mnemonic),
    ...options,
  });
}

/** `op xmm, xmm/m128, imm8`. */
export function packedImm(
  mnemonic: string,
  f: (dst: Term, src: Term, imm: number) => Term,
  options: Options = {},
  imm: OperandKind = imm8(),
): InstDef {
  return inst({
    id: `x64.${mnemonic}.xmm_xmmm_i.128`,
    syntax: `${mnemonic} {dst}, {src}, {imm}`,
    operands: { dst: xmm('rw'), src: xmmM128('r'), imm },
    sem: ({ dst, src, imm }) => dst.write(f(dst.value, src.value, imm8Of(imm))),
    ref: refOf(mnemonic),
    ...options,
  });
}

export const scalarSource = (w: 32 | 64) => (w === 32 ? xmmM32('r') : xmmM64('r'));

/** `op xmm, xmm/mW`: works on the low W bits and keeps the rest of the destination. */
export function scalar(
  mnemonic: string,
  w: 32 | 64,
  f: (dst: Term, src: Term) => Term,
  options: Options = {},
): InstDef {
  return inst({
    id: `x64.${mnemonic}.xmm_xmmm.${w}`,
    syntax: `${mnemonic} {dst}, {src}`,
    operands: { dst: xmm('rw'), src: scalarSource(w) },
    sem: ({ dst, src }) => {
      const old = dst.value;
      return dst.write(mergeLow(old, f(low(old, w), src.value)));
    },
    ref: refOf(mnemonic),
    ...options,
  });
}

/** `op xmm, xmm/mW, imm8`: works on the low W bits and keeps the rest of the destination. */
export function scalarImm(
  mnemonic: string,
  w: 32 | 64,
  f: (dst: Term, src: Term, imm: number) => Term,
  options: Options = {},
  imm: OperandKind = imm8(),
): InstDef {
  return inst({
    id: `x64.${mnemonic}.xmm_xmmm_i.${w}`,
    syntax: `${mnemonic} {dst}, {src}, {imm}`,
    operands: { dst: xmm('rw'), src: scalarSource(w), imm },
    sem: ({ dst, src, imm }) => {
      const old = dst.value;
      return dst.write(mergeLow(old, f(low(old, w), src.value, imm8Of(imm))));
    },
    ref: refOf(mnemonic),
    ...options,
  });
}
