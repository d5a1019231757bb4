// SPDX-License-Identifier: MIT
import type { InstDef } from '../isa/define.ts';
import type { Route } from './route.ts';

/** How the instructions of a source machine are carried over: by rules, or by what handles whole functions. */

const mnemonicOf = (def: InstDef): string => def.id.split('.')[1] ?? '';

const FRAME = /^(?:pushf?|popf?|leave)$/;
const CONTROL = /^(?:jmp|j[a-z]{1,5}|loop(?:n?e)?|call|ret|ud[12]|int3|syscall)$/;
const STRING = /^rep(?:n?e)?_/;

/** The rules that may apply to a form; none where it is refused. */
export function coverageRules(route: Route, def: InstDef): readonly string[] {
  const mnemonic = mnemonicOf(def);
  const names = route.rulesFor(mnemonic);
  if (names.length > 0) return names;
  if (FRAME.test(mnemonic)) return ['(frames)'];
  if (CONTROL.test(mnemonic)) return ['(control flow)'];
  return STRING.test(mnemonic) ? ['(string operations)'] : [];
}

/** What reports say of one form. */
export interface FormReport {
  /** How many states it was compared in with a machine that is not ours, and in how many it differed. */
  readonly checked: number;
  readonly differing: number;
  /** How often it stands in the programs that are tried out. */
  readonly seen: number;
}

export interface CoveredForm extends FormReport {
  readonly isa: string;
  readonly id: string;
  readonly feature: string | null;
  /** For a source machine, by target machine; absent for a machine that is only a target. */
  readonly rules: Readonly<Record<string, readonly string[]>>;
}

const NO_REPORT: FormReport = { checked: 0, differing: 0, seen: 0 };

/** One line for each form of the machines, with what the reports know of it. */
export function coverageTable(routes: readonly Route[], reports: ReadonlyMap<string, FormReport>): CoveredForm[] {
  const isas = new Set(routes.flatMap((r) => [r.source, r.target]));
  return [...isas].flatMap((isa) =>
    isa.forms.map((def) => ({
      isa: isa.name,
      id: def.id,
      feature: def.feature ?? null,
      ...(reports.get(def.id) ?? NO_REPORT),
      rules: Object.fromEntries(
        routes.filter((r) => r.source === isa).map((r) => [r.target.name, coverageRules(r, def)]),
      ),
    })),
  );
}
