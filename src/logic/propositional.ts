// SPDX-License-Identifier: MIT
import { append } from '../base/lists.ts';
import { mask } from './pool.ts';
import { subterms } from './substitute.ts';
import type { Term } from './term.ts';

/** Past this many atoms a truth table is too large. */
const MOST_ATOMS = 11;

function connective(t: Term): boolean {
  switch (t.op) {
    case 'not':
    case 'and':
    case 'or':
    case 'xor':
    case 'ite':
      return t.width === 1;
    default:
      return false;
  }
}

/**
 * Whether two one-bit terms are equal under the assumptions whatever their atoms (comparisons, single bits) are: by
 * truth table. False also where there are too many atoms to tell.
 */
export function equalAsPropositions(assumptions: readonly Term[], left: Term, right: Term): boolean {
  if (left.width !== 1) return false;
  const roots = [left, right, ...assumptions];
  const atoms = new Set<Term>();
  const seen = new Set<Term>();
  const stack = [...roots];
  for (let t = stack.pop(); t !== undefined; t = stack.pop()) {
    if (seen.has(t)) continue;
    seen.add(t);
    if (connective(t)) append(stack, t.args);
    else if (t.op !== 'const') atoms.add(t);
  }
  if (atoms.size > MOST_ATOMS) return false;
  const rows = 1 << atoms.size;
  const all = mask(rows);
  const tables = new Map<Term, bigint>();
  let index = 0;
  for (const t of atoms) tables.set(t, column(index++, rows));
  const table = (t: Term | undefined): bigint => (t === undefined ? 0n : (tables.get(t) ?? 0n));
  for (const t of subterms(roots)) {
    if (!seen.has(t) || tables.has(t)) continue;
    if (t.op === 'const') tables.set(t, t.value === 1n ? all : 0n);
    else if (t.op === 'not') tables.set(t, all ^ table(t.args[0]));
    else if (t.op === 'ite') {
      const c = table(t.args[0]);
      tables.set(t, (c & table(t.args[1])) | ((all ^ c) & table(t.args[2])));
    } else {
      const columns = t.args.map(table);
      tables.set(
        t,
        columns.reduce((x, y) => (t.op === 'and' ? x & y : t.op === 'or' ? x | y : x ^ y)),
      );
    }
  }
  let differ = table(left) ^ table(right);
  for (const t of assumptions) differ &= table(t);
  return differ === 0n;
}

/** The rows in which atom `index` is true: runs of 2^index ones above as many zeros. */
function column(index: number, rows: number): bigint {
  const run = 1 << index;
  let pattern = mask(run) << BigInt(run);
  for (let size = 2 * run; size < rows; size *= 2) pattern |= pattern << BigInt(size);
  return pattern;
}
