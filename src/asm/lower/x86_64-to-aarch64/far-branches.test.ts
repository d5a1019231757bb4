// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { relaxFarBranches } from './far-branches.ts';

/** Branches to a label with so many instructions between. */
function behind(branch: string, instructions: number): string[] {
  return [`\t${branch}, .Lend`.replace('b.eq,', 'b.eq\t'), ...Array<string>(instructions).fill('\tnop'), '.Lend:'];
}

const relaxed = (lines: string[]): readonly string[] => relaxFarBranches(lines, () => '.Lnear').slice(0, 3);

describe('branches that do not reach', () => {
  test.each([
    ['cbz\tx3', 'cbnz\tx3, .Lnear'],
    ['cbnz\tw3', 'cbz\tw3, .Lnear'],
    ['tbz\tw8, #31', 'tbnz\tw8, #31, .Lnear'],
    ['tbnz\tx8, #0', 'tbz\tx8, #0, .Lnear'],
  ])('%s goes over a branch', (branch, inverse) => {
    expect(relaxed(behind(branch, 300_000))).toEqual([`\t${inverse}`, '\tb\t.Lend', '.Lnear:']);
  });

  test('a condition is inverted', () => {
    const lines = ['\tb.hi\t.Lend', ...Array<string>(300_000).fill('\tnop'), '.Lend:'];
    expect(relaxed(lines)).toEqual(['\tb.ls\t.Lnear', '\tb\t.Lend', '.Lnear:']);
  });

  test('a test reaches less far than a comparison', () => {
    expect(relaxed(behind('tbz\tw8, #31', 8200))[0]).toBe('\ttbnz\tw8, #31, .Lnear');
    expect(relaxed(behind('cbz\tw8', 8200))[0]).toBe('\tcbz\tw8, .Lend');
  });

  test('near ones and those to other functions stay', () => {
    expect(relaxed(behind('tbz\tw8, #31', 8000))[0]).toBe('\ttbz\tw8, #31, .Lend');
    expect(relaxed(['\tcbz\tw8, elsewhere', ...Array<string>(300_000).fill('\tnop')])[0]).toBe('\tcbz\tw8, elsewhere');
  });
});
