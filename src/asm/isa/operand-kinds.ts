// SPDX-License-Identifier: MIT
import { bv, low } from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';
import type { View } from './define.ts';
import type { State } from './effect.ts';
import { kind, type TextKind } from './kind.ts';
import { inRange } from './numbers.ts';
import { type Expr, type ImmOperand, immOp, isNumber, type Operand } from './operand.ts';

/** Operand kinds that every instruction set in GNU syntax has: numbers and words. */

const isImm = (o: Operand): o is ImmOperand => o.kind === 'imm' && !o.label;

export interface NumberSpec {
  readonly name: string;
  /** In bits, of the value the meaning sees. */
  readonly width: number;
  readonly test: (v: bigint) => boolean;
  readonly expects: string;
  readonly examples: readonly (number | bigint)[];
  readonly outside: readonly (number | bigint)[];
  /** Expressions with symbols that may stand here. */
  readonly symbolic?: { readonly test: (e: Expr) => boolean; readonly examples: readonly Operand[] };
}

const plainImms = (values: readonly (number | bigint)[]) => (): readonly Operand[] =>
  values.map((v) => immOp(BigInt(v)));

/** A number, or a part of an address that the linker fills in. */
export function numberKind(spec: NumberSpec): TextKind {
  const { symbolic } = spec;
  const accepted = (e: Expr): boolean =>
    isNumber(e) && e.modifier === undefined ? spec.test(e.offset) : (symbolic?.test(e) ?? false);
  return kind({
    name: spec.name,
    width: spec.width,
    access: 'r',
    isSort: isImm,
    inRange: (o) => isImm(o) && accepted(o.value),
    expects: spec.expects,
    view: (o, state) => ({ value: () => immTerm(o, state, spec.width) }),
    examples: plainImms(spec.examples),
    outside: plainImms(spec.outside),
    ...(symbolic === undefined ? {} : { symbolic: () => symbolic.examples }),
  });
}

/** The value of an immediate or label operand. */
export function immTerm(o: Operand, state: State, width: number): Term {
  if (o.kind !== 'imm') throw new TypeError(`an immediate is expected, not ${o.kind}`);
  return isNumber(o.value) ? bv(width, o.value.offset) : low(state.symbol(o.value), width);
}

/** `lo` to `hi`, in steps. */
export function immRange(name: string, width: number, lo: number, hi: number, step = 1): TextKind {
  return numberKind({
    name,
    width,
    test: inRange(lo, hi, step),
    expects: step === 1 ? `${lo} to ${hi}` : `a multiple of ${step}, ${lo} to ${hi}`,
    examples: lo === hi ? [lo] : hi - lo <= 2 * step ? [lo, hi] : [lo, lo + step, hi - step, hi],
    outside: [lo - step, hi + step, ...(step === 1 ? [] : [lo + 1])],
  });
}

/** The number that an immediate operand holds; only for kinds that take no symbol. */
export function numberOf(view: View): number {
  if (view.operand.kind !== 'imm') throw new TypeError(`an immediate is expected, not ${view.operand.kind}`);
  return Number(view.operand.value.offset);
}

/** A bare word out of a list. `canonical` maps a spelling to the listed one. */
export function word(
  name: string,
  words: readonly string[],
  canonical: (w: string) => string | undefined = (w) => w,
): TextKind {
  const known = new Set(words);
  return kind({
    name,
    width: 0,
    access: 'r',
    bare: 'word',
    isSort: (o) => o.kind === 'word',
    inRange: (o) => o.kind === 'word' && known.has(canonical(o.word) ?? ''),
    expects: words.length > 20 ? name : words.join(', '),
    view: () => ({}),
    examples: () => words.map((w): Operand => ({ kind: 'word', word: w })),
    outside: () => [{ kind: 'word', word: 'bogus' }],
  });
}

export function wordOf(view: View): string {
  if (view.operand.kind !== 'word') throw new TypeError(`a word is expected, not ${view.operand.kind}`);
  return view.operand.word;
}
