// SPDX-License-Identifier: MIT
import type { Rule } from '../rule.ts';

/** SSE and SSE2. */
export const vectorRules: readonly Rule[] = [];
