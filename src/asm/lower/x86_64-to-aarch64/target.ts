// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { refusedFor } from '../../abi/externals-refused.ts';
import { aarch64Runtime } from '../../abi/runtime/aarch64/index.ts';
import { register } from '../../isa/aarch64/registers.ts';
import type { FileTarget } from '../from-x86_64/file.ts';
import type { FlagName } from '../from-x86_64/flags.ts';
import { conditionBranch } from './branches.ts';
import { Context } from './context.ts';
import { relaxFarBranches } from './far-branches.ts';
import { adjust } from './flag-word.ts';
import { baseOffset, storeGeneral } from './memory.ts';
import { nativeEntry } from './native-entry.ts';
import { FLAG_BITS, FLAG_WORD } from './registers.ts';
import { relatedRegisters } from './related-registers.ts';
import { rules } from './rules/index.ts';
import { stack } from './stack-instructions.ts';
import { transfers } from './transfers.ts';

/** Carrying x86-64 over to AArch64. */
export const toAarch64: FileTarget<Context> = {
  rules,
  runtime: aarch64Runtime,
  refused: refusedFor('aarch64'),
  prologue: (features) => [...features].sort().map((name) => `\t.arch_extension\t${name}`),
  alignCode: '\t.p2align 2',
  nativeEntry,
  isRegister: (name) => register(name)?.name === name,
  passesHalves: false,
  takesWhole: () => new Set(),
  context: (options) => new Context(options),
  saveReturnAddress: (c, offset) => storeGeneral(c, 30, baseOffset(c, 'sp', offset, 8), 8),
  adjust,
  stack,
  transfers,
  conditionBranch,
  relatedRegisters,
  commonPlace: (flag: FlagName) => ({ kind: 'bit', loc: `x${FLAG_WORD}`, bit: must(FLAG_BITS[flag], 'flag bit') }),
  relaxBranches: relaxFarBranches,
};
