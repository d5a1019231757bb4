// SPDX-License-Identifier: MIT
import type { Operand } from '../operand.ts';
import type { Refusal } from '../syntax.ts';
import { isRounding } from './operands.ts';

/** Operands that the manual knows and vouch refuses, and why. */
export function refusal(name: string, ops: readonly Operand[]): Refusal | undefined {
  const last = ops.at(-1);
  if (name.startsWith('f') && last?.kind === 'word' && isRounding(last.word) && last.word !== 'dyn') {
    return {
      message: `'${name}' with the rounding mode ${last.word} is not supported`,
      note: 'only conversions to integers take other modes than to nearest even (rne)',
    };
  }
  return undefined;
}
