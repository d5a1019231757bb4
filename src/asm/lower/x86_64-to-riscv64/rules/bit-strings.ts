// SPDX-License-Identifier: MIT
import type { MemOperand } from '../../../isa/operand.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import { constantOf } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { effectiveAddress, load, store } from '../memory.ts';
import { loc, x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { signed } from '../shape.ts';
import { read } from '../values.ts';
import { narrowAtomic } from './narrow-atomics.ts';

/**
 * `bt` and its changing forms on memory with the index in a register: the index counts bits from the address, forwards
 * and backwards. With `lock`, and there with constant indexes as well, the change is one atomic instruction.
 */

const w = (width: number): string => (width === 64 ? '' : 'w');

const CHANGES = { bts: 'or', btr: 'and', btc: 'xor' } as const;

/** The instruction that changes a bit, with a register that has it alone, or for `and` everything else. */
function change(c: Context, op: string, bit: number, width: number): { name: 'or' | 'and' | 'xor'; mask: number } {
  const name = CHANGES[op as keyof typeof CHANGES];
  const mask = c.constant(1n);
  c.op(`sll${w(width)}`, x(mask), x(mask), x(bit));
  if (op === 'btr') c.op('not', x(mask), x(mask));
  c.note(mask, undefined);
  return { name, mask };
}

function bitString(c: Context, i: Parts): void {
  const { width, ops } = i;
  const [dst, src] = ops;
  const locked = i.mnemonic.startsWith('lock_');
  const op = i.mnemonic.replace('lock_', '');
  if (dst?.kind !== 'mem') throw new Refusal('V0221', 'a bit string must be in memory');
  const log = Math.log2(width);
  const given = constantOf(src, 8);
  const index = given === undefined ? undefined : BigInt.asUintN(log, given);
  const carry = (old: number, bit: number): void => {
    if (!c.after.liveFlag('cf')) return;
    c.op(`srl${w(width)}`, x(old), x(old), x(bit));
    c.note(old, undefined);
    c.places.set('cf', { kind: 'bit', loc: loc(old), bit: 0 });
  };
  if (locked && width < 32) {
    if (index === undefined) return lockedByRegister(c, i, op, dst);
    const mask = op === 'btr' ? ~(1n << index) : 1n << index;
    const old = narrowAtomic(c, CHANGES[op as keyof typeof CHANGES], i, () => c.constant(mask));
    if (c.after.liveFlag('cf')) c.places.set('cf', { kind: 'bit', loc: loc(old), bit: Number(index) });
    return;
  }
  const at = c.temp();
  effectiveAddress(c, dst, at, false);
  let bit: number;
  if (index !== undefined) bit = c.constant(index);
  else {
    const n = read(c, src, width);
    bit = n;
    const t = c.temp();
    if (width === 16) {
      c.op('slli', x(t), x(n), 48);
      c.op('srai', x(t), x(t), 48 + log);
    } else c.op(`srai${w(width)}`, x(t), x(n), log);
    c.op('slli', x(t), x(t), log - 3);
    c.op('add', x(at), x(at), x(t));
    if (width === 16) {
      bit = t;
      c.op('andi', x(bit), x(n), 15);
    }
  }
  const old = c.temp();
  const shape = width === 64 ? undefined : signed(32);
  if (locked) {
    const { name, mask } = change(c, op, bit, width);
    c.op(`amo${name}.${width === 64 ? 'd' : 'w'}.aqrl`, x(old), x(mask), `(${x(at)})`);
  } else {
    const place = { text: `0(${x(at)})` };
    load(c, old, place, width / 8, 'any');
    if (op !== 'bt') {
      const { name, mask } = change(c, op, bit, width);
      c.op(name, x(mask), x(mask), x(old));
      store(c, mask, place, width / 8);
    }
  }
  c.note(old, shape);
  carry(old, bit);
}

/** The same with `lock` and an index of 16 bits in a register, which the runtime's functions leave alone. */
function lockedByRegister(c: Context, i: Parts, op: string, dst: MemOperand): void {
  const n = (): number => read(c, i.ops[1], 16);
  const address = (at: number): void => {
    effectiveAddress(c, dst, at, false);
    const t = c.temp();
    c.op('slli', x(t), x(n()), 48);
    c.op('srai', x(t), x(t), 52);
    c.op('slli', x(t), x(t), 1);
    c.op('add', x(at), x(at), x(t));
  };
  const mask = (): number => {
    const t = c.temp();
    c.op('andi', x(t), x(n()), 15);
    return change(c, op, t, 64).mask;
  };
  const old = narrowAtomic(c, CHANGES[op as keyof typeof CHANGES], i, mask, undefined, address);
  if (!c.after.liveFlag('cf')) return;
  c.scoped(() => {
    const t = c.temp();
    c.op('andi', x(t), x(n()), 15);
    c.op('srl', x(old), x(old), x(t));
  });
  c.note(old, undefined);
  c.places.set('cf', { kind: 'bit', loc: loc(old), bit: 0 });
}

export const bitStringRules: readonly Rule[] = [
  rule({
    name: 'bit_string',
    from: ['bt', 'bts', 'btr', 'btc'],
    priority: 1,
    when: (i) => i.ops[0]?.kind === 'mem' && i.ops[1]?.kind === 'reg',
    to: bitString,
  }),
  rule({ name: 'locked_bit', from: ['lock_bts', 'lock_btr', 'lock_btc'], to: bitString }),
];
