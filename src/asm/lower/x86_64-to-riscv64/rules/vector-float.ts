// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import { isReg, sameRegister } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { bitsOf, setBits } from '../halves.ts';
import { f, floatLoc, x, ZERO } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { zeroed } from '../shape.ts';
import {
  imm8Of,
  letter,
  lowOf,
  readHalves,
  readScalar,
  scalarTarget,
  vectorName,
  type Width,
  wanted,
  writeBits,
  writeScalar,
} from './vector-operands.ts';

/**
 * Floating-point arithmetic. Where the result is a number, both machines agree. x86 returns the first operand that is a
 * NaN, quieted, or for an invalid operation the negative default NaN; RISC-V always gives the positive canonical one. A
 * result that is a NaN is therefore replaced, out of line.
 */

/** The quiet bit of a NaN. */
const quietBit = (width: Width): bigint => (width === 64 ? 1n << 51n : 1n << 22n);
const negativeDefaultNaN = (width: Width): bigint => BigInt.asIntN(width, width === 64 ? 0xfff8n << 48n : 0xffc00000n);

export const toBits = (width: Width): string => (width === 64 ? 'fmv.x.d' : 'fmv.x.w');
export const fromBits = (width: Width): string => (width === 64 ? 'fmv.d.x' : 'fmv.w.x');

/** `result` is what the operation gave for `operands`; where it is a NaN, goes out of line to make it x86's. */
export function correctNaN(c: Context, result: number, operands: readonly number[], width: Width): void {
  const s = letter(width);
  const back = c.freshLabel('number');
  const t = c.temp();
  const stub = c.stub('nan', () => {
    c.scoped(() => {
      const u = c.temp();
      const quiet = c.freshLabel('quiet');
      const done = c.freshLabel('made');
      for (const n of operands) {
        c.op(toBits(width), x(t), f(n));
        c.op(`feq.${s}`, x(u), f(n), f(n));
        c.op('beqz', x(u), quiet);
      }
      c.op('li', x(t), negativeDefaultNaN(width).toString());
      c.op('j', done);
      c.label(quiet);
      c.op('li', x(u), quietBit(width).toString());
      c.op('or', x(t), x(t), x(u));
      c.label(done);
      c.op(fromBits(width), f(result), x(t));
      c.op('j', back);
    });
  });
  c.op(`feq.${s}`, x(t), f(result), f(result));
  c.op('beqz', x(t), stub);
  c.label(back);
}

export const OPERATIONS: Readonly<Record<string, string>> = { add: 'fadd', sub: 'fsub', mul: 'fmul', div: 'fdiv' };

function scalarArithmetic(c: Context, { ops: [dst, src], mnemonic, width }: Parts): void {
  const w: Width = width === 64 ? 64 : 32;
  const a = readScalar(c, dst, w);
  const b = sameRegister(dst, src) ? a : readScalar(c, src, w);
  // The stub still needs both operands.
  const result = c.floatTemp();
  c.op(`${must(OPERATIONS[mnemonic.slice(0, 3)], mnemonic)}.${letter(w)}`, f(result), f(a), f(b));
  correctNaN(c, result, a === b ? [a] : [a, b], w);
  writeScalar(c, dst, w, result);
}

function scalarRoot(c: Context, { ops: [dst, src], width }: Parts): void {
  const w: Width = width === 64 ? 64 : 32;
  const b = readScalar(c, src, w);
  const target = scalarTarget(c, dst, w);
  const result = target === b ? c.floatTemp() : target;
  c.op(`fsqrt.${letter(w)}`, f(result), f(b));
  correctNaN(c, result, [b], w);
  writeScalar(c, dst, w, result);
}

/** The second operand where neither is less: on ties, and where one is a NaN. */
function scalarExtreme(c: Context, { ops: [dst, src], mnemonic, width }: Parts): void {
  const w: Width = width === 64 ? 64 : 32;
  const a = readScalar(c, dst, w);
  const b = sameRegister(dst, src) ? a : readScalar(c, src, w);
  const [less, more] = mnemonic.startsWith('min') ? [a, b] : [b, a];
  const t = c.temp();
  c.op(`flt.${letter(w)}`, x(t), f(less), f(more));
  const keep = c.freshLabel('keep');
  const result = a === lowOf(dst) && scalarTarget(c, dst, w) === a ? a : c.floatTemp();
  if (result !== a) c.op('fmv.d', f(result), f(a));
  c.op('bnez', x(t), keep);
  c.op('fmv.d', f(result), f(b));
  c.label(keep);
  writeScalar(c, dst, w, result);
}

/** The flags say how two floats compare as long as both stay where they are. */
function compareFlags(c: Context, { ops: [a, b], width }: Parts): void {
  const w: Width = width === 64 ? 64 : 32;
  const right = b?.kind === 'mem' ? readScalar(c, b, w) : lowOf(b);
  if (!c.anyLive()) return;
  const place = { kind: 'comparison', left: floatLoc(lowOf(a)), right: floatLoc(right), width: w } as const;
  c.places.set('zf', { ...place, of: 'unordered or equal' });
  c.places.set('cf', { ...place, of: 'unordered or less' });
  c.places.set('pf', { ...place, of: 'unordered' });
  c.places.set('sf', { kind: 'constant', value: 0 });
  c.places.set('of', { kind: 'constant', value: 0 });
}

export const PREDICATES: readonly string[] = ['eq', 'lt', 'le', 'unord', 'neq', 'nlt', 'nle', 'ord'];

/** 1 in a general register where the predicate holds, or 0 where it is one of the inverted ones. */
export function predicate(c: Context, index: number, a: number, b: number, w: Width): number {
  const s = letter(w);
  const t = c.temp();
  if (index % 4 === 3) {
    c.op(`feq.${s}`, x(t), f(a), f(a));
    if (a !== b)
      c.scoped(() => {
        const u = c.temp();
        c.op(`feq.${s}`, x(u), f(b), f(b));
        c.op('and', x(t), x(t), x(u));
      });
    if (index === 3) c.op('xori', x(t), x(t), 1);
  } else {
    c.op(`f${['eq', 'lt', 'le'][index % 4]}.${s}`, x(t), f(a), f(b));
    if (index >= 4) c.op('xori', x(t), x(t), 1);
  }
  c.note(t, zeroed(1));
  return t;
}

const predicateOf = (mnemonic: string): number => PREDICATES.indexOf(mnemonic.slice(3, -2));

function compareMask(c: Context, { ops: [dst, src, imm], mnemonic, width }: Parts): void {
  const w: Width = width === 64 ? 64 : 32;
  const a = readScalar(c, dst, w);
  const b = sameRegister(dst, src) ? a : readScalar(c, src, w);
  const t = predicate(c, imm === undefined ? predicateOf(mnemonic) : imm8Of(imm), a, b, w);
  c.op('neg', x(t), x(t));
  const result = scalarTarget(c, dst, w);
  c.op(fromBits(w), f(result), x(t));
  writeScalar(c, dst, w, result);
}

type Logic = 'and' | 'or' | 'xor';

function logic(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const op = (/(andn|and|or|xor)/.exec(mnemonic)?.[1] ?? 'and') as Logic | 'andn';
  const which = wanted(c, dst);
  if (!which.low && !which.high) return;
  const name = vectorName(dst);
  if (op === 'xor' && sameRegister(dst, src)) {
    writeBits(c, dst, which.low ? ZERO : undefined, which.high ? ZERO : undefined);
    return;
  }
  // A float stays one.
  const narrow = which.low && !c.after.surelyLive(name, 32, 63);
  const boxed = c.floatState(name) === 'boxed' || (isReg(src) && c.floatState(vectorName(src)) === 'boxed');
  const single = narrow && boxed;
  // Compilers that optimise for size use these on doubles as well, since they are shorter.
  const either = narrow && !boxed && mnemonic.endsWith('ps') && !c.hasDoubles(name);
  const [other, high] = [readHalves(c, src, which), which.high];
  const combine = (t: number, u: number): void => {
    if (op === 'andn') c.op('not', x(t), x(t));
    c.op(op === 'andn' ? 'and' : op, x(t), x(t), x(u));
  };
  const { low } = other;
  if (low !== undefined) {
    const w = single ? 32 : 64;
    c.scoped(() => {
      const [t, u] = [c.temp(), c.temp()];
      c.op(toBits(w), x(t), f(lowOf(dst)));
      c.op(toBits(w), x(u), f(low));
      combine(t, u);
      if (either) {
        // Ones above stay: then it has been a float.
        c.op('fmv.x.d', x(u), f(lowOf(dst)));
        c.op('srai', x(u), x(u), 32);
        c.op('addi', x(u), x(u), 1);
        c.op('snez', x(u), x(u));
        c.op('addi', x(u), x(u), -1);
        c.op('slli', x(u), x(u), 32);
        c.op('or', x(t), x(t), x(u));
      }
      c.op(fromBits(w), f(lowOf(dst)), x(t));
    });
    c.setFloatState(name, single ? 'boxed' : either ? 'either' : 'exact');
  }
  const from = high ? other.high : undefined;
  if (from !== undefined)
    c.scoped(() => {
      const [t, u] = [bitsOf(c, c.high(name)), bitsOf(c, from)];
      combine(t, u);
      setBits(c, c.high(name), t);
    });
}

const SCALAR = ['ss', 'sd'];

export const vectorFloatRules: readonly Rule[] = [
  rule({
    name: 'float_scalar',
    from: ['add', 'sub', 'mul', 'div'].flatMap((op) => SCALAR.map((s) => op + s)),
    to: scalarArithmetic,
  }),
  rule({ name: 'float_sqrt', from: ['sqrtss', 'sqrtsd'], to: scalarRoot }),
  rule({ name: 'float_extreme', from: ['min', 'max'].flatMap((op) => SCALAR.map((s) => op + s)), to: scalarExtreme }),
  rule({ name: 'float_compare_flags', from: ['ucomiss', 'comiss', 'ucomisd', 'comisd'], to: compareFlags }),
  rule({
    name: 'float_compare_mask',
    from: SCALAR.flatMap((s) => ['', ...PREDICATES].map((p) => `cmp${p}${s}`)),
    to: compareMask,
  }),
  rule({
    name: 'vector_logic',
    from: [
      ...['and', 'andn', 'or', 'xor'].flatMap((op) => [`${op}ps`, `${op}pd`]),
      ...['pand', 'pandn', 'por', 'pxor'],
    ],
    to: logic,
  }),
];
