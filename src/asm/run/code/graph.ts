// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { postorderOf } from '../../program/order.ts';
import type { Code } from '../wasm/code.ts';

/** A control flow graph whose entry is node 0. */
export interface Graph {
  readonly count: number;
  readonly successors: (node: number) => readonly number[];
  /** Nodes that branch tables go to, which therefore need a label. */
  readonly labelled: ReadonlySet<number>;
}

/** Writes the code of a node; `go` writes the way to a successor, `level` is a labelled successor's, for tables. */
export type EmitNode = (node: number, go: (to: number) => void, level: (to: number) => number) => void;

/** Facts about a graph that tell how it can be written without `goto`. */
export interface Shape {
  /** Reverse postorder numbers; -1 for what is not reached. */
  readonly rank: Int32Array;
  /** Where edges go back to. */
  readonly headers: ReadonlySet<number>;
  /** Children in the dominator tree that several edges forward lead to, or that need a label. */
  readonly merges: ReadonlyMap<number, readonly number[]>;
  readonly isMerge: ReadonlySet<number>;
  /** Whether every loop is entered at its header only. */
  readonly reducible: boolean;
}

export function shapeOf(graph: Graph): Shape {
  const order = postorderOf(graph.count, graph.successors);
  const reached = reachedFrom(graph);
  const rank = new Int32Array(graph.count).fill(-1);
  const nodes = order.filter((n) => reached[n] === 1).reverse();
  nodes.forEach((n, i) => {
    rank[n] = i;
  });
  const rankOf = (n: number): number => rank[n] ?? -1;
  const predecessors: number[][] = Array.from({ length: graph.count }, () => []);
  for (const n of nodes) for (const s of graph.successors(n)) predecessors[s]?.push(n);
  const idom = dominators(nodes, predecessors, rankOf);
  const headers = new Set<number>();
  const isMerge = new Set<number>();
  let reducible = true;
  for (const n of nodes) {
    let forward = 0;
    for (const p of predecessors[n] ?? []) {
      if (rankOf(p) < rankOf(n)) forward++;
      else {
        headers.add(n);
        if (!dominates(n, p, idom, rankOf)) reducible = false;
      }
    }
    if (n !== 0 && (forward > 1 || graph.labelled.has(n))) isMerge.add(n);
  }
  const merges = new Map<number, number[]>();
  for (const n of nodes) {
    if (!isMerge.has(n)) continue;
    const parent = idom[n] ?? 0;
    const list = merges.get(parent);
    if (list === undefined) merges.set(parent, [n]);
    else list.push(n);
  }
  // The one that comes last in order gets the outermost label.
  for (const list of merges.values()) list.sort((a, b) => rankOf(b) - rankOf(a));
  return { rank, headers, merges, isMerge, reducible };
}

function reachedFrom(graph: Graph): Uint8Array {
  const reached = new Uint8Array(graph.count);
  const todo = [0];
  reached[0] = 1;
  for (let n = todo.pop(); n !== undefined; n = todo.pop()) {
    for (const s of graph.successors(n)) {
      if (reached[s] === 1) continue;
      reached[s] = 1;
      todo.push(s);
    }
  }
  return reached;
}

/** Immediate dominators (Cooper, Harvey and Kennedy, "A simple, fast dominance algorithm"). */
function dominators(
  nodes: readonly number[],
  predecessors: readonly (readonly number[])[],
  rank: (n: number) => number,
): Int32Array {
  const idom = new Int32Array(predecessors.length).fill(-1);
  const entry = nodes[0] ?? 0;
  idom[entry] = entry;
  const meet = (a: number, b: number): number => {
    let [x, y] = [a, b];
    while (x !== y) {
      while (rank(x) > rank(y)) x = idom[x] ?? entry;
      while (rank(y) > rank(x)) y = idom[y] ?? entry;
    }
    return x;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const n of nodes) {
      if (n === entry) continue;
      let best = -1;
      for (const p of predecessors[n] ?? []) {
        if ((idom[p] ?? -1) < 0) continue;
        best = best < 0 ? p : meet(p, best);
      }
      if (idom[n] === best) continue;
      idom[n] = best;
      changed = true;
    }
  }
  return idom;
}

function dominates(a: number, b: number, idom: Int32Array, rank: (n: number) => number): boolean {
  let n = b;
  while (rank(n) > rank(a)) n = idom[n] ?? 0;
  return n === a;
}

/**
 * Writes a reducible graph with blocks and loops only: a node's code is nested in labels for the merge nodes that it
 * dominates, and everything else that it dominates stands where control goes to it (Ramsey, "Beyond Relooper").
 */
export function emitStructured(code: Code, shape: Shape, emit: EmitNode): void {
  const { rank, headers, merges, isMerge } = shape;
  const loops = new Map<number, number>();
  const labels = new Map<number, number>();
  const tree = (node: number): void => {
    const isLoop = headers.has(node);
    if (isLoop) {
      code.loop();
      loops.set(node, code.depth);
    }
    const within = merges.get(node) ?? [];
    for (const m of within) {
      code.block();
      labels.set(m, code.depth);
    }
    const level = (to: number): number =>
      must((rank[to] ?? 0) <= (rank[node] ?? 0) ? loops.get(to) : labels.get(to), 'a label');
    emit(
      node,
      (to) => {
        if ((rank[to] ?? 0) <= (rank[node] ?? 0) || isMerge.has(to)) code.br(level(to));
        else tree(to);
      },
      level,
    );
    for (let i = within.length - 1; i >= 0; i--) {
      code.end();
      tree(must(within[i], 'a merge node'));
    }
    if (isLoop) code.end();
  };
  tree(0);
}

/** Writes any graph as one loop around a table; `next` is a local variable with the node to go to, set beforehand. */
export function emitDispatched(code: Code, shape: Shape, next: number, emit: EmitNode): void {
  const nodes = [...shape.rank.keys()].filter((n) => (shape.rank[n] ?? -1) >= 0);
  code.loop();
  const again = code.depth;
  const levels = new Map<number, number>();
  for (let i = nodes.length - 1; i >= 0; i--) {
    code.block();
    levels.set(nodes[i] ?? 0, code.depth);
  }
  const table = Array.from(shape.rank.keys(), (n) => levels.get(n) ?? again);
  code.get(next);
  code.brTable(table, again);
  for (const node of nodes) {
    code.end();
    emit(
      node,
      (to) => {
        code.i32(to);
        code.set(next);
        code.br(again);
      },
      () => -1,
    );
  }
  code.end();
}
