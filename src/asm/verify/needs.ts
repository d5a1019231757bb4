// SPDX-License-Identifier: MIT
import { certainly, conventionsOf } from '../abi/call-model.ts';
import type { Convention } from '../abi/relation.ts';
import { bitsIn, chunksOf } from '../program/chunks.ts';
import { conventionModel } from '../program/conventions.ts';
import { type ProgramSummary, summariseProgram } from '../program/summary.ts';
import type { FunctionCode } from '../program/types.ts';
import { type Bits, ofRanges } from './bits.ts';
import { neverWritten } from './clobbers.ts';
import type { Context } from './context.ts';

/** Which bits of which source registers. */
export interface Needs {
  /** What callers go on to read, whichever way the function returns. */
  readonly read: ReadonlyMap<string, Bits>;
  /** Result registers that callers may pass on: what a way that has put nothing there returns in them is no result. */
  readonly passed: ReadonlyMap<string, Bits>;
}

/** Either kind. */
export function allNeeds(n: Needs): Map<string, Bits> {
  const all = new Map(n.read);
  for (const [r, bits] of n.passed) all.set(r, (all.get(r) ?? 0n) | bits);
  return all;
}

const known = new WeakMap<Context, Map<FunctionCode, Collected>>();

/**
 * What callers in this file rely on after a call to `code`: the registers that their next relations speak of and that
 * they go on to read, unless the function surely leaves them alone. That an unknown function might take a register as
 * an argument is no reading: see the assumption `abi-results`. Each return of the function owes them all of it,
 * whatever the convention says, so nothing rests on the callers having been found: one that was not finds nothing it could rely on.
 */
export function needsOf(context: Context, code: FunctionCode, convention: Convention): Needs {
  const all = needs(context, code);
  if (convention === 'local') return all;
  // Where an abi function returns results, there is no room for registers that live there otherwise.
  const { results, homes } = context.claim.pair;
  const taken = new Set(Object.values(results));
  const possible = ([r]: [string, Bits]): boolean => results[r] !== undefined || !taken.has(homes[r] ?? '');
  return { read: new Map([...all.read].filter(possible)), passed: new Map([...all.passed].filter(possible)) };
}

function needs(context: Context, code: FunctionCode): Needs {
  let all = known.get(context);
  if (all === undefined) {
    all = collect(context);
    known.set(context, all);
  }
  return all.get(code) ?? NONE;
}

interface Collected {
  readonly read: Map<string, Bits>;
  readonly passed: Map<string, Bits>;
}

const NONE: Needs = { read: new Map(), passed: new Map() };

/**
 * Whether code surely reads a register from the start of a block on: in what it does, or in what it computes for its
 * caller from other registers. That a result register comes back as a called function left it is no reading.
 */
function readers(context: Context): (code: FunctionCode, block: number, register: string) => boolean {
  const { program } = context.source;
  const { isa } = program;
  const chunks = chunksOf(isa);
  // The low bits of a result stand for all of it: what is above may be left to chance where the result is small.
  const { results } = context.claim.pair;
  const certain = certainly(conventionsOf(isa));
  const summarise = (resultsIfDefined: readonly string[]): (() => ProgramSummary['functions']) => {
    let made: ProgramSummary['functions'] | undefined;
    return () => {
      made ??= summariseProgram(program, conventionModel(isa, { ...certain, resultsIfDefined })).functions;
      return made;
    };
  };
  const doing = summarise([]);
  const returning = summarise(Object.keys(results).map((r) => `${r}:0-7`));
  return (code, block, register) => {
    const summaries = register in results ? doing() : returning();
    const live = summaries[program.functionOf.get(code.name) ?? -1]?.liveness.liveIn(block);
    return live !== undefined && bitsIn(live, chunks, register).length > 0;
  };
}

function collect(context: Context): Map<FunctionCode, Collected> {
  const needs = new Map<FunctionCode, Collected>();
  const passedOn: [from: FunctionCode, to: FunctionCode][] = [];
  const need = (code: FunctionCode, register: string, bits: Bits, kind: 'read' | 'passed'): boolean => {
    const own = needs.get(code) ?? { read: new Map<string, Bits>(), passed: new Map<string, Bits>() };
    needs.set(code, own);
    const mine = own[kind];
    const before = mine.get(register) ?? 0n;
    if ((before | bits) === before) return false;
    mine.set(register, before | bits);
    return true;
  };
  const reads = readers(context);
  const { results } = context.claim.pair;
  for (const relation of context.claim.functions) {
    const code = context.source.functionAt(relation.source);
    for (const block of code?.blocks ?? []) {
      if (code === undefined) continue;
      const tail = block.tailCall === undefined ? undefined : context.source.functionAt(block.tailCall);
      if (tail !== undefined) passedOn.push([code, tail]);
      const called = block.flow.kind === 'call' ? block.flow.target : undefined;
      const callee = called === undefined ? undefined : context.source.functionAt(called);
      if (callee === undefined) continue;
      for (const s of block.successors) {
        for (const r of relation.blocks[s]?.relation.registers ?? []) {
          if (neverWritten(context.source, callee)(r.source)) continue;
          const read = reads(code, s, r.source);
          if (read || r.source in results) need(callee, r.source, ofRanges(r.bits), read ? 'read' : 'passed');
        }
      }
    }
  }
  // A tail call returns to the caller's caller, which finds there even what the function has left alone.
  for (let news = true; news; ) {
    news = false;
    for (const [from, to] of passedOn) {
      for (const kind of ['read', 'passed'] as const) {
        for (const [register, bits] of needs.get(from)?.[kind] ?? []) if (need(to, register, bits, kind)) news = true;
      }
    }
  }
  return needs;
}
