// SPDX-License-Identifier: MIT
import type { Inst } from '../isa/define.ts';
import type { Program } from './types.ts';

/** The function of this file that a call reaches unless another one of its name comes between. */
export function possibleCallee(
  program: Pick<Program, 'functionOf' | 'symbolAliases'>,
  target: string | undefined,
): number | undefined {
  if (target === undefined) return undefined;
  return program.functionOf.get(target) ?? program.functionOf.get(program.symbolAliases.get(target) ?? '');
}

/**
 * The function of this file that a call certainly reaches. A weak symbol may have another definition elsewhere, and so
 * may a visible one that is called through the PLT or the GOT.
 */
export function calleeOf(
  program: Pick<Program, 'functionOf' | 'symbolAliases' | 'symbols'>,
  inst: Inst,
  target: string | undefined,
): number | undefined {
  const index = possibleCallee(program, target);
  if (index === undefined || target === undefined) return undefined;
  const symbol = program.symbols.get(target);
  if (symbol === undefined || symbol.binding === 'local' || symbol.visibility !== 'default') return index;
  if (symbol.binding === 'weak') return undefined;
  const indirect = inst.ops.some(
    (o) => (o.kind === 'imm' && o.value.modifier !== undefined) || (o.kind === 'mem' && o.disp.modifier !== undefined),
  );
  return indirect ? undefined : index;
}
