// SPDX-License-Identifier: MIT
import { InternalError } from '../../base/assert.ts';
import type { Term } from '../../logic/term.ts';
import type { Access, OperandKind, View } from './define.ts';
import type { Effect, State } from './effect.ts';
import type { Operand } from './operand.ts';

/**
 * What a bare word means at an operand position: a register, a symbol (`b x0` jumps to the symbol x0), a word (`eq`), or
 * a register where more operands follow and else a symbol (`call t0, f` and `call t0`).
 */
export type Bare = 'register' | 'label' | 'word' | 'label at end';

/** An operand kind with, besides the contract, what a reader of GNU syntax, its diagnostics and its tests need to know. */
export interface TextKind extends OperandKind {
  readonly bare: Bare;
  /** The right sort of operand, whatever its value: where this holds and `accepts` does not, the value is out of range. */
  isSort(operand: Operand): boolean;
  /** What `accepts` wants beyond the sort, for diagnostics: `0 to 4095`. */
  readonly expects: string;
  /** Operands at and between the limits of what is accepted, all without symbols. */
  examples(): readonly Operand[];
  /** Operands of the right sort just beyond the limits: neither we nor GNU as accept them. */
  outside(): readonly Operand[];
  /** Accepted operands that name a symbol `sym`. */
  symbolic(): readonly Operand[];
}

/** What an operand reads and writes; what is left out cannot be done with it. */
export interface Behaviour {
  readonly value?: () => Term;
  readonly address?: () => Term;
  readonly write?: (value: Term) => Effect[];
}

export interface KindSpec {
  readonly name: string;
  readonly width: number;
  readonly access: Access;
  readonly bare?: Bare;
  readonly isSort: (operand: Operand) => boolean;
  /** Asked only of operands of the right sort. Left out: all are accepted. */
  readonly inRange?: (operand: Operand) => boolean;
  readonly expects?: string;
  readonly view: (operand: Operand, state: State) => Behaviour;
  readonly examples: () => readonly Operand[];
  readonly outside?: () => readonly Operand[];
  readonly symbolic?: () => readonly Operand[];
}

const none = (): readonly Operand[] => [];
const impossible = (what: string, name: string): never => {
  throw new InternalError(`an operand of kind ${name} has no ${what}`);
};

export function kind(spec: KindSpec): TextKind {
  const { name, width, isSort, inRange } = spec;
  return {
    name,
    width,
    access: spec.access,
    bare: spec.bare ?? 'register',
    isSort,
    expects: spec.expects ?? name,
    accepts: inRange === undefined ? isSort : (operand) => isSort(operand) && inRange(operand),
    view(operand: Operand, state: State): View {
      const does = spec.view(operand, state);
      return {
        width,
        operand,
        get value() {
          return does.value === undefined ? impossible('value', name) : does.value();
        },
        get address() {
          return does.address === undefined ? impossible('address', name) : does.address();
        },
        write: does.write ?? (() => impossible('place to write', name)),
      };
    },
    examples: spec.examples,
    outside: spec.outside ?? none,
    symbolic: spec.symbolic ?? none,
  };
}

export function isTextKind(k: OperandKind): k is TextKind {
  return 'bare' in k && 'isSort' in k;
}

function own(k: OperandKind): TextKind {
  if (isTextKind(k)) return k;
  throw new InternalError(`the operand kind ${k.name} was not made by kind()`);
}

/** Operands that `k` accepts, its limits among them, without symbols. */
export const examples = (k: OperandKind): readonly Operand[] => own(k).examples();
/** Operands just beyond what `k` accepts. */
export const outside = (k: OperandKind): readonly Operand[] => own(k).outside();
/** Operands with a symbol that `k` accepts. */
export const symbolic = (k: OperandKind): readonly Operand[] => own(k).symbolic();
