// SPDX-License-Identifier: MIT

import type { Statement } from '../text/ast.ts';
import { symbolName } from '../text/strings.ts';

/** A section of the object file, and the statements that put something into it, in order. */
export interface Section {
  readonly name: string;
  /** As written (`ax`, `aw`); the assembler's defaults for well-known names. */
  readonly flags: string;
  readonly executable: boolean;
  /** Part of the running program; debugging information is not. */
  readonly allocated: boolean;
  /** Indexes of its statements; those that switch sections belong to none. */
  readonly statements: number[];
}

/** Follows the directives that switch sections: a section may be left and taken up again. */
export function splitSections(statements: readonly Statement[]): Section[] {
  const sections = new Map<string, Section>();
  const at = (name: string, flags?: string): Section => {
    let section = sections.get(name);
    if (section === undefined) {
      section = makeSection(name, flags ?? defaultFlags(name));
      sections.set(name, section);
    }
    return section;
  };
  let current = at('.text');
  let previous = current;
  const stack: [current: Section, previous: Section][] = [];
  const enter = (section: Section): void => {
    previous = current;
    current = section;
  };
  statements.forEach((s, index) => {
    if (s.kind !== 'directive') {
      current.statements.push(index);
      return;
    }
    switch (s.name) {
      case '.text':
      case '.data':
      case '.bss':
        enter(at(s.name));
        break;
      case '.pushsection':
        stack.push([current, previous]);
        enter(at(symbolName(s.args[0] ?? '.text'), flagsOf(s.args[1])));
        break;
      case '.section':
        enter(at(symbolName(s.args[0] ?? '.text'), flagsOf(s.args[1])));
        break;
      case '.popsection': {
        const top = stack.pop();
        if (top !== undefined) [current, previous] = top;
        break;
      }
      case '.previous':
        enter(previous);
        break;
      case '.subsection':
        break;
      default:
        current.statements.push(index);
    }
  });
  return [...sections.values()];
}

function makeSection(name: string, flags: string): Section {
  return { name, flags, executable: flags.includes('x'), allocated: flags.includes('a'), statements: [] };
}

function flagsOf(arg: string | undefined): string | undefined {
  return arg?.startsWith('"') ? symbolName(arg) : undefined;
}

const DEFAULTS: readonly (readonly [prefix: string, flags: string])[] = [
  ['.text', 'ax'],
  ['.init_array', 'aw'],
  ['.fini_array', 'aw'],
  ['.preinit_array', 'aw'],
  ['.init', 'ax'],
  ['.fini', 'ax'],
  ['.tdata', 'awT'],
  ['.tbss', 'awT'],
  ['.data', 'aw'],
  ['.bss', 'aw'],
  ['.rodata', 'a'],
  ['.eh_frame', 'a'],
];

function defaultFlags(name: string): string {
  for (const [prefix, flags] of DEFAULTS) if (name === prefix || name.startsWith(`${prefix}.`)) return flags;
  return '';
}
