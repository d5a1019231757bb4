// SPDX-License-Identifier: MIT
import { formatOf } from '../../../logic/ieee.ts';
import type { Op, Term } from '../../../logic/term.ts';
import { I64, OP, SAT } from '../wasm/code.ts';
import type { Emitter } from './emitter.ts';
import { argOf } from './shapes.ts';

/**
 * Operators on floating-point patterns. WebAssembly rounds as IEEE 754 says, but leaves open which NaN comes out, so
 * wherever one can, the pattern is put in its place.
 */

export function isFloatOp(op: Op): boolean {
  return op.startsWith('fp.');
}

/** Pushes the result of a float operator: an i32 for one bit, else the pattern as an i64. */
export function emitFloat(e: Emitter, t: Term): void {
  const { code } = e;
  const single = (argOf(t, 0).width === 32) as boolean;
  switch (t.op) {
    case 'fp.add':
      arithmetic(e, t, OP.f32Add, OP.f64Add);
      return;
    case 'fp.sub':
      arithmetic(e, t, OP.f32Sub, OP.f64Sub);
      return;
    case 'fp.mul':
      arithmetic(e, t, OP.f32Mul, OP.f64Mul);
      return;
    case 'fp.div':
      arithmetic(e, t, OP.f32Div, OP.f64Div);
      return;
    case 'fp.sqrt':
      arithmetic(e, t, OP.f32Sqrt, OP.f64Sqrt);
      return;
    case 'fp.eq':
      pushBoth(e, t);
      code.op(single ? OP.f32Eq : OP.f64Eq);
      return;
    case 'fp.lt':
      pushBoth(e, t);
      code.op(single ? OP.f32Lt : OP.f64Lt);
      return;
    case 'fp.le':
      pushBoth(e, t);
      code.op(single ? OP.f32Le : OP.f64Le);
      return;
    case 'fp.isNaN': {
      const [x = 0] = e.words(argOf(t, 0));
      pushIsNaN(e, x, single ? 32 : 64);
      return;
    }
    case 'fp.nanX86':
      nanResult(e, t, 'x86');
      return;
    case 'fp.nanArm':
      nanResult(e, t, 'arm');
      return;
    case 'fp.round':
      round(e, t);
      return;
    case 'fp.convert':
      convert(e, t);
      return;
    case 'fp.fromSigned':
    case 'fp.fromUnsigned':
      fromInteger(e, t);
      return;
    case 'fp.toSigned':
    case 'fp.toUnsigned':
      toInteger(e, t);
      return;
    default:
      // A fused multiplication and addition.
      e.host(t);
  }
}

function toFloat(e: Emitter, width: number): void {
  if (width === 32) {
    e.code.op(OP.i32WrapI64);
    e.code.op(OP.f32ReinterpretI32);
  } else e.code.op(OP.f64ReinterpretI64);
}

function fromFloat(e: Emitter, width: number): void {
  if (width === 32) {
    e.code.op(OP.i32ReinterpretF32);
    e.code.op(OP.i64ExtendI32U);
  } else e.code.op(OP.i64ReinterpretF64);
}

function pushFloat(e: Emitter, t: Term): void {
  e.value(t);
  toFloat(e, t.width);
}

function pushBoth(e: Emitter, t: Term): void {
  pushFloat(e, argOf(t, 0));
  pushFloat(e, argOf(t, 1));
}

/** Pushes whether the pattern in a local variable is a NaN. */
function pushIsNaN(e: Emitter, local: number, width: number): void {
  const { code } = e;
  for (let i = 0; i < 2; i++) {
    code.get(local);
    toFloat(e, width);
  }
  code.op(width === 32 ? OP.f32Ne : OP.f64Ne);
}

/** The operation itself, without saying which NaN. */
function plain(e: Emitter, t: Term, short: number, long: number): void {
  for (const a of t.args) pushFloat(e, a);
  e.code.op(t.width === 32 ? short : long);
  fromFloat(e, t.width);
}

/** Every NaN is the positive quiet one without payload. */
function arithmetic(e: Emitter, t: Term, short: number, long: number): void {
  const { code } = e;
  const local = e.temp(I64);
  plain(e, t, short, long);
  code.set(local);
  code.i64(formatOf(t.width).defaultNaN);
  code.get(local);
  pushIsNaN(e, local, t.width);
  code.op(OP.select);
}

const ARITHMETIC: Partial<Record<Op, readonly [short: number, long: number]>> = {
  'fp.add': [OP.f32Add, OP.f64Add],
  'fp.sub': [OP.f32Sub, OP.f64Sub],
  'fp.mul': [OP.f32Mul, OP.f64Mul],
  'fp.div': [OP.f32Div, OP.f64Div],
  'fp.sqrt': [OP.f32Sqrt, OP.f64Sqrt],
};

/**
 * What a machine makes of a NaN. Where the core is arithmetic over all the operands, a result that is no number is the
 * only case in which an operand can be one, so nothing is lost on the usual way.
 */
function nanResult(e: Emitter, t: Term, machine: 'x86' | 'arm'): void {
  const { code } = e;
  const { width } = t;
  const format = formatOf(width);
  const [core, ...operands] = t.args;
  if (core === undefined) return;
  const rows = operands.map((o) => e.words(o)[0] ?? 0);
  const result = e.temp(I64);
  const ops = ARITHMETIC[core.op];
  const covers = ops !== undefined && operands.every((o) => core.args.includes(o));
  if (covers && e.localsOf(core) === undefined) plain(e, core, ops[0], ops[1]);
  else e.value(core);
  code.set(result);
  if (covers) {
    pushIsNaN(e, result, width);
    code.if();
  }
  // What no operand decides: the machine's own NaN.
  const otherwise = machine === 'x86' ? (1n << BigInt(width - 1)) | format.defaultNaN : format.defaultNaN;
  if (covers) code.i64(otherwise);
  else if (machine === 'arm') code.get(result);
  else {
    code.i64(otherwise);
    code.get(result);
    pushIsNaN(e, result, width);
    code.op(OP.select);
  }
  code.set(result);
  const choose = (row: number, test: () => void): void => {
    code.get(row);
    code.i64(format.quiet);
    code.op(OP.i64Or);
    code.get(result);
    test();
    code.op(OP.select);
    code.set(result);
  };
  // The last choice wins, so the first operand comes last.
  for (const row of rows.toReversed()) choose(row, () => pushIsNaN(e, row, width));
  if (machine === 'arm') {
    for (const row of rows.toReversed()) {
      choose(row, () => {
        pushIsNaN(e, row, width);
        code.get(row);
        code.i64(format.quiet);
        code.op(OP.i64And);
        code.op(OP.i64Eqz);
        code.op(OP.i32And);
      });
    }
  }
  if (covers) code.end();
  code.get(result);
}

const ROUNDINGS: Record<string, readonly [short: number, long: number]> = {
  rne: [OP.f32Nearest, OP.f64Nearest],
  rtz: [OP.f32Trunc, OP.f64Trunc],
  rtp: [OP.f32Ceil, OP.f64Ceil],
  rtn: [OP.f32Floor, OP.f64Floor],
};

function round(e: Emitter, t: Term): void {
  const { code } = e;
  const ops = ROUNDINGS[t.name];
  if (ops === undefined) {
    e.host(t);
    return;
  }
  const [x = 0] = e.words(argOf(t, 0));
  code.get(x);
  code.i64(formatOf(t.width).quiet);
  code.op(OP.i64Or);
  code.get(x);
  toFloat(e, t.width);
  code.op(t.width === 32 ? ops[0] : ops[1]);
  fromFloat(e, t.width);
  pushIsNaN(e, x, t.width);
  code.op(OP.select);
}

/** A NaN keeps its sign and the top of its payload. */
function convert(e: Emitter, t: Term): void {
  const { code } = e;
  const a = argOf(t, 0);
  const [x = 0] = e.words(a);
  const [from, to] = [formatOf(a.width), formatOf(t.width)];
  // The NaN.
  code.get(x);
  code.i64(from.fractionMask);
  code.op(OP.i64And);
  code.i64(29n);
  code.op(t.width === 64 ? OP.i64Shl : OP.i64ShrU);
  code.get(x);
  code.i64(BigInt(a.width - 1));
  code.op(OP.i64ShrU);
  code.i64(BigInt(t.width - 1));
  code.op(OP.i64Shl);
  code.op(OP.i64Or);
  code.i64(to.exponentMask | to.quiet);
  code.op(OP.i64Or);
  // The number.
  code.get(x);
  toFloat(e, a.width);
  code.op(t.width === 64 ? OP.f64PromoteF32 : OP.f32DemoteF64);
  fromFloat(e, t.width);
  pushIsNaN(e, x, a.width);
  code.op(OP.select);
}

function fromInteger(e: Emitter, t: Term): void {
  const a = argOf(t, 0);
  if (a.width > 64) {
    e.host(t);
    return;
  }
  const signed = t.op === 'fp.fromSigned';
  if (!signed) e.value64(a);
  else if (a.width === 1) {
    e.code.i64(0n);
    e.value64(a);
    e.code.op(OP.i64Sub);
  } else e.signed64(a);
  if (t.width === 32) e.code.op(signed ? OP.f32ConvertI64S : OP.f32ConvertI64U);
  else e.code.op(signed ? OP.f64ConvertI64S : OP.f64ConvertI64U);
  fromFloat(e, t.width);
}

function toInteger(e: Emitter, t: Term): void {
  const { code } = e;
  const a = argOf(t, 0);
  const ops = ROUNDINGS[t.name];
  if (ops === undefined || (t.width !== 32 && t.width !== 64)) {
    e.host(t);
    return;
  }
  pushFloat(e, a);
  if (t.name !== 'rtz') code.op(a.width === 32 ? ops[0] : ops[1]);
  const signed = t.op === 'fp.toSigned';
  if (t.width === 64) {
    if (a.width === 32) code.sat(signed ? SAT.i64F32S : SAT.i64F32U);
    else code.sat(signed ? SAT.i64F64S : SAT.i64F64U);
    return;
  }
  if (a.width === 32) code.sat(signed ? SAT.i32F32S : SAT.i32F32U);
  else code.sat(signed ? SAT.i32F64S : SAT.i32F64U);
  code.op(OP.i64ExtendI32U);
}
