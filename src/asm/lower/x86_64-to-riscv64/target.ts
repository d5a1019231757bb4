// SPDX-License-Identifier: MIT
import { refusedFor } from '../../abi/externals-refused.ts';
import { riscv64Runtime } from '../../abi/runtime/riscv64/index.ts';
import { register } from '../../isa/riscv64/registers.ts';
import type { FileTarget } from '../from-x86_64/file.ts';
import { commonPlace, gatherFlags } from './common-places.ts';
import { Context } from './context.ts';
import { relaxFarJumps } from './far-jumps.ts';
import { adjust } from './flag-word.ts';
import { readsLoose, tighten } from './floats.ts';
import { carryOver, openSpills, takeHighs } from './halves.ts';
import { highHomes } from './high-homes.ts';
import { baseOffset, store } from './memory.ts';
import { nativeEntry } from './native-entry.ts';
import { ownStorage } from './own-storage.ts';
import { LINK, STACK } from './registers.ts';
import { relatedRegisters } from './related-registers.ts';
import { rules } from './rules/index.ts';
import { stack } from './stack-instructions.ts';
import { takesWhole } from './taken-at-entry.ts';
import { transfers } from './transfers.ts';

/** Carrying x86-64 over to RISC-V. */
export const toRiscv64: FileTarget<Context> = {
  rules,
  runtime: riscv64Runtime,
  refused: refusedFor('riscv64'),
  prologue: (features) => ['\t.option\tpic', ...[...features].sort().map((name) => `\t.option\tarch, +${name}`)],
  alignCode: '\t.p2align\t1',
  nativeEntry,
  isRegister: (name) => register(name)?.name === name,
  passesHalves: true,
  takesWhole,
  ownStorage,
  context: (options, code, facts) => new Context(options, highHomes(code, facts)),
  saveReturnAddress: (c, offset) => store(c, LINK, baseOffset(c, STACK, offset), 8),
  before: (c, writes) => {
    c.before(writes);
    openSpills(c);
    c.upperUnkept = readsLoose(c);
  },
  behind: tighten,
  takeWhole: takeHighs,
  carryOver,
  gatherFlags,
  adjust,
  stack,
  transfers,
  relatedRegisters,
  commonPlace,
  relaxBranches: (lines, freshLabel) => relaxFarJumps(lines, freshLabel),
};
