// SPDX-License-Identifier: MIT
import { add, and, bv, eq, low, ne, not, sub, zext } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst, type View } from '../../define.ts';
import { type Effect, type State, set, store } from '../../effect.ts';
import { CONDITIONS, condition } from '../flags.ts';
import { effectiveAddress, gprM, gprMI, gprMTracked, imm16, mem, rel, writeAll } from '../operands.ts';
import { reg } from '../registers.ts';
import { sdm } from './form.ts';

/** Jumps, calls, returns and the stack. */

const jump = (target: Term, condition?: Term): Effect =>
  condition === undefined ? { kind: 'jump', target } : { kind: 'jump', target, condition };

const idOf = (prefix: string): string => (prefix === '' ? '' : `${prefix.replaceAll(' ', '_')}_`);
const spelled = (prefix: string): string => (prefix === '' ? '' : `${prefix} `);

function push(state: State, value: Term): Effect[] {
  const top = sub(state.get('rsp'), bv(64, value.width / 8));
  return [store(top, value), set('rsp', top)];
}

function called(target: Term, state: State): Effect[] {
  return [...push(state, state.next()), { kind: 'call', target }];
}

function directJump(prefix: string): InstDef {
  const p = spelled(prefix);
  return inst({
    id: `x64.${idOf(prefix)}jmp.rel.64`,
    syntax: `${p}jmp {target}`,
    aliases: [`${p}jmpq`],
    operands: { target: rel() },
    sem: ({ target }) => [jump(target.value)],
    ref: sdm('jmp'),
  });
}

function directCall(prefix: string): InstDef {
  const p = spelled(prefix);
  return inst({
    id: `x64.${idOf(prefix)}call.rel.64`,
    syntax: `${p}call {target}`,
    aliases: [`${p}callq`],
    operands: { target: rel() },
    sem: ({ target }, state) => called(target.value, state),
    ref: sdm('call'),
  });
}

/**
 * What compilers pad the calls of thread-local storage's general dynamic model with, for the linker to rewrite. GNU as
 * takes a prefix twice only as a statement of its own.
 */
const padded: InstDef[] = [
  inst({
    id: 'x64.rex64_call.rel.64',
    syntax: 'rex64 call {target}',
    aliases: ['rex64 callq'],
    operands: { target: rel() },
    sem: ({ target }, state) => called(target.value, state),
    ref: sdm('call'),
  }),
  inst({
    id: 'x64.rex64_call.m.64',
    syntax: 'rex64 call *{target}',
    aliases: ['rex64 callq'],
    operands: { target: mem(64, 'r') },
    sem: ({ target }, state) => called(target.value, state),
    ref: sdm('call'),
  }),
  inst({
    id: 'x64.data16_data16_rex64_call.rel.64',
    syntax: 'data16; data16 rex64 call {target}',
    aliases: ['data16 data16 rex64 call', 'data16 data16 rex64 callq'],
    operands: { target: rel() },
    sem: ({ target }, state) => called(target.value, state),
    ref: sdm('call'),
  }),
];

const conditional = (prefix: string): InstDef[] =>
  CONDITIONS.map(([cc, ...others]) =>
    inst({
      id: `x64.${idOf(prefix)}j${cc}.rel.64`,
      syntax: `${spelled(prefix)}j${cc} {target}`,
      aliases: others.map((o) => `${spelled(prefix)}j${o}`),
      operands: { target: rel() },
      sem: ({ target }, state) => [jump(target.value, condition(cc, state))],
      ref: sdm('jcc'),
    }),
  );

/** `notrack` and `bnd` change what the processor checks, not where it goes. */
function indirect(prefix: string): InstDef[] {
  const p = spelled(prefix);
  return [
    inst({
      id: `x64.${idOf(prefix)}jmp.rm.64`,
      syntax: `${p}jmp *{target}`,
      aliases: [`${p}jmpq`],
      operands: { target: prefix === 'notrack' ? gprMTracked() : gprM(64, 'r') },
      sem: ({ target }) => [jump(target.value)],
      ref: sdm('jmp'),
    }),
    inst({
      id: `x64.${idOf(prefix)}call.rm.64`,
      syntax: `${p}call *{target}`,
      aliases: [`${p}callq`],
      operands: { target: prefix === 'notrack' ? gprMTracked() : gprM(64, 'r') },
      sem: ({ target }, state) => called(target.value, state),
      ref: sdm('call'),
    }),
  ];
}

function returned(state: State, extra: Term): Effect[] {
  const rsp = state.get('rsp');
  return [set('rsp', add(add(rsp, bv(64, 8)), extra)), { kind: 'return', target: state.load(rsp, 8) }];
}

/** `rep ret` is `ret` with a prefix that old processors predict better. */
const returns = (prefix: string, aliases: readonly string[]): InstDef =>
  inst({
    id: `x64.${idOf(prefix)}ret.none.64`,
    syntax: `${spelled(prefix)}ret`,
    aliases,
    operands: {},
    sem: (_, state) => returned(state, bv(64, 0)),
    ref: sdm('ret'),
  });

const returnAndDrop: InstDef = inst({
  id: 'x64.ret.i.64',
  syntax: 'ret {imm}',
  aliases: ['retq'],
  operands: { imm: imm16() },
  sem: ({ imm }, state) => returned(state, zext(imm.value, 64)),
  ref: sdm('ret'),
});

/** Jumps on the count register, which do not touch the flags. */
const counted: InstDef[] = [
  inst({
    id: 'x64.jrcxz.rel.64',
    syntax: 'jrcxz {target}',
    operands: { target: rel() },
    sem: ({ target }, state) => [jump(target.value, eq(state.get('rcx'), bv(64, 0)))],
    ref: sdm('jcc'),
  }),
  inst({
    id: 'x64.jecxz.rel.64',
    syntax: 'jecxz {target}',
    operands: { target: rel() },
    sem: ({ target }, state) => [jump(target.value, eq(low(state.get('rcx'), 32), bv(32, 0)))],
    ref: sdm('jcc'),
  }),
  ...(
    [
      ['loop', [], () => undefined],
      ['loope', ['loopz'], (s: State) => s.get('zf')],
      ['loopne', ['loopnz'], (s: State) => not(s.get('zf'))],
    ] as const
  ).map(([mnemonic, aliases, also]) =>
    inst({
      id: `x64.${mnemonic}.rel.64`,
      syntax: `${mnemonic} {target}`,
      aliases: [...aliases],
      operands: { target: rel() },
      sem: ({ target }, state) => {
        const count = sub(state.get('rcx'), bv(64, 1));
        const more = ne(count, bv(64, 0));
        const flag = also(state);
        return [set('rcx', count), jump(target.value, flag === undefined ? more : and(more, flag))];
      },
      ref: sdm('loop/loopcc'),
    }),
  ),
];

/** A popped memory operand is addressed with the stack pointer as it is after the pop. */
function popped(dst: View, w: number, state: State): Effect[] {
  const rsp = state.get('rsp');
  const value = state.load(rsp, w / 8);
  const above = add(rsp, bv(64, w / 8));
  if (dst.operand.kind === 'mem') {
    const after: State = {
      get: (loc) => (loc === 'rsp' ? above : state.get(loc)),
      load: (address, bytes) => state.load(address, bytes),
      symbol: (e) => state.symbol(e),
      next: () => state.next(),
      undefined: (width, why) => state.undefined(width, why),
    };
    return [store(effectiveAddress(dst.operand, after), value), set('rsp', above)];
  }
  return writeAll(state, [
    [reg('rsp'), above],
    [dst, value],
  ]);
}

const stack: InstDef[] = ([64, 16] as const).flatMap((w) => {
  const names = (m: string): string => (w === 64 ? `${m}|${m}q` : `~${m}|${m}w`);
  return [
    inst({
      // A 16-bit immediate cannot be told from a 64-bit one in Intel syntax, and no compiler pushes one.
      id: `x64.push.${w === 64 ? 'rmi' : 'rm'}.${w}`,
      syntax: `${names('push')} {src}`,
      operands: { src: w === 64 ? gprMI(w) : gprM(w, 'r') },
      sem: ({ src }, state) => push(state, src.value),
      ref: sdm('push'),
    }),
    inst({
      id: `x64.pop.rm.${w}`,
      syntax: `${names('pop')} {dst}`,
      operands: { dst: gprM(w, 'w') },
      sem: ({ dst }, state) => popped(dst, w, state),
      ref: sdm('pop'),
    }),
  ];
});

const leave: InstDef = inst({
  id: 'x64.leave.none.64',
  syntax: 'leave',
  aliases: ['leaveq'],
  operands: {},
  sem: (_, state) => {
    const rbp = state.get('rbp');
    return [set('rsp', add(rbp, bv(64, 8))), set('rbp', state.load(rbp, 8))];
  },
  ref: sdm('leave'),
});

export const controlForms: readonly InstDef[] = [
  ...['', 'bnd'].flatMap((p) => [directJump(p), directCall(p)]),
  ...padded,
  ...conditional(''),
  ...conditional('bnd'),
  ...indirect(''),
  ...indirect('notrack'),
  ...indirect('bnd'),
  returns('', ['retq']),
  returns('rep', ['rep retq', 'repe ret', 'repe retq']),
  returns('bnd', ['bnd retq']),
  returnAndDrop,
  ...counted,
  ...stack,
  leave,
];
