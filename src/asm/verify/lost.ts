// SPDX-License-Identifier: MIT
import type { Machine, PathAccess, Raise } from './machine.ts';
import { distance } from './memory.ts';

/**
 * What lies below the stack pointer may be changed by a signal handler at any time. Where the target's stack pointer has
 * been raised, what it finds below is what it has stored there since, or what the source cannot rely on either.
 */

/** Whether the target loads something that may have been lost. `exits` are the source's states where it leaves. */
export function loadsLost(
  target: readonly PathAccess[],
  source: readonly PathAccess[],
  exits: readonly Machine[],
): boolean {
  return target.some(
    (load, at) =>
      load.kind === 'load' &&
      load.raised.some((raise) => {
        const above = distance(load.address, raise.to);
        if (above !== undefined && above >= 0) return false;
        return !storedSince(raise, load, target.slice(0, at)) && !lostInSource(raise, load, source, exits);
      }),
  );
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
 * Whether the source finds there only what may have been lost as well: on each of its ways its stack pointer has been as
 * high, and since then it loads from the address and stores nothing there.
 */
function lostInSource(
  raise: Raise,
  load: PathAccess,
  source: readonly PathAccess[],
  exits: readonly Machine[],
): boolean {
  const last = source.findLastIndex((a) => a.kind === 'load' && a.address === load.address);
  const stored = source.findLastIndex((a) => a.kind === 'store' && a.address === load.address);
  return (
    exits.length > 0 &&
    exits.every(({ visited }) =>
      visited.some((v) => stored < v.accesses && v.accesses <= last && (distance(v.sp, raise.to) ?? -1) >= 0),
    )
  );
}
