// SPDX-License-Identifier: MIT
import { callGraph } from './call-graph.ts';
import type { Conventions } from './conventions.ts';
import { stackHeights } from './stack.ts';
import { type FunctionCode, leavesFunction, type Program } from './types.ts';

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
  /** By function: the offsets of its ways out, each with the function that the way goes on to. */
  const ways = functions.map((code, f) => {
    const heights = stackHeights(code, program.isa, conventions);
    const out = code.blocks.filter((b) => leavesFunction(b) && heights.isReached(b.index));
    return out.map((b) => ({ height: heights.heightAt(b.end - 1), to: graph.functions[f]?.jumped[b.index] ?? -1 }));
  });
  const found: (number | undefined)[] = functions.map(() => undefined);
  const offsetOf = (height: number | undefined, to: number): number | undefined => {
    const further = to === -1 ? 0 : found[to];
    return height === undefined || further === undefined ? undefined : height + further;
  };
  // What is known of one way makes it known of functions that jump there; then all ways must agree.
  for (let news = true; news; ) {
    news = false;
    ways.forEach((own, f) => {
      if (found[f] !== undefined) return;
      found[f] = own.map((w) => offsetOf(w.height, w.to)).find((o) => o !== undefined);
      news ||= found[f] !== undefined;
    });
  }
  for (let news = true; news; ) {
    news = false;
    ways.forEach((own, f) => {
      if (found[f] === undefined || own.every((w) => offsetOf(w.height, w.to) === found[f])) return;
      found[f] = undefined;
      news = true;
    });
  }
  return new Map(functions.map((code, f) => [code, found[f]]));
}
