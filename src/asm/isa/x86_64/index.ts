// SPDX-License-Identifier: MIT
import type { InstDef } from '../define.ts';
import type { Isa } from '../isa.ts';
import { readBytes, withPrefixBytes } from './bytes.ts';
import { Decoding } from './decoding.ts';
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
import { formsOf, PROCESSORS, type Processor } from './processor.ts';
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

/** The user-mode integer and SSE instructions of 64-bit x86. */
export const x86_64: Isa = make(forms, new Reader(forms), undefined);

const known = new Map<string, Isa>();

function on(name: string): Isa | undefined {
  const processor = PROCESSORS.find((p) => p.name === name);
  if (processor === undefined) return undefined;
  let isa = known.get(name);
  if (isa === undefined) {
    const its = [...forms, ...formsOf(processor)];
    isa = make(its, new Reader(its), processor);
    known.set(name, isa);
  }
  return isa;
}

function make(its: readonly InstDef[], reader: Reader, processor: Processor | undefined): Isa {
  const carriedOut = processor === undefined ? undefined : new Decoding(processor, its);
  const read: Isa['readInst'] = (text, dialect, span) => {
    const found = reader.read(text, dialect, span);
    return carriedOut === undefined ? found : carriedOut.of(found, text, dialect, span);
  };
  return {
    name: 'x86_64',
    locations,
    forms: its,
    comment: ['#'],
    dialects: ['att', 'intel'],
    readInst: read,
    printInst,
    readBytes: (bytes, span) => carriedOut?.bytes(bytes, span) ?? readBytes(bytes, span, read),
    withPrefixBytes: (bytes, inst) => withPrefixBytes(bytes, inst, read),
    symbol,
    slot,
    stackPointer: 'rsp',
    threadPointer: 'fsbase',
    register,
    ...(processor === undefined ? {} : { processor: processor.name }),
    processors: PROCESSORS.map((p) => p.name),
    on,
  };
}
