// SPDX-License-Identifier: MIT
import { callGraph } from './call-graph.ts';
import type { Conventions } from './conventions.ts';
import { stackHeights } from './stack.ts';
import { type FunctionCode, leavesFunction, type Program } from './types.ts';

/** A way out of a function: how far above the stack pointer at entry that is there, and the function that the way goes on to, or -1. */
interface Way {
  readonly height: number | undefined;
  readonly to: number;
}

/**
 * How many bytes above its stack pointer at entry each function looks for the address that it returns to, itself and all functions
 * of the file that it goes on to by jumps. 0 for most; hand-written code jumps with registers on the stack that the other function takes off
 * first. Undefined where its ways differ, or where the stack pointer is not static.
 */
export function returnOffsets(
  program: Program,
  conventions: Conventions,
): ReadonlyMap<FunctionCode, number | undefined> {
  const { functions } = program;
  const graph = callGraph(program);
  const ways = functions.map((code, f): readonly Way[] => {
    const heights = stackHeights(code, program.isa, conventions);
    const out = code.blocks.filter((b) => leavesFunction(b) && heights.isReached(b.index));
    return out.map((b) => ({ height: heights.heightAt(b.end - 1), to: graph.functions[f]?.jumped[b.index] ?? -1 }));
  });
  const found: (number | undefined)[] = functions.map(() => undefined);
  const offsetOf = (height: number | undefined, to: number): number | undefined => {
    const further = to === -1 ? 0 : found[to];
    return height === undefined || further === undefined ? undefined : height + further;
  };
  const jumpers = functions.map((): number[] => []);
  ways.forEach((own, f) => {
    for (const { to } of own) jumpers[to]?.push(f);
  });
  /** Finds `next` of each function, again where a function has changed that it jumps to. */
  const settle = (next: (own: readonly Way[], f: number) => number | undefined): void => {
    const work = functions.map((_, f) => f);
    for (let f = work.pop(); f !== undefined; f = work.pop()) {
      const offset = next(ways[f] ?? [], f);
      if (offset === found[f]) continue;
      found[f] = offset;
      work.push(...(jumpers[f] ?? []));
    }
  };
  // What is known of one way makes it known of functions that jump there; then all ways must agree.
  settle((own, f) => found[f] ?? own.map((w) => offsetOf(w.height, w.to)).find((o) => o !== undefined));
  settle((own, f) => (own.every((w) => offsetOf(w.height, w.to) === found[f]) ? found[f] : undefined));
  return new Map(functions.map((code, f) => [code, found[f]]));
}
