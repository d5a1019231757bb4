// SPDX-License-Identifier: MIT
import { bv } from '../../../logic/build.ts';
import type { Term } from '../../../logic/term.ts';
import type { Effect } from '../../isa/effect.ts';
import { BUDGET, RETURNED, TARGET } from '../layout.ts';
import { addressOf } from '../link/addresses.ts';
import { I64, OP } from '../wasm/code.ts';
import type { BlockState } from './block-state.ts';
import { has } from './live.ts';

/** The ways out of a block: to other blocks, calls, returns, and faults where there is none. */
export class WaysOut {
  private readonly state: BlockState;
  private readonly go: (to: number) => void;
  private skipped = false;

  constructor(state: BlockState, go: (to: number) => void) {
    this.state = state;
    this.go = go;
  }

  /** Skips a repeated instruction that has nothing to do: what is opened here ends behind it. */
  skipWhereZero(counter: number): void {
    const { code } = this.state.owner.emitter;
    code.block();
    code.get(counter);
    code.op(OP.i64Eqz);
    code.brIf(code.depth);
    this.skipped = true;
  }

  /** Writes the end of the block, of which `control` is what its last instruction does besides setting and storing. */
  leave(control: readonly Effect[]): void {
    const { owner, block } = this.state;
    const { code } = owner.emitter;
    const e = control[0];
    const fallThrough = block.index + 1;
    switch (block.flow.kind) {
      case 'next':
      case 'system':
        if (block.tailCall !== undefined) this.tailCall(block.tailCall);
        else if (block.successors.includes(fallThrough)) {
          this.state.settleAll();
          this.go(fallThrough);
        } else this.ranOff();
        return;
      case 'jump':
        this.jump(e?.kind === 'jump' ? e.condition : undefined);
        return;
      case 'call':
        this.call(e?.kind === 'call' ? e.target : bv(64, 0));
        return;
      case 'return':
        this.returned(e?.kind === 'return' ? e.target : bv(64, 0));
        return;
      case 'indirect':
        this.indirect(e?.kind === 'jump' ? e.target : bv(64, 0));
        return;
      case 'repeat': {
        const condition = e?.kind === 'repeat' ? e.condition : bv(1, 0);
        this.pushCondition(condition);
        this.state.settleAll();
        code.if();
        this.go(block.index);
        code.end();
        if (this.skipped) code.end();
        if (block.successors.includes(fallThrough)) this.go(fallThrough);
        else this.ranOff();
        return;
      }
      case 'trap':
        this.state.site('trap', e?.kind === 'trap' ? trapText(e) : '');
        code.op(OP.unreachable);
    }
  }

  private ranOff(): void {
    this.state.site('end', 'control runs past the end of the function');
    this.state.owner.emitter.code.op(OP.unreachable);
  }

  private pushCondition(condition: Term): void {
    const { emitter } = this.state.owner;
    emitter.use(this.state.bindings);
    emitter.prepare(condition);
    emitter.value(condition);
  }

  private jump(condition: Term | undefined): void {
    const { owner, block } = this.state;
    const { code } = owner.emitter;
    const target = block.flow.kind === 'jump' ? block.flow.target : '';
    const taken = this.localTarget(target);
    if (condition === undefined) {
      if (taken === undefined) this.tailCall(block.tailCall ?? target);
      else {
        this.state.settleAll();
        this.go(taken);
      }
      return;
    }
    const fallThrough = block.successors.includes(block.index + 1) ? block.index + 1 : undefined;
    const { counting } = owner.around;
    const id = owner.fn.firstBlock + block.index;
    this.forceFlags();
    this.pushCondition(condition);
    this.state.settleAll();
    if (taken !== undefined && fallThrough === undefined) {
      // The way out comes first, since what is known is forgotten where other blocks begin.
      code.op(OP.i32Eqz);
      code.if();
      if (block.tailCall !== undefined) this.tailCall(block.tailCall);
      else this.ranOff();
      code.end();
      if (counting) owner.count(id, 1);
      this.go(taken);
      return;
    }
    code.if();
    if (counting) owner.count(id, 1);
    if (taken === undefined) this.tailCall(target);
    else this.go(taken);
    code.end();
    if (fallThrough !== undefined) this.go(fallThrough);
    else this.ranOff();
  }

  /** Computes the flags that a way out needs, while what they are made of is still there. */
  private forceFlags(): void {
    const { owner, block } = this.state;
    if (block.tailCall === undefined) return;
    const needed = owner.flagsNeeded(block.index);
    for (const h of owner.homes) if (has(needed, h.index)) this.state.read(h.loc);
  }

  /** The block that a label of this function is at, where control can go there directly. */
  private localTarget(target: string): number | undefined {
    const { code, file } = this.state.owner.fn;
    if (this.state.block.tailCall === target) return undefined;
    const at = code.indexOfLabel.get(file.program.symbolAliases.get(target) ?? target) ?? code.indexOfLabel.get(target);
    const to = at === undefined ? undefined : code.blockAt[at];
    return to !== undefined && this.state.block.successors.includes(to) ? to : undefined;
  }

  private call(target: Term): void {
    const { owner, block } = this.state;
    const { emitter, around, flow } = owner;
    const { code } = emitter;
    const back = addressOf(owner.fn, block.end);
    const known = this.state.fold(target);
    if (known !== undefined) {
      this.state.flushAll();
      const fn = around.image.functionAt.get(Number(known));
      const direct = fn === undefined ? undefined : around.local(fn);
      if (direct !== undefined) code.call(direct);
      else {
        this.pushConstantIndex(known);
        code.callIndirect(around.plainType);
      }
    } else {
      const address = this.address(target);
      this.state.flushAll();
      owner.pushCodeIndex(address);
      code.callIndirect(around.plainType);
    }
    owner.checkReturn(back);
    code.i32(0);
    code.memory(OP.i64Load, BUDGET);
    code.set(owner.budget);
    const after = block.index + 1;
    if (block.tailCall !== undefined) {
      this.tailCallWithoutFlush(block.tailCall);
      return;
    }
    if (!block.successors.includes(after)) {
      code.i32(
        around.site({
          kind: 'end',
          what: 'a function came back that was taken not to',
          fn: owner.fn,
          block: block.index,
          inst: this.state.at,
          passed: [],
          constants: [],
        }),
      );
      code.get(owner.budget);
      code.call(around.fault(0));
      code.op(OP.unreachable);
      return;
    }
    owner.loadHomes(flow.liveOut[block.index]);
    this.go(after);
  }

  /** A computed code address in a variable of its own. */
  private address(target: Term): number {
    const { emitter } = this.state.owner;
    emitter.use(this.state.bindings);
    emitter.prepare(target);
    emitter.value64(target);
    const local = emitter.temp(I64);
    emitter.code.set(local);
    return local;
  }

  private pushConstantIndex(address: bigint): void {
    const { code } = this.state.owner.emitter;
    const index = address < 2n ** 53n ? this.state.owner.around.tableIndex(Number(address)) : 0;
    if (index === 0) {
      code.i32(0);
      code.i64(address);
      code.memory(OP.i64Store, TARGET);
    }
    code.i32(index);
  }

  private tailCall(name: string): void {
    this.state.flushAll();
    this.tailCallWithoutFlush(name);
  }

  private tailCallWithoutFlush(name: string): void {
    const { fn, around, emitter } = this.state.owner;
    this.pushConstantIndex(fn.file.symbol(name) ?? 0n);
    emitter.code.returnCallIndirect(around.plainType);
  }

  private returned(target: Term): void {
    const { emitter } = this.state.owner;
    const { code } = emitter;
    const address = this.address(target);
    this.state.flushAll();
    code.i32(0);
    code.get(address);
    code.memory(OP.i64Store, RETURNED);
    code.op(OP.return);
  }

  private indirect(target: Term): void {
    const { owner, block } = this.state;
    const { code } = owner.emitter;
    const address = this.address(target);
    if (block.successors.length === 0) {
      this.state.flushAll();
      owner.pushCodeIndex(address);
      code.returnCallIndirect(owner.around.plainType);
      return;
    }
    this.state.settleAll();
    code.get(address);
    code.set(owner.target);
    this.go(owner.dispatchNode);
  }
}

function trapText({ what, why }: { readonly what: string; readonly why?: string }): string {
  return why === undefined ? what : `${what}: ${why}`;
}
