// SPDX-License-Identifier: MIT

import { constraintFailure } from '../../src/asm/isa/constraints.ts';
import type { Inst, InstDef } from '../../src/asm/isa/define.ts';
import { examples, symbolic } from '../../src/asm/isa/kind.ts';
import type { Expr, Operand, Reg } from '../../src/asm/isa/operand.ts';
import type { Random } from '../../src/base/random.ts';
import { TLS_SYM } from './qemu-harness.ts';

/** The operands that instructions are tried with: what their kinds name as examples, in several combinations. */

/** What is particular to a machine's operands. */
export interface Shaping {
  /** Registers that the harness keeps for itself. */
  readonly reserved: readonly string[];
  /** Whether the value of an expression with a symbol is known here: not where it is a slot of the linker's. */
  isLinkable(e: Expr): boolean;
  /** Whether the label operands of a form are data, and no place to jump to. */
  namesData(def: InstDef): boolean;
  /** Whether a symbol of a form is a thread-local one, by its relocation operator or by its mnemonic. */
  isThreadLocal(def: InstDef, e: Expr): boolean;
  /** Further registers for forms whose positions depend on each other. */
  readonly neighbours: readonly Operand[];
}

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

function isUsable(o: Operand, shaping: Shaping): boolean {
  if (registersOf(o).some((r) => shaping.reserved.includes(r.loc))) return false;
  const expr = o.kind === 'imm' ? o.value : o.kind === 'mem' ? o.disp : undefined;
  return expr?.plus === undefined || shaping.isLinkable(expr);
}

/**
 * A reference to the label `sym` becomes one to the stub's own target, and a thread-local one gets its own symbol. Other
 * uses keep `sym`, which lies in the area.
 */
function retarget(def: InstDef, o: Operand, label: string, shaping: Shaping): Operand {
  if (o.kind === 'mem' && o.disp.plus !== undefined && shaping.isThreadLocal(def, o.disp)) {
    return { ...o, disp: { ...o.disp, plus: TLS_SYM } };
  }
  if (o.kind !== 'imm' || o.value.plus !== 'sym') return o;
  if (shaping.isThreadLocal(def, o.value)) return { ...o, value: { ...o.value, plus: TLS_SYM } };
  if (!o.label || shaping.namesData(def)) return o;
  return { ...o, value: { ...o.value, plus: label, offset: o.value.offset === 0n ? 0n : 4n } };
}

/** Instructions of a form: each example of each position at least once, at most `most` unless there are more of these. */
export function shapesOf(def: InstDef, shaping: Shaping, random: Random, most: number): ((label: string) => Inst)[] {
  const named = def.operands.map(([, kind]) =>
    [...examples(kind), ...symbolic(kind)].filter((o) => isUsable(o, shaping)),
  );
  // Where the positions depend on each other (register pairs), the examples of each may not go together.
  const neighbours = def.operands.map(([, kind]) => shaping.neighbours.filter((o) => kind.accepts(o)));
  const more = named.map((c, i) => (c[0]?.kind === 'reg' ? (neighbours[i] ?? []) : c));
  const found = shapesFrom(def, named, random, most) ?? shapesFrom(def, more, random, most) ?? [];
  return found.map(
    (ops) =>
      (label: string): Inst => ({ def, ops: ops.map((o) => retarget(def, o, label, shaping)) }),
  );
}

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
  return all.length <= most ? all : thin(all, most, random);
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
