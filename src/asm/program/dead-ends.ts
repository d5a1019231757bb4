// SPDX-License-Identifier: MIT
import { symbolName } from '../text/strings.ts';
import { emitsData } from './references.ts';
import { splitSections } from './sections.ts';
import type { Program } from './types.ts';

const known = new WeakMap<Program, ReadonlySet<string>>();

/**
 * Local labels in code behind which their function has neither instructions nor data: compilers that know that a place is
 * never reached leave nothing of it but the label, and the jumps to it.
 */
export function deadEnds(program: Program): ReadonlySet<string> {
  let labels = known.get(program);
  if (labels === undefined) {
    labels = findDeadEnds(program);
    known.set(program, labels);
  }
  return labels;
}

function findDeadEnds({ ast: { statements }, symbols }: Program): ReadonlySet<string> {
  const found = new Set<string>();
  for (const section of splitSections(statements)) {
    if (!section.executable) continue;
    let pending: string[] = [];
    for (const index of section.statements) {
      const s = statements[index];
      if (s?.kind === 'label') pending.push(s.name);
      else if (s?.kind === 'inst' || (s?.kind === 'directive' && emitsData(s))) pending = [];
      else if (s?.kind === 'directive' && s.name === '.size' && pending.includes(symbolName(s.args[0] ?? ''))) {
        for (const label of pending) if ((symbols.get(label)?.binding ?? 'local') === 'local') found.add(label);
        pending = [];
      }
    }
  }
  return found;
}
