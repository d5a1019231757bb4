// SPDX-License-Identifier: MIT

/**
 * The bytes of a string argument as GNU as reads it (`"a\tb\0" "c"`: neighbours join), without any final zero;
 * undefined where the argument is not a string. Characters outside ASCII stand for their UTF-8 bytes.
 */
export function stringBytes(arg: string): Uint8Array | undefined {
  const out: number[] = [];
  let i = 0;
  let seen = false;
  for (;;) {
    while (isBlank(arg.charCodeAt(i))) i++;
    if (i >= arg.length) return seen ? Uint8Array.from(out) : undefined;
    if (arg.charCodeAt(i) !== QUOTE) return undefined;
    const end = readString(arg, i + 1, out);
    if (end === undefined) return undefined;
    i = end;
    seen = true;
  }
}

/** A symbol argument without its quotes: `"a b"` and `ab` alike. */
export function symbolName(arg: string): string {
  if (arg.charCodeAt(0) !== QUOTE || arg.charCodeAt(arg.length - 1) !== QUOTE || arg.length < 2) return arg;
  return arg.slice(1, -1).replace(/\\(.)/g, '$1');
}

/** The index just behind the string that begins at `from`, or undefined where its line or the text ends first. */
export function endOfString(text: string, from: number): number | undefined {
  for (let i = from + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) return i + 1;
    if (c === NEWLINE) return undefined;
    if (c === BACKSLASH && text.charCodeAt(++i) === NEWLINE) return undefined;
  }
  return undefined;
}

/** The index just behind the character constant that begins at `from`: `'a`, `'a'`, `'\n'`, `'''`. */
export function endOfCharacter(text: string, from: number): number {
  let i = from + 1;
  if (text.charCodeAt(i) === NEWLINE || i >= text.length) return i;
  if (text.charCodeAt(i) === BACKSLASH) i++;
  i++;
  return text.charCodeAt(i) === APOSTROPHE ? i + 1 : i;
}

/** The arguments of a directive: `text` split at the commas outside strings and brackets, trimmed; none when blank. */
export function splitArgs(text: string): string[] {
  const args: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) i = (endOfString(text, i) ?? text.length) - 1;
    else if (c === APOSTROPHE) i = endOfCharacter(text, i) - 1;
    else if (c === 40 || c === 91 || c === 123) depth++;
    else if (c === 41 || c === 93 || c === 125) depth--;
    else if (c === 44 && depth <= 0) {
      args.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  const last = text.slice(start).trim();
  if (args.length > 0 || last !== '') args.push(last);
  return args;
}

const QUOTE = 34;
const APOSTROPHE = 39;
const BACKSLASH = 92;
const NEWLINE = 10;
const ESCAPES: ReadonlyMap<string, number> = new Map([
  ['b', 8],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
]);
const UTF8 = new TextEncoder();

function readString(text: string, from: number, out: number[]): number | undefined {
  let i = from;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) return i + 1;
    if (c === BACKSLASH) i = readEscape(text, i + 1, out);
    else if (c < 128) {
      out.push(c);
      i++;
    } else {
      const character = String.fromCodePoint(text.codePointAt(i) ?? 0xfffd);
      out.push(...UTF8.encode(character));
      i += character.length;
    }
  }
  return undefined;
}

/** Octal escapes have at most three digits, hexadecimal ones any number, of which the last byte counts. */
function readEscape(text: string, from: number, out: number[]): number {
  const c = text.charAt(from);
  let i = from;
  let value = 0;
  if (c >= '0' && c <= '7') {
    while (i < from + 3 && text.charAt(i) >= '0' && text.charAt(i) <= '7') value = value * 8 + Number(text.charAt(i++));
    out.push(value & 255);
    return i;
  }
  if (c === 'x' || c === 'X') {
    i++;
    while (/^[0-9a-fA-F]$/.test(text.charAt(i))) value = (value * 16 + Number.parseInt(text.charAt(i++), 16)) & 255;
    out.push(value);
    return i;
  }
  out.push(ESCAPES.get(c) ?? text.charCodeAt(from) & 255);
  return from + 1;
}

function isBlank(c: number): boolean {
  return c === 32 || c === 9;
}
