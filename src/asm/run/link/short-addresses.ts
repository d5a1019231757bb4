// SPDX-License-Identifier: MIT
import type { Inst } from '../../isa/define.ts';
import type { Expr } from '../../isa/operand.ts';
import { dataValues } from '../../program/references.ts';
import type { Program } from '../../program/types.ts';
import { DIRECTIVES, dataBytes } from '../../text/directives.ts';
import type { PlacedSection } from './place.ts';

const isAddress = (e: Expr | undefined): boolean => e?.plus !== undefined && e.minus === undefined;

/**
 * Whether a program has addresses in 32 bits, as code has that is not position independent. A linker would refuse them
 * above 4 GiB (R_X86_64_32, R_X86_64_32S, R_RISCV_HI20, R_*_32 of the psABIs).
 */
export function hasShortAddresses(program: Program, sections: readonly PlacedSection[]): boolean {
  return program.functions.some((f) => f.insts.some(isShort)) || sections.some((s) => hasShortData(s, program));
}

function isShort(inst: Inst): boolean {
  const { id } = inst.def;
  return inst.ops.some((op) => {
    const e = op.kind === 'imm' ? op.value : op.kind === 'mem' ? op.disp : undefined;
    if (!isAddress(e)) return false;
    if (id.startsWith('rv64.')) return e?.modifier === 'hi';
    if (!id.startsWith('x64.') || e?.modifier !== undefined) return false;
    if (op.kind === 'mem') return op.base?.name !== 'rip';
    return !BRANCHES.test(id) && !id.startsWith('x64.movabs');
  });
}

/** Their immediates are distances. */
const BRANCHES = /^x64\.(\w+_)?(j\w+|call|loop\w*|xbegin)\b/;

function hasShortData(section: PlacedSection, program: Program): boolean {
  return section.statements.some((index) => {
    const s = program.ast.statements[index];
    if (s?.kind !== 'directive' || DIRECTIVES.get(s.name)?.kind !== 'data') return false;
    if ((dataBytes(s.name, program.isa.name) ?? 8) >= 8) return false;
    return dataValues(s).some((e) => isAddress(e) && e?.modifier === undefined);
  });
}
