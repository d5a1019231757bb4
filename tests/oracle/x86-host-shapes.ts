// SPDX-License-Identifier: MIT
import type { InstDef } from '../../src/asm/isa/define.ts';
import { immOp, labelOp, type MemOperand, num, type Operand, type Reg, regOp, sym } from '../../src/asm/isa/operand.ts';
import type { Random } from '../../src/base/random.ts';

/** The operands that instructions are tried with. */

const registerNames = [
  ...['al', 'cl', 'bl', 'dl', 'ah', 'ch', 'dh', 'bh', 'sil', 'dil', 'bpl', 'spl', 'r8b', 'r12b', 'r15b'],
  ...['ax', 'cx', 'dx', 'bx', 'sp', 'si', 'di', 'bp', 'r8w', 'r13w'],
  ...['eax', 'ecx', 'edx', 'ebx', 'esp', 'esi', 'edi', 'ebp', 'r8d', 'r12d', 'r15d'],
  ...['rax', 'rcx', 'rdx', 'rbx', 'rsp', 'rsi', 'rdi', 'rbp', 'r9', 'r12', 'r13'],
  ...['xmm0', 'xmm1', 'xmm2', 'xmm7', 'xmm8', 'xmm15'],
];

const immediates = [
  ...[0, 1, -1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 27, 31, 32, 33, 57, 63, 64, 65, 100, 127, -128, 128, 0x9c, 228, 255],
  ...[0x1234, -0x8000, 0x7fff, 0xffff, 0x12345678, 0x7fffffff, -0x80000000, 0xfffffff0],
  ...[0x123456789abcdef0n, 0x80000000n, -(1n << 63n), 0xffffffff80000001n],
];

/** A prefix of `data` is the middle of the area. */
function memories(register: (name: string) => Reg): MemOperand[] {
  const at = (base: string, disp = 0): MemOperand => ({ kind: 'mem', disp: num(disp), base: register(base) });
  const indexed = (base: string, index: string, scale: number, disp = 0): MemOperand => ({
    ...at(base, disp),
    index: register(index),
    scale,
  });
  return [
    at('rax'),
    at('rbp', -8),
    at('rsp', 16),
    at('r13'),
    at('r12', 1000),
    at('rsi'),
    at('rcx', 0x40),
    indexed('rdi', 'rcx', 4, 0x12345),
    indexed('rbx', 'r12', 1),
    indexed('r13', 'rax', 2),
    indexed('rsp', 'rbp', 8),
    { kind: 'mem', disp: num(64), index: register('rdx'), scale: 8 },
    { kind: 'mem', disp: num(0), index: register('r9'), scale: 1 },
    { ...indexed('ebx', 'esi', 2, 4) },
    { kind: 'mem', disp: sym('data', 16), base: register('rip') },
    { kind: 'mem', disp: sym('data', -48), base: register('rip') },
    { kind: 'mem', disp: sym('data', 64) },
    { kind: 'mem', disp: sym('data', 8), base: register('r14'), index: register('r15'), scale: 8 },
    { kind: 'mem', disp: num(0x10000a00) },
    { kind: 'mem', disp: num(40), segment: 'fs' },
    { kind: 'mem', disp: num(8), base: register('rax'), segment: 'gs' },
  ];
}

/** An operand's shape, of which each position should see every one: the kinds, and the registers that are special. */
function shapeOf(operand: Operand): string {
  if (operand.kind === 'reg') {
    if (operand.reg.lo === 8) return 'high byte';
    if (/^(?:r\d|xmm(?:8|9|1\d))/.test(operand.reg.name)) return 'register with REX';
    return 'register';
  }
  if (operand.kind === 'mem') {
    if (operand.segment !== undefined) return 'memory by segment';
    if (operand.base?.class === 'ip') return 'memory by rip';
    if (operand.base?.loc === 'rsp') return 'memory by rsp';
    return operand.index === undefined ? 'memory' : 'memory with index';
  }
  return operand.kind;
}

/** What an encoding cannot hold: two memory operands, or a high byte together with a REX prefix. */
function isEncodable(def: InstDef, operands: readonly Operand[]): boolean {
  if (operands.filter((o) => o.kind === 'mem').length > 1) return false;
  // "notrack" is a segment prefix.
  if (def.id.includes('notrack') && operands.some((o) => o.kind === 'mem' && o.segment !== undefined)) return false;
  const regs = operands.flatMap((o) => {
    if (o.kind === 'reg') return [o.reg];
    return o.kind === 'mem' ? [o.base, o.index].flatMap((r) => (r === undefined ? [] : [r])) : [];
  });
  if (!regs.some((r) => r.lo === 8)) return true;
  return !regs.some((r) => /^r\d|^(?:sil|dil|bpl|spl)$/.test(r.name) || (r.width === 64 && isData(r, operands)));
}

function isData(reg: Reg, operands: readonly Operand[]): boolean {
  return operands.some((o) => o.kind === 'reg' && o.reg === reg);
}

/** Choices of operands for a form: each shape at each position, at most `limit` unless the shapes are more. */
export function choicesFor(
  def: InstDef,
  register: (name: string) => Reg | undefined,
  label: string,
  random: Random,
  limit: number,
): Operand[][] {
  const named = (name: string): Reg => {
    const reg = register(name);
    if (reg === undefined) throw new Error(`no register ${name}`);
    return reg;
  };
  const all: Operand[] = [
    ...registerNames.map((n) => regOp(named(n))),
    ...memories(named),
    ...immediates.map((n) => immOp(n)),
    immOp(sym('data', 4)),
    labelOp(label),
    labelOp(label, 4),
  ];
  const candidates = def.operands.map(([, kind]) => all.filter((o) => kind.accepts(o)));
  if (candidates.some((c) => c.length === 0)) return [];

  const complete = (position: number, operand: Operand): Operand[] | undefined => {
    for (let tries = 0; tries < 40; tries++) {
      const chosen = candidates.map((c, i) => (i === position ? operand : random.pick(c)));
      if (isEncodable(def, chosen)) return chosen;
    }
    return undefined;
  };
  const found = new Map<string, Operand[]>();
  const take = (chosen: Operand[] | undefined): void => {
    if (chosen !== undefined)
      found.set(
        JSON.stringify(chosen, (_, v) => (typeof v === 'bigint' ? `${v}` : v)),
        chosen,
      );
  };

  if (candidates.length === 0) return [[]];
  candidates.forEach((list, position) => {
    for (const shape of new Set(list.map(shapeOf))) {
      take(complete(position, random.pick(list.filter((o) => shapeOf(o) === shape))));
    }
  });
  // The same register twice.
  const [first, second] = candidates;
  const twice = first?.filter((o) => o.kind === 'reg' && second?.some((p) => p.kind === 'reg' && p.reg === o.reg));
  if (twice !== undefined && twice.length > 0) {
    const chosen = random.pick(twice);
    const both = candidates.map((c, i) => (i < 2 ? chosen : random.pick(c)));
    if (isEncodable(def, both)) take(both);
  }
  for (let tries = 0; found.size < limit && tries < limit * 3; tries++) {
    const position = random.below(candidates.length);
    take(complete(position, random.pick(candidates[position] ?? [])));
  }
  return [...found.values()];
}
