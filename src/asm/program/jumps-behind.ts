// SPDX-License-Identifier: MIT

import { isDiagnostic } from '../isa/isa.ts';
import type { AsmFile, Statement } from '../text/ast.ts';
import type { CodeUnit, LabelPlace } from './code-units.ts';
import type { Flow } from './types.ts';

/**
 * The file with a jump to where control goes anyway behind each conditional jump out of a function that another one
 * follows at once; undefined where there is none. A block leaves a function in one way only.
 */
export function withJumpsBehind(
  file: AsmFile,
  units: readonly CodeUnit[],
  places: ReadonlyMap<string, LabelPlace>,
  flowAt: (statement: number) => Flow,
): AsmFile | undefined {
  const { isa, statements } = file;
  const added = new Map<number, Statement>();
  units.forEach(({ drafts }, unit) => {
    for (const draft of drafts) {
      const at = draft.statementAt.at(-1);
      if (at === undefined || draft.next === undefined) continue;
      const flow = flowAt(at);
      if (flow.kind !== 'jump' || !flow.conditional || places.get(flow.target)?.unit === unit) continue;
      const s = statements[at];
      if (s === undefined || !isa.dialects.includes('att') || !/^[\w.$]+$/.test(draft.next.name)) continue;
      const inst = isa.readInst(`jmp ${draft.next.name}`, 'att', s.span);
      if (!isDiagnostic(inst)) added.set(at, { kind: 'inst', inst, dialect: 'att', span: s.span });
    }
  });
  if (added.size === 0) return undefined;
  const longer = statements.flatMap((s, i) => {
    const jump = added.get(i);
    return jump === undefined ? [s] : [s, jump];
  });
  return { ...file, statements: longer };
}
