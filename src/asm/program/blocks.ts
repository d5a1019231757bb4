// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import { mapped } from '../../base/lists.ts';
import type { Inst } from '../isa/define.ts';
import type { Block, CodePart, Flow } from './types.ts';

/** A function's code before it is cut into blocks. */
export interface CodeToCut {
  readonly insts: readonly Inst[];
  readonly flows: readonly Flow[];
  readonly labelsAt: ReadonlyMap<number, readonly string[]>;
  readonly indexOfLabel: ReadonlyMap<string, number>;
  readonly parts: readonly CodePart[];
  /** Labels that code or data mention: control may arrive there. */
  readonly isReferenced: (label: string) => boolean;
  /** The instruction index of this function that a jump to `target` goes to; undefined when it leaves the function. */
  readonly localTarget: (target: string, at: number) => number | undefined;
}

/** The edges of a block: what `finishBlocks` adds to the cuts. */
export interface BlockCuts {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly blockAt: readonly number[];
  readonly successors: readonly (readonly number[])[];
  readonly tailCalls: readonly (string | undefined)[];
}

/** Whether control may stay where it goes: in a function, or in the operating system. */
export const mayEnd = (flow: Flow): boolean => flow.kind === 'call' || flow.kind === 'system';

/** Cuts the code into blocks and finds all edges but those of indirect jumps. */
export function cutBlocks(code: CodeToCut): BlockCuts {
  const { flows } = code;
  const starts: number[] = [];
  const blockAt: number[] = [];
  const partStarts = new Set(code.parts.map((p) => p.start));
  for (let i = 0; i < code.insts.length; i++) {
    const previous = flows[i - 1];
    const begins =
      previous === undefined ||
      previous.kind !== 'next' ||
      flows[i]?.kind === 'repeat' ||
      partStarts.has(i) ||
      (code.labelsAt.get(i)?.some(code.isReferenced) ?? false);
    if (begins) starts.push(i);
    blockAt.push(starts.length - 1);
  }
  const ends = mapped(starts, (_, b) => starts[b + 1] ?? code.insts.length);
  const successors: number[][] = [];
  const tailCalls: (string | undefined)[] = [];
  starts.forEach((_, b) => {
    const last = (ends[b] ?? 0) - 1;
    const flow = flows[last] ?? { kind: 'next' };
    const next: number[] = [];
    let tailCall: string | undefined;
    const fallThrough = (): void => {
      const part = code.parts.find((p) => last + 1 === p.end);
      if (part === undefined) next.push(b + 1);
      else if (part.next !== undefined && !(mayEnd(flow) && part.sized)) tailCall = part.next;
    };
    if (flow.kind === 'jump') {
      const local = code.localTarget(flow.target, last);
      const to = local === undefined ? undefined : blockAt[local];
      if (to === undefined) tailCall = flow.target;
      else next.push(to);
      if (flow.conditional) {
        const kept = tailCall;
        fallThrough();
        if (kept !== undefined) tailCall = kept;
      }
    } else if (flow.kind === 'repeat') {
      next.push(b);
      fallThrough();
    } else if (flow.kind === 'next' || mayEnd(flow)) fallThrough();
    successors.push(next[0] === next[1] ? next.slice(0, 1) : next);
    tailCalls.push(tailCall);
  });
  return { starts, ends, blockAt, successors, tailCalls };
}

/** The blocks with the targets of indirect jumps, by block index, put in. */
export function finishBlocks(
  code: CodeToCut,
  cuts: BlockCuts,
  indirect: ReadonlyMap<number, readonly string[]>,
): Block[] {
  return mapped(cuts.starts, (start, index): Block => {
    const end = cuts.ends[index] ?? start;
    const labels = indirect.get(index) ?? [];
    const successors =
      labels.length === 0 ? must(cuts.successors[index], 'a list') : withTargets(code, cuts, index, labels);
    const flow = code.flows[end - 1] ?? { kind: 'next' };
    const tailCall = cuts.tailCalls[index];
    const block = { index, start, end, flow, successors, indirectTargets: labels, tailCall };
    const ended = mayEnd(flow) && successors.length === 0 && tailCall === undefined;
    return ended ? { ...block, neverReturns: 'end' } : block;
  });
}

/** A block's successors, and where these labels are. */
function withTargets(code: CodeToCut, cuts: BlockCuts, index: number, labels: readonly string[]): number[] {
  const successors = new Set(cuts.successors[index]);
  for (const label of labels) {
    const at = code.indexOfLabel.get(label);
    const to = at === undefined ? undefined : cuts.blockAt[at];
    if (to !== undefined) successors.add(to);
  }
  return [...successors];
}
