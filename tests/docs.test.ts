// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { SERVED } from '../src/asm/run/libc/kernel.ts';
import { LIBRARY, OBJECTS } from '../src/asm/run/libc/table.ts';
import { ASSUMPTIONS } from '../src/asm/verify/assumptions.ts';
import { evidenceSchema } from '../src/core/evidence.ts';

/** Pages say what is true now: examples are run, generated parts are generated again, and links lead somewhere. */

const root = new URL('../', import.meta.url).pathname;

/** Compares a file with what it should be; with VOUCH_BLESS=1 (`npm run bless`) it is rewritten instead. */
function same(file: string, expected: string): void {
  const path = join(root, file);
  if (process.env.VOUCH_BLESS === '1') writeFileSync(path, expected);
  expect(existsSync(path) ? readFileSync(path, 'utf8') : '').toBe(expected);
}

/** The page with the output below each command of its `console` blocks as it is today. */
function rerun(page: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'vouch-docs-'));
  try {
    cpSync(join(root, 'examples'), folder, { recursive: true });
    const path = `${root}:${process.env.PATH ?? ''}`;
    const env = { ...process.env, PATH: path, XDG_CACHE_HOME: join(folder, '.cache') };
    return page.replace(/(?<=^```console\n)[\s\S]*?(?=^```$)/gm, (block) =>
      block
        .split('\n')
        .filter((line) => line.startsWith('$ '))
        .map((line) => {
          const command = `exec 2>&1; ${line.slice(2)}`;
          const { stdout } = spawnSync('bash', ['-c', command], { cwd: folder, env, encoding: 'utf8' });
          return `${line}\n${timeless(stdout).replace(/\n+$/, '')}\n`;
        })
        .join(''),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Durations differ from run to run. */
const timeless = (text: string): string => text.replace(/checked in [\d.]+ s/g, 'checked in 0.01 s');

test('README shows what the commands really print', () => {
  const page = readFileSync(join(root, 'README.md'), 'utf8');
  const again = rerun(page);
  expect(again).toContain('average is refuted');
  expect(again).toContain('all proved');
  same('README.md', again);
});

test('the schema of evidence', () => {
  same('docs/evidence.schema.json', `${JSON.stringify(z.toJSONSchema(evidenceSchema), undefined, 2)}\n`);
});

test('all assumptions are listed', () => {
  const page = readFileSync(join(root, 'docs/soundness.md'), 'utf8');
  const rows = Object.entries(ASSUMPTIONS).map(([name, explanation]) => `| \`${name}\` | ${explanation} |\n`);
  const table = `| name | what is assumed |\n|---|---|\n${rows.join('')}`;
  same('docs/soundness.md', page.replace(/(?<=^<!-- assumptions.*-->\n)[\s\S]*?(?=^<!-- end -->$)/m, table));
});

test('the functions of the C library are listed', () => {
  const page = readFileSync(join(root, 'docs/embedded.md'), 'utf8');
  const rows = LIBRARY.map(([title, functions]) => {
    const names = Object.keys(functions).sort();
    return `**${title}**: ${names.map((n) => `\`${n}\``).join(', ')}.\n`;
  });
  const objects = [...OBJECTS.keys()].map((n) => `\`${n}\``).join(', ');
  const list = `${rows.join('\n')}\n**Objects**: ${objects}.\n`;
  same('docs/embedded.md', page.replace(/(?<=^<!-- library.*-->\n)[\s\S]*?(?=^<!-- end -->$)/m, list));
});

test('the system calls are listed', () => {
  const page = readFileSync(join(root, 'docs/embedded.md'), 'utf8');
  const list = `${[...SERVED]
    .sort()
    .map((n) => `\`${n}\``)
    .join(', ')}.\n`;
  same('docs/embedded.md', page.replace(/(?<=^<!-- kernel.*-->\n)[\s\S]*?(?=^<!-- end -->$)/m, list));
});

describe('paths', () => {
  const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((f) => `docs/${f}`)].filter((f) =>
    f.endsWith('.md'),
  );
  test.each(pages)('of %s exist', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((m) => join(dirname(page), m[1] ?? ''));
    const code = [...text.matchAll(/`((?:src|tests|docs|examples|scripts|bench)\/[\w./-]+)`/g)].map((m) => m[1] ?? '');
    expect([...links, ...code].filter((f) => !existsSync(join(root, f)))).toEqual([]);
  });
});
