// SPDX-License-Identifier: MIT
import type { Inst } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import type { Operand, Reg } from '../isa/operand.ts';

/**
 * Instructions that differ only in which registers they name do the same to different registers. What one of them does
 * is found with stand-ins for its registers, once for all of them. A test compares the two for every form.
 */
export interface StoodIn {
  readonly inst: Inst;
  /** The location that each stand-in stands for. */
  readonly actual: ReadonlyMap<string, string>;
}

/** Locations that no instruction uses without naming them; machines that are not listed go without stand-ins. */
const STAND_INS: { readonly [K in Isa['name']]?: { readonly [C in string]?: readonly string[] } } = {
  x86_64: { gpr: ['r12', 'r13', 'r14', 'r15'], vec: ['xmm12', 'xmm13', 'xmm14', 'xmm15'] },
};

/** The instruction with stand-ins; undefined where it names no register that can have one, or parts above the lowest. */
export function withStandIns(inst: Inst, isa: Isa): StoodIn | undefined {
  const pools = STAND_INS[isa.name];
  if (pools === undefined) return undefined;
  const actual = new Map<string, string>();
  const given = new Map<string, string>();
  let possible = true;
  const standIn = (reg: Reg): Reg => {
    if (reg.lo > 0) possible = false;
    if (reg.loc === isa.stackPointer) return reg;
    const pool = pools[reg.class] ?? [];
    const loc = given.get(reg.loc) ?? pool.find((l) => !actual.has(l));
    if (loc === undefined) return reg;
    given.set(reg.loc, loc);
    actual.set(loc, reg.loc);
    return { ...reg, loc, name: `${loc}:${reg.width}` };
  };
  const ops = inst.ops.map((op): Operand => {
    switch (op.kind) {
      case 'reg':
        return { ...op, reg: standIn(op.reg) };
      case 'mem': {
        const { base, index } = op;
        return {
          ...op,
          ...(base === undefined ? {} : { base: standIn(base) }),
          ...(index === undefined ? {} : { index: standIn(index) }),
        };
      }
      case 'imm':
        return op;
      default:
        possible = false;
        return op;
    }
  });
  return possible && actual.size > 0 ? { inst: { def: inst.def, ops }, actual } : undefined;
}
