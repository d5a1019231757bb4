// SPDX-License-Identifier: MIT
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  COMPILERS,
  type Compiler,
  compileCorpus,
  corporaOf,
  hasCompiler,
  hasProgram,
  sourceDir,
} from '../../scripts/corpora.ts';
import { aarch64 } from '../../src/asm/isa/aarch64/index.ts';
import type { Dialect } from '../../src/asm/isa/isa.ts';
import { riscv64 } from '../../src/asm/isa/riscv64/index.ts';
import { x86_64 } from '../../src/asm/isa/x86_64/index.ts';
import { ASSEMBLERS, type RoundTripSummary, roundTrip, roundTripAll } from './roundtrip.ts';

const ISAS = { x86_64, aarch64, riscv64 } as const;
const FILES = new URL('./roundtrip/', import.meta.url).pathname;
const assemblers = {
  x86_64: await hasProgram([ASSEMBLERS.x86_64, '--version']),
  aarch64: await hasProgram([ASSEMBLERS.aarch64, '--version']),
  riscv64: await hasProgram([ASSEMBLERS.riscv64, '--version']),
};

/** Every directive and every odd way of writing, by hand. */
for (const isa of [x86_64, aarch64, riscv64]) {
  const files = readdirSync(join(FILES, isa.name)).filter((f) => f.endsWith('.s'));
  test.skipIf(!assemblers[isa.name]).each(files)(`${isa.name}/%s`, async (file) => {
    expect(await roundTrip(join(FILES, isa.name, file), isa)).toMatchObject({ outcome: 'same', details: [] });
  });
}

/** Real programs: what compilers write comes back as it was, and each syntax can be had in the other. */
const selection: readonly (readonly [corpus: string, cc: Compiler, intel: boolean, dialect?: Dialect])[] = [
  ['zlib', 'gcc', false],
  ['zlib', 'gcc', true],
  ['zlib', 'gcc', false, 'intel'],
  ['zlib', 'gcc', true, 'att'],
  ['zlib', 'clang', false],
  ['zlib', 'clang', true],
  ['zlib', 'aarch64-gcc', false],
  ['zlib', 'aarch64-clang', false],
  ['lua', 'gcc', false],
  ['lua', 'gcc', true],
  ['lua', 'clang', false],
  ['lua', 'aarch64-gcc', false],
  ['zlib', 'riscv64-gcc', false],
  ['lua', 'riscv64-gcc', false],
];

for (const [name, cc, intel, dialect] of selection) {
  const [corpus] = corporaOf([name]);
  const isa = ISAS[COMPILERS[cc].isa];
  const usable =
    corpus !== undefined && sourceDir(corpus) !== undefined && assemblers[isa.name] && (await hasCompiler(cc));
  const title = `${name} from ${cc}${intel ? ' in Intel syntax' : ''}${dialect === undefined ? '' : `, printed as ${dialect}`}`;
  test.skipIf(!usable)(title, { timeout: 300_000 }, async () => {
    if (corpus === undefined) return;
    const files = await compileCorpus(corpus, { cc, level: 'O2', intel });
    const summary = await roundTripAll(files, isa, dialect);
    expect(summary.checked).toBe(corpus.files.length);
    expect(complaints(summary)).toEqual([]);
  });
}

function complaints(summary: RoundTripSummary): string[] {
  return summary.failures.slice(0, 5).map((f) => `${f.file}: ${f.outcome}: ${f.details.slice(0, 3).join('\n')}`);
}
