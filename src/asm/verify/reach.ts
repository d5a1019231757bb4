// SPDX-License-Identifier: MIT
import { append } from '../../base/lists.ts';
import type { FunctionCode, Program } from '../program/types.ts';

/**
 * The blocks of a source function that control can arrive at: from its entry, or by a jump of another function to a
 * label within it. Nothing needs to hold of the others, since every block that is checked is checked to go on only to
 * the successors that are followed here.
 */
export function reachedBlocks(program: Program, code: FunctionCode): ReadonlySet<number> {
  const reached = new Set<number>();
  const work = [0];
  for (const label of jumpsFromOutside(program)) {
    const at = code.indexOfLabel.get(label);
    const block = at === undefined ? undefined : code.blockAt[at];
    if (block !== undefined) work.push(block);
  }
  for (let b = work.pop(); b !== undefined; b = work.pop()) {
    if (reached.has(b)) continue;
    reached.add(b);
    append(work, code.blocks[b]?.successors ?? []);
  }
  return reached;
}

const outside = new WeakMap<Program, ReadonlySet<string>>();

/** The labels by which functions are left or called, and those whose address is known elsewhere. */
function jumpsFromOutside(program: Program): ReadonlySet<string> {
  let labels = outside.get(program);
  if (labels === undefined) {
    const found = new Set(program.addressTaken);
    for (const { blocks } of program.functions) {
      for (const { flow, tailCall } of blocks) {
        if (tailCall !== undefined) found.add(tailCall);
        if (flow.kind === 'call' && flow.target !== undefined) found.add(flow.target);
      }
    }
    labels = found;
    outside.set(program, labels);
  }
  return labels;
}
