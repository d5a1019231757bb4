// SPDX-License-Identifier: MIT
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    // Suites run whole compilers and emulators, on machines that may be busy.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
