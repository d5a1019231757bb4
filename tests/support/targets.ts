// SPDX-License-Identifier: MIT
import type { Target } from '../../scripts/translation.ts';

/** The targets that suites of whole programs carry everything over to. */
export const CARRIED_TO: readonly Target[] = ['aarch64', 'riscv64'];
