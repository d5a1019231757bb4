// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import type { Term } from '../../../logic/term.ts';
import { TARGET } from '../layout.ts';
import { I64, OP } from '../wasm/code.ts';
import type { BlockState } from './block-state.ts';

/** Reads and writes of memory, each checked, unless the same address has been checked in this block. */
export class MemoryAccess {
  private readonly state: BlockState;
  /** How many bytes may be read, and written, at the address in a local variable. */
  private readonly checked = new Map<number, number>();

  constructor(state: BlockState) {
    this.state = state;
  }

  /** The words of what is read, in variables. */
  load(address: Term, bytes: number): readonly number[] {
    const { emitter } = this.state.owner;
    const { code } = emitter;
    const place = this.access('load', address, bytes);
    const locals: number[] = [];
    let done = 0;
    for (const size of sizes(bytes)) {
      place.push();
      code.memory(LOADS[size] ?? OP.i64Load, place.offset + done);
      const part = done % 8;
      if (part === 0) {
        const local = emitter.temp(I64);
        code.set(local);
        locals.push(local);
      } else {
        const local = must(locals[locals.length - 1], 'a word');
        code.i64(BigInt(8 * part));
        code.op(OP.i64Shl);
        code.get(local);
        code.op(OP.i64Or);
        code.set(local);
      }
      done += size;
    }
    return locals;
  }

  store(address: Term, value: Term): void {
    const { emitter } = this.state.owner;
    const { code } = emitter;
    emitter.prepare(value);
    const number = this.state.fold(value);
    const words = number === undefined ? emitter.words(value) : undefined;
    const bytes = value.width / 8;
    const place = this.access('store', address, bytes);
    let done = 0;
    for (const size of sizes(bytes)) {
      place.push();
      if (words === undefined) code.i64(BigInt.asIntN(64, (number ?? 0n) >> BigInt(8 * done)));
      else {
        code.get(must(words[done >> 3], 'a word'));
        if (done % 8 > 0) {
          code.i64(BigInt(8 * (done % 8)));
          code.op(OP.i64ShrU);
        }
      }
      code.memory(STORES[size] ?? OP.i64Store, place.offset + done);
      done += size;
    }
  }

  /** Checks an access; `push` pushes its address without `offset`. */
  private access(kind: 'load' | 'store', address: Term, bytes: number): { push: () => void; offset: number } {
    const { emitter, around } = this.state.owner;
    const { code } = emitter;
    const { base, low: first, writable, end } = around.image.layout;
    const least = kind === 'load' ? first : writable;
    const at = this.state.fold(address);
    if (at !== undefined) {
      if (at < BigInt(least) || at + BigInt(bytes) > BigInt(end)) {
        this.state.site(kind, `0x${at.toString(16)}`);
        code.op(OP.unreachable);
        return { push: () => code.i32(0), offset: 0 };
      }
      return { push: () => code.i32(0), offset: Number(at) - base };
    }
    emitter.prepare(address);
    const local = must(emitter.words(address)[0], 'a local');
    // Where something may be written, it may be read.
    const written = this.checked.get(2 * local + 1) ?? 0;
    const checked = kind === 'store' ? written : Math.max(written, this.checked.get(2 * local) ?? 0);
    if (checked < bytes) {
      code.get(local);
      code.i64(BigInt(least));
      code.op(OP.i64Sub);
      code.i64(BigInt(end - least - bytes));
      code.op(OP.i64GtU);
      code.if();
      // The host finds the address where it finds where control went.
      code.i32(0);
      code.get(local);
      code.memory(OP.i64Store, TARGET);
      this.state.site(kind, '');
      code.op(OP.unreachable);
      code.end();
      this.checked.set(2 * local + (kind === 'store' ? 1 : 0), bytes);
    }
    return {
      push: () => {
        code.get(local);
        code.op(OP.i32WrapI64);
      },
      offset: 0,
    };
  }
}

const LOADS: Readonly<Record<number, number>> = { 1: OP.i64Load8, 2: OP.i64Load16, 4: OP.i64Load32, 8: OP.i64Load };
const STORES: Readonly<Record<number, number>> = {
  1: OP.i64Store8,
  2: OP.i64Store16,
  4: OP.i64Store32,
  8: OP.i64Store,
};

/** The pieces that an access is made in: powers of two. */
function sizes(bytes: number): number[] {
  const list: number[] = [];
  for (let rest = bytes; rest > 0; ) {
    const size = rest >= 8 ? 8 : rest >= 4 ? 4 : rest >= 2 ? 2 : 1;
    list.push(size);
    rest -= size;
  }
  return list;
}
