// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CompiledFile } from '../../scripts/corpora.ts';
import { runOrFail } from '../../scripts/process.ts';
import type { Dialect, Isa } from '../../src/asm/isa/isa.ts';
import { printAsm } from '../../src/asm/text/print.ts';
import { readAsm } from '../../src/asm/text/read.ts';
import { Diagnostics } from '../../src/base/diagnostic.ts';
import { formatDiagnostic } from '../../src/base/format-diagnostic.ts';
import { compareElf, parseElf } from '../support/elf.ts';

export interface RoundTripResult {
  readonly file: string;
  readonly statements: number;
  /** `same`, or why not: our reader complained, GNU as did, or the objects differ. */
  readonly outcome: 'same' | 'unread' | 'rejected' | 'different';
  readonly details: readonly string[];
}

/** GNU as for each machine. */
export const ASSEMBLERS: { readonly [K in Isa['name']]: string } = {
  x86_64: 'as',
  aarch64: 'aarch64-linux-gnu-as',
  riscv64: 'riscv64-linux-gnu-as',
};

/**
 * Reads a file and prints it, in `dialect` where one is given, and lets GNU as judge: the object must be the same as
 * that of the original text.
 */
export async function roundTrip(path: string, isa: Isa, dialect?: Dialect): Promise<RoundTripResult> {
  const source = { file: path, text: readFileSync(path, 'utf8') };
  const diagnostics = new Diagnostics();
  const file = readAsm(source, isa, diagnostics);
  const result = { file: path, statements: file.statements.length };
  if (diagnostics.list.length > 0) {
    const details = diagnostics.list.map((d) => formatDiagnostic(d, { sources: [source] }));
    return { ...result, outcome: 'unread', details };
  }
  const dir = mkdtempSync(join(tmpdir(), 'vouch-roundtrip-'));
  try {
    const original = join(dir, 'original.s');
    const printed = join(dir, 'printed.s');
    // GNU as does not know these hints of clang's, which stand on lines of their own.
    writeFileSync(original, source.text.replace(/^\s*\.addrsig(?:_sym .*)?$/gm, ''));
    writeFileSync(printed, printAsm(file, dialect));
    const objects: Buffer[] = [];
    for (const input of [original, printed]) {
      const out = join(dir, 'out.o');
      await runOrFail([ASSEMBLERS[isa.name], input, '-o', out], { cwd: dir });
      objects.push(readFileSync(out));
    }
    const [before, after] = objects;
    if (before === undefined || after === undefined) throw new Error('GNU as wrote nothing');
    const details = compareElf(parseElf(before), parseElf(after));
    return { ...result, outcome: details.length === 0 ? 'same' : 'different', details };
  } catch (e) {
    return { ...result, outcome: 'rejected', details: [e instanceof Error ? e.message : String(e)] };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

export interface RoundTripSummary {
  readonly checked: number;
  readonly statements: number;
  readonly failures: readonly RoundTripResult[];
}

/** Two files at a time. */
export async function roundTripAll(
  files: readonly CompiledFile[],
  isa: Isa,
  dialect?: Dialect,
): Promise<RoundTripSummary> {
  const results: RoundTripResult[] = [];
  const queue = [...files];
  const worker = async (): Promise<void> => {
    for (let f = queue.shift(); f !== undefined; f = queue.shift()) results.push(await roundTrip(f.path, isa, dialect));
  };
  await Promise.all([worker(), worker()]);
  return {
    checked: results.length,
    statements: results.reduce((n, r) => n + r.statements, 0),
    failures: results.filter((r) => r.outcome !== 'same'),
  };
}
