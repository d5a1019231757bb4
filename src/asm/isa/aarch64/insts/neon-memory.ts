// SPDX-License-Identifier: MIT
import { add, bv, concat } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst } from '../../define.ts';
import { store } from '../../effect.ts';
import { join, split } from '../../lanes.ts';
import { writeback } from '../memory-operands.ts';
import { manual } from './neon-families.ts';
import { type Arrangement, laneList, laneWidth, list, shapeOf, structureMemory } from './neon-operands.ts';

/**
 * Loads and stores of structures. Each element is an access of its own, in the order of addresses; a whole register
 * that is contiguous in memory (`ld1`, `st1`) is taken as one access, since the bytes are the same.
 */

const everyArrangement: readonly Arrangement[] = ['8b', '16b', '4h', '8h', '2s', '4s', '1d', '2d'];
const laneNames = ['b', 'h', 's', 'd'] as const;
const plus = (address: Term, bytes: number): Term => (bytes === 0 ? address : add(address, bv(64, bytes)));

/** The registers of a list's value, each of `bits` bits. */
const registersOf = (value: Term, bits: number): Term[] => split(bits, value);

/** `ld1` and `st1` of one to four whole registers. */
const contiguous: InstDef[] = everyArrangement.flatMap((a) =>
  [1, 2, 3, 4].flatMap((count) => {
    const { bits } = shapeOf(a);
    const bytes = (bits / 8) * count;
    return [
      inst({
        id: `a64.ld1.l${count}m.${a}`,
        syntax: 'ld1 {t}, {address}',
        operands: { t: list(a, count, 'w'), address: structureMemory(bytes, 'r') },
        sem: ({ t, address }, state) => {
          const start = address.address;
          const parts = Array.from({ length: count }, (_, i) => state.load(plus(start, (i * bits) / 8), bits / 8));
          return [t.write(join(parts)), writeback(address, state)];
        },
        ref: manual('ld1 (multiple structures)'),
      }),
      inst({
        id: `a64.st1.l${count}m.${a}`,
        syntax: 'st1 {t}, {address}',
        operands: { t: list(a, count, 'r'), address: structureMemory(bytes, 'w') },
        sem: ({ t, address }, state) => {
          const start = address.address;
          const parts = registersOf(t.value, bits);
          return [...parts.map((part, i) => store(plus(start, (i * bits) / 8), part)), writeback(address, state)];
        },
        ref: manual('st1 (multiple structures)'),
      }),
    ];
  }),
);

/** The lanes of structures in memory order: lane 0 of every register, then lane 1, and so on. */
function interleave(registers: readonly Term[], lane: number): Term {
  const parts = registers.map((r) => split(lane, r));
  const count = (parts[0] as Term[]).length;
  return join(Array.from({ length: count }, (_, i) => parts.map((p) => p[i] as Term)).flat());
}

/** The inverse: registers one after the other. */
function deinterleave(memory: Term, lane: number, count: number): Term {
  const elements = split(lane, memory);
  return join(Array.from({ length: count }, (_, r) => elements.filter((_, i) => i % count === r)).flat());
}

/** `ld2` to `st4` of whole registers. */
const structures: InstDef[] = everyArrangement
  .filter((a) => a !== '1d')
  .flatMap((a) =>
    [2, 3, 4].flatMap((count) => {
      const { bits, lane } = shapeOf(a);
      const bytes = (bits / 8) * count;
      const step = bits / 8;
      return [
        inst({
          id: `a64.ld${count}.lm.${a}`,
          syntax: `ld${count} {t}, {address}`,
          operands: { t: list(a, count, 'w'), address: structureMemory(bytes, 'r') },
          sem: ({ t, address }, state) => {
            const start = address.address;
            const parts = Array.from({ length: count }, (_, i) => state.load(plus(start, i * step), step));
            return [t.write(deinterleave(join(parts), lane, count)), writeback(address, state)];
          },
          ref: manual(`ld${count} (multiple structures)`),
        }),
        inst({
          id: `a64.st${count}.lm.${a}`,
          syntax: `st${count} {t}, {address}`,
          operands: { t: list(a, count, 'r'), address: structureMemory(bytes, 'w') },
          sem: ({ t, address }, state) => {
            const start = address.address;
            const memory = interleave(registersOf(t.value, bits), lane);
            const parts = split(8 * step, memory);
            return [...parts.map((part, i) => store(plus(start, i * step), part)), writeback(address, state)];
          },
          ref: manual(`st${count} (multiple structures)`),
        }),
      ];
    }),
  );

/** One lane of one to four registers. */
const singles: InstDef[] = laneNames.flatMap((name) =>
  [1, 2, 3, 4].flatMap((count) => {
    const size = laneWidth(name) / 8;
    return [
      inst({
        id: `a64.ld${count}.em.${8 * size}`,
        syntax: `ld${count} {t}, {address}`,
        operands: { t: laneList(name, count, 'rw'), address: structureMemory(size * count, 'r') },
        sem: ({ t, address }, state) => {
          const start = address.address;
          const parts = Array.from({ length: count }, (_, i) => state.load(plus(start, i * size), size));
          return [t.write(join(parts)), writeback(address, state)];
        },
        ref: manual(`ld${count} (single structure)`),
      }),
      inst({
        id: `a64.st${count}.em.${8 * size}`,
        syntax: `st${count} {t}, {address}`,
        operands: { t: laneList(name, count, 'r'), address: structureMemory(size * count, 'w') },
        sem: ({ t, address }, state) => {
          const start = address.address;
          const parts = split(8 * size, t.value);
          return [...parts.map((part, i) => store(plus(start, i * size), part)), writeback(address, state)];
        },
        ref: manual(`st${count} (single structure)`),
      }),
    ];
  }),
);

/** `ld1r` to `ld4r`: one element into every lane. */
const replicating: InstDef[] = everyArrangement.flatMap((a) =>
  [1, 2, 3, 4].map((count) => {
    const { lane, count: laneCount } = shapeOf(a);
    const size = lane / 8;
    return inst({
      id: `a64.ld${count}r.lm.${a}`,
      syntax: `ld${count}r {t}, {address}`,
      operands: { t: list(a, count, 'w'), address: structureMemory(size * count, 'r') },
      sem: ({ t, address }, state) => {
        const start = address.address;
        const elements = Array.from({ length: count }, (_, i) => state.load(plus(start, i * size), size));
        const registers = elements.map((x) => concat(...Array.from({ length: laneCount }, () => x)));
        return [t.write(join(registers)), writeback(address, state)];
      },
      ref: manual(`ld${count}r`),
    });
  }),
);

export const neonMemory = [...contiguous, ...structures, ...singles, ...replicating];
