// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildDir, compileCorpus, corporaOf, sourceDir } from '../scripts/corpora.ts';
import { filesOf } from '../scripts/corpora-list.ts';
import { run, runOrFail, withFolder } from '../scripts/process.ts';
import { linkNative } from '../scripts/translation.ts';
import { must } from '../src/base/assert.ts';
import { WORKLOADS } from './workloads.ts';

/** The machine within vouch next to the processor and to QEMU, on x86-64 programs that gcc compiled. */

export interface MachineFigures {
  readonly program: string;
  /** Processor seconds with starting and compiling, the least of all rounds. */
  readonly native: number;
  readonly qemu: number;
  readonly vouch: number;
  /** Instructions that the program carries out. */
  readonly instructions: number;
  readonly same: boolean;
}

interface Program {
  readonly name: string;
  readonly files: readonly string[];
  readonly libraries: readonly string[];
  readonly args: readonly string[];
  /** Files that the program reads by name. */
  readonly reads: readonly string[];
  readonly stdin: Buffer;
}

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const INPUTS = join(ROOT, 'bench/inputs');
const NOTHING = Buffer.alloc(0);

/** The loops in `bench/inputs`, and the workloads of these corpora. */
async function programs(folder: string, level: string, corpora: readonly string[]): Promise<Program[]> {
  const list: Program[] = [];
  for (const file of readdirSync(INPUTS).filter((f) => f.endsWith('.c'))) {
    const assembly = join(folder, file.replace(/c$/, 's'));
    await runOrFail(['gcc', `-${level}`, '-S', join(INPUTS, file), '-o', assembly]);
    list.push({ name: file, files: [assembly], libraries: [], args: [], reads: [], stdin: NOTHING });
  }
  if (corpora.length === 0) return list;
  const packages = must(sourceDir(must(corporaOf(['bzip2'])[0], 'bzip2')), 'bzip2 is there');
  for (const corpus of corporaOf(corpora)) {
    const variant = { cc: 'gcc', level } as const;
    const files = await compileCorpus(corpus, variant);
    for (const w of WORKLOADS.filter((workload) => workload.corpus === corpus.name)) {
      const program = must(
        corpus.programs.find((p) => p.name === w.program),
        w.program,
      );
      const used = filesOf(corpus, program).map((name) =>
        must(files.find((f) => f.name === name)?.path, `${buildDir(corpus, variant)}`),
      );
      const input = w.stdin === undefined ? NOTHING : readFileSync(w.stdin.replace('{bzip2}', packages));
      const stdin = Buffer.concat(Array.from({ length: w.times ?? 1 }, () => input));
      const reads = w.args.filter((a) => a.startsWith('/'));
      list.push({ name: w.name, files: used, libraries: program.libraries, args: w.args, reads, stdin });
    }
  }
  return list;
}

/** Measures each program `rounds` times in each of the three ways, in turn. */
export function measureMachine(level: string, rounds: number, corpora: readonly string[]): Promise<MachineFigures[]> {
  return withFolder(async (folder) => {
    const figures: MachineFigures[] = [];
    for (const p of await programs(folder, level, corpora)) {
      const binary = join(folder, 'native');
      await linkNative(p.files, binary, p.libraries);
      const files = p.reads.flatMap((f) => ['--file', f]);
      const ways = {
        native: [binary, ...p.args],
        qemu: ['qemu-x86_64', binary, ...p.args],
        vouch: [join(ROOT, 'vouch'), 'run', ...p.files, ...files, '--', ...p.args],
      };
      const best = { native: Infinity, qemu: Infinity, vouch: Infinity };
      const outputs = new Set<string>();
      for (let round = 0; round < rounds; round++) {
        for (const way of ['native', 'qemu', 'vouch'] as const) {
          const { seconds, output } = await timed(ways[way], p.stdin);
          best[way] = Math.min(best[way], seconds);
          outputs.add(output);
        }
      }
      const [vouch = '', command = '', ...rest] = ways.vouch;
      const counted = await runOrFail([vouch, command, '--count', ...rest], { stdin: p.stdin, seconds: 600 });
      const instructions = Number(/(\d+) {2}instructions/.exec(counted.stderr.toString())?.[1]);
      figures.push({ program: p.name, ...best, instructions, same: outputs.size === 1 });
    }
    return figures;
  });
}

/** Runs a command under the shell, which tells its processor time: others on the machine disturb it least. */
export async function timed(
  command: readonly string[],
  stdin: Buffer,
): Promise<{ readonly seconds: number; readonly output: string }> {
  const o = await run(['bash', '-c', 'TIMEFORMAT="%U %S"; time "$@" 2>/dev/null', 'bash', ...command], {
    stdin,
    seconds: 600,
  });
  const parts = o.stderr.toString().trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  return { seconds: parts.reduce((a, b) => a + b, 0), output: o.stdout.toString('latin1') };
}
