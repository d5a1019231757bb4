// SPDX-License-Identifier: MIT
import { RuleSet } from '../../from-x86_64/rule.ts';
import { arithmeticRules } from './arithmetic.ts';
import { atomicRules } from './atomics.ts';
import { bitStringRules } from './bit-strings.ts';
import { bitRules } from './bits.ts';
import { conditionalRules } from './conditional.ts';
import { extensionRules } from './extensions.ts';
import { moveRules } from './moves.ts';
import { multiplyRules } from './multiply.ts';
import { shiftRules } from './shifts.ts';
import { stringRules } from './string.ts';
import { systemRules } from './system.ts';
import { vectorConvertRules } from './vector-convert.ts';
import { vectorExtensionRules } from './vector-extension.ts';
import { vectorFloatRules } from './vector-float.ts';
import { vectorIntegerRules } from './vector-integer.ts';
import { vectorLaterRules } from './vector-later.ts';
import { vectorMoveRules } from './vector-move.ts';
import { vectorPackedRules } from './vector-packed.ts';
import { vectorRoundRules } from './vector-round.ts';
import { vectorShuffleRules } from './vector-shuffle.ts';
import { vectorSse3Rules } from './vector-sse3.ts';

/** Every rule that carries an x86-64 instruction over to RISC-V. */
export const rules = new RuleSet('RISC-V', [
  ...moveRules,
  ...arithmeticRules,
  ...shiftRules,
  ...bitRules,
  ...bitStringRules,
  ...extensionRules,
  ...multiplyRules,
  ...conditionalRules,
  ...systemRules,
  ...atomicRules,
  ...stringRules,
  ...vectorMoveRules,
  ...vectorFloatRules,
  ...vectorConvertRules,
  ...vectorIntegerRules,
  ...vectorPackedRules,
  ...vectorShuffleRules,
  ...vectorLaterRules,
  ...vectorRoundRules,
  ...vectorSse3Rules,
  ...vectorExtensionRules,
]);
