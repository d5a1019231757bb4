// SPDX-License-Identifier: MIT
import type { Image, LinkedFunction } from '../link/image.ts';
import type { LinkedFile } from '../link/symbols.ts';
import { add, addAll, type LocSet, setSize, useAt } from './live.ts';

/**
 * Which flags cross the borders of functions. Conventions say that none do, but hand-written code knows better, and no
 * flag is computed that nobody reads: so the code that comes next is looked at until it has written them all.
 */
export class FlagsAcross {
  private readonly image: Image;
  private readonly lazy: LocSet;
  private readonly atEntry = new Map<LinkedFunction, LocSet>();
  private readonly atReturn = new Map<LinkedFunction, LocSet>();
  private readonly callees = new Map<LinkedFile, Map<string, LinkedFunction | undefined>>();
  private callers: Map<LinkedFunction, { readonly fn: LinkedFunction; readonly block: number }[]> | undefined;

  constructor(image: Image, lazy: LocSet) {
    this.image = image;
    this.lazy = lazy;
  }

  /** The flags that may be read from a function's entry on, before they are written. */
  entry(fn: LinkedFunction): LocSet {
    let set = this.atEntry.get(fn);
    if (set === undefined) {
      set = this.walk([{ fn, block: 0, mask: this.lazy.slice() }]);
      this.atEntry.set(fn, set);
    }
    return set;
  }

  /** The flags that those who called a function directly may read behind the call. */
  returned(fn: LinkedFunction): LocSet {
    let set = this.atReturn.get(fn);
    if (set === undefined) {
      const starts: Place[] = [];
      const seen = new Set([fn]);
      for (const f of seen) {
        for (const c of this.callersOf(f)) {
          const block = c.fn.code.blocks[c.block];
          if (block === undefined) continue;
          // A jump to the function: what it returns goes to that one's callers.
          if (block.flow.kind !== 'call' || block.tailCall !== undefined) seen.add(c.fn);
          for (const s of block.successors) starts.push({ fn: c.fn, block: s, mask: this.lazy.slice() });
        }
      }
      set = this.walk(starts);
      this.atReturn.set(fn, set);
    }
    return set;
  }

  /** The function that a symbol names in a file. */
  callee(fn: LinkedFunction, name: string | undefined): LinkedFunction | undefined {
    if (name === undefined) return undefined;
    let known = this.callees.get(fn.file);
    if (known === undefined) {
      known = new Map();
      this.callees.set(fn.file, known);
    }
    if (known.has(name)) return known.get(name);
    const address = fn.file.symbol(name);
    const callee = address === undefined ? undefined : this.image.functionAt.get(Number(address));
    known.set(name, callee);
    return callee;
  }

  private walk(starts: readonly Place[]): LocSet {
    const { isa } = this.image;
    const found = new Int32Array(setSize(isa));
    const seen = new Map<LinkedFunction, Map<number, LocSet>>();
    const todo = [...starts];
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      const { fn, mask } = at;
      const block = fn.code.blocks[at.block];
      if (block === undefined) continue;
      let known = seen.get(fn);
      if (known === undefined) {
        known = new Map();
        seen.set(fn, known);
      }
      const before = known.get(at.block);
      if (before === undefined) known.set(at.block, mask.slice());
      else if (!addAll(before, mask)) continue;
      for (let i = block.start; i < block.end && mask.some((w) => w !== 0); i++) {
        const use = useAt(fn.code, i, isa);
        for (let w = 0; w < mask.length; w++) {
          found[w] = (found[w] ?? 0) | ((use.reads[w] ?? 0) & (mask[w] ?? 0));
          mask[w] = (mask[w] ?? 0) & ~(use.writes[w] ?? 0);
        }
      }
      if (mask.every((w) => w === 0)) continue;
      const { flow, tailCall, successors } = block;
      if (flow.kind === 'call') {
        const callee = this.callee(fn, flow.target);
        // Code that is not here leaves no flags to read behind it.
        if (callee === undefined) continue;
        todo.push({ fn: callee, block: 0, mask: mask.slice() });
      }
      const next = this.callee(fn, tailCall);
      if (next !== undefined) todo.push({ fn: next, block: 0, mask: mask.slice() });
      for (const s of successors) todo.push({ fn, block: s, mask: mask.slice() });
    }
    return found;
  }

  private callersOf(fn: LinkedFunction): readonly { readonly fn: LinkedFunction; readonly block: number }[] {
    if (this.callers === undefined) {
      this.callers = new Map();
      for (const f of this.image.functions) {
        for (const block of f.code.blocks) {
          const names = [block.flow.kind === 'call' ? block.flow.target : undefined, block.tailCall];
          for (const name of names) {
            const callee = this.callee(f, name);
            if (callee === undefined) continue;
            const list = this.callers.get(callee);
            const place = { fn: f, block: block.index };
            if (list === undefined) this.callers.set(callee, [place]);
            else list.push(place);
          }
        }
      }
    }
    return this.callers.get(fn) ?? [];
  }
}

interface Place {
  readonly fn: LinkedFunction;
  readonly block: number;
  readonly mask: LocSet;
}

/** The flags of an instruction set, but for those that conventions give a fixed value. */
export function lazyFlags(image: Pick<Image, 'isa'>): LocSet {
  const set = new Int32Array(setSize(image.isa));
  image.isa.locations.forEach((l, i) => {
    if (l.kind === 'flag' && l.name !== 'df') add(set, i);
  });
  return set;
}
