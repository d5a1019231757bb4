// SPDX-License-Identifier: MIT
import type { InstDef } from '../../define.ts';
import { neonArith } from './neon-arith.ts';
import { neonCompare } from './neon-compare.ts';
import { neonElement } from './neon-element.ts';
import { neonFloat } from './neon-float.ts';
import { neonLogic } from './neon-logic.ts';
import { neonMemory } from './neon-memory.ts';
import { neonPermute } from './neon-permute.ts';
import { neonShift } from './neon-shift.ts';
import { neonWiden } from './neon-widen.ts';

/** Advanced SIMD of Armv8.0-A, without the estimates (`frecpe` and its like), half precision and cryptography. */
export const neonForms: readonly InstDef[] = [
  ...neonArith,
  ...neonCompare,
  ...neonElement,
  ...neonFloat,
  ...neonLogic,
  ...neonMemory,
  ...neonPermute,
  ...neonShift,
  ...neonWiden,
];
