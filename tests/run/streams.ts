// SPDX-License-Identifier: MIT
import { constraintFailure } from '../../src/asm/isa/constraints.ts';
import { effectsOf, type Inst, type InstDef } from '../../src/asm/isa/define.ts';
import type { Isa } from '../../src/asm/isa/isa.ts';
import { isDiagnostic } from '../../src/asm/isa/isa.ts';
import { isNumber, num, type Operand } from '../../src/asm/isa/operand.ts';
import { SymbolicState } from '../../src/asm/isa/state.ts';
import { examples } from '../../src/asm/isa/x86_64/operands.ts';
import { register } from '../../src/asm/isa/x86_64/registers.ts';
import { must } from '../../src/base/assert.ts';
import { sub, variable } from '../../src/logic/build.ts';
import type { Term } from '../../src/logic/term.ts';
import type { Random } from '../oracle/x86-host-values.ts';

/** Random x86-64 instructions one after the other, of which all that they compute is defined. */

export interface Stream {
  readonly texts: readonly string[];
  /** After each instruction: the flags that the manual leaves undefined. */
  readonly undefinedFlags: readonly ReadonlySet<string>[];
}

/** All memory is reached through this register, which nothing writes. */
export const BASE = 'r15';
const PREFIX = 's.';
const KEPT = new Set(['rsp', BASE, 'df']);

export function streamOf(isa: Isa, length: number, random: Random): Stream {
  const texts: string[] = [];
  const undefinedFlags: ReadonlySet<string>[] = [];
  let tainted: ReadonlySet<string> = new Set();
  for (let tries = 0; tries < 400 * length && texts.length < length; tries++) {
    const def = must(isa.forms[random.below(isa.forms.length)], 'a form');
    const inst = instOf(def, random);
    const after = inst === undefined ? undefined : taintBehind(isa, inst, tainted);
    if (inst === undefined || after === undefined) continue;
    const text = isa.printInst(inst, 'att');
    const span = { file: 'stream', line: 1, column: 1, endColumn: 2 };
    if (isDiagnostic(isa.readInst(text, 'att', span))) continue;
    tainted = after;
    texts.push(text);
    undefinedFlags.push(tainted);
  }
  return { texts, undefinedFlags };
}

function instOf(def: InstDef, random: Random): Inst | undefined {
  const ops: Operand[] = [];
  for (const [, kind] of def.operands) {
    const op = random.pick(examples(kind));
    // Vectors in memory must be aligned.
    if (op.kind === 'mem') {
      const base = must(register(BASE), 'a register');
      const width = op.width === undefined ? {} : { width: op.width };
      ops.push({ kind: 'mem', base, disp: num(16 * random.below(32)), ...width });
    } else if (op.kind === 'imm' && (op.label || !isNumber(op.value))) return undefined;
    else ops.push(op);
  }
  const inst: Inst = { def, ops };
  return constraintFailure(inst) === undefined ? inst : undefined;
}

/** The flags that are undefined behind an instruction; nothing where it must not stand here. */
function taintBehind(isa: Isa, inst: Inst, before: ReadonlySet<string>): ReadonlySet<string> | undefined {
  const state = new SymbolicState(isa, PREFIX);
  state.nextLabel = 'next';
  const effects = effectsOf(inst, state);
  const after = new Set(before);
  // Addresses differ between the machines.
  const unclear = (t: Term): boolean =>
    variablesOf(t).some((v) => {
      const loc = v.name.slice(PREFIX.length);
      const known = v.name.startsWith(PREFIX) && !loc.startsWith('undefined.');
      return !known || before.has(loc) || loc === 'rsp' || loc === BASE;
    });
  const isPlace = (t: Term): boolean => sub(t, variable(PREFIX + BASE, 64)).op === 'const';
  if (!state.accesses.every((a) => isPlace(a.address))) return undefined;
  for (const e of effects) {
    if (e.kind === 'store') {
      if (!isPlace(e.address) || unclear(e.value)) return undefined;
    } else if (e.kind !== 'set' || KEPT.has(e.loc)) return undefined;
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
