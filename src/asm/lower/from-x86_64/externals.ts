// SPDX-License-Identifier: MIT
import type { Diagnostic } from '../../../base/diagnostic.ts';
import type { Span } from '../../../base/source.ts';
import type { RefusedFunction } from '../../abi/externals-refused.ts';
import type { RuntimeLibrary } from '../../abi/runtime/library.ts';
import { dataSymbols, operandSymbols, plainSymbol } from '../../program/references.ts';
import type { Program } from '../../program/types.ts';

/** Lines that name symbols by value: instructions, data and assignments. */
const REFERRING =
  /^\t(?:[a-z]|\.(?:[1248]?byte|[sdo]?word|quad|xword|octa|long|int|short|hword|value|set|equ|reloc)\b)/;

const ASSIGNING = /^\t\.(?:set|equ)\b/;

const literally = (name: string): string => name.replaceAll(/[.$]/g, '\\$&');

/** What the target has for functions outside. */
interface Outside {
  readonly runtime: RuntimeLibrary;
  readonly refused: ReadonlyMap<string, RefusedFunction>;
}

/** The functions outside of a file: which are bridged and which must not be used. */
export class Externals {
  private readonly program: Program;
  private readonly bridges: Readonly<Record<string, string>>;
  private readonly refused: ReadonlyMap<string, RefusedFunction>;
  private readonly stacked: ReadonlyMap<string, string>;

  /**
   * `elsewhere` are names that other files of the program define: those need no bridge either, and are not refused. Those
   * that are `stacked` go by another name beside an entry for native code, in this file or in others. Where exceptions
   * are taken to end the program, functions that throw or catch them are not refused.
   */
  constructor(
    target: Outside,
    program: Program,
    elsewhere: ReadonlySet<string>,
    stacked: ReadonlyMap<string, string> = new Map(),
    exceptionsEnd = false,
  ) {
    this.stacked = stacked;
    this.program = program;
    this.refused = new Map([...target.refused].filter(([, { throws = false }]) => !(throws && exceptionsEnd)));
    this.bridges = target.runtime.bridges;
    this.isForeign = (name) => program.symbols.get(name)?.defined === false && !elsewhere.has(name);
  }

  private readonly isForeign: (name: string) => boolean;

  /** The symbol to use in the target for one that the source uses. */
  symbol(name: string): string {
    return this.stacked.get(name) ?? (this.isForeign(name) ? (this.bridges[name] ?? name) : name);
  }

  /** The target's text with bridges in place of the external functions that it still names, as addresses. */
  rename(text: string): string {
    const names = [...this.program.symbols.keys()].filter((name) => this.symbol(name) !== name);
    if (names.length === 0) return text;
    // What stands before a name is looked at later: a pattern that began with it would be tried at every place.
    const pattern = new RegExp(`(?:${names.map(literally).join('|')})(?![\\w.$"])`, 'g');
    return text.replace(pattern, (name, at: number) =>
      /[\w.$"]/.test(text.charAt(at - 1)) || !this.refers(text, at, name) ? name : this.symbol(name),
    );
  }

  /** Whether the line in which a name stands uses it by value. */
  private refers(text: string, at: number, name: string): boolean {
    const line = lineAround(text, at);
    if (!this.stacked.has(name)) return REFERRING.test(line);
    // Native code knows other names of a function as well. A mnemonic is no name.
    const isMnemonic = /\n\t$/.test(text.slice(Math.max(0, at - 2), at));
    return REFERRING.test(line) && !isMnemonic && !ASSIGNING.test(line);
  }

  /** A diagnostic for each external function that cannot be called, at its first use. */
  refusals(): Diagnostic[] {
    const { refused } = this;
    const wanted = new Set(
      [...this.program.symbols.keys()].filter((name) => refused.has(name) && this.isForeign(name)),
    );
    if (wanted.size === 0) return [];
    const found = new Map<string, Span>();
    for (const s of this.program.ast.statements) {
      const see = (name: string): void => {
        if (wanted.has(name) && !found.has(name)) found.set(name, s.span);
      };
      if (s.kind === 'inst') for (const op of s.inst.ops) operandSymbols(op, see);
      else if (s.kind === 'directive') dataSymbols(s, see);
      else if (s.kind === 'assign') see(plainSymbol(s.value) ?? '');
    }
    return [...found].map(([name, span]) => ({
      severity: 'error',
      kind: 'unsupported',
      code: 'V0241',
      message: `${name} cannot be called from carried-over code: ${refused.get(name)?.reason}`,
      span,
      notes: [refused.get(name)?.advice ?? ''],
    }));
  }
}

/** The runtime functions that the target's text names. */
export function runtimeNamedIn(library: RuntimeLibrary, text: string): Set<string> {
  const found = new Set<string>();
  for (const { 0: name, index } of text.matchAll(/__vouch_\w+/g)) {
    if (!found.has(name) && library.functions.has(name) && REFERRING.test(lineAround(text, index))) found.add(name);
  }
  return found;
}

function lineAround(text: string, at: number): string {
  const end = text.indexOf('\n', at);
  return text.slice(text.lastIndexOf('\n', at) + 1, end === -1 ? text.length : end);
}
