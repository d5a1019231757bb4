// SPDX-License-Identifier: MIT
import { OWN_SECTION, OWN_STORAGE } from '../abi/own-storage.ts';
import type { Inst } from '../isa/define.ts';
import type { Expr } from '../isa/operand.ts';
import { splitSections } from '../program/sections.ts';
import type { Program } from '../program/types.ts';

/** Storage by name, with its size in bytes. */
export type OwnStorage = ReadonlyMap<string, number>;

/** What a target has of its own, and what is wrong with that, for a person. */
export function ownStorage(target: Program): { readonly sizes: OwnStorage; readonly findings: readonly string[] } {
  const sizes = new Map<string, number>();
  const findings: string[] = [];
  const { statements } = target.ast;
  for (const section of splitSections(statements)) {
    if (section.name !== OWN_SECTION) continue;
    if ([...section.flags].sort().join('') !== 'Taw') findings.push(`${OWN_SECTION} has the flags ${section.flags}`);
    let current: string | undefined;
    for (const index of section.statements) {
      const s = statements[index];
      if (s?.kind === 'label' && s.name.startsWith(OWN_STORAGE) && !sizes.has(s.name)) {
        current = s.name;
        sizes.set(current, 0);
        if (target.symbols.get(current)?.binding !== 'local') findings.push(`others can see ${current}`);
      } else if (s?.kind === 'directive' && s.name === '.zero' && current !== undefined && /^\d+$/.test(s.args.join()))
        sizes.set(current, (sizes.get(current) ?? 0) + Number(s.args[0]));
      else if (s?.kind !== 'comment' && !(s?.kind === 'directive' && s.name === '.p2align'))
        findings.push(`${OWN_SECTION} has more in it than storage of the target's own`);
    }
  }
  for (const s of statements)
    if (s.kind === 'assign' && `${s.name} ${s.value}`.includes(OWN_STORAGE))
      findings.push(`${s.name} stands for storage of the target's own`);
  return { sizes, findings };
}

/** The storage that an instruction names. */
export function ownNamesIn({ ops }: Inst): readonly string[] {
  return ops.flatMap((op) => {
    const e: Expr | undefined = op.kind === 'imm' ? op.value : op.kind === 'mem' ? op.disp : undefined;
    return [e?.plus, e?.minus].filter((n) => n?.startsWith(OWN_STORAGE) === true) as string[];
  });
}
