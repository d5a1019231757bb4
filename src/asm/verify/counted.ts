// SPDX-License-Identifier: MIT
import { bv, extract, low, ne } from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';
import { certainCallModel, countingVectors, VECTOR_COUNT } from '../abi/call-model.ts';
import { chunksOf, hasChunk } from '../program/chunks.ts';
import { type FunctionSummary, summariseProgram } from '../program/summary.ts';
import type { FunctionCode } from '../program/types.ts';
import type { Bits } from './bits.ts';
import type { Context } from './context.ts';
import type { Duties } from './obligations.ts';
import { extend, type Path } from './path.ts';

/**
 * Functions with variable arguments save vector registers as a whole where the count of vectors, System V's `al`, is not 0,
 * and read them from where they have saved them. Most calls pass none, and those that do pass doubles, so that what
 * is in the upper halves is left over from something else. Then nothing is owed there: where the count is 0, since the
 * function does not look there, and elsewhere unless the calling block itself has put something there, by assumption.
 */

const FIRST = 64;

/**
 * Under which conditions a function of the file that is called looks at a vector register's bits from 64 on; undefined where
 * it does not.
 */
export function wherePassed(
  context: Context,
  duties: Duties,
  callee: FunctionCode,
  register: string,
  bits: Bits,
): Path | undefined {
  if (bits >> BigInt(FIRST) === 0n || !asksFor(context, callee, register)) return duties.path;
  const { source } = duties.at;
  duties.assumptions.add('vectors-inside');
  const some = ne(low(source.get(VECTOR_COUNT.count), VECTOR_COUNT.bits), bv(VECTOR_COUNT.bits, 0));
  const path = extend(duties.path, some);
  if (path === undefined) return undefined;
  const high = (v: Term): Term => extract(v, v.width - 1, FIRST);
  if (high(source.get(register)) !== high(source.start(register))) return path;
  duties.assumptions.add('vectors-counted');
  return undefined;
}

const known = new WeakMap<Context, readonly FunctionSummary[]>();

/** Whether the function surely reads those bits where the count is not 0, and only there. */
function asksFor(context: Context, code: FunctionCode, register: string): boolean {
  const { program } = context.source;
  let summaries = known.get(context);
  if (summaries === undefined) {
    summaries = summariseProgram(program, countingVectors(program.isa, certainCallModel(program.isa))).functions;
    known.set(context, summaries);
  }
  const own = summaries[program.functionOf.get(code.name) ?? -1];
  if (own === undefined) return false;
  const high = (chunksOf(program.isa).ofLocation.get(register) ?? []).filter((c) => c.lo >= FIRST);
  return high.every((c) => hasChunk(own.uses, c.index) && !hasChunk(own.usesUncounted, c.index));
}
