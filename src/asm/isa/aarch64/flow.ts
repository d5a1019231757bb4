// SPDX-License-Identifier: MIT
import type { Inst, InstDef } from '../define.ts';
import { printExpr } from '../expression.ts';

/** How control leaves an instruction. `target` is a symbol as written. */
export type Flow =
  | { readonly kind: 'next' }
  | { readonly kind: 'jump'; readonly target: string; readonly conditional: boolean }
  | { readonly kind: 'indirect' }
  | { readonly kind: 'call'; readonly target: string | undefined }
  | { readonly kind: 'return' }
  | { readonly kind: 'trap' };

type Kind = 'next' | 'jump' | 'branch' | 'indirect' | 'call' | 'return' | 'trap';

const kinds: Readonly<Record<string, Kind>> = {
  b: 'jump',
  b_al: 'jump',
  b_nv: 'jump',
  bl: 'call',
  blr: 'call',
  br: 'indirect',
  ret: 'return',
  brk: 'trap',
  udf: 'trap',
  cbz: 'branch',
  cbnz: 'branch',
  tbz: 'branch',
  tbnz: 'branch',
};

const known = new WeakMap<InstDef, Kind>();

function kindOf(def: InstDef): Kind {
  let kind = known.get(def);
  if (kind === undefined) {
    const mnemonic = def.id.split('.')[1] ?? '';
    kind = kinds[mnemonic] ?? (mnemonic.startsWith('b_') ? 'branch' : 'next');
    known.set(def, kind);
  }
  return kind;
}

/** The label a direct branch or call goes to: its last operand. */
function targetOf(inst: Inst): string | undefined {
  const last = inst.ops.at(-1);
  return last?.kind === 'imm' ? printExpr(last.value, 'colon') : undefined;
}

export function flowOf(inst: Inst): Flow {
  const kind = kindOf(inst.def);
  switch (kind) {
    case 'next':
    case 'indirect':
    case 'return':
    case 'trap':
      return { kind };
    case 'call':
      return { kind, target: targetOf(inst) };
    case 'jump':
    case 'branch':
      return { kind: 'jump', target: targetOf(inst) ?? '', conditional: kind === 'branch' };
  }
}
