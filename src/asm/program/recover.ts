// SPDX-License-Identifier: MIT

import type { Diagnostics } from '../../base/diagnostic.ts';
import { mapped } from '../../base/lists.ts';
import type { Inst } from '../isa/define.ts';
import { effectsOf } from '../isa/define.ts';
import { SymbolicState } from '../isa/state.ts';
import type { AsmFile, DirectiveStatement, InstStatement, Statement } from '../text/ast.ts';
import { resolveLocal } from '../text/local-labels.ts';
import { readByteCode } from './byte-code.ts';
import { joinParts, labelPlaces, splitAtSharedLabels } from './code-units.ts';
import { resolveConstantCalls } from './constant-calls.ts';
import type { Conventions } from './conventions.ts';
import { withoutDeadCode } from './dead-code.ts';
import { type Draft, draftSection } from './drafts.ts';
import { finishFunction } from './finish-function.ts';
import { flowOf } from './flow.ts';
import { collectJumpTables } from './jump-tables.ts';
import { withJumpsBehind } from './jumps-behind.ts';
import { labelNextPlaces } from './next-places.ts';
import { cutAfterNoReturn } from './no-return.ts';
import { dataSymbols, operandSymbols } from './references.ts';
import { type Section, splitSections } from './sections.ts';
import { collectSymbols, type SymbolTable } from './symbols.ts';
import { resolveSystemCalls } from './system-calls.ts';
import type { Flow, FunctionCode, Program } from './types.ts';

/**
 * Finds what a file consists of: symbols, functions with their blocks, and the data around them.
 *
 * `Program.ast` is the file with numeric labels given names of their own. What cannot be understood comes back as
 * diagnostics V0203 and V0210 to V0218, and the program is then not complete. With `conventions`, calls that never return are
 * found as well (see no-return.ts).
 */
export function recoverProgram(file: AsmFile, diagnostics: Diagnostics, conventions?: Conventions): Program {
  const named = labelNextPlaces(resolveLocal(conventions?.relax?.(file) ?? file, diagnostics));
  return recoverFrom(withoutDeadCode(readByteCode(named, diagnostics)), diagnostics, conventions);
}

function recoverFrom(ast: AsmFile, diagnostics: Diagnostics, conventions: Conventions | undefined): Program {
  const { statements, isa } = ast;
  const sections = splitSections(statements);
  const table = collectSymbols(statements, sections);
  for (const s of statements) if (isChosenWhenLoaded(s)) reportChosen(s, diagnostics);
  const flows = flowTable(ast, sections, diagnostics, conventions);
  const uses = collectUses(ast, sections, flows, table);

  const isFunction = functionLabels(table, sections, uses);
  const drafts: Draft[] = [];
  for (const section of sections) {
    if (!section.executable) continue;
    drafts.push(
      ...draftSection(section, {
        statements,
        isFunction: (label) => isFunction.has(label),
        isReferenced: (label) => uses.referenced.has(label),
        isPadding: (inst) => effectsOf(inst, new SymbolicState(isa, '')).length === 0,
        diagnostics,
      }),
    );
  }
  const flowAt = (statement: number): Flow => flows[statement] ?? NEXT;
  const { called, addressTaken: taken } = uses;
  const joined = joinParts(drafts, { called, addressTaken: taken, flowAt, table });
  const units = splitAtSharedLabels(joined, { addressTaken: taken, flowAt, aliases: table.aliases, diagnostics });

  const places = labelPlaces(units);
  const longer = diagnostics.hasErrors ? undefined : withJumpsBehind(ast, units, places, flowAt);
  if (longer !== undefined) return recoverFrom(longer, diagnostics, conventions);
  const tables = collectJumpTables(statements, sections, (label) => places.has(label));
  const functions = mapped(
    units,
    (unit, index): FunctionCode =>
      finishFunction(unit, { index, isa, flowAt, table, uses, places, tables, statements, diagnostics }),
  );

  const functionOf = new Map<string, number>();
  functions.forEach((f, index) => {
    for (const name of [f.name, ...f.aliases]) functionOf.set(name, index);
  });
  const owner = new Int32Array(statements.length).fill(-1);
  units.forEach((unit, index) => {
    for (const draft of unit.drafts) for (const s of draft.members) owner[s] = index;
  });
  const addressTaken = new Set<string>();
  for (const name of uses.addressTaken) {
    const f = functions[functionOf.get(name) ?? functionOf.get(table.aliases.get(name) ?? '') ?? -1];
    if (f !== undefined) for (const n of [name, f.name, ...f.aliases]) addressTaken.add(n);
  }
  const { symbols, aliases: symbolAliases } = table;
  const program = { ast, isa, symbols, functions, addressTaken, functionOf, owner, symbolAliases };
  return conventions === undefined ? program : cutAfterNoReturn(program, conventions);
}

const NEXT: Flow = { kind: 'next' };

/** A symbol whose code only returns the address of the function that calls of it go to (STT_GNU_IFUNC). */
function isChosenWhenLoaded(s: Statement): s is DirectiveStatement {
  return s.kind === 'directive' && s.name === '.type' && /gnu_indirect_function/i.test(s.args[1] ?? '');
}

function reportChosen(s: DirectiveStatement, diagnostics: Diagnostics): void {
  diagnostics.add({
    severity: 'error',
    kind: 'unsupported',
    code: 'V0203',
    message: `which function ${s.args[0]} is gets chosen when the program is loaded`,
    span: s.span,
    notes: ['call the function that is wanted, or a pointer to it, instead of one with the attribute `ifunc`'],
  });
}

/** How the file's symbols are used. */
export interface Uses {
  /** Targets of direct calls. */
  readonly called: ReadonlySet<string>;
  /** Mentioned other than as the target of a direct call or jump. */
  readonly addressTaken: ReadonlySet<string>;
  /** Mentioned so by an instruction. */
  readonly heldByCode: ReadonlySet<string>;
  /** Mentioned at all. */
  readonly referenced: ReadonlySet<string>;
}

/** By statement: how control leaves an instruction. */
function flowTable(
  ast: AsmFile,
  sections: readonly Section[],
  diagnostics: Diagnostics,
  conventions: Conventions | undefined,
): (Flow | undefined)[] {
  const flow = flowOf(ast.isa);
  const flows = new Array<Flow | undefined>(ast.statements.length).fill(undefined);
  for (const section of sections) {
    for (const index of section.statements) {
      const s = ast.statements[index];
      if (s?.kind !== 'inst') continue;
      if (section.executable) flows[index] = flow(s.inst);
      else reportMisplaced(s, section, diagnostics);
    }
    if (!section.executable) continue;
    resolveConstantCalls(ast.isa, ast.statements, section, flows);
    resolveSystemCalls(ast.isa, ast.statements, section, flows, conventions?.system);
  }
  return flows;
}

function reportMisplaced(s: InstStatement, section: Section, diagnostics: Diagnostics): void {
  diagnostics.add({
    severity: 'error',
    kind: 'unsupported',
    code: 'V0210',
    message: `an instruction in section ${section.name}, which is not executable`,
    span: s.span,
    notes: ['move it to a section with the flag x, or write the bytes as data'],
  });
}

function collectUses(
  ast: AsmFile,
  sections: readonly Section[],
  flows: readonly (Flow | undefined)[],
  table: SymbolTable,
): Uses {
  const called = new Set<string>();
  const addressTaken = new Set<string>();
  const heldByCode = new Set<string>();
  const referenced = new Set<string>();
  const mention = (name: string): void => {
    referenced.add(name);
    const target = table.aliases.get(name);
    if (target !== undefined) referenced.add(target);
  };
  let direct: string | undefined;
  const useSymbol = (name: string): void => {
    mention(name);
    if (name === direct) return;
    addressTaken.add(name);
    heldByCode.add(name);
  };
  const useData = (name: string): void => {
    mention(name);
    addressTaken.add(name);
  };
  const useInst = (inst: Inst, flow: Flow | undefined): void => {
    direct = flow?.kind === 'call' || flow?.kind === 'jump' ? flow.target : undefined;
    if (direct !== undefined) {
      mention(direct);
      if (flow?.kind === 'call') called.add(table.aliases.get(direct) ?? direct);
    }
    for (const op of inst.ops) operandSymbols(op, useSymbol);
  };
  for (const section of sections) {
    for (const index of section.statements) {
      const s = ast.statements[index];
      if (s?.kind === 'inst') useInst(s.inst, flows[index]);
      else if (s?.kind === 'directive' && section.allocated) dataSymbols(s, useData);
    }
  }
  return { called, addressTaken, heldByCode, referenced };
}

/** The labels that begin functions: typed so, called, or visible from outside and in code. */
function functionLabels(table: SymbolTable, sections: readonly Section[], uses: Uses): Set<string> {
  const executable = new Set(sections.filter((s) => s.executable).map((s) => s.name));
  const names = new Set<string>(uses.called);
  for (const s of table.symbols.values()) {
    const visible = s.binding !== 'local' && s.type === 'none' && s.section !== undefined && executable.has(s.section);
    if (s.type === 'function' || visible) names.add(table.aliases.get(s.name) ?? s.name);
  }
  return names;
}
