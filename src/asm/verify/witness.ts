// SPDX-License-Identifier: MIT
import type { Witness } from '../../core/verdict.ts';
import { bv } from '../../logic/build.ts';
import { type Assignment, Evaluator } from '../../logic/evaluate.ts';
import type { Term } from '../../logic/term.ts';
import type { Stated } from './compare.ts';
import { OTHERWISE } from './machine.ts';
import { STACK_REACH } from './memory.ts';
import type { Obligation } from './obligations.ts';
import type { Ground } from './related.ts';

/**
 * Runs both sides again from the state that `model` describes, with numbers in place of the starting variables, and
 * says what goes differently; undefined where nothing does.
 */
export function replay(compare: (ground: Ground) => Stated, symbolic: Stated, model: Assignment): Witness | undefined {
  const evaluator = new Evaluator(model);
  if (symbolic.always.some((t) => evaluator.value(t) !== 1n)) return undefined;
  const difference = differenceWith(compare, evaluator, 0n);
  if (difference === undefined) return undefined;
  return { ...startingState(symbolic, evaluator), difference };
}

/** Whether both sides differ whatever the source's undefined values are, as far as two of them each show it. */
export function differsAnyway(compare: (ground: Ground) => Stated, symbolic: Stated, model: Assignment): boolean {
  const undefinedValues = variablesOf(symbolic).filter((v) => v.name.startsWith('s.undefined.'));
  return [0n, -1n].every((value) => {
    const values = new Map(model.values);
    for (const v of undefinedValues) values.set(v, BigInt.asUintN(v.width, value));
    return differenceWith(compare, new Evaluator({ ...model, values }), value) !== undefined;
  });
}

function differenceWith(
  compare: (ground: Ground) => Stated,
  evaluator: Evaluator,
  otherwise: bigint,
): Witness['difference'] | undefined {
  const concrete = compare((v) => bv(v.width, v.name.startsWith(OTHERWISE) ? otherwise : evaluator.value(v)));
  return concrete.meetsSpills ? undefined : firstDifference(concrete, evaluator);
}

function variablesOf(stated: Stated): Term[] {
  const seen = new Set<Term>();
  const visit = (t: Term): void => {
    if (seen.has(t)) return;
    seen.add(t);
    for (const a of t.args) visit(a);
  };
  for (const d of stated.duties) for (const o of d.open) for (const t of [...o.path, o.left, o.right]) visit(t);
  return [...seen].filter((t) => t.op === 'var' && t.width > 0);
}

/** The first obligation that does not hold under an assignment; none where something does not hold that is assumed. */
export function firstDifference(stated: Stated, evaluator: Evaluator): Witness['difference'] | undefined {
  let first: Witness['difference'] | undefined;
  for (const d of stated.duties) {
    for (const o of d.open) {
      if ((first !== undefined && o.orAssume === undefined) || o.path.some((c) => evaluator.value(c) !== 1n)) continue;
      const found = differenceOf(o, evaluator);
      if (found !== undefined && o.orAssume !== undefined) return undefined;
      first ??= found;
    }
  }
  return first;
}

function differenceOf(o: Obligation, evaluator: Evaluator): Witness['difference'] | undefined {
  if (o.left.width > 0) {
    const [source, target] = [evaluator.value(o.left), evaluator.value(o.right)];
    return source === target ? undefined : { what: o.what, source: hex(source), target: hex(target) };
  }
  const [source, target] = [evaluator.memory(o.left), evaluator.memory(o.right)];
  const touched = [...evaluator.touched(o.left), ...evaluator.touched(o.right)].sort((a, b) => (a < b ? -1 : 1));
  const limit = o.below === undefined ? undefined : evaluator.value(o.below);
  for (const address of touched) {
    if (limit !== undefined && address < limit && limit - address <= BigInt(STACK_REACH)) continue;
    const [a, b] = [source(address), target(address)];
    if (a !== b) return { what: `the byte at ${hex(address)}`, source: hex(BigInt(a)), target: hex(BigInt(b)) };
  }
  return undefined;
}

const hex = (n: bigint): string => `0x${n.toString(16)}`;

/** The variables and memory that the obligations depend on, with their values. */
function startingState(stated: Stated, evaluator: Evaluator): Pick<Witness, 'inputs' | 'memory'> {
  const seen = new Set<Term>();
  const inputs = new Map<string, string>();
  const bytes = new Map<bigint, string>();
  const visit = (t: Term): void => {
    if (seen.has(t)) return;
    seen.add(t);
    if (t.op === 'var' && t.width > 0) inputs.set(t.name, hex(evaluator.value(t)));
    const [memory, address] = t.args;
    if (t.op === 'load' && memory?.op === 'var' && address !== undefined) {
      bytes.set(
        evaluator.value(address),
        evaluator
          .value(t)
          .toString(16)
          .padStart(t.width / 4, '0'),
      );
    }
    for (const a of t.args) visit(a);
  };
  for (const d of stated.duties) for (const o of d.open) for (const t of [...o.path, o.left, o.right]) visit(t);
  return {
    inputs: [...inputs].sort().map(([name, value]) => ({ name, value })),
    memory: [...bytes].map(([address, b]) => ({ address: hex(address), bytes: b })),
  };
}
