// SPDX-License-Identifier: MIT
import { add, bv, low, zext } from '../../../../logic/build.ts';
import { assume } from '../../assumptions.ts';
import { type Constraint, constrain } from '../../constraints.ts';
import { type InstDef, inst } from '../../define.ts';
import { store } from '../../effect.ts';
import { memBase } from '../memory-operands.ts';
import { type GprWidth, gpr } from '../operands.ts';
import { gprWidths } from './common.ts';
import { locOf, unpredictable } from './memory.ts';

/**
 * Exclusive, acquire and release accesses (Arm ARM C3.2.6, C3.2.7).
 *
 * Memory is seen by one thread, so acquire and release add nothing to a plain access, and a store-exclusive always
 * succeeds and leaves status 0: the assumption `exclusive-store-succeeds`. It holds for a loop that retries until the
 * store succeeds; code that gives up after a failure is not covered.
 */

const SUCCEEDS = 'exclusive-store-succeeds';

interface Size {
  readonly suffix: string;
  readonly width: GprWidth;
  readonly bytes: number;
}

const sizes: readonly Size[] = [
  { suffix: '', width: 64, bytes: 8 },
  { suffix: '', width: 32, bytes: 4 },
  { suffix: 'b', width: 32, bytes: 1 },
  { suffix: 'h', width: 32, bytes: 2 },
];

/** The status register must differ from the others that a store-exclusive reads. */
const separateStatus: Constraint = (ops) => {
  const status = locOf(ops[0]);
  const last = ops.at(-1);
  const base = last?.kind === 'mem' ? last.base?.loc : undefined;
  const clash = status === base || ops.slice(1, -1).some((o) => locOf(o) === status);
  return clash ? unpredictable('the status register is also the base or a register stored') : undefined;
};

const differentTargets: Constraint = (ops) =>
  locOf(ops[0]) === locOf(ops[1]) ? unpredictable('a pair is loaded into one register') : undefined;

function single({ suffix, width, bytes }: Size): InstDef[] {
  const plainLoads = ['ldxr', 'ldaxr', 'ldar'].map((name) =>
    inst({
      id: `a64.${name}${suffix}.rm.${width}`,
      syntax: `${name}${suffix} {t}, {m}`,
      operands: { t: gpr(width, 'w'), m: memBase(bytes, 'r') },
      sem: ({ t, m }) => t.write(zext(m.value, width)),
      ref: name === 'ldar' ? 'Arm ARM C6.2.154' : 'Arm ARM C6.2.207',
    }),
  );
  const release = inst({
    id: `a64.stlr${suffix}.rm.${width}`,
    syntax: `stlr${suffix} {t}, {m}`,
    operands: { t: gpr(width, 'r'), m: memBase(bytes, 'w') },
    sem: ({ t, m }) => m.write(low(t.value, bytes * 8)),
    ref: 'Arm ARM C6.2.325',
  });
  const exclusiveStores = ['stxr', 'stlxr'].map((name) => {
    const form = inst({
      id: `a64.${name}${suffix}.rrm.${width}`,
      syntax: `${name}${suffix} {s}, {t}, {m}`,
      operands: { s: gpr(32, 'w'), t: gpr(width, 'r'), m: memBase(bytes, 'w') },
      sem: ({ s, t, m }) => [...m.write(low(t.value, bytes * 8)), ...s.write(bv(32, 0))],
      ref: 'Arm ARM C6.2.369',
    });
    return assume(constrain(form, separateStatus), SUCCEEDS);
  });
  return [...plainLoads, release, ...exclusiveStores];
}

function pair(w: GprWidth): InstDef[] {
  const bytes = w / 8;
  const pairLoads = ['ldxp', 'ldaxp'].map((name) =>
    constrain(
      inst({
        id: `a64.${name}.rrm.${w}`,
        syntax: `${name} {t}, {u}, {m}`,
        operands: { t: gpr(w, 'w'), u: gpr(w, 'w'), m: memBase(2 * bytes, 'r') },
        sem: ({ t, u, m }, state) => {
          const address = m.address;
          const [a, b] = [state.load(address, bytes), state.load(add(address, bv(64, bytes)), bytes)];
          return [...t.write(a), ...u.write(b)];
        },
        ref: 'Arm ARM C6.2.206',
      }),
      differentTargets,
    ),
  );
  const pairStores = ['stxp', 'stlxp'].map((name) => {
    const form = inst({
      id: `a64.${name}.rrrm.${w}`,
      syntax: `${name} {s}, {t}, {u}, {m}`,
      operands: { s: gpr(32, 'w'), t: gpr(w, 'r'), u: gpr(w, 'r'), m: memBase(2 * bytes, 'w') },
      sem: ({ s, t, u, m }) => {
        const address = m.address;
        return [store(address, t.value), store(add(address, bv(64, bytes)), u.value), ...s.write(bv(32, 0))];
      },
      ref: 'Arm ARM C6.2.368',
    });
    return assume(constrain(form, separateStatus), SUCCEEDS);
  });
  return [...pairLoads, ...pairStores];
}

export const exclusiveForms: readonly InstDef[] = [...sizes.flatMap(single), ...gprWidths.flatMap(pair)];
