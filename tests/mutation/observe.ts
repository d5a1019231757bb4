// SPDX-License-Identifier: MIT
import type { FlagPlace, FunctionRelation, RegisterRelation, Relation } from '../../src/asm/abi/relation.ts';
import type { FunctionCode } from '../../src/asm/program/types.ts';
import { type Bits, lowest } from '../../src/asm/verify/bits.ts';
import { entryBits } from '../../src/asm/verify/calls.ts';
import { mayBeDefined } from '../../src/asm/verify/clobbers.ts';
import type { Context } from '../../src/asm/verify/context.ts';
import { needsOf } from '../../src/asm/verify/needs.ts';
import { hash, Numbers, type Outcome, run, type World } from './interpret.ts';

/** Whether two versions of a target function do the same on numbers, as far as anybody may look. */

interface Version {
  readonly context: Context;
  readonly code: FunctionCode;
}

/** What the second version does otherwise than the first, from any of `tries` states at every cut point. */
export function difference(
  first: Version,
  second: Version,
  relation: FunctionRelation,
  tries: number,
  random: () => bigint,
): string | undefined {
  const starts = [
    { label: relation.target, block: undefined },
    ...relation.blocks.map((b) => ({ label: b.target, block: b })),
  ];
  for (const { label, block } of starts) {
    for (let i = 0; i < tries; i++) {
      const state = startingState(first.context, block?.relation, random);
      const [a, b] = [first, second].map((v) => from(v, relation, label, state));
      if (a === undefined || b === undefined) return `${label} is gone`;
      if (a.outcome.ending.kind === 'stuck') continue;
      const found = compare(first.context, relation, block?.block, a, b);
      if (found !== undefined) return `from ${label}: ${found}`;
    }
  }
  return undefined;
}

interface Done {
  readonly outcome: Outcome;
  /** The cut labels at which it ended. */
  readonly labels: readonly string[];
}

function from(v: Version, relation: FunctionRelation, label: string, state: Numbers): Done | undefined {
  const start = v.code.indexOfLabel.get(label);
  if (start === undefined) return undefined;
  const { pair, contracts } = v.context.claim;
  const ends = new Map<number, string[]>();
  for (const { target } of relation.blocks) {
    const index = v.code.indexOfLabel.get(target);
    if (index !== undefined) ends.set(index, [...(ends.get(index) ?? []), target]);
  }
  const isa = v.context.isas.target;
  const world: World = {
    isa,
    isEnd: (index) => ends.has(index),
    contracts,
    traps: pair.traps,
    preserved: new Map([
      ...pair.untouched.map((u) => [u.loc, u.bits] as const),
      ...[...pair.calleeSaved.map((r) => pair.homes[r] ?? r), isa.stackPointer, isa.threadPointer].map(
        (loc) => [loc, 64] as const,
      ),
    ]),
  };
  const outcome = run(v.code, start, state, world);
  return { outcome, labels: outcome.ending.kind === 'label' ? (ends.get(outcome.ending.index) ?? []) : [] };
}

function startingState(context: Context, relation: Relation | undefined, random: () => bigint): Numbers {
  const values = new Map<string, bigint>();
  for (const { name, width } of context.isas.target.locations) {
    const wide = (random() << 64n) | random();
    const choice = random() % 4n;
    const small = random() % 70n;
    values.set(name, BigInt.asUintN(width, choice === 0n ? small : choice === 1n ? -small : wide));
  }
  const sp = 0x7f00_0000_0000n + (random() % 4096n) * 16n;
  values.set(context.isas.target.stackPointer, sp);
  for (const r of relation?.registers ?? []) values.set(r.target, shapedAs(r, values.get(r.target) ?? 0n, random));
  for (const f of relation?.frames ?? []) {
    const home = relation?.registers.find((r) => r.source === f.source);
    if (home !== undefined) values.set(home.target, BigInt.asUintN(64, sp + BigInt(f.offset)));
  }
  return new Numbers(context.isas.target, values, hash(random(), 1n));
}

/** `value` with the upper bits that a relation claims. */
function shapedAs(r: RegisterRelation, value: bigint, random: () => bigint): bigint {
  if (r.above === undefined) return value;
  const top = Math.max(...r.bits.map(([, hi]) => hi)) - (r.from ?? 0);
  const kept = BigInt.asUintN(top + 1, value);
  const ones = BigInt.asUintN(64, -1n << BigInt(top + 1));
  const negative = (kept >> BigInt(top)) & 1n;
  switch (r.above) {
    case 'zeros':
      return kept;
    case 'sign':
      return negative === 1n ? kept | ones : kept;
    case 'ones':
      return kept | ones;
    case 'float':
      return random() % 2n === 0n ? kept | ones : value;
  }
}

function compare(
  context: Context,
  relation: FunctionRelation,
  block: number | undefined,
  a: Done,
  b: Done,
): string | undefined {
  const [x, y] = [a.outcome, b.outcome];
  if (x.calls.length !== y.calls.length) return `${x.calls.length} calls and ${y.calls.length}`;
  for (const [i, call] of x.calls.entries()) {
    const other = y.calls[i];
    if (other === undefined || other.callee !== call.callee) return `calls ${call.callee} and ${other?.callee}`;
    const found = atCall(context, call.callee, call.state, other.state);
    if (found !== undefined) return `at the call of ${call.callee}: ${found}`;
  }
  if (x.ending.kind !== y.ending.kind) return `${x.ending.kind} and ${y.ending.kind}`;
  const changed = untouched(context, x.state, y.state);
  if (x.ending.kind === 'trap') {
    if (y.ending.kind === 'trap' && x.ending.what !== y.ending.what) return `${x.ending.what} and ${y.ending.what}`;
    return memory(x.state, y.state, 0n);
  }
  if (changed !== undefined) return changed;
  const sp = x.state.number(context.isas.target.stackPointer);
  switch (x.ending.kind) {
    case 'label': {
      const reached = relation.blocks.find((r) => a.labels.includes(r.target) && b.labels.includes(r.target));
      if (reached === undefined) return `ends at ${a.labels} and ${b.labels}`;
      const told = toldBy(context, x.calls.at(-1)?.callee);
      return registers(reached.relation, x.state, y.state, told) ?? memory(x.state, y.state, 0n);
    }
    case 'outside':
      if (y.ending.kind === 'outside' && x.ending.name !== y.ending.name)
        return `to ${x.ending.name} and ${y.ending.name}`;
      if (x.state.number(context.claim.pair.link) !== y.state.number(context.claim.pair.link))
        return 'the return address';
      return atCall(context, x.ending.name, x.state, y.state);
    case 'return':
    case 'indirect': {
      const target = y.ending.kind === x.ending.kind ? y.ending.target : undefined;
      if (target !== x.ending.target) return 'the address gone to';
      const found =
        x.ending.kind === 'return'
          ? atReturn(context, relation, block, x.state, y.state)
          : atIndirect(context, relation, block, x.state, y.state);
      return found ?? memory(x.state, y.state, x.ending.kind === 'return' ? sp : 0n);
    }
    default:
      return undefined;
  }
}

function untouched(context: Context, a: Numbers, b: Numbers): string | undefined {
  const { pair } = context.claim;
  const all = [
    ...pair.untouched,
    { loc: context.isas.target.stackPointer, bits: 64 },
    { loc: context.isas.target.threadPointer, bits: 64 },
  ];
  return all.find(({ loc, bits }) => low(a, loc, bits) !== low(b, loc, bits))?.loc;
}

const low = (n: Numbers, loc: string, bits: number): bigint => BigInt.asUintN(bits, n.number(loc));

/** The first of these registers of which the bits that count differ. */
function sameBits(
  context: Context,
  wanted: Iterable<readonly [string, Bits]>,
  place: (r: string) => string | undefined,
  a: Numbers,
  b: Numbers,
): string | undefined {
  for (const [r, bits] of wanted) {
    const { homes, highHomes, boxed } = context.claim.pair;
    const loc = place(r) ?? homes[r];
    if (loc !== undefined && ((a.number(loc) ^ b.number(loc)) & bits) !== 0n) {
      // A float is as good as what it was made of.
      if (boxed?.includes(r) !== true || !sameFloat(a.number(loc), b.number(loc))) return `${r} in ${loc}`;
    }
    const high = bits >> 64n === 0n ? undefined : highHomes?.[r];
    if (high !== undefined && ((a.number(high) ^ b.number(high)) & (bits >> 64n)) !== 0n) return `${r} in ${high}`;
  }
  return undefined;
}

const UPPER = 0xffffffffn << 32n;
const sameFloat = (a: bigint, b: bigint): boolean =>
  BigInt.asUintN(32, a) === BigInt.asUintN(32, b) && ((b & UPPER) === UPPER || (a & UPPER) === UPPER);

function atCall(context: Context, callee: string, a: Numbers, b: Numbers): string | undefined {
  const known = context.claim.functions.find((f) => f.target === callee);
  const outside = Object.entries(context.claim.pair.argumentBits).map(([r, n]) => [r, lowest(n)] as const);
  const wanted = known === undefined ? outside : entryBits(known);
  const sp = a.number(context.isas.target.stackPointer);
  return untouched(context, a, b) ?? sameBits(context, wanted, () => undefined, a, b) ?? memory(a, b, sp);
}

function atReturn(
  context: Context,
  relation: FunctionRelation,
  block: number | undefined,
  a: Numbers,
  b: Numbers,
): string | undefined {
  const { pair } = context.claim;
  const code = context.sourceCode(relation);
  const wanted = new Map(needsOf(context, code, relation.convention).read);
  for (const r of pair.calleeSaved) wanted.set(r, lowest(64));
  const abi = relation.convention === 'abi';
  if (abi) {
    const defined = mayBeDefined(context.source, code, block ?? 0);
    for (const r of Object.keys(pair.results)) if (defined(r)) wanted.set(r, lowest(r.startsWith('xmm') ? 128 : 64));
  }
  return sameBits(context, wanted, (r) => (abi ? pair.results[r] : undefined), a, b);
}

function atIndirect(
  context: Context,
  relation: FunctionRelation,
  block: number | undefined,
  a: Numbers,
  b: Numbers,
): string | undefined {
  const source = context.sourceCode(relation).blocks[block ?? 0];
  for (const s of source?.successors ?? []) {
    const found = relation.blocks[s] && registers(relation.blocks[s].relation, a, b);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a relation lets the source know of the target's state. */
/** What the callee of the last call leaves anything definite in, where there was a call since the cut point. */
function toldBy(context: Context, callee: string | undefined): ((register: string) => boolean) | undefined {
  if (callee === undefined) return undefined;
  const { pair } = context.claim;
  // What a function of the file gives its callers may be more than results.
  if (context.target.functionAt(callee) !== undefined) return undefined;
  return (register) => register in pair.results || pair.calleeSaved.includes(register);
}

function registers(
  relation: Relation,
  a: Numbers,
  b: Numbers,
  told: (register: string) => boolean = () => true,
): string | undefined {
  for (const r of relation.registers) {
    if (!told(r.source)) continue;
    const from = r.from ?? 0;
    for (const [lo, hi] of r.bits) {
      const bits = (n: Numbers): bigint => BigInt.asUintN(hi - lo + 1, n.number(r.target) >> BigInt(lo - from));
      if (bits(a) !== bits(b)) return `bits ${lo} to ${hi} of ${r.target}`;
    }
    if (r.above === undefined || a.number(r.target) === b.number(r.target)) continue;
    if (r.above !== 'float' || !sameFloat(a.number(r.target), b.number(r.target)))
      return `the upper part of ${r.target}`;
  }
  for (const [flag, place] of Object.entries(relation.flags)) if (placed(place, a) !== placed(place, b)) return flag;
  return undefined;
}

function placed(place: FlagPlace, n: Numbers): bigint {
  switch (place.kind) {
    case 'flag':
      return n.number(place.flag);
    case 'bit':
      return (n.number(place.loc) >> BigInt(place.bit)) & 1n;
    case 'constant':
      return 0n;
    case 'pair': {
      const [x, y] = [n.number(place.flags[0]), n.number(place.flags[1])];
      return place.op === 'or' ? x | y : x ^ y;
    }
    case 'difference':
      return differenceTells(place, n);
    case 'comparison':
      return comparisonTells(place, n);
  }
}

function differenceTells({ of, left, right, width }: FlagPlace & { kind: 'difference' }, n: Numbers): bigint {
  const operand = (o: string | number): bigint =>
    BigInt.asUintN(width, typeof o === 'number' ? BigInt(o) : n.number(o));
  const [a, b] = [operand(left), operand(right)];
  const truth = (t: boolean): bigint => (t ? 1n : 0n);
  const difference = BigInt.asUintN(width, a - b);
  const exact = BigInt.asIntN(width, a) - BigInt.asIntN(width, b);
  switch (of) {
    case 'zero':
      return truth(a === b);
    case 'borrow':
      return truth(a < b);
    case 'sign':
      return difference >> BigInt(width - 1);
    case 'overflow':
      return truth(exact !== BigInt.asIntN(width, exact));
    case 'parity':
      return truth([...(difference & 0xffn).toString(2)].filter((d) => d === '1').length % 2 === 0);
  }
}

function comparisonTells({ of, left, right, width }: FlagPlace & { kind: 'comparison' }, n: Numbers): bigint {
  const view = new DataView(new ArrayBuffer(8));
  const [a, b] = [left, right].map((loc) => {
    view.setBigUint64(0, n.number(loc), true);
    return width === 64 ? view.getFloat64(0, true) : view.getFloat32(0, true);
  }) as [number, number];
  const unordered = Number.isNaN(a) || Number.isNaN(b);
  switch (of) {
    case 'equal':
      return a === b ? 1n : 0n;
    case 'unordered':
      return unordered ? 1n : 0n;
    case 'unordered or equal':
      return unordered || a === b ? 1n : 0n;
    case 'unordered or less':
      return unordered || a < b ? 1n : 0n;
  }
}

/** Bytes that differ, at or above `from`. */
function memory(a: Numbers, b: Numbers, from: bigint): string | undefined {
  if (a.seed !== b.seed) return 'memory after a call';
  for (const address of new Set([...a.written.keys(), ...b.written.keys()])) {
    if (address >= from && a.byte(address) !== b.byte(address)) return `the byte at ${address.toString(16)}`;
  }
  return undefined;
}
