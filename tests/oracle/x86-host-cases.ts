// SPDX-License-Identifier: MIT

import { effectsOf, type Inst, type InstDef } from '../../src/asm/isa/define.ts';
import type { Effect } from '../../src/asm/isa/effect.ts';
import type { Isa } from '../../src/asm/isa/isa.ts';
import type { Operand } from '../../src/asm/isa/operand.ts';
import { SymbolicState } from '../../src/asm/isa/state.ts';
import { must } from '../../src/base/assert.ts';
import type { Random } from '../../src/base/random.ts';
import type { Term } from '../../src/logic/term.ts';
import {
  AREA,
  AREA_SIZE,
  FLAG_BITS,
  GPR_ORDER,
  type Input,
  PATCHES,
  type Patch,
  XMM_ORDER,
} from './x86-host-machine.ts';
import { gprValue, vectorValue } from './x86-host-values.ts';
import { locationOf, PREFIX, variablesOf, type World } from './x86-host-world.ts';

/** One instruction with its operands, its number in the harness, and what our meaning says it does. */
export interface Case {
  readonly inst: Inst;
  readonly test: number;
  readonly effects: readonly Effect[];
  /** Every access to memory, loads first, as addresses over the state before the instruction. */
  readonly accesses: readonly { readonly address: Term; readonly bytes: number; readonly load: boolean }[];
  /** Every variable of the effects. */
  readonly variables: readonly Term[];
}

export function makeCase(isa: Isa, def: InstDef, ops: readonly Operand[], test: number): Case {
  const inst: Inst = { def, ops };
  const state = new SymbolicState(isa, PREFIX);
  state.nextLabel = `next_${test}`;
  const effects = effectsOf(inst, state);
  const accesses = state.accesses.map((a) => ({ address: a.address, bytes: a.bytes, load: true }));
  for (const e of effects) {
    if (e.kind === 'store') accesses.push({ address: e.address, bytes: e.value.width / 8, load: false });
  }
  return { inst, test, effects, accesses, variables: [...new Set(effects.flatMap(termsOf).flatMap(variablesOf))] };
}

function termsOf(e: Effect): Term[] {
  switch (e.kind) {
    case 'set':
      return [e.value];
    case 'store':
      return [e.address, e.value];
    case 'call':
    case 'return':
      return [e.target];
    case 'jump':
      return e.condition === undefined ? [e.target] : [e.target, e.condition];
    case 'system':
      return [e.number, ...e.arguments];
    case 'trap':
    case 'repeat':
      return e.condition === undefined ? [] : [e.condition];
  }
}

/** Where an access is put: away from the area's ends, aligned where 16 bytes are accessed. */
function place(c: Case, bytes: number, random: Random): bigint {
  const free = bytes < 16 || /mov[au]?pu|movup|movdqu|lddqu/.test(c.inst.def.id);
  const offset = 1024 + random.below(2048);
  const aligned = free ? random.pick([1, 8]) : 16;
  return AREA + BigInt(offset - (offset % aligned));
}

/**
 * Solves `address = wanted` for one of the registers it depends on that are not fixed yet. Addresses are sums of
 * registers, of which at most one is scaled and all may be cut to 32 bits.
 */
function steer(
  address: Term,
  wanted: bigint,
  state: Map<string, bigint>,
  fixed: ReadonlySet<string>,
  world: World,
): string | undefined {
  const at = (name: string, value: bigint): bigint => world.value(address, new Map(state).set(name, value));
  const names = variablesOf(address)
    .flatMap((v) => locationOf(v) ?? [])
    .sort((a, b) => Number(a.endsWith('base')) - Number(b.endsWith('base')));
  for (const name of names) {
    if (fixed.has(name)) continue;
    const zero = at(name, 0n);
    const scale = at(name, 1n) - zero;
    if (scale !== 1n && scale !== 2n && scale !== 4n && scale !== 8n) continue;
    const distance = BigInt.asUintN(64, wanted - zero);
    if (distance % scale !== 0n) continue;
    for (const value of [distance / scale, BigInt.asUintN(32, distance) / scale]) {
      if (at(name, value) !== wanted || (name.endsWith('base') && value >> 46n !== 0n)) continue;
      // Keep what was random above an address of 32 bits.
      const noisy = ((state.get(name) ?? 0n) & ~0xffffffffn) | BigInt.asUintN(32, value);
      state.set(name, at(name, noisy) === wanted ? noisy : value);
      return name;
    }
  }
  return undefined;
}

const inArea = (address: bigint, bytes: number): boolean =>
  address >= AREA + 512n && address + BigInt(bytes) <= AREA + BigInt(AREA_SIZE) - 512n;

function bytesOf(value: bigint, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

/** A state in which this instruction can run here; undefined where its operands make that impossible. */
export function makeInput(c: Case, random: Random, world: World): Input | undefined {
  const { id } = c.inst.def;
  for (let tries = 0; tries < 20; tries++) {
    const state = randomState(random);
    if (/\.(?:rep|repe|repne)_[a-z]{4}\./.test(id)) state.set('rcx', BigInt(random.below(24)));
    if (/\.(?:j[re]cxz|loop)/.test(id) && random.chance(0.6)) {
      state.set('rcx', BigInt(random.below(3)) | (random.chance(0.3) ? random.bits(32) << 32n : 0n));
    }
    // A number that no system call has: any other might do something.
    if (/\.syscall\./.test(id)) state.set('rax', 0x7fff_f000n + BigInt(random.below(16)));
    if (/\.i?div\./.test(id)) tameDivision(state, random);
    for (const segment of segmentsOf(c)) state.set(segment, random.bits(46));
    const patches: Patch[] = [];
    const fixed = new Set<string>();
    const aimed = new Set<Term>();
    if (!aimBranch(c, state, fixed, aimed, patches, random, world)) continue;
    if (!aimAccesses(c, state, fixed, aimed, random, world)) continue;
    // Flags of which nothing is said, such as the trap flag, would do something.
    if (/\.popf\./.test(id)) patches.push(tameFlags(c, state, random, world));
    const seed = random.next() || 1;
    fillOperands(c, state, patches, random, world);
    return { test: c.test, seed, state, patches: patches.slice(0, PATCHES) };
  }
  return undefined;
}

/** Segment bases are set only where they matter: it takes system calls, and they must be addresses of user space. */
function segmentsOf(c: Case): string[] {
  const names = new Set(c.accesses.flatMap(({ address }) => variablesOf(address)).map(locationOf));
  return ['fsbase', 'gsbase'].filter((s) => names.has(s));
}

function randomState(random: Random): Map<string, bigint> {
  const state = new Map<string, bigint>();
  const common = gprValue(random);
  const equal = random.chance(0.2);
  for (const name of GPR_ORDER) state.set(name, equal && random.chance(0.5) ? common : gprValue(random));
  const vector = vectorValue(random);
  const alike = random.chance(0.25);
  for (const name of XMM_ORDER) state.set(name, alike && random.chance(0.5) ? vector : vectorValue(random));
  // Counts of vector shifts are 64 bits wide: small ones would hardly ever come up.
  if (random.chance(0.3)) {
    for (const name of XMM_ORDER) {
      if (random.chance(0.3))
        state.set(name, ((state.get(name) ?? 0n) & ~((1n << 64n) - 1n)) | BigInt(random.below(70)));
    }
  }
  for (const [name] of FLAG_BITS) state.set(name, BigInt(random.below(2)));
  return state;
}

/** Random dividends overflow nearly always: most are made the extension of rax. */
function tameDivision(state: Map<string, bigint>, random: Random): void {
  const rax = state.get('rax') ?? 0n;
  const choice = random.below(6);
  if (choice === 0) return;
  const width = random.pick([8, 16, 32, 64]);
  const negative = choice < 3 && BigInt.asIntN(width, rax) < 0n;
  if (choice === 5) state.set('rdx', BigInt(random.below(5)));
  else state.set('rdx', negative ? (1n << 64n) - 1n : 0n);
  if (width === 8) state.set('rax', (rax & ~0xff00n) | (negative ? 0xff00n : 0n));
}

/** Status flags at random, and the others as they are, where `popf` finds them. */
function tameFlags(c: Case, state: Map<string, bigint>, random: Random, world: World): Patch {
  const reached = world.value(must(c.accesses[0], 'an access').address, state);
  const word = (BigInt(random.below(0x1000)) & 0x8d5n) | ((state.get('df') ?? 0n) << 10n) | 0x202n;
  return { offset: Number(reached - AREA), bytes: bytesOf(word, 8) };
}

/** Makes an indirect branch go to the target label: through its register, or the memory it loads from. */
function aimBranch(
  c: Case,
  state: Map<string, bigint>,
  fixed: Set<string>,
  aimed: Set<Term>,
  patches: Patch[],
  random: Random,
  world: World,
): boolean {
  for (const e of c.effects) {
    if (e.kind !== 'jump' && e.kind !== 'call' && e.kind !== 'return') continue;
    const target = world.symbol(`target_${c.test}`);
    if (e.target.op === 'var' && e.target.name.startsWith(PREFIX)) {
      const name = e.target.name.slice(PREFIX.length);
      state.set(name, target);
      fixed.add(name);
    } else if (e.target.op === 'load') {
      const address = e.target.args[1];
      if (address === undefined) return false;
      const where = AREA + 1024n + BigInt(random.below(1024) * 2);
      const solved = steer(address, where, state, fixed, world);
      if (solved !== undefined) fixed.add(solved);
      aimed.add(address);
      const reached = world.value(address, state);
      if (!inArea(reached, 8)) return false;
      patches.push({ offset: Number(reached - AREA), bytes: bytesOf(target, 8) });
    }
  }
  return true;
}

function aimAccesses(
  c: Case,
  state: Map<string, bigint>,
  fixed: Set<string>,
  aimed: ReadonlySet<Term>,
  random: Random,
  world: World,
): boolean {
  for (const { address, bytes } of c.accesses) {
    if (aimed.has(address)) continue;
    const solved = steer(address, place(c, bytes, random), state, fixed, world);
    if (solved !== undefined) fixed.add(solved);
  }
  return c.accesses.every(({ address, bytes }) => inArea(world.value(address, state), bytes));
}

/** Edge values where the instruction reads memory; repetitive bytes where it compares or scans strings. */
function fillOperands(
  c: Case,
  state: ReadonlyMap<string, bigint>,
  patches: Patch[],
  random: Random,
  world: World,
): void {
  const text = /\.(?:\w+_)?(?:scas|cmps)\./.test(c.inst.def.id);
  for (const { address, bytes, load } of c.accesses) {
    if (!load || patches.length >= PATCHES || random.chance(0.1)) continue;
    const offset = Number(world.value(address, state) - AREA);
    if (patches.some((p) => offset < p.offset + p.bytes.length && p.offset < offset + 64)) continue;
    if (text) {
      const rax = bytesOf(state.get('rax') ?? 0n, 8);
      const around = Uint8Array.from({ length: 64 }, (_, i) =>
        random.chance(0.03) ? random.below(256) : (rax[(i + 64 - 32) % bytes] ?? 0),
      );
      patches.push({ offset: offset - 32, bytes: around });
    } else {
      const value = bytes <= 8 && random.chance(0.5) ? gprValue(random) : vectorValue(random);
      patches.push({ offset, bytes: bytesOf(value, Math.min(bytes, 16)) });
    }
  }
}
