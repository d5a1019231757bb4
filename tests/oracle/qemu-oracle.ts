// SPDX-License-Identifier: MIT
import { effectsOf, type Inst, type InstDef } from '../../src/asm/isa/define.ts';
import type { Effect } from '../../src/asm/isa/effect.ts';
import type { Isa } from '../../src/asm/isa/isa.ts';
import { isNumber, type MemOperand } from '../../src/asm/isa/operand.ts';
import { SymbolicState } from '../../src/asm/isa/state.ts';
import { Random } from '../../src/base/random.ts';
import { Evaluator } from '../../src/logic/evaluate.ts';
import { MEMORY, type Term } from '../../src/logic/term.ts';
import {
  AREA,
  AREA_SIZE,
  buildHarness,
  type Harness,
  type Input,
  type Output,
  type Platform,
  SYM,
  TLS_SYM,
  targetLabel,
  WIDE,
} from './qemu-harness.ts';
import { registersOf, type Shaping, shapesOf } from './qemu-shapes.ts';
import { generalFor } from './qemu-values.ts';

/** Runs every form of the registry under QEMU and compares what it does with what its meaning says. */

/** An instruction set, and what is particular to testing it. */
export interface Machine {
  readonly isa: Isa;
  readonly platform: Platform;
  readonly shaping: Shaping;
  /** Flags that are locations of one bit and share a slot, the first one highest. */
  readonly flags?: { readonly slot: string; readonly names: readonly string[] };
  /** Floating point has the most corners, and gets the most inputs. */
  readonly isFloat: (inst: Inst) => boolean;
  /** Whether the form faults where its access is not aligned; what is not ours to model is not tried. */
  readonly needsAlignment: (def: InstDef) => boolean;
  /** The low bits of `sym` that a relocation operator in a memory operand stands for. */
  readonly lowPart: (address: bigint) => bigint;
  /** A value for a floating-point or vector register; `previous` is what another operand has. */
  wideFor(inst: Inst, random: Random, previous: bigint | undefined): bigint;
  /** What else an instruction depends on, and the values it is tried with; `common` are those of all other instructions. */
  readonly modes?: {
    readonly common: ReadonlyMap<string, bigint>;
    of(inst: Inst, random: Random): ReadonlyMap<string, bigint>;
  };
  /** Whether what the manual leaves open for the form is zero on this emulator, and compared. */
  readonly isSettled?: (def: InstDef) => boolean;
  /** Inputs on which the emulator is known to be wrong. */
  readonly isFaulty?: (inst: Inst, values: ReadonlyMap<string, bigint>) => boolean;
  /** An instruction that has to come before: an exclusive store succeeds only after the exclusive load. */
  before(inst: Inst, text: string): string;
}

export interface FormReport {
  readonly id: string;
  checked: number;
  differing: number;
  /** The first differences, in words. */
  readonly examples: string[];
  /** Why shapes of it were not run: the assembler's words. */
  readonly rejected: string[];
}

export interface OracleOptions {
  readonly seed: number;
  /** Instructions tried for each form. */
  readonly shapes: number;
  /** Inputs for each instruction. */
  readonly inputs: number;
}

/** An instruction with its meaning over variables named as the locations. */
interface Case {
  readonly stub: number;
  readonly inst: Inst;
  readonly text: string;
  readonly report: FormReport;
  readonly effects: readonly Effect[];
  /** Everything to evaluate, in the order of `effects`; undefined where the manual leaves the value open. */
  readonly terms: readonly (Term | undefined)[];
  readonly variables: readonly Term[];
  /** The register that a jump takes its target from, and what it adds to it. */
  readonly jumpsTo: { readonly loc: string; readonly offset: bigint } | undefined;
}

const IMAGES = 8;

function termsOf(e: Effect): Term[] {
  switch (e.kind) {
    case 'set':
      return [e.value];
    case 'store':
      return [e.address, e.value];
    case 'jump':
      return e.condition === undefined ? [e.target] : [e.target, e.condition];
    case 'system':
      return [e.number, ...e.arguments];
    case 'trap':
      return e.condition === undefined ? [] : [e.condition];
    case 'call':
    case 'return':
      return [e.target];
    case 'repeat':
      return [e.condition];
  }
}

/** Undefined where an instruction jumps to address zero (`br xzr`), which nothing can catch. */
function meaningOf(
  { isa, isSettled }: Machine,
  inst: Inst,
  stub: number,
): Pick<Case, 'effects' | 'terms' | 'variables' | 'jumpsTo'> | undefined {
  const state = new SymbolicState(isa, '');
  state.nextLabel = `next${stub}`;
  const effects = effectsOf(inst, state);
  let jumpsTo: Case['jumpsTo'];
  let isRunnable = true;
  for (const e of effects) {
    const target = e.kind === 'jump' || e.kind === 'call' || e.kind === 'return' ? e.target : undefined;
    jumpsTo = target === undefined ? jumpsTo : registerTarget(target);
    if (target?.op === 'const') isRunnable = false;
  }
  if (!isRunnable) return undefined;
  const terms = effects.flatMap(termsOf);
  const settled = isSettled?.(inst.def) === true;
  const isOpen = (t: Term): boolean => !settled && variablesOf([t]).some((v) => v.name.startsWith('undefined.'));
  return {
    effects,
    terms: terms.map((t) => (isOpen(t) ? undefined : t)),
    variables: variablesOf(terms),
    jumpsTo,
  };
}

function registerTarget(target: Term): Case['jumpsTo'] {
  const isRegister = (t: Term): boolean => t.op === 'var' && /^x\d+$/.test(t.name);
  if (isRegister(target)) return { loc: target.name, offset: 0n };
  if (target.op !== 'add') return undefined;
  const base = target.args.find(isRegister);
  const offset = target.args.find((t) => t.op === 'const');
  return base === undefined || offset === undefined ? undefined : { loc: base.name, offset: offset.value };
}

function variablesOf(terms: readonly Term[]): Term[] {
  const seen = new Set<Term>();
  const todo = [...terms];
  for (let t = todo.pop(); t !== undefined; t = todo.pop()) {
    if (seen.has(t)) continue;
    seen.add(t);
    todo.push(...t.args);
  }
  return [...seen].filter((t) => t.op === 'var');
}

/** The registers of the memory operand so that the access falls into the area. */
function placeMemory(
  machine: Machine,
  m: MemOperand,
  aligned: boolean,
  values: Map<string, bigint>,
  random: Random,
  harness: Harness,
): void {
  if (m.base === undefined || m.base.loc === 'zero') return;
  let target = AREA + 1024n + BigInt(random.below(2048));
  if (aligned || random.chance(0.6)) target &= ~15n;
  let offset = 0n;
  if (m.mode !== 'post') {
    if (m.index !== undefined) {
      const raw = m.index.loc === 'zero' ? 0n : (values.get(m.index.loc) ?? generalFor(random, undefined));
      if (m.index.loc !== 'zero') values.set(m.index.loc, raw);
      const narrow = BigInt.asUintN(m.index.width, raw);
      const wide = m.extend === 'sxtw' ? BigInt.asIntN(32, narrow) : narrow;
      offset = wide << BigInt(m.amount ?? 0);
    } else if (isNumber(m.disp)) offset = m.disp.offset;
    else offset = machine.lowPart((m.disp.plus === TLS_SYM ? harness.tlsOffset : SYM) + m.disp.offset);
  }
  const base = BigInt.asUintN(64, target - offset);
  values.set(m.base.loc, m.base.class === 'sp' ? base & ~15n : base);
}

function inputFor(machine: Machine, c: Case, random: Random, harness: Harness): Input {
  const values = new Map<string, bigint>();
  const { platform, flags } = machine;
  let lastWide: bigint | undefined;
  let lastGeneral: bigint | undefined;
  const fill = (loc: string): void => {
    if (values.has(loc) || loc === 'zero') return;
    if (platform.slotOf(loc) >= WIDE) {
      lastWide = machine.wideFor(c.inst, random, lastWide);
      const width = machine.isa.locations.find((l) => l.name === loc)?.width ?? 128;
      values.set(loc, BigInt.asUintN(width, lastWide));
    } else {
      lastGeneral = generalFor(random, lastGeneral);
      values.set(loc, lastGeneral);
    }
  };
  const aligned = machine.needsAlignment(c.inst.def);
  for (const e of c.effects) {
    // A number that no system call has: any other might do something.
    if (e.kind === 'system') values.set(e.number.name, 0x7fff_f000n + BigInt(random.below(16)));
  }
  for (const o of c.inst.ops) if (o.kind === 'mem') placeMemory(machine, o, aligned, values, random, harness);
  for (const o of c.inst.ops) for (const r of registersOf(o)) fill(r.loc);
  for (const [loc, value] of machine.modes?.of(c.inst, random) ?? []) values.set(loc, value);
  if (flags !== undefined) values.set(flags.slot, random.bits(flags.names.length));
  if (c.jumpsTo !== undefined) {
    values.set(c.jumpsTo.loc, BigInt.asUintN(64, harness.exitTaken - c.jumpsTo.offset));
  }
  return { stub: c.stub, image: random.below(IMAGES), overrides: values };
}

/** What an input gives, told apart from the common state only where it differs. */
interface Expected {
  readonly exit: number;
  readonly changed: Map<string, bigint>;
  readonly bytes: Map<number, number>;
  /** Locations that the meaning leaves undefined. */
  readonly undefined: ReadonlySet<string>;
}

function expectedFrom(machine: Machine, c: Case, env: Environment, image: Uint8Array): Expected {
  const { slot: flagSlot, names: flagNames } = machine.flags ?? { slot: '', names: [] };
  const evaluator = evaluatorFor(machine, c, env, image);
  const values = c.terms.map((t) => (t === undefined ? undefined : evaluator.value(t)));
  let at = 0;
  const next = (): bigint | undefined => values[at++];
  const changed = new Map<string, bigint>();
  const bytes = new Map<number, number>();
  const unknown = new Set<string>();
  let exit = 0;
  let flags = flagSlot === '' ? 0n : env.location(flagSlot);
  for (const e of c.effects) {
    switch (e.kind) {
      case 'set': {
        const value = next();
        const flag = flagNames.indexOf(e.loc);
        const bit = BigInt(flagNames.length - 1 - flag);
        if (value === undefined) unknown.add(flag < 0 ? e.loc : flagSlot);
        else if (flag < 0) changed.set(e.loc, value);
        else flags = (flags & ~(1n << bit)) | (value << bit);
        break;
      }
      case 'store': {
        const address = next() ?? 0n;
        const value = next() ?? 0n;
        for (let i = 0; i < e.value.width / 8; i++) {
          bytes.set(Number(address - AREA) + i, Number((value >> BigInt(8 * i)) & 255n));
        }
        break;
      }
      case 'jump': {
        next();
        if (e.condition === undefined || next() === 1n) exit = 1;
        break;
      }
      case 'call':
      case 'return':
        next();
        exit = 1;
        break;
      case 'trap':
        if (e.condition === undefined || next() === 1n) exit = 5;
        break;
      case 'repeat':
        throw new Error(`${c.inst.def.id} repeats`);
    }
  }
  if (flagSlot !== '') changed.set(flagSlot, flags);
  for (const [loc, value] of changed) if (value === env.location(loc)) changed.delete(loc);
  for (const [offset, value] of bytes) if (image[offset] === value) bytes.delete(offset);
  return { exit, changed, bytes, undefined: unknown };
}

const hex = (x: bigint | undefined): string => (x === undefined ? 'unchanged' : `0x${x.toString(16)}`);

/** The differences in words; empty when there are none. */
function compare(machine: Machine, ours: Expected, theirs: Output): string[] {
  const found: string[] = [];
  const trapped = ours.exit === 5 && (theirs.exit === 4 || theirs.exit === 5);
  if (ours.exit !== theirs.exit && !trapped) found.push(`exit: ours ${ours.exit}, QEMU's ${theirs.exit}`);
  for (const loc of new Set([...ours.changed.keys(), ...theirs.changed.keys()])) {
    if (machine.shaping.reserved.includes(loc) || ours.undefined.has(loc)) continue;
    const [a, b] = [ours.changed.get(loc), theirs.changed.get(loc)];
    if (a !== b) found.push(`${loc}: ours ${hex(a)}, QEMU's ${hex(b)}`);
  }
  for (const offset of new Set([...ours.bytes.keys(), ...theirs.bytes.keys()])) {
    const [a, b] = [ours.bytes.get(offset), theirs.bytes.get(offset)];
    if (a !== b) found.push(`memory at ${offset}: ours ${a ?? 'unchanged'}, QEMU's ${b ?? 'unchanged'}`);
  }
  return found;
}

function randomImage(random: Random): Uint8Array {
  const image = new Uint8Array(AREA_SIZE);
  const view = new DataView(image.buffer);
  for (let at = 0; at < AREA_SIZE; at += 8) view.setBigUint64(at, generalFor(random, undefined), true);
  return image;
}

function randomState({ isa, platform, flags, modes }: Machine, random: Random): Map<string, bigint> {
  const common = new Map<string, bigint>();
  for (const loc of platform.locations) {
    const width = isa.locations.find((l) => l.name === loc)?.width ?? flags?.names.length ?? 0;
    common.set(loc, random.bits(width));
  }
  common.set(isa.stackPointer, AREA + 2048n);
  for (const [loc, value] of modes?.common ?? []) common.set(loc, value);
  return common;
}

/** What an input says of locations and of symbols. */
interface Environment {
  location(loc: string): bigint;
  readonly harness: Harness;
}

function environment(common: ReadonlyMap<string, bigint>, input: Input, harness: Harness): Environment {
  return {
    location: (loc) => input.overrides.get(loc) ?? common.get(loc) ?? 0n,
    harness,
  };
}

/** The value of a variable that is not a location: the address of a symbol. The thread pointer counts as 0. */
function symbolValue(name: string, env: Environment): bigint {
  if (name === `tls&${TLS_SYM}`) return env.harness.tlsOffset;
  if (name === 'tp') return 0n;
  const symbol = name.startsWith('&') ? name.slice(1) : '';
  if (symbol === 'sym') return SYM;
  const stub = Number(symbol.replace(/^\D+/, ''));
  if (symbol === targetLabel(stub)) return env.harness.targetAddress(stub);
  if (symbol === `next${stub}`) return env.harness.nextAddress(stub);
  throw new Error(`the variable ${name} has no value here`);
}

function variableValue({ flags, platform }: Machine, name: string, env: Environment): bigint {
  const flag = flags?.names.indexOf(name) ?? -1;
  if (flags !== undefined && flag >= 0) return (env.location(flags.slot) >> BigInt(flags.names.length - 1 - flag)) & 1n;
  if (name.startsWith('undefined.')) return 0n;
  return platform.locations.includes(name) ? env.location(name) : symbolValue(name, env);
}

function evaluatorFor(machine: Machine, c: Case, env: Environment, image: Uint8Array): Evaluator {
  const values = new Map<Term, bigint>();
  const memories = new Map<Term, (address: bigint) => number>();
  const byte = (address: bigint): number => image[Number(BigInt.asUintN(64, address - AREA))] ?? 0;
  for (const v of c.variables) {
    if (v.width === MEMORY) memories.set(v, byte);
    else values.set(v, variableValue(machine, v.name, env));
  }
  return new Evaluator({ values, memories });
}

/** How many inputs a case deserves: floating point has the most corners, and a form with few shapes wants more of each. */
function inputsFor(machine: Machine, c: Case, base: number, shapes: number): number {
  return Math.max(4, Math.ceil((base * (machine.isFloat(c.inst) ? 4 : 1) * 4) / Math.max(1, shapes)));
}

export function runOracle(machine: Machine, forms: readonly InstDef[], options: OracleOptions): FormReport[] {
  const { isa } = machine;
  const random = new Random(options.seed);
  const cases: Case[] = [];
  const reports: FormReport[] = [];
  const counts = new Map<FormReport, number>();
  for (const def of forms) {
    const report: FormReport = { id: def.id, checked: 0, differing: 0, examples: [], rejected: [] };
    reports.push(report);
    const shapes = shapesOf(def, machine.shaping, random, options.shapes);
    counts.set(report, shapes.length);
    for (const shape of shapes) {
      const stub = cases.length;
      const inst = shape(targetLabel(stub));
      const meaning = meaningOf(machine, inst, stub);
      if (meaning !== undefined) cases.push({ stub, inst, text: isa.printInst(inst, 'gnu'), report, ...meaning });
    }
  }
  const harness = buildHarness(
    machine.platform,
    cases.map((c) => ({ before: machine.before(c.inst, c.text), text: c.text })),
  );
  try {
    for (const [stub, words] of harness.rejected) {
      const c = cases[stub];
      c?.report.rejected.push(`${c.text}: ${words}`);
    }
    const common = randomState(machine, random);
    const images = Array.from({ length: IMAGES }, () => randomImage(random));
    const live = cases.filter((c) => !harness.rejected.has(c.stub));
    const runs = live.flatMap((c) => {
      const count = inputsFor(machine, c, options.inputs, counts.get(c.report) ?? 1);
      const runs = Array.from({ length: count }, () => ({ c, input: inputFor(machine, c, random, harness) }));
      return runs.filter(({ input }) => machine.isFaulty?.(c.inst, input.overrides) !== true);
    });
    const outputs = harness.run(
      common,
      images,
      runs.map((r) => r.input),
    );
    runs.forEach(({ c, input }, i) => {
      const output = outputs[i];
      const image = images[input.image];
      if (output === undefined || image === undefined) throw new Error('an output is missing');
      const differences = compare(
        machine,
        expectedFrom(machine, c, environment(common, input, harness), image),
        output,
      );
      c.report.checked++;
      if (differences.length === 0) return;
      c.report.differing++;
      if (c.report.examples.length < 3) c.report.examples.push(describe(c, input, differences));
    });
  } finally {
    harness.close();
  }
  return reports;
}

function describe(c: Case, input: Input, differences: readonly string[]): string {
  const inputs = [...input.overrides].map(([loc, value]) => `${loc}=${hex(value)}`).join(' ');
  return `${c.text}\n    ${inputs}\n    ${differences.slice(0, 6).join('\n    ')}`;
}
