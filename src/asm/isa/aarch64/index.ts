// SPDX-License-Identifier: MIT
import type { InstDef } from '../define.ts';
import type { Isa } from '../isa.ts';
import { makeSyntax } from '../syntax.ts';
import { arithForms } from './insts/arith.ts';
import { atomicForms } from './insts/atomics.ts';
import { bitfieldForms } from './insts/bitfield.ts';
import { bitsForms } from './insts/bits.ts';
import { branchForms } from './insts/branch.ts';
import { condForms } from './insts/cond.ts';
import { exclusiveForms } from './insts/exclusive.ts';
import { fpForms } from './insts/fp.ts';
import { logicForms } from './insts/logic.ts';
import { memoryForms } from './insts/memory.ts';
import { moveForms } from './insts/move.ts';
import { muldivForms } from './insts/muldiv.ts';
import { neonForms } from './insts/neon.ts';
import { systemForms, unsupportedMnemonics } from './insts/system.ts';
import { printOperand } from './print.ts';
import { refusal } from './refusal.ts';
import { locations, register } from './registers.ts';
import { scanOperands } from './scan.ts';
import { slotValue, symbolValue } from './symbols.ts';

export { flowOf } from './flow.ts';

/** All but floating point and Advanced SIMD. */
const integerForms: readonly InstDef[] = [
  ...arithForms,
  ...logicForms,
  ...moveForms,
  ...bitfieldForms,
  ...muldivForms,
  ...bitsForms,
  ...condForms,
  ...memoryForms,
  ...exclusiveForms,
  ...atomicForms,
  ...branchForms,
  ...systemForms,
];

const forms: readonly InstDef[] = [...integerForms, ...fpForms, ...neonForms];
const syntax = makeSyntax({
  forms,
  unsupported: unsupportedMnemonics,
  anyCase: true,
  scan: scanOperands,
  print: printOperand,
  refusal,
});

/** Armv8.0-A in 64-bit state, as GNU as writes it. */
export const aarch64: Isa = {
  name: 'aarch64',
  locations,
  forms,
  comment: ['//'],
  dialects: ['gnu'],
  readInst: (text, _dialect, span) => syntax.readInst(text, span),
  printInst: (inst) => syntax.printInst(inst),
  symbol: symbolValue,
  slot: slotValue,
  stackPointer: 'sp',
  threadPointer: 'tpidr_el0',
  register,
};
