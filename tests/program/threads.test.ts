// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ThreadEnded, ThreadService } from '../../src/asm/pipeline/threads.ts';
import { DEFAULT_LIMITS } from '../../src/core/budget.ts';

const options = { prover: { cache: false }, limits: DEFAULT_LIMITS };
const text = readFileSync(new URL('../../examples/words.s', import.meta.url), 'utf8');
const lowering = { withStages: false, definedElsewhere: [], features: [] };

test('a thread does the whole work', async () => {
  const thread = new ThreadService(options, { old: 400, young: 48 });
  const read = await thread.open({ file: 'words.s', text }, 'x86_64', 'aarch64');
  expect(read).toMatchObject({ diagnostics: [], functions: 3 });
  const lowered = await thread.lower(lowering);
  const target = { file: 'words.aarch64.s', text: lowered.text };
  const bound = await thread.bind({ target, functions: lowered.functions, refused: [] });
  expect(bound).toEqual({ diagnostics: [], features: [] });
  expect(await thread.findings()).toEqual([]);
  const verdicts = await thread.check([2, 0]);
  expect(verdicts.map((v) => [v.source, v.kind])).toEqual([2, 0].map((i) => [lowered.functions[i]?.source, 'proved']));
  await thread.close();
});

test('what goes wrong in a thread is told', async () => {
  const thread = new ThreadService(options, { old: 400, young: 48 });
  await expect(thread.findings()).rejects.toThrow('bind comes first');
  await thread.close();
});

test('running out of memory ends the thread and nothing else', async () => {
  const thread = new ThreadService(options, { old: 24, young: 6 });
  const huge = `\t.text\n\t.globl f\nf:\n${'\taddq %rsi, %rax\n'.repeat(300_000)}\tret\n`;
  const work = thread.open({ file: 'huge.s', text: huge }, 'x86_64', 'aarch64').then(() => thread.lower(lowering));
  await expect(work).rejects.toThrow(ThreadEnded);
  await expect(thread.findings()).rejects.toThrow(ThreadEnded);
  await thread.abort();
});
