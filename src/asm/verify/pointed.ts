// SPDX-License-Identifier: MIT
import type { FunctionRelation } from '../abi/relation.ts';
import type { Context } from './context.ts';

/** The functions that a pointer may lead to: their address is taken in the file, or others know them by name. */
export function pointedTo(context: Context): readonly FunctionRelation[] {
  const { addressTaken, symbols } = context.claim.source;
  return context.claim.functions.filter((f) => {
    const code = context.source.functionAt(f.source);
    if (f.convention !== 'abi' || code === undefined) return false;
    return [code.name, ...code.aliases].some((n) => addressTaken.has(n) || symbols.get(n)?.binding !== 'local');
  });
}
