// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import { callGraph } from './call-graph.ts';
import { addAll, type ChunkSet, chunksOf, emptySet, removeAll } from './chunks.ts';
import type { ProgramSummary } from './summary.ts';
import type { Program } from './types.ts';

/**
 * By function: what callers keep over calls of it because it leaves that alone, or callers of theirs. A translation must leave
 * it alone as well.
 */
export function keptOverCalls(program: Program, { functions }: ProgramSummary): readonly ChunkSet[] {
  const chunks = chunksOf(program.isa);
  const graph = callGraph(program);
  const kept = functions.map(() => emptySet(chunks));
  functions.forEach(({ code, liveness }, f) => {
    const { called } = must(graph.functions[f], 'call sites per function');
    for (const block of code.blocks) {
      const callee = functions[called[block.index] ?? -1];
      const set = kept[called[block.index] ?? -1];
      if (callee === undefined || set === undefined) continue;
      const live = liveness.liveOut(block.index);
      removeAll(live, callee.clobbers);
      addAll(set, live);
    }
  });
  // Callers come after what they call.
  for (let again = true; again; ) {
    again = false;
    for (const f of [...graph.order].reverse())
      for (const g of functions[f]?.callees ?? [])
        if (addAll(must(kept[g], 'a set per function'), must(kept[f], 'a set per function'))) again = true;
  }
  return kept;
}
