// SPDX-License-Identifier: MIT
import type { Term } from '../../../logic/term.ts';
import { SCRATCH } from '../layout.ts';
import { I64, OP } from '../wasm/code.ts';
import type { Emitter } from './emitter.ts';
import { argOf } from './shapes.ts';

/** The words of an operator's result that the host computes, in fresh local variables. */
export function hostWords(e: Emitter, t: Term): readonly number[] {
  // Arguments first, since computing them may need the host as well.
  return hostWordsOf(
    e,
    t,
    t.args.map((a) => e.words(a)),
  );
}

/** The same, where the words of the arguments are in these local variables. */
export function hostWordsOf(e: Emitter, t: Term, rows: readonly (readonly number[])[]): readonly number[] {
  const { code, helpers } = e;
  const number = helpers.operator({
    op: t.op,
    width: t.width,
    lo: t.lo,
    name: t.name,
    argWidths: t.args.map((a) => a.width),
  });
  let at = SCRATCH;
  rows.forEach((row, i) => {
    for (const local of row) {
      code.i32(0);
      code.get(local);
      if (argOf(t, i).width === 1) code.op(OP.i64ExtendI32U);
      code.memory(OP.i64Store, at);
      at += 8;
    }
  });
  code.i32(number);
  code.call(helpers.operate);
  const result: number[] = [];
  for (let w = 0; w < t.width; w += 64) {
    const local = e.temp(I64);
    code.i32(0);
    code.memory(OP.i64Load, SCRATCH + w / 8);
    code.set(local);
    result.push(local);
  }
  return result;
}
