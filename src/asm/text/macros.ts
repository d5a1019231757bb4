// SPDX-License-Identifier: MIT
import { endOfCharacter, endOfString } from './strings.ts';

/** Macros of GNU as (manual, "Macro"): their parameters, the arguments of a call, and the body with these put in. */

export interface Parameter {
  readonly name: string;
  readonly initial: string;
  readonly required: boolean;
  /** Takes the rest of the call, commas and all. */
  readonly rest: boolean;
}

export interface Macro {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly string[];
}

const NAME = /^[A-Za-z_.$][\w.$]*/;

/** What stands behind `.macro`: the name and the parameters; a message where it is malformed. */
export function readHeader(text: string): Omit<Macro, 'body'> | string {
  const given = scrubbed(text);
  const name = NAME.exec(given)?.[0];
  if (name === undefined) return "'.macro' needs a name";
  let at = afterComma(given, name.length);
  const bracketed = given[at] === '(' && given.endsWith(')');
  const list = bracketed ? given.slice(at + 1, -1) : given;
  if (bracketed) at = 0;
  const parameters: Parameter[] = [];
  while (at < list.length) {
    const found = NAME.exec(list.slice(at))?.[0];
    if (found === undefined) return `'${list.slice(at)}' is no parameter of a macro`;
    at += found.length;
    const qualifier = /^ ?: ?(req|vararg)\b/i.exec(list.slice(at));
    at += qualifier?.[0].length ?? 0;
    const kind = qualifier?.[1]?.toLowerCase();
    let initial = '';
    const equals = /^ ?= ?/.exec(list.slice(at));
    if (equals !== null) [initial, at] = argument(list, at + equals[0].length);
    if (parameters.some((p) => p.name === found)) return `the macro has two parameters '${found}'`;
    parameters.push({ name: found, initial, required: kind === 'req', rest: kind === 'vararg' });
    at = afterComma(list, at);
  }
  return { name, parameters };
}

/** The values of a macro's parameters in a call with these arguments; a message where they do not fit. */
export function readCall(macro: Macro, text: string): ReadonlyMap<string, string> | string {
  const given = scrubbed(text);
  const values = new Map<string, string>();
  let next = 0;
  let at = 0;
  while (at < given.length) {
    const keyword = /^([A-Za-z_.$][\w.$]*)=(?!=)/.exec(given.slice(at))?.[1];
    const named = macro.parameters.find((p) => p.name === keyword);
    const parameter = named ?? macro.parameters[next];
    if (parameter === undefined) return `'${macro.name}' takes ${macro.parameters.length} arguments and is given more`;
    if (named === undefined) next++;
    else at += named.name.length + 1;
    let value: string;
    if (parameter.rest) [value, at] = [given.slice(at), given.length];
    else [value, at] = argument(given, at);
    values.set(parameter.name, value);
    at = afterComma(given, at);
  }
  for (const p of macro.parameters) {
    if (p.required && (values.get(p.name) ?? '') === '') return `'${macro.name}' needs a value for '${p.name}'`;
    if ((values.get(p.name) ?? '') === '') values.set(p.name, p.initial);
  }
  return values;
}

/** What stands behind `.irp`: a name and the values that it takes one after another. */
export function readIteration(text: string, characters: boolean): { name: string; values: string[] } | string {
  const given = scrubbed(text);
  const name = NAME.exec(given)?.[0];
  if (name === undefined) return 'a repetition for values needs a name';
  let at = afterComma(given, name.length);
  if (characters) {
    const all = given.slice(at).replaceAll('"', '');
    return { name, values: all === '' ? [''] : [...all] };
  }
  const values: string[] = [];
  while (at < given.length) {
    const [value, end] = argument(given, at);
    values.push(value);
    at = afterComma(given, end);
  }
  return { name, values: values.length === 0 ? [''] : values };
}

/** The body with values for its parameters: `\name`, `\@` for the number of the call, `\()` for nothing. */
export function withValues(
  body: readonly string[],
  values: ReadonlyMap<string, string>,
  count: number | undefined,
): string[] {
  return body.map((line) =>
    line.includes('\\')
      ? line.replace(/\\(?:\(([^)]*)\)|@|[A-Za-z_.$][\w.$]*)/g, (match, literal: string | undefined) => {
          if (literal !== undefined) return literal;
          if (match === '\\@') return count === undefined ? match : String(count);
          return values.get(match.slice(1)) ?? match;
        })
      : line,
  );
}

/** One argument: up to a comma, or to a blank outside of brackets; a string is taken without its quotes. */
function argument(text: string, from: number): [value: string, end: number] {
  if (text[from] === '"') {
    const end = endOfString(text, from) ?? text.length;
    return [text.slice(from + 1, end - 1), end];
  }
  let depth = 0;
  let i = from;
  for (; i < text.length; i++) {
    const c = text[i];
    if (c === ',' || (c === ' ' && depth === 0)) break;
    if (c === '"') i = (endOfString(text, i) ?? text.length) - 1;
    else if (c === '(' || c === '[') depth++;
    else if ((c === ')' || c === ']') && depth > 0) depth--;
  }
  return [text.slice(from, i), i];
}

function afterComma(text: string, from: number): number {
  let at = from;
  if (text[at] === ' ') at++;
  if (text[at] === ',') at++;
  if (text[at] === ' ') at++;
  return at;
}

/**
 * The text as GNU as sees it when it looks for arguments: one blank where two words or what may begin an operand meet,
 * none elsewhere, and characters as numbers.
 */
function scrubbed(text: string): string {
  let out = '';
  let blank = false;
  for (let i = 0; i < text.length; ) {
    const c = text.charAt(i);
    if (c === ' ' || c === '\t' || c === '\r') {
      blank = true;
      i++;
      continue;
    }
    let end = i + 1;
    let piece = c;
    if (c === '"') {
      end = endOfString(text, i) ?? text.length;
      piece = text.slice(i, end);
    } else if (c === "'" && text[i + 1] !== undefined && text[i + 1] !== '\\') {
      end = endOfCharacter(text, i);
      piece = String(text.charCodeAt(i + 1));
    }
    if (blank && out !== '' && /[\w.$*%\-([{}"\\]$/.test(out) && /^[\w.$*%\-([{}"\\]/.test(c === "'" ? '0' : c))
      out += ' ';
    out += piece;
    blank = false;
    i = end;
  }
  return out;
}
