// SPDX-License-Identifier: MIT
import type { Inst, InstDef } from '../define.ts';

/** How control leaves an instruction. `target` is the label or function name as written, without relocation marks. */
export type InstFlow =
  | { readonly kind: 'next' }
  | { readonly kind: 'jump'; readonly target: string; readonly conditional: boolean }
  | { readonly kind: 'indirect' }
  | { readonly kind: 'call'; readonly target: string | undefined }
  | { readonly kind: 'return' }
  | { readonly kind: 'trap' }
  | { readonly kind: 'repeat' };

const NEXT: InstFlow = { kind: 'next' };
const INDIRECT: InstFlow = { kind: 'indirect' };
const RETURN: InstFlow = { kind: 'return' };
const TRAP: InstFlow = { kind: 'trap' };
const REPEAT: InstFlow = { kind: 'repeat' };

type Sort = InstFlow['kind'] | 'conditional';
const sorts = new WeakMap<InstDef, Sort>();

function classify(def: InstDef): Sort {
  const [, prefixed = '', form = ''] = def.id.split('.');
  if (/^rep(?:n?e)?_(?:movs|stos|lods|scas|cmps)$/.test(prefixed)) return 'repeat';
  const mnemonic = prefixed.slice(prefixed.lastIndexOf('_') + 1);
  switch (mnemonic) {
    case 'jmp':
      return form === 'rel' ? 'jump' : 'indirect';
    case 'call':
      return 'call';
    case 'ret':
      return 'return';
    case 'ud1':
    case 'ud2':
    case 'invalid':
    case 'int3':
      return 'trap';
    default:
      return form === 'rel' ? 'conditional' : 'next';
  }
}

/** The symbol a direct branch goes to; with an offset (`foo+4`) the whole expression, which is no label's name. */
function targetOf(inst: Inst): string {
  const op = inst.ops[0];
  if (op?.kind !== 'imm') return '';
  const { plus = '', offset } = op.value;
  return offset === 0n ? plus : `${plus}${offset > 0n ? '+' : ''}${offset}`;
}

export function flowOf(inst: Inst): InstFlow {
  let sort = sorts.get(inst.def);
  if (sort === undefined) {
    sort = classify(inst.def);
    sorts.set(inst.def, sort);
  }
  switch (sort) {
    case 'next':
      return NEXT;
    case 'jump':
    case 'conditional':
      return { kind: 'jump', target: targetOf(inst), conditional: sort === 'conditional' };
    case 'indirect':
      return INDIRECT;
    case 'call':
      return { kind: 'call', target: inst.ops[0]?.kind === 'imm' ? targetOf(inst) : undefined };
    case 'return':
      return RETURN;
    case 'trap':
      return TRAP;
    case 'repeat':
      return REPEAT;
  }
}

/** The count register of a repeated string instruction: with 0 there, the instruction does nothing at all. */
export function repeatCounter(inst: Inst): string | undefined {
  return flowOf(inst).kind === 'repeat' ? 'rcx' : undefined;
}
