// SPDX-License-Identifier: MIT
import type { InstDef } from '../define.ts';
import type { Isa } from '../isa.ts';
import { makeSyntax } from '../syntax.ts';
import { arithForms } from './insts/arith.ts';
import { atomicForms } from './insts/atomics.ts';
import { bitsForms } from './insts/bits.ts';
import { branchForms } from './insts/branch.ts';
import { fpForms } from './insts/fp.ts';
import { memoryForms } from './insts/memory.ts';
import { muldivForms } from './insts/muldiv.ts';
import { systemForms, unsupportedMnemonics } from './insts/system.ts';
import { vectorForms } from './insts/vector.ts';
import { printOperand } from './print.ts';
import { refusal } from './refusal.ts';
import { locations, register, STACK_POINTER, THREAD_POINTER } from './registers.ts';
import { scanOperands } from './scan.ts';
import { slotValue, symbolValue } from './symbols.ts';

const forms: readonly InstDef[] = [
  ...arithForms,
  ...muldivForms,
  ...bitsForms,
  ...memoryForms,
  ...atomicForms,
  ...branchForms,
  ...fpForms,
  ...systemForms,
  ...vectorForms,
];

const syntax = makeSyntax({
  forms,
  unsupported: unsupportedMnemonics,
  anyCase: true,
  scan: scanOperands,
  print: printOperand,
  refusal,
});

/** RV64GC without control and status registers, the bit-manipulation extensions, and a part of V, as GNU as writes it. */
export const riscv64: Isa = {
  name: 'riscv64',
  locations,
  forms,
  comment: ['#'],
  dialects: ['gnu'],
  readInst: (text, _dialect, span) => syntax.readInst(text, span),
  printInst: (inst) => syntax.printInst(inst),
  symbol: symbolValue,
  slot: slotValue,
  stackPointer: STACK_POINTER,
  threadPointer: THREAD_POINTER,
  register,
};
