// SPDX-License-Identifier: MIT

import { must } from '../../../base/assert.ts';
import type { Machine } from '../machine.ts';
import { CallArguments } from './arguments.ts';
import { ctypeFunctions } from './ctype.ts';
import type { Functions, LibraryFunction } from './define.ts';
import { folderFunctions } from './folders.ts';
import { jumpFunctions } from './jump.ts';
import { mathFunctions } from './math.ts';
import { optionFunctions } from './options.ts';
import { pageFunctions } from './pages.ts';
import type { Process } from './process.ts';
import { stdioFunctions } from './stdio.ts';
import { stdlibFunctions } from './stdlib.ts';
import { stringFunctions } from './string.ts';
import { systemFunctions } from './system.ts';
import { timeFunctions } from './time.ts';
import { wideFunctions } from './wide.ts';

/** All functions of the C library that the machine has, by what they are about. */
export const LIBRARY: readonly (readonly [title: string, functions: Functions])[] = [
  ['Strings and memory', stringFunctions],
  ['Characters', ctypeFunctions],
  ['Wide characters', wideFunctions],
  ['Numbers, allocation, sorting, ending', stdlibFunctions],
  ['Streams and formatted input and output', stdioFunctions],
  ['Mathematics', mathFunctions],
  ['Time', timeFunctions],
  ['Non-local jumps', jumpFunctions],
  ['Files by their names, folders', folderFunctions],
  ['Options of the command line', optionFunctions],
  ['Memory by the page', pageFunctions],
  ['Descriptors, locale, signals of its own', systemFunctions],
];

const all = new Map<string, LibraryFunction>(LIBRARY.flatMap(([, functions]) => Object.entries(functions)));

/** Objects of the C library, with their sizes in bytes. */
export const OBJECTS: ReadonlyMap<string, number> = new Map([
  ['stdin', 8],
  ['stdout', 8],
  ['stderr', 8],
  ['environ', 8],
  ['__environ', 8],
  ['optarg', 8],
  ['optind', 4],
  ['opterr', 4],
  ['optopt', 4],
  ['signgam', 4],
  ['__stack_chk_guard', 8],
]);

/**
 * The function that does what a function of a translation does: where that goes back to another function's frame by
 * itself, only the host can follow it.
 */
export function insteadOf(name: string): string | undefined {
  return /^__vouch_(_?setjmp|sigsetjmp|longjmp)$/.exec(name)?.[1];
}

export function hasFunction(name: string): boolean {
  return all.has(name);
}

/**
 * Carries out a call of a library function: its arguments are where the convention puts them, and so is its result,
 * of which the kind is given back. `seen` is told of each argument that is taken.
 */
export function callLibrary(
  p: Process,
  name: string,
  seen?: (value: number | bigint) => void,
): LibraryFunction['result'] {
  const f = must(all.get(name), name);
  const { machine } = p;
  p.memory.caller = name;
  const args = new CallArguments(machine);
  args.seen = seen;
  const result = f.run(p, args);
  putResult(machine, f.result, result);
  return f.result;
}

function putResult(machine: Machine, kind: LibraryFunction['result'], result: unknown): void {
  const { integerResults, floatResult } = machine.abi;
  const [first, second] = integerResults;
  switch (kind) {
    case 'none':
      return;
    case 'int':
      machine.setNumber(first, Number(result) | 0);
      return;
    case 'long':
      if (typeof result === 'bigint') machine.setRegister(first, result);
      else machine.setNumber(first, Number(result));
      return;
    case 'double':
      machine.view.setFloat64(machine.registerAt(floatResult), Number(result), true);
      return;
    case 'float':
      machine.view.setFloat32(machine.registerAt(floatResult), Number(result), true);
      // RISC-V keeps a single in a register of 64 bits with ones above it.
      if (machine.abi.boxesFloats) machine.view.setInt32(machine.registerAt(floatResult) + 4, -1, true);
      return;
    case 'pair': {
      const [low, high] = numbers(result);
      machine.setRegister(first, BigInt(low ?? 0));
      machine.setRegister(second, BigInt(high ?? 0));
      return;
    }
    case 'complex': {
      const [real, imaginary] = numbers(result);
      const next = floatResult.replace(/\d+$/, (n) => String(Number(n) + 1));
      machine.view.setFloat64(machine.registerAt(floatResult), Number(real), true);
      machine.view.setFloat64(machine.registerAt(next), Number(imaginary), true);
    }
  }
}

function numbers(result: unknown): (number | bigint | undefined)[] {
  if (!Array.isArray(result)) return [];
  return result.map((x: unknown) => (typeof x === 'number' || typeof x === 'bigint' ? x : undefined));
}
