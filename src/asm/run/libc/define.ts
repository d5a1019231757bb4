// SPDX-License-Identifier: MIT
import type { CallArguments } from './arguments.ts';
import type { Process } from './process.ts';

/** A function of the library: what it does with a call's arguments, and where its result goes. */
export interface LibraryFunction {
  readonly result: 'none' | 'int' | 'long' | 'double' | 'float' | 'pair' | 'complex';
  readonly run: (p: Process, a: CallArguments) => unknown;
}

type Run<T> = (p: Process, a: CallArguments) => T;

export const none = (run: Run<void>): LibraryFunction => ({ result: 'none', run });
/** An int or a truth. */
export const int = (run: Run<number | boolean>): LibraryFunction => ({ result: 'int', run });
/** An address or a size as a number, or any integer of 64 bits. */
export const long = (run: Run<number | bigint>): LibraryFunction => ({ result: 'long', run });
export const double = (run: Run<number>): LibraryFunction => ({ result: 'double', run });
export const float = (run: Run<number>): LibraryFunction => ({ result: 'float', run });
/** Two registers. */
export const pair = (run: Run<readonly [bigint, bigint]>): LibraryFunction => ({ result: 'pair', run });
/** Two doubles. */
export const complex = (run: Run<readonly [number, number]>): LibraryFunction => ({ result: 'complex', run });

export type Functions = Readonly<Record<string, LibraryFunction>>;
