// SPDX-License-Identifier: MIT
import type { RuntimeContract } from '../../src/asm/abi/contract.ts';
import { effectsOf } from '../../src/asm/isa/define.ts';
import type { State } from '../../src/asm/isa/effect.ts';
import type { Isa } from '../../src/asm/isa/isa.ts';
import type { Expr } from '../../src/asm/isa/operand.ts';
import { SymbolicState } from '../../src/asm/isa/state.ts';
import type { FunctionCode } from '../../src/asm/program/types.ts';
import { bv } from '../../src/logic/build.ts';
import { Evaluator } from '../../src/logic/evaluate.ts';
import type { Term } from '../../src/logic/term.ts';

/**
 * Runs target code on numbers, one instruction after the other, until it leaves: what it did is what one can see of it.
 * It shares nothing with the checker but the meanings of instructions.
 */

export type Ending =
  | { readonly kind: 'label'; readonly index: number }
  | { readonly kind: 'return' | 'indirect'; readonly target: bigint }
  | { readonly kind: 'outside'; readonly name: string }
  | { readonly kind: 'trap'; readonly what: string }
  | { readonly kind: 'stuck'; readonly why: string };

/** The state at a call, before it was carried out. */
export interface CallEvent {
  readonly callee: string;
  readonly state: Numbers;
}

export interface Outcome {
  readonly ending: Ending;
  readonly calls: readonly CallEvent[];
  readonly state: Numbers;
}

/** A state of numbers. Memory that was never written holds bytes by a hash of `seed` and the address. */
export class Numbers implements State {
  readonly values: Map<string, bigint>;
  readonly written: Map<bigint, number>;
  seed: bigint;
  nextLabel = '';
  private readonly isa: Isa;

  constructor(isa: Isa, values: ReadonlyMap<string, bigint>, seed: bigint, written?: ReadonlyMap<bigint, number>) {
    this.isa = isa;
    this.values = new Map(values);
    this.seed = seed;
    this.written = new Map(written);
  }

  copy(): Numbers {
    return new Numbers(this.isa, this.values, this.seed, this.written);
  }

  number(loc: string): bigint {
    return this.values.get(loc) ?? 0n;
  }

  byte(address: bigint): number {
    return this.written.get(address) ?? Number(hash(this.seed, address) & 0xffn);
  }

  get(loc: string): Term {
    const width = this.isa.locations.find((l) => l.name === loc)?.width ?? 64;
    return bv(width, this.number(loc));
  }

  load(address: Term, bytes: number): Term {
    const slot = this.isa.slot(address, bytes);
    if (slot !== undefined) return bv(slot.width, numberOf(slot));
    const at = numberOf(address);
    let value = 0n;
    for (let i = bytes - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.byte(BigInt.asUintN(64, at + BigInt(i))));
    return bv(bytes * 8, value);
  }

  symbol(expression: Expr): Term {
    return this.isa.symbol(expression);
  }

  next(): Term {
    return bv(64, hashText(this.nextLabel));
  }

  undefined(width: number): Term {
    return bv(width, 0);
  }

  store(address: bigint, value: bigint, bytes: number): void {
    for (let i = 0; i < bytes; i++) {
      this.written.set(BigInt.asUintN(64, address + BigInt(i)), Number((value >> BigInt(8 * i)) & 0xffn));
    }
  }
}

export function hash(a: bigint, b: bigint): bigint {
  let h = BigInt.asUintN(64, (a ^ (b * 0x9e3779b97f4a7c15n)) * 0xbf58476d1ce4e5b9n);
  h ^= h >> 27n;
  return BigInt.asUintN(64, h * 0x94d049bb133111ebn);
}

export function hashText(text: string): bigint {
  let h = 7n;
  for (const c of text) h = hash(h, BigInt(c.codePointAt(0) ?? 0));
  return h;
}

/** A term without locations as a number; symbols are where a hash of their names puts them. */
export function numberOf(t: Term): bigint {
  if (t.op === 'const') return t.value;
  const values = new Map<Term, bigint>();
  const seen = new Set([t]);
  for (const s of seen) {
    if (s.op === 'var') values.set(s, BigInt.asUintN(48, hashText(s.name)) & ~0xfffn);
    for (const a of s.args) seen.add(a);
  }
  return new Evaluator({ values }).value(t);
}

export interface World {
  readonly isa: Isa;
  isEnd(index: number): boolean;
  readonly contracts: ReadonlyMap<string, RuntimeContract>;
  readonly traps: Readonly<Record<string, string>>;
  /** How many low bits of a location a call leaves as they were; everything else is lost. */
  readonly preserved: ReadonlyMap<string, number>;
}

const LONGEST = 2000;

export function run(code: FunctionCode, from: number, start: Numbers, world: World): Outcome {
  const calls: CallEvent[] = [];
  const state = start.copy();
  let index = from;
  const end = (ending: Ending): Outcome => ({ ending, calls, state });
  for (let steps = 0; steps < LONGEST; steps++) {
    if (steps > 0 && world.isEnd(index)) return end({ kind: 'label', index });
    const inst = code.insts[index];
    if (inst === undefined) return end({ kind: 'stuck', why: 'past the end' });
    state.nextLabel = 'after';
    const effects = effectsOf(inst, state).map((e) => ({
      ...e,
      ...('condition' in e && e.condition !== undefined ? { taken: numberOf(e.condition) === 1n } : { taken: true }),
    }));
    const numbers = effects.map((e) => (e.kind === 'set' || e.kind === 'store' ? numberOf(e.value) : 0n));
    const addresses = effects.map((e) => (e.kind === 'store' ? numberOf(e.address) : 0n));
    effects.forEach((e, i) => {
      if (e.kind === 'store') state.store(addresses[i] ?? 0n, numbers[i] ?? 0n, e.value.width / 8);
    });
    effects.forEach((e, i) => {
      if (e.kind === 'set') state.values.set(e.loc, numbers[i] ?? 0n);
    });
    index++;
    for (const e of effects) {
      if (!e.taken || e.kind === 'set' || e.kind === 'store') continue;
      if (e.kind === 'trap') return end({ kind: 'trap', what: e.what });
      if (e.kind === 'repeat') return end({ kind: 'stuck', why: 'repeat' });
      if (e.kind === 'return') return end({ kind: 'return', target: numberOf(e.target) });
      if (e.kind === 'system') return end({ kind: 'stuck', why: 'system call' });
      const name = e.target.op === 'var' ? e.target.name.slice(1) : undefined;
      const trap = name === undefined ? undefined : world.traps[name];
      if (trap !== undefined) return end({ kind: 'trap', what: trap });
      if (e.kind === 'call') {
        const contract = name === undefined ? undefined : world.contracts.get(name);
        if (contract !== undefined) carryOut(contract, state, world.isa);
        else {
          calls.push({ callee: name ?? `at ${numberOf(e.target)}`, state: state.copy() });
          loseAll(state, world, calls.length);
        }
        continue;
      }
      const label = name === undefined ? undefined : code.indexOfLabel.get(name);
      if (label !== undefined) index = label;
      else if (name !== undefined) return end({ kind: 'outside', name });
      else return end({ kind: 'indirect', target: numberOf(e.target) });
      break;
    }
  }
  return end({ kind: 'stuck', why: 'too long' });
}

function carryOut(contract: RuntimeContract, state: Numbers, isa: Isa): void {
  const symbolic = new SymbolicState(isa, '');
  for (const { name } of isa.locations) symbolic.values.set(name, state.get(name));
  contract.apply(symbolic);
  for (const [loc, value] of symbolic.values) state.values.set(loc, numberOf(value));
  for (const loc of contract.clobbers) state.values.set(loc, 0x5555n);
}

/** What a call does to a state: the same to every state, but for what it preserves. */
function loseAll(state: Numbers, world: World, call: number): void {
  for (const { name, width } of world.isa.locations) {
    const bits = world.preserved.get(name) ?? 0;
    if (bits >= width) continue;
    const lost = BigInt.asUintN(width, hash(BigInt(call), hashText(name)) * 0x10001000300070001n);
    const kept = BigInt.asUintN(bits, state.number(name));
    state.values.set(name, ((lost >> BigInt(bits)) << BigInt(bits)) | kept);
  }
  state.written.clear();
  state.seed = hash(state.seed, BigInt(call));
}
