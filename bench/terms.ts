// SPDX-License-Identifier: MIT
import * as t from '../src/logic/build.ts';
import type { Term } from '../src/logic/term.ts';

/** How fast terms are made: work like that of executing basic blocks symbolically, on fresh pools. */

let calls = 0;
let made = 0;

function block(size: number): void {
  const regs: Term[] = [];
  for (let r = 0; r < 16; r++) regs.push(t.variable(`r${r}`, 64));
  let memory = t.variable('memory', 0);
  const sp = t.variable('sp', 64);
  let state = 12345 + size;
  const next = (n: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % n;
  };
  const reg = () => regs[next(16)] as Term;
  for (let i = 0; i < size; i++) {
    const [a, b] = [reg(), reg()];
    const d = next(16);
    switch (next(10)) {
      case 0:
        regs[d] = t.add(a, t.mul(b, t.bv(64, 8)));
        calls += 3;
        break;
      case 1: {
        const sum = t.add(t.low(a, 32), t.low(b, 32));
        regs[d] = t.zext(sum, 64);
        t.eq(sum, t.bv(32, 0));
        t.carry(t.low(a, 32), t.low(b, 32), t.no());
        calls += 10;
        break;
      }
      case 2: {
        const difference = t.sub(a, b);
        const less = t.xor(t.msb(difference), t.overflow(a, t.not(b), t.yes()));
        regs[d] = t.ite(t.or(less, t.eq(difference, t.bv(64, 0))), a, b);
        calls += 10;
        break;
      }
      case 3:
        regs[d] = t.and(a, t.bv(64, 0xffff));
        calls += 2;
        break;
      case 4:
        regs[d] = t.xor(a, b);
        calls++;
        break;
      case 5:
        memory = t.store(memory, t.add(sp, t.bv(64, 8 * next(16))), a);
        calls += 3;
        break;
      case 6:
        regs[d] = t.load(memory, t.add(sp, t.bv(64, 8 * next(16))), 8);
        calls += 3;
        break;
      case 7:
        regs[d] = t.shl(a, t.bv(64, next(8)));
        calls += 2;
        break;
      case 8:
        regs[d] = t.add(a, t.bv(64, next(100)));
        calls += 2;
        break;
      default:
        regs[d] = t.variable(`x${next(100)}`, 64);
        calls++;
    }
  }
}

for (const size of [12, 40]) {
  for (let round = 0; round < 3; round++) {
    calls = 0;
    made = 0;
    const blocks = 4000;
    const start = performance.now();
    for (let i = 0; i < blocks; i++) {
      t.resetTerms();
      block(size + (i % 7));
      made += t.termCount();
    }
    const seconds = (performance.now() - start) / 1000;
    if (round < 2) continue;
    const rate = (n: number) => Math.round(n / seconds).toLocaleString('en');
    console.log(
      `blocks of about ${size} operations: ${rate(blocks)} blocks/s, ${rate(made)} terms/s, ${rate(calls)} calls/s`,
    );
  }
}
