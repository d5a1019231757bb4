// SPDX-License-Identifier: MIT
import { largest, smallest } from '../../base/lists.ts';
import type { Machine, PathAccess, Raise } from './machine.ts';
import { distance } from './memory.ts';

/**
 * What lies below the stack pointer may be changed by a signal handler at any time. Where the target's stack pointer has
 * been raised, it may load what it has stored since, and what the source loads too after its own stack pointer has been
 * as high: as the source relies on nothing below, that is not below.
 */

export type Loads =
  | { readonly kind: 'safe'; readonly assuming: boolean; readonly redZone: number }
  /** Something is loaded that may have been changed. */
  | { readonly kind: 'lost' };

/**
 * Whether the target's loads are safe, and how many bytes below its stack pointer the source may use for that; with
 * `assuming` this rests on what the source loads. `exits` are the source's states where it leaves.
 */
export function loadsOf(
  target: readonly PathAccess[],
  source: readonly PathAccess[],
  exits: readonly Machine[],
): Loads {
  let redZone = Number.POSITIVE_INFINITY;
  for (const [at, load] of target.entries()) {
    if (load.kind !== 'load') continue;
    for (const raise of load.raised) {
      const above = distance(load.address, raise.to);
      if ((above !== undefined && above >= 0) || storedSince(raise, load, target.slice(0, at))) continue;
      const most = loadedInSource(raise, load, source, exits);
      if (most === undefined) return { kind: 'lost' };
      redZone = Math.min(redZone, most);
    }
  }
  return { kind: 'safe', assuming: redZone < Number.POSITIVE_INFINITY, redZone };
}

/** Whether the target, on the way to the load, has stored at its address since the stack pointer was raised. */
function storedSince(raise: Raise, load: PathAccess, before: readonly PathAccess[]): boolean {
  return before.some(
    (a) =>
      a.kind === 'store' &&
      a.address === load.address &&
      a.bytes >= load.bytes &&
      a.raised.includes(raise) &&
      a.path.every((condition, i) => condition === load.path[i]),
  );
}

/**
 * How far above the raise the source's stack pointer has been on each of its ways, so that it loads from the address
 * afterwards without having stored there in between; undefined where it has not.
 */
function loadedInSource(
  raise: Raise,
  load: PathAccess,
  source: readonly PathAccess[],
  exits: readonly Machine[],
): number | undefined {
  // Wide loads of the source are several in the target.
  const into = source.map((a) => distance(load.address, a.address));
  const touches = source.map((a, k) => {
    const from = into[k];
    return from !== undefined && from < a.bytes && from + load.bytes > 0;
  });
  const loadedSince = (accesses: number): boolean => {
    const first = touches.indexOf(true, accesses);
    const [a, from] = [source[first], into[first]];
    return a?.kind === 'load' && from !== undefined && from >= 0 && from + load.bytes <= a.bytes;
  };
  const each = exits.map(({ visited }) =>
    largest(visited.map((v) => (loadedSince(v.accesses) ? (distance(v.sp, raise.to) ?? -1) : -1))),
  );
  const most = smallest(each);
  return exits.length > 0 && most >= 0 ? most : undefined;
}
