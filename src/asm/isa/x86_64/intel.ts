// SPDX-License-Identifier: MIT
import type { Expr, Operand, Reg } from '../operand.ts';
import { checkAddressReg, makeMemory, regOperand } from './att.ts';
import { isForeignRegister } from './registers.ts';
import { badOperand, isDigit, numberExpr, printExpr, type Scanner, unsupported } from './scan.ts';

/** Operands in GNU as's Intel syntax without prefixes: `dword ptr [rax+rcx*4-8]`, `offset foo`, `foo[rip]`, `fs:40`. */

const SIZES = new Map([
  ['byte', 8],
  ['word', 16],
  ['dword', 32],
  ['qword', 64],
  ['fword', 48],
  ['tbyte', 80],
  ['xmmword', 128],
  ['oword', 128],
  ['ymmword', 256],
  ['zmmword', 512],
]);
const SIZE_NAMES = new Map<number, string>([
  [8, 'byte'],
  [16, 'word'],
  [32, 'dword'],
  [64, 'qword'],
  [80, 'tbyte'],
  [128, 'xmmword'],
]);
const SEGMENTS = new Set(['cs', 'ds', 'es', 'fs', 'gs', 'ss']);

/** What an operand adds up to: numbers and symbols, registers with their scales, and whether brackets came. */
interface Parts {
  expr: Expr;
  regs: { reg: Reg; scale: number; explicit: boolean; start: number; end: number }[];
  memory: boolean;
  /** From `dword ptr`, before the operand or, as gcc writes it after `call`, within its brackets. */
  width: number | undefined;
  offset: boolean;
  segment: string | undefined;
}

export function readIntelOperand(s: Scanner, branch: boolean): Operand {
  s.next();
  const start = s.pos;
  const width = readSize(s);
  s.next();
  const first = s.pos;
  const parts: Parts = {
    expr: numberExpr(0n),
    regs: [],
    memory: width !== undefined,
    width,
    offset: false,
    segment: undefined,
  };
  sum(s, parts, false);
  const only = parts.regs[0];
  if (parts.segment === undefined && !parts.memory && only !== undefined) {
    const plain =
      parts.regs.length === 1 && !only.explicit && parts.expr.plus === undefined && parts.expr.offset === 0n;
    if (!plain) throw badOperand('registers can only be added within brackets', first, s.pos);
    const operand = regOperand(only.reg.name);
    if (operand !== undefined) return operand;
  }
  const named = parts.expr.plus !== undefined || parts.expr.minus !== undefined;
  if (parts.offset && parts.regs.length > 0) throw badOperand("'offset' takes no registers", first, s.pos);
  if (parts.offset || (!parts.memory && parts.segment === undefined && !named))
    return { kind: 'imm', value: parts.expr, label: branch && !parts.offset };
  if (branch && !parts.memory && parts.segment === undefined) return { kind: 'imm', value: parts.expr, label: true };
  const { base, index, scale } = arrange(parts, start, s.pos);
  const segment = parts.segment === 'ds' && base === undefined && index === undefined ? undefined : parts.segment;
  const operand = makeMemory(parts.expr, base, index, scale, segment);
  return parts.width === undefined ? operand : { ...operand, width: parts.width };
}

/** `dword ptr`; in GNU as the word `ptr` may be missing before brackets. */
function readSize(s: Scanner): number | undefined {
  s.next();
  const start = s.pos;
  const width = SIZES.get(s.name().toLowerCase());
  if (width === undefined) {
    s.pos = start;
    return undefined;
  }
  s.next();
  const mark = s.pos;
  if (s.name().toLowerCase() === 'ptr') return width;
  s.pos = mark;
  if (s.text.charCodeAt(mark) === 91) return width;
  s.pos = start;
  return undefined;
}

function arrange(parts: Parts, start: number, end: number): { base?: Reg; index?: Reg; scale: number } {
  if (parts.regs.length > 2) throw badOperand('an address has at most two registers', start, end);
  let [a, b] = parts.regs;
  if (a === undefined) return { scale: 1 };
  if (b === undefined) {
    checkAddressReg(a.reg, a.explicit, a.start, a.end);
    return a.explicit ? { index: a.reg, scale: a.scale } : { base: a.reg, scale: 1 };
  }
  if (a.explicit && b.explicit) throw badOperand('only one register of an address can be scaled', b.start, b.end);
  if (a.explicit || (!b.explicit && b.reg.loc === 'rsp')) [a, b] = [b, a];
  checkAddressReg(a.reg, false, a.start, a.end);
  checkAddressReg(b.reg, true, b.start, b.end);
  return { base: a.reg, index: b.reg, scale: b.scale };
}

function add(s: Scanner, parts: Parts, e: Expr, negative: boolean, start: number): void {
  parts.expr = s.sum(parts.expr, negative ? s.negated(e, start) : e, start);
}

function sum(s: Scanner, parts: Parts, negative: boolean): void {
  let minus = negative;
  for (;;) {
    product(s, parts, minus);
    // What follows directly in brackets is added: `foo[rip]`, `[rax][rbx]`.
    while (s.next() === 91) primary(s, parts, false);
    const c = s.next();
    if (c !== 43 && c !== 45) return;
    s.pos++;
    minus = (c === 45) !== negative;
  }
}

const OPERATORS = ['*', '/', '%', '<<', '>>'] as const;

/** The operator that comes next, of those that bind closest. */
function operatorAt(s: Scanner): (typeof OPERATORS)[number] | undefined {
  s.next();
  return OPERATORS.find((op) => s.text.startsWith(op, s.pos));
}

function folded(s: Scanner, op: '/' | '%' | '<<' | '>>', a: bigint, b: bigint, start: number): bigint {
  if (op === '<<' || op === '>>') {
    if (b < 0n || b > 63n) return s.fail('the shift is too far', start);
    return op === '<<' ? a << b : a >> b;
  }
  if (b === 0n) return s.fail('a division by zero', start);
  return op === '/' ? a / b : a % b;
}

/** A product or quotient of numbers, with at most one register among them; a register's factor is its scale. */
function product(s: Scanner, parts: Parts, negative: boolean): void {
  const start = s.pos;
  const count = parts.regs.length;
  if (s.next() === 91) {
    primary(s, parts, negative);
    return;
  }
  let factor: Expr | undefined = primary(s, parts, negative);
  for (let op = operatorAt(s); op !== undefined; op = operatorAt(s)) {
    s.pos += op.length;
    const right = primary(s, parts, false);
    if (op !== '*') {
      if (factor === undefined || right === undefined) return s.fail(`'${op}' needs numbers`, start);
      factor = numberExpr(folded(s, op, s.constant(factor, start), s.constant(right, start), start));
      continue;
    }
    if (factor === undefined) factor = right;
    else if (right !== undefined) factor = numberExpr(s.constant(factor, start) * s.constant(right, start));
    const r = parts.regs[count];
    if (r !== undefined) r.explicit = true;
  }
  const r = parts.regs[count];
  if (r?.explicit === true && parts.regs.length === count + 1) {
    const scale = factor === undefined ? 1n : s.constant(factor, start);
    if (scale !== 1n && scale !== 2n && scale !== 4n && scale !== 8n)
      throw badOperand('the scale must be 1, 2, 4 or 8', start, s.pos);
    r.scale = Number(scale);
    return;
  }
  if (factor !== undefined) add(s, parts, factor, negative, start);
}

/** A number or symbol comes back as expression; registers and brackets go into `parts`. */
function primary(s: Scanner, parts: Parts, negative: boolean): Expr | undefined {
  const c = s.next();
  const start = s.pos;
  if (isDigit(c)) return s.number();
  switch (c) {
    case 91:
      s.pos++;
      parts.memory = true;
      parts.width ??= readSize(s);
      sum(s, parts, negative);
      if (!s.take(93)) return s.fail("']' is missing", start);
      return undefined;
    case 40: {
      s.pos++;
      const inner = s.expression();
      if (!s.take(41)) return s.fail("')' is missing", start);
      return inner;
    }
    case 45: {
      s.pos++;
      const e = primary(s, parts, negative);
      return e === undefined ? s.fail('a register cannot be subtracted', start) : s.negated(e, start);
    }
    case 43:
      s.pos++;
      return primary(s, parts, negative);
    case 126: {
      s.pos++;
      const e = primary(s, parts, negative);
      return numberExpr(~s.constant(e ?? s.fail('a number is missing', start), start));
    }
    case 39:
      return s.character();
    case 34:
      return s.symbol(s.quoted());
    case 37:
      s.pos++;
      break;
    default:
  }
  const name = s.name();
  if (name === '') return s.fail(Number.isNaN(c) ? 'an operand is missing' : 'an operand was expected');
  const lower = name.toLowerCase();
  if (lower === 'offset') {
    parts.offset = true;
    s.next();
    if (/^flat:/i.test(s.text.slice(s.pos))) s.pos += 5;
    return primary(s, parts, negative);
  }
  if (SEGMENTS.has(lower) && s.next() === 58) {
    s.pos++;
    parts.segment = lower;
    return primary(s, parts, negative);
  }
  const known = regOperand(lower);
  if (known !== undefined) {
    if (negative) throw badOperand('a register cannot be subtracted', start, s.pos);
    parts.regs.push({ reg: known.reg, scale: 1, explicit: false, start, end: s.pos });
    return undefined;
  }
  if (isForeignRegister(lower)) throw unsupported(`the register ${name} is not supported`, start, s.pos);
  if (name === '.') throw unsupported("'.' (the current address) is not supported here", start, s.pos);
  return s.symbol(name);
}

/** `width` is that of the position in bits, which memory operands show; 0 where only the address counts. */
export function printIntelOperand(o: Operand, width: number): string {
  switch (o.kind) {
    case 'reg':
      return o.reg.name;
    case 'imm': {
      const named = o.value.plus !== undefined || o.value.minus !== undefined;
      return named && !o.label ? `offset ${printExpr(o.value)}` : printExpr(o.value);
    }
    case 'mem': {
      const size = SIZE_NAMES.get(width);
      let out = size === undefined ? '' : `${size} ptr `;
      const named = o.disp.plus !== undefined || o.disp.minus !== undefined;
      const based = o.base !== undefined || o.index !== undefined;
      if (o.segment !== undefined) out += `${o.segment}:`;
      if (named) out += printExpr({ ...o.disp, offset: based ? 0n : o.disp.offset });
      if (!based) {
        if (named) return out;
        return `${out}${o.segment === undefined ? 'ds:' : ''}${o.disp.offset}`;
      }
      out += '[';
      if (o.base !== undefined) out += o.base.name;
      if (o.index !== undefined) {
        if (o.base !== undefined) out += '+';
        out += `${o.index.name}*${o.scale ?? 1}`;
      }
      if (o.disp.offset > 0n) out += `+${o.disp.offset}`;
      else if (o.disp.offset < 0n) out += o.disp.offset.toString();
      return `${out}]`;
    }
    default:
      return `<${o.kind}>`;
  }
}
