// SPDX-License-Identifier: MIT
import { Refusal } from '../../from-x86_64/context.ts';
import { constantOf } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { effectiveAddress } from '../memory.ts';
import { r, w, x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { read } from '../values.ts';
import { atomicSuffix } from './moves.ts';

/**
 * `bt` and its changing forms on memory with the index in a register: the index counts bits from the address, forwards
 * and backwards. With `lock`, and there with constant indexes as well, the change is one exclusive sequence.
 */
function bitString(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, src] = i.ops;
  const locked = i.mnemonic.startsWith('lock_');
  const op = i.mnemonic.replace('lock_', '');
  if (dst?.kind !== 'mem') throw new Refusal('V0221', 'a bit string must be in memory');
  const [t, value, bit] = [c.temp(), c.temp(), c.temp()];
  effectiveAddress(c, dst, t, false);
  const log = Math.log2(width);
  const constant = constantOf(src, 8);
  if (constant !== undefined) c.constant(BigInt.asUintN(log, constant), 32, bit);
  else {
    const n = read(c, src, width);
    c.op('sbfx', x(bit), x(n), `#${log}`, `#${width - log}`);
    c.op('add', x(t), x(t), x(bit), `lsl #${log - 3}`);
    c.op('and', w(bit), w(n), `#${width - 1}`);
  }
  const changed = c.temp();
  const change = (): void => {
    c.op('mov', w(changed), '#1');
    c.op('lsl', r(changed, width), r(changed, width), r(bit, width));
    c.op(op === 'bts' ? 'orr' : op === 'btr' ? 'bic' : 'eor', r(changed, width), r(value, width), r(changed, width));
  };
  const suffix = atomicSuffix(width);
  if (locked) {
    const status = c.temp();
    const retry = c.freshLabel('retry');
    c.label(retry);
    c.op(`ldaxr${suffix}`, r(value, width), `[${x(t)}]`);
    change();
    c.op(`stlxr${suffix}`, w(status), r(changed, width), `[${x(t)}]`);
    c.op('cbnz', w(status), retry);
  } else {
    c.op(`ldr${suffix}`, r(value, width), `[${x(t)}]`);
    if (op !== 'bt') {
      change();
      c.op(`str${suffix}`, r(changed, width), `[${x(t)}]`);
    }
  }
  if (!c.after.liveFlag('cf')) return;
  c.op('lsr', r(bit, width), r(value, width), r(bit, width));
  // ZF survives on x86; where nobody needs NZCV for another flag, the carry goes there.
  if (c.anyLive(['zf', 'sf', 'of', 'pf'])) c.setWordBit('cf', bit);
  else {
    c.op('tst', w(bit), '#1');
    c.places.set('cf', { kind: 'flag', flag: 'z', inverted: true });
  }
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
