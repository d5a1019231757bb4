// SPDX-License-Identifier: MIT
import { Refusal } from '../../from-x86_64/context.ts';
import type { Context } from '../context.ts';
import { baseOffset, load, store } from '../memory.ts';
import { home, x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';

/** One step of a string instruction; `rep` forms are blocks that run again (see blocks.ts). */
export function stringStep(c: Context, op: string, bytes: number): void {
  const [rdi, rsi, rax] = [home('rdi'), home('rsi'), home('rax')];
  const at = (n: number) => baseOffset(c, n, 0);
  const advance = (n: number): void => {
    c.op('addi', x(n), x(n), c.stringStep(bytes));
    c.note(n, undefined);
  };
  if (op === 'movs') {
    const t = c.temp();
    load(c, t, at(rsi), bytes);
    store(c, t, at(rdi), bytes);
    advance(rsi);
    advance(rdi);
  } else if (op === 'stos') {
    store(c, rax, at(rdi), bytes);
    advance(rdi);
  } else if (op === 'lods') {
    const t = c.temp();
    load(c, t, at(rsi), bytes);
    advance(rsi);
    c.writeRegister({ name: 'rax', loc: 'rax', lo: 0, width: bytes * 8, class: 'gpr' }, t);
  } else {
    if (c.after.liveFlag('pf')) throw new Refusal('V0223', 'the parity flag of a string comparison is used');
    // scas compares the accumulator with [rdi], cmps [rsi] with [rdi].
    const [a, b] = [c.temp(), c.temp()];
    if (op === 'cmps') {
      load(c, a, at(rsi), bytes);
      advance(rsi);
    } else c.move(a, rax);
    load(c, b, at(rdi), bytes);
    advance(rdi);
    c.setDifference(a, b, bytes * 8);
  }
}

export const stringRules: readonly Rule[] = [
  rule({
    name: 'direction',
    from: ['std', 'cld'],
    to: (c, i) => {
      c.direction = i.mnemonic === 'std' ? 'down' : 'up';
    },
  }),
  rule({
    name: 'string',
    from: ['movs', 'stos', 'lods', 'scas', 'cmps'],
    to: (c, i) => stringStep(c, i.mnemonic, i.width / 8),
  }),
];
