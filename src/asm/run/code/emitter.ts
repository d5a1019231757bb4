// SPDX-License-Identifier: MIT

import { must } from '../../../base/assert.ts';
import { append } from '../../../base/lists.ts';
import { bv, mask } from '../../../logic/pool.ts';
import type { Op, Term } from '../../../logic/term.ts';
import { Code, I32, I64, OP, type ValueType } from '../wasm/code.ts';
import { emitBit } from './emit-bit.ts';
import { emitFloat, isFloatOp } from './emit-float.ts';
import { hostWords } from './emit-host.ts';
import { emitLeadingZeros, emitRotation, emitSignedDivision, emitUnsignedDivision } from './emit-integer.ts';
import { emitBits, emitWide } from './emit-wide.ts';
import { argOf, below, isShort, negated } from './shapes.ts';

/** An operator that no WebAssembly instruction does: the host evaluates it. */
export interface HostOperator {
  readonly op: Op;
  readonly width: number;
  readonly lo: number;
  readonly name: string;
  readonly argWidths: readonly number[];
}

/** What the code of a function may call. */
export interface Helpers {
  /** The number of an operator for `operate`. */
  operator(o: HostOperator): number;
  /** Imported: (operator's number). */
  readonly operate: number;
  /** The upper half of the product of two unsigned numbers of 64 bits. */
  readonly multiplyHigh: number;
}

/**
 * Where the values of terms are: in local variables, one for each word, or known numbers. Terms that name locations mean
 * them as they were before one instruction, so bindings belong to an instruction.
 */
export type Bindings = Map<Term, readonly number[] | bigint>;

/**
 * Writes code that computes terms. A term of 1 bit is an i32, one of up to 64 bits an i64 with zeros above; wider ones are
 * rows of i64, the lowest first. Terms are pure, so both sides of a choice are computed and the order is free.
 */
export class Emitter {
  readonly code = new Code(1 << 10);
  readonly locals: ValueType[] = [];
  readonly helpers: Helpers;
  private known: Bindings = new Map();
  private uses = new Map<Term, number>();
  private free: { [I32]: number[]; [I64]: number[] } = { [I32]: [], [I64]: [] };
  private taken: [type: ValueType, local: number][] = [];

  constructor(helpers: Helpers) {
    this.helpers = helpers;
  }

  /** A local variable of the function's own. */
  local(type: ValueType): number {
    this.locals.push(type);
    return this.locals.length - 1;
  }

  /** A local variable until the next `release`. */
  temp(type: ValueType): number {
    const local = this.free[type].pop() ?? this.local(type);
    this.taken.push([type, local]);
    return local;
  }

  /** Gives back all temporary variables. */
  release(): void {
    for (const [type, local] of this.taken) this.free[type].push(local);
    this.taken = [];
  }

  /** Goes on with these bindings; what is computed is added to them. */
  use(bindings: Bindings): void {
    this.known = bindings;
  }

  localsOf(t: Term): readonly number[] | undefined {
    const known = this.known.get(t);
    return typeof known === 'bigint' ? undefined : known;
  }

  numberOf(t: Term): bigint | undefined {
    const known = this.known.get(t);
    return typeof known === 'bigint' ? known : undefined;
  }

  /** Counts how often the parts of terms are needed, so that what is needed twice is computed once. */
  prepare(...roots: readonly Term[]): void {
    this.uses = new Map();
    const todo = [...roots];
    for (let t = todo.pop(); t !== undefined; t = todo.pop()) {
      if (t.op === 'const' || t.op === 'var' || this.known.has(t)) continue;
      const count = this.uses.get(t) ?? 0;
      this.uses.set(t, count + 1);
      if (count === 0) append(todo, t.args);
    }
  }

  /** Pushes a term: an i32 for one bit, else an i64; of at most 64 bits. */
  value(t: Term): void {
    const { code } = this;
    const known = t.op === 'const' ? t.value : this.known.get(t);
    if (typeof known === 'bigint') {
      if (t.width === 1) code.i32(Number(known));
      else code.i64(known);
      return;
    }
    if (known !== undefined) {
      code.get(must(known[0], 'a local'));
      return;
    }
    if (t.width === 1) emitBit(this, t);
    else if (t.width <= 32 && isShort(t.op)) {
      this.short(t);
      code.op(OP.i64ExtendI32U);
    } else this.long(t);
    if ((this.uses.get(t) ?? 0) > 1 && t.op !== 'var') {
      const local = this.temp(t.width === 1 ? I32 : I64);
      code.tee(local);
      this.known.set(t, [local]);
    }
  }

  /** Pushes a term of at most 32 bits as an i32. */
  value32(t: Term): void {
    const { code } = this;
    if (t.width === 1) this.value(t);
    else if (t.op === 'const') code.i32(Number(BigInt.asIntN(32, t.value)));
    else if (this.known.has(t) || (this.uses.get(t) ?? 0) > 1 || !isShort(t.op)) {
      if (t.op === 'extract' && !this.known.has(t) && t.lo === 0 && t.width === 32 && (t.args[0]?.width ?? 0) <= 64) {
        this.value(argOf(t, 0));
      } else this.value(t);
      code.op(OP.i32WrapI64);
    } else this.short(t);
  }

  /** Pushes a term of at most 64 bits as an i64. */
  value64(t: Term): void {
    this.value(t);
    if (t.width === 1) this.code.op(OP.i64ExtendI32U);
  }

  /** Pushes a term with its sign extended to an i64. */
  signed64(t: Term): void {
    const { code } = this;
    this.value64(t);
    if (t.width === 64) return;
    if (t.width === 32) code.op(OP.i64Extend32S);
    else if (t.width === 16) code.op(OP.i64Extend16S);
    else if (t.width === 8) code.op(OP.i64Extend8S);
    else {
      const by = BigInt(64 - t.width);
      code.i64(by);
      code.op(OP.i64Shl);
      code.i64(by);
      code.op(OP.i64ShrS);
    }
  }

  /** The words of a term, computed at the latest now. */
  words(t: Term): readonly number[] {
    const before = this.known.get(t);
    if (before !== undefined && typeof before !== 'bigint') return before;
    let locals: readonly number[];
    if (t.width > 64) locals = before === undefined ? emitWide(this, t) : emitWide(this, bv(t.width, before));
    else {
      this.value(t);
      locals = [this.temp(t.width === 1 ? I32 : I64)];
      this.code.set(must(locals[0], 'a local'));
    }
    if (before === undefined) this.known.set(t, locals);
    return locals;
  }

  /** Clears the bits of the i64 on the stack from `width` on. */
  mask(width: number): void {
    if (width >= 64) return;
    if (width === 32) {
      this.code.op(OP.i32WrapI64);
      this.code.op(OP.i64ExtendI32U);
      return;
    }
    this.code.i64(mask(width));
    this.code.op(OP.i64And);
  }

  private mask32(width: number): void {
    if (width >= 32) return;
    this.code.i32(Number(mask(width)));
    this.code.op(OP.i32And);
  }

  /** Pushes a row of arguments with an operator between them. */
  fold(t: Term, op: number): void {
    t.args.forEach((a, i) => {
      this.value(a);
      if (i > 0) this.code.op(op);
    });
  }

  words64(t: Term): readonly number[] {
    if (t.width > 1) return this.words(t);
    const local = this.temp(I64);
    this.value64(t);
    this.code.set(local);
    return [local];
  }

  /** Operators that are done on 32 bits: pushes an i32 with zeros above. */
  private short(t: Term): void {
    const { code } = this;
    switch (t.op) {
      case 'add':
        this.sum(t, (x) => this.value32(x), OP.i32Add, OP.i32Sub);
        this.mask32(t.width);
        return;
      case 'mul':
        t.args.forEach((a, i) => {
          this.value32(a);
          if (i > 0) code.op(OP.i32Mul);
        });
        this.mask32(t.width);
        return;
      case 'not':
        this.value32(argOf(t, 0));
        code.i32(t.width === 32 ? -1 : Number(mask(t.width)));
        code.op(OP.i32Xor);
        return;
      case 'and':
      case 'or':
      case 'xor':
        t.args.forEach((a, i) => {
          this.value32(a);
          if (i > 0) code.op(t.op === 'and' ? OP.i32And : t.op === 'or' ? OP.i32Or : OP.i32Xor);
        });
        return;
      case 'shl':
        this.shift(t, (x) => this.value32(x), OP.i32Shl, false);
        this.mask32(t.width);
        return;
      case 'lshr':
        this.shift(t, (x) => this.value32(x), OP.i32ShrU, false);
        return;
      case 'ashr': {
        const [a, count] = [argOf(t, 0), argOf(t, 1)];
        this.signed64(a);
        code.op(OP.i32WrapI64);
        this.value32(count);
        if (!below(count, t.width)) {
          const local = this.temp(I32);
          code.tee(local);
          code.i32(t.width - 1);
          code.get(local);
          code.i32(t.width);
          code.op(OP.i32LtU);
          code.op(OP.select);
        }
        code.op(OP.i32ShrS);
        this.mask32(t.width);
        return;
      }
      default: {
        // A rotation of 32 bits.
        this.value32(argOf(t, 0));
        this.value32(argOf(t, 1));
        code.op(OP.i32Rotr);
      }
    }
  }

  /** A sum, with what is subtracted subtracted. */
  private sum(t: Term, push: (x: Term) => void, add: number, sub: number): void {
    const plus: Term[] = [];
    const minus: Term[] = [];
    for (const a of t.args) (negated(a) === undefined ? plus : minus).push(a);
    const first = plus[0];
    if (first === undefined) {
      if (t.width <= 32) this.code.i32(0);
      else this.code.i64(0n);
    }
    plus.forEach((a, i) => {
      push(a);
      if (i > 0) this.code.op(add);
    });
    for (const a of minus) {
      push(must(negated(a), 'a negated term'));
      this.code.op(sub);
    }
  }

  /** A shift by a count that may be the width or more, which gives 0. */
  private shift(t: Term, push: (x: Term) => void, op: number, long: boolean): void {
    const { code } = this;
    const [a, count] = [argOf(t, 0), argOf(t, 1)];
    push(a);
    push(count);
    if (below(count, t.width)) {
      code.op(op);
      return;
    }
    const local = this.temp(long ? I64 : I32);
    code.tee(local);
    code.op(op);
    if (long) {
      code.i64(0n);
      code.get(local);
      code.i64(BigInt(t.width));
      code.op(OP.i64LtU);
    } else {
      code.i32(0);
      code.get(local);
      code.i32(t.width);
      code.op(OP.i32LtU);
    }
    code.op(OP.select);
  }

  /** All else of up to 64 bits: pushes an i64 with zeros above. */
  private long(t: Term): void {
    const { code } = this;
    switch (t.op) {
      case 'not':
        this.value(argOf(t, 0));
        code.i64(mask(t.width));
        code.op(OP.i64Xor);
        return;
      case 'and':
        this.fold(t, OP.i64And);
        return;
      case 'or':
        this.fold(t, OP.i64Or);
        return;
      case 'xor':
        this.fold(t, OP.i64Xor);
        return;
      case 'add':
        this.sum(t, (x) => this.value64(x), OP.i64Add, OP.i64Sub);
        this.mask(t.width);
        return;
      case 'mul':
        this.fold(t, OP.i64Mul);
        this.mask(t.width);
        return;
      case 'udiv':
      case 'urem':
        emitUnsignedDivision(this, t);
        return;
      case 'sdiv':
        emitSignedDivision(this, t);
        return;
      case 'shl':
        this.shift(t, (x) => this.value64(x), OP.i64Shl, true);
        this.mask(t.width);
        return;
      case 'lshr':
        this.shift(t, (x) => this.value64(x), OP.i64ShrU, true);
        return;
      case 'ashr': {
        const count = argOf(t, 1);
        this.signed64(argOf(t, 0));
        this.value64(count);
        if (!below(count, t.width)) {
          const local = this.temp(I64);
          code.tee(local);
          code.i64(BigInt(t.width - 1));
          code.get(local);
          code.i64(BigInt(t.width));
          code.op(OP.i64LtU);
          code.op(OP.select);
        }
        code.op(OP.i64ShrS);
        this.mask(t.width);
        return;
      }
      case 'rotr':
        emitRotation(this, t);
        return;
      case 'concat':
      case 'extract':
        emitBits(this, t, 0, t.width);
        return;
      case 'sext': {
        const a = argOf(t, 0);
        if (a.width === 1) {
          code.i64(0n);
          this.value64(a);
          code.op(OP.i64Sub);
        } else this.signed64(a);
        this.mask(t.width);
        return;
      }
      case 'ite':
        this.value(argOf(t, 1));
        this.value(argOf(t, 2));
        this.value(argOf(t, 0));
        code.op(OP.select);
        return;
      case 'clz':
        emitLeadingZeros(this, t);
        return;
      default:
        if (isFloatOp(t.op)) emitFloat(this, t);
        else this.host(t);
    }
  }

  /** Has the host evaluate an operator; pushes the result, or for wide ones leaves it for `emitWide` to fetch. */
  host(t: Term): void {
    const [local = 0] = hostWords(this, t);
    this.code.get(local);
    if (t.width === 1) this.code.op(OP.i32WrapI64);
  }
}
