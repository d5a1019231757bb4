// SPDX-License-Identifier: MIT
import { add, bv, load } from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';
import { conventionsOf } from '../abi/call-model.ts';
import { stackPassedBy } from '../abi/passed-on-stack.ts';
import { returnOffsets } from '../program/return-offsets.ts';
import { stackHeights } from '../program/stack.ts';
import type { Block, FunctionCode, Program } from '../program/types.ts';
import type { Callee } from './calls.ts';
import type { Context } from './context.ts';
import type { Machine } from './machine.ts';
import { distance, STACK_REACH } from './memory.ts';
import type { Duties } from './obligations.ts';

/** What calls and jumps owe to functions that take arguments on the stack, and where those find the address to return to. */

/** The size of an argument on the stack, in bytes. */
const WORD = 8;

/**
 * How far the target has lowered its stack pointer at a call for arguments that lie there as its own convention wants them, and not as
 * the source has them: by a name outside of the file only, of which it may be known that it is native code's. `stack` is the
 * source's stack pointer before the call.
 */
export function loweredForNative(context: Context, callee: Callee, target: Machine, stack: Term): number {
  if (callee.known !== undefined || callee.stacked || callee.bridged) return 0;
  const lowered = distance(stack, target.get(context.isas.target.stackPointer)) ?? 0;
  return lowered > 0 && lowered <= STACK_REACH ? lowered : 0;
}

/** A call of a function outside of the file, or of one that may come in the place of one of the file's. */
interface StackedCall {
  readonly code: FunctionCode;
  /** The source's block with the call. */
  readonly call: Block;
  /** The source's memory before the call. */
  readonly memory: Term;
  /** By how many bytes the target has lowered its stack pointer for native code. */
  readonly lowered: number;
}

/**
 * The words that a call may pass on the stack are where a function outside of the file looks for them: the first ones in registers
 * of the target as well, for one that obeys its convention; the others where the source has them, or all as that convention has them.
 */
export function passedDuties(context: Context, duties: Duties, callee: Callee, c: StackedCall): void {
  if (callee.stacked) return;
  const { words, floats } = stackPassedBy(context.claim.source, c.code)(c.call);
  const { stackArguments } = context.claim.pair;
  const inside = callee.known !== undefined;
  const elsewhere = inside ? words > 0 : !callee.bridged && (floats || words > stackArguments.length);
  if (c.lowered > 0) duties.assumptions.add('native-callees');
  else if (elsewhere) duties.assumptions.add('carried-over-callees');
  if (inside) return;
  const first = firstWord(context, duties);
  wordDuties(context, duties, c.memory, first, words);
  if (c.lowered === 0) return;
  const { target } = duties.at;
  const sp = target.get(context.isas.target.stackPointer);
  for (let i = stackArguments.length; i < words; i++) {
    const there = wordAt(target.memory, sp, i - stackArguments.length);
    duties.equal(`argument ${7 + i}`, wordAt(c.memory, first, i), there);
  }
}

/** The same for a jump to such a function, which finds on the stack what `code` was passed there, however much that is. */
export function handedOnDuties(
  context: Context,
  duties: Duties,
  callee: Callee,
  code: FunctionCode,
  memory: Term,
): void {
  if (callee.known !== undefined || callee.stacked) return;
  const { isa } = context.claim.source;
  const { incomingWords, incomingFloats } = stackHeights(code, isa, conventionsOf(isa));
  const { stackArguments } = context.claim.pair;
  const more = incomingWords === undefined || incomingFloats || incomingWords > stackArguments.length;
  if (more && !callee.bridged) duties.assumptions.add('carried-over-callees');
  const first = firstWord(context, duties);
  const handed = stackArguments.every((place, i) => wordAt(memory, first, i) === duties.at.target.get(place));
  // Where this function has nothing to do with them, there may be none.
  if (incomingWords === 0 && !handed) duties.assumptions.add('nothing-handed-on');
  else wordDuties(context, duties, memory, first, stackArguments.length);
}

/** The address of the first word that the callee may be passed, above the return address. */
function firstWord(context: Context, duties: Duties): Term {
  return add(duties.at.source.get(context.isas.source.stackPointer), bv(64, WORD));
}

function wordDuties(context: Context, duties: Duties, memory: Term, first: Term, words: number): void {
  for (const [i, place] of context.claim.pair.stackArguments.slice(0, words).entries())
    duties.equal(`argument ${7 + i}`, wordAt(memory, first, i), duties.at.target.get(place));
}

/** The word that lies so many words behind the first. */
function wordAt(memory: Term, first: Term, index: number): Term {
  return load(memory, add(first, bv(64, WORD * index)), WORD);
}

/**
 * How far above the stack pointer at its entry a function looks for the address that it returns to: hand-written code also jumps with words
 * on the stack that the other function takes off first.
 */
export function returnOffset(context: Context, { known }: Callee): number {
  if (known === undefined) return 0;
  const { source } = context.claim;
  const all = offsets.get(source) ?? returnOffsets(source, conventionsOf(source.isa));
  offsets.set(source, all);
  return all.get(known.code) ?? 0;
}

const offsets = new WeakMap<Program, ReadonlyMap<FunctionCode, number | undefined>>();
