// SPDX-License-Identifier: MIT
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildDir, compileCorpus, corporaOf, sourceDir, type Variant } from '../../scripts/corpora.ts';
import { defaultCallModel, systemV } from '../../src/asm/abi/call-model.ts';
import { x86_64 } from '../../src/asm/isa/x86_64/index.ts';
import { recoverProgram } from '../../src/asm/program/recover.ts';
import { type StackInfo, stackHeights } from '../../src/asm/program/stack.ts';
import { summariseProgram } from '../../src/asm/program/summary.ts';
import type { Program } from '../../src/asm/program/types.ts';
import { readAsm } from '../../src/asm/text/read.ts';
import { must } from '../../src/base/assert.ts';
import { Diagnostics } from '../../src/base/diagnostic.ts';

interface Understood {
  readonly program: Program;
  readonly stacks: readonly StackInfo[];
  readonly codes: readonly string[];
}

function understand(path: string): Understood {
  const diagnostics = new Diagnostics();
  const ast = readAsm({ file: path, text: readFileSync(path, 'utf8') }, x86_64, diagnostics);
  const program = recoverProgram(ast, diagnostics, systemV);
  const stacks = program.functions.map((f) => stackHeights(f, x86_64, systemV));
  return { program, stacks, codes: diagnostics.list.map((d) => d.code) };
}

/** The sections' own symbol tables say which functions there are. */
function typedFunctions(path: string): Set<string> {
  const names = [...readFileSync(path, 'utf8').matchAll(/^\s*\.type\s+([^,\s]+),\s*@function/gm)].map(
    (m) => m[1] ?? '',
  );
  return new Set(names.filter((n) => !n.endsWith('.cold')));
}

const variants: Variant[] = [
  { cc: 'gcc', level: 'O0' },
  { cc: 'gcc', level: 'O2' },
];

describe.each(['lua', 'zlib'])('%s', (name) => {
  const corpus = must(corporaOf([name])[0], 'a corpus');
  const absent = sourceDir(corpus) === undefined;

  test.skipIf(absent).each(variants)(
    '$level: every function is understood',
    async (variant) => {
      let instructions = 0;
      let switches = 0;
      for (const file of await compileCorpus(corpus, variant)) {
        const { program, stacks, codes } = understand(file.path);
        expect(codes, file.path).toEqual([]);
        const found = program.functions.flatMap((f) => [f.name, ...f.aliases]);
        expect(new Set(found.filter((n) => !n.startsWith('.L'))), file.path).toEqual(typedFunctions(file.path));
        for (const stack of stacks) {
          const where = `${file.name}: ${stack.code.name}`;
          // None of these programs uses alloca or variable-length arrays.
          expect(stack, where).toMatchObject({ dynamic: false, balanced: true });
          for (const block of stack.code.blocks) {
            // Without optimisation compilers leave code behind calls that never return.
            const reached = stack.isReached(block.index);
            if (variant.level !== 'O0') expect(reached, `${where}, block ${block.index}`).toBe(true);
            if (block.flow.kind !== 'indirect' || !reached) continue;
            // An indirect jump is a switch or computed goto, or else a call in tail position.
            if (block.successors.length > 0) switches++;
            else expect(stack.heightAt(block.end - 1), where).toBe(0);
          }
          instructions += stack.code.insts.length;
        }
      }
      expect(instructions).toBeGreaterThan(5000);
      expect(switches).toBeGreaterThan(0);
    },
    120_000,
  );
});

test.skipIf(sourceDir(must(corporaOf(['lua'])[0], 'lua')) === undefined)(
  "the computed gotos of lua's interpreter reach all its labels",
  async () => {
    const corpus = must(corporaOf(['lua'])[0], 'lua');
    const files = await compileCorpus(corpus, { cc: 'gcc', level: 'O2' });
    const { program } = understand(
      must(
        files.find((f) => f.name === 'lvm'),
        'lvm',
      ).path,
    );
    const run = must(program.functions[program.functionOf.get('luaV_execute') ?? -1], 'luaV_execute');
    const targets = run.blocks.filter((b) => b.flow.kind === 'indirect').map((b) => new Set(b.indirectTargets).size);
    // One label per opcode (NUM_OPCODES is 83), some of them shared.
    expect(targets.length).toBeGreaterThan(0);
    for (const n of targets) expect(n).toBeGreaterThan(70);
  },
  60_000,
);

const sqlite = must(corporaOf(['sqlite3'])[0], 'sqlite3');
const amalgamation = join(buildDir(sqlite, { cc: 'gcc', level: 'O2' }), 'sqlite3.s');

test.skipIf(!existsSync(amalgamation))(
  'sqlite3: a quarter of a million instructions take seconds',
  () => {
    const { program, stacks, codes } = understand(amalgamation);
    expect(codes).toEqual([]);
    expect(stacks.filter((s) => s.dynamic || !s.balanced).map((s) => s.code.name)).toEqual([]);
    const start = process.cpuUsage().user;
    const summary = summariseProgram(program, defaultCallModel(x86_64));
    const seconds = (process.cpuUsage().user - start) / 1e6;
    expect(summary.functions).toHaveLength(program.functions.length);
    expect(seconds).toBeLessThan(10);
  },
  240_000,
);
