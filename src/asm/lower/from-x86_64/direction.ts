// SPDX-License-Identifier: MIT

import { must } from '../../../base/assert.ts';
import { mapped } from '../../../base/lists.ts';
import type { FunctionCode } from '../../program/types.ts';

/** Which way string instructions go: up where x86's direction flag is 0, or either way, as the run decides. */
export type Direction = 'up' | 'down' | 'either';

/**
 * By block: which way string instructions go at its start. A function is entered with the flag at 0 (psABI x86-64,
 * 3.2.1).
 */
export function directions(f: FunctionCode): readonly Direction[] {
  const found = mapped(f.blocks, (): Direction | undefined => undefined);
  const result = (): Direction[] => mapped(found, (d) => d ?? 'up');
  if (found.length === 0 || !f.insts.some((inst) => inst.def.id === SET)) return result();
  found[0] = 'up';
  const work = [0];
  for (let index = work.pop(); index !== undefined; index = work.pop()) {
    const block = must(f.blocks[index], 'a block');
    let direction = must(found[index], 'a direction');
    for (let i = block.start; i < block.end; i++) {
      const id = f.insts[i]?.def.id;
      if (id === SET || id === CLEAR) direction = id === SET ? 'down' : 'up';
    }
    for (const s of block.successors) {
      const before = found[s];
      if (before === direction || before === 'either') continue;
      found[s] = before === undefined ? direction : 'either';
      work.push(s);
    }
  }
  return result();
}

const SET = 'x64.std.none.64';
const CLEAR = 'x64.cld.none.64';
