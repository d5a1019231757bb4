// SPDX-License-Identifier: MIT
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/source.ts';
import { type ExprError, isExprError, isPlainSymbol, parseExpr } from '../isa/expression.ts';
import type { Dialect, Isa } from '../isa/isa.ts';
import type { Expr } from '../isa/operand.ts';
import { DIRECTIVES, type DirectiveInfo, type DirectiveKind } from './directives.ts';
import { stringBytes } from './strings.ts';

/**
 * The values of a data directive: undefined where an argument is right but not linear in its symbols. `statement` is
 * the text that `span` covers; it gives the column of an error.
 */
export function readValues(
  args: readonly string[],
  span: Span,
  statement: string,
): readonly (Expr | undefined)[] | Diagnostic {
  const values: (Expr | undefined)[] = [];
  for (const arg of args) {
    const small = smallNumber(arg);
    if (small !== undefined) {
      values.push(small);
      continue;
    }
    const r = parseExpr(arg, 0);
    if (!isExprError(r) && r.end === arg.length) values.push(r.expr);
    else if (isExprError(r) && r.nonlinear) values.push(undefined);
    else return malformed(arg, isExprError(r) ? r : trailing(arg, r.end), span, statement);
  }
  return values;
}

/** Known spellings with other separators than the usual ones, made usual. */
export function normaliseArgs(info: DirectiveInfo, args: string[]): string[] {
  const first = args[0];
  if (info.name !== '.type' || args.length !== 1 || first === undefined) return args;
  const split = /^("(?:[^"\\]|\\.)*"|[^\s"]+)\s+(\S+)$/.exec(first);
  return split?.[1] === undefined || split[2] === undefined ? args : [split[1], split[2]];
}

/** What is wrong with the arguments of a directive that takes other things than whole numbers, if anything. */
export function checkArgs(
  info: DirectiveInfo,
  args: readonly string[],
  span: Span,
  statement: string,
): Diagnostic | undefined {
  if (args.length < info.minArgs || args.length > info.maxArgs) return wrongCount(info, args.length, span);
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    const sort = sortOf(info, i);
    if (sort === undefined || SORTS[sort](arg)) continue;
    return malformed(arg, { error: `expected a ${sort}`, at: 0 }, span, statement);
  }
  return undefined;
}

/** Whether a text is an expression that GNU as may read, whatever its value. */
export function isValue(text: string): boolean {
  const r = parseExpr(text, 0);
  return isExprError(r) ? r.nonlinear === true : r.end === text.length;
}

/** What sort of argument a directive takes at a position; undefined where anything goes. */
function sortOf(info: DirectiveInfo, position: number): keyof typeof SORTS | undefined {
  if (position > 0 && info.name === '.size') return 'value';
  if (position > 0 && (info.name === '.type' || info.name === '.symver')) return 'word';
  const sorts = ARGUMENTS[info.kind];
  return sorts?.[Math.min(position, sorts.length - 1)];
}

const SORTS = {
  value: isValue,
  'value or nothing': (arg: string) => arg === '' || isValue(arg),
  symbol: (arg: string) => isPlainSymbol(arg) || /^"(?:[^"\\]|\\.)+"$/.test(arg),
  string: (arg: string) => stringBytes(arg) !== undefined,
  // `@function`, `"function"`, `f@@VERSION`
  word: (arg: string) => /^[^\s"'()[\]{}]+$|^"[^"\\]*"$/.test(arg),
  'floating-point number': (arg: string) => /^[-+]?(?:0[fFdDrR])?[-+]?[\w.]+(?:[-+]\d+)?$/.test(arg),
};

/** What the first and each further argument must be, by the kind of directive. */
const ARGUMENTS: { readonly [K in DirectiveKind]?: readonly (keyof typeof SORTS)[] } = {
  float: ['floating-point number'],
  leb: ['value'],
  string: ['string'],
  fill: ['value or nothing'],
  align: ['value or nothing'],
  symbol: ['symbol'],
  common: ['symbol', 'value'],
  assign: ['symbol', 'value'],
};

function wrongCount(info: DirectiveInfo, count: number, span: Span): Diagnostic {
  const { minArgs, maxArgs } = info;
  const wanted =
    minArgs === maxArgs ? `${minArgs}` : maxArgs === Infinity ? `at least ${minArgs}` : `${minArgs} to ${maxArgs}`;
  const message = `'${info.name}' takes ${wanted} argument${/\b1$/.test(wanted) ? '' : 's'}, and here it has ${count}`;
  return { severity: 'error', kind: 'input', code: 'V0112', message, span };
}

export function unknownDirective(name: string, span: Span): Diagnostic {
  const near = nearest(name.toLowerCase());
  const message = `unknown directive '${name}'`;
  const notes = near === undefined ? {} : { notes: [`did you mean '${near}'?`] };
  return { severity: 'error', kind: 'input', code: 'V0104', message, span, ...notes };
}

/** The dialect after `.intel_syntax` or `.att_syntax`. */
export function syntaxChange(info: DirectiveInfo, args: readonly string[], isa: Isa, span: Span): Dialect | Diagnostic {
  const dialect = info.name === '.intel_syntax' ? 'intel' : 'att';
  const usual = dialect === 'intel' ? 'noprefix' : 'prefix';
  const message = `'${[info.name, ...args].join(' ')}' is not supported`;
  if (!isa.dialects.includes(dialect)) {
    const notes = ['this directive belongs to x86 assembly'];
    return { severity: 'error', kind: 'input', code: 'V0113', message, span, notes };
  }
  if ((args[0] ?? 'prefix') === usual) return dialect;
  const notes = [`write registers as '${info.name} ${usual}' wants them, and say so`];
  return { severity: 'error', kind: 'unsupported', code: 'V0201', message, span, notes };
}

/** Most data are small decimal numbers; they need no parser. */
function smallNumber(arg: string): Expr | undefined {
  const { length } = arg;
  if (length === 0 || length > 9) return undefined;
  let value = 0;
  for (let i = 0; i < length; i++) {
    const digit = arg.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return length > 1 && arg.charCodeAt(0) === 48 ? undefined : { offset: BigInt(value) };
}

function trailing(arg: string, end: number): ExprError {
  let at = end;
  while (arg.charAt(at) === ' ' || arg.charAt(at) === '\t') at++;
  return { error: 'unexpected text after the value', at };
}

function malformed(arg: string, error: ExprError, span: Span, statement: string): Diagnostic {
  const index = arg === '' ? -1 : statement.indexOf(arg);
  const where =
    index < 0 ? span : { ...span, column: span.column + index + error.at, endColumn: span.column + index + arg.length };
  const inside = where.endColumn > where.column ? where : { ...where, endColumn: where.column + 1 };
  return { severity: 'error', kind: 'input', code: 'V0111', message: `malformed value: ${error.error}`, span: inside };
}

/** The known name at a distance of at most two edits; of equals, the first. */
function nearest(name: string): string | undefined {
  let best: string | undefined;
  let bestDistance = 3;
  for (const [known, info] of DIRECTIVES) {
    if (info.kind === 'refused' || Math.abs(known.length - name.length) >= bestDistance) continue;
    const d = distance(known, name);
    if (d < bestDistance && d * 3 <= name.length) {
      best = known;
      bestDistance = d;
    }
  }
  return best;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
