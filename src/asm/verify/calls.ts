// SPDX-License-Identifier: MIT
import { add, bv, concat, extract, low, no, variable } from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';
import { conventionsOf } from '../abi/call-model.ts';
import { withoutStacked } from '../abi/native-entry.ts';
import { ownName } from '../abi/own-storage.ts';
import type { Convention, FunctionRelation, Relation } from '../abi/relation.ts';
import type { Isa } from '../isa/isa.ts';
import { locationVariable, widthOf } from '../isa/state.ts';
import type { FunctionCode } from '../program/types.ts';
import type { AssumptionName } from './assumptions.ts';
import { type Bits, lowest, merge, ofRanges, runs } from './bits.ts';
import { type Clobbers, mayBeDefined, neverWritten } from './clobbers.ts';
import type { Context } from './context.ts';
import { wherePassed } from './counted.ts';
import { Machine } from './machine.ts';
import { allNeeds, needsOf } from './needs.ts';
import type { Duties } from './obligations.ts';
import { garbage, malformed, type Pair, placeValue } from './related.ts';
import { Undecidable } from './undecidable.ts';

/** What a call goes to, as far as both sides agree on it. */
export interface Callee {
  readonly convention: Convention;
  readonly entryStack: -8 | 0;
  readonly returnStack: -8 | 0;
  /** For functions of the file. */
  readonly known?: Known;
  /** Whether it surely finds all arguments on the stack where the source has them: another file's with an entry for native code. */
  readonly stacked?: true;
  /** Whether a runtime function stands for it, which finds there those that are in no register. */
  readonly bridged?: true;
  readonly assumptions: readonly AssumptionName[];
}

interface Known {
  /** The relation of the variant called. */
  readonly relation: FunctionRelation;
  readonly code: FunctionCode;
  /** What the function surely leaves alone. */
  readonly keeps: { readonly source: Clobbers; readonly target: Clobbers };
}

const ABI = { convention: 'abi', entryStack: -8, returnStack: -8 } as const;

/** A function that is reached through a pointer. */
export const INDIRECT: Callee = { ...ABI, assumptions: ['external-abi'] };

/** What a call of `source` carried over as a call of `target` means, or why the two do not correspond. */
export function resolveCallee(context: Context, source: string, target: string): Callee | string {
  const owner = context.source.functionAt(source);
  const own = context.target.functionAt(target);
  if (owner !== undefined) {
    const variants = context.variants(owner.name);
    const relation = variants.find((v) => context.target.functionAt(v.target) === own);
    if (own !== undefined && relation !== undefined) {
      const keeps = { source: neverWritten(context.source, owner), target: neverWritten(context.target, own) };
      const { convention, entryStack, returnStack } = relation;
      const known = { relation, code: owner, keeps };
      return {
        convention,
        entryStack,
        returnStack,
        known,
        assumptions: ['not-replaced', 'calls-preserve', 'abi-results'],
      };
    }
    if (variants.length > 0) return `${target} is no variant of ${source}`;
  }
  if (own !== undefined || context.target.place(target) !== undefined)
    return `${target} is not what stands for ${source}`;
  if (source !== target) return `${source} and ${target} are different functions`;
  // The source's names are the target's here: a bridged function goes by its bridge's name.
  if (context.isBridge(target)) return { ...ABI, bridged: true, assumptions: ['external-abi', 'bridges'] };
  if (withoutStacked(target) !== undefined)
    return { ...ABI, stacked: true, assumptions: ['external-abi', 'native-arguments'] };
  if (owner !== undefined) return { ...ABI, assumptions: ['external-abi', 'refused-supplied'] };
  if (context.throwsException(target)) return { ...ABI, assumptions: ['external-abi', 'exceptions-end'] };
  if (context.isDifferent(target)) return { ...ABI, assumptions: ['external-abi', 'unbridged'] };
  return { ...ABI, assumptions: ['external-abi'] };
}

/**
 * What a callee of either side finds and must be able to rely on. `slot` is the address of the return address, the
 * source's stack pointer at the callee's first instruction. The target's may be `lowered` by so many bytes.
 */
export function arrivalDuties(context: Context, duties: Duties, callee: Callee, slot: Term, lowered = 0): void {
  const { pair } = context.claim;
  for (const a of callee.assumptions) duties.assumptions.add(a);
  duties.stack(callee.entryStack + lowered, slot);
  duties.always();
  const wanted = callee.known === undefined ? argumentBits(context) : entryBits(callee.known.relation);
  const floats = callee.known === undefined ? new Set(pair.boxed) : entryFloats(callee.known.relation);
  for (const [register, bits] of wanted) {
    const home = pair.homes[register];
    const path =
      callee.known === undefined ? undefined : wherePassed(context, duties, callee.known.code, register, bits);
    if (path !== undefined) highDuty(context, duties, register, bits, path);
    if (home !== undefined && floats.has(register)) {
      duties.float(register, home);
      continue;
    }
    duties.bits(register, home, home === undefined ? bits : held(context, home, bits));
  }
  if (callee.known !== undefined) duties.flags(entryFlags(callee.known.relation));
}

/**
 * What a function of the file is entered with: the registers that its first block relies on are in their homes.
 * For callers in the file this is a duty. Callers from outside have arguments there by the convention, and
 * everything else is theirs to leave unspecified, so that the source may be taken to have what the target has.
 */
export function entryBits(relation: FunctionRelation): ReadonlyMap<string, Bits> {
  const wanted = new Map<string, Bits>();
  for (const r of relation.blocks[0]?.relation.registers ?? []) {
    // Callers from outside have a double there, or what of a float nobody reads is theirs to leave unspecified.
    const bits = r.above === 'float' ? lowest(64) : ofRanges(r.bits);
    wanted.set(r.source, (wanted.get(r.source) ?? 0n) | bits);
  }
  return wanted;
}

/** Those of them that may be a float or a double, as the first block takes them. */
function entryFloats(relation: FunctionRelation): ReadonlySet<string> {
  const registers = relation.blocks[0]?.relation.registers ?? [];
  return new Set(registers.filter((r) => r.above === 'float').map((r) => r.source));
}

/** Bits from 64 on of a register that goes from one function of the file to another. */
function highDuty(context: Context, duties: Duties, register: string, bits: Bits, path = duties.path): void {
  const place = context.claim.pair.highHomes?.[register];
  if (bits >> 64n === 0n || place === undefined) return;
  const high = extract(duties.at.source.get(register), 127, 64);
  for (const r of runs(bits >> 64n, 64)) {
    if (!r.inside) continue;
    const [left, right] = [extract(high, r.hi, r.lo), extract(duties.at.target.get(place), r.hi, r.lo)];
    if (path === duties.path) duties.equal(register, left, right);
    else duties.open.push({ what: register, path, left, right });
  }
}

/** `value` with those of the bits from 64 on that the target has in a place of their own. */
export function withHigh(
  context: Context,
  register: string,
  bits: Bits,
  value: Term,
  target: (loc: string) => Term,
): Term {
  const place = context.claim.pair.highHomes?.[register];
  if (bits >> 64n === 0n || place === undefined || value.width !== 128) return value;
  return concat(merge(bits >> 64n, target(place), extract(value, 127, 64)), low(value, 64));
}

/**
 * Those of a source register's bits that its place at calls and returns has room for. Of others nothing is assumed on
 * the one side of a call or return, and nothing is owed on the other.
 */
export function held(context: Context, place: string | undefined, bits: Bits): Bits {
  const width = place === undefined ? 0 : (widthOf(context.isas.target, place) ?? 0);
  return bits & lowest(width);
}

/** The same for the flags: each is already where the first block wants it. */
export function entryFlags(relation: FunctionRelation): Relation['flags'] {
  return relation.blocks[0]?.relation.flags ?? {};
}

function argumentBits(context: Context): ReadonlyMap<string, Bits> {
  const entries = Object.entries(context.claim.pair.argumentBits);
  return new Map(entries.map(([register, bits]) => [register, lowest(bits)]));
}

/** The states after a call from `before` has returned. Memory and results are the same unknown values on both sides. */
export function afterCall(context: Context, before: Pair, callee: Callee): Pair {
  const { pair } = context.claim;
  const { isas } = context;
  const memory = variable('memory.after', 0);
  const target = new Machine(isas.target, 'r.', memory, targetAfter(context, before.target, callee));
  target.own = before.target.own;
  const source = new Machine(isas.source, 's.', memory, (loc) => {
    if (loc === isas.source.stackPointer) return add(before.source.get(loc), bv(64, 8));
    if (loc === isas.source.threadPointer) return before.source.get(loc);
    if (loc === 'df') return no();
    const flag = callee.known === undefined ? undefined : returnFlags(context, callee.known.relation)[loc];
    if (flag !== undefined) return placeValue(flag, (l) => target.start(l));
    const renewed = renews(callee, loc);
    if (callee.known?.keeps.source(loc) || (pair.calleeSaved.includes(loc) && !renewed)) return before.source.get(loc);
    const place = resultPlace(context, callee.convention, loc);
    // Each return of a function of the file owes its callers that these registers are in their homes, preserved or not.
    if (renewed && place !== undefined && pair.calleeSaved.includes(loc)) return target.start(place);
    if (callee.known === undefined) {
      const unknown = garbage(isas.source, loc);
      if (place === undefined || !(loc in pair.results)) return unknown;
      return merge(held(context, place, lowest(unknown.width)), target.start(place), unknown);
    }
    // Of what a function of the file has changed, its callers know what it owes them. For the rest it must be assumed
    // that it obeys the convention.
    const needed = allNeeds(needsOf(context, callee.known.code, callee.convention)).get(loc) ?? 0n;
    const bits = held(context, place, needed);
    const rest = garbage(isas.source, loc, 'of a function of the file');
    const lower = place === undefined || bits === 0n ? rest : merge(bits, target.start(place), rest);
    return withHigh(context, loc, needed, lower, (l) => target.start(l));
  });
  return { source, target };
}

/** Where the flags are in which a function answers. Evidence may claim nonsense here. */
export function returnFlags(context: Context, { source, returnFlags: flags }: FunctionRelation): Relation['flags'] {
  if (flags === undefined) return {};
  const fault = malformed(context.isas, { stack: 0, frames: [], registers: [], flags });
  if (fault !== undefined) throw new Undecidable(`what ${source} returns: ${fault}`);
  return flags;
}

/**
 * Whether a register comes back from a function of the file with another value than it had, as its relation lets us expect:
 * a function that does not want to know what it holds at entry, and writes it, cannot preserve it. That one which does so
 * is taken not to preserve it assumes nothing: it owes the register's new value as it would owe the old one.
 */
function renews({ known }: Callee, loc: string): boolean {
  return known !== undefined && !entryBits(known.relation).has(loc) && !known.keeps.source(loc);
}

/** What the target's locations hold after a call. */
function targetAfter(context: Context, before: Machine, callee: Callee): (loc: string) => Term {
  const { pair } = context.claim;
  const isa = context.isas.target;
  const kept = new Map<string, number>(pair.untouched.map((u) => [u.loc, u.bits]));
  for (const r of pair.calleeSaved) {
    const home = pair.homes[r];
    if (home !== undefined && !renews(callee, r)) kept.set(home, widthOf(isa, home) ?? 64);
  }
  for (const loc of [isa.stackPointer, isa.threadPointer]) kept.set(loc, 64);
  const lost = new Set([pair.link, ...(pair.scratch ?? [])]);
  return (loc) => {
    const own = ownName(loc);
    if (own !== undefined) return callee.known?.keeps.target(own) ? before.get(loc) : variable(`r.${loc}`, 64);
    const fresh = locationVariable(isa, 'r.', loc);
    const all = callee.known?.keeps.target(loc) === true && !lost.has(loc);
    const bits = all ? fresh.width : (kept.get(loc) ?? 0);
    if (bits === 0) return fresh;
    if (bits >= fresh.width) return before.get(loc);
    return concat(extract(fresh, fresh.width - 1, bits), low(before.get(loc), bits));
  };
}

/** Where the target has a source register when a function of that convention returns. */
function resultPlace(context: Context, convention: Convention, register: string): string | undefined {
  const { results, homes } = context.claim.pair;
  return (convention === 'abi' ? results[register] : undefined) ?? homes[register];
}

/**
 * What a return owes to callers of this function: to those outside what the convention says, to those in the file what
 * they rely on. `after` is the source's stack pointer once it has returned, and `written` says
 * what the target may have written on the way.
 */
export function returnDuties(
  context: Context,
  duties: Duties,
  relation: FunctionRelation,
  block: number,
  after: Term,
  written: (place: string) => boolean,
): void {
  const { pair } = context.claim;
  if (relation.convention === 'start') throw new Undecidable('the entry of the program returns');
  const code = context.sourceCode(relation);
  duties.stack(relation.returnStack + 8, after);
  duties.always();
  for (const r of pair.calleeSaved) duties.bits(r, pair.homes[r], lowest(64));
  duties.flags(returnFlags(context, relation));
  const needs = needsOf(context, code, relation.convention);
  const owed = new Map(needs.read);
  const defined = mayBeDefined(context.source, code, block);
  for (const [r, bits] of needs.passed) if (defined(r)) owed.set(r, (owed.get(r) ?? 0n) | bits);
  if (relation.convention === 'abi') {
    for (const [r, place] of Object.entries(pair.results)) {
      if (!defined(r) && !leftAlone(context.source.program.isa, r, defined)) {
        // The target, too, mostly leaves alone what is an argument and a result in the same place.
        if (pair.homes[r] === place && written(place)) duties.assumptions.add('results-are-written');
        continue;
      }
      if (pair.boxed?.includes(r)) duties.float(r, place);
      else owed.set(r, lowest(widthOf(context.isas.source, r) ?? 64));
    }
  }
  for (const [r, bits] of owed) {
    const place = resultPlace(context, relation.convention, r);
    highDuty(context, duties, r, bits);
    duties.bits(r, place, place === undefined ? bits : held(context, place, bits));
  }
}

/** Whether a function that has not written a result may return what it found there: the second half of a structure. */
function leftAlone(isa: Isa, register: string, defined: (loc: string) => boolean): boolean {
  const first = conventionsOf(isa).resultsLeftAlone?.[register];
  return first !== undefined && defined(first);
}

/** What a tail call owes on top of a call: what the callee leaves alone, our own callers still find as they need it, and all
 * callers what they have in registers that a callee preserves. */
export function passedOnDuties(
  context: Context,
  duties: Duties,
  relation: FunctionRelation,
  block: number,
  callee: Callee,
): void {
  // What a callee preserves it must find, and what a function of the file has been told it wants to find.
  const { calleeSaved, homes } = context.claim.pair;
  const saved = relation.convention === 'start' ? [] : calleeSaved;
  for (const r of saved) if (!renews(callee, r)) duties.bits(r, homes[r], lowest(64));
  if (callee.known === undefined) return;
  const theirs = allNeeds(needsOf(context, callee.known.code, callee.convention));
  const code = context.sourceCode(relation);
  const ours = needsOf(context, code, relation.convention);
  const defined = mayBeDefined(context.source, code, block);
  for (const [r, bits] of allNeeds(ours)) {
    if (!ours.read.has(r) && !defined(r) && callee.known.keeps.source(r)) continue;
    if (((theirs.get(r) ?? 0n) & bits) === bits) continue;
    if (!callee.known.keeps.source(r)) {
      throw new Undecidable(`${r} is needed behind a tail call that does not give it`);
    }
    const place = resultPlace(context, relation.convention, r);
    if (place === undefined || !callee.known.keeps.target(place)) {
      throw new Undecidable(`${r} is needed behind a tail call, which loses it in the target`);
    }
    duties.bits(r, place, held(context, place, bits));
  }
}
