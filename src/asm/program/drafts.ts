// SPDX-License-Identifier: MIT

import type { Diagnostics } from '../../base/diagnostic.ts';
import { append, mapped } from '../../base/lists.ts';
import type { Inst } from '../isa/define.ts';
import type { Statement } from '../text/ast.ts';
import { DIRECTIVES } from '../text/directives.ts';
import { symbolName } from '../text/strings.ts';
import { emitsData } from './references.ts';
import type { Section } from './sections.ts';

/** A stretch of code from a function's label to its end, before it is known how stretches belong together. */
export interface Draft {
  name: string;
  /** The labels at its first instruction. */
  readonly labels: string[];
  readonly section: string;
  readonly insts: Inst[];
  readonly statementAt: number[];
  /** Labels in front of instructions, by instruction index; those of the first instruction too. */
  readonly labelsAt: Map<number, string[]>;
  /** Data that stands in front of the instruction with this index. */
  readonly gaps: { readonly at: number; readonly statement: number }[];
  /** All statements that are this code. */
  readonly members: number[];
  sized: boolean;
  /** The draft whose code follows at once. */
  next: Draft | undefined;
}

export interface DraftContext {
  readonly statements: readonly Statement[];
  /** Labels that begin a function. */
  readonly isFunction: (label: string) => boolean;
  readonly isReferenced: (label: string) => boolean;
  /** Instructions without effect, which fill the space between functions. */
  readonly isPadding: (inst: Inst) => boolean;
  readonly diagnostics: Diagnostics;
}

interface Pending {
  readonly name: string;
  readonly statement: number;
}

/** Cuts the code of one executable section into drafts. */
export function draftSection(section: Section, context: DraftContext): Draft[] {
  const cutter = new Cutter(section, context);
  for (const index of section.statements) {
    const s = context.statements[index];
    if (s !== undefined) cutter.take(s, index);
  }
  cutter.close();
  return cutter.drafts;
}

class Cutter {
  readonly drafts: Draft[] = [];
  private readonly section: Section;
  private readonly context: DraftContext;
  private open: Draft | undefined;
  /** The draft that ended right here. */
  private before: Draft | undefined;
  private pending: Pending[] = [];

  constructor(section: Section, context: DraftContext) {
    this.section = section;
    this.context = context;
  }

  take(s: Statement, index: number): void {
    switch (s.kind) {
      case 'label':
        this.label(s.name, index);
        return;
      case 'inst':
        this.inst(s.inst, index);
        return;
      case 'directive':
        if (emitsData(s)) this.data(index);
        else if (s.name === '.size') this.size(symbolName(s.args[0] ?? ''), index);
        else this.other(DIRECTIVES.get(s.name)?.kind, index);
        return;
      case 'comment':
        if (this.open !== undefined) this.open.members.push(index);
        return;
      case 'assign':
        return;
    }
  }

  close(): void {
    if (this.open === undefined) return;
    // A label with nothing behind it is no function: whatever it marks, it is no code of ours.
    if (this.open.insts.length > 0) this.before = this.open;
    else this.drafts.pop();
    this.open = undefined;
  }

  private label(name: string, statement: number): void {
    this.pending.push({ name, statement });
    if (!this.context.isFunction(name)) return;
    if (this.open !== undefined && this.open.insts.length === 0 && this.open.gaps.length === 0) {
      this.open.name = this.betterName(this.open.name, name);
      return;
    }
    this.close();
    this.begin(name);
  }

  private betterName(a: string, b: string): string {
    return a.startsWith('.L') && !b.startsWith('.L') ? b : a;
  }

  private begin(name: string): void {
    const draft: Draft = {
      name,
      labels: [],
      section: this.section.name,
      insts: [],
      statementAt: [],
      labelsAt: new Map(),
      gaps: [],
      members: [],
      sized: false,
      next: undefined,
    };
    if (this.before !== undefined) this.before.next = draft;
    this.before = undefined;
    this.open = draft;
    this.drafts.push(draft);
  }

  private inst(inst: Inst, statement: number): void {
    if (this.open === undefined) {
      const first = this.pending.find((p) => !p.name.startsWith('.L')) ?? this.pending[0];
      if (first === undefined) {
        if (!this.context.isPadding(inst)) this.orphan(inst);
        return;
      }
      this.begin(first.name);
    }
    const draft = this.open;
    if (draft === undefined) return;
    const at = draft.insts.length;
    if (this.pending.length > 0) {
      const names = mapped(this.pending, (p) => p.name);
      draft.labelsAt.set(at, names);
      for (const p of this.pending) draft.members.push(p.statement);
      if (at === 0) append(draft.labels, names);
      this.pending = [];
    }
    draft.insts.push(inst);
    draft.statementAt.push(statement);
    draft.members.push(statement);
  }

  private orphan(inst: Inst): void {
    this.context.diagnostics.add({
      severity: 'error',
      kind: 'unsupported',
      code: 'V0211',
      message: 'this instruction belongs to no function',
      ...(inst.span === undefined ? {} : { span: inst.span }),
      notes: [`no label stands before it in section ${this.section.name}: give the code a label`],
    });
    this.begin(`.Lunnamed_${this.drafts.length}`);
  }

  private data(statement: number): void {
    // The labels in front of data are the data's own.
    this.pending = [];
    this.before = undefined;
    this.open?.gaps.push({ at: this.open.insts.length, statement });
  }

  private size(name: string, statement: number): void {
    const open = this.open;
    if (open === undefined) return;
    const own = open.name === name || open.labels.includes(name) || this.pending.some((p) => p.name === name);
    open.members.push(statement);
    if (!own) return;
    open.sized = true;
    this.pending = [];
    this.close();
  }

  private other(kind: string | undefined, statement: number): void {
    if (kind === 'align') {
      // In front of padding stands only the end of something else.
      if (this.open === undefined) this.pending = this.pending.filter((p) => this.context.isReferenced(p.name));
      else this.open.members.push(statement);
    } else if ((kind === 'cfi' || kind === 'debug') && this.open !== undefined) this.open.members.push(statement);
  }
}

/** Cuts a draft in two in front of an instruction; the second part is named by a label there. */
export function splitDraft(draft: Draft, at: number, name: string): Draft {
  const statement = draft.statementAt[at] ?? 0;
  const second: Draft = {
    name,
    labels: [...(draft.labelsAt.get(at) ?? [])],
    section: draft.section,
    insts: draft.insts.splice(at),
    statementAt: draft.statementAt.splice(at),
    labelsAt: new Map(),
    gaps: draft.gaps.filter((g) => g.at >= at).map((g) => ({ ...g, at: g.at - at })),
    members: [],
    sized: draft.sized,
    next: draft.next,
  };
  for (const [index, labels] of [...draft.labelsAt]) {
    if (index < at) continue;
    second.labelsAt.set(index - at, labels);
    draft.labelsAt.delete(index);
  }
  const kept = draft.gaps.filter((g) => g.at < at);
  draft.gaps.splice(0, draft.gaps.length, ...kept);
  const cut = draft.members.indexOf(statement);
  append(second.members, draft.members.splice(cut));
  draft.sized = false;
  draft.next = second;
  return second;
}
