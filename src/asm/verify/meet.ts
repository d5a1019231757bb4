// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import type { FunctionCode } from '../program/types.ts';
import type { Arrival, Exit } from './explore.ts';
import { areSiblings, join } from './path.ts';

/** Where paths of one exploration meet: what they become, and in which order they are to be followed. */

/** Paths that meet become one; the two sides of a branch first, so that its condition drops out of the path. */
export function mergeArrivals(arrivals: Arrival[]): Arrival {
  const list = [...arrivals];
  while (list.length > 1) {
    let [i, j] = [0, 1];
    search: for (let a = 0; a < list.length; a++) {
      for (let b = a + 1; b < list.length; b++) {
        if (areSiblings((list[a] as Arrival).path, (list[b] as Arrival).path)) {
          [i, j] = [a, b];
          break search;
        }
      }
    }
    const [x, y] = [list[i] as Arrival, list[j] as Arrival];
    const { path, first } = join(x.path, y.path);
    list.splice(j, 1);
    list[i] = { path, state: x.state.merge(first, y.state) };
  }
  return must(list[0], 'at least one arrival');
}

/**
 * Exits to one cut point become one, but for those that leave with different memories: two comparisons of memories are
 * easier than one of a choice between them.
 */
export function mergeExits(exits: readonly Exit[]): Exit[] {
  const groups = new Map<string, Exit[]>();
  const result: Exit[] = [];
  for (const exit of exits) {
    if (exit.to.kind !== 'cut') {
      result.push(exit);
      continue;
    }
    const key = `${exit.to.index} ${exit.state.memory.id}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [exit]);
    else group.push(exit);
  }
  for (const group of groups.values()) {
    const first = group[0] as Exit;
    if (group.length === 1) result.push(first);
    else result.push({ ...first, ...mergeArrivals(group) });
  }
  return result;
}

/**
 * Ranks of instruction indexes such that code comes before what it leads to. Only the order in which paths are
 * followed depends on it: a wrong rank makes the explorer give up, never conclude.
 */
export function topologicalOrder(
  code: FunctionCode,
  start: number,
  isCut: (index: number) => boolean,
): Map<number, number> {
  const finished: number[] = [];
  const seen = new Set<number>();
  const visit = (block: number, entry: boolean): void => {
    const b = code.blocks[block];
    if (b === undefined || seen.has(block) || (!entry && isCut(b.start))) return;
    seen.add(block);
    for (const s of b.successors) visit(s, false);
    finished.push(b.start);
  };
  visit(code.blockAt[start] ?? -1, true);
  const rank = new Map<number, number>();
  for (let i = finished.length - 1; i >= 0; i--) rank.set(finished[i] as number, finished.length - i);
  return rank;
}
