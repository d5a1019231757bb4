// SPDX-License-Identifier: MIT

import type { Statement } from '../text/ast.ts';
import { DIRECTIVES } from '../text/directives.ts';
import { symbolName } from '../text/strings.ts';
import { dataSymbols, operandSymbols, plainSymbol } from './references.ts';
import type { Section } from './sections.ts';
import type { SymbolInfo } from './types.ts';

type Mutable = { -readonly [K in keyof SymbolInfo]: SymbolInfo[K] };

export interface SymbolTable {
  readonly symbols: Map<string, SymbolInfo>;
  /** `.set alias, name` where the value is a plain symbol; chains are followed to their end. */
  readonly aliases: Map<string, string>;
  /** The other way about, in the order of the file. */
  readonly aliasesOf: ReadonlyMap<string, readonly Alias[]>;
}

export interface Alias {
  readonly name: string;
  /** Its place among all aliases. */
  readonly rank: number;
}

/** What the file says of its symbols, defined or only mentioned. */
export function collectSymbols(statements: readonly Statement[], sections: readonly Section[]): SymbolTable {
  const symbols = new Map<string, Mutable>();
  const aliases = new Map<string, string>();
  const explicit = new Set<string>();
  const get = (name: string): Mutable => {
    let s = symbols.get(name);
    if (s === undefined) {
      s = { name, binding: 'local', visibility: 'default', type: 'none', defined: false, section: undefined };
      symbols.set(name, s);
    }
    return s;
  };
  const mention = (name: string): void => {
    if (name !== '.') get(name);
  };
  const assign = (name: string, value: string): void => {
    get(name).defined = true;
    const target = plainSymbol(value);
    if (target !== undefined) {
      mention(target);
      aliases.set(name, target);
    }
  };

  for (const section of sections) {
    for (const index of section.statements) {
      const s = statements[index];
      if (s === undefined) continue;
      switch (s.kind) {
        case 'label': {
          const symbol = get(s.name);
          symbol.defined = true;
          symbol.section = section.name;
          if (section.flags.includes('T')) symbol.type = 'tls';
          break;
        }
        case 'assign':
          assign(s.name, s.value);
          break;
        case 'inst':
          for (const op of s.inst.ops) operandSymbols(op, mention);
          break;
        case 'directive':
          readDirective(s.name, s.args, get, explicit, assign);
          if (section.allocated) dataSymbols(s, mention);
          break;
        case 'comment':
          break;
      }
    }
  }
  for (const s of symbols.values()) if (!s.defined && s.binding === 'local') s.binding = 'global';
  for (const [alias, target] of aliases) {
    const end = followAlias(target, aliases);
    aliases.set(alias, end);
    const to = symbols.get(end);
    const from = get(alias);
    if (to?.section !== undefined) from.section = to.section;
    if (from.type === 'none' && to !== undefined) from.type = to.type;
  }
  return { symbols, aliases, aliasesOf: inverted(aliases) };
}

function inverted(aliases: ReadonlyMap<string, string>): ReadonlyMap<string, readonly Alias[]> {
  const names = new Map<string, Alias[]>();
  let rank = 0;
  for (const [name, target] of aliases) {
    const list = names.get(target) ?? [];
    names.set(target, list);
    list.push({ name, rank: rank++ });
  }
  return names;
}

function followAlias(name: string, aliases: ReadonlyMap<string, string>): string {
  let end = name;
  for (let steps = 0; steps <= aliases.size; steps++) {
    const next = aliases.get(end);
    if (next === undefined) break;
    end = next;
  }
  return end;
}

function readDirective(
  name: string,
  args: readonly string[],
  get: (name: string) => Mutable,
  explicit: Set<string>,
  assign: (name: string, value: string) => void,
): void {
  switch (name) {
    case '.globl':
    case '.global':
      for (const a of args) {
        const s = get(symbolName(a));
        if (s.binding !== 'weak') s.binding = 'global';
      }
      return;
    case '.weak':
      for (const a of args) get(symbolName(a)).binding = 'weak';
      return;
    case '.local':
      for (const a of args) explicit.add(symbolName(a));
      return;
    case '.hidden':
    case '.internal':
    case '.protected':
      for (const a of args) {
        get(symbolName(a)).visibility = name === '.hidden' ? 'hidden' : name === '.internal' ? 'internal' : 'protected';
      }
      return;
    case '.type': {
      const symbol = args[0];
      const type = symbolType(args[1] ?? '');
      if (symbol !== undefined && type !== undefined) get(symbolName(symbol)).type = type;
      return;
    }
    case '.set':
    case '.equ':
    case '.equiv':
    case '.eqv':
      if (args[0] !== undefined && args[1] !== undefined) assign(symbolName(args[0]), args[1]);
      return;
    default:
      if (DIRECTIVES.get(name)?.kind !== 'common' || args[0] === undefined) return;
  }
  const s = get(symbolName(args[0]));
  s.defined = true;
  s.section = '.bss';
  if (s.type === 'none') s.type = 'object';
  if (name !== '.lcomm' && s.binding === 'local' && !explicit.has(s.name)) s.binding = 'global';
}

function symbolType(text: string): SymbolInfo['type'] | undefined {
  switch (text.replace(/^[@%#"]|"$|^STT_/g, '').toLowerCase()) {
    case 'function':
    case 'func':
      return 'function';
    case 'object':
    case 'common':
      return 'object';
    case 'tls_object':
    case 'tls':
      return 'tls';
    case 'notype':
      return 'none';
    default:
      return undefined;
  }
}
