// SPDX-License-Identifier: MIT
import { processorNamed } from '../../../isa/x86_64/processor.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import { FIXED_LOW } from '../../from-x86_64/flag-word.ts';
import { FLAG_PLACES, type FlagName } from '../../from-x86_64/flags.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import { flagValue } from '../conditions.ts';
import type { Context } from '../context.ts';
import { flagWord } from '../flag-word.ts';
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

const LOW: readonly FlagName[] = ['cf', 'pf', 'af', 'zf', 'sf'];

/** `sahf` takes the flags from ah. */
function loadFlags(c: Context): void {
  const t = c.temp();
  c.move(t, home('rax'));
  for (const flag of LOW)
    if (c.after.liveFlag(flag)) c.places.set(flag, { kind: 'bit', loc: loc(t), bit: 8 + FLAG_PLACES[flag] });
}

/** `lahf` puts them there. */
function storeFlags(c: Context): void {
  // Flags that only this looks at may be lost where nobody looks at ah.
  if (!c.after.live('rax', 8, 15)) return;
  const [word, rax] = [flagWord(c, LOW, FIXED_LOW), home('rax')];
  const old = c.temp();
  // Flags may hold on to nearly all temporaries: ah is taken out and put in with one.
  c.op('srli', x(old), x(rax), 8);
  c.op('andi', x(old), x(old), 255);
  c.op('xor', x(word), x(word), x(old));
  c.op('slli', x(word), x(word), 8);
  c.op('xor', x(rax), x(rax), x(word));
  c.note(rax, undefined);
}

/** `cpuid`: from the table of one processor, leaf by leaf. */
function identify(c: Context, i: Parts): void {
  const written = (['eax', 'ebx', 'ecx', 'edx'] as const).filter((r) => c.after.live(`r${r.slice(1)}`, 0, 63));
  const [leaf, mask, value] = [c.temp(), c.temp(), c.temp()];
  c.op('sext.w', x(leaf), x(home('rax')));
  for (const r of written) c.constant(0, home(`r${r.slice(1)}`));
  for (const [n, told] of processorNamed(i.form).leaves) {
    c.constant(BigInt.asIntN(32, BigInt(n)), mask);
    c.op('xor', x(mask), x(mask), x(leaf));
    c.op('seqz', x(mask), x(mask));
    c.op('neg', x(mask), x(mask));
    for (const r of written) {
      if (told[r] === undefined) continue;
      const h = home(`r${r.slice(1)}`);
      c.constant(told[r], value);
      c.op('and', x(value), x(value), x(mask));
      c.op('or', x(h), x(h), x(value));
    }
  }
  for (const r of written) c.note(home(`r${r.slice(1)}`), zeroed(32));
}

const HINTS = ['prefetcht0', 'prefetcht1', 'prefetcht2', 'prefetchnta', 'prefetchw', 'prefetchwt1', 'prefetch'];

export const systemRules: readonly Rule[] = [
  rule({ name: 'nothing', from: ['nop', 'endbr64', 'endbr32', ...HINTS, 'fnop', 'pause'], to: nothing }),
  rule({ name: 'fence', from: ['mfence', 'lfence', 'sfence'], to: (c) => c.op('fence', 'rw', 'rw') }),
  rule({ name: 'undefined', from: ['ud1', 'ud2', 'invalid'], to: (c) => c.op('unimp') }),
  rule({ name: 'cpuid', from: ['cpuid'], to: identify }),
  rule({ name: 'breakpoint', from: ['int3'], to: (c) => c.op('ebreak') }),
  rule({ name: 'carry_flag', from: ['stc', 'clc', 'cmc'], to: setCarry }),
  rule({ name: 'xlat', from: ['xlat'], to: translate }),
  rule({ name: 'sahf', from: ['sahf'], to: loadFlags }),
  rule({ name: 'lahf', from: ['lahf'], to: storeFlags }),
];
