// SPDX-License-Identifier: MIT
import type { Isa } from '../isa/isa.ts';
import { type Constants, numberOf } from './constants.ts';
import { DIRECTIVES, dataBytes } from './directives.ts';
import { splitArgs, stringBytes, symbolName } from './strings.ts';

/** A place in a stretch of data of which all sizes are known. */
interface Place {
  readonly stretch: number;
  readonly offset: bigint;
}

const FLOATS: Readonly<Record<string, number>> = { '.float': 4, '.single': 4, '.double': 8 };
const SECTION = /^\.(?:text|data|bss)$/;
/** Directives that put nothing where they stand. */
const QUIET: ReadonlySet<string> = new Set(['symbol', 'common', 'assign', 'cfi', 'debug', 'syntax', 'listing']);

/** How far labels in data are apart: `. - text` is a number as long as only data of known sizes lie between. */
export class Distances {
  private readonly isa: Isa['name'];
  private readonly places = new Map<string, Place | undefined>();
  private readonly sections = new Map<string, Place>();
  private section = '.text';
  private stretches = 0;
  private here: Place = { stretch: 0, offset: 0n };

  constructor(isa: Isa['name']) {
    this.isa = isa;
  }

  /** Takes note of a statement; labels come with their colons. */
  see(labels: string, word: string, rest: string, constants: Constants): void {
    for (const [, name = ''] of labels.matchAll(/([^\s:]+)\s*:/g)) {
      const label = symbolName(name);
      // What is there twice, as numeric labels are, is nowhere in particular.
      this.places.set(label, this.places.has(label) || /^\d/.test(label) ? undefined : this.here);
    }
    const name = word.toLowerCase();
    if (name === '' || /^\s*=/.test(rest)) return;
    if (DIRECTIVES.get(name)?.kind === 'section') {
      const plain = name !== '.section' && rest.trim() === '';
      if (plain && SECTION.test(name)) this.enter(name);
      else if (name === '.section') this.enter(splitArgs(rest)[0] ?? '');
      else this.lose();
      return;
    }
    const size = this.sizeOf(name, rest, constants);
    this.here =
      size === undefined
        ? { stretch: ++this.stretches, offset: 0n }
        : { ...this.here, offset: this.here.offset + size };
  }

  /** A difference of two places, one of which may be `.`, as a number. */
  between(text: string): bigint | undefined {
    const [, from = '', to = ''] = /^\s*\(?\s*([\w.$]+)\s*-\s*([\w.$]+)\s*\)?\s*$/.exec(text) ?? [];
    const [a, b] = [this.placeOf(from), this.placeOf(to)];
    return a === undefined || b === undefined || a.stretch !== b.stretch ? undefined : a.offset - b.offset;
  }

  private placeOf(name: string): Place | undefined {
    return name === '.' ? this.here : this.places.get(name);
  }

  private enter(section: string): void {
    this.sections.set(this.section, this.here);
    this.section = section;
    this.here = this.sections.get(section) ?? { stretch: ++this.stretches, offset: 0n };
  }

  /** Which section follows is not known here, and it may be any of those that there were. */
  private lose(): void {
    this.sections.clear();
    this.section = '';
    this.here = { stretch: ++this.stretches, offset: 0n };
  }

  /** The bytes that a statement puts where it stands; undefined where that is not known here. */
  private sizeOf(name: string, rest: string, constants: Constants): bigint | undefined {
    const args = splitArgs(rest);
    const bytes = dataBytes(name, this.isa) ?? FLOATS[name];
    if (bytes !== undefined) return BigInt(bytes * args.length);
    const number = (text: string | undefined): bigint | undefined => numberOf(text ?? '', constants);
    switch (DIRECTIVES.get(name)?.kind) {
      case 'string': {
        const strings = args.map((a) => stringBytes(a)?.length);
        if (!/^\.(?:ascii|asciz|string)$/.test(name) || strings.includes(undefined)) return undefined;
        const all = strings.reduce<number>((sum, n) => sum + (n ?? 0), 0);
        return BigInt(name === '.ascii' ? all : all + args.length);
      }
      case 'fill': {
        const count = number(args[0]);
        if (count === undefined || count < 0n) return undefined;
        if (name !== '.fill') return /^\.(?:zero|skip|space)$/.test(name) ? count : undefined;
        const size = args[1] === undefined ? 1n : number(args[1]);
        return size === undefined || size < 0n ? undefined : count * (size > 8n ? 8n : size);
      }
      case undefined:
        return undefined;
      default:
        return QUIET.has(DIRECTIVES.get(name)?.kind ?? '') ? 0n : undefined;
    }
  }
}
