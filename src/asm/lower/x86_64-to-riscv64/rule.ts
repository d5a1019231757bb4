// SPDX-License-Identifier: MIT
import { makeRule, type RuleFor } from '../from-x86_64/rule.ts';
import type { Context } from './context.ts';

/**
 * A rule for RISC-V. What flags look at survives: registers that the instruction changes have been copied away before,
 * and temporaries that flags name are not handed out. A flag that the instruction itself reads must be read before
 * anything is written.
 */
export type Rule = RuleFor<Context>;

export const rule = makeRule<Context>;
