// SPDX-License-Identifier: MIT
import { aarch64SystemCalls } from '../../abi/system-calls.ts';
import type { FlagPlaces } from '../from-x86_64/flags.ts';
import { enterKernel } from '../from-x86_64/system-calls.ts';
import type { Transfers } from '../from-x86_64/transfers.ts';
import type { Context } from './context.ts';
import { type Condition, invert, invertCode } from './flags.ts';
import { kernel } from './kernel.ts';
import { baseOffset, loadGeneral, storeGeneral, symbolAddress } from './memory.ts';
import { home, w, x } from './registers.ts';
import { conditionValue, question } from './rules/conditional.ts';
import { stringStep } from './rules/system.ts';
import { read } from './values.ts';

/** Branches to `label` when the condition holds. */
function branch(c: Context, q: Condition, cc: string, label: string): void {
  switch (q.kind) {
    case 'constant':
      if (q.value) c.op('b', label);
      return;
    case 'any':
      for (const code of q.codes) c.op(`b.${code}`, label);
      return;
    case 'all': {
      if (q.codes.length === 1) {
        c.op(`b.${q.codes[0]}`, label);
        return;
      }
      const over = c.freshLabel('over');
      for (const code of q.codes.slice(0, -1)) c.op(`b.${invertCode(code)}`, over);
      c.op(`b.${q.codes.at(-1)}`, label);
      c.label(over);
      return;
    }
    case 'computed':
      c.op('tbnz', w(conditionValue(c, cc)), '#0', label);
  }
}

/**
 * After a float comparison a branch on parity tells whether the operands are ordered; where they are, equality is just
 * the Z flag.
 */
function refine(places: FlagPlaces, cc: string): [taken: FlagPlaces, fallen: FlagPlaces] {
  const zf = places.get('zf');
  const pf = places.get('pf');
  if ((cc !== 'p' && cc !== 'np') || pf?.kind !== 'flag' || pf.flag !== 'v' || zf?.kind !== 'pair')
    return [places, places];
  const ordered: FlagPlaces = new Map(places);
  ordered.set('zf', { kind: 'flag', flag: 'z', inverted: false });
  ordered.set('pf', { kind: 'constant', value: 0 });
  return cc === 'p' ? [places, ordered] : [ordered, places];
}

/**
 * System V passes six integer arguments in registers, AAPCS64 eight: what would be the first two on the stack must be in
 * x6 and x7 for a native callee. A translated callee reads them where x86 put them, so they stay there as well.
 */
function passArguments(c: Context, words: number, offset: number): void {
  const at = c.rsp - c.sp + offset;
  if (words > 1 && at % 8 === 0 && at >= 0 && at <= LAST_OF_PAIRS) {
    c.op('ldp', 'x6', 'x7', at === 0 ? '[sp]' : `[sp, #${at}]`);
    return;
  }
  for (let i = 0; i < Math.min(words, 2); i++) loadGeneral(c, 6 + i, baseOffset(c, 'sp', at + 8 * i, 8), 8);
}

/** The farthest that `ldp` reaches. */
const LAST_OF_PAIRS = 504;

const rcx = (width: 32 | 64): string => (width === 64 ? x(home('rcx')) : w(home('rcx')));

export const transfers: Transfers<Context> = {
  condition: (c, cc) => {
    const q = question(c, cc);
    return {
      holds: (label) => branch(c, q, cc, label),
      fails: (label) => {
        const inverse = invert(q);
        if (inverse.kind === 'computed') c.op('tbz', w(conditionValue(c, cc)), '#0', label);
        else branch(c, inverse, cc, label);
      },
    };
  },
  refine,
  decrementCounter: (c) => c.op('sub', rcx(64), rcx(64), '#1'),
  branchOnCounter: (c, width, zero, label) => c.op(zero ? 'cbz' : 'cbnz', rcx(width), label),
  jump: (c, label) => c.op('b', label),
  codeAddress: (c, op) => {
    const n = read(c, op, 64);
    if (n !== 6 && n !== 7) return n;
    // Those two may have to take arguments.
    const t = c.temp();
    c.op('mov', x(t), x(n));
    return t;
  },
  call: (c, symbol) => c.op('bl', symbol),
  callRegister: (c, n) => c.op('blr', x(n)),
  passArguments,
  copyWord: (c, from, to) =>
    c.scoped(() => {
      const t = c.temp();
      loadGeneral(c, t, baseOffset(c, 'sp', from, 8), 8);
      storeGeneral(c, t, baseOffset(c, 'sp', to, 8), 8);
    }),
  takeResults: (c, live) => {
    if (live.live('rax', 0, 63)) c.op('mov', x(home('rax')), 'x0');
    if (live.live('rdx', 0, 63)) c.op('mov', x(home('rdx')), 'x1');
  },
  giveResults: (c, live) => {
    if (live.live('rax', 0, 63)) c.op('mov', 'x0', x(home('rax')));
    if (live.live('rdx', 0, 63)) c.op('mov', 'x1', x(home('rdx')));
  },
  loadReturnAddress: (c, offset) => loadGeneral(c, 30, baseOffset(c, 'sp', offset, 8), 8),
  ret: (c) => c.op('ret'),
  tailCall: (c, symbol) => c.op('b', symbol),
  keepForJump: (c, n) => {
    if (n !== 16) c.op('mov', 'x16', x(n));
    return 16;
  },
  jumpRegister: (c, n) => c.op('br', x(n)),
  temp: (c) => c.temp(),
  branchIfAddress: (c, n, symbol, label, t) => {
    symbolAddress(c, { plus: symbol, offset: 0n }, t);
    c.op('sub', x(t), x(t), x(n));
    c.op('cbz', x(t), label);
  },
  stringStep,
  stringStop: (c, prefix, label) => c.op(prefix === 'repne' ? 'b.eq' : 'b.ne', label),
  moveToCommonPlace: (c, flag) => c.moveToWord(flag),
  trap: (c) => c.op('udf', '#0'),
  systemCalls: aarch64SystemCalls,
  systemCall: (c, call, values) => enterKernel(kernel, c, call, values),
};
