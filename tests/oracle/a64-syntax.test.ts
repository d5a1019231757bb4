// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aarch64 } from '../../src/asm/isa/aarch64/index.ts';
import { printOperand } from '../../src/asm/isa/aarch64/print.ts';
import { reg } from '../../src/asm/isa/aarch64/registers.ts';
import { constraintFailure } from '../../src/asm/isa/constraints.ts';
import type { Inst, InstDef } from '../../src/asm/isa/define.ts';
import { isDiagnostic } from '../../src/asm/isa/isa.ts';
import { examples, outside, symbolic } from '../../src/asm/isa/kind.ts';
import type { Operand } from '../../src/asm/isa/operand.ts';
import { assemble, rejected } from './a64-assemble.ts';

/** Every form against GNU as: what we print it takes, what we refuse it refuses, and reading changes no byte. */

const SPAN = { file: 'test.s', line: 1, column: 1, endColumn: 2 };
const read = (text: string): Inst | undefined => {
  const result = aarch64.readInst(text, 'gnu', SPAN);
  return isDiagnostic(result) ? undefined : result;
};
const print = (inst: Inst): string => aarch64.printInst(inst, 'gnu');

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

/** `casp` wants consecutive registers, which rotating through the examples never finds. */
function paired(def: InstDef, ops: readonly Operand[]): readonly Operand[] {
  if (!/^a64\.casp/.test(def.id)) return ops;
  return ops.map((o, i) => {
    const before = ops[i - 1];
    if (i % 2 === 0 || before?.kind !== 'reg') return o;
    const next = `${before.reg.name.charAt(0)}${Number(before.reg.name.slice(1)) + 1}`;
    return { kind: 'reg', reg: reg(next) };
  });
}

const accepted = aarch64.forms.flatMap((def) =>
  combinations(candidates(def))
    .map((ops): Inst => ({ def, ops: paired(def, ops) }))
    .filter((inst) => constraintFailure(inst) === undefined),
);

const withMnemonic = (text: string, name: string): string => name + text.slice(text.split(' ', 1)[0]?.length ?? 0);

describe('instructions of all forms', () => {
  it('has combinations for every form', () => {
    const tried = new Set(accepted.map((i) => i.def.id));
    expect(aarch64.forms.map((f) => f.id).filter((id) => !tried.has(id))).toEqual([]);
  });

  it('is accepted by GNU as, without a warning', () => {
    const lines = accepted.map(print);
    const { errors, warnings } = assemble(`${lines.join('\n')}\n`);
    // The manual exempts the zero register and the stack pointer, which share a number; this warning does not.
    const justified = [...warnings].filter(([line]) => !/^st.?xr.? wzr, .*\[sp\]$/.test(lines[line] ?? ''));
    const complaints = [...errors, ...justified].map(
      ([line, reason]) => `${accepted[line]?.def.id}: ${lines[line]}: ${reason}`,
    );
    expect(complaints).toEqual([]);
    expect(lines.length).toBeGreaterThan(10_000);
  });

  it('reads what it prints, as the same bytes', () => {
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
    expect(others.length).toBeGreaterThan(50);
  });
});

function nothing(): never {
  throw new Error('there are no forms');
}

/** Refused by us and taken by GNU as. Each with its reason. */
const stricter: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  {
    pattern: /^(movi|mvni|orr|bic) v\d+\.(4h|8h|2s|4s), #-1/,
    reason: 'GNU as cuts a negative number to 8 bits here, which is not the number that was written',
  },
];

describe('operands just outside their ranges', () => {
  const lines = [
    ...new Set(
      aarch64.forms.flatMap((def) => {
        const lists = candidates(def);
        return def.operands.flatMap(([, kind], position) =>
          outside(kind).map((operand) => {
            const ops = lists.map((l, i) => (i === position ? operand : l[Math.min(1, l.length - 1)]));
            const name = def.syntax.split(' ', 1)[0];
            return `${name} ${ops.map((o) => (o === undefined ? '' : printOperand(o))).join(', ')}`;
          }),
        );
      }),
    ),
  ];

  it('is refused by us and by GNU as, or taken by both', () => {
    const reasons = rejected(lines);
    const tooLax = lines.filter((line, i) => read(line) !== undefined && reasons.has(i));
    const tooStrict = lines.filter(
      (line, i) => read(line) === undefined && !reasons.has(i) && !stricter.some((s) => s.pattern.test(line)),
    );
    expect({ tooLax, tooStrict }).toEqual({ tooLax: [], tooStrict: [] });
    expect(reasons.size).toBeGreaterThan(1000);
    const unused = stricter.filter((s) => !lines.some((line, i) => !reasons.has(i) && s.pattern.test(line)));
    expect(unused).toEqual([]);
  });

  it('is refused with a diagnostic for the range', () => {
    const others = lines.flatMap((line) => {
      const result = aarch64.readInst(line, 'gnu', SPAN);
      return isDiagnostic(result) && result.code !== 'V0103' ? [`${result.code} ${line}`] : [];
    });
    // System registers that are not modelled are refused, not wrong.
    expect(others.filter((line) => !/^V0201 (mrs|msr)/.test(line))).toEqual([]);
  });
});

describe('the output of gcc', () => {
  const source = join(import.meta.dirname, 'a64-syntax.c');
  const flags = [
    [['-O0']],
    [['-O2']],
    [['-O2', '-fPIC']],
    [['-O3', '-march=armv8-a+lse+crc']],
    [['-Os', '-mno-outline-atomics', '-mbranch-protection=standard']],
    [['-O2', '-mcmodel=large', '-fno-pic', '-fno-pie']],
    [['-O2', '-fPIC', '-mtls-dialect=desc', '-fno-strict-aliasing']],
  ];

  it.each(flags)('reads and prints to the same object: %j', (options) => {
    const run = spawnSync('aarch64-linux-gnu-gcc', [...options, '-S', '-o', '-', source], { encoding: 'utf8' });
    expect(run.status, run.stderr).toBe(0);
    let count = 0;
    const unread: string[] = [];
    const again = run.stdout.split('\n').map((line) => {
      if (!/^\t[a-z]/.test(line)) return line;
      count++;
      const text = line
        .slice(1)
        .replace(/\/\/.*/, '')
        .trimEnd();
      const inst = read(text);
      if (inst === undefined) unread.push(text);
      return inst === undefined ? line : `\t${print(inst)}`;
    });
    expect(unread).toEqual([]);
    expect(count).toBeGreaterThan(300);
    const [a, b] = [assemble(run.stdout), assemble(again.join('\n'))];
    expect([...a.errors]).toEqual([]);
    expect(a.object?.equals(b.object ?? Buffer.alloc(0))).toBe(true);
  });
});
