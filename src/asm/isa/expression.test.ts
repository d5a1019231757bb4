// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { isExprError, parseExpr, printExpr } from './expression.ts';

/** Reads the whole text and prints what was understood; `rest` is what was left unread. */
function expectExpr(text: string, printed: string, rest = ''): void {
  const r = parseExpr(text, 0);
  expect(isExprError(r) ? r.error : printExpr(r.expr)).toBe(printed);
  expect(isExprError(r) ? '' : text.slice(r.end)).toBe(rest);
}

function expectError(text: string, error: string, at: number): void {
  expect(parseExpr(text, 0)).toEqual({ error, at });
}

function expectNonlinear(text: string, error: string, at: number): void {
  expect(parseExpr(text, 0)).toEqual({ error, at, nonlinear: true });
}

describe('parseExpr', () => {
  test('numbers', () => expectExpr('42', '42'));
  test('hexadecimal', () => expectExpr('0xffffffffffffffff', '18446744073709551615'));
  test('octal', () => expectExpr('017', '15'));
  test('binary', () => expectExpr('0b101', '5'));
  test('a long decimal', () => expectExpr('-9223372036854775808', '-9223372036854775808'));
  test('a character', () => expectExpr("'a'+1", '98'));
  test('a character without its closing quote', () => expectExpr("'a,", '97', ','));
  test('an escaped character', () => expectExpr("'\\n'", '10'));
  test('a sign', () => expectExpr('- -3', '3'));
  test('complement', () => expectExpr('~0', '-1'));
  test('products bind tighter', () => expectExpr('2+3*4', '14'));
  test('GNU as binds | tighter than +', () => expectExpr('1+2|4', '7'));
  test('GNU as binds << as *', () => expectExpr('1<<4-1', '15'));
  test('a shift of constants', () => expectExpr('(1<<20)-1', '1048575'));
  test('a true comparison is minus one', () => expectExpr('3 == 3', '-1'));
  test('a symbol', () => expectExpr('foo', 'foo'));
  test('a symbol and an offset', () => expectExpr('8+foo', 'foo+8'));
  test('a difference', () => expectExpr('.L5-.L3', '.L5-.L3'));
  test('the current place', () => expectExpr('.-main', '.-main'));
  test('differences that cancel', () => expectExpr('(a-b)+(b-c)', 'a-c'));
  test('a negated difference', () => expectExpr('-(a-b-4)', 'b-a+4'));
  test('a quoted symbol', () => expectExpr('"a b"+1', '"a b"+1'));
  test('a quoted symbol that need not be', () => expectExpr('"ab"', 'ab'));
  test('a relocation', () => expectExpr('foo@GOTPCREL(%rip)', 'foo@GOTPCREL', '(%rip)'));
  test('a relocation and an offset', () => expectExpr('foo@tpoff-8(%rax)', 'foo@tpoff-8', '(%rax)'));
  test('a relocation relative to here', () => expectExpr('f@PLT-.', 'f@PLT-.'));
  test('a numeric label', () => expectExpr('1b', '1b'));
  test('zero as a numeric label', () => expectExpr('0b-0f', '0b-0f'));
  test('a register ends it', () => expectExpr('-16(%rbp)', '-16', '(%rbp)'));
  test('a bracket ends it', () => expectExpr('8 ]', '8', ' ]'));
  test('a percent sign is no modulus before a register', () => expectExpr('8 %rax', '8', ' %rax'));
  test('a dollar inside a symbol', () => expectExpr('a$b', 'a$b'));
  test('colon modifiers print as such', () => {
    const r = parseExpr(':lo12:foo+4', 0);
    expect(isExprError(r) ? r : [r.expr, printExpr(r.expr, 'colon')]).toEqual([
      { offset: 4n, plus: 'foo', modifier: 'lo12' },
      ':lo12:foo+4',
    ]);
  });

  test('nothing', () => expectError('', 'expected an expression', 0));
  test('an open parenthesis', () => expectError('(1+2', "expected ')'", 4));
  test('two sums', () => expectNonlinear('a+b', 'more than one symbol is added or subtracted', 1));
  test('a scaled difference', () => expectNonlinear('(a-b)/4', "'/' needs numbers, and here it has a symbol", 5));
  test('a bad octal number', () => expectError('1+089', 'malformed octal number', 2));
  test('a bad number', () => expectError('12ab', 'malformed number', 0));
  test('an open quote', () => expectError('"abc', 'this quoted symbol does not end', 0));
  test('hostile nesting', () => expectError(`${'('.repeat(5000)}`, 'the expression is nested too deeply', 200));
  test('hostile signs', () => expectError(`${'-'.repeat(5000)}1`, 'the expression is nested too deeply', 200));
});
