// SPDX-License-Identifier: MIT
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Suites that take a minute and more, the longest first: one that began last would run alone for that long. */
const LONG = [
  'tests/corpora/csmith.test.ts',
  'tests/program/judges.test.ts',
  'src/asm/lower/x86_64-to-aarch64/rules/rules.test.ts',
  'tests/programs/programs.test.ts',
  'src/asm/lower/x86_64-to-riscv64/rules/rules.test.ts',
  'tests/run/differential.test.ts',
  'tests/run/programs.test.ts',
  'tests/mutation/mutation.test.ts',
  'tests/bugs/bugs.test.ts',
  'tests/oracle/x86-host.test.ts',
  'src/asm/lower/x86_64-to-aarch64/rules/vector.test.ts',
  'tests/run/instructions.test.ts',
  'tests/cplusplus/cplusplus.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((name) => moduleId.endsWith(`/${name}`));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    // One for each core: by default one is left alone, which is half of a small machine.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongestFirst },
    // Suites run whole compilers and emulators, on machines that may be busy.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
