// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import type { Diagnostic } from './diagnostic.ts';
import { formatDiagnostic, formatDiagnostics } from './format-diagnostic.ts';

const text = `nop\r\n\tfoo\t%eax, 4\n${'x'.repeat(200)}!${'y'.repeat(200)}\n\u001b[31m red\n`;
const sources = [{ file: 'a.s', text }];

function at(line: number, column: number, endColumn: number, notes?: string[]): Diagnostic {
  const span = { file: 'a.s', line, column, endColumn };
  const d = { severity: 'error', kind: 'input', code: 'V0101', message: 'oh', span } as const;
  return notes === undefined ? d : { ...d, notes };
}

test('a place, a line, a caret and notes', () =>
  expect(formatDiagnostic(at(1, 1, 4, ['because', 'do this']), { sources })).toBe(
    'a.s:1:1: error V0101: oh\n    nop\n    ^~~\n  note: because\n  note: do this',
  ));
test('tabs line up', () =>
  expect(formatDiagnostic(at(2, 6, 10), { sources })).toBe(
    'a.s:2:6: error V0101: oh\n            foo     %eax, 4\n                    ^~~~',
  ));
test('long lines are cut', () => {
  const [, line, caret] = formatDiagnostic(at(3, 201, 202), { sources }).split('\n');
  expect(line?.length).toBe(4 + 3 + 120 + 3);
  expect(line?.charAt(caret?.indexOf('^') ?? 0)).toBe('!');
});
test('a caret behind the end', () =>
  expect(formatDiagnostic(at(1, 9, 9), { sources })).toBe('a.s:1:9: error V0101: oh\n    nop\n       ^'));
test('control characters are not passed on', () =>
  expect(formatDiagnostic(at(4, 1, 2), { sources })).toBe('a.s:4:1: error V0101: oh\n    \ufffd[31m red\n    ^'));
test('a whole file', () => expect(formatDiagnostic(at(1, 1, 1), { sources })).toBe('a.s:1:1: error V0101: oh'));
test('no source text', () => expect(formatDiagnostic(at(1, 1, 4))).toBe('a.s:1:1: error V0101: oh'));
test('no place', () =>
  expect(formatDiagnostic({ severity: 'note', kind: 'input', code: 'V0301', message: 'hm' })).toBe('note V0301: hm'));
test('a line that is not there', () =>
  expect(formatDiagnostic(at(99, 1, 2), { sources })).toBe('a.s:99:1: error V0101: oh'));
test('colours only when asked', () =>
  expect(formatDiagnostic(at(9, 1, 2), { color: true })).toBe(
    '\u001b[1ma.s:9:1: \u001b[0m\u001b[1;31merror V0101:\u001b[0m oh',
  ));
test('several, counted', () =>
  expect(formatDiagnostics([at(9, 1, 2), at(9, 2, 3)])).toBe(
    'a.s:9:1: error V0101: oh\na.s:9:2: error V0101: oh\n2 errors',
  ));
