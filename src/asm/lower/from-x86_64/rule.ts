// SPDX-License-Identifier: MIT
import { InternalError, must } from '../../../base/assert.ts';
import type { Inst, InstDef } from '../../isa/define.ts';
import type { Operand } from '../../isa/operand.ts';
import { type BlockContext, Refusal } from './context.ts';

/** A source instruction taken apart for rules: its id's pieces and its operands, destination first. */
export interface Parts extends FormParts {
  readonly inst: Inst;
  readonly ops: readonly Operand[];
}

/**
 * How one kind of source instruction is lowered.
 *
 * 1. `to` emits code that does to the homes what the instruction does to the registers, for every bit that
 *    `context.after` says is live, and to memory exactly what the instruction does.
 * 2. A flag that the instruction leaves alone and that is live is still known afterwards.
 * 3. It records where the flags that the instruction writes are, with `context.setFlags`.
 * 4. It reads its source operands before it writes a home.
 * 5. Of the rules for a mnemonic the applicable one with the highest priority is taken; two applicable rules of equal
 *    priority are an error.
 */
export interface RuleFor<C extends BlockContext> {
  readonly name: string;
  readonly from: readonly string[];
  readonly priority: number;
  readonly when?: ((i: Parts, c: C) => boolean) | undefined;
  readonly to: (c: C, i: Parts) => void;
}

export function makeRule<C extends BlockContext>(
  spec: Omit<RuleFor<C>, 'priority'> & { readonly priority?: number },
): RuleFor<C> {
  const { name, from, priority = 0, when, to } = spec;
  return { name, from, priority, when, to };
}

/** What the id of a source instruction's form says. */
export interface FormParts {
  readonly mnemonic: string;
  readonly form: string;
  readonly width: number;
}

const formParts = new Map<InstDef, FormParts>();

export function formOf(def: InstDef): FormParts {
  let p = formParts.get(def);
  if (p === undefined) {
    const pieces = def.id.split('.');
    p = { mnemonic: pieces[1] ?? '', form: pieces[2] ?? '', width: Number(pieces.at(-1)) };
    formParts.set(def, p);
  }
  return p;
}

export function partsOf(inst: Inst): Parts {
  const { mnemonic, form, width } = formOf(inst.def);
  return { inst, mnemonic, form, width, ops: inst.ops };
}

/** Indexes rules by mnemonic, highest priority first. */
export class RuleSet<C extends BlockContext> {
  private readonly target: string;
  private readonly byMnemonic = new Map<string, RuleFor<C>[]>();

  /** `target` is the machine's name for messages. */
  constructor(target: string, rules: readonly RuleFor<C>[]) {
    this.target = target;
    const names = new Set<string>();
    for (const rule of rules) {
      if (names.has(rule.name)) throw new InternalError(`two rules are called ${rule.name}`);
      names.add(rule.name);
      for (const mnemonic of rule.from) {
        const list = this.byMnemonic.get(mnemonic) ?? [];
        list.push(rule);
        this.byMnemonic.set(mnemonic, list);
      }
    }
    for (const [mnemonic, list] of this.byMnemonic) {
      list.sort((a, b) => b.priority - a.priority);
      list.forEach((rule, k) => {
        const next = list[k + 1];
        if (
          next !== undefined &&
          next.priority === rule.priority &&
          (rule.when === undefined || next.when === undefined)
        )
          throw new InternalError(`rules ${rule.name} and ${next.name} overlap for ${mnemonic}`);
      });
    }
  }

  get mnemonics(): Iterable<string> {
    return this.byMnemonic.keys();
  }

  /** The names of the rules for a mnemonic, highest priority first. */
  namesFor(mnemonic: string): readonly string[] {
    return (this.byMnemonic.get(mnemonic) ?? []).map((r) => r.name);
  }

  /** The rule that applies; a Refusal when there is none. */
  select(i: Parts, c: C): RuleFor<C> {
    const list = this.byMnemonic.get(i.mnemonic) ?? [];
    for (let k = 0; k < list.length; k++) {
      const rule = must(list[k], 'rule');
      if (rule.when !== undefined && !rule.when(i, c)) continue;
      for (let n = k + 1; n < list.length && list[n]?.priority === rule.priority; n++) {
        const other = must(list[n], 'rule');
        if (other.when === undefined || other.when(i, c))
          throw new InternalError(`rules ${rule.name} and ${other.name} both apply to ${i.inst.def.id}`);
      }
      return rule;
    }
    throw new Refusal('V0220', `there is no rule to carry ${i.inst.def.id} over to ${this.target}`);
  }
}
