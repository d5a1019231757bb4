// SPDX-License-Identifier: MIT
import { arg } from '../../logic/pool.ts';
import { subterms } from '../../logic/substitute.ts';
import type { Term } from '../../logic/term.ts';
import { addressOf } from '../isa/symbol.ts';

/**
 * The label from whose address another one is computed here, `label + 64*i`: such jumps go into rows of code that have
 * the same size each, which they have on one machine only. What is loaded, or has come in a register, may be the
 * difference of two labels.
 */
export function computedFrom(address: Term, labels: readonly string[]): string | undefined {
  if (address.op !== 'add') return undefined;
  const base = labels.find((label) => address.args.includes(addressOf(label)));
  if (base === undefined) return undefined;
  const others = address.args.filter((t) => t !== addressOf(base));
  return others.some(mayBeDifference) ? undefined : base;
}

function mayBeDifference(t: Term): boolean {
  return isExtended(t) || subterms([t]).some((u) => u.op === 'load');
}

/** Whether a term is a variable, or 32 bits of one or more, with copies of the sign or zeros above. */
function isExtended(t: Term): boolean {
  if (t.width < 32) return false;
  if (t.op === 'var') return true;
  if (t.op === 'sext' || t.op === 'extract') return isExtended(arg(t, 0));
  return t.op === 'concat' && isExtended(arg(t, t.args.length - 1));
}
