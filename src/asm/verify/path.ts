// SPDX-License-Identifier: MIT
import { and, isConst, not, or, yes } from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';

/** The conditions under which control came this way: one-bit terms that all hold, in the order they were met. */
export type Path = readonly Term[];

/** The path on which `condition` holds as well, or undefined where that is plainly impossible. */
export function extend(path: Path, condition: Term): Path | undefined {
  if (isConst(condition)) return condition.value === 1n ? path : undefined;
  if (path.includes(condition)) return path;
  if (path.includes(not(condition))) return undefined;
  return [...path, condition];
}

export function extendAll(path: Path, more: Path): Path | undefined {
  if (path.length === 0 && !more.some(isConst)) return more;
  let joint: Path | undefined = path;
  for (const c of more) joint = joint && extend(joint, c);
  return joint;
}

/** All conditions of a path as one term. */
export function conjunction(path: Path): Term {
  return path.reduce((all, c) => and(all, c), yes());
}

/**
 * Two paths that meet. `first` tells them apart: under `path`, it is 1 exactly where the first one was taken, provided
 * that the two exclude each other.
 */
export function join(a: Path, b: Path): { path: Path; first: Term } {
  let common = 0;
  while (common < a.length && common < b.length && a[common] === b[common]) common++;
  const path = a.slice(0, common);
  const [restA, restB] = [a.slice(common), b.slice(common)];
  const first = conjunction(restA);
  if (areSiblings(a, b)) return { path, first };
  return { path: [...path, or(first, conjunction(restB))], first };
}

/** True for the two sides of one branch. */
export function areSiblings(a: Path, b: Path): boolean {
  if (a.length !== b.length || a.length === 0) return false;
  const last = a.length - 1;
  for (let i = 0; i < last; i++) if (a[i] !== b[i]) return false;
  const [x, y] = [a[last], b[last]];
  return x !== undefined && y !== undefined && not(x) === y;
}
