// SPDX-License-Identifier: MIT

import type { Diagnostic, Diagnostics } from '../../base/diagnostic.ts';
import type { Inst } from '../isa/define.ts';
import { type Isa, isDiagnostic } from '../isa/isa.ts';
import { isNumber } from '../isa/operand.ts';
import type { AsmFile, DirectiveStatement, Statement } from '../text/ast.ts';
import { dataBytes } from '../text/directives.ts';
import { symbolName } from '../text/strings.ts';
import { flowOf } from './flow.ts';
import { emitsData, operandSymbols } from './references.ts';
import { splitSections } from './sections.ts';

/**
 * Puts instructions in the place of data directives that are machine code: those that control runs into, where the
 * instruction set knows the bytes. Bytes that control does not reach, behind a jump or a label that nothing jumps to,
 * are data. Where control runs into bytes that are not known, they are left as they are, and refused later on.
 */
export function readByteCode(file: AsmFile, diagnostics: Diagnostics): AsmFile {
  const { isa } = file;
  if (isa.readBytes === undefined) return file;
  const sections = splitSections(file.statements).filter((s) => s.executable);
  const written = sections.some((s) => s.statements.some((i) => bytesOf(file.statements[i], isa.name) !== undefined));
  if (!written) return file;
  const goals = jumpGoals(file);
  const replaced = new Map<number, readonly Statement[]>();
  for (const section of sections) new Walk(file, goals, replaced, diagnostics).take(section.statements);
  if (replaced.size === 0) return file;
  const statements = file.statements.flatMap((s, i) => replaced.get(i) ?? [s]);
  return { ...file, statements };
}

/** The bytes of a directive that has only numbers. */
function bytesOf(s: Statement | undefined, isa: Isa['name']): number[] | undefined {
  if (s?.kind !== 'directive' || s.values === undefined) return undefined;
  const size = dataBytes(s.name, isa);
  if (size === undefined) return undefined;
  const bytes: number[] = [];
  for (const v of s.values) {
    if (v === undefined || !isNumber(v)) return undefined;
    for (let i = 0n; i < size; i++) bytes.push(Number((v.offset >> (8n * i)) & 0xffn));
  }
  return bytes;
}

interface Goals {
  /** Labels that code goes to: targets of jumps and calls, and functions by their type. */
  readonly reached: ReadonlySet<string>;
  /** Labels whose address is taken. */
  readonly held: ReadonlySet<string>;
}

function jumpGoals(file: AsmFile): Goals {
  const flow = flowOf(file.isa);
  const reached = new Set<string>();
  const held = new Set<string>();
  for (const s of file.statements) {
    if (s.kind === 'directive' && s.name === '.type' && /function/i.test(s.args[1] ?? '')) {
      reached.add(symbolName(s.args[0] ?? ''));
    } else if (s.kind === 'inst') {
      const f = flow(s.inst);
      const target = f.kind === 'jump' || f.kind === 'call' ? f.target : undefined;
      if (target !== undefined) reached.add(target);
      for (const op of s.inst.ops) operandSymbols(op, (name) => name === target || held.add(name));
    }
  }
  return { reached, held };
}

/** Goes through the statements of one section. */
class Walk {
  private readonly file: AsmFile;
  private readonly goals: Goals;
  private readonly replaced: Map<number, readonly Statement[]>;
  private readonly diagnostics: Diagnostics;
  /** Whether control may come here. */
  private live = false;
  /** Prefixes that wait for their instruction. */
  private prefixes: { readonly index: number; readonly bytes: readonly number[] } | undefined;

  constructor(file: AsmFile, goals: Goals, replaced: Map<number, readonly Statement[]>, diagnostics: Diagnostics) {
    this.file = file;
    this.goals = goals;
    this.replaced = replaced;
    this.diagnostics = diagnostics;
  }

  take(indexes: readonly number[]): void {
    for (const index of indexes) {
      const s = this.file.statements[index];
      if (s?.kind === 'label') this.label(s.name);
      else if (s?.kind === 'inst') this.inst(index, s.inst);
      else if (s?.kind === 'directive' && emitsData(s)) this.data(index, s);
    }
  }

  private label(name: string): void {
    this.prefixes = undefined;
    if (this.goals.reached.has(name)) this.live = true;
    else if (this.goals.held.has(name)) this.live = false;
  }

  private inst(index: number, inst: Inst): void {
    this.live = this.goesOn(inst);
    const { prefixes, file } = this;
    this.prefixes = undefined;
    if (prefixes === undefined) return;
    const whole = file.isa.withPrefixBytes?.(prefixes.bytes, inst);
    const s = file.statements[index];
    if (whole === undefined || s?.kind !== 'inst') return;
    this.replaced.set(prefixes.index, []);
    if (whole !== inst) this.replaced.set(index, [{ ...s, inst: { ...whole, span: s.span } }]);
  }

  private goesOn(inst: Inst): boolean {
    const { kind, ...flow } = flowOf(this.file.isa)(inst);
    if (kind === 'jump') return 'conditional' in flow && flow.conditional;
    return kind !== 'return' && kind !== 'indirect' && kind !== 'trap';
  }

  private data(index: number, s: DirectiveStatement): void {
    const bytes = this.live ? bytesOf(s, this.file.isa.name) : undefined;
    this.prefixes = undefined;
    if (bytes === undefined) {
      this.live = false;
      return;
    }
    const found = this.file.isa.readBytes?.(bytes, s.span);
    if (found === undefined) {
      // Perhaps a prefix; if not, what follows is refused anyway.
      this.prefixes = { index, bytes };
      return;
    }
    const refused = found.filter((f): f is Diagnostic => isDiagnostic(f));
    for (const r of refused) this.diagnostics.add(r);
    const insts = found.filter((f): f is Inst => !isDiagnostic(f));
    this.replaced.set(
      index,
      insts.map((inst) => ({ kind: 'inst', inst, dialect: 'att', span: s.span })),
    );
    this.live = insts.every((inst) => this.goesOn(inst));
  }
}
