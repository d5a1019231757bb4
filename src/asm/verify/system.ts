// SPDX-License-Identifier: MIT
import { and, bv, concat, eq, extract, low, or, variable, yes } from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';
import { spillAt, spillOffset } from '../abi/relation.ts';
import type { SystemArgument, SystemCall } from '../abi/system-calls.ts';
import { OPEN_FLAG_PAIRS } from '../isa/linux.ts';
import type { Context } from './context.ts';
import type { SystemEntry } from './explore.ts';
import { Machine } from './machine.ts';
import { distance, RED_ZONE } from './memory.ts';
import type { Duties } from './obligations.ts';
import type { Pair } from './related.ts';
import { Undecidable } from './undecidable.ts';

/**
 * System calls. The kernel is a stranger to both programs: it is asked for corresponding things with the same memory,
 * and then memory and result are the same unknown values, whatever they are.
 */

/** What both sides must agree on where they enter the kernel. */
export function systemDuties(context: Context, duties: Duties, source: SystemEntry, target: SystemEntry): void {
  const call = callOf(context, source.number);
  duties.assumptions.add('system-calls');
  duties.equal('the number of the system call', bv(64, call.target.number), target.number);
  call.arguments.forEach((argument, i) => {
    const given = target.arguments[i];
    if (given === undefined) throw new Undecidable(`${call.name} takes more arguments than there are`);
    duties.equal(`argument ${i + 1} of ${call.target.name}`, argumentOf(call, argument, source), given);
  });
  for (const d of call.demands) {
    const value = source.arguments[d.argument];
    if (value === undefined) throw new Undecidable(`${call.name} takes fewer arguments than ${d.argument + 1}`);
    if (d.zero !== undefined) duties.equal(d.reason, and(value, bv(64, d.zero)), bv(64, 0));
    if (d.oneOf !== undefined) {
      const command = extract(value, 31, 0);
      duties.equal(d.reason, d.oneOf.map((n) => eq(command, bv(32, n))).reduce(or), yes());
    }
  }
  keepsRedZone(context, duties, source);
  duties.memoryBut(spillsNow(duties.at.target));
}

function callOf(context: Context, number: Term): SystemCall {
  if (number.op !== 'const') throw new Undecidable('which system call is made is not known within the block');
  const call = context.claim.pair.systemCalls.carried.get(Number(BigInt.asUintN(32, number.value)));
  if (call === undefined) throw new Undecidable(`nothing is known to do what system call ${number.value} does`);
  return call;
}

function argumentOf(call: SystemCall, argument: SystemArgument, source: SystemEntry): Term {
  if (argument.kind === 'constant') return bv(64, argument.value);
  const value = source.arguments[argument.of];
  if (value === undefined) throw new Undecidable(`${call.name} takes more arguments than there are`);
  return argument.kind === 'same' ? value : openFlags(value);
}

/** The flags of `open` as AArch64 has them: two bits and the two above these in each other's places. */
function openFlags(flags: Term): Term {
  const { low: at, high, width } = OPEN_FLAG_PAIRS;
  const bits = (lo: number): Term => extract(flags, lo + width - 1, lo);
  return concat(extract(flags, 63, high + width), bits(at), bits(high), low(flags, at));
}

/** What the kernel is told to write below the source's stack pointer is not below the target's. */
function keepsRedZone(context: Context, duties: Duties, source: SystemEntry): void {
  const { isas } = context;
  const [ours, theirs] = [
    duties.at.source.get(isas.source.stackPointer),
    duties.at.target.get(isas.target.stackPointer),
  ];
  for (const argument of source.arguments) {
    const below = distance(argument, ours);
    if (below === undefined || below >= 0 || below < -RED_ZONE) continue;
    if ((distance(argument, theirs) ?? -1) < 0)
      duties.doubt ??= 'the target gives the kernel memory below its stack pointer, which a signal handler may change';
  }
}

/** Spill slots by their offsets from the stack pointer as it is now. */
function spillsNow(target: Machine): number[] {
  const { stackPointer } = target.isa;
  const moved = distance(target.get(stackPointer), target.start(stackPointer));
  if (moved === undefined && target.spills.size > 0)
    throw new Undecidable('a system call with spill slots behind a stack pointer that is not known');
  return [...target.spills].map((s) => s - (moved ?? 0));
}

/** The states behind a system call: all is as it was but memory and the result. */
export function afterSystem(context: Context, before: Pair, source: SystemEntry, target: SystemEntry): Pair {
  const { isas } = context;
  const memory = variable('memory.after', 0);
  const result = variable('system.result', 64);
  const theirs = new Machine(
    isas.source,
    's.',
    memory,
    (loc) => (loc === source.result ? result : before.source.get(loc)),
    undefined,
    undefined,
    (v) => v,
  );
  const spills = spillsNow(before.target);
  const olds = new Map(spills.map((s, i) => [s, [...before.target.spills][i] ?? s]));
  const lost = new Set(context.claim.pair.lostInKernel);
  const ours = new Machine(
    isas.target,
    'r.',
    memory,
    (loc) => {
      if (loc === target.result) return result;
      if (lost.has(loc)) return variable(`system.${loc}`, before.target.get(loc).width);
      const spill = spillOffset(loc);
      return before.target.get(spill === undefined ? loc : spillAt(olds.get(spill) ?? spill));
    },
    new Set(spills),
  );
  ours.apart = before.target.apart;
  ours.own = before.target.own;
  return { source: theirs, target: ours };
}
