// SPDX-License-Identifier: MIT
import { conventionsOf } from '../abi/call-model.ts';
import type { FunctionRelation } from '../abi/relation.ts';
import { stackHeights } from '../program/stack.ts';
import type { Context } from './context.ts';

/** The functions that a pointer may lead to: their address is taken in the file, or others know them by name. */
export function pointedTo(context: Context): readonly FunctionRelation[] {
  return context.claim.functions.filter((f) => f.convention === 'abi' && isKnown(context, f));
}

/** Whether others than those that call a function by its name within the file may call it. */
function isKnown(context: Context, f: FunctionRelation): boolean {
  const { addressTaken, symbols } = context.claim.source;
  const code = context.source.functionAt(f.source);
  if (code === undefined) return false;
  return [code.name, ...code.aliases].some((n) => addressTaken.has(n) || symbols.get(n)?.binding !== 'local');
}

/** Whether code outside may call a function that looks for arguments where x86-64 has them on the stack. */
export function takesStackFromOutside(context: Context, f: FunctionRelation): boolean {
  const { isa } = context.claim.source;
  return isKnown(context, f) && stackHeights(context.sourceCode(f), isa, conventionsOf(isa)).incomingArguments;
}
