// SPDX-License-Identifier: MIT
import { type Functions, int } from './define.ts';
import { fromLatin1 } from './memory.ts';
import type { Process } from './process.ts';

/** <getopt.h>, with arguments put in order and long names cut short, as GNU's does it. */

/** Where `getopt` stands between two calls. */
export interface OptionState {
  /** The next letter of an argument with several; 0 where a new one begins. */
  letter: number;
  /** `optind` as it was left. */
  index: number;
  /** Arguments that are no options and were passed over: from the first, up to the second. They change places with options
   * behind them at the next call. */
  first: number;
  last: number;
}

export const START_OF_OPTIONS: Readonly<OptionState> = { letter: 0, index: 1, first: 1, last: 1 };

interface LongOption {
  readonly name: string;
  /** 0 none, 1 one, 2 one behind `=` or none. */
  readonly takes: number;
  readonly flag: number;
  readonly value: number;
  readonly index: number;
}

const PROBLEM = '?'.charCodeAt(0);
const COLON = ':'.charCodeAt(0);

/** One call: the program's arguments and options, and the objects in which it says what it has found. */
class Getopt {
  private readonly p: Process;
  private readonly count: number;
  private readonly list: number;
  private readonly letters: string;
  private readonly quiet: boolean;
  private readonly order: 'moved' | 'kept' | 'given';
  private readonly longs: readonly LongOption[];
  private readonly longIndex: number;

  constructor(p: Process, count: number, list: number, letters: string, longs: number, longIndex: number) {
    this.p = p;
    this.count = count;
    this.list = list;
    this.order = letters.startsWith('+') ? 'kept' : letters.startsWith('-') ? 'given' : 'moved';
    this.letters = this.order === 'moved' ? letters : letters.slice(1);
    this.quiet = this.letters.startsWith(':');
    this.longs = longs === 0 ? [] : longOptions(p, longs);
    this.longIndex = longIndex;
  }

  next(): number {
    const { p } = this;
    const { options } = p;
    const index = this.get('optind') ?? options.index;
    if (index === 0) Object.assign(options, START_OF_OPTIONS);
    else options.index = index;
    this.setText(0);
    const found = options.letter === 0 ? this.begin() : this.short();
    this.set('optind', options.index);
    return found;
  }

  private argument(index: number): number {
    return index < this.count ? this.p.memory.pointer(this.list + 8 * index) : 0;
  }

  private textAt(index: number): string {
    return this.p.memory.text(this.argument(index));
  }

  /** Lets the options that were taken since change places with what was passed over before them. */
  private exchange(): void {
    const { p } = this;
    const { options } = p;
    const { first, last, index } = options;
    const words = [...range(last, index), ...range(first, last)].map((i) => this.argument(i));
    for (const [i, word] of words.entries()) p.memory.setPointer(this.list + 8 * (first + i), word);
    options.first += index - last;
    options.last = index;
  }

  /** Takes the next argument that is an option. */
  private begin(): number {
    const { options } = this.p;
    options.last = Math.min(options.last, options.index);
    options.first = Math.min(options.first, options.index);
    if (this.order === 'moved') {
      if (options.first !== options.last && options.last !== options.index) this.exchange();
      else if (options.last !== options.index) options.first = options.index;
      while (options.index < this.count && !this.isOption(options.index)) options.index++;
      options.last = options.index;
    }
    if (options.index < this.count && this.textAt(options.index) === '--') {
      options.index++;
      if (options.first !== options.last && options.last !== options.index) this.exchange();
      else if (options.first === options.last) options.first = options.index;
      options.last = this.count;
      options.index = this.count;
    }
    if (options.index >= this.count) {
      if (options.first !== options.last) options.index = options.first;
      return -1;
    }
    const { index } = options;
    if (!this.isOption(index)) {
      if (this.order === 'kept') return -1;
      options.index++;
      this.setText(this.argument(index));
      return 1;
    }
    const text = this.textAt(index);
    if (text.startsWith('--') && this.longs.length > 0) return this.long(text.slice(2));
    options.letter = this.argument(index) + 1;
    return this.short();
  }

  private isOption(index: number): boolean {
    const text = this.textAt(index);
    return text.length > 1 && text.startsWith('-');
  }

  /** The argument behind the one that has been taken; undefined where there is none. */
  private following(): number | undefined {
    const { options } = this.p;
    return options.index < this.count ? this.argument(options.index++) : undefined;
  }

  private long(text: string): number {
    const { p } = this;
    const { options } = p;
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    const start = this.argument(options.index++);
    const exact = this.longs.filter((o) => o.name === name);
    const like = exact.length > 0 ? exact.slice(0, 1) : this.longs.filter((o) => o.name.startsWith(name));
    const [option] = like;
    if (option === undefined) return this.problem(0, `unrecognized option '--${name}'`);
    const same = like.every((o) => o.takes === option.takes && o.flag === option.flag && o.value === option.value);
    if (!same) {
      const names = like.map((o) => ` '--${o.name}'`).join('');
      return this.problem(0, `option '--${text}' is ambiguous; possibilities:${names}`);
    }
    if (equals >= 0) {
      if (option.takes === 0) return this.problem(option.value, `option '--${option.name}' doesn't allow an argument`);
      this.setText(start + 2 + equals + 1);
    } else if (option.takes === 1) {
      const given = this.following();
      if (given === undefined) return this.missing(option.value, `option '--${option.name}' requires an argument`);
      this.setText(given);
    }
    if (this.longIndex !== 0) p.memory.setI32(this.longIndex, option.index);
    if (option.flag === 0) return option.value;
    p.memory.setI32(option.flag, option.value);
    return 0;
  }

  private short(): number {
    const { p } = this;
    const { options } = p;
    const letter = p.memory.u8(options.letter++);
    const rest = options.letter;
    const last = p.memory.u8(rest) === 0;
    const name = String.fromCharCode(letter);
    const at = letter === COLON ? -1 : this.letters.indexOf(name);
    const takes = at < 0 ? '' : (/^:*/.exec(this.letters.slice(at + 1))?.[0] ?? '');
    if (last || takes !== '') {
      options.index++;
      options.letter = 0;
    }
    if (at < 0) return this.problem(letter, `invalid option -- '${name}'`);
    if (takes === '') return letter;
    if (!last) this.setText(rest);
    else if (takes === ':') {
      const given = this.following();
      if (given === undefined) return this.missing(letter, `option requires an argument -- '${name}'`);
      this.setText(given);
    }
    return letter;
  }

  private missing(option: number, message: string): number {
    const result = this.problem(option, message);
    return this.quiet ? COLON : result;
  }

  private problem(option: number, message: string): number {
    const { p } = this;
    this.set('optopt', option);
    if (!this.quiet && this.get('opterr') !== 0) {
      const line = fromLatin1(`${this.textAt(0)}: ${message}\n`);
      p.streams.write(p.streams.get(p.streams.standard(2)), line);
    }
    return PROBLEM;
  }

  private get(name: string): number | undefined {
    const at = this.p.machine.image.objects.get(name);
    return at === undefined ? undefined : this.p.memory.i32(at);
  }

  private set(name: string, value: number): void {
    const at = this.p.machine.image.objects.get(name);
    if (at !== undefined) this.p.memory.setI32(at, value);
  }

  private setText(address: number): void {
    this.p.setObject('optarg', address);
  }
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** `struct option`: 8 bytes for the name, 4 for what it takes, 4 unused, 8 for a flag, 4 for a value, 4 unused. */
function longOptions(p: Process, address: number): LongOption[] {
  const list: LongOption[] = [];
  for (let at = address; p.memory.pointer(at) !== 0; at += 32) {
    list.push({
      name: p.memory.text(p.memory.pointer(at)),
      takes: p.memory.i32(at + 8),
      flag: p.memory.pointer(at + 16),
      value: p.memory.i32(at + 24),
      index: list.length,
    });
  }
  return list;
}

export const optionFunctions: Functions = {
  getopt: int((p, a) => new Getopt(p, a.int(), a.size(), p.memory.text(a.size()), 0, 0).next()),
  getopt_long: int((p, a) => {
    const [count, list, letters, longs, longIndex] = [a.int(), a.size(), p.memory.text(a.size()), a.size(), a.size()];
    return new Getopt(p, count, list, letters, longs, longIndex).next();
  }),
};
