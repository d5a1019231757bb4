// SPDX-License-Identifier: MIT

import type { Diagnostic } from '../../../base/diagnostic.ts';
import { mapped } from '../../../base/lists.ts';
import type { DirectiveStatement, Statement } from '../../text/ast.ts';
import { DIRECTIVES } from '../../text/directives.ts';

/** How x86 assembler directives are written for other machines: with names that mean the same on all of them. */

/** Directives that speak of x86 code or debug information and have no place in the output. */
const DROPPED = /^\.(cfi_\w+|file|loc|ident|intel_syntax|att_syntax|code64|addrsig|addrsig_sym|arch|version|end)$/;

const RENAMED: Readonly<Record<string, string>> = {
  '.value': '.2byte',
  '.short': '.2byte',
  '.hword': '.2byte',
  '.word': '.2byte',
  '.long': '.4byte',
  '.int': '.4byte',
  '.quad': '.8byte',
  '.align': '.balign',
  // Data far away in the medium code model; all of the target's data is near enough.
  '.largecomm': '.comm',
  '.skip': '.zero',
  '.space': '.zero',
};

/** Sections that describe the x86 object rather than the program. */
export const DROPPED_SECTIONS =
  /^\.(debug_|note\.gnu\.property|eh_frame|gcc_except_table|llvm_addrsig|comment|discard)/;

/** The line that stands for a data directive in the target; undefined where nothing does. */
export function portDirective(s: DirectiveStatement): string | undefined {
  if (DROPPED.test(s.name) || DIRECTIVES.get(s.name)?.kind === 'listing') return undefined;
  const args = mapped(s.args, (a) =>
    a.replace(
      /^@(progbits|nobits|function|object|tls_object|gnu_unique_object|notype|common|note|init_array|fini_array|preinit_array|unwind)$/,
      '%$1',
    ),
  );
  if (s.name === '.section' && args.length >= 2 && s.args[1] !== undefined) {
    // x86's large-model flag has no counterpart.
    args[1] = s.args[1].replace('l', '');
  }
  const name = s.args.length > 0 || !(s.name in RENAMED) ? (RENAMED[s.name] ?? s.name) : s.name;
  return args.length === 0 ? `\t${name}` : `\t${name}\t${args.join(', ')}`;
}

/** A diagnostic for each directive that asks for an executable stack: what a program writes there to run is x86 code. */
export function executableStacks(statements: readonly Statement[]): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const s of statements) {
    if (s.kind !== 'directive' || s.name !== '.section') continue;
    const [name, flags] = s.args;
    if (name?.replaceAll('"', '') !== '.note.GNU-stack' || flags?.includes('x') !== true) continue;
    found.push({
      severity: 'error',
      kind: 'unsupported',
      code: 'V0203',
      message: 'the program writes x86 code on its stack and runs it',
      span: s.span,
      notes: ['compilers do so where the address of a nested function is taken; give it what it uses as arguments'],
    });
  }
  return found;
}

/** The labels in sections that are dropped. */
export function labelsDropped(statements: readonly Statement[]): ReadonlySet<string> {
  const sections = new SectionTracker();
  const lost = new Set<string>();
  for (const s of statements) {
    sections.see(s);
    if (s.kind === 'label' && sections.isDropped) lost.add(s.name);
  }
  return lost;
}

/**
 * Whether a statement says something about symbols that are not `lost`: it counts wherever it stands, and clang writes
 * weak references and aliases behind debug information.
 */
export function declaresKept(s: Statement, lost: ReadonlySet<string>): boolean {
  const args = s.kind === 'assign' ? [s.value] : s.kind === 'directive' && isDeclaration(s.name) ? s.args : [];
  return (
    args.length > 0 && !args.some((a) => (a.match(/[\w.$]+/g) ?? []).some((word) => word === '.' || lost.has(word)))
  );
}

/** Whether a directive says something about symbols, wherever it stands. */
export function isDeclaration(name: string): boolean {
  const kind = DIRECTIVES.get(name)?.kind;
  return kind === 'symbol' || kind === 'common' || kind === 'assign';
}

/** Section names and whether they hold code, while walking over statements. */
export class SectionTracker {
  current = '.text';
  flags = '';
  isCode = true;
  isDropped = false;
  private readonly stack: { name: string; flags: string }[] = [];
  private previous = { name: '.text', flags: '' };

  see(s: Statement): void {
    if (s.kind !== 'directive') return;
    switch (s.name) {
      case '.text':
      case '.data':
      case '.bss':
        this.enter(s.name, '');
        return;
      case '.section':
        this.enter(s.args[0] ?? '', s.args[1] ?? '');
        return;
      case '.pushsection':
        this.stack.push({ name: this.current, flags: this.flags });
        this.enter(s.args[0] ?? '', s.args[1] ?? '');
        return;
      case '.popsection': {
        const top = this.stack.pop();
        if (top !== undefined) this.enter(top.name, top.flags);
        return;
      }
      case '.previous':
        this.enter(this.previous.name, this.previous.flags);
        return;
      default:
        return;
    }
  }

  private enter(name: string, flags: string): void {
    this.previous = { name: this.current, flags: this.flags };
    this.current = name.replace(/^"(.*)"$/, '$1');
    this.flags = flags;
    this.isCode = /^\.(text|init|fini)(\.|$)/.test(this.current) || /^"[^"]*x/.test(flags);
    this.isDropped = DROPPED_SECTIONS.test(this.current);
  }
}
