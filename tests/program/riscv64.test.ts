// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileCorpus, corporaOf, hasCompiler, sourceDir } from '../../scripts/corpora.ts';
import { riscv64 } from '../../src/asm/isa/riscv64/index.ts';
import type { Conventions } from '../../src/asm/program/conventions.ts';
import { recoverProgram } from '../../src/asm/program/recover.ts';
import { stackHeights } from '../../src/asm/program/stack.ts';
import type { Program } from '../../src/asm/program/types.ts';
import { readAsm } from '../../src/asm/text/read.ts';
import { must } from '../../src/base/assert.ts';
import { Diagnostics } from '../../src/base/diagnostic.ts';

/** What gcc makes for RISC-V is understood: functions, blocks, jump tables and stack heights. */

const numbered = (stem: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `${stem}${from + i}`);

/** The psABI's lp64d, chapter 2. */
const lp64d: Conventions = {
  arguments: [...numbered('x', 10, 17), ...numbered('f', 10, 17)],
  results: ['x10', 'f10'],
  resultsIfDefined: ['x11', 'f11'],
  calleeSaved: ['x8', 'x9', ...numbered('x', 18, 27), 'f8', 'f9', ...numbered('f', 18, 27)],
  fixed: ['x3', 'x4'],
  returnAddressBytes: 0,
  redZoneBytes: 0,
  neverReturn: ['abort', 'exit', 'longjmp', '_longjmp', '__stack_chk_fail'],
};

interface Understood {
  readonly program: Program;
  readonly codes: readonly string[];
  /** The functions that the file's own symbol table names. */
  readonly typed: ReadonlySet<string>;
}

function understand(path: string): Understood {
  const diagnostics = new Diagnostics();
  const text = readFileSync(path, 'utf8');
  const ast = readAsm({ file: path, text }, riscv64, diagnostics);
  const program = recoverProgram(ast, diagnostics, lp64d);
  const typed = [...text.matchAll(/^\s*\.type\s+([^,\s]+),\s*@function/gm)].map((m) => m[1] ?? '');
  return { program, codes: diagnostics.list.map((d) => d.code), typed: new Set(typed) };
}

const usable = await hasCompiler('riscv64-gcc');

describe.each(['lua', 'zlib'])('%s from riscv64-gcc', (name) => {
  const corpus = must(corporaOf([name])[0], 'a corpus');
  const absent = !usable || sourceDir(corpus) === undefined;

  test.skipIf(absent)('every function is understood', { timeout: 300_000 }, async () => {
    let instructions = 0;
    let switches = 0;
    for (const file of await compileCorpus(corpus, { cc: 'riscv64-gcc', level: 'O2' })) {
      const { program, codes, typed } = understand(file.path);
      expect(codes, file.path).toEqual([]);
      const found = program.functions.flatMap((f) => [f.name, ...f.aliases]);
      expect(new Set(found.filter((n) => !n.startsWith('.L'))), file.path).toEqual(typed);
      for (const f of program.functions) {
        const where = `${file.name}: ${f.name}`;
        const stack = stackHeights(f, riscv64, lp64d);
        // A frame that is too large for an immediate is made with a number in a register, which is not followed.
        const large = f.insts.some((i) => /^add sp, sp, /.test(riscv64.printInst(i, 'gnu')));
        expect(stack, where).toMatchObject({ dynamic: large, balanced: !large });
        if (large) continue;
        for (const block of f.blocks) {
          if (block.flow.kind !== 'indirect' || !stack.isReached(block.index)) continue;
          // An indirect jump is a switch or computed goto, or else a call in tail position.
          if (block.successors.length > 0) switches++;
          else expect(stack.heightAt(block.end - 1), where).toBe(0);
        }
        instructions += f.insts.length;
      }
    }
    expect(instructions).toBeGreaterThan(5000);
    expect(switches).toBeGreaterThan(0);
  });
});

const lua = must(corporaOf(['lua'])[0], 'lua');

test.skipIf(!usable || sourceDir(lua) === undefined)(
  "the computed gotos of lua's interpreter reach all its labels",
  { timeout: 300_000 },
  async () => {
    const files = await compileCorpus(lua, { cc: 'riscv64-gcc', level: 'O2' });
    const { program } = understand(
      must(
        files.find((f) => f.name === 'lvm'),
        'lvm',
      ).path,
    );
    const run = must(program.functions[program.functionOf.get('luaV_execute') ?? -1], 'luaV_execute');
    const targets = run.blocks.filter((b) => b.flow.kind === 'indirect').map((b) => new Set(b.indirectTargets).size);
    // One label per opcode (NUM_OPCODES is 83), some of them shared.
    expect(Math.max(...targets)).toBeGreaterThan(70);
  },
);
