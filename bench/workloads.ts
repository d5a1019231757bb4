// SPDX-License-Identifier: MIT
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A run of a corpus's program that takes long enough to be timed. */
export interface Workload {
  readonly name: string;
  readonly corpus: string;
  readonly program: string;
  readonly args: readonly string[];
  /** `{bzip2}` is the folder of that corpus's package, which has sample files. */
  readonly stdin?: string;
  /** How often the input is repeated, so that starting up does not count; once when absent. */
  readonly times?: number;
}

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const test = (path: string): string => join(ROOT, 'tests/corpora', path);

export const WORKLOADS: readonly Workload[] = [
  { name: 'lua work', corpus: 'lua', program: 'lua', args: [join(ROOT, 'bench/inputs/work.lua')] },
  { name: 'lua games', corpus: 'lua', program: 'lua', args: [test('lua/game.lua')] },
  { name: 'zlib -6', corpus: 'zlib', program: 'minigzip', args: ['-6'], stdin: '{bzip2}/manual.ps', times: 8 },
  { name: 'zlib -9', corpus: 'zlib', program: 'minigzip', args: ['-9'], stdin: '{bzip2}/manual.pdf', times: 20 },
  { name: 'bzip2 -9', corpus: 'bzip2', program: 'bzip2', args: ['-9'], stdin: '{bzip2}/sample3.ref', times: 60 },
  { name: 'bzip2 -1', corpus: 'bzip2', program: 'bzip2', args: ['-1'], stdin: '{bzip2}/manual.ps' },
  { name: 'bzip2 -d', corpus: 'bzip2', program: 'bzip2', args: ['-d'], stdin: '{bzip2}/sample2.bz2', times: 60 },
  {
    name: 'sqlite changes',
    corpus: 'sqlite3',
    program: 'sqlite3',
    args: [':memory:'],
    stdin: test('sqlite3/changes.sql'),
  },
  {
    name: 'sqlite work',
    corpus: 'sqlite3',
    program: 'sqlite3',
    args: [':memory:'],
    stdin: join(ROOT, 'bench/inputs/work.sql'),
  },
];
