// SPDX-License-Identifier: MIT
import type { InstDef } from '../../src/asm/isa/define.ts';
import { type Isa, isDiagnostic } from '../../src/asm/isa/isa.ts';
import { Random } from '../../src/base/random.ts';
import { type Case, makeCase, makeInput } from './x86-host-cases.ts';
import { buildHarness, type Input, type Stub } from './x86-host-machine.ts';
import { difference } from './x86-host-model.ts';
import { choicesFor } from './x86-host-shapes.ts';
import { World } from './x86-host-world.ts';

/**
 * Runs every form of x86-64 on this CPU and compares the full state afterwards with what our meaning says: general
 * and vector registers, flags (but those that the manual leaves undefined), memory, traps, and where control goes.
 * What is run is what our printer wrote, in both dialects; our reader must take it for the same instruction.
 */

export interface FormResult {
  checked: number;
  differing: number;
  /** How often it went on to the next instruction, went to its target, and trapped. */
  next: number;
  target: number;
  trapped: number;
  /** The text of the first instruction that differed, and how. */
  first?: string;
}

export interface OracleOptions {
  readonly forms: readonly InstDef[];
  /** Choices of operands for each form, and states for each choice: more where there are few choices. */
  readonly choices: number;
  readonly states: number;
  readonly seed: number;
}

/** Whether a form that can go two ways was seen to go only one. */
export function isOneSided(def: InstDef, result: FormResult): boolean {
  const [, mnemonic = ''] = def.id.split('.');
  if (/^i?div$/.test(mnemonic)) return result.trapped === 0 || result.next === 0;
  if (/^(?:bnd_)?(?:j(?!mp)|loop)/.test(mnemonic)) return result.target === 0 || result.next === 0;
  return false;
}

/** A number that depends on the form alone, so that adding forms does not change the tests of others. */
function seedOf(text: string, seed: number): number {
  let h = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** What is wrong when our reader reads `text`; undefined where it finds the same form with the same operands. */
function readsBack(isa: Isa, def: InstDef, text: string, dialect: 'att' | 'intel'): string | undefined {
  const inst = isa.readInst(text, dialect, { file: def.id, line: 1, column: 1, endColumn: 1 + text.length });
  if (isDiagnostic(inst)) return `our reader says: ${inst.message}`;
  if (inst.def.id !== def.id) return `our reader takes it for ${inst.def.id}`;
  const again = isa.printInst(inst, dialect);
  return again === text ? undefined : `our reader takes it for ${again}`;
}

/** Runs are cut into batches so that their inputs and outputs stay small. */
const BATCH = 20_000;

export function runOracle(isa: Isa, options: OracleOptions): Map<string, FormResult> {
  const results = new Map<string, FormResult>();
  const cases: Case[] = [];
  const stubs: Stub[] = [];
  const misread: (string | undefined)[] = [];
  const statesOf = new Map<string, number>();
  for (const def of options.forms) {
    results.set(def.id, { checked: 0, differing: 0, next: 0, target: 0, trapped: 0 });
    const random = new Random(seedOf(def.id, options.seed));
    const choices = choicesFor(def, (name) => isa.register(name), 'target', random, options.choices);
    statesOf.set(def.id, Math.ceil((options.states * options.choices) / Math.max(1, choices.length)));
    for (const chosen of choices) {
      const test = cases.length;
      const ops = chosen.map((o) =>
        o.kind === 'imm' && o.label ? { ...o, value: { ...o.value, plus: `target_${test}` } } : o,
      );
      const dialect = test % 2 === 0 ? 'att' : 'intel';
      const text = isa.printInst({ def, ops }, dialect);
      stubs.push({ text, dialect });
      misread.push(readsBack(isa, def, text, dialect));
      cases.push(makeCase(isa, def, ops, test));
    }
  }

  const harness = buildHarness(stubs);
  try {
    const world = new World(harness.symbols);
    const report = (c: Case, words: string): void => {
      const result = results.get(c.inst.def.id);
      if (result === undefined) return;
      result.differing++;
      result.first ??= `${stubs[c.test]?.text}: ${words}`;
    };
    let batch: { c: Case; input: Input }[] = [];
    const flush = (): void => {
      const outputs = harness.run(batch.map((b) => b.input));
      batch.forEach(({ c, input }, i) => {
        const output = outputs[i];
        const result = results.get(c.inst.def.id);
        if (output === undefined || result === undefined) return;
        result.checked++;
        if (output.signal !== 0) result.trapped++;
        else if (output.path === 1) result.target++;
        else result.next++;
        const words = difference(c, input, output, world);
        if (words !== undefined) report(c, words);
      });
      batch = [];
    };
    for (const c of cases) {
      const rejected = harness.rejected.get(c.test);
      if (rejected !== undefined) {
        report(c, `the assembler says: ${rejected}`);
        continue;
      }
      const wrong = misread[c.test];
      if (wrong !== undefined) report(c, wrong);
      const random = new Random(seedOf(c.inst.def.id, options.seed + c.test));
      for (let i = statesOf.get(c.inst.def.id) ?? 0; i > 0; i--) {
        const input = makeInput(c, random, world);
        if (input !== undefined) batch.push({ c, input });
      }
      if (batch.length >= BATCH) flush();
    }
    flush();
  } finally {
    harness.close();
  }
  return results;
}
