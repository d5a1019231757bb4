// SPDX-License-Identifier: MIT
import { constraintFailure } from '../../src/asm/isa/constraints.ts';
import { effectsOf, type Inst, type InstDef, type OperandKind } from '../../src/asm/isa/define.ts';
import type { Isa } from '../../src/asm/isa/isa.ts';
import { isDiagnostic } from '../../src/asm/isa/isa.ts';
import { isNumber, num, type Operand, type Reg } from '../../src/asm/isa/operand.ts';
import { SymbolicState } from '../../src/asm/isa/state.ts';
import { must } from '../../src/base/assert.ts';
import type { Random } from '../../src/base/random.ts';
import { sub, variable } from '../../src/logic/build.ts';
import type { Term } from '../../src/logic/term.ts';

/** Random instructions one after the other, of which all that they compute is defined. */

/** What is particular to an instruction set. */
export interface Streaming {
  readonly isa: Isa;
  /** All memory is reached through this register, which nothing writes. */
  readonly base: Reg;
  /** What else differs between the machines that are compared, or is not the program's to change. */
  readonly apart: readonly string[];
  examples(kind: OperandKind): readonly Operand[];
  /** Instructions that cannot stand in a stream. */
  isUnfit?(inst: Inst): boolean;
}

export interface Stream {
  readonly texts: readonly string[];
  /** After each instruction: the flags that the manual leaves undefined. */
  readonly undefinedFlags: readonly ReadonlySet<string>[];
}

const PREFIX = 's.';

export function streamOf(s: Streaming, length: number, random: Random): Stream {
  const { isa } = s;
  const dialect = must(isa.dialects[0], 'a dialect');
  const texts: string[] = [];
  const undefinedFlags: ReadonlySet<string>[] = [];
  let tainted: ReadonlySet<string> = new Set();
  for (let tries = 0; tries < 400 * length && texts.length < length; tries++) {
    const def = must(isa.forms[random.below(isa.forms.length)], 'a form');
    const inst = instOf(s, def, random);
    if (inst === undefined || s.isUnfit?.(inst) === true) continue;
    const text = isa.printInst(inst, dialect);
    const span = { file: 'stream', line: 1, column: 1, endColumn: 2 };
    if (isDiagnostic(isa.readInst(text, dialect, span))) continue;
    const after = taintBehind(s, inst, tainted);
    if (after === undefined) continue;
    tainted = after;
    texts.push(text);
    undefinedFlags.push(tainted);
  }
  return { texts, undefinedFlags };
}

function instOf({ base, examples }: Streaming, def: InstDef, random: Random): Inst | undefined {
  const ops: Operand[] = [];
  for (const [, kind] of def.operands) {
    const list = examples(kind);
    if (list.length === 0) return undefined;
    const op = random.pick(list);
    // Vectors in memory must be aligned.
    if (op.kind === 'mem') {
      const width = op.width === undefined ? {} : { width: op.width };
      ops.push({ kind: 'mem', base, disp: num(16 * random.below(32)), ...width });
    } else if (op.kind === 'imm' && (op.label || !isNumber(op.value))) return undefined;
    else ops.push(op);
  }
  const inst: Inst = { def, ops };
  return constraintFailure(inst) === undefined ? inst : undefined;
}

/** The flags that are undefined behind an instruction; nothing where it must not stand here. */
function taintBehind(s: Streaming, inst: Inst, before: ReadonlySet<string>): ReadonlySet<string> | undefined {
  const { isa } = s;
  const apart = new Set([...s.apart, isa.stackPointer, isa.threadPointer, s.base.loc]);
  const state = new SymbolicState(isa, PREFIX);
  state.nextLabel = 'next';
  const effects = effectsOf(inst, state);
  const after = new Set(before);
  // Addresses differ between the machines.
  const unclear = (t: Term): boolean =>
    variablesOf(t).some((v) => {
      const loc = v.name.slice(PREFIX.length);
      const known = v.name.startsWith(PREFIX) && !loc.startsWith('undefined.');
      return !known || before.has(loc) || apart.has(loc);
    });
  const isPlace = (t: Term): boolean => sub(t, variable(PREFIX + s.base.loc, 64)).op === 'const';
  if (!state.accesses.every((a) => isPlace(a.address))) return undefined;
  for (const e of effects) {
    if (e.kind === 'store') {
      if (!isPlace(e.address) || unclear(e.value)) return undefined;
    } else if (e.kind !== 'set' || apart.has(e.loc)) return undefined;
    else if (e.value.width > 1) {
      if (unclear(e.value)) return undefined;
    } else if (unclear(e.value)) after.add(e.loc);
    else after.delete(e.loc);
  }
  return after;
}

function variablesOf(t: Term): Term[] {
  const seen = new Set([t]);
  for (const s of seen) for (const a of s.args) seen.add(a);
  return [...seen].filter((s) => s.op === 'var' && s.width > 0);
}
