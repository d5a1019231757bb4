// SPDX-License-Identifier: MIT
import { locations } from '../../src/asm/isa/aarch64/registers.ts';
import { effectsOf, type Inst, type InstDef } from '../../src/asm/isa/define.ts';
import type { Effect } from '../../src/asm/isa/effect.ts';
import type { Isa } from '../../src/asm/isa/isa.ts';
import { isNumber, type MemOperand } from '../../src/asm/isa/operand.ts';
import { SymbolicState } from '../../src/asm/isa/state.ts';
import { Evaluator } from '../../src/logic/evaluate.ts';
import { MEMORY, type Term } from '../../src/logic/term.ts';
import {
  AREA,
  AREA_SIZE,
  buildHarness,
  type Harness,
  type Input,
  LOCATIONS,
  nextAddress,
  type Output,
  SYM,
  TLS_SYM,
  targetAddress,
  targetLabel,
} from './a64-qemu-machine.ts';
import { registersOf, shapesOf } from './a64-qemu-shapes.ts';
import { generalFor, vectorFor, type Wanted } from './a64-qemu-values.ts';
import { Random } from './x86-host-values.ts';

/** Runs every form of the registry under QEMU and compares what it does with what its meaning says. */

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
  /** The registers that a jump takes its target from. */
  readonly jumpsTo: string | undefined;
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
  isa: Isa,
  inst: Inst,
  stub: number,
): Pick<Case, 'effects' | 'terms' | 'variables' | 'jumpsTo'> | undefined {
  const state = new SymbolicState(isa, '');
  state.nextLabel = `next${stub}`;
  const effects = effectsOf(inst, state);
  let jumpsTo: string | undefined;
  let isRunnable = true;
  for (const e of effects) {
    const target = e.kind === 'jump' || e.kind === 'call' || e.kind === 'return' ? e.target : undefined;
    if (target?.op === 'var' && /^x\d+$/.test(target.name)) jumpsTo = target.name;
    if (target?.op === 'const') isRunnable = false;
  }
  if (!isRunnable) return undefined;
  const terms = effects.flatMap(termsOf);
  const isOpen = (t: Term): boolean => variablesOf([t]).some((v) => v.name.startsWith('undefined.'));
  return {
    effects,
    terms: terms.map((t) => (isOpen(t) ? undefined : t)),
    variables: variablesOf(terms),
    jumpsTo,
  };
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

/** Which values suit the vector registers of a form: its lanes' width, and whether they are floating-point numbers. */
function wantedBy(inst: Inst): Wanted {
  const id = inst.def.id;
  const float = /^a64\.(f|[su]cvtf)/.test(id);
  for (const o of inst.ops) {
    if (o.kind === 'vec') return { lane: { b: 8, h: 16, s: 32, d: 64 }[o.arrangement.slice(-1)] ?? 0, float };
    if (o.kind === 'reg' && o.reg.class === 'fpr') return { lane: o.reg.width === 128 ? 0 : o.reg.width, float };
  }
  return { lane: 0, float };
}

/** The registers of the memory operand so that the access falls into the area. */
function placeMemory(
  m: MemOperand,
  aligned: boolean,
  values: Map<string, bigint>,
  random: Random,
  harness: Harness,
): void {
  if (m.base === undefined) return;
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
    else offset = (m.disp.plus === TLS_SYM ? harness.tlsOffset : SYM) & 0xfffn;
  }
  const base = BigInt.asUintN(64, target - offset);
  values.set(m.base.loc, m.base.loc === 'sp' ? base & ~15n : base);
}

/** Exclusive, ordered and atomic accesses fault when they are misaligned; what is not ours to model is not tried. */
const needsAlignment = (def: InstDef): boolean =>
  def.feature !== undefined || /^a64\.(ldx|ldax|ldar|stx|stlx|stlr)/.test(def.id);

function inputFor(c: Case, random: Random, harness: Harness): Input {
  const values = new Map<string, bigint>();
  const wanted = wantedBy(c.inst);
  let lastVector: bigint | undefined;
  let lastGeneral: bigint | undefined;
  const fill = (loc: string): void => {
    if (values.has(loc) || loc === 'zero') return;
    if (loc.startsWith('v')) {
      lastVector = vectorFor(random, wanted, lastVector);
      values.set(loc, lastVector);
    } else if (/^x\d|^sp$|^tpidr/.test(loc)) {
      lastGeneral = generalFor(random, lastGeneral);
      values.set(loc, lastGeneral);
    }
  };
  for (const o of c.inst.ops) if (o.kind === 'mem') placeMemory(o, needsAlignment(c.inst.def), values, random, harness);
  for (const o of c.inst.ops) for (const r of registersOf(o)) fill(r.loc);
  values.set('nzcv', BigInt(random.below(16)));
  if (c.jumpsTo !== undefined) values.set(c.jumpsTo, harness.exitTaken);
  return { stub: c.stub, image: random.below(IMAGES), overrides: values };
}

const FLAGS = ['n', 'z', 'c', 'v'];

/** What an input gives, told apart from the common state only where it differs. */
interface Expected {
  readonly exit: number;
  readonly changed: Map<string, bigint>;
  readonly bytes: Map<number, number>;
  /** Locations that the meaning leaves undefined. */
  readonly undefined: ReadonlySet<string>;
}

function expectedFrom(c: Case, env: Environment, image: Uint8Array): Expected {
  const evaluator = evaluatorFor(c, env, image);
  const values = c.terms.map((t) => (t === undefined ? undefined : evaluator.value(t)));
  let at = 0;
  const next = (): bigint | undefined => values[at++];
  const changed = new Map<string, bigint>();
  const bytes = new Map<number, number>();
  const unknown = new Set<string>();
  let exit = 0;
  let nzcv = env.location('nzcv');
  for (const e of c.effects) {
    switch (e.kind) {
      case 'set': {
        const value = next();
        const flag = FLAGS.indexOf(e.loc);
        if (value === undefined) unknown.add(flag < 0 ? e.loc : 'nzcv');
        else if (flag < 0) changed.set(e.loc, value);
        else nzcv = (nzcv & ~(8n >> BigInt(flag))) | (value << BigInt(3 - flag));
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
  changed.set('nzcv', nzcv);
  for (const [loc, value] of changed) if (value === env.location(loc)) changed.delete(loc);
  for (const [offset, value] of bytes) if (image[offset] === value) bytes.delete(offset);
  return { exit, changed, bytes, undefined: unknown };
}

const hex = (x: bigint | undefined): string => (x === undefined ? 'unchanged' : `0x${x.toString(16)}`);

/** The differences in words; empty when there are none. */
function compare(ours: Expected, theirs: Output): string[] {
  const found: string[] = [];
  const trapped = ours.exit === 5 && (theirs.exit === 4 || theirs.exit === 5);
  if (ours.exit !== theirs.exit && !trapped) found.push(`exit: ours ${ours.exit}, QEMU's ${theirs.exit}`);
  for (const loc of new Set([...ours.changed.keys(), ...theirs.changed.keys()])) {
    if (loc === 'x27' || loc === 'x28' || ours.undefined.has(loc)) continue;
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

function randomState(random: Random): Map<string, bigint> {
  const common = new Map<string, bigint>();
  for (const loc of LOCATIONS) {
    const width = locations.find((l) => l.name === loc)?.width;
    common.set(loc, width === undefined ? BigInt(random.below(16)) : random.bits(width));
  }
  common.set('sp', AREA + 2048n);
  return common;
}

/** What an input says of locations and of symbols. */
interface Environment {
  location(loc: string): bigint;
  readonly tlsOffset: bigint;
}

function environment(common: ReadonlyMap<string, bigint>, input: Input, harness: Harness): Environment {
  return {
    location: (loc) => input.overrides.get(loc) ?? common.get(loc) ?? 0n,
    tlsOffset: harness.tlsOffset,
  };
}

/** The value of a variable that is not a location: the address of a symbol. The thread pointer counts as 0. */
function symbolValue(name: string, env: Environment): bigint {
  if (name === `tls&${TLS_SYM}`) return env.tlsOffset;
  if (name === 'tp') return 0n;
  const symbol = name.startsWith('&') ? name.slice(1) : '';
  if (symbol === 'sym') return SYM;
  const stub = Number(symbol.replace(/^\D+/, ''));
  if (symbol === targetLabel(stub)) return targetAddress(stub);
  if (symbol === `next${stub}`) return nextAddress(stub);
  throw new Error(`the variable ${name} has no value here`);
}

const isLocation = new Set(LOCATIONS);

function variableValue(name: string, env: Environment): bigint {
  const flag = FLAGS.indexOf(name);
  if (flag >= 0) return (env.location('nzcv') >> BigInt(3 - flag)) & 1n;
  if (name.startsWith('undefined.')) return 0n;
  return isLocation.has(name) ? env.location(name) : symbolValue(name, env);
}

function evaluatorFor(c: Case, env: Environment, image: Uint8Array): Evaluator {
  const values = new Map<Term, bigint>();
  const memories = new Map<Term, (address: bigint) => number>();
  const byte = (address: bigint): number => image[Number(BigInt.asUintN(64, address - AREA))] ?? 0;
  for (const v of c.variables) {
    if (v.width === MEMORY) memories.set(v, byte);
    else values.set(v, variableValue(v.name, env));
  }
  return new Evaluator({ values, memories });
}

/** How many inputs a case deserves: floating point has the most corners, and a form with few shapes wants more of each. */
function inputsFor(c: Case, base: number, shapes: number): number {
  const isFloat = /^a64\.(f|[su]cvtf)/.test(c.inst.def.id);
  return Math.max(4, Math.ceil((base * (isFloat ? 4 : 1) * 4) / Math.max(1, shapes)));
}

/** An exclusive store succeeds only after the exclusive load of the same bytes. */
function before(c: Case): string {
  const match = /^stl?x([rp])([bh]?) \w+, ([wx])/.exec(c.text);
  const base = c.inst.ops.find((o) => o.kind === 'mem')?.base;
  if (match === null || base === undefined) return 'nop';
  const [, pair, size, letter] = match;
  return `ldx${pair}${size} ${pair === 'p' ? `${letter}27, ` : ''}${letter}zr, [${base.name}]`;
}

export function runOracle(isa: Isa, forms: readonly InstDef[], options: OracleOptions): FormReport[] {
  const random = new Random(options.seed);
  const cases: Case[] = [];
  const reports: FormReport[] = [];
  const counts = new Map<FormReport, number>();
  for (const def of forms) {
    const report: FormReport = { id: def.id, checked: 0, differing: 0, examples: [], rejected: [] };
    reports.push(report);
    const shapes = shapesOf(def, random, options.shapes);
    counts.set(report, shapes.length);
    for (const shape of shapes) {
      const stub = cases.length;
      const inst = shape(targetLabel(stub));
      const meaning = meaningOf(isa, inst, stub);
      if (meaning !== undefined) cases.push({ stub, inst, text: isa.printInst(inst, 'gnu'), report, ...meaning });
    }
  }
  const harness = buildHarness(cases.map((c) => ({ before: before(c), text: c.text })));
  try {
    for (const [stub, words] of harness.rejected) {
      const c = cases[stub];
      c?.report.rejected.push(`${c.text}: ${words}`);
    }
    const common = randomState(random);
    const images = Array.from({ length: IMAGES }, () => randomImage(random));
    const live = cases.filter((c) => !harness.rejected.has(c.stub));
    const runs = live.flatMap((c) => {
      const count = inputsFor(c, options.inputs, counts.get(c.report) ?? 1);
      return Array.from({ length: count }, () => ({ c, input: inputFor(c, random, harness) }));
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
      const differences = compare(expectedFrom(c, environment(common, input, harness), image), output);
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
