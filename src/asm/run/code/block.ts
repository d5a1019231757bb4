// SPDX-License-Identifier: MIT

import { must } from '../../../base/assert.ts';
import type { Term } from '../../../logic/term.ts';
import type { Inst } from '../../isa/define.ts';
import type { Effect } from '../../isa/effect.ts';
import type { Block } from '../../program/types.ts';
import { I64, OP } from '../wasm/code.ts';
import { MemoryAccess } from './access.ts';
import { BlockState, NotHere, type Producer } from './block-state.ts';
import { type FunctionCompiler, type Home, slotOf } from './function.ts';
import { has } from './live.ts';
import { fusedMeaning, meaningOf } from './meaning.ts';
import { WaysOut } from './ways-out.ts';

/** The count register of repeated instructions: with 0 there, they do nothing at all, not even access memory. */
const REPEAT_COUNTER = 'rcx';

/** One block, instruction by instruction. */
export class BlockCompiler {
  private readonly owner: FunctionCompiler;
  private readonly block: Block;
  private readonly state: BlockState;
  private readonly memory: MemoryAccess;
  private readonly ways: WaysOut;

  constructor(owner: FunctionCompiler, block: Block, go: (to: number) => void) {
    this.owner = owner;
    this.block = block;
    this.state = new BlockState(owner, block);
    this.memory = new MemoryAccess(this.state);
    this.ways = new WaysOut(this.state, go);
  }

  compile(): void {
    const { owner, block, state } = this;
    const { emitter } = owner;
    const { insts } = owner.fn.code;
    emitter.release();
    emitter.use(state.bindings);
    owner.enter(block.index);
    const counter = block.flow.kind === 'repeat' ? owner.homeOf.get(REPEAT_COUNTER)?.locals[0] : undefined;
    if (counter !== undefined) this.ways.skipWhereZero(counter);
    let control: Effect[] = [];
    for (state.at = block.start; state.at < block.end; state.at++) {
      const inst = must(insts[state.at], 'an instruction');
      try {
        control = this.carryOut(inst);
      } catch (error) {
        if (!(error instanceof NotHere)) throw error;
        state.site('undefined', error.message);
        emitter.code.op(OP.unreachable);
        return;
      }
    }
    state.at = block.end - 1;
    this.ways.leave(control);
  }

  private carryOut(inst: Inst): Effect[] {
    const { owner, state } = this;
    const { emitter, around } = owner;
    const { code } = emitter;
    const plain = meaningOf(inst, around.image.isa);
    const producer = plain.flags.length === 0 ? undefined : state.commonProducer(plain.flags);
    const fused = producer !== undefined;
    const meaning = fused ? fusedMeaning(producer.meaning, inst, around.image.isa) : plain;
    state.bind(meaning, fused ? producer.bindings : undefined);
    for (const l of meaning.loads) state.bindings.set(l.value, this.memory.load(l.address, l.bytes));
    const control: Effect[] = [];
    let answer: string | undefined;
    const sets: (readonly [home: Home, term: Term])[] = [];
    for (const e of meaning.effects) {
      switch (e.kind) {
        case 'trap':
          if (e.condition === undefined) control.push(e);
          else {
            emitter.prepare(e.condition);
            emitter.value(e.condition);
            code.if();
            state.site('trap', e.what);
            code.op(OP.unreachable);
            code.end();
          }
          break;
        case 'store':
          this.memory.store(e.address, e.value);
          break;
        case 'set': {
          const home = owner.homeOf.get(e.loc);
          if (home !== undefined) sets.push([home, e.value]);
          break;
        }
        case 'system':
          // The host looks at the registers as they are now.
          state.site('system', [e.number, ...e.arguments].map(locationIn).concat(e.result).join(' '));
          answer = e.result;
          control.push(e);
          break;
        default:
          control.push(e);
      }
    }
    const made: Producer = { meaning, bindings: state.bindings, fused };
    const values = sets.map(([home, term]) => (has(around.lazy, home.index) ? undefined : state.settle(term)));
    sets.forEach(([home, term], i) => {
      state.set(home, values[i] ?? { producer: made, term });
    });
    if (answer !== undefined) this.takeAnswer(answer);
    return control;
  }

  /** The host has put a result into memory. */
  private takeAnswer(loc: string): void {
    const { emitter, homeOf } = this.owner;
    const home = must(homeOf.get(loc), 'a home');
    const local = emitter.temp(I64);
    emitter.code.i32(0);
    emitter.code.memory(OP.i64Load, slotOf(home.index));
    emitter.code.set(local);
    this.state.put(loc, [local]);
  }
}

/** The location that a variable of a meaning stands for. */
const locationIn = (t: Term): string => t.name.slice(t.name.indexOf('.') + 1);
