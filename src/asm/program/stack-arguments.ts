// SPDX-License-Identifier: MIT
import { calleeOf } from './callee.ts';
import type { Conventions } from './conventions.ts';
import { stackHeights } from './stack.ts';
import type { FunctionCode, Program } from './types.ts';

/**
 * What a function takes on the stack, as its code tells: how many words of eight bytes, or why that cannot be told.
 * `open`: it forms their address or chooses among them by an index, as functions with variable arguments do. `floats`: there
 * may be floating-point numbers among them.
 */
export type StackArguments = number | 'open' | 'floats';

/** What a function of a file takes on the stack, all that it jumps to included. */
export interface StackTaker {
  readonly code: FunctionCode;
  readonly takes: StackArguments;
  /** The functions outside of the file that it, or what it jumps to, hands its stack arguments on to by jumps. */
  readonly handsTo: readonly string[];
}

/** The more demanding of the two. */
export function morePassed(a: StackArguments, b: StackArguments): StackArguments {
  if (a === 'open' || b === 'open') return 'open';
  if (a === 'floats' || b === 'floats') return 'floats';
  return Math.max(a, b);
}

/** What the functions of a program take on the stack, in their order. */
export function stackTakers(program: Program, conventions: Conventions): readonly StackTaker[] {
  return program.functions.map((code) => stackTaker(program, code, conventions));
}

/** What one of them does. */
export function stackTaker(program: Program, code: FunctionCode, conventions: Conventions): StackTaker {
  const reached = new Set([code]);
  const handsTo = new Set<string>();
  let takes: StackArguments = 0;
  for (const f of reached) {
    takes = morePassed(takes, ownArguments(program, f, conventions));
    for (const { name, to } of jumpsOf(program, f)) {
      const callee = program.functions[to ?? -1];
      if (callee === undefined) handsTo.add(name);
      else reached.add(callee);
    }
  }
  return { code, takes, handsTo: [...handsTo] };
}

function ownArguments(program: Program, code: FunctionCode, conventions: Conventions): StackArguments {
  const { incomingWords: words, incomingFloats } = stackHeights(code, program.isa, conventions);
  if (words === undefined) return 'open';
  return words > 0 && incomingFloats ? 'floats' : words;
}

interface Jump {
  readonly name: string;
  /** The function of the file, unless another one may answer instead. */
  readonly to: number | undefined;
}

/** Jumps out of the function, which leave its arguments on the stack to where they go. */
function jumpsOf(program: Program, code: FunctionCode): Jump[] {
  return code.blocks.flatMap((block) => {
    if (block.tailCall === undefined) return [];
    const inst = code.insts[block.end - 1];
    const to = inst === undefined ? undefined : calleeOf(program, inst, block.tailCall);
    return [{ name: block.tailCall, to }];
  });
}
