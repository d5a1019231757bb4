// SPDX-License-Identifier: MIT
import { processorNamed } from '../../../isa/x86_64/processor.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import { FIXED_LOW } from '../../from-x86_64/flag-word.ts';
import { FLAG_PLACES, type FlagName } from '../../from-x86_64/flags.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { flagWord, takeFlag } from '../flag-word.ts';
import { afterSubtract } from '../flags.ts';
import { home, w, x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';

/** Hints, fences, traps, flag instructions and string instructions. */

const nothing = (): void => {};

function setCarry(c: Context, i: Parts): void {
  if (i.mnemonic !== 'cmc') {
    c.places.set('cf', { kind: 'constant', value: i.mnemonic === 'stc' ? 1 : 0 });
    return;
  }
  const place = c.places.get('cf');
  if (!c.after.liveFlag('cf')) return;
  if (place === undefined) throw new Refusal('V0223', 'the carry flag is not known here');
  if (place.kind === 'flag') c.places.set('cf', { ...place, inverted: !place.inverted });
  else if (place.kind === 'constant') c.places.set('cf', { kind: 'constant', value: place.value === 1 ? 0 : 1 });
  else {
    const t = c.flagValue(place);
    c.op('eor', w(t), w(t), '#1');
    c.setWordBit('cf', t);
  }
}

/** `xlat`: the byte that al counts from rbx. */
function translate(c: Context): void {
  const [index, value] = [c.temp(), c.temp()];
  c.op('and', w(index), w(home('rax')), '#255');
  c.op('ldrb', w(value), `[${x(home('rbx'))}, ${x(index)}]`);
  c.writeRegister({ name: 'al', loc: 'rax', lo: 0, width: 8, class: 'gpr' }, value);
}

/** `std` and `cld`: which way string instructions go is known where they stand. */
function setDirection(c: Context, i: Parts): void {
  c.direction = i.mnemonic === 'std' ? 'down' : 'up';
}

const LOW: readonly FlagName[] = ['cf', 'pf', 'af', 'zf', 'sf'];

/** `sahf` takes the flags from ah, and `lahf` puts them there. */
function loadFlags(c: Context): void {
  for (const flag of LOW) if (c.after.liveFlag(flag)) takeFlag(c, flag, home('rax'), 8 + FLAG_PLACES[flag]);
}

function storeFlags(c: Context): void {
  // Flags that only this looks at may be lost where nobody looks at ah.
  if (!c.after.live('rax', 8, 15)) return;
  c.writeRegister({ name: 'ah', loc: 'rax', lo: 8, width: 8, class: 'gpr' }, flagWord(c, LOW, FIXED_LOW));
}

/** One step of a string instruction; `rep` forms are blocks that run again (see blocks.ts). */
export function stringStep(c: Context, op: string, bytes: number): void {
  const [rdi, rsi, rax] = [x(home('rdi')), x(home('rsi')), home('rax')];
  const suffix = bytes === 1 ? 'b' : bytes === 2 ? 'h' : '';
  const name = bytes === 8 ? x : w;
  const step = c.stringStep(bytes);
  if (op === 'movs') {
    const t = c.temp();
    c.op(`ldr${suffix}`, name(t), `[${rsi}], #${step}`);
    c.op(`str${suffix}`, name(t), `[${rdi}], #${step}`);
  } else if (op === 'stos') c.op(`str${suffix}`, name(rax), `[${rdi}], #${step}`);
  else if (op === 'lods') {
    const t = c.temp();
    c.op(`ldr${suffix}`, name(t), `[${rsi}], #${step}`);
    c.writeRegister({ name: 'rax', loc: 'rax', lo: 0, width: bytes * 8, class: 'gpr' }, t);
  } else {
    // scas compares the accumulator with [rdi], cmps [rsi] with [rdi].
    const [a, b] = [c.temp(), c.temp()];
    if (op === 'cmps') c.op(`ldr${suffix}`, name(a), `[${rsi}], #${step}`);
    c.op(`ldr${suffix}`, name(b), `[${rdi}], #${step}`);
    const left = op === 'cmps' ? a : rax;
    if (bytes < 4) {
      c.op('lsl', w(a), w(left), `#${32 - bytes * 8}`);
      c.op('cmp', w(a), w(b), `lsl #${32 - bytes * 8}`);
    } else c.op('cmp', name(left), name(b));
    c.setFlags(afterSubtract());
    if (c.after.liveFlag('pf')) throw new Refusal('V0223', 'the parity flag of a string comparison is used');
  }
}

/** `cpuid`: from the table of one processor, leaf by leaf. */
function identify(c: Context, i: Parts): void {
  const written = (['eax', 'ebx', 'ecx', 'edx'] as const).filter((r) => c.after.live(`r${r.slice(1)}`, 0, 63));
  c.freeNzcv();
  const [leaf, number, value] = [c.temp(), c.temp(), c.temp()];
  c.op('mov', w(leaf), w(home('rax')));
  for (const r of written) c.op('mov', w(home(`r${r.slice(1)}`)), 'wzr');
  for (const [n, told] of processorNamed(i.form).leaves) {
    c.constant(n, 32, number);
    c.op('cmp', w(leaf), w(number));
    for (const r of written) {
      if (told[r] === undefined) continue;
      const h = home(`r${r.slice(1)}`);
      c.constant(told[r], 32, value);
      c.op('csel', w(h), w(value), w(h), 'eq');
    }
  }
}

const STRING = ['movs', 'stos', 'lods', 'scas', 'cmps'];

export const systemRules: readonly Rule[] = [
  rule({
    name: 'nothing',
    from: [
      'nop',
      'endbr64',
      'endbr32',
      'prefetcht0',
      'prefetcht1',
      'prefetcht2',
      'prefetchnta',
      'prefetchw',
      'prefetchwt1',
      'prefetch',
      'fnop',
    ],
    to: nothing,
  }),
  rule({ name: 'pause', from: ['pause'], to: (c) => c.op('yield') }),
  rule({ name: 'fence', from: ['mfence', 'lfence', 'sfence'], to: (c) => c.op('dmb', 'ish') }),
  rule({ name: 'undefined', from: ['ud1', 'ud2', 'invalid'], to: (c) => c.op('udf', '#0') }),
  rule({ name: 'cpuid', from: ['cpuid'], to: identify }),
  rule({ name: 'breakpoint', from: ['int3'], to: (c) => c.op('brk', '#0') }),
  rule({ name: 'carry_flag', from: ['stc', 'clc', 'cmc'], to: setCarry }),
  rule({ name: 'xlat', from: ['xlat'], to: translate }),
  rule({ name: 'sahf', from: ['sahf'], to: loadFlags }),
  rule({ name: 'direction', from: ['std', 'cld'], to: setDirection }),
  rule({ name: 'lahf', from: ['lahf'], to: storeFlags }),
  rule({ name: 'string', from: STRING, to: (c, i) => stringStep(c, i.mnemonic, i.width / 8) }),
];
