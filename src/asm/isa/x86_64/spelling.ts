// SPDX-License-Identifier: MIT
import { assert, InternalError } from '../../../base/assert.ts';
import type { InstDef, OperandKind } from '../define.ts';
import type { Operand } from '../operand.ts';
import { examples } from './operands.ts';

/**
 * How forms are spelled. An x86 form's `syntax` is its names and then its operands in Intel's order, destination
 * first; AT&T's order is the reverse:
 *
 *     add|addl {dst}, {src}        Intel's name, and AT&T's where it differs (AT&T readers take both)
 *     jmp *{target}                `*` marks an indirect branch target; only AT&T writes it
 *     lock add|lock addl {dst}, {src}
 *     ~push|pushw {src}            `~`: taken only where no other form of that name takes the operands
 *
 * `aliases` are further names, in the same notation.
 */

export interface Spelling {
  readonly def: InstDef;
  readonly intel: string;
  readonly att: string;
  /** Indexes into the form's operands, in Intel's order. */
  readonly holes: readonly number[];
  readonly kinds: readonly OperandKind[];
  readonly star: boolean;
}

/** The forms that share a name in one dialect. */
export interface Entry {
  readonly strong: Spelling[];
  readonly weak: Spelling[];
  /** A bare expression is a label here. */
  branch: boolean;
}

export interface Tables {
  readonly intel: ReadonlyMap<string, Entry>;
  readonly att: ReadonlyMap<string, Entry>;
}

const spellings = new WeakMap<InstDef, Spelling>();

export function spellingOf(def: InstDef): Spelling {
  let known = spellings.get(def);
  if (known === undefined) {
    known = compile(def);
    spellings.set(def, known);
  }
  return known;
}

function namesOf(text: string): { intel: string; att: string; weak: boolean } {
  const weak = text.startsWith('~');
  const [intel = '', att] = (weak ? text.slice(1) : text).trim().split('|');
  return { intel, att: att ?? intel, weak };
}

function compile(def: InstDef): Spelling {
  const at = def.syntax.search(/\*?\{/);
  const { intel, att } = namesOf(at < 0 ? def.syntax : def.syntax.slice(0, at));
  const holes = [...def.syntax.matchAll(/\{(\w+)\}/g)].map(([, name]) => {
    const index = def.operands.findIndex(([n]) => n === name);
    assert(index >= 0, `${def.id}: no operand {${name}}`);
    return index;
  });
  assert(holes.length === def.operands.length, `${def.id}: the syntax shows ${holes.length} operands`);
  const kinds = holes.map((i) => (def.operands[i] as (typeof def.operands)[number])[1]);
  return { def, intel, att, holes, kinds, star: def.syntax.includes('*{') };
}

/** The lookup tables of both dialects; forms of one name that could take the same operands are an InternalError. */
export function buildTables(forms: readonly InstDef[]): Tables {
  const intel = new Map<string, Entry>();
  const att = new Map<string, Entry>();
  const ids = new Set<string>();
  const enter = (table: Map<string, Entry>, name: string, spelling: Spelling, weak: boolean): void => {
    let entry = table.get(name);
    if (entry === undefined) {
      entry = { strong: [], weak: [], branch: false };
      table.set(name, entry);
    }
    const list = weak ? entry.weak : entry.strong;
    if (!list.includes(spelling)) list.push(spelling);
    if (spelling.kinds.some((k) => k.name === 'label')) entry.branch = true;
  };
  for (const def of forms) {
    assert(!ids.has(def.id), `two forms are called ${def.id}`);
    ids.add(def.id);
    const spelling = spellingOf(def);
    for (const [i, text] of [def.syntax.replace(/\*?\{.*/, ''), ...def.aliases].entries()) {
      const names = namesOf(text);
      enter(intel, names.intel, spelling, names.weak);
      enter(att, names.intel, spelling, names.weak);
      // AT&T's own name of a form carries the width, so nothing competes for it.
      if (names.att !== names.intel) enter(att, names.att, spelling, names.weak && i > 0);
    }
  }
  checkOverlaps('Intel', intel);
  checkOverlaps('AT&T', att);
  return { intel, att };
}

function checkOverlaps(dialect: string, table: ReadonlyMap<string, Entry>): void {
  for (const [name, { strong }] of table)
    strong.forEach((a, i) => {
      for (const b of strong.slice(i + 1))
        if (overlap(a, b)) throw new InternalError(`${dialect} '${name}' could mean ${a.def.id} or ${b.def.id}`);
    });
}

function overlap(a: Spelling, b: Spelling): boolean {
  return a.kinds.length === b.kinds.length && a.kinds.every((k, i) => share(k, b.kinds[i] as OperandKind));
}

const shared = new WeakMap<OperandKind, Map<OperandKind, boolean>>();

/** Whether two kinds accept the same operand once its size is known. */
function share(a: OperandKind, b: OperandKind): boolean {
  if (a === b) return true;
  let row = shared.get(a);
  if (row === undefined) {
    row = new Map();
    shared.set(a, row);
  }
  let known = row.get(b);
  if (known === undefined) {
    known = sized(a).some((o) => b.accepts(o)) || sized(b).some((o) => a.accepts(o));
    row.set(b, known);
  }
  return known;
}

/** Example operands; memory says its size, as Intel syntax and AT&T's suffixes do. */
function sized(kind: OperandKind): Operand[] {
  return examples(kind).map((o) => (o.kind === 'mem' && kind.width > 0 ? { ...o, width: kind.width } : o));
}
