// SPDX-License-Identifier: MIT
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    // One for each core: by default one is left alone, which is half of a small machine.
    maxWorkers: availableParallelism(),
    // Suites run whole compilers and emulators, on machines that may be busy.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
