// SPDX-License-Identifier: MIT
import { InternalError, must } from '../base/assert.ts';
import { spendSteps } from '../core/budget.ts';
import { bitLength } from './bits.ts';
import { evaluateFloat } from './ieee.ts';
import { mask } from './pool.ts';
import { signedQuotient, signedRemainder } from './product.ts';
import type { Op, Term } from './term.ts';

/** The bytes of a memory, each from 0 to 255. Addresses are below 2^64. */
export type Bytes = (address: bigint) => number;

/** What the variables are. A variable that is not listed is 0; a memory that is not listed has bytes by a hash. */
export interface Assignment {
  readonly values: ReadonlyMap<Term, bigint>;
  readonly memories?: ReadonlyMap<Term, Bytes>;
}

const noArgs: readonly bigint[] = [];

function mix(h: bigint, x: bigint): bigint {
  const m = BigInt.asUintN(64, (h ^ x) * 0x9e3779b97f4a7c15n);
  return m ^ (m >> 29n);
}

function hashText(text: string): bigint {
  let h = 1n;
  for (let i = 0; i < text.length; i++) h = mix(h, BigInt(text.charCodeAt(i)));
  return h;
}

/** The value of the uninterpreted function `name`: a hash of its arguments, `width` bits of it. */
function applied(name: string, args: readonly bigint[], width: number): bigint {
  let h = hashText(name);
  for (const a of args) {
    for (let rest = a; rest !== 0n; rest >>= 64n) h = mix(h, BigInt.asUintN(64, rest));
    h = mix(h, 7n);
  }
  let value = 0n;
  for (let at = 0; at < width; at += 64) {
    h = mix(h, BigInt(at) + 1n);
    value |= h << BigInt(at);
  }
  return BigInt.asUintN(width, value);
}

function hashedBytes(seed: bigint): Bytes {
  return (address) => Number(mix(mix(seed, address), 11n) & 0xffn);
}

/** Bytes of a memory, little endian. */
export function readBytes(memory: Bytes, address: bigint, count: number): bigint {
  let value = 0n;
  for (let i = count - 1; i >= 0; i--) {
    value = (value << 8n) | BigInt(memory(BigInt.asUintN(64, address + BigInt(i))));
  }
  return value;
}

function written(memory: Bytes, address: bigint, value: bigint, count: number): Bytes {
  const size = BigInt(count);
  return (at) => {
    const distance = BigInt.asUintN(64, at - address);
    if (distance >= size) return memory(at);
    return Number((value >> (8n * distance)) & 0xffn);
  };
}

/** Evaluates terms under one assignment; what was evaluated once is remembered. */
export class Evaluator {
  private readonly assignment: Assignment;
  private readonly numbers = new Map<Term, bigint>();
  private readonly bytes = new Map<Term, Bytes>();

  constructor(assignment: Assignment) {
    this.assignment = assignment;
  }

  value(t: Term): bigint {
    this.run(t);
    return this.number(t);
  }

  memory(t: Term): Bytes {
    this.run(t);
    return must(this.bytes.get(t), 'the term is no memory');
  }

  private number(t: Term): bigint {
    return t.op === 'const' ? t.value : must(this.numbers.get(t), 'an argument has been evaluated');
  }

  private known(t: Term): boolean {
    return t.op === 'const' || (t.width === 0 ? this.bytes.has(t) : this.numbers.has(t));
  }

  private run(root: Term): void {
    if (this.known(root)) return;
    const before = this.numbers.size + this.bytes.size;
    const stack = [root];
    for (;;) {
      const t = stack[stack.length - 1];
      if (t === undefined) break;
      if (this.known(t)) {
        stack.pop();
        continue;
      }
      let ready = true;
      for (const a of t.args) {
        if (!this.known(a)) {
          stack.push(a);
          ready = false;
        }
      }
      if (!ready) continue;
      stack.pop();
      if (t.width === 0) this.bytes.set(t, this.step0(t));
      else this.numbers.set(t, this.step(t));
    }
    spendSteps(this.numbers.size + this.bytes.size - before);
  }

  private step0(t: Term): Bytes {
    const bytesOf = (a: Term | undefined) => must(a && this.bytes.get(a), 'a memory has been evaluated');
    switch (t.op) {
      case 'var':
        return this.assignment.memories?.get(t) ?? hashedBytes(hashText(t.name));
      case 'ite':
        return bytesOf(this.number(t.args[0] as Term) === 1n ? t.args[1] : t.args[2]);
      case 'store': {
        const value = t.args[2] as Term;
        const address = this.number(t.args[1] as Term);
        return written(bytesOf(t.args[0]), address, this.number(value), value.width / 8);
      }
      default:
        return hashedBytes(applied(t.name, this.plainArgs(t), 64));
    }
  }

  /** The arguments as numbers; of a memory, a few bytes stand for it. */
  private plainArgs(t: Term): readonly bigint[] {
    return t.args.map((a) => {
      if (a.width > 0) return this.number(a);
      const memory = must(this.bytes.get(a), 'a memory has been evaluated');
      return readBytes(memory, 0n, 8);
    });
  }

  private step(t: Term): bigint {
    switch (t.op) {
      case 'var':
        return BigInt.asUintN(t.width, this.assignment.values.get(t) ?? 0n);
      case 'apply':
        return applied(t.name, this.plainArgs(t), t.width);
      case 'load': {
        const memory = must(this.bytes.get(t.args[0] as Term), 'a memory has been evaluated');
        return readBytes(memory, this.number(t.args[1] as Term), t.width / 8);
      }
      case 'ite':
        return this.number((this.number(t.args[0] as Term) === 1n ? t.args[1] : t.args[2]) as Term);
      case 'eq': {
        const [a, b] = t.args as [Term, Term];
        if (a.width === 0) return this.sameMemory(a, b) ? 1n : 0n;
        return this.number(a) === this.number(b) ? 1n : 0n;
      }
      case 'concat': {
        let value = 0n;
        for (const a of t.args) value = (value << BigInt(a.width)) | this.number(a);
        return value;
      }
      default: {
        const args = t.args.length === 0 ? noArgs : t.args.map((a) => this.number(a));
        return operate(t.op, t.width, t.args[0]?.width ?? 0, t.lo, t.name, args);
      }
    }
  }

  /** Whether two memories agree wherever one of them was written; they must grow from the same memory. */
  private sameMemory(a: Term, b: Term): boolean {
    const [x, y] = [this.memory(a), this.memory(b)];
    for (const address of [...this.touched(a), ...this.touched(b)]) if (x(address) !== y(address)) return false;
    return true;
  }

  /** The addresses that the stores of a memory write. */
  touched(memory: Term): Set<bigint> {
    const addresses = new Set<bigint>();
    const seen = new Set<Term>();
    const todo = [memory];
    for (let m = todo.pop(); m !== undefined; m = todo.pop()) {
      if (seen.has(m)) continue;
      seen.add(m);
      for (const a of m.args) if (a.width === 0) todo.push(a);
      if (m.op !== 'store') continue;
      const start = this.value(m.args[1] as Term);
      const size = (m.args[2] as Term).width / 8;
      for (let i = 0; i < size; i++) addresses.add(BigInt.asUintN(64, start + BigInt(i)));
    }
    return addresses;
  }
}

/** The value of one term. */
export function evaluate(t: Term, assignment: Assignment): bigint {
  return new Evaluator(assignment).value(t);
}

const truth = (x: boolean): bigint => (x ? 1n : 0n);

/**
 * The value of an operator without memory. `from` is the width of the first argument, `lo` and `name` are the term's.
 */
export function operate(
  op: Op,
  width: number,
  from: number,
  lo: number,
  name: string,
  args: readonly bigint[],
): bigint {
  const a = args[0] ?? 0n;
  const b = args[1] ?? 0n;
  switch (op) {
    case 'not':
      return a ^ mask(width);
    case 'and':
      return args.reduce((x, y) => x & y);
    case 'or':
      return args.reduce((x, y) => x | y);
    case 'xor':
      return args.reduce((x, y) => x ^ y);
    case 'add':
      return BigInt.asUintN(
        width,
        args.reduce((x, y) => x + y),
      );
    case 'mul':
      return args.reduce((x, y) => BigInt.asUintN(width, x * y));
    case 'udiv':
      return b === 0n ? mask(width) : a / b;
    case 'urem':
      return b === 0n ? a : a % b;
    case 'sdiv':
      return signedQuotient(width, a, b);
    case 'srem':
      return signedRemainder(width, a, b);
    case 'shl':
      return b >= BigInt(width) ? 0n : BigInt.asUintN(width, a << b);
    case 'lshr':
      return b >= BigInt(width) ? 0n : a >> b;
    case 'ashr':
      return BigInt.asUintN(width, BigInt.asIntN(width, a) >> (b >= BigInt(width) ? BigInt(width) : b));
    case 'rotr': {
      const n = b % BigInt(width);
      return BigInt.asUintN(width, (a >> n) | (a << (BigInt(width) - n)));
    }
    case 'extract':
      return BigInt.asUintN(width, a >> BigInt(lo));
    case 'sext':
      return BigInt.asUintN(width, BigInt.asIntN(from, a));
    case 'ult':
      return truth(a < b);
    case 'slt':
      return truth(BigInt.asIntN(from, a) < BigInt.asIntN(from, b));
    case 'carry':
      return (a + b + (args[2] ?? 0n)) >> BigInt(from);
    case 'overflow': {
      const sum = BigInt.asIntN(from, a) + BigInt.asIntN(from, b) + (args[2] ?? 0n);
      return truth(BigInt.asIntN(from, sum) !== sum);
    }
    case 'clz':
      return BigInt.asUintN(width, BigInt(width - bitLength(a)));
    case 'bitrev': {
      let value = 0n;
      for (let i = 0; i < width; i++) value = (value << 1n) | ((a >> BigInt(i)) & 1n);
      return value;
    }
    case 'const':
    case 'var':
    case 'apply':
    case 'load':
    case 'store':
    case 'ite':
    case 'eq':
    case 'concat':
      throw new InternalError(`${op} is evaluated elsewhere`);
    default:
      return evaluateFloat(op, name, args, from, width);
  }
}
