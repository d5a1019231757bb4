// SPDX-License-Identifier: MIT

import { mapped } from '../../base/lists.ts';
import type { AsmFile, Statement } from '../text/ast.ts';
import { symbolName } from '../text/strings.ts';
import { flowOf } from './flow.ts';
import { emitsData, operandSymbols } from './references.ts';
import { splitSections } from './sections.ts';

/**
 * Takes out the instructions that control never gets to, in a file for one processor: behind an instruction that this
 * does not have lies the rest of code for another, with loops, calls and functions of its own.
 *
 * Control gets to global symbols, to whatever data and directives name, and from an instruction to the next one and to
 * all that the instruction names. Local labels of what is taken out go with it.
 */
export function withoutDeadCode(file: AsmFile): AsmFile {
  const { isa, statements } = file;
  if (isa.processor === undefined || !statements.some((s) => s.kind === 'inst' && isInvalid(s))) return file;
  const live = new Reach(file).find();
  const dead = (index: number): boolean => statements[index]?.kind === 'inst' && !live.instructions.has(index);
  const gone = new Set<number>();
  const names = new Set<string>();
  for (const section of splitSections(statements)) {
    if (!section.executable) continue;
    let labels: number[] = [];
    for (const index of section.statements) {
      const s = statements[index];
      if (s?.kind === 'label') labels.push(index);
      else if (s?.kind === 'inst' || (s?.kind === 'directive' && emitsData(s))) {
        if (dead(index)) {
          gone.add(index);
          for (const l of labels) {
            const label = statements[l];
            if (label?.kind !== 'label' || live.names.has(label.name)) continue;
            gone.add(l);
            names.add(label.name);
          }
        }
        labels = [];
      }
    }
  }
  const about = (s: Statement): boolean =>
    s.kind === 'directive' && (s.name === '.type' || s.name === '.size') && names.has(symbolName(s.args[0] ?? ''));
  return { ...file, statements: statements.filter((s, i) => !gone.has(i) && !about(s)) };
}

const isInvalid = (s: Extract<Statement, { kind: 'inst' }>): boolean => s.inst.def.id === 'x64.invalid.none.64';

interface Live {
  readonly instructions: ReadonlySet<number>;
  /** All that live instructions, data and directives name. */
  readonly names: ReadonlySet<string>;
}

/** Directives that say something of a symbol without using it. */
const ABOUT = new Set(['.type', '.size', '.local', '.hidden', '.internal', '.protected']);
const WORDS = /[A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*/g;

class Reach {
  private readonly file: AsmFile;
  private readonly instructions = new Set<number>();
  private readonly names = new Set<string>();
  private readonly labels = new Map<string, number>();
  /** For each statement of code, the one behind it in its section. */
  private readonly next = new Map<number, number>();
  private readonly work: number[] = [];

  constructor(file: AsmFile) {
    this.file = file;
    file.statements.forEach((s, index) => {
      if (s.kind === 'label') this.labels.set(s.name, index);
    });
    for (const { statements, executable } of splitSections(file.statements)) {
      if (!executable) continue;
      statements.forEach((index, k) => {
        const behind = statements[k + 1];
        if (behind !== undefined) this.next.set(index, behind);
      });
    }
  }

  find(): Live {
    for (const s of this.file.statements) {
      if (s.kind === 'assign') this.mention(s.value);
      else if (s.kind === 'directive' && !ABOUT.has(s.name)) for (const a of s.args) this.mention(a);
    }
    const flow = flowOf(this.file.isa);
    for (let index = this.work.pop(); index !== undefined; index = this.work.pop()) {
      let at: number | undefined = index;
      while (at !== undefined && !this.instructions.has(at)) {
        const s: Statement | undefined = this.file.statements[at];
        if (s?.kind === 'inst') {
          this.instructions.add(at);
          for (const op of s.inst.ops) operandSymbols(op, (name) => this.name(name));
          const f = flow(s.inst);
          const stops = f.kind === 'return' || f.kind === 'indirect' || f.kind === 'trap';
          if (stops || (f.kind === 'jump' && !f.conditional)) break;
        }
        at = this.next.get(at);
      }
    }
    return { instructions: this.instructions, names: this.names };
  }

  /** All symbols that a text could name. */
  private mention(text: string): void {
    const quoted = /^"(.*)"$/.exec(text)?.[1];
    for (const word of quoted === undefined ? mapped([...text.matchAll(WORDS)], (m) => m[0]) : [quoted])
      this.name(word);
  }

  private name(name: string): void {
    if (this.names.has(name)) return;
    this.names.add(name);
    const label = this.labels.get(name);
    if (label !== undefined) this.work.push(label);
  }
}
