// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { invertCode } from './flags.ts';

/** How far a conditional branch reaches, in bytes: `tbz` has 14 bits for words, the others 19. */
const TEST_REACH = 1 << 15;
const BRANCH_REACH = 1 << 20;

const CONDITIONAL = /^\t(b\.([a-z]{2})|cbn?z|tbn?z)\t(.*?)([^ ,]+)$/;

/**
 * Turns conditional branches to labels that are too far away into their inverse over an unconditional one. Distances
 * are counted as if all of them had to be, so that none grows too long by what is put in.
 */
export function relaxFarBranches(lines: readonly string[], freshLabel: () => string): readonly string[] {
  if (lines.length * 8 < TEST_REACH) return lines;
  const labels = new Map<string, number>();
  let position = 0;
  const at = lines.map((line) => {
    const here = position;
    if (line.endsWith(':')) labels.set(line.slice(0, -1), here);
    else position += isConditional(line) ? 8 : 4;
    return here;
  });
  if (position < TEST_REACH) return lines;
  return lines.flatMap((line, index) => {
    if (!isConditional(line)) return [line];
    const parts = CONDITIONAL.exec(line);
    const [, op, code, operands, label] = parts ?? [];
    if (op === undefined || label === undefined) return [line];
    const to = labels.get(label);
    const reach = op.startsWith('tb') ? TEST_REACH : BRANCH_REACH;
    if (to === undefined || Math.abs(to - must(at[index], 'position')) < reach - 8) return [line];
    const near = freshLabel();
    const inverse =
      code !== undefined ? `b.${invertCode(code)}` : op.endsWith('nz') ? op.replace('nz', 'z') : op.replace('z', 'nz');
    return [`\t${inverse}\t${operands}${near}`, `\tb\t${label}`, `${near}:`];
  });
}

const isConditional = (line: string): boolean =>
  line.startsWith('\tb.') || line.startsWith('\tcb') || line.startsWith('\ttb');
