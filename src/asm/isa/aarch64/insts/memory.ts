// SPDX-License-Identifier: MIT
import { add, bv, low, sext, zext } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type Constraint, type ConstraintFailure, constrain } from '../../constraints.ts';
import { type InstDef, inst, type OperandKind } from '../../define.ts';
import { store } from '../../effect.ts';
import type { Operand } from '../../operand.ts';
import { immRange, word } from '../../operand-kinds.ts';
import { memAny, memPair, memPrefetch, memUnscaled, writeback } from '../memory-operands.ts';
import { fpr, type GprWidth, gpr } from '../operands.ts';

/** Loads and stores of one register or a pair, general and vector (Arm ARM C3.2), and prefetches. */

export const unpredictable = (message: string): ConstraintFailure => ({ kind: 'unpredictable', message });

export const locOf = (o: Operand | undefined): string | undefined => (o?.kind === 'reg' ? o.reg.loc : undefined);

/** A base register that is written back must not be transferred too. */
const separateBase =
  (transfers: number): Constraint =>
  (ops) => {
    const m = ops[transfers];
    if (m?.kind !== 'mem' || m.mode === undefined) return undefined;
    const base = m.base?.loc;
    return ops.slice(0, transfers).some((o) => locOf(o) === base)
      ? unpredictable('the register that is written back is transferred as well')
      : undefined;
  };

/** The registers of a pair that is loaded must differ. */
const differentTargets: Constraint = (ops) =>
  locOf(ops[0]) === locOf(ops[1]) ? unpredictable('a pair is loaded into one register') : undefined;

const both =
  (a: Constraint, b: Constraint): Constraint =>
  (ops) =>
    a(ops) ?? b(ops);

type Size = 1 | 2 | 4 | 8 | 16;

interface Transfer {
  readonly stem: string;
  /** Of the register. */
  readonly width: GprWidth;
  readonly size: Size;
  readonly extend: 'zero' | 'sign';
}

/** `stem` is what follows `ld` or `st` and the `r` or `ur`: `b` of `ldrb`. */
const loads: readonly Transfer[] = [
  { stem: '', width: 64, size: 8, extend: 'zero' },
  { stem: '', width: 32, size: 4, extend: 'zero' },
  { stem: 'b', width: 32, size: 1, extend: 'zero' },
  { stem: 'h', width: 32, size: 2, extend: 'zero' },
  { stem: 'sb', width: 32, size: 1, extend: 'sign' },
  { stem: 'sb', width: 64, size: 1, extend: 'sign' },
  { stem: 'sh', width: 32, size: 2, extend: 'sign' },
  { stem: 'sh', width: 64, size: 2, extend: 'sign' },
  { stem: 'sw', width: 64, size: 4, extend: 'sign' },
];
const stores = loads.filter((t) => t.extend === 'zero');

const extendTo = (t: Term, width: number, extend: Transfer['extend']): Term =>
  extend === 'sign' ? sext(t, width) : zext(t, width);

function loadForms({ stem, width, size, extend }: Transfer): InstDef[] {
  const slots = width === 64 && size === 8;
  return (['ldr', 'ldur'] as const).map((name) =>
    constrain(
      inst({
        id: `a64.${name}${stem}.rm.${width}`,
        syntax: `${name}${stem} {t}, {m}`,
        operands: { t: gpr(width, 'w'), m: name === 'ldr' ? memAny(size, 'r', slots) : memUnscaled(size, 'r') },
        sem: ({ t, m }, state) => [...t.write(extendTo(m.value, width, extend)), ...writeback(m, state)],
        ref: name === 'ldr' ? 'Arm ARM C6.2.166' : 'Arm ARM C6.2.202',
      }),
      separateBase(1),
    ),
  );
}

function storeForms({ stem, width, size }: Transfer): InstDef[] {
  return (['str', 'stur'] as const).map((name) =>
    constrain(
      inst({
        id: `a64.${name}${stem}.rm.${width}`,
        syntax: `${name}${stem} {t}, {m}`,
        operands: { t: gpr(width, 'r'), m: name === 'str' ? memAny(size, 'w') : memUnscaled(size, 'w') },
        sem: ({ t, m }, state) => [...m.write(low(t.value, size * 8)), ...writeback(m, state)],
        ref: name === 'str' ? 'Arm ARM C6.2.340' : 'Arm ARM C6.2.365',
      }),
      separateBase(1),
    ),
  );
}

const vectorSizes = [1, 2, 4, 8, 16] as const;
const fprOf = (size: Size, access: 'r' | 'w'): OperandKind => {
  const width = { 1: 8, 2: 16, 4: 32, 8: 64, 16: 128 } as const;
  return fpr(width[size], access);
};

function vectorForms(size: Size): InstDef[] {
  const bits = size * 8;
  return [
    ...(['ldr', 'ldur'] as const).map((name) =>
      inst({
        id: `a64.${name}.vm.${bits}`,
        syntax: `${name} {t}, {m}`,
        operands: { t: fprOf(size, 'w'), m: name === 'ldr' ? memAny(size, 'r') : memUnscaled(size, 'r') },
        sem: ({ t, m }, state) => [...t.write(m.value), ...writeback(m, state)],
        ref: name === 'ldr' ? 'Arm ARM C7.2.192' : 'Arm ARM C7.2.194',
      }),
    ),
    ...(['str', 'stur'] as const).map((name) =>
      inst({
        id: `a64.${name}.vm.${bits}`,
        syntax: `${name} {t}, {m}`,
        operands: { t: fprOf(size, 'r'), m: name === 'str' ? memAny(size, 'w') : memUnscaled(size, 'w') },
        sem: ({ t, m }, state) => [...m.write(t.value), ...writeback(m, state)],
        ref: name === 'str' ? 'Arm ARM C7.2.332' : 'Arm ARM C7.2.334',
      }),
    ),
  ];
}

interface Pair {
  readonly load: string;
  readonly store: string | undefined;
  readonly form: string;
  readonly size: 4 | 8 | 16;
  readonly register: (access: 'r' | 'w') => OperandKind;
  readonly indexed: boolean;
  /** General registers can be the base too. */
  readonly general: boolean;
  readonly extend?: 'sign';
}

const gprPair = (w: GprWidth) => (access: 'r' | 'w') => gpr(w, access);

const pairs: readonly Pair[] = ([true, false] as const).flatMap((indexed): Pair[] => {
  const names = indexed ? { load: 'ldp', store: 'stp' } : { load: 'ldnp', store: 'stnp' };
  const vectors = ([4, 8, 16] as const).map(
    (size): Pair => ({ ...names, form: 'vvm', size, register: (a) => fprOf(size, a), indexed, general: false }),
  );
  return [
    { ...names, form: 'rrm', size: 8, register: gprPair(64), indexed, general: true },
    { ...names, form: 'rrm', size: 4, register: gprPair(32), indexed, general: true },
    ...vectors,
  ];
});

const signedPair: Pair = {
  load: 'ldpsw',
  store: undefined,
  form: 'rrm',
  size: 4,
  register: gprPair(64),
  indexed: true,
  general: true,
  extend: 'sign',
};

/** Two accesses, the lower address first. */
function pairForms(p: Pair): InstDef[] {
  const { size } = p;
  const bits = p.extend === 'sign' ? 64 : size * 8;
  const second = (address: Term): Term => add(address, bv(64, size));
  const load = inst({
    id: `a64.${p.load}.${p.form}.${bits}`,
    syntax: `${p.load} {t}, {u}, {m}`,
    operands: { t: p.register('w'), u: p.register('w'), m: memPair(size, 'r', p.indexed) },
    sem: ({ t, u, m }, state) => {
      const address = m.address;
      const [a, b] = [state.load(address, size), state.load(second(address), size)];
      const wide = (v: Term): Term => (p.extend === 'sign' ? sext(v, 64) : v);
      return [...t.write(wide(a)), ...u.write(wide(b)), ...writeback(m, state)];
    },
    ref: p.general ? 'Arm ARM C6.2.164' : 'Arm ARM C7.2.190',
  });
  constrain(load, p.general ? both(differentTargets, separateBase(2)) : differentTargets);
  if (p.store === undefined) return [load];
  const storing = inst({
    id: `a64.${p.store}.${p.form}.${bits}`,
    syntax: `${p.store} {t}, {u}, {m}`,
    operands: { t: p.register('r'), u: p.register('r'), m: memPair(size, 'w', p.indexed) },
    sem: ({ t, u, m }, state) => {
      const address = m.address;
      return [store(address, t.value), store(second(address), u.value), ...writeback(m, state)];
    },
    ref: p.general ? 'Arm ARM C6.2.338' : 'Arm ARM C7.2.330',
  });
  return [load, p.general ? constrain(storing, separateBase(2)) : storing];
}

const prefetches = ['pld', 'pli', 'pst'].flatMap((kind) =>
  ['l1', 'l2', 'l3'].flatMap((level) => ['keep', 'strm'].map((policy) => `${kind}${level}${policy}`)),
);

/** A prefetch has no effect that a program can see. */
const prefetchForms: readonly InstDef[] = (['prfm', 'prfum'] as const).flatMap((name): InstDef[] => {
  const m = name === 'prfm' ? memPrefetch() : memUnscaled(8, 'r');
  const ref = 'Arm ARM C6.2.246';
  return [
    inst({
      id: `a64.${name}.wm.64`,
      syntax: `${name} {op}, {m}`,
      operands: { op: word('prefetch', prefetches), m },
      sem: () => [],
      ref,
    }),
    inst({
      id: `a64.${name}.im.64`,
      syntax: `${name} {op}, {m}`,
      operands: { op: immRange('prfop', 8, 0, 31), m },
      sem: () => [],
      ref,
    }),
  ];
});

export const memoryForms: readonly InstDef[] = [
  ...loads.flatMap(loadForms),
  ...stores.flatMap(storeForms),
  ...vectorSizes.flatMap(vectorForms),
  ...pairs.flatMap(pairForms),
  ...pairForms(signedPair),
  ...prefetchForms,
];
