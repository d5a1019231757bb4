// SPDX-License-Identifier: MIT
import type { Operand } from '../operand.ts';
import type { Refusal } from '../syntax.ts';

/** Operands that the manual knows and vouch refuses, and why. */
export function refusal(name: string, ops: readonly Operand[]): Refusal | undefined {
  if ((name === 'mrs' || name === 'msr') && ops.length === 2) {
    const system = ops.find((op) => op.kind === 'word');
    const what = system === undefined ? 'this system register' : `the system register ${system.word}`;
    return { message: `${what} is not supported`, note: 'only nzcv and tpidr_el0 are modelled' };
  }
  const literal = ops.find((op) => op.kind === 'imm' && op.value.plus !== undefined);
  if (literal === undefined || !(name.startsWith('ldr') || name === 'prfm')) return undefined;
  return {
    message: `'${name}' from a literal is not supported`,
    note: 'load the address with adrp and add, then load from it',
  };
}
