// SPDX-License-Identifier: MIT
import type { Inst } from '../isa/define.ts';
import type { FunctionCode } from '../program/types.ts';

/**
 * x86's locked instructions and exchanges with memory; AArch64's exclusive, acquiring, releasing and atomic ones;
 * RISC-V's reserving, conditional and atomic ones.
 */
const ATOMIC =
  /^x64\.(?:lock_|xchg\.)|^a64\.(?:ld|st)(?:a|l)?x|^a64\.(?:ldapr|ldar|stlr|cas|swp|ldadd|ldclr|ldeor|ldset|ld[su]m)|^rv64\.(?:lr|sc|amo)/;

const atomic = new Map<string, boolean>();

/** Whether an instruction's accesses are atomic. */
export function isAtomic(inst: Inst): boolean {
  const { id } = inst.def;
  let known = atomic.get(id);
  if (known === undefined) {
    known = ATOMIC.test(id);
    atomic.set(id, known);
  }
  return known;
}

/**
 * Whether the store-exclusive at `index` stands in a loop as the architecture wants it: the branch behind it goes back
 * when its status is not 0, to before a load-exclusive from the same base register that has been carried out.
 */
export function isRetried(code: FunctionCode, index: number, executed: ReadonlySet<number>): boolean {
  const [store, branch] = [code.insts[index], code.insts[index + 1]];
  if (store === undefined || branch === undefined || !/^(?:a64\.cbnz|rv64\.bnez)\./.test(branch.def.id)) return false;
  if (registerOf(store, 0) !== registerOf(branch, 0)) return false;
  const label = branch.ops[1];
  const to =
    label?.kind === 'imm' && label.value.plus !== undefined ? code.indexOfLabel.get(label.value.plus) : undefined;
  if (to === undefined || to > index) return false;
  for (let i = to; i < index; i++) {
    const load = code.insts[i];
    if (load === undefined || !executed.has(i) || !/^(?:a64\.lda?x[rp]|rv64\.lr_)/.test(load.def.id)) continue;
    if (baseOf(load) === baseOf(store) && sizeOf(load) === sizeOf(store)) return true;
  }
  return false;
}

function registerOf(inst: Inst, operand: number): string | undefined {
  const op = inst.ops[operand];
  return op?.kind === 'reg' ? op.reg.loc : undefined;
}

function baseOf(inst: Inst): string | undefined {
  const mem = inst.ops.find((o) => o.kind === 'mem');
  return mem?.kind === 'mem' ? mem.base?.loc : undefined;
}

/** `b`, `h` or nothing, `p` for pairs, and the width, which says it all for RISC-V. */
function sizeOf(inst: Inst): string {
  const [, mnemonic = '', , width = ''] = inst.def.id.split('.');
  return `${mnemonic.replace(/^(?:lda?x|stl?x)|^(?:lr|sc)_.*/, '')}.${width}`;
}
