// SPDX-License-Identifier: MIT
import type { InstDef } from '../define.ts';
import type { Operand } from '../operand.ts';

/** String instructions, `xlat` and blends work on fixed registers, which programs may still write out as operands. */

type Place = 'source' | 'destination' | 'accumulator' | 'table';

/** In Intel's order. */
const PLACES: Readonly<Record<string, readonly Place[]>> = {
  movs: ['destination', 'source'],
  cmps: ['source', 'destination'],
  stos: ['destination', 'accumulator'],
  lods: ['accumulator', 'source'],
  scas: ['accumulator', 'destination'],
  xlat: ['table'],
};
const BASES = { source: 'rsi', destination: 'rdi', table: 'rbx' };

/** Whether the operands written after an instruction without operands say only what it does anyway. */
export function isImplicit(def: InstDef, ops: readonly Operand[]): boolean {
  const [, mnemonic = '', , width = ''] = def.id.split('.');
  const places = PLACES[mnemonic.slice(mnemonic.lastIndexOf('_') + 1)];
  if (places === undefined) return false;
  const bits = Number(width);
  if (ops.length === places.length) return ops.every((o, i) => fits(o, places[i], bits));
  const first = ops[0];
  const memory = places.find((p) => p !== 'accumulator');
  return ops.length === 1 && places.includes('accumulator') && first?.kind === 'mem' && fits(first, memory, bits);
}

const MASKED_BY_XMM0 = new Set(['pblendvb', 'blendvps', 'blendvpd']);

/** The operands, in Intel's order, without the mask that a blend always has in xmm0. */
export function withoutMask(mnemonic: string, ops: Operand[]): Operand[] {
  const mask = ops[2];
  const written = ops.length === 3 && mask?.kind === 'reg' && mask.reg.name === 'xmm0';
  return written && MASKED_BY_XMM0.has(mnemonic) ? ops.slice(0, 2) : ops;
}

function fits(o: Operand, place: Place | undefined, bits: number): boolean {
  if (place === undefined) return false;
  if (place === 'accumulator')
    return o.kind === 'reg' && o.reg.class === 'gpr' && o.reg.loc === 'rax' && o.reg.lo === 0 && o.reg.width === bits;
  if (o.kind !== 'mem' || (o.width !== undefined && o.width !== bits)) return false;
  if (o.index !== undefined || o.disp.plus !== undefined || o.disp.offset !== 0n) return false;
  const segment = place === 'destination' ? 'es' : 'ds';
  return o.base?.name === BASES[place] && (o.segment === undefined || o.segment === segment);
}
