// SPDX-License-Identifier: MIT
import type { InstDef } from '../define.ts';
import type { Isa } from '../isa.ts';
import { readBytes, withPrefixBytes } from './bytes.ts';
import { arithForms } from './insts/arith.ts';
import { atomicForms } from './insts/atomic.ts';
import { bitForms } from './insts/bits.ts';
import { controlForms } from './insts/control.ts';
import { extensionForms } from './insts/extensions.ts';
import { miscForms } from './insts/misc.ts';
import { moveForms } from './insts/move.ts';
import { multiplyForms } from './insts/multiply.ts';
import { shiftForms } from './insts/shift.ts';
import { sseForms } from './insts/sse.ts';
import { stringForms } from './insts/string.ts';
import { systemForms } from './insts/system.ts';
import { locations, register } from './registers.ts';
import { slot, symbol } from './symbols.ts';
import { printInst, Reader } from './syntax.ts';

const forms: readonly InstDef[] = [
  ...moveForms,
  ...arithForms,
  ...multiplyForms,
  ...shiftForms,
  ...bitForms,
  ...controlForms,
  ...stringForms,
  ...atomicForms,
  ...miscForms,
  ...extensionForms,
  ...sseForms,
  ...systemForms,
];

const reader = new Reader(forms);
const read: Isa['readInst'] = (text, dialect, span) => reader.read(text, dialect, span);

/** The user-mode integer and SSE instructions of 64-bit x86. */
export const x86_64: Isa = {
  name: 'x86_64',
  locations,
  forms,
  comment: ['#'],
  dialects: ['att', 'intel'],
  readInst: read,
  printInst,
  readBytes: (bytes, span) => readBytes(bytes, span, read),
  withPrefixBytes: (bytes, inst) => withPrefixBytes(bytes, inst, read),
  symbol,
  slot,
  stackPointer: 'rsp',
  threadPointer: 'fsbase',
  register,
};
