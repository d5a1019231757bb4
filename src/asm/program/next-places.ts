// SPDX-License-Identifier: MIT
import type { Inst } from '../isa/define.ts';
import { isNumber, type MemOperand, type Operand } from '../isa/operand.ts';
import type { AsmFile, Statement } from '../text/ast.ts';

/**
 * Gives each instruction that the one before it takes the address of (`lea 0(%rip), %rax`) a label, and names it there:
 * relative to the instruction pointer, a distance of 0 is where the next instruction begins (SDM volume 1, 3.5.1). Files
 * without such an operand come back as they are.
 */
export function labelNextPlaces(file: AsmFile): AsmFile {
  if (!file.statements.some((s) => s.kind === 'inst' && s.inst.ops.some(isNextPlace))) return file;
  const taken = new Set(file.statements.flatMap((s) => (s.kind === 'label' || s.kind === 'assign' ? [s.name] : [])));
  let count = 0;
  const statements = file.statements.flatMap((s): Statement[] => {
    if (s.kind !== 'inst' || !s.inst.ops.some(isNextPlace)) return [s];
    let name: string;
    do name = `.Lnext_${count++}`;
    while (taken.has(name));
    return [
      { ...s, inst: named(s.inst, name) },
      { kind: 'label', name, span: s.span },
    ];
  });
  return { ...file, statements };
}

const isNextPlace = (o: Operand): o is MemOperand =>
  o.kind === 'mem' && o.base?.class === 'ip' && isNumber(o.disp) && o.disp.offset === 0n;

const named = (inst: Inst, plus: string): Inst => ({
  ...inst,
  ops: inst.ops.map((o) => (isNextPlace(o) ? { ...o, disp: { plus, offset: 0n } } : o)),
});
