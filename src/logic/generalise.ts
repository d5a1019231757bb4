// SPDX-License-Identifier: MIT
import { variable } from './pool.ts';
import { Substitution, subterms } from './substitute.ts';
import type { Op, Term } from './term.ts';

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
 * Replaces terms that both sides have in common by fresh variables: the outermost common ones that are opaque, or that
 * `chosen` tells. What is proved of the result holds of the claim; the converse need not be so. Undefined where nothing
 * is replaced.
 */
export function generalise(
  assumptions: readonly Term[],
  left: Term,
  right: Term,
  chosen: (t: Term) => boolean = opaque,
): readonly Term[] | undefined {
  const inLeft = new Set(subterms([left]));
  const common = subterms([right]).filter((t) => inLeft.has(t) && chosen(t));
  if (common.length === 0) return undefined;
  const replacements = new Map<Term, Term>();
  for (const t of common) replacements.set(t, variable(`common.${t.id}`, t.width));
  // A replaced term is not looked into, so the outermost ones count.
  const substitution = new Substitution(replacements);
  return [...assumptions, left, right].map((t) => substitution.apply(t));
}

const commutative = new Set<Op>([
  'and',
  'or',
  'xor',
  'add',
  'mul',
  'eq',
  'carry',
  'overflow',
  'fp.add',
  'fp.mul',
  'fp.eq',
]);

function mix(h: number, x: number): number {
  const m = Math.imul(h ^ x, 0x9e3779b1);
  return m ^ (m >>> 15);
}

function hashText(text: string): number {
  let h = text.length;
  for (let i = 0; i < text.length; i++) h = mix(h, text.charCodeAt(i));
  return h;
}

/** The arguments of each term in an order that depends on what they look like and where they occur, not on names. */
function arrange(order: readonly Term[], roots: readonly Term[]): ReadonlyMap<Term, readonly Term[]> {
  const places = new Map<Term, number>();
  const arranged = new Map<Term, readonly Term[]>();
  for (let round = 0; round < 3; round++) {
    const looks = new Map<Term, number>();
    const look = (t: Term) => looks.get(t) ?? 0;
    for (const t of order) {
      let args = t.args;
      if (commutative.has(t.op)) {
        // Of three arguments the last is a carry.
        const swaps = t.op === 'carry' || t.op === 'overflow' ? 2 : args.length;
        args = [...args.slice(0, swaps).sort((x, y) => look(x) - look(y)), ...args.slice(swaps)];
      }
      arranged.set(t, args);
      let h = hashText(`${t.op}${t.width}.${t.lo}`);
      if (t.op === 'const') h = mix(h, hashText(t.value.toString(36)));
      else if (t.op === 'var') h = mix(h, places.get(t) ?? 0);
      else h = mix(h, hashText(t.name));
      for (const a of args) h = mix(h, look(a));
      looks.set(t, h);
    }
    places.clear();
    roots.forEach((t, i) => {
      places.set(t, mix(places.get(t) ?? 0, i));
    });
    for (let i = order.length - 1; i >= 0; i--) {
      const t = order[i] as Term;
      const here = mix(look(t), places.get(t) ?? 0);
      (arranged.get(t) ?? t.args).forEach((a, position) => {
        const at = commutative.has(t.op) ? 0 : position + 1;
        // Added up, so that the order in which places are found does not matter.
        places.set(a, ((places.get(a) ?? 0) + mix(here, at)) | 0);
      });
    }
  }
  return arranged;
}

/**
 * Text that is the same for claims that differ in the names of their variables only (nearly always: where arguments of
 * a commutative operator look alike, their order can differ). It tells all of the claim, so equal texts are equal claims.
 */
export function canonicalText(roots: readonly Term[]): string {
  const arranged = arrange(subterms(roots), roots);
  const index = new Map<Term, number>();
  const lines: string[] = [];
  let variables = 0;
  const stack: Term[] = [...roots].reverse();
  for (let t = stack.pop(); t !== undefined; t = stack.pop()) {
    if (index.has(t)) continue;
    const args = arranged.get(t) ?? t.args;
    const missing = args.filter((a) => !index.has(a));
    if (missing.length > 0) {
      stack.push(t, ...missing.reverse());
      continue;
    }
    index.set(t, index.size);
    if (t.op === 'var') lines.push(`v${variables++}:${t.width}`);
    else if (t.op === 'const') lines.push(`${t.value.toString(36)}:${t.width}`);
    else lines.push(`${t.op}.${t.name}:${t.width}.${t.lo}(${args.map((a) => index.get(a)).join(' ')})`);
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
