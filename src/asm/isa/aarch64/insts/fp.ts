// SPDX-License-Identifier: MIT
import type { InstDef } from '../../define.ts';
import { fpArithmetic } from './fp-arith.ts';
import { fpCompares } from './fp-compare.ts';
import { fpConversions } from './fp-convert.ts';

/** Scalar floating point of Armv8.0-A without half precision; comparisons and conversions include the vector forms. */
export const fpForms: readonly InstDef[] = [...fpArithmetic, ...fpCompares, ...fpConversions];
