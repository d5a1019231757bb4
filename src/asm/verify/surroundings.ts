// SPDX-License-Identifier: MIT
import type { FunctionCode } from '../program/types.ts';
import type { Context } from './context.ts';
import type { Surroundings } from './explore.ts';

/** Source code is cut at every block and has no runtime functions. */
export function sourceSurroundings(context: Context, code: FunctionCode): Surroundings {
  return {
    isCut: (index) => context.blockStartingAt(code, index) !== undefined,
    ...context.source.runtime,
  };
}

/** Target code is cut where relations are claimed. */
export function targetSurroundings(context: Context, code: FunctionCode): Surroundings {
  return {
    isCut: (index) => context.isTargetCut(code, index),
    ...context.target.runtime,
  };
}
