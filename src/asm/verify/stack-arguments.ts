// SPDX-License-Identifier: MIT
import { conventionsOf } from '../abi/call-model.ts';
import type { FunctionRelation } from '../abi/relation.ts';
import { stackTaker } from '../program/stack-arguments.ts';
import type { Context } from './context.ts';

/**
 * Whether native code may call a function that looks for arguments where x86-64 has them on the stack, or hands them on from there to a
 * function elsewhere: by its name, where it has no entry of its own for that, or through a pointer.
 */
export function takesStackFromOutside(context: Context, f: FunctionRelation): boolean {
  const { source } = context.claim;
  const { isa, addressTaken, symbols } = source;
  const code = context.source.functionAt(f.source);
  if (code === undefined) return false;
  const named = (n: string): boolean => f.nativeEntry === undefined && symbols.get(n)?.binding !== 'local';
  const isKnown = [code.name, ...code.aliases].some((n) => addressTaken.has(n) || named(n));
  if (!isKnown) return false;
  const { takes, handsTo } = stackTaker(source, code, conventionsOf(isa));
  return takes !== 0 || handsTo.length > 0;
}
