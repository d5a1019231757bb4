// SPDX-License-Identifier: MIT
import { RuntimeLibrary } from '../library.ts';
import { atomics } from './atomics.ts';
import { callbacks } from './callbacks.ts';
import { count } from './count.ts';
import { divide } from './divide.ts';
import { files } from './files.ts';
import { narrow } from './narrow.ts';
import { numbers } from './numbers.ts';
import { round } from './round.ts';
import { setjmp } from './setjmp.ts';
import { system } from './system.ts';
import { variadics } from './variadic.ts';

/** The runtime for RISC-V. */
export const riscv64Runtime = new RuntimeLibrary(
  [
    ...divide,
    ...count,
    ...round,
    ...atomics,
    ...setjmp,
    ...variadics,
    ...files,
    ...numbers,
    ...system,
    ...callbacks,
    ...narrow,
  ],
  1,
);
