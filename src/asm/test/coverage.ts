// SPDX-License-Identifier: MIT
import type { Block, FunctionCode } from '../program/types.ts';
import type { LinkedFunction } from '../run/link/image.ts';
import type { Machine } from '../run/machine.ts';
import { NOT_TAKEN, TAKEN } from './walk.ts';

/**
 * Which blocks of a function were entered, and which ways out of its conditional jumps were taken, and out of its jumps
 * through tables.
 */
export class Coverage {
  readonly fn: LinkedFunction;
  private readonly entered = new Set<number>();
  private readonly ways = new Set<number>();
  private readonly conditional: readonly number[];
  private readonly tables: readonly Table[];
  /** Ways through tables that were taken, by `edgeKey`. */
  private readonly edges = new Set<number>();

  constructor(fn: LinkedFunction) {
    this.fn = fn;
    const jumps = fn.code.blocks.filter((b) => b.flow.kind === 'jump' && b.flow.conditional);
    this.conditional = jumps.map((b) => b.index);
    this.tables = tablesOf(fn.code);
  }

  /** Adds what the machine has counted; whether anything was new. */
  add(machine: Machine): boolean {
    const before = this.entered.size + this.taken;
    for (const b of this.fn.code.blocks) {
      const [entered, taken] = machine.history.counts(this.fn.firstBlock + b.index);
      if (entered === 0) continue;
      this.entered.add(b.index);
      if (b.flow.kind !== 'jump' || !b.flow.conditional) continue;
      if (taken > 0) this.ways.add(2 * b.index + TAKEN);
      if (taken < entered) this.ways.add(2 * b.index + NOT_TAKEN);
    }
    for (const { block, to } of this.tables) {
      if (machine.history.counts(this.fn.firstBlock + block)[0] === 0) continue;
      for (const [s, others] of to) if (this.cameFrom(machine, s, others)) this.edges.add(edgeKey(block, s));
    }
    return this.entered.size + this.taken > before;
  }

  /** Whether a block was entered more often than by the others that lead there. */
  private cameFrom(machine: Machine, block: number, others: readonly Edge[]): boolean {
    let [count] = machine.history.counts(this.fn.firstBlock + block);
    for (const { from, when } of others) {
      const [entered, taken] = machine.history.counts(this.fn.firstBlock + from);
      // Of two tables it is not known which has led there.
      if (when === 'table' && entered > 0) return false;
      count -= when === 'taken' ? taken : when === 'not taken' ? entered - taken : entered;
    }
    return count > 0;
  }

  get complete(): boolean {
    return this.reached === this.blocks && this.taken === this.branches;
  }

  get blocks(): number {
    return this.fn.code.blocks.length;
  }

  get reached(): number {
    return this.entered.size;
  }

  get branches(): number {
    return 2 * this.conditional.length + this.tables.reduce((n, t) => n + t.to.size, 0);
  }

  get taken(): number {
    return this.ways.size + this.edges.size;
  }

  /** Whether a way out of a block was taken: of a conditional jump, or through a table to another block. */
  has(block: number, way: number): boolean {
    const flow = this.fn.code.blocks[block]?.flow;
    if (flow?.kind === 'jump' && flow.conditional) return this.ways.has(2 * block + way);
    return flow?.kind === 'indirect' && this.edges.has(edgeKey(block, way));
  }

  /** The ways out of conditional jumps that were not taken, and the blocks that were not entered. */
  get missing(): { readonly block: number; readonly way: number | undefined }[] {
    const blocks = this.fn.code.blocks.filter((b) => !this.entered.has(b.index));
    const ways = this.conditional.flatMap((block) =>
      [TAKEN, NOT_TAKEN].filter((way) => !this.ways.has(2 * block + way)).map((way) => ({ block, way })),
    );
    return [...ways, ...blocks.map((b) => ({ block: b.index, way: undefined }))];
  }

  /** The lines of blocks that were not entered. */
  get missed(): number[] {
    const { blocks, insts } = this.fn.code;
    return blocks.filter((b) => !this.entered.has(b.index)).map((b) => insts[b.start]?.span?.line ?? 0);
  }

  /** The lines of such jumps that were entered and of which some way out was not taken. */
  get untaken(): number[] {
    const { blocks, insts } = this.fn.code;
    return this.conditional
      .filter((b) => this.entered.has(b) && !(this.ways.has(2 * b) && this.ways.has(2 * b + 1)))
      .concat(
        this.tables
          .filter(
            (t) => this.entered.has(t.block) && [...t.to.keys()].some((s) => !this.edges.has(edgeKey(t.block, s))),
          )
          .map((t) => t.block),
      )
      .map((b) => insts[(blocks[b]?.end ?? 1) - 1]?.span?.line ?? 0);
  }
}

/** A jump through a table, with the blocks that it may lead to, each with the other ways there. */
interface Table {
  readonly block: number;
  readonly to: ReadonlyMap<number, readonly Edge[]>;
}

interface Edge {
  readonly from: number;
  readonly when: 'always' | 'taken' | 'not taken' | 'table';
}

const edgeKey = (from: number, to: number): number => from * 0x100000 + to;

function tablesOf(code: FunctionCode): Table[] {
  const tables = code.blocks.filter((b) => b.flow.kind === 'indirect' && b.successors.length > 0);
  if (tables.length === 0) return [];
  const into = new Map<number, Edge[]>();
  for (const b of code.blocks) {
    for (const s of new Set(b.successors)) {
      const known = into.get(s) ?? [];
      into.set(s, known);
      known.push(edge(code, b, s));
    }
  }
  return tables.map(({ index, successors }) => ({
    block: index,
    to: new Map([...new Set(successors)].map((s) => [s, (into.get(s) ?? []).filter((e) => e.from !== index)])),
  }));
}

function edge(code: FunctionCode, { index, flow }: Block, to: number): Edge {
  if (flow.kind === 'indirect') return { from: index, when: 'table' };
  if (flow.kind !== 'jump' || !flow.conditional) return { from: index, when: 'always' };
  const taken = code.blockAt[code.indexOfLabel.get(flow.target) ?? -1] === to;
  const both = taken && to === index + 1;
  return { from: index, when: both ? 'always' : taken ? 'taken' : 'not taken' };
}
