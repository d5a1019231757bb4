// SPDX-License-Identifier: MIT
import type { Block } from './types.ts';

/** Block indexes such that, back edges aside, a block comes after its successors; blocks nothing reaches come last. */
export function postorder(blocks: readonly Block[]): number[] {
  return postorderOf(blocks.length, (b) => blocks[b]?.successors ?? []);
}

/** The same for any graph of `count` nodes: a depth-first walk from node 0, then from every node not yet seen. */
export function postorderOf(count: number, successors: (node: number) => readonly number[]): number[] {
  const order: number[] = [];
  const seen = new Uint8Array(count);
  const stack: number[] = [];
  const progress: number[] = [];
  for (let root = 0; root < count; root++) {
    if (seen[root] === 1) continue;
    seen[root] = 1;
    stack.push(root);
    progress.push(0);
    while (stack.length > 0) {
      const top = stack.length - 1;
      const node = stack[top] ?? 0;
      const at = progress[top] ?? 0;
      const next = successors(node)[at];
      if (next === undefined) {
        order.push(node);
        stack.pop();
        progress.pop();
        continue;
      }
      progress[top] = at + 1;
      if (seen[next] === 1) continue;
      seen[next] = 1;
      stack.push(next);
      progress.push(0);
    }
  }
  return order;
}
