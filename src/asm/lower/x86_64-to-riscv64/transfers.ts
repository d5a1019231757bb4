// SPDX-License-Identifier: MIT

import { riscv64SystemCalls } from '../../abi/system-calls.ts';
import type { After } from '../from-x86_64/context.ts';
import type { FlagPlaces } from '../from-x86_64/flags.ts';
import type { Leaving } from '../from-x86_64/leaving.ts';
import { enterKernel } from '../from-x86_64/system-calls.ts';
import type { Transfers } from '../from-x86_64/transfers.ts';
import { moveToCommonPlace } from './common-places.ts';
import { branch, inverse, question } from './conditions.ts';
import type { Context } from './context.ts';
import { giveHighs, keepOverCall, passHighs, restoreAfterCall, takeHighs } from './halves.ts';
import { kernel } from './kernel.ts';
import { baseOffset, load, store, symbolAddress } from './memory.ts';
import { GENERAL_TEMPS, home, LINK, STACK, x, ZERO } from './registers.ts';
import { stringStep } from './rules/string.ts';
import { read } from './values.ts';

const RCX = home('rcx');

/**
 * System V passes six integer arguments in registers, lp64d eight: what would be the first two on the stack must be in
 * a6 and a7 for a native callee. A translated callee reads them where x86 put them, so they stay there as well.
 */
function passArguments(c: Context, words: number, offset: number): void {
  const at = c.rsp - c.sp + offset;
  for (let i = 0; i < Math.min(words, 2); i++) load(c, 16 + i, baseOffset(c, STACK, at + 8 * i), 8);
}

/**
 * After a float comparison a branch on parity tells whether the operands are ordered; where they are, equality is all
 * that the zero flag says.
 */
function refine(places: FlagPlaces, cc: string): readonly [FlagPlaces, FlagPlaces] {
  const zf = places.get('zf');
  if ((cc !== 'p' && cc !== 'np') || places.get('pf')?.kind !== 'comparison' || zf?.kind !== 'comparison')
    return [places, places];
  const ordered: FlagPlaces = new Map(places);
  ordered.set('zf', { ...zf, of: 'equal' });
  ordered.set('pf', { kind: 'constant', value: 0 });
  return cc === 'p' ? [places, ordered] : [ordered, places];
}

/** What is wanted where a block is about to leave: before its last instruction, or behind it where that just goes on. */
function liveAtEnd(l: Leaving): After {
  return l.inst === undefined ? l.facts.after(l.index - 1) : l.facts.before(l.index);
}

export const transfers: Transfers<Context> = {
  condition: (c, cc) => {
    const q = question(c, cc);
    return { holds: (label) => branch(c, q, label), fails: (label) => branch(c, inverse(q), label) };
  },
  refine,
  decrementCounter: (c) => {
    c.op('addi', x(RCX), x(RCX), -1);
    c.note(RCX, undefined);
  },
  branchOnCounter: (c, width, zero, label) =>
    c.op(zero ? 'beqz' : 'bnez', x(width === 64 ? RCX : c.extended(RCX, 32, 'sign')), label),
  jump: (c, label) => c.op('j', label),
  codeAddress: (c, op) => {
    const n = read(c, op, 64);
    if (n !== 16 && n !== 17) return n;
    // Those two may have to take arguments.
    const t = c.temp();
    c.move(t, n);
    return t;
  },
  call: (c, symbol) => c.op('call', symbol),
  callRegister: (c, n) => c.op('jalr', x(n)),
  passArguments,
  copyWord: (c, from, to) =>
    c.scoped(() => {
      const t = c.temp();
      load(c, t, baseOffset(c, STACK, from), 8);
      store(c, t, baseOffset(c, STACK, to), 8);
    }),
  passWhole: (c, l) => {
    const callee = l.facts.callee(l.block.index);
    if (l.block.flow.kind === 'call') keepOverCall(c, l.block.index);
    if (callee !== undefined) passHighs(c, liveAtEnd(l), callee.facts.atBlock(0));
  },
  takeWhole: (c, l, live) => {
    const callee = l.facts.callee(l.block.index);
    if (callee !== undefined) takeHighs(c, live, callee.clobbers);
    restoreAfterCall(c, l.block.index);
  },
  giveWhole: (c, l) => giveHighs(c, liveAtEnd(l)),
  takeResults: (c, live) => {
    if (live.live('rax', 0, 63)) c.op('mv', x(home('rax')), 'a0');
    if (live.live('rdx', 0, 63)) c.op('mv', x(home('rdx')), 'a1');
  },
  giveResults: (c, live) => {
    if (live.live('rax', 0, 63)) c.op('mv', 'a0', x(home('rax')));
    if (live.live('rdx', 0, 63)) c.op('mv', 'a1', x(home('rdx')));
  },
  loadReturnAddress: (c, offset) => load(c, LINK, baseOffset(c, STACK, offset), 8),
  ret: (c) => c.op('ret'),
  // What `tail` takes is the home of r11, which our caller may have something in.
  tailCall: (c, symbol) => c.op('jump', symbol, x(GENERAL_TEMPS[0] ?? ZERO)),
  keepForJump: (c, n) => {
    if (n !== LINK) return n;
    const t = c.temp();
    c.move(t, n);
    return t;
  },
  jumpRegister: (c, n) => c.op('jr', x(n)),
  temp: (c) => c.temp(),
  branchIfAddress: (c, n, symbol, label, scratch) => {
    symbolAddress(c, { plus: symbol, offset: 0n }, scratch);
    c.op('beq', x(scratch), x(n), label);
  },
  stringStep,
  stringStop: (c, prefix, label) => {
    const q = c.scoped(() => question(c, prefix === 'repne' ? 'e' : 'ne'));
    branch(c, q, label);
  },
  moveToCommonPlace,
  trap: (c) => c.op('unimp'),
  systemCalls: riscv64SystemCalls,
  systemCall: (c, call, values) => enterKernel(kernel, c, call, values),
};
