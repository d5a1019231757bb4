// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The linter guards the arrows between rooms; whether it really does is seen by planting imports against them. */

const root = new URL('../', import.meta.url).pathname;
let copy = '';

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'vouch-boundaries-'));
  cpSync(join(root, 'biome.jsonc'), join(copy, 'biome.jsonc'));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** What the linter says of a file with one import. */
function lint(file: string, specifier: string): string {
  const path = join(copy, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `import { x } from '${specifier}';\n\nexport const y = x;\n`);
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'lint', '--colors=off', file];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' });
  rmSync(path);
  return stdout + stderr;
}

const FORBIDDEN: readonly (readonly [file: string, specifier: string])[] = [
  ['src/base/a.ts', '../core/verdict.ts'],
  ['src/base/a.ts', 'node:fs'],
  ['src/core/a.ts', '../logic/term.ts'],
  ['src/core/a.ts', '../asm/isa/isa.ts'],
  ['src/logic/a.ts', '../asm/isa/isa.ts'],
  ['src/logic/a.ts', 'node:fs'],
  ['src/logic/solvers/process.ts', '../../asm/isa/isa.ts'],
  ['src/asm/isa/a.ts', '../text/ast.ts'],
  ['src/asm/isa/x86_64/a.ts', '../aarch64/index.ts'],
  ['src/asm/isa/aarch64/insts/a.ts', '../../x86_64/index.ts'],
  ['src/asm/isa/x86_64/a.ts', '../../program/types.ts'],
  ['src/asm/text/a.ts', '../program/types.ts'],
  ['src/asm/program/a.ts', '../abi/pair.ts'],
  ['src/asm/abi/a.ts', '../verify/context.ts'],
  ['src/asm/lower/x86_64-to-aarch64/a.ts', '../../verify/context.ts'],
  ['src/asm/lower/a.ts', '../pipeline/translate.ts'],
  ['src/asm/verify/a.ts', '../lower/x86_64-to-aarch64/file.ts'],
  ['src/asm/verify/a.ts', '../guess/chat.ts'],
  ['src/asm/verify/a.ts', '../pipeline/translate.ts'],
  ['src/asm/verify/a.ts', 'node:path'],
  ['src/asm/run/a.ts', '../abi/pair.ts'],
  ['src/asm/run/libc/a.ts', '../../verify/context.ts'],
  ['src/asm/run/a.ts', '../test/inputs.ts'],
  ['src/asm/run/a.ts', '../pipeline/translate.ts'],
  ['src/asm/test/a.ts', '../abi/pair.ts'],
  ['src/asm/test/a.ts', '../verify/context.ts'],
  ['src/asm/test/a.ts', '../pipeline/translate.ts'],
  ['src/asm/test/a.ts', 'node:fs'],
  ['src/asm/verify/a.ts', '../test/explore.ts'],
  ['src/asm/verify/a.ts', '../run/machine.ts'],
  ['src/asm/lower/a.ts', '../run/machine.ts'],
  ['src/report/a.ts', '../asm/verify/context.ts'],
  ['src/report/a.ts', '../cli/main.ts'],
];

test.each(FORBIDDEN)('%s must not import %s', (file, specifier) => {
  expect(lint(file, specifier)).toContain('noRestrictedImports');
});

const ALLOWED: readonly (readonly [file: string, specifier: string])[] = [
  ['src/core/a.ts', '../base/assert.ts'],
  ['src/logic/solvers/process.ts', 'node:child_process'],
  ['src/asm/verify/a.ts', '../abi/pair.ts'],
  ['src/asm/verify/a.test.ts', '../lower/x86_64-to-aarch64/file.ts'],
  ['src/asm/test/a.ts', '../run/machine.ts'],
  ['src/asm/pipeline/a.ts', '../test/explore.ts'],
  ['src/asm/pipeline/a.ts', '../lower/x86_64-to-aarch64/file.ts'],
];

test.each(ALLOWED)('%s may import %s', (file, specifier) => {
  expect(lint(file, specifier)).not.toContain('noRestrictedImports');
});
