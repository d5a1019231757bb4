// SPDX-License-Identifier: MIT
import type { SourceText } from '../../base/source.ts';
import type { NativeEntries, Offered } from '../lower/from-x86_64/native-entries.ts';
import { morePassed, type StackArguments } from '../program/stack-arguments.ts';
import type { Lanes } from './lanes.ts';
import type { TranslateOptions } from './translate.ts';

/** The functions that are to have entries for native code: all that can, or those of these names. */
export type Wanted = 'all' | readonly string[];

/**
 * What functions take on the stack shows in their own files, and in those of functions that they hand it on to. So all files are
 * read before the first one is lowered.
 */
export async function findEntries(
  lanes: Lanes,
  files: readonly SourceText[],
  options: TranslateOptions,
): Promise<NativeEntries | undefined> {
  const { nativeEntries: wanted, from, to, processor } = options;
  if (wanted === undefined) return undefined;
  const offered = await lanes.each(files, async (service, file) => {
    const { diagnostics } = await service.open(file, from, to, processor);
    return diagnostics.some((d) => d.severity === 'error') ? [] : await service.offered();
  });
  return { wanted: wanted === 'all' ? 'all' : new Set(wanted), takes: takenByAll(offered.flat()) };
}

/** What each function takes on the stack, all included that it hands its arguments on to. */
export function takenByAll(offered: readonly Offered[]): ReadonlyMap<string, StackArguments> {
  const takes = new Map<string, StackArguments>();
  for (const { names, takes: own } of offered) for (const n of names) takes.set(n, own);
  const handing = new Map<string, Offered[]>();
  for (const o of offered)
    for (const n of o.handsTo) {
      const all = handing.get(n) ?? [];
      all.push(o);
      handing.set(n, all);
    }
  const queue = [...takes.keys()];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const passed = takes.get(name) ?? 0;
    for (const { names } of handing.get(name) ?? []) {
      for (const n of names) {
        const before = takes.get(n) ?? 0;
        const after = morePassed(before, passed);
        if (after === before) continue;
        takes.set(n, after);
        queue.push(n);
      }
    }
  }
  return takes;
}
