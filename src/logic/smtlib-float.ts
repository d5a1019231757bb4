// SPDX-License-Identifier: MIT
import { formatOf } from './ieee.ts';
import { constant } from './smtlib.ts';
import type { Term } from './term.ts';

/** What a solver is told of float operators. */

/** `x` is a NaN, as a Boolean. */
export function nanTest(x: string, width: number): string {
  const magnitude = constant((1n << BigInt(width - 1)) - 1n, width);
  return `(bvugt (bvand ${x} ${magnitude}) ${constant(formatOf(width).exponentMask, width)})`;
}

/** The results of `fp.nanX86` and `fp.nanArm`, written out. */
export function nanResult(t: Term, args: readonly string[]): string {
  const [core, ...operands] = args as [string, ...string[]];
  const { quiet, defaultNaN, fractionBits } = formatOf(t.width);
  const quieted = (x: string) => `(bvor ${x} ${constant(quiet, t.width)})`;
  if (t.op === 'fp.nanX86') {
    const negative = constant((1n << BigInt(t.width - 1)) | defaultNaN, t.width);
    const last = `(ite ${nanTest(core, t.width)} ${negative} ${core})`;
    return operands.reduceRight((rest, x) => `(ite ${nanTest(x, t.width)} ${quieted(x)} ${rest})`, last);
  }
  const quietBit = fractionBits - 1;
  const signals = (x: string) => `(and ${nanTest(x, t.width)} (= ((_ extract ${quietBit} ${quietBit}) ${x}) #b0))`;
  const quieter = operands.reduceRight((rest, x) => `(ite ${nanTest(x, t.width)} ${x} ${rest})`, core);
  return operands.reduceRight((rest, x) => `(ite ${signals(x)} ${quieted(x)} ${rest})`, quieter);
}

/** Laws of the operator of `t`, for its arguments: assertions that are true of the real operators. */
export function floatAxioms(t: Term, name: string, args: readonly string[]): readonly string[] {
  const from = t.args[0]?.width ?? 0;
  const nan = args.map((a) => nanTest(a, from));
  const some = nan.length > 1 ? `(or ${nan.join(' ')})` : nan[0];
  switch (t.op) {
    case 'fp.add':
    case 'fp.sub':
    case 'fp.mul':
    case 'fp.div':
    case 'fp.sqrt':
    case 'fp.fma': {
      const canonical = `(= ${name} ${constant(formatOf(t.width).defaultNaN, t.width)})`;
      return [`(assert (=> (or ${some} ${nanTest(name, t.width)}) ${canonical}))`];
    }
    case 'fp.eq':
    case 'fp.lt':
    case 'fp.le':
      return [`(assert (=> ${some} (= ${name} #b0)))`];
    case 'fp.fromSigned':
    case 'fp.fromUnsigned':
      return [`(assert (not ${nanTest(name, t.width)}))`];
    case 'fp.round':
    case 'fp.convert':
      return [`(assert (= ${some} ${nanTest(name, t.width)}))`];
    default:
      return [];
  }
}
