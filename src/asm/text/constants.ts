// SPDX-License-Identifier: MIT
import { isExprError, isSymbolPart, isSymbolStart, parseExpr } from '../isa/expression.ts';
import { endOfCharacter, endOfString } from './strings.ts';

/** Names that stand for numbers while GNU as reads: `.set SIZE, 16`, `SIZE = 16`. */
export type Constants = ReadonlyMap<string, bigint>;

/** The number that an expression is when it is read; undefined where it depends on addresses or is malformed. */
export function numberOf(text: string, constants: Constants): bigint | undefined {
  const given = withNumbers(text, constants).trim();
  const r = parseExpr(given, 0);
  if (isExprError(r) || r.end !== given.length) return undefined;
  const { plus, minus, modifier, offset } = r.expr;
  return plus === undefined && minus === undefined && modifier === undefined ? BigInt.asIntN(64, offset) : undefined;
}

/** The text with numbers for constants: not within strings, and not where a relocation (`K@GOT`) speaks of the symbol. */
export function withNumbers(text: string, constants: Constants): string {
  let out = '';
  for (let i = 0; i < text.length; ) {
    const c = text.charCodeAt(i);
    let end = i + 1;
    if (c === 34) end = endOfString(text, i) ?? text.length;
    else if (c === 39) end = endOfCharacter(text, i);
    else if (c === 37 || c === 64 || isSymbolPart(c)) while (isSymbolPart(text.charCodeAt(end))) end++;
    // The `$` of `$SIZE` is no part of the name.
    if (c === 36) end = i + 1;
    const piece = text.slice(i, end);
    const value = isSymbolStart(c) && text.charCodeAt(end) !== 64 ? constants.get(piece) : undefined;
    if (value === undefined) out += piece;
    else out = withNumber(out, value, text.slice(end));
    i = end;
  }
  return out;
}

/** A negative number behind an operator becomes part of it: `a+-4` is nothing that all operands may be. */
function withNumber(before: string, value: bigint, after: string): string {
  const operator = /[-+*/%<>|&^!~]\s*$/.exec(before)?.[0].charAt(0);
  if (value >= 0n || operator === undefined) return `${before}${value}`;
  const head = before.trimEnd().slice(0, -1);
  const alone = /[\w)\]]\s*$/.test(head) && !/^\s*[|&^!]/.test(after);
  if (alone && operator === '+') return `${head}-${-value}`;
  if (alone && operator === '-') return `${head}+${-value}`;
  return `${before}(${value})`;
}
