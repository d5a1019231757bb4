// SPDX-License-Identifier: MIT
import type { Rule } from '../rule.ts';
import { vectorCompareRules } from './vector-compare.ts';
import { vectorConvertRules } from './vector-convert.ts';
import { vectorFloatRules } from './vector-float.ts';
import { vectorIntegerRules } from './vector-integer.ts';
import { vectorLaneRules } from './vector-lanes.ts';
import { vectorMoveRules } from './vector-move.ts';
import { vectorShiftRules } from './vector-shift.ts';
import { vectorShuffleRules } from './vector-shuffle.ts';
import { vectorSsse3Rules } from './vector-ssse3.ts';

/** SSE to SSE4.2. */
export const vectorRules: readonly Rule[] = [
  ...vectorMoveRules,
  ...vectorFloatRules,
  ...vectorCompareRules,
  ...vectorConvertRules,
  ...vectorIntegerRules,
  ...vectorShiftRules,
  ...vectorShuffleRules,
  ...vectorLaneRules,
  ...vectorSsse3Rules,
];
