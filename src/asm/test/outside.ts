// SPDX-License-Identifier: MIT
import { callAbi } from '../run/abi.ts';
import { has, usesOf } from '../run/code/live.ts';
import { addressOf } from '../run/link/addresses.ts';
import type { Image } from '../run/link/image.ts';

/** What a program says of functions outside by how it calls them. */
export interface Outside {
  /** How many integer arguments, and floating-point ones, there are at least. */
  readonly integers: number;
  readonly floats: number;
  /** Of each integer argument, whether all 64 bits are its. */
  readonly wide: readonly boolean[];
  /** Nothing follows its calls. */
  readonly ends: boolean;
}

interface Site {
  readonly integers: number;
  readonly floats: number;
  readonly wide: readonly boolean[];
  readonly variadic: boolean;
  readonly ends: boolean;
}

/**
 * A register that a block writes in front of a call and nobody reads until then holds an argument, since there would be no
 * reason to write it otherwise; and where there is a third argument, there is a second.
 */
export function outsideOf(image: Image): (name: string, call: number, back: number) => Outside | undefined {
  const { isa } = image;
  const abi = callAbi(isa);
  const indexOf = (loc: string): number => isa.locations.findIndex((l) => l.name === loc);
  const integers = abi.integers.map(indexOf);
  const floats = abi.floats.map(indexOf);
  const count = indexOf(abi.integerResults[0]);
  const sites = new Map<string, Site[]>();
  const indirect = new Map<number, Outside>();
  for (const fn of image.functions) {
    const { code } = fn;
    const uses = usesOf(code, isa);
    for (const block of code.blocks) {
      const { flow } = block;
      const name = block.tailCall ?? (flow.kind === 'call' ? flow.target : undefined);
      if (name === undefined ? flow.kind !== 'call' : !image.externals.has(name)) continue;
      const written = new Map<number, boolean>();
      for (let i = block.start; i < block.end - 1; i++) {
        const [use, inst] = [uses[i], code.insts[i]];
        if (use === undefined || inst === undefined) continue;
        for (const r of [...integers, ...floats, count]) {
          if (has(use.reads, r)) written.delete(r);
          if (has(use.writes, r))
            written.set(
              r,
              inst.ops.some((o) => o.kind === 'reg' && o.reg.width === 64),
            );
        }
      }
      const last = (list: readonly number[]): number => 1 + list.findLastIndex((r) => written.has(r));
      const site: Site = {
        integers: last(integers),
        floats: last(floats),
        wide: integers.map((r) => written.get(r) === true),
        variadic: written.has(count) && !integers.includes(count),
        ends: flow.kind === 'call' && block.successors.length === 0 && block.tailCall === undefined,
      };
      if (name === undefined) indirect.set(addressOf(fn, block.end), summary([{ ...site, ends: false }]));
      else sites.set(name, [...(sites.get(name) ?? []), site]);
    }
  }
  const named = new Map([...sites].map(([name, list]) => [name, summary(list)]));
  return (name, _, back) => named.get(name) ?? indirect.get(back);
}

function summary(sites: readonly Site[]): Outside {
  const pick = sites.some((s) => s.variadic) ? Math.min : Math.max;
  return {
    integers: pick(...sites.map((s) => s.integers)),
    floats: pick(...sites.map((s) => s.floats)),
    wide: (sites[0]?.wide ?? []).map((_, i) => sites.some((s) => s.wide[i])),
    ends: sites.some((s) => s.ends),
  };
}
