// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { LongJump } from '../fault.ts';
import type { CallArguments } from './arguments.ts';
import { type Functions, int, type LibraryFunction, none } from './define.ts';
import type { Process } from './process.ts';

/**
 * <setjmp.h>. A buffer holds a number of the host's, which knows the registers; the activation of the function that
 * called `setjmp` is entered again where the call came back.
 */

interface Saved {
  readonly activation: number;
  readonly address: number;
  readonly registers: readonly (readonly [name: string, low: bigint, high: bigint])[];
  readonly stack: bigint;
}

const saved = new WeakMap<Process, Map<number, Saved>>();

function buffers(p: Process): Map<number, Saved> {
  let map = saved.get(p);
  if (map === undefined) {
    map = new Map();
    saved.set(p, map);
  }
  return map;
}

function save(p: Process, a: CallArguments): number {
  const { machine } = p;
  const { abi, image } = machine;
  const at = a.size();
  p.memory.writableAt(at, 64);
  const stack = machine.register(image.isa.stackPointer);
  const back = abi.link === undefined ? p.memory.u64(Number(stack)) : machine.register(abi.link);
  const registers = abi.preserved.map((name) => [name, machine.register(name), machine.registerHigh(name)] as const);
  const after = abi.link === undefined ? stack + 8n : stack;
  buffers(p).set(at, { activation: machine.activations.current, address: Number(back), registers, stack: after });
  return 0;
}

function restore(p: Process, a: CallArguments): never {
  const { machine } = p;
  const [at, value] = [a.size(), a.int()];
  const found = buffers(p).get(at);
  if (found === undefined)
    throw p.fault('library', `longjmp was given 0x${at.toString(16)}, where setjmp has saved nothing`);
  if (!machine.activations.isActive(found.activation)) {
    throw p.fault('library', 'longjmp goes to a function that has returned since');
  }
  const registers = (): void => {
    for (const [name, low, high] of found.registers) {
      machine.setRegister(name, low);
      machine.setRegisterHigh(name, high);
    }
    machine.setRegister(machine.image.isa.stackPointer, found.stack);
    machine.setRegister(must(machine.abi.integerResults[0], 'a register'), BigInt(value === 0 ? 1 : value));
  };
  // Nobody sees where it was thrown, and to find that out takes longer than all the rest.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    throw new LongJump(found.activation, found.address, registers);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const saving = (): LibraryFunction => int(save);
const restoring = (): LibraryFunction => none(restore);

export const jumpFunctions: Functions = {
  setjmp: saving(),
  _setjmp: saving(),
  sigsetjmp: saving(),
  __sigsetjmp: saving(),
  longjmp: restoring(),
  _longjmp: restoring(),
  siglongjmp: restoring(),
  __longjmp_chk: restoring(),
};
