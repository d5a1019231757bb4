// SPDX-License-Identifier: MIT
import { constraintFailure } from '../../src/asm/isa/constraints.ts';
import { effectsOf, type Inst, type InstDef } from '../../src/asm/isa/define.ts';
import type { Effect } from '../../src/asm/isa/effect.ts';
import { type Isa, isDiagnostic } from '../../src/asm/isa/isa.ts';
import { examples, isTextKind } from '../../src/asm/isa/kind.ts';
import { isNumber, type Operand } from '../../src/asm/isa/operand.ts';
import { SymbolicState } from '../../src/asm/isa/state.ts';
import { threadPointer } from '../../src/asm/isa/symbol.ts';
import { examples as x86Examples } from '../../src/asm/isa/x86_64/operands.ts';
import { recoverProgram } from '../../src/asm/program/recover.ts';
import { Fault } from '../../src/asm/run/fault.ts';
import { link } from '../../src/asm/run/link/image.ts';
import { Machine } from '../../src/asm/run/machine.ts';
import { readAsm } from '../../src/asm/text/read.ts';
import { assert, must } from '../../src/base/assert.ts';
import { Diagnostics } from '../../src/base/diagnostic.ts';
import type { Random } from '../../src/base/random.ts';
import { variable } from '../../src/logic/build.ts';
import { Evaluator } from '../../src/logic/evaluate.ts';
import type { Term } from '../../src/logic/term.ts';
import { gprValue, vectorValue } from '../oracle/x86-host-values.ts';

/** Single instructions on the machine within vouch, next to what the evaluator of terms makes of the same meaning. */

const PREFIX = 's.';

/** Reads all flags, so that the instruction before has to leave them, and ends the run. */
const OBSERVE: Readonly<Record<Isa['name'], string>> = {
  x86_64: `observe:
	jc	.Lo1
.Lo1:	jp	.Lo2
.Lo2:	jz	.Lo3
.Lo3:	js	.Lo4
.Lo4:	jo	.Lo5
.Lo5:	jz	vouch_done
	jnz	vouch_done
	lahf
	cld
	ret
`,
  aarch64: `observe:
	b.cs	.Lo1
.Lo1:	b.mi	.Lo2
.Lo2:	b.vs	.Lo3
.Lo3:	b.eq	vouch_done
	b	vouch_done
`,
  riscv64: `observe:
	j	vouch_done
`,
};

const GO: Readonly<Record<Isa['name'], string>> = { x86_64: 'jmp', aarch64: 'b', riscv64: 'j' };

class Done extends Error {}

export interface Trial {
  readonly inst: Inst;
  readonly effects: readonly Effect[];
  readonly accesses: readonly { readonly address: Term; readonly bytes: number }[];
}

/** Instructions of each form, with operands that rotate through their examples; none that goes anywhere. */
export function trialsOf(isa: Isa, random: Random, perForm: number): Trial[] {
  return isa.forms.flatMap((def) => {
    const found: Trial[] = [];
    for (let tries = 0; tries < 20 * perForm && found.length < perForm; tries++) {
      const trial = trialOf(isa, def, random);
      if (trial !== undefined) found.push(trial);
    }
    return found;
  });
}

/** Without symbols and segments, which would lead out of the memory that is there. */
function isPlain(op: Operand): boolean {
  if (op.kind === 'imm') return isNumber(op.value);
  return op.kind !== 'mem' || (isNumber(op.disp) && op.segment === undefined && op.base?.class !== 'ip');
}

function trialOf(isa: Isa, def: InstDef, random: Random): Trial | undefined {
  const ops: Operand[] = [];
  for (const [, kind] of def.operands) {
    const list = (isTextKind(kind) ? examples(kind) : x86Examples(kind)).filter(isPlain);
    if (list.length === 0) return undefined;
    ops.push(random.pick(list));
  }
  const inst: Inst = { def, ops };
  if (constraintFailure(inst) !== undefined) return undefined;
  const span = { file: 'trial', line: 1, column: 1, endColumn: 2 };
  const dialect = isa.dialects[0] ?? 'gnu';
  if (isDiagnostic(isa.readInst(isa.printInst(inst, dialect), dialect, span))) return undefined;
  const state = new SymbolicState(isa, PREFIX);
  state.nextLabel = 'next';
  const effects = effectsOf(inst, state);
  if (effects.some((e) => e.kind === 'jump' || e.kind === 'call' || e.kind === 'return' || e.kind === 'repeat'))
    return undefined;
  if (effects.some((e) => e.kind === 'trap' && e.condition === undefined)) return undefined;
  const accesses = state.accesses.map((a) => ({ address: a.address, bytes: a.bytes }));
  for (const e of effects) if (e.kind === 'store') accesses.push({ address: e.address, bytes: e.value.width / 8 });
  return { inst, effects, accesses };
}

export interface Bench {
  readonly machine: Machine;
  /** Runs trial `i` from the state that the machine is in. */
  readonly run: (i: number) => string | undefined;
  readonly next: (i: number) => bigint;
  readonly area: number;
}

export const AREA_BYTES = 4096;

export function bench(isa: Isa, trials: readonly Trial[]): Bench {
  return benchOf(
    isa,
    trials.map((t) => isa.printInst(t.inst, isa.dialects[0] ?? 'gnu')),
  );
}

/** The same for instructions as they are written, several in one text. */
export function benchOf(isa: Isa, texts: readonly string[]): Bench {
  const functions = texts.map(
    (text, i) => `\t.globl f${i}\n\t.type f${i}, @function\nf${i}:\n\t${text}\n\t${GO[isa.name]}\tobserve\n`,
  );
  const data = `\t.data\n\t.balign 64\n\t.globl area\narea:\n\t.zero ${AREA_BYTES}\n`;
  const text = `\t.text\n${functions.join('')}\t.type observe, @function\n${OBSERVE[isa.name]}${data}`;
  const diagnostics = new Diagnostics();
  const program = recoverProgram(readAsm({ file: 'trials.s', text }, isa, diagnostics), diagnostics);
  const library = { hasFunction: (name: string) => name === 'vouch_done', objectSize: () => undefined };
  // Low, for instructions that compute addresses of 32 bits.
  const image = link([program], { memoryBytes: 64 << 20, stackBytes: 1 << 20, library, base: 0 }, diagnostics);
  assert(!diagnostics.hasErrors, diagnostics.list.map((d) => `${d.span?.line}: ${d.message}`).join('\n'));
  const machine = new Machine(must(image, 'an image'), {
    external: () => {
      throw new Done();
    },
    system: () => 0n,
  });
  const entry = (i: number): number => Number(must(machine.image.symbol(`f${i}`), 'a function'));
  return {
    machine,
    area: Number(must(machine.image.symbol('area'), 'the area')),
    next: (i) => BigInt(entry(i) + 4),
    run: (i) => {
      try {
        machine.enter(entry(i));
      } catch (error) {
        if (error instanceof Done) return undefined;
        if (error instanceof Fault) return error.kind;
        throw error;
      }
      return 'came back';
    },
  };
}

/** Puts the machine into a random state in which the instruction finds its memory; false where that did not work. */
export function randomise(isa: Isa, t: Trial, b: Bench, next: bigint, random: Random): boolean {
  const { machine, area } = b;
  for (let at = area; at < area + AREA_BYTES; at += 4)
    machine.view.setUint32(at, random.chance(0.2) ? 0 : random.next(), true);
  const addressed = new Set(t.accesses.flatMap((a) => variablesOf(a.address)));
  for (let tries = 0; tries < 60; tries++) {
    let based = random.below(Math.max(1, addressed.size));
    for (const l of isa.locations) {
      if (l.kind === 'system') continue;
      const v = variable(PREFIX + l.name, l.width);
      if (addressed.has(v)) {
        const small = BigInt(random.below(8) * random.pick([1, 8, 16]));
        const isBase = based-- === 0;
        machine.setRegister(l.name, isBase ? BigInt(area + 768 + 16 * random.below(32)) : small);
      } else if (l.width === 128) {
        const value = vectorValue(random);
        machine.setRegister(l.name, BigInt.asUintN(64, value));
        machine.setRegisterHigh(l.name, value >> 64n);
      } else
        machine.setRegister(
          l.name,
          l.width === 1
            ? random.bits(1)
            : l.kind === 'vec'
              ? BigInt.asUintN(64, vectorValue(random))
              : gprValue(random),
        );
    }
    const { value } = evaluator(isa, b, next);
    const inside = t.accesses.every(({ address, bytes }) => {
      const at = value(address);
      return at >= BigInt(area) && at + BigInt(bytes) <= BigInt(area + AREA_BYTES);
    });
    if (inside) return true;
  }
  return false;
}

function variablesOf(t: Term): Term[] {
  const seen = new Set([t]);
  for (const s of seen) for (const a of s.args) seen.add(a);
  return [...seen].filter((s) => s.op === 'var' && s.width > 0);
}

/** Evaluates terms over the state that the machine is in, which is copied. */
function evaluator(isa: Isa, b: Bench, next: bigint): { value: (t: Term) => bigint; memory: Uint8Array } {
  const { machine } = b;
  const values = new Map<Term, bigint>([
    [variable('&next', 64), next],
    [threadPointer(), BigInt(machine.image.threadPointer)],
  ]);
  for (const l of isa.locations) {
    const low = machine.register(l.name);
    const high = l.width === 128 ? machine.registerHigh(l.name) << 64n : 0n;
    values.set(variable(PREFIX + l.name, l.width), BigInt.asUintN(l.width, low | high));
  }
  const memory = machine.bytes.slice(b.area, b.area + AREA_BYTES);
  const bytes = (at: bigint): number => memory[Number(at) - b.area] ?? 0;
  const e = new Evaluator({ values, memories: new Map([[variable('memory', 0), bytes]]) });
  return { value: (t) => e.value(t), memory };
}

/** What the instruction does to the state that the machine is in, by the evaluator; then the machine does it. */
export function differenceOf(isa: Isa, t: Trial, i: number, b: Bench): string | undefined {
  const { machine, area } = b;
  const { value, memory } = evaluator(isa, b, b.next(i));
  const expected = new Map(isa.locations.map((l) => [l.name, value(variable(PREFIX + l.name, l.width))]));
  let trapped = false;
  for (const e of t.effects)
    if (e.kind === 'trap' && e.condition !== undefined && value(e.condition) === 1n) trapped = true;
  if (!trapped) {
    // All is read before anything is written.
    const stored: (readonly [at: number, value: bigint, bytes: number])[] = [];
    for (const e of t.effects) {
      if (e.kind === 'set') expected.set(e.loc, value(e.value));
      else if (e.kind === 'store') stored.push([Number(value(e.address)) - area, value(e.value), e.value.width / 8]);
    }
    for (const [at, v, size] of stored) {
      for (let k = 0; k < size; k++) memory[at + k] = Number((v >> BigInt(8 * k)) & 0xffn);
    }
  }
  const fault = b.run(i);
  if (trapped !== (fault === 'trap'))
    return `${trapped ? 'a trap' : 'no trap'} is expected, and the run ended by ${fault ?? 'itself'}`;
  if (trapped) return undefined;
  if (fault !== undefined) return `ended by ${fault}`;
  for (const l of isa.locations) {
    if (l.kind === 'system') continue;
    const high = l.width === 128 ? machine.registerHigh(l.name) << 64n : 0n;
    const got = BigInt.asUintN(l.width, machine.register(l.name) | high);
    const want = BigInt.asUintN(l.width, expected.get(l.name) ?? 0n);
    if (got !== want) return `${l.name} is 0x${got.toString(16)}, not 0x${want.toString(16)}`;
  }
  const at = memory.findIndex((byte, k) => machine.bytes.get(area + k) !== byte);
  return at < 0 ? undefined : `byte ${at} of memory is ${machine.bytes.get(area + at)}, not ${memory[at]}`;
}
