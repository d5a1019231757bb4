// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { operate } from '../../../logic/evaluate.ts';
import type { GuestView } from '../guest.ts';
import { SCRATCH } from '../layout.ts';
import type { HostOperator } from './emitter.ts';

/** The operators that the host carries out, since WebAssembly has none like them: each has a number in the code. */
export class HostOperators {
  private readonly view: GuestView;
  private readonly list: HostOperator[] = [];
  private readonly numbers = new Map<string, number>();

  constructor(view: GuestView) {
    this.view = view;
  }

  number(o: HostOperator): number {
    const key = `${o.op} ${o.width} ${o.lo} ${o.name} ${o.argWidths.join()}`;
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.list.push(o) - 1;
      this.numbers.set(key, number);
    }
    return number;
  }

  /** Takes the arguments from the scratch memory, 64 bits at a time, and leaves the result there. */
  carryOut(number: number): void {
    const o = must(this.list[number], 'an operator');
    let at = SCRATCH;
    const args = o.argWidths.map((width) => {
      let value = 0n;
      for (let lo = 0; lo < width; lo += 64, at += 8) value |= this.view.getBigUint64(at, true) << BigInt(lo);
      return value;
    });
    const result = operate(o.op, o.width, o.argWidths[0] ?? 0, o.lo, o.name, args);
    for (let lo = 0; lo < o.width; lo += 64) {
      this.view.setBigUint64(SCRATCH + lo / 8, BigInt.asUintN(64, result >> BigInt(lo)), true);
    }
  }
}
