// SPDX-License-Identifier: MIT
import { variable } from './pool.ts';
import { Substitution, subterms } from './substitute.ts';
import type { Term } from './term.ts';

/** A claim made more general, and the canonical text of claims by which equal ones are found again. */

/** Terms that a solver finds hard, or that are large, and whose inside seldom matters. */
function opaque(t: Term): boolean {
  switch (t.op) {
    case 'mul':
    case 'udiv':
    case 'urem':
    case 'sdiv':
    case 'srem':
    case 'load':
    case 'apply':
    case 'clz':
      return true;
    default:
      return t.op.startsWith('fp.') && t.op !== 'fp.isNaN' && t.op !== 'fp.nanX86' && t.op !== 'fp.nanArm';
  }
}

/**
 * Replaces terms that both sides have in common by fresh variables: the outermost common ones that are opaque. What is
 * proved of the result holds of the claim; the converse need not be so. Undefined where nothing is replaced.
 */
export function generalise(assumptions: readonly Term[], left: Term, right: Term): readonly Term[] | undefined {
  const inLeft = new Set(subterms([left]));
  const common = subterms([right]).filter((t) => inLeft.has(t) && opaque(t));
  if (common.length === 0) return undefined;
  const replacements = new Map<Term, Term>();
  for (const t of common) replacements.set(t, variable(`common.${t.id}`, t.width));
  // A replaced term is not looked into, so the outermost ones count.
  const substitution = new Substitution(replacements);
  return [...assumptions, left, right].map((t) => substitution.apply(t));
}

/** Text that is the same for claims that differ in the names of their variables only. */
export function canonicalText(roots: readonly Term[]): string {
  const index = new Map<Term, number>();
  const lines: string[] = [];
  let variables = 0;
  for (const t of subterms(roots)) {
    const at = index.size;
    index.set(t, at);
    if (t.op === 'var') lines.push(`v${variables++}:${t.width}`);
    else if (t.op === 'const') lines.push(`${t.value.toString(36)}:${t.width}`);
    else lines.push(`${t.op}.${t.name}:${t.width}.${t.lo}(${t.args.map((a) => index.get(a)).join(' ')})`);
  }
  lines.push(roots.map((t) => index.get(t)).join(' '));
  return lines.join(';');
}

/** The claims that a solver has proved, by their canonical text. */
export class QueryCache {
  private readonly proved = new Set<string>();

  has(key: string): boolean {
    return this.proved.has(key);
  }

  add(key: string): void {
    this.proved.add(key);
  }

  get size(): number {
    return this.proved.size;
  }
}
