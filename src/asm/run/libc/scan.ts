// SPDX-License-Identifier: MIT
import type { Arguments } from './arguments.ts';
import { readFloat, readInteger } from './numbers.ts';
import type { Process } from './process.ts';

/** `scanf`: ISO C 7.23.6.2, with POSIX's `m`. */

/** Where characters come from. */
export interface Source {
  /** The next character, or -1. */
  next(): number;
  back(c: number): void;
}

const isBlank = (c: number): boolean => c === 32 || (c >= 9 && c <= 13);

/** How many items were read, or -1 where the input ended before the first. */
export function scan(p: Process, source: Source, formatAt: number, args: Arguments): number {
  const text = p.memory.string(formatAt);
  let count = 0;
  let consumed = 0;
  const next = (): number => {
    const c = source.next();
    if (c >= 0) consumed++;
    return c;
  };
  const back = (c: number): void => {
    if (c < 0) return;
    source.back(c);
    consumed--;
  };
  const skipBlanks = (): void => {
    let c = next();
    while (isBlank(c)) c = next();
    back(c);
  };
  let i = 0;
  const char = (): string => String.fromCharCode(text[i] ?? 0);
  while (i < text.length) {
    const f = text[i] ?? 0;
    if (isBlank(f)) {
      skipBlanks();
      i++;
      continue;
    }
    if (f !== 37) {
      const c = next();
      if (c !== f) {
        back(c);
        return c < 0 && count === 0 ? -1 : count;
      }
      i++;
      continue;
    }
    i++;
    const discard = char() === '*';
    if (discard) i++;
    let width = 0;
    for (; char() >= '0' && char() <= '9'; i++) width = width * 10 + Number(char());
    if (width === 0) width = Infinity;
    let length = '';
    while ('hlLqjztm'.includes(char()) && i < text.length) {
      length += char();
      i++;
    }
    const conversion = char();
    i++;
    if (!'c[n'.includes(conversion)) skipBlanks();
    if (conversion === 'n') {
      if (!discard) storeInteger(p, args.size(), length, BigInt(consumed));
      continue;
    }
    if (conversion === '%') {
      const c = next();
      if (c !== 37) {
        back(c);
        return c < 0 && count === 0 ? -1 : count;
      }
      continue;
    }
    if (conversion === 'c' || conversion === 's' || conversion === '[') {
      let accept: (c: number) => boolean = (c) => !isBlank(c);
      if (conversion === 'c') accept = () => true;
      if (conversion === '[') {
        const set = readSet(text, i);
        accept = set.accept;
        i = set.next;
      }
      const most = conversion === 'c' && width === Infinity ? 1 : width;
      const found: number[] = [];
      let c = -1;
      while (found.length < most) {
        c = next();
        if (c < 0 || !accept(c)) {
          back(c);
          break;
        }
        found.push(c);
      }
      if (found.length === 0 || (conversion === 'c' && found.length < most)) return c < 0 && count === 0 ? -1 : count;
      if (discard) continue;
      let at = args.size();
      if (length.includes('m')) {
        const block = p.heap.allocate(found.length + 1);
        p.memory.setPointer(at, block);
        at = block;
      }
      p.memory.write(at, Uint8Array.from(found));
      if (conversion !== 'c') p.memory.setU8(at + found.length, 0);
      count++;
      continue;
    }
    const isFloat = 'aAeEfFgG'.includes(conversion);
    const item = readItem(next, back, width, isFloat, conversion);
    if (item === undefined) {
      const c = next();
      back(c);
      return c < 0 && count === 0 ? -1 : count;
    }
    const at = (k: number): number => item[k] ?? 0;
    if (isFloat) {
      const r = readFloat(at);
      if (r.used === 0) return count;
      if (discard) continue;
      const to = args.size();
      if (length === 'L') throw p.fault('library', `${p.memory.caller}: long double is not supported`);
      p.memory.writableAt(to, length === 'l' ? 8 : 4);
      if (length === 'l') p.memory.view.setFloat64(to, r.value, true);
      else p.memory.view.setFloat32(to, r.value, true);
    } else {
      const r = readInteger(at, conversion === 'i' ? 0 : conversion === 'o' ? 8 : 'xXp'.includes(conversion) ? 16 : 10);
      if (r.used === 0) return count;
      if (discard) continue;
      storeInteger(p, args.size(), conversion === 'p' ? 'l' : length, clamp(r.value, conversion));
    }
    count++;
  }
  return count;
}

function clamp(value: bigint, conversion: string): bigint {
  const signed = conversion === 'd' || conversion === 'i';
  const most = signed ? (1n << 63n) - 1n : (1n << 64n) - 1n;
  if (value > most) return most;
  const least = signed ? -(1n << 63n) : -most;
  return value < least ? least : value;
}

/** The longest run of characters that may be the beginning of a number. */
function readItem(
  next: () => number,
  back: (c: number) => void,
  width: number,
  isFloat: boolean,
  conversion: string,
): number[] | undefined {
  const item: number[] = [];
  while (item.length < width) {
    const c = next();
    const text = c < 0 ? '' : String.fromCharCode(...item, c);
    const fits = isFloat
      ? /^[-+]?(?:0[xX]?[\da-fA-F]*\.?[\da-fA-F]*(?:[pP][-+]?\d*)?|\d*\.?\d*(?:[eE][-+]?\d*)?|[iI][a-zA-Z]{0,7}|[nN][a-zA-Z]{0,2}(?:\(\w*\)?)?)$/.test(
          text,
        )
      : integerPattern(conversion).test(text);
    if (c < 0 || !fits) {
      back(c);
      break;
    }
    item.push(c);
  }
  return item.length === 0 ? undefined : item;
}

function integerPattern(conversion: string): RegExp {
  switch (conversion) {
    case 'i':
      return /^[-+]?(?:0(?:[xX][\da-fA-F]*|[0-7]*)|[1-9]\d*)?$/;
    case 'o':
      return /^[-+]?[0-7]*$/;
    case 'x':
    case 'X':
    case 'p':
      return /^[-+]?(?:0[xX])?[\da-fA-F]*$|^[-+]?0[xX]?$/;
    default:
      return /^[-+]?\d*$/;
  }
}

function storeInteger(p: Process, at: number, length: string, value: bigint): void {
  const bytes = length === 'hh' ? 1 : length === 'h' ? 2 : length === '' ? 4 : 8;
  p.memory.writableAt(at, bytes);
  for (let i = 0; i < bytes; i++) {
    p.memory.bytes.put(at + i, Number((BigInt.asUintN(64, value) >> BigInt(8 * i)) & 255n));
  }
}

function readSet(text: Uint8Array, from: number): { accept: (c: number) => boolean; next: number } {
  let i = from;
  const inverted = text[i] === 94;
  if (inverted) i++;
  const members = new Set<number>();
  let first = true;
  for (; i < text.length && (first || text[i] !== 93); i++, first = false) {
    const c = text[i] ?? 0;
    const to = text[i + 2];
    if (text[i + 1] === 45 && to !== undefined && to !== 93) {
      for (let k = c; k <= to; k++) members.add(k);
      i += 2;
    } else members.add(c);
  }
  return { accept: (c) => members.has(c) !== inverted, next: i + 1 };
}
