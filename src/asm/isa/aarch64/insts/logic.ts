// SPDX-License-Identifier: MIT
import { and, not, or, xor } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst, type View } from '../../define.ts';
import type { Effect } from '../../effect.ts';
import { logicFlags, setFlags } from '../flags.ts';
import { type GprWidth, gpr, gprOrSp, logicImm, regShift } from '../operands.ts';
import { gprWidths, shifted } from './common.ts';

/** Logical instructions (Arm ARM C3.4.2, C3.5.3): and, orr, eor, bic, orn, eon, ands, bics, tst, mvn. */

interface Operation {
  readonly name: string;
  readonly apply: (a: Term, b: Term) => Term;
  readonly flags: boolean;
  /** Which immediate form there is: one that may write the stack pointer, one that may not, or none. */
  readonly immediate: 'sp' | 'zero' | 'none';
  readonly ref: string;
}

const operations: readonly Operation[] = [
  { name: 'and', apply: and, flags: false, immediate: 'sp', ref: 'Arm ARM C6.2.12' },
  { name: 'orr', apply: or, flags: false, immediate: 'sp', ref: 'Arm ARM C6.2.241' },
  { name: 'eor', apply: xor, flags: false, immediate: 'sp', ref: 'Arm ARM C6.2.90' },
  { name: 'ands', apply: and, flags: true, immediate: 'zero', ref: 'Arm ARM C6.2.14' },
  { name: 'bic', apply: (a, b) => and(a, not(b)), flags: false, immediate: 'none', ref: 'Arm ARM C6.2.32' },
  { name: 'orn', apply: (a, b) => or(a, not(b)), flags: false, immediate: 'none', ref: 'Arm ARM C6.2.239' },
  { name: 'eon', apply: (a, b) => xor(a, not(b)), flags: false, immediate: 'none', ref: 'Arm ARM C6.2.88' },
  { name: 'bics', apply: (a, b) => and(a, not(b)), flags: true, immediate: 'none', ref: 'Arm ARM C6.2.33' },
];

function perform(op: Operation, d: View | undefined, a: Term, b: Term): Effect[] {
  const result = op.apply(a, b);
  const written = d === undefined ? [] : d.write(result);
  return op.flags ? [...written, ...setFlags(logicFlags(result))] : written;
}

function formsOf(op: Operation, w: GprWidth): InstDef[] {
  const { name, ref } = op;
  const forms: InstDef[] = [
    inst({
      id: `a64.${name}.rrr.${w}`,
      syntax: `${name} {d}, {n}, {m}`,
      operands: { d: gpr(w, 'w'), n: gpr(w, 'r'), m: gpr(w, 'r') },
      sem: ({ d, n, m }) => perform(op, d, n.value, m.value),
      ref,
    }),
    inst({
      id: `a64.${name}.rrr_shift.${w}`,
      syntax: `${name} {d}, {n}, {m}, {shift}`,
      operands: { d: gpr(w, 'w'), n: gpr(w, 'r'), m: gpr(w, 'r'), shift: regShift(w, ['lsl', 'lsr', 'asr', 'ror']) },
      sem: ({ d, n, m, shift }) => perform(op, d, n.value, shifted(m, shift)),
      ref,
    }),
  ];
  if (op.immediate !== 'none') {
    forms.push(
      inst({
        id: `a64.${name}.rri.${w}`,
        syntax: `${name} {d}, {n}, {imm}`,
        operands: { d: op.immediate === 'sp' ? gprOrSp(w, 'w') : gpr(w, 'w'), n: gpr(w, 'r'), imm: logicImm(w) },
        sem: ({ d, n, imm }) => perform(op, d, n.value, imm.value),
        ref,
      }),
    );
  }
  return forms;
}

function tests(w: GprWidth): InstDef[] {
  const op: Operation = { name: 'tst', apply: and, flags: true, immediate: 'zero', ref: 'Arm ARM C6.2.379' };
  return [
    inst({
      id: `a64.tst.rr.${w}`,
      syntax: 'tst {n}, {m}',
      operands: { n: gpr(w, 'r'), m: gpr(w, 'r') },
      sem: ({ n, m }) => perform(op, undefined, n.value, m.value),
      ref: op.ref,
    }),
    inst({
      id: `a64.tst.rr_shift.${w}`,
      syntax: 'tst {n}, {m}, {shift}',
      operands: { n: gpr(w, 'r'), m: gpr(w, 'r'), shift: regShift(w, ['lsl', 'lsr', 'asr', 'ror']) },
      sem: ({ n, m, shift }) => perform(op, undefined, n.value, shifted(m, shift)),
      ref: op.ref,
    }),
    inst({
      id: `a64.tst.ri.${w}`,
      syntax: 'tst {n}, {imm}',
      operands: { n: gpr(w, 'r'), imm: logicImm(w) },
      sem: ({ n, imm }) => perform(op, undefined, n.value, imm.value),
      ref: op.ref,
    }),
  ];
}

/** `orn` with the zero register as its first source. */
function inversions(w: GprWidth): InstDef[] {
  return [
    inst({
      id: `a64.mvn.rr.${w}`,
      syntax: 'mvn {d}, {m}',
      operands: { d: gpr(w, 'w'), m: gpr(w, 'r') },
      sem: ({ d, m }) => d.write(not(m.value)),
      ref: 'Arm ARM C6.2.230',
    }),
    inst({
      id: `a64.mvn.rr_shift.${w}`,
      syntax: 'mvn {d}, {m}, {shift}',
      operands: { d: gpr(w, 'w'), m: gpr(w, 'r'), shift: regShift(w, ['lsl', 'lsr', 'asr', 'ror']) },
      sem: ({ d, m, shift }) => d.write(not(shifted(m, shift))),
      ref: 'Arm ARM C6.2.230',
    }),
  ];
}

/** `bic` with an immediate is `and` with the inverted one, as GNU as writes it. */
function clearImmediate(w: GprWidth): InstDef {
  return inst({
    id: `a64.bic.rri.${w}`,
    syntax: 'bic {d}, {n}, {imm}',
    operands: { d: gprOrSp(w, 'w'), n: gpr(w, 'r'), imm: logicImm(w) },
    sem: ({ d, n, imm }) => d.write(and(n.value, not(imm.value))),
    ref: 'Arm ARM C6.2.11',
  });
}

export const logicForms: readonly InstDef[] = gprWidths.flatMap((w) => [
  ...operations.flatMap((op) => formsOf(op, w)),
  clearImmediate(w),
  ...tests(w),
  ...inversions(w),
]);
