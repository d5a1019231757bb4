// SPDX-License-Identifier: MIT

import { reg } from '../../src/asm/isa/aarch64/registers.ts';
import { constraintFailure } from '../../src/asm/isa/constraints.ts';
import type { Inst, InstDef } from '../../src/asm/isa/define.ts';
import { examples, symbolic } from '../../src/asm/isa/kind.ts';
import { type Operand, type Reg, regOp } from '../../src/asm/isa/operand.ts';
import { TLS_SYM } from './a64-qemu-machine.ts';
import type { Random } from './x86-host-values.ts';

/** The operands that instructions are tried with: what their kinds name as examples, in several combinations. */

/** The relocation operators whose values are known: not those that name a slot of the linker's. */
const LINKABLE = /^(tprel_\w+|lo12|abs_g0_nc|abs_g[123](_nc)?|pg_hi21(_nc)?)$/;

/** Every register that an operand names. */
export function registersOf(o: Operand): Reg[] {
  switch (o.kind) {
    case 'reg':
      return [o.reg];
    case 'vec':
      return [o.reg];
    case 'list':
      return o.regs.map((v) => v.reg);
    case 'mem':
      return [o.base, o.index].flatMap((r) => (r === undefined ? [] : [r]));
    default:
      return [];
  }
}

function isUsable(o: Operand): boolean {
  if (registersOf(o).some((r) => r.loc === 'x27' || r.loc === 'x28')) return false;
  const expr = o.kind === 'imm' ? o.value : o.kind === 'mem' ? o.disp : undefined;
  if (expr?.plus === undefined) return true;
  return expr.modifier === undefined || LINKABLE.test(expr.modifier);
}

/**
 * A reference to the label `sym` becomes one to the stub's own target, and a thread-local one gets its own symbol. Other
 * uses keep `sym`, which lies in the area.
 */
function retarget(o: Operand, label: string): Operand {
  if (o.kind === 'mem' && o.disp.modifier?.startsWith('tprel')) return { ...o, disp: { ...o.disp, plus: TLS_SYM } };
  if (o.kind !== 'imm' || o.value.plus !== 'sym') return o;
  if (o.value.modifier?.startsWith('tprel')) return { ...o, value: { ...o.value, plus: TLS_SYM } };
  return o.label ? { ...o, value: { ...o.value, plus: label, offset: o.value.offset === 0n ? 0n : 4n } } : o;
}

/** Instructions of a form: each example of each position at least once, at most `most` unless there are more of these. */
export function shapesOf(def: InstDef, random: Random, most: number): ((label: string) => Inst)[] {
  const named = def.operands.map(([, kind]) => [...examples(kind), ...symbolic(kind)].filter(isUsable));
  // Where the positions depend on each other (register pairs), the examples of each may not go together.
  const neighbours = def.operands.map(([, kind]) => NEIGHBOURS.filter((o) => kind.accepts(o)));
  const more = named.map((c, i) => (c[0]?.kind === 'reg' ? (neighbours[i] ?? []) : c));
  return shapesFrom(def, named, random, most) ?? shapesFrom(def, more, random, most) ?? [];
}

const NEIGHBOURS: readonly Operand[] = ['w', 'x'].flatMap((letter) =>
  Array.from({ length: 4 }, (_, i) => regOp(reg(`${letter}${i}`))),
);

function shapesFrom(def: InstDef, candidates: readonly (readonly Operand[])[], random: Random, most: number) {
  if (candidates.some((c) => c.length === 0)) return undefined;
  const found = new Map<string, readonly Operand[]>();
  const take = (ops: readonly Operand[]): boolean => {
    if (constraintFailure({ def, ops }) !== undefined) return false;
    found.set(
      JSON.stringify(ops, (_, v: unknown) => (typeof v === 'bigint' ? `${v}` : v)),
      ops,
    );
    return true;
  };
  const choose = (position: number, operand: Operand): void => {
    for (let tries = 0; tries < 100; tries++) {
      if (take(candidates.map((c, i) => (i === position ? operand : random.pick(c))))) return;
    }
  };
  if (candidates.length === 0) take([]);
  candidates.forEach((list, position) => {
    for (const operand of list) choose(position, operand);
  });
  // The same registers everywhere, where that is possible.
  const first = candidates.map((c) => c[0]).filter((o) => o !== undefined);
  if (first.length === candidates.length) take(first);
  if (found.size === 0) return undefined;
  const all = [...found.values()];
  // The register examples repeat in every position; thin them out, but keep all memory and immediate operands.
  const kept = all.length <= most ? all : thin(all, most, random);
  return kept.map(
    (ops) =>
      (label: string): Inst => ({ def, ops: ops.map((o) => retarget(o, label)) }),
  );
}

function thin(all: readonly (readonly Operand[])[], most: number, random: Random): (readonly Operand[])[] {
  const special = (ops: readonly Operand[]): string =>
    JSON.stringify(
      ops.filter((o) => o.kind !== 'reg' && o.kind !== 'vec'),
      (_, v: unknown) => (typeof v === 'bigint' ? `${v}` : v),
    );
  const seen = new Set<string>();
  const kept: (readonly Operand[])[] = [];
  const rest: (readonly Operand[])[] = [];
  for (const ops of all) {
    const key = special(ops);
    if (seen.has(key)) rest.push(ops);
    else {
      seen.add(key);
      kept.push(ops);
    }
  }
  while (kept.length < most && rest.length > 0) kept.push(...rest.splice(random.below(rest.length), 1));
  return kept;
}
