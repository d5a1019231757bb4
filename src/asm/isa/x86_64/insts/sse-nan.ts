// SPDX-License-Identifier: MIT
import { bv, isNaNPattern, ite, quieted } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';

/**
 * x86's NaN rule (Intel SDM vol. 1, 4.8.3.5) over an operator whose NaN results carry no information: the first
 * operand that is a NaN, made quiet; for an invalid operation on numbers the negative quiet NaN without payload.
 */
export function nanResultX86(core: Term, operands: readonly Term[]): Term {
  const w = core.width;
  const indefinite = bv(w, w === 64 ? 0xfff8n << 48n : 0xffc0n << 16n);
  return operands.reduceRight(
    (rest, operand) => ite(isNaNPattern(operand), quieted(operand), rest),
    ite(isNaNPattern(core), indefinite, core),
  );
}
