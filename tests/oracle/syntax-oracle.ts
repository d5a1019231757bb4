// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { constraintFailure } from '../../src/asm/isa/constraints.ts';
import type { Inst, InstDef } from '../../src/asm/isa/define.ts';
import { type Isa, isDiagnostic } from '../../src/asm/isa/isa.ts';
import { examples, outside, symbolic } from '../../src/asm/isa/kind.ts';
import type { Operand } from '../../src/asm/isa/operand.ts';
import type { Assembler } from './gnu-assemble.ts';

/** Every form against GNU as: what we print it takes, what we refuse it refuses, and reading changes no byte. */
export interface SyntaxCase {
  readonly isa: Isa;
  readonly assembler: Assembler;
  readonly printOperand: (operand: Operand) => string;
  /** Makes operands that were chosen one by one go together. */
  readonly adjust?: (def: InstDef, ops: readonly Operand[]) => readonly Operand[];
  /** Lines that GNU as warns of for nothing. */
  readonly unjustified?: RegExp;
  /** Refused by us and taken by GNU as, each with its reason. */
  readonly stricter: readonly { readonly pattern: RegExp; readonly reason: string }[];
  /** Lines out of range that are refused as not supported. */
  readonly refused?: RegExp;
  /** How much has to be checked. */
  readonly atLeast: { readonly accepted: number; readonly aliases: number; readonly outside: number };
}

const SPAN = { file: 'test.s', line: 1, column: 1, endColumn: 2 };

const reader =
  (isa: Isa) =>
  (text: string): Inst | undefined => {
    const result = isa.readInst(text, 'gnu', SPAN);
    return isDiagnostic(result) ? undefined : result;
  };

/** Each operand of each position at least once; the other positions rotate through theirs. */
function combinations(lists: readonly (readonly Operand[])[]): (readonly Operand[])[] {
  if (lists.length === 0) return [[]];
  if (lists.some((l) => l.length === 0)) return [];
  const out: (readonly Operand[])[] = [];
  let turn = 0;
  lists.forEach((list, position) => {
    for (const operand of list) {
      // A constraint over several operands may rule a combination out: offer a few.
      for (let variant = 0; variant < 3; variant++) {
        out.push(
          lists.map((l, i) => (i === position ? operand : (l[(turn + i + variant * (i + 1)) % l.length] ?? operand))),
        );
      }
      turn++;
    }
  });
  return out;
}

const candidates = (def: InstDef): (readonly Operand[])[] =>
  def.operands.map(([, kind]) => [...examples(kind), ...symbolic(kind)]);

const withMnemonic = (text: string, name: string): string => name + text.slice(text.split(' ', 1)[0]?.length ?? 0);

export function testSyntax(c: SyntaxCase): void {
  const { isa } = c;
  const { assemble, rejected } = c.assembler;
  const read = reader(isa);
  const print = (inst: Inst): string => isa.printInst(inst, 'gnu');
  const adjust = c.adjust ?? ((_, ops) => ops);
  const accepted = isa.forms.flatMap((def) =>
    combinations(candidates(def))
      .map((ops): Inst => ({ def, ops: adjust(def, ops) }))
      .filter((inst) => constraintFailure(inst) === undefined),
  );

  describe('instructions of all forms', () => {
    it('has combinations for every form', () => {
      const tried = new Set(accepted.map((i) => i.def.id));
      expect(isa.forms.map((f) => f.id).filter((id) => !tried.has(id))).toEqual([]);
    });

    it('is accepted by GNU as, without a warning', () => {
      const lines = accepted.map(print);
      const { errors, warnings } = assemble(`${lines.join('\n')}\n`);
      const justified = [...warnings].filter(([line]) => c.unjustified?.test(lines[line] ?? '') !== true);
      const complaints = [...errors, ...justified].map(
        ([line, reason]) => `${accepted[line]?.def.id}: ${lines[line]}: ${reason}`,
      );
      expect(complaints).toEqual([]);
      expect(lines.length).toBeGreaterThan(c.atLeast.accepted);
    });

    it('reads what it prints, as the same form and the same bytes', () => {
      const lines = accepted.map(print);
      const again = lines.map((line) => {
        const inst = read(line);
        return inst === undefined ? `unread ${line}` : print(inst);
      });
      expect(again.filter((line) => line.startsWith('unread'))).toEqual([]);
      const [a, b] = [assemble(`${lines.join('\n')}\n`), assemble(`${again.join('\n')}\n`)];
      expect(a.object).toBeDefined();
      expect(a.object?.equals(b.object ?? Buffer.alloc(0))).toBe(true);
    });

    it('takes other spellings for the same bytes', () => {
      const spelled = accepted.flatMap((inst) =>
        inst.def.aliases.map((alias) => [print(inst), withMnemonic(print(inst), alias)]),
      );
      const lines = spelled.map(([canonical]) => canonical ?? '');
      const others = spelled.map(([, other]) => other ?? '');
      expect(others.filter((line) => read(line) === undefined)).toEqual([]);
      expect(others.map((line) => print(read(line) ?? { def: accepted[0]?.def ?? nothing(), ops: [] }))).toEqual(lines);
      const [a, b] = [assemble(`${lines.join('\n')}\n`), assemble(`${others.join('\n')}\n`)];
      expect(a.object?.equals(b.object ?? Buffer.alloc(0))).toBe(true);
      expect(others.length).toBeGreaterThan(c.atLeast.aliases);
    });
  });

  describe('operands just outside their ranges', () => {
    const lines = [...new Set(isa.forms.flatMap((def) => outsideLines(def, c.printOperand)))];

    it('is refused by us and by GNU as, or taken by both', () => {
      const reasons = rejected(lines);
      const tooLax = lines.filter((line, i) => read(line) !== undefined && reasons.has(i));
      const tooStrict = lines.filter(
        (line, i) => read(line) === undefined && !reasons.has(i) && !c.stricter.some((s) => s.pattern.test(line)),
      );
      expect({ tooLax, tooStrict }).toEqual({ tooLax: [], tooStrict: [] });
      expect(reasons.size).toBeGreaterThan(c.atLeast.outside);
      const unused = c.stricter.filter((s) => !lines.some((line, i) => !reasons.has(i) && s.pattern.test(line)));
      expect(unused).toEqual([]);
    });

    it('is refused with a diagnostic for the range', () => {
      const others = lines.flatMap((line) => {
        const result = isa.readInst(line, 'gnu', SPAN);
        return isDiagnostic(result) && result.code !== 'V0103' ? [{ code: result.code, line }] : [];
      });
      expect(others.filter(({ code, line }) => code !== 'V0201' || c.refused?.test(line) !== true)).toEqual([]);
    });
  });
}

/** One position out of range, the others as they may be. */
function outsideLines(def: InstDef, print: (operand: Operand) => string): string[] {
  const lists = candidates(def);
  return def.operands.flatMap(([, kind], position) =>
    outside(kind).map((operand) => {
      const ops = lists.map((l, i) => (i === position ? operand : l[Math.min(1, l.length - 1)]));
      const name = def.syntax.split(' ', 1)[0];
      return `${name} ${ops.map((o) => (o === undefined ? '' : print(o))).join(', ')}`;
    }),
  );
}

function nothing(): never {
  throw new Error('there are no forms');
}

export interface CompilerCase {
  readonly isa: Isa;
  readonly assembler: Assembler;
  readonly compiler: string;
  readonly comment: RegExp;
  readonly source: string;
  readonly flags: readonly (readonly string[])[];
  /** Instructions in every variant. */
  readonly atLeast: number;
}

export function testCompilerOutput(c: CompilerCase): void {
  const read = reader(c.isa);
  describe(`the output of ${c.compiler}`, () => {
    it.each(c.flags.map((f) => [f]))('reads and prints to the same object: %j', (options) => {
      const run = spawnSync(c.compiler, [...options, '-S', '-o', '-', c.source], { encoding: 'utf8' });
      expect(run.status, run.stderr).toBe(0);
      let count = 0;
      const unread: string[] = [];
      const again = run.stdout.split('\n').map((line) => {
        if (!/^\t[a-z]/.test(line)) return line;
        const statements = line
          .slice(1)
          .replace(c.comment, '')
          .split(';')
          .map((text) => text.trim());
        const printed = statements.map((statement) => {
          const [, label = '', text = ''] = /^(\d+:\s*)?(.*)$/.exec(statement) ?? [];
          if (text === '') return label;
          count++;
          const inst = read(text);
          if (inst === undefined) unread.push(text);
          return inst === undefined ? statement : label + c.isa.printInst(inst, 'gnu');
        });
        return `\t${printed.join('; ')}`;
      });
      expect(unread).toEqual([]);
      expect(count).toBeGreaterThan(c.atLeast);
      const [a, b] = [c.assembler.assemble(run.stdout), c.assembler.assemble(again.join('\n'))];
      expect([...a.errors]).toEqual([]);
      expect(a.object?.equals(b.object ?? Buffer.alloc(0))).toBe(true);
    });
  });
}
