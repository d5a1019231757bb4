// SPDX-License-Identifier: MIT
import { makeRule, type RuleFor } from '../from-x86_64/rule.ts';
import type { Context } from './context.ts';

/**
 * A rule for AArch64. It changes temporaries and NZCV freely, but a flag that the instruction leaves alone and that is
 * live must first be saved with `context.freeNzcv`.
 */
export type Rule = RuleFor<Context>;

export const rule = makeRule<Context>;
