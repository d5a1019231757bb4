// SPDX-License-Identifier: MIT
import { add, and, bv, ite, low, or, sext, slt, ult, xor } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { assume } from '../../assumptions.ts';
import { type InstDef, inst } from '../../define.ts';
import { memBase } from '../memory-operands.ts';
import { gpr } from '../operands.ts';
import { idName, manual } from './common.ts';

/**
 * Atomic accesses: the extension A (chapter 8).
 *
 * Memory is seen by one thread, so the orderings add nothing, and a store-conditional always succeeds and leaves 0: the
 * assumption `exclusive-store-succeeds`. It holds for a loop that retries until the store succeeds; code that gives up
 * after a failure is not covered.
 */

const sizes = [
  ['w', 32],
  ['d', 64],
] as const;
const orderings = ['', '.aq', '.rl', '.aqrl'];

const operations: readonly (readonly [string, (old: Term, s: Term) => Term])[] = [
  ['swap', (_, s) => s],
  ['add', add],
  ['xor', xor],
  ['and', and],
  ['or', or],
  ['min', (old, s) => ite(slt(s, old), s, old)],
  ['max', (old, s) => ite(slt(old, s), s, old)],
  ['minu', (old, s) => ite(ult(s, old), s, old)],
  ['maxu', (old, s) => ite(ult(old, s), s, old)],
];

type Size = (typeof sizes)[number];

function reserved([letter, width]: Size, ordering: string): readonly InstDef[] {
  const load = `lr.${letter}${ordering}`;
  const save = `sc.${letter}${ordering}`;
  return [
    inst({
      id: `rv64.${idName(load)}.rm.${width}`,
      syntax: `${load} {d}, {m}`,
      operands: { d: gpr('w'), m: memBase(width / 8, 'r') },
      sem: ({ d, m }) => d.write(sext(m.value, 64)),
      ref: manual('8.2'),
    }),
    assume(
      inst({
        id: `rv64.${idName(save)}.rrm.${width}`,
        syntax: `${save} {d}, {s}, {m}`,
        operands: { d: gpr('w'), s: gpr('r'), m: memBase(width / 8, 'w') },
        sem: ({ d, s, m }) => [m.write(low(s.value, width)), d.write(bv(64, 0))],
        ref: manual('8.2'),
      }),
      'exclusive-store-succeeds',
    ),
  ];
}

/** Combines memory with `s`, stores the result, and gives what was there before. */
const fetching = ([letter, width]: Size, ordering: string): readonly InstDef[] =>
  operations.map(([operation, change]) => {
    const name = `amo${operation}.${letter}${ordering}`;
    return inst({
      id: `rv64.${idName(name)}.rrm.${width}`,
      syntax: `${name} {d}, {s}, {m}`,
      operands: { d: gpr('w'), s: gpr('r'), m: memBase(width / 8, 'rw') },
      sem: ({ d, s, m }) => {
        const old = m.value;
        return [m.write(change(old, low(s.value, width))), d.write(sext(old, 64))];
      },
      ref: manual('8.4'),
    });
  });

export const atomicForms: readonly InstDef[] = sizes.flatMap((size) =>
  orderings.flatMap((ordering) => [...reserved(size, ordering), ...fetching(size, ordering)]),
);
