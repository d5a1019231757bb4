// SPDX-License-Identifier: MIT
import type { Expr, MemOperand, Operand, Reg, RegOperand } from '../operand.ts';
import { num, regOp } from '../operand.ts';
import { isForeignRegister, registers } from './registers.ts';
import { badOperand, isNamePart, printExpr, type Scanner, unsupported } from './scan.ts';

/** Operands in AT&T syntax: `%eax`, `$5`, `8(%rax,%rbx,4)`, `%fs:40`, `foo(%rip)`, `*%rax`. */

const regOps = new Map<string, RegOperand>();
for (const [name, r] of registers) regOps.set(name, regOp(r));
export const regOperand = (name: string): RegOperand | undefined => regOps.get(name);

const ZERO: Expr = num(0);

function readReg(s: Scanner): RegOperand {
  const start = s.pos++;
  let p = s.pos;
  while (isNamePart(s.text.charCodeAt(p))) p++;
  const name = s.text.slice(s.pos, p);
  const known = regOps.get(name) ?? regOps.get(name.toLowerCase());
  s.pos = p;
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  if (isForeignRegister(lower)) {
    if (lower === 'st' && s.text[p] === '(') s.pos = s.text.indexOf(')', p) + 1 || s.text.length;
    throw unsupported(`the register %${name} is not supported`, start, s.pos);
  }
  throw badOperand(`there is no register %${name}`, start, Math.max(p, start + 1));
}

/** One operand. In a branch, a bare expression is a label; everywhere else it is memory. `star` tells whether `*` came. */
export function readAttOperand(s: Scanner, branch: boolean): { operand: Operand; star: boolean } {
  let c = s.next();
  let star = false;
  if (c === 42) {
    star = true;
    s.pos++;
    c = s.next();
  }
  return { operand: readPlain(s, c, branch && !star), star };
}

function readPlain(s: Scanner, c: number, branch: boolean): Operand {
  if (c === 37) {
    const start = s.pos;
    const r = readReg(s);
    if (s.next() !== 58) return r;
    s.pos++;
    if (r.reg.class !== 'seg') throw badOperand(`%${r.reg.name} is not a segment`, start, s.pos - 1);
    return readMemory(s, r.reg.name);
  }
  if (c === 36) {
    s.pos++;
    return { kind: 'imm', value: s.expression(), label: false };
  }
  if (branch && c !== 40) {
    const value = s.expression();
    if (s.next() === 40) return readBaseIndex(s, value, undefined);
    return { kind: 'imm', value, label: true };
  }
  return readMemory(s, undefined);
}

/** Whether the parenthesis here opens `(base,index,scale)` and not a number in parentheses. */
function opensBase(s: Scanner): boolean {
  let p = s.pos + 1;
  while (s.text.charCodeAt(p) === 32 || s.text.charCodeAt(p) === 9) p++;
  const c = s.text.charCodeAt(p);
  return c === 37 || c === 44;
}

function readMemory(s: Scanner, segment: string | undefined): MemOperand {
  const c = s.next();
  const disp = c === 40 && opensBase(s) ? ZERO : s.expression();
  if (s.next() === 40) return readBaseIndex(s, disp, segment);
  return makeMemory(disp, undefined, undefined, 1, segment);
}

function readBaseIndex(s: Scanner, disp: Expr, segment: string | undefined): MemOperand {
  const open = s.pos++;
  let base: Reg | undefined;
  let index: Reg | undefined;
  let scale = 1;
  if (s.next() === 37) base = addressReg(s, readAddressReg(s), false);
  if (s.take(44)) {
    const c = s.next();
    if (c === 37) index = addressReg(s, readAddressReg(s), true);
    if (c !== 37 || s.take(44)) {
      const start = s.pos;
      if (s.next() !== 41) {
        const value = s.constant(s.expression(), start);
        if (value !== 1n && value !== 2n && value !== 4n && value !== 8n)
          throw badOperand('the scale must be 1, 2, 4 or 8', start, s.pos);
        scale = Number(value);
      }
    }
  }
  if (s.next() !== 41) throw badOperand("')' is missing", open, s.pos + 1);
  s.pos++;
  return makeMemory(disp, base, index, scale, segment);
}

export function makeMemory(
  disp: Expr,
  base: Reg | undefined,
  index: Reg | undefined,
  scale: number,
  segment: string | undefined,
): MemOperand {
  // All of them with the same properties, so that the engine has one representation for them.
  return { kind: 'mem', disp, base, index, scale: index === undefined ? undefined : scale, segment };
}

function readAddressReg(s: Scanner): { reg: Reg; start: number } {
  const start = s.pos;
  return { reg: readReg(s).reg, start };
}

function addressReg(s: Scanner, { reg, start }: { reg: Reg; start: number }, asIndex: boolean): Reg {
  checkAddressReg(reg, asIndex, start, s.pos);
  return reg;
}

/** Refuses registers that cannot be the base or the index of an address. */
export function checkAddressReg(r: Reg, asIndex: boolean, start: number, end: number): void {
  const general = r.class === 'gpr' && (r.width === 64 || r.width === 32);
  if (asIndex ? general && r.loc !== 'rsp' : general || r.class === 'ip') return;
  throw badOperand(`${r.name} cannot be ${asIndex ? 'an index' : 'a base'} register`, start, end);
}

export function printAttOperand(o: Operand): string {
  switch (o.kind) {
    case 'reg':
      return `%${o.reg.name}`;
    case 'imm':
      return o.label ? printExpr(o.value) : `$${printExpr(o.value)}`;
    case 'mem': {
      const plain = o.disp.plus === undefined && o.disp.minus === undefined && o.disp.offset === 0n;
      const based = o.base !== undefined || o.index !== undefined;
      let out = o.segment === undefined ? '' : `%${o.segment}:`;
      if (!plain || !based) out += printExpr(o.disp);
      if (!based) return out;
      out += o.base === undefined ? '(' : `(%${o.base.name}`;
      if (o.index !== undefined) {
        out += `,%${o.index.name}`;
        if ((o.scale ?? 1) !== 1 || o.base === undefined) out += `,${o.scale ?? 1}`;
      }
      return `${out})`;
    }
    default:
      return `<${o.kind}>`;
  }
}
