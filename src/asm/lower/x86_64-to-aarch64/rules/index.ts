// SPDX-License-Identifier: MIT
import { RuleSet } from '../../from-x86_64/rule.ts';
import { arithmeticRules } from './arithmetic.ts';
import { atomicRules } from './atomics.ts';
import { bitStringRules } from './bit-strings.ts';
import { conditionalRules } from './conditional.ts';
import { extensionRules } from './extensions.ts';
import { moveRules } from './moves.ts';
import { multiplyRules } from './multiply.ts';
import { shiftRules } from './shifts.ts';
import { systemRules } from './system.ts';
import { vectorRules } from './vector.ts';

/** Every rule that carries an x86-64 instruction over to AArch64. */
export const rules = new RuleSet('AArch64', [
  ...moveRules,
  ...arithmeticRules,
  ...shiftRules,
  ...multiplyRules,
  ...conditionalRules,
  ...systemRules,
  ...atomicRules,
  ...bitStringRules,
  ...extensionRules,
  ...vectorRules,
]);
