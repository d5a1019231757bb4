// SPDX-License-Identifier: MIT
import { conventionsOf } from '../abi/call-model.ts';
import type { FunctionRelation } from '../abi/relation.ts';
import { stackHeights } from '../program/stack.ts';
import type { Context } from './context.ts';

/** Whether code outside may call a function that looks for arguments where x86-64 has them on the stack. */
export function takesStackFromOutside(context: Context, f: FunctionRelation): boolean {
  const { isa, addressTaken, symbols } = context.claim.source;
  const code = context.source.functionAt(f.source);
  if (code === undefined) return false;
  const isKnown = [code.name, ...code.aliases].some((n) => addressTaken.has(n) || symbols.get(n)?.binding !== 'local');
  return isKnown && stackHeights(code, isa, conventionsOf(isa)).incomingArguments;
}
