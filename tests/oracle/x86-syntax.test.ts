// SPDX-License-Identifier: MIT
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Inst, InstDef } from '../../src/asm/isa/define.ts';
import { type Dialect, isDiagnostic } from '../../src/asm/isa/isa.ts';
import type { Operand, Reg } from '../../src/asm/isa/operand.ts';
import { x86_64 } from '../../src/asm/isa/x86_64/index.ts';
import { examples } from '../../src/asm/isa/x86_64/operands.ts';
import { needsRex } from '../../src/asm/isa/x86_64/registers.ts';

/**
 * Every form with many operands, printed in both dialects: GNU as must take both, make the same bytes and relocations
 * of them, and both texts must read back as the instruction they were printed from.
 */

/** Each operand takes all its examples in turn, while the others move on through theirs. */
function combinations(def: InstDef): Inst[] {
  const lists = def.operands.map(([, kind]) => examples(kind));
  const found = new Map<string, Inst>();
  lists.forEach((list, varied) => {
    list.forEach((example, k) => {
      for (const shift of [0, 3]) {
        const ops = lists
          .map((l, i) => (i === varied ? example : l[(k + shift + i) % l.length]))
          .filter((o) => o !== undefined);
        if (encodable(ops)) found.set(x86_64.printInst({ def, ops }, 'att'), { def, ops });
      }
    });
  });
  if (lists.length === 0) return [{ def, ops: [] }];
  return [...found.values()];
}

/** What no x86 instruction can say: two memory operands, or `ah` beside a REX prefix. */
function encodable(ops: readonly Operand[]): boolean {
  const regs: Reg[] = [];
  for (const o of ops) {
    if (o.kind === 'reg') regs.push(o.reg);
    if (o.kind === 'mem')
      for (const r of [o.base, o.index]) if (r !== undefined && r.loc.charCodeAt(1) <= 57) regs.push(r);
  }
  const memory = ops.filter((o) => o.kind === 'mem').length;
  return memory < 2 && !(regs.some((r) => r.lo === 8) && regs.some((r) => needsRex(r) && r.lo === 0));
}

const SLOT = 16;

interface Assembled {
  readonly errors: readonly string[];
  /** The bytes of each instruction with its relocations, as text. */
  readonly code: readonly string[];
}

function assemble(lines: readonly string[], dialect: Dialect): Assembled {
  const dir = mkdtempSync(join(tmpdir(), 'vouch-x86-syntax-'));
  try {
    const file = join(dir, 'a.s');
    const object = join(dir, 'a.o');
    const head = dialect === 'intel' ? '.intel_syntax noprefix' : '.att_syntax prefix';
    writeFileSync(
      file,
      `${head}\n${lines.map((l) => `.balign ${SLOT},0xf4; ${l}`).join('\n')}\n.balign ${SLOT},0xf4\n`,
    );
    const as = spawnSync('as', ['-o', object, file], { encoding: 'utf8' });
    const errors = as.stderr
      .split('\n')
      .filter((l) => !l.includes("stand-alone `data16' prefix"))
      .flatMap((l) => [...l.matchAll(/:(\d+): (?:Error|Warning): (.*)/g)])
      .map(([, line, text]) => `${lines[Number(line) - 2]}: ${text}`);
    if (as.status !== 0) return { errors, code: [] };
    execFileSync('objcopy', ['-O', 'binary', '-j', '.text', object, join(dir, 'a.bin')]);
    const bytes = readFileSync(join(dir, 'a.bin'));
    const code = lines.map((_, i) => bytes.subarray(i * SLOT, (i + 1) * SLOT).toString('hex'));
    const relocations = execFileSync('objdump', ['-r', '-w', object], { encoding: 'utf8', maxBuffer: 1 << 28 });
    for (const [, at, type, value] of relocations.matchAll(/^([0-9a-f]{16}) (\S+)\s+(\S+)$/gm)) {
      const i = Math.floor(Number.parseInt(at ?? '0', 16) / SLOT);
      code[i] += ` ${type} ${value}`;
    }
    return { errors, code };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function reread(text: string, dialect: Dialect): string {
  const inst = x86_64.readInst(text, dialect, { file: 'a.s', line: 1, column: 1, endColumn: text.length + 1 });
  if (isDiagnostic(inst)) return `${inst.code}: ${inst.message}`;
  return `${inst.def.id} ${x86_64.printInst(inst, 'att')}`;
}

describe('x86-64 syntax against GNU as', () => {
  const insts = x86_64.forms.flatMap(combinations);
  const att = insts.map((i) => x86_64.printInst(i, 'att'));
  const intel = insts.map((i) => x86_64.printInst(i, 'intel'));

  it('reads what it prints', () => {
    const wanted = insts.map((i, k) => `${i.def.id} ${att[k]}`);
    const differing = wanted.flatMap((w, k) => {
      const fromAtt = reread(att[k] ?? '', 'att');
      const fromIntel = reread(intel[k] ?? '', 'intel');
      return [
        ...(fromAtt === w ? [] : [`${att[k]} -> ${fromAtt}, not ${w}`]),
        ...(fromIntel === w ? [] : [`${intel[k]} -> ${fromIntel}, not ${w}`]),
      ];
    });
    expect(differing.slice(0, 40)).toEqual([]);
    expect(insts.length).toBeGreaterThan(10_000);
  });

  it('means the same bytes in both dialects', () => {
    const a = assemble(att, 'att');
    const b = assemble(intel, 'intel');
    expect([...a.errors.slice(0, 30), ...b.errors.slice(0, 30)]).toEqual([]);
    const differing = att.flatMap((text, i) =>
      a.code[i] === b.code[i] ? [] : [`${text} | ${intel[i]}: ${a.code[i]} | ${b.code[i]}`],
    );
    expect(differing.slice(0, 40)).toEqual([]);
    expect(a.code.length).toBe(insts.length);
    console.log(`x86 syntax: ${x86_64.forms.length} forms, ${insts.length} instructions checked in both dialects`);
  }, 120_000);
});
