// SPDX-License-Identifier: MIT
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run, withFolder } from '../../scripts/process.ts';
import { emulated, linkNative, linkTarget, missingTools, translateFile } from '../../scripts/translation.ts';
import { must } from '../../src/base/assert.ts';
import { CARRIED_TO } from '../support/targets.ts';

/** A function of more code than jumps of any target reach over: a loop around it, a way out of it and a way into its middle. */

const COPIES = 90_000;
const half = Array.from({ length: COPIES / 2 }, (_, i) => `\timull\t$${123_457 + 2 * i}, %eax, %eax\n`).join('');
const SOURCE = `
	.globl	main
	.type	main, @function
main:
	movl	$5, %ecx
	movl	%edi, %eax
.Lagain:
	subl	$1, %ecx
	js	.Lend
	je	.Lmiddle
${half}
.Lmiddle:
	addl	$3, %eax
${half}
	jmp	.Lagain
.Lend:
	shrl	$11, %eax
	andl	$127, %eax
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
`;

const missing = await missingTools();

describe.skipIf(missing.length > 0).each(CARRIED_TO)('a function of more than 1 MiB, to %s', (to) => {
  test('does what it did', { timeout: 300_000 }, () =>
    withFolder(async (folder) => {
      const source = join(folder, 'large.s');
      writeFileSync(source, SOURCE);
      const { target, complaints } = await translateFile(source, { to, check: false });
      expect(complaints).toEqual([]);
      const [native, translated] = [join(folder, 'native'), join(folder, 'translated')];
      await linkNative([source], native, []);
      await linkTarget(to, [must(target, 'a translation')], translated, []);
      const expected = await run([native], { cwd: folder });
      expect(expected.status).toBeGreaterThan(0);
      expect((await run(emulated(to, translated, 'large'), { cwd: folder })).status).toBe(expected.status);
    }),
  );
});
