// SPDX-License-Identifier: MIT
import { add, bit, bv, concat, low, no, not, sub, yes, zext } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { assume } from '../../assumptions.ts';
import { type InstDef, inst } from '../../define.ts';
import { type Effect, type State, set, store } from '../../effect.ts';
import { addressOnly, gpr, gprM, readReg, writeAll } from '../operands.ts';
import { reg } from '../registers.ts';
import { named, sdm, WIDE } from './form.ts';

/** Flags, hints, barriers, traps and what fits nowhere else. */

function simple(mnemonic: string, sem: (state: State) => Effect[], aliases: readonly string[] = []): InstDef {
  return inst({
    id: `x64.${mnemonic}.none.64`,
    syntax: mnemonic,
    aliases,
    operands: {},
    sem: (_, state) => sem(state),
    ref: sdm(mnemonic),
  });
}

const flags: InstDef[] = [
  simple('clc', () => [set('cf', no())]),
  simple('stc', () => [set('cf', yes())]),
  simple('cmc', (s) => [set('cf', not(s.get('cf')))]),
  simple('cld', () => [set('df', no())]),
  simple('std', () => [set('df', yes())]),
  simple('lahf', (s) => {
    const fixed = (value: 0 | 1): Term => bv(1, value);
    const byte = concat(s.get('sf'), s.get('zf'), fixed(0), s.get('af'), fixed(0), s.get('pf'), fixed(1), s.get('cf'));
    return writeAll(s, [[reg('ah'), byte]]);
  }),
  simple('sahf', (s) => {
    const ah = readReg(reg('ah'), s);
    return [
      set('sf', bit(ah, 7)),
      set('zf', bit(ah, 6)),
      set('af', bit(ah, 4)),
      set('pf', bit(ah, 2)),
      set('cf', bit(ah, 0)),
    ];
  }),
];

/** The register of flags: bit 1 is always 1, and the interrupt flag is, where programs run. The rest is 0. */
function flagsWord(s: State): Term {
  const [zero, one] = [bv(1, 0), bv(1, 1)];
  const status = [s.get('sf'), s.get('zf'), zero, s.get('af'), zero, s.get('pf'), one, s.get('cf')];
  return concat(bv(52, 0), s.get('of'), s.get('df'), one, zero, ...status);
}

const words: InstDef[] = [
  assume(
    simple(
      'pushf',
      (s) => {
        const top = sub(s.get('rsp'), bv(64, 8));
        return [store(top, flagsWord(s)), set('rsp', top)];
      },
      ['pushfq'],
    ),
    'other-flags',
  ),
  assume(
    simple(
      'popf',
      (s) => {
        const rsp = s.get('rsp');
        const word = s.load(rsp, 8);
        const at = { cf: 0, pf: 2, af: 4, zf: 6, sf: 7, of: 11 };
        return [
          ...Object.entries(at).map(([flag, place]) => set(flag, bit(word, place))),
          set('rsp', add(rsp, bv(64, 8))),
        ];
      },
      ['popfq'],
    ),
    'other-flags',
  ),
];

const hints: InstDef[] = [
  simple('nop', () => []),
  simple('pause', () => [], ['rep nop', 'repe nop']),
  simple('endbr64', () => []),
  simple('endbr32', () => []),
  ...WIDE.map((w) =>
    inst({
      id: `x64.nop.rm.${w}`,
      syntax: `${named('nop', w)} {src}`,
      operands: { src: gprM(w, 'r') },
      sem: () => [],
      ref: sdm('nop'),
    }),
  ),
  ...['prefetcht0', 'prefetcht1', 'prefetcht2', 'prefetchnta', 'prefetchw', 'prefetchwt1', 'prefetch'].map((m) =>
    inst({
      id: `x64.${m}.m.8`,
      syntax: `${m} {src}`,
      operands: { src: addressOnly() },
      sem: () => [],
      ref: sdm(m),
      ...(m === 'prefetchw' || m === 'prefetch' ? { feature: '3dnowprefetch' } : {}),
      ...(m === 'prefetchwt1' ? { feature: 'prefetchwt1' } : {}),
    }),
  ),
  ...['mfence', 'lfence', 'sfence'].map((m) => simple(m, () => [])),
];

const traps: InstDef[] = [
  simple('ud2', () => [{ kind: 'trap', what: '#UD' }], ['ud2a']),
  // clang puts into the operands why it traps; nothing is read.
  ...WIDE.map((w) =>
    inst({
      id: `x64.ud1.r_rm.${w}`,
      syntax: `${named('ud1', w)} {dst}, {src}`,
      operands: { dst: gpr(w, 'r'), src: gprM(w, 'r') },
      sem: () => [{ kind: 'trap', what: '#UD' }],
      ref: sdm('ud'),
    }),
  ),
  simple('int3', () => [{ kind: 'trap', what: '#BP' }]),
];

const translate: InstDef = inst({
  id: 'x64.xlat.none.8',
  syntax: 'xlatb|xlat',
  aliases: ['xlat|xlatb'],
  operands: {},
  sem: (_, state) => {
    const address = add(state.get('rbx'), zext(low(state.get('rax'), 8), 64));
    return writeAll(state, [[reg('al'), state.load(address, 1)]]);
  },
  ref: sdm('xlat'),
});

export const miscForms: readonly InstDef[] = [...words, ...flags, ...hints, ...traps, translate];
