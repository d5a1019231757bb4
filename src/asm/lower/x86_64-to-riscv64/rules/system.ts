// SPDX-License-Identifier: MIT
import { Refusal } from '../../from-x86_64/context.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import { flagValue } from '../conditions.ts';
import type { Context } from '../context.ts';
import { home, loc, x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { zeroed } from '../shape.ts';

/** Hints, fences, traps and flag instructions. */

const nothing = (): void => {};

function setCarry(c: Context, i: Parts): void {
  if (i.mnemonic !== 'cmc') {
    c.places.set('cf', { kind: 'constant', value: i.mnemonic === 'stc' ? 1 : 0 });
    return;
  }
  const place = c.places.get('cf');
  if (!c.after.liveFlag('cf')) return;
  if (place === undefined) throw new Refusal('V0223', 'the carry flag is not known here');
  if (place.kind === 'constant') c.places.set('cf', { kind: 'constant', value: place.value === 1 ? 0 : 1 });
  else {
    const t = c.temp();
    c.op('xori', x(t), x(flagValue(c, place)), 1);
    c.note(t, zeroed(1));
    c.places.set('cf', { kind: 'bit', loc: loc(t), bit: 0 });
  }
}

/** `xlat`: the byte that al counts from rbx. */
function translate(c: Context): void {
  const t = c.temp();
  c.op('andi', x(t), x(home('rax')), 255);
  c.op('add', x(t), x(t), x(home('rbx')));
  c.op('lbu', x(t), `0(${x(t)})`);
  c.note(t, zeroed(8));
  c.writeRegister({ name: 'al', loc: 'rax', lo: 0, width: 8, class: 'gpr' }, t);
}

/** `sahf` takes the flags from ah. */
function loadFlags(c: Context): void {
  const t = c.temp();
  c.move(t, home('rax'));
  const bits = { cf: 8, pf: 10, zf: 14, sf: 15 } as const;
  for (const flag of ['cf', 'pf', 'zf', 'sf'] as const)
    if (c.after.liveFlag(flag)) c.places.set(flag, { kind: 'bit', loc: loc(t), bit: bits[flag] });
}

const HINTS = ['prefetcht0', 'prefetcht1', 'prefetcht2', 'prefetchnta', 'prefetchw', 'prefetchwt1', 'prefetch'];

export const systemRules: readonly Rule[] = [
  rule({ name: 'nothing', from: ['nop', 'endbr64', 'endbr32', ...HINTS, 'fnop', 'pause'], to: nothing }),
  rule({ name: 'fence', from: ['mfence', 'lfence', 'sfence'], to: (c) => c.op('fence', 'rw', 'rw') }),
  rule({ name: 'undefined', from: ['ud2'], to: (c) => c.op('unimp') }),
  rule({ name: 'breakpoint', from: ['int3'], to: (c) => c.op('ebreak') }),
  rule({ name: 'carry_flag', from: ['stc', 'clc', 'cmc'], to: setCarry }),
  rule({ name: 'xlat', from: ['xlat'], to: translate }),
  rule({ name: 'sahf', from: ['sahf'], to: loadFlags }),
  rule({
    name: 'refused',
    from: ['lahf'],
    to: () => {
      throw new Refusal('V0223', 'lahf reads the auxiliary carry flag, which is not kept', 'use setcc instead');
    },
  }),
];
