// SPDX-License-Identifier: MIT
import type { Diagnostics } from '../../base/diagnostic.ts';
import type { Inst } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import type { Statement } from '../text/ast.ts';
import { type CodeToCut, cutBlocks, finishBlocks, mayEnd } from './blocks.ts';
import type { CodeUnit, LabelPlace } from './code-units.ts';
import type { Draft } from './drafts.ts';
import { type JumpTables, resolveIndirectJumps } from './jump-tables.ts';
import type { SymbolTable } from './symbols.ts';
import type { CodePart, Flow, FunctionCode } from './types.ts';

export interface FinishContext {
  readonly index: number;
  readonly isa: Isa;
  readonly statements: readonly Statement[];
  readonly flowAt: (statement: number) => Flow;
  readonly table: SymbolTable;
  readonly uses: { readonly referenced: ReadonlySet<string>; readonly heldByCode: ReadonlySet<string> };
  readonly places: ReadonlyMap<string, LabelPlace>;
  readonly tables: JumpTables;
  readonly diagnostics: Diagnostics;
}

/** One function from its drafts: instructions in a row, labels, blocks and edges. */
export function finishFunction(unit: CodeUnit, context: FinishContext): FunctionCode {
  const insts: Inst[] = [];
  const flows: Flow[] = [];
  const statementAt: number[] = [];
  const labelsAt = new Map<number, readonly string[]>();
  const indexOfLabel = new Map<string, number>();
  const parts: CodePart[] = [];
  for (const draft of unit.drafts) {
    const start = insts.length;
    for (const [at, labels] of draft.labelsAt) {
      labelsAt.set(start + at, labels);
      for (const label of labels) indexOfLabel.set(label, start + at);
    }
    for (const inst of draft.insts) insts.push(inst);
    for (const statement of draft.statementAt) {
      statementAt.push(statement);
      flows.push(context.flowAt(statement));
    }
    parts.push(partOf(draft, start));
  }

  const code: CodeToCut = {
    insts,
    flows,
    labelsAt,
    indexOfLabel,
    parts,
    isReferenced: (label) => context.uses.referenced.has(label),
    localTarget: (target, at) => {
      const place = context.places.get(context.table.aliases.get(target) ?? target);
      if (place?.unit !== context.index) return undefined;
      if (place.draft === 0 && place.at === 0 && mayBeReplaced(target, insts[at], context.table)) return undefined;
      return (parts[place.draft]?.start ?? 0) + place.at;
    },
  };
  const cuts = cutBlocks(code);
  const tables = context.tables;
  const { heldByCode } = context.uses;
  const indirect = resolveIndirectJumps({ isa: context.isa, insts, flows, cuts, indexOfLabel, tables, heldByCode });
  const blocks = finishBlocks(code, cuts, indirect);

  const first = unit.drafts[0];
  const name = first?.name ?? '';
  const result: FunctionCode = {
    name,
    aliases: otherNames(name, first?.labels ?? [], context),
    section: first?.section ?? '',
    insts,
    labelsAt,
    indexOfLabel,
    statements: parts[0]?.statements ?? { start: 0, end: 0 },
    blocks,
    blockAt: cuts.blockAt,
    parts,
    statementAt,
  };
  checkGaps(unit, result, context);
  checkJumps(result, context);
  checkHeldLabels(result, context);
  return result;
}

function partOf(draft: Draft, start: number): CodePart {
  return {
    name: draft.name,
    section: draft.section,
    start,
    end: start + draft.insts.length,
    statements: { start: draft.members[0] ?? 0, end: (draft.members[draft.members.length - 1] ?? -1) + 1 },
    next: draft.next?.name,
    sized: draft.sized,
  };
}

/** A jump to the own entry through the PLT may reach another definition of the symbol. */
function mayBeReplaced(target: string, inst: Inst | undefined, table: SymbolTable): boolean {
  const symbol = table.symbols.get(target);
  if (symbol === undefined || symbol.binding === 'local') return false;
  if (symbol.binding === 'weak') return true;
  return inst?.ops.some((o) => o.kind === 'imm' && o.value.modifier === 'PLT') ?? false;
}

/** Labels at the entry that somebody may use to name the function. */
function otherNames(name: string, labels: readonly string[], context: FinishContext): string[] {
  const { symbols, aliasesOf } = context.table;
  const names = new Set<string>();
  for (const label of labels) {
    const info = symbols.get(label);
    const known = info !== undefined && (info.binding !== 'local' || info.type === 'function');
    if (known || !label.startsWith('.L') || context.uses.referenced.has(label)) names.add(label);
  }
  const set = [...new Set(labels)].flatMap((label) => aliasesOf.get(label) ?? []);
  for (const alias of set.sort((a, b) => a.rank - b.rank)) names.add(alias.name);
  names.delete(name);
  return [...names];
}

/** Whether control may go on behind an instruction. */
function goesOn(flow: Flow): boolean {
  return flow.kind === 'next' || mayEnd(flow) || flow.kind === 'repeat' || (flow.kind === 'jump' && flow.conditional);
}

/** Data between instructions is fine behind a jump or return; in the path of execution it would be machine code. */
function checkGaps(unit: CodeUnit, code: FunctionCode, context: FinishContext): void {
  unit.drafts.forEach((draft, d) => {
    const start = code.parts[d]?.start ?? 0;
    for (const gap of draft.gaps) {
      const last = draft.insts.length;
      const before = context.flowAt(draft.statementAt[gap.at - 1] ?? -1);
      if (gap.at > 0 && !goesOn(before)) continue;
      // Behind a final call: the call is taken not to return, as at the end of a function.
      if (gap.at === last && mayEnd(before)) continue;
      if (gap.at < last && code.labelsAt.has(start + gap.at) && mayEnd(before) && gap.at > 0) continue;
      const s = context.statements[gap.statement];
      context.diagnostics.add({
        severity: 'error',
        kind: 'unsupported',
        code: 'V0212',
        message: `control runs into data in ${code.name}`,
        ...(s === undefined ? {} : { span: s.span }),
        notes: ['write machine code as instructions, or put data behind a jump or return'],
      });
    }
  });
}

function checkJumps(code: FunctionCode, context: FinishContext): void {
  const { symbols, aliases } = context.table;
  for (const block of code.blocks) {
    const { flow } = block;
    if (flow.kind !== 'jump' && flow.kind !== 'call') continue;
    if (flow.target === undefined) continue;
    const refuse = (id: string, message: string, note: string): void =>
      refuseJump(code.insts[block.end - 1], id, message, note, context.diagnostics);
    const place = context.places.get(aliases.get(flow.target) ?? flow.target);
    if (!symbols.has(flow.target) && /[+-]\d+$/.test(flow.target)) {
      refuse('V0214', `a ${flow.kind} to ${flow.target}, a place without a label`, 'put a label there and go to it');
    } else if (place === undefined && flow.target.startsWith('.L') && !symbols.get(flow.target)?.defined) {
      refuse('V0215', `the label ${flow.target} is not defined`, 'define it in this file');
    } else if (flow.kind === 'call' && place !== undefined && (place.draft !== 0 || place.at !== 0)) {
      refuse('V0216', `a call to ${flow.target}, in the middle of ${code.name}`, 'make it a function of its own');
    }
    if (flow.kind !== 'jump' || !flow.conditional || block.tailCall !== flow.target) continue;
    const end = code.parts.find((p) => p.end === block.end);
    if (end?.next !== undefined) {
      refuse('V0217', `${code.name} may run into ${end.next} behind this jump`, `write \`jmp ${end.next}\` behind it`);
    }
  }
}

function refuseJump(
  inst: Inst | undefined,
  code: string,
  message: string,
  note: string,
  diagnostics: Diagnostics,
): void {
  diagnostics.add({
    severity: 'error',
    kind: code === 'V0215' ? 'input' : 'unsupported',
    code,
    message,
    ...(inst?.span === undefined ? {} : { span: inst.span }),
    notes: [note],
  });
}

/**
 * Labels whose address somebody takes though no jump of the function goes there: whoever does go there comes from
 * elsewhere, as `__builtin_longjmp` and gotos out of nested functions do, with registers of which nothing is known.
 */
function checkHeldLabels(code: FunctionCode, context: FinishContext): void {
  const { heldByCode } = context.uses;
  const known = new Set(code.blocks.flatMap((b) => b.indirectTargets));
  for (const [at, labels] of code.labelsAt) {
    const inst = code.insts[at];
    if (at === 0 || inst === undefined) continue;
    for (const label of labels) {
      if (!heldByCode.has(label) || known.has(label)) continue;
      context.diagnostics.add({
        severity: 'error',
        kind: 'unsupported',
        code: 'V0218',
        message: `the address of ${label}, in the middle of ${code.name}, is taken for code elsewhere to jump to`,
        ...(inst.span === undefined ? {} : { span: inst.span }),
        notes: ['no jump of the function goes there; use `setjmp` and `longjmp` of the C library instead'],
      });
    }
  }
}
