// SPDX-License-Identifier: MIT

import { OWN_STORAGE } from '../abi/own-storage.ts';
import type { FunctionRelation } from '../abi/relation.ts';
import { effectsOf, type Inst } from '../isa/define.ts';
import { SymbolicState } from '../isa/state.ts';
import { ENTRY, isEntry } from '../program/entry.ts';
import { splitSections } from '../program/sections.ts';
import type { FunctionCode, Program } from '../program/types.ts';
import { alignmentBytes, DIRECTIVES } from '../text/directives.ts';
import { type Context, renaming } from './context.ts';
import { compareData } from './data.ts';
import { stackedFindings, stackedNames } from './native-entry.ts';
import { ownStorage } from './own-storage.ts';

/**
 * What must hold of two whole programs so that proofs about their blocks add up to one about them: everything is
 * there, once, under its name. Each finding is a reason not to vouch for the program.
 */
export function structuralFindings(context: Context): string[] {
  const { source, target, functions } = context.claim;
  return [
    ...functions.flatMap((f) => relationFindings(context, f)),
    ...completeness(context),
    ...symbolFindings(context),
    ...layoutFindings(source, 'source'),
    ...layoutFindings(target, 'target'),
    ...compareData(source, target, renaming(context.claim), (name) => stackedNames(context.claim).own.has(name)),
    ...ownStorage(target).findings,
    ...stackedFindings(context),
  ];
}

/** Whether others than direct calls of the target file can get to a function of it. */
function mayBeEnteredFromOutside(context: Context, name: string): boolean {
  const { symbols, addressTaken } = context.target.program;
  return symbols.get(name)?.binding !== 'local' || addressTaken.has(name);
}

/** Whether one function's relation speaks about that function as it is. */
export function relationFindings(context: Context, f: FunctionRelation): string[] {
  const code = context.source.functionAt(f.source);
  const own = context.target.functionAt(f.target);
  if (code === undefined || code.name !== f.source) return [`the source has no function ${f.source}`];
  if (own === undefined) return [`the target has no function ${f.target}`];
  const { nativeEntry } = f;
  const entry = nativeEntry === undefined ? undefined : context.target.functionAt(nativeEntry.target);
  if (nativeEntry !== undefined && (entry === undefined || entry === own))
    return [`the target has no entry ${nativeEntry.target} for native code`];
  const findings: string[] = [];
  const usual = f.entryStack === -8 && f.returnStack === -8;
  if (f.convention === 'abi' && !usual && mayBeEnteredFromOutside(context, f.target)) {
    findings.push(`${f.target}: an abi function that others can enter has the entry stack -8 and the return stack -8`);
  }
  if (f.convention === 'start' && mayBeEnteredFromOutside(context, f.target)) {
    if (!isEntry(code)) findings.push(`${f.target}: only ${ENTRY} is entered by the kernel`);
    else if (f.entryStack !== 0) findings.push(`${f.target}: the entry of a program has the entry stack 0`);
  }
  if (f.blocks.length !== code.blocks.length) {
    findings.push(`${f.target}: ${f.blocks.length} relations for ${code.blocks.length} blocks of ${f.source}`);
  }
  f.blocks.forEach((b, i) => {
    if (b.block !== i) findings.push(`${f.target}: the relations are not in the order of the blocks`);
    if (context.target.place(b.target) === undefined) findings.push(`${f.target}: no code label ${b.target}`);
  });
  return findings;
}

function completeness(context: Context): string[] {
  const findings: string[] = [];
  const refused = new Set(context.claim.refused);
  const targets = new Set<FunctionCode>();
  for (const code of context.claim.source.functions) {
    if (!refused.has(code.name) && context.variants(code.name).length === 0) {
      findings.push(`nothing is claimed about the function ${code.name}`);
    }
  }
  for (const f of context.claim.functions) {
    for (const name of f.nativeEntry === undefined ? [f.target] : [f.target, f.nativeEntry.target]) {
      const own = context.target.functionAt(name);
      if (own === undefined) continue;
      if (targets.has(own)) findings.push(`${name} is claimed to stand for two functions`);
      targets.add(own);
    }
  }
  return findings;
}

/** Names by which others know functions and data must mean the same in the target. */
function symbolFindings(context: Context): string[] {
  const { source, target, functions } = context.claim;
  const findings: string[] = [];
  const refused = new Set(context.claim.refused);
  for (const s of source.symbols.values()) {
    const code = context.source.functionAt(s.name);
    const known = s.binding !== 'local' || source.addressTaken.has(s.name);
    if (s.name.startsWith(OWN_STORAGE)) findings.push(`the source uses ${s.name}, a name of the target's own`);
    if (!s.defined && context.isBridge(s.name)) findings.push(`the source uses ${s.name}, a name of vouch's runtime`);
    if (code !== undefined && refused.has(code.name)) continue;
    if (code !== undefined && known && s.defined) {
      const variant = context.variants(code.name).find((v) => v.convention === (isEntry(code) ? 'start' : 'abi'));
      // Carried-over code knows such a function by its other name, so that only others go by this one.
      if (variant?.nativeEntry !== undefined && s.binding === 'local') continue;
      const name = variant?.nativeEntry?.target ?? variant?.target;
      const own = name === undefined ? undefined : context.target.functionAt(name);
      if (own === undefined || context.target.functionAt(s.name) !== own) {
        findings.push(`${s.name} of the target is not the variant of ${code.name}`);
      }
    }
    if (s.binding === 'local') continue;
    const t = target.symbols.get(s.name);
    if (t === undefined) {
      if (s.defined) findings.push(`the target does not define ${s.name}`);
      continue;
    }
    for (const key of ['binding', 'visibility', 'type', 'defined'] as const) {
      if (s[key] !== t[key] && (s.defined || key !== 'type')) {
        findings.push(`${s.name}: ${key} is ${s[key]} and in the target ${t[key]}`);
      }
    }
  }
  const stacked = new Set(functions.flatMap((f) => (f.nativeEntry === undefined ? [] : [f.target])));
  for (const t of target.symbols.values()) {
    if (stacked.has(t.name)) continue;
    if (t.defined && t.binding !== 'local' && !source.symbols.get(t.name)?.defined) {
      findings.push(`the target defines ${t.name}, and the source does not`);
    }
  }
  return findings;
}

/** Instructions that follow each other in a function must follow each other in memory. */
function layoutFindings(program: Program, side: string): string[] {
  const findings: string[] = [];
  const { statements } = program.ast;
  for (const s of statements) {
    if (s.kind === 'directive' && s.name === '.subsection' && (s.args[0] ?? '0') !== '0') {
      findings.push(`the ${side} uses subsections, which change the order of code`);
    }
  }
  const sectionOf: number[] = [];
  splitSections(statements).forEach((section, number) => {
    for (const index of section.statements) sectionOf[index] = number;
  });
  for (const code of program.functions) {
    for (const part of code.parts) {
      for (let i = part.start; i + 1 < part.end; i++) {
        const [from, to] = [code.statementAt[i], code.statementAt[i + 1]];
        const inst = code.insts[i];
        if (from === undefined || to === undefined || inst === undefined || to === from + 1) continue;
        if (to < from) findings.push(`${code.name}: the order of the ${side}'s code is not that of its text`);
        const gap = gapBetween(program, sectionOf, from, to);
        if (gap !== undefined && goesOn(program, inst)) findings.push(`${code.name}: control runs into ${gap}`);
      }
    }
  }
  return findings;
}

/** What stands between two instructions of a function, in their section, and is no padding. */
function gapBetween(program: Program, sectionOf: readonly number[], from: number, to: number): string | undefined {
  for (let i = from + 1; i < to; i++) {
    const s = program.ast.statements[i];
    if (s?.kind !== 'directive' || sectionOf[i] !== sectionOf[from]) continue;
    const kind = DIRECTIVES.get(s.name)?.kind;
    if (kind === 'data' || kind === 'float' || kind === 'leb' || kind === 'string' || kind === 'fill') return s.name;
    if (kind === 'align' && !padsWithNops(program, s.name, s.args)) return `${s.name} with a fill value`;
  }
  return undefined;
}

function padsWithNops(program: Program, name: string, args: readonly string[]): boolean {
  const fill = args[1]?.trim() ?? '';
  if (fill === '' || (program.isa.name === 'x86_64' && /^(?:0x90|144)$/i.test(fill))) return true;
  return /^\d+$/.test(args[0] ?? '') && alignmentBytes(name, BigInt(args[0] ?? '0'), program.isa.name) <= 1n;
}

/** Whether control may go on behind the instruction. */
function goesOn(program: Program, inst: Inst): boolean {
  return !effectsOf(inst, new SymbolicState(program.isa, 'l.')).some(
    (e) => e.kind === 'return' || ((e.kind === 'jump' || e.kind === 'trap') && e.condition === undefined),
  );
}
