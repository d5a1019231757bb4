// SPDX-License-Identifier: MIT
import { add, bv, eq, not, or, resetTerms, variable } from '../../logic/build.ts';
import type { Solver } from '../../logic/solver.ts';
import { subterms } from '../../logic/substitute.ts';
import type { Term } from '../../logic/term.ts';
import { effectsOf } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import { SymbolicState } from '../isa/state.ts';
import type { Block, FunctionCode } from '../program/types.ts';
import { callAbi } from '../run/abi.ts';
import { constantsAt } from './constants.ts';
import { TAKEN } from './walk.ts';

/**
 * Whether a way out of a conditional jump can never be taken. All paths that lead to it are followed backwards, block by
 * block, each from a state of which nothing is known, until its conditions contradict each other (Sheeran, Singh,
 * Stålmarck: Checking safety properties using induction, FMCAD 2000). A path that reaches the function's beginning, or
 * becomes too long, or is long and one of many, leaves the question open. Of registers that hold one of a few constants
 * wherever a block is entered, that is known (`constants.ts`). Calls keep the stack pointer and, where they leave the
 * file, what the convention says; everything else is lost behind them.
 */
export class Unreachable {
  private readonly code: FunctionCode;
  private readonly isa: Isa;
  private readonly solver: Solver;
  private readonly isOwn: (name: string) => boolean;
  private readonly before: number[][];
  private readonly constants: ReturnType<typeof constantsAt>;
  /** Of all questions about this function. */
  private unanswered = 0;

  constructor(code: FunctionCode, isa: Isa, solver: Solver, isOwn: (name: string) => boolean) {
    this.code = code;
    this.isa = isa;
    this.solver = solver;
    this.isOwn = isOwn;
    this.before = code.blocks.map(() => []);
    for (const b of code.blocks) for (const s of b.successors) this.before[s]?.push(b.index);
    this.constants = constantsAt(code, isa, (call) => this.kept(call));
  }

  /** Whether it is proved that `way` out of a block is never taken, or where there is none, the block never entered. */
  async proved(block: number, way: number | undefined): Promise<boolean> {
    const open: (readonly number[])[] = [[block]];
    for (let count = 0; open.length > 0; count++) {
      const path = open.shift();
      if (path === undefined) return true;
      if (count >= MOST_PATHS || this.unanswered > MOST_UNANSWERED) return false;
      if (await this.contradicts(path, way)) continue;
      const first = path[0] ?? 0;
      // A long path is only followed where there is hardly another, as round a loop that turns a few times.
      if (first === 0 || path.length >= (open.length > FEW ? LONG : LONGEST)) return false;
      for (const p of this.before[first] ?? []) open.push([p, ...path]);
    }
    return true;
  }

  private async contradicts(path: readonly number[], way: number | undefined): Promise<boolean> {
    if (path.length === 1 && way === undefined) return false;
    const conditions = this.conditions(path, way);
    const open = conditions.filter((c) => c.op !== 'const');
    const answer = conditions.some((c) => c.op === 'const' && c.value === 0n)
      ? 'unsat'
      : open.length === 0 || subterms(open).length > LARGEST
        ? 'unknown'
        : (await this.solver.check(open, QUESTION_MS)).status;
    if (answer === 'unknown' && open.length > 0) this.unanswered++;
    resetTerms();
    return answer === 'unsat';
  }

  /** What holds on a path of blocks, and on leaving its last block by `way`. */
  private conditions(path: readonly number[], way: number | undefined): Term[] {
    let state = new SymbolicState(this.isa, 's0.');
    const conditions: Term[] = this.entryOf(path[0] ?? 0, 's0.');
    for (const [i, index] of path.entries()) {
      const block = this.code.blocks[index];
      const last = i === path.length - 1;
      if (block === undefined || (last && way === undefined)) break;
      const condition = this.carryOut(state, block);
      if (condition !== undefined) {
        const taken = last ? way === TAKEN : this.isTaken(block, path[i + 1] ?? -1);
        if (taken !== undefined) conditions.push(taken ? condition : not(condition));
      }
      if (block.flow.kind === 'call') {
        const prefix = `s${i + 1}.`;
        state = this.behindCall(state, block, prefix);
        if (!last) conditions.push(...this.entryOf(path[i + 1] ?? 0, prefix));
      }
    }
    return conditions;
  }

  /** What is known of registers where a block begins, and nothing was done since. */
  private entryOf(block: number, prefix: string): Term[] {
    return [...(this.constants[block] ?? [])].map(([loc, values]) => {
      const v = variable(`${prefix}${loc}`, 64);
      return [...values].map((n) => eq(v, bv(64, n))).reduce((a, b) => or(a, b));
    });
  }

  /** Whether a jump is taken where control goes to `next`; undefined where both ways lead there. */
  private isTaken(block: Block, next: number): boolean | undefined {
    if (block.flow.kind !== 'jump' || !block.flow.conditional) return undefined;
    const at = this.code.indexOfLabel.get(block.flow.target);
    const target = at === undefined ? undefined : this.code.blockAt[at];
    const falls = next === block.index + 1;
    if (falls && target === next) return undefined;
    if (!falls && target !== next) return undefined;
    return !falls;
  }

  /** The condition of the jump at the block's end. */
  private carryOut(state: SymbolicState, block: Block): Term | undefined {
    let condition: Term | undefined;
    for (let i = block.start; i < block.end; i++) {
      const inst = this.code.insts[i];
      if (inst === undefined) continue;
      state.nextLabel = `behind ${i}`;
      const effects = effectsOf(inst, state);
      state.apply(effects);
      for (const e of effects) if (e.kind === 'jump') condition = e.condition;
    }
    return block.flow.kind === 'jump' ? condition : undefined;
  }

  /** The registers that a call keeps. */
  private kept(block: Block): readonly string[] {
    const target = block.flow.kind === 'call' ? block.flow.target : undefined;
    if (target === undefined || this.isOwn(target)) return [];
    return callAbi(this.isa).preserved.filter((loc) => /^[rx]/.test(loc) && !loc.startsWith('xmm'));
  }

  private behindCall(before: SymbolicState, block: Block, prefix: string): SymbolicState {
    const { isa } = this;
    // What a call does to memory is not known.
    const after = new SymbolicState(isa, prefix, variable(`${prefix}memory`, 0));
    const abi = callAbi(isa);
    const stack = before.get(isa.stackPointer);
    for (const loc of this.kept(block)) after.values.set(loc, before.get(loc));
    // Where the return address is on the stack, the callee takes it off.
    after.values.set(isa.stackPointer, abi.link === undefined ? add(stack, bv(64, 8)) : stack);
    return after;
  }
}

const MOST_PATHS = 60;
const LONG = 8;
const LONGEST = 24;
const FEW = 2;
const LARGEST = 1500;
const QUESTION_MS = 500;
const MOST_UNANSWERED = 4;
