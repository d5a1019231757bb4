// SPDX-License-Identifier: MIT
import type { SystemCall, SystemCalls, SystemDemand } from '../../abi/system-calls.ts';
import { swapOpenFlags } from '../../isa/linux.ts';
import type { Flow } from '../../program/types.ts';
import { type BlockContext, Refusal } from './context.ts';

/** Where x86-64 has the arguments of a system call. */
const SYSTEM_ARGUMENTS = ['rdi', 'rsi', 'rdx', 'r10', 'r8', 'r9'] as const;

/** The system call that an instruction makes, where the target has one that does the same. */
export function systemCallOf(calls: SystemCalls, flow: Flow & { kind: 'system' }): SystemCall {
  const { number, values } = flow;
  if (number === undefined)
    throw new Refusal(
      'V0242',
      'which system call this is shows only in a run',
      'put its number into eax as a constant, without a label between that and the call',
    );
  const call = calls.carried.get(Number(number));
  if (call === undefined) {
    const refused = calls.refused.get(Number(number));
    if (refused === undefined) throw new Refusal('V0242', `system call ${number} is not known`, 'call the C library');
    throw new Refusal(
      'V0242',
      `the system call ${refused.name} cannot be carried over: ${refused.reason}`,
      refused.advice,
    );
  }
  for (const d of call.demands) {
    const value = values[d.argument];
    if (value === undefined)
      throw new Refusal(
        'V0242',
        `argument ${d.argument + 1} of ${call.name} is not known here, and ${d.reason}`,
        'make it a constant',
      );
    if (!holds(d, value)) throw new Refusal('V0242', `this ${call.name} cannot be carried over: ${d.reason}`);
  }
  return call;
}

function holds(demand: SystemDemand, value: bigint): boolean {
  if (demand.zero !== undefined && (value & demand.zero) !== 0n) return false;
  return demand.oneOf?.includes(BigInt.asUintN(32, value)) ?? true;
}

/** How a target enters its kernel. Registers are given by their numbers. */
export interface Kernel<C extends BlockContext> {
  /** Where it takes arguments. */
  readonly arguments: readonly number[];
  readonly number: number;
  readonly result: number;
  home(loc: string): number;
  /** The register of the call's number, kept from being a temporary. */
  reserve(c: C): void;
  temp(c: C): number;
  move(c: C, to: number, from: number): void;
  constant(c: C, value: bigint, into: number): void;
  /** Puts the flags of `open` in `from` into `into` as the target has them. */
  openFlags(c: C, into: number, from: number): void;
  enter(c: C): void;
}

/**
 * Makes a system call. Arguments of the target's call stand where x86's are or further back, so that putting the last in
 * place first loses none.
 */
export function enterKernel<C extends BlockContext>(
  k: Kernel<C>,
  c: C,
  call: SystemCall,
  values: readonly (bigint | undefined)[],
): void {
  k.reserve(c);
  const changed = new Set([k.result, k.number]);
  call.arguments.forEach((a, i) => {
    const register = k.arguments[i] ?? k.number;
    if (a.kind !== 'same' || homeOfArgument(k, a.of) !== register) changed.add(register);
  });
  const saved = [...SYSTEM_ARGUMENTS, 'rcx', 'r11'].flatMap((loc) => {
    const home = k.home(loc);
    if (!changed.has(home) || !c.after.live(loc, 0, 63)) return [];
    const copy = k.temp(c);
    k.move(c, copy, home);
    return [{ home, copy }];
  });
  for (const [i, a] of [...call.arguments.entries()].reverse()) {
    const register = k.arguments[i] ?? k.number;
    if (a.kind === 'constant') {
      k.constant(c, a.value, register);
      continue;
    }
    const from = homeOfArgument(k, a.of);
    const value = values[a.of];
    if (a.kind === 'same') k.move(c, register, from);
    else if (value !== undefined) k.constant(c, swapOpenFlags(value), register);
    else k.openFlags(c, register, from);
  }
  k.constant(c, BigInt(call.target.number), k.number);
  k.enter(c);
  if (c.after.live('rax', 0, 63)) k.move(c, k.home('rax'), k.result);
  for (const { home, copy } of saved) k.move(c, home, copy);
}

function homeOfArgument<C extends BlockContext>(k: Kernel<C>, of: number): number {
  return k.home(SYSTEM_ARGUMENTS[of] ?? 'rdi');
}
