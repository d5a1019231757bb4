// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import { type Forwarded, type LinuxCall, linuxCall, linuxCalls, OPEN_FLAGS, REPLACED } from '../isa/linux.ts';
import type { SystemConventions } from '../program/system-calls.ts';

/** What the targets' kernels do in place of x86's system calls, and which of those are not carried over. */

/** An argument of the target's call. */
export type SystemArgument =
  /** The same as this one of x86's. */
  | { readonly kind: 'same'; readonly of: number }
  | { readonly kind: 'constant'; readonly value: bigint }
  /** x86's with four flags of `open` in each other's places, as AArch64 has them. */
  | { readonly kind: 'open-flags'; readonly of: number };

/** What must hold of an argument on x86 for both calls to mean the same. */
export interface SystemDemand {
  readonly argument: number;
  /** These bits are 0. */
  readonly zero?: bigint;
  /** Its low 32 bits are one of these numbers. */
  readonly oneOf?: readonly bigint[];
  readonly reason: string;
}

export interface SystemCall {
  readonly name: string;
  /** On x86-64. */
  readonly number: number;
  /** How many arguments it takes there. */
  readonly arity: number;
  /** What does the same on the target. */
  readonly target: { readonly name: string; readonly number: number };
  readonly arguments: readonly SystemArgument[];
  readonly demands: readonly SystemDemand[];
}

/** A call that is not carried over, and why. */
export interface RefusedSystemCall {
  readonly name: string;
  readonly reason: string;
  readonly advice: string;
}

/** What a target does about x86's calls, by their numbers. */
export interface SystemCalls {
  readonly carried: ReadonlyMap<number, SystemCall>;
  readonly refused: ReadonlyMap<number, RefusedSystemCall>;
}

const REFUSED: readonly (readonly [reason: string, advice: string, calls: string])[] = [
  ['`struct stat` has another layout', 'use statx, which is the same everywhere', 'stat fstat lstat newfstatat ustat'],
  ['its structures have another layout', 'call the C library', 'semctl epoll_ctl epoll_wait epoll_pwait'],
  [
    "the kernel looks at this machine's registers and frames, or is given them",
    'call the C library',
    'rt_sigaction rt_sigreturn sigaltstack clone clone3 vfork ptrace rt_sigqueueinfo',
  ],
  [
    'it is about this machine',
    'leave it out',
    'arch_prctl modify_ldt iopl ioperm personality prctl set_thread_area get_thread_area',
  ],
  [
    'the target has no such call, and what stands for it takes other structures or does other things',
    'use ppoll, pselect6, dup3, setitimer, clock_gettime, getdents64, utimensat or signalfd4',
    'poll select dup2 pause alarm time getdents utime utimes futimesat epoll_create signalfd',
  ],
  ['flags of `open` in a structure are others on some targets', 'use openat', 'openat2'],
];

interface Difference {
  readonly calls: readonly string[];
  readonly demand: SystemDemand;
}

const DIFFERENCES: readonly Difference[] = [
  { calls: ['mmap'], demand: { argument: 3, zero: 0x40n, reason: 'MAP_32BIT exists only on x86' } },
  {
    calls: ['fcntl'],
    demand: {
      argument: 1,
      // F_DUPFD, F_GETFD, F_SETFD, F_DUPFD_CLOEXEC.
      oneOf: [0n, 1n, 2n, 1030n],
      reason: 'only commands about descriptors are known to mean the same',
    },
  },
  {
    calls: ['ioctl'],
    demand: {
      argument: 1,
      // TCGETS, TCSETS, TCSETSW, TCSETSF, TIOCGPGRP, TIOCSPGRP, TIOCGWINSZ, TIOCSWINSZ, FIONREAD, FIONBIO.
      oneOf: [0x5401n, 0x5402n, 0x5403n, 0x5404n, 0x540fn, 0x5410n, 0x5413n, 0x5414n, 0x541bn, 0x5421n],
      reason: 'only requests about terminals and waiting input are known to mean the same',
    },
  },
];

const ON_AARCH64: readonly Difference[] = [
  {
    calls: ['mmap', 'mprotect'],
    demand: { argument: 2, zero: 0x30n, reason: 'PROT_BTI and PROT_MTE exist only on AArch64' },
  },
];

function makeCalls(swapsOpenFlags: boolean, differences: readonly Difference[]): SystemCalls {
  const refused = new Map<number, RefusedSystemCall>();
  for (const [reason, advice, names] of REFUSED) {
    for (const name of names.split(' ')) refused.set(linuxCall(name).x86, { name, reason, advice });
  }
  const argument = (target: string, f: Forwarded, i: number): SystemArgument => {
    if ('value' in f) return { kind: 'constant', value: BigInt.asUintN(64, f.value) };
    return { kind: swapsOpenFlags && OPEN_FLAGS[target] === i ? 'open-flags' : 'same', of: f.of };
  };
  const carried = new Map<number, SystemCall>();
  for (const call of linuxCalls) {
    const { name, x86: number, arity } = call;
    if (refused.has(number)) continue;
    const [target, ...forwarded] = REPLACED[name] ?? [name, ...Array.from({ length: arity }, (_, of) => ({ of }))];
    carried.set(number, {
      name,
      number,
      arity,
      target: { name: target, number: must(linuxCall(target).common, `a common call ${target}`) },
      arguments: forwarded.map((f, i) => argument(target, f, i)),
      demands: differences.filter((d) => d.calls.includes(name)).map((d) => d.demand),
    });
  }
  return { carried, refused };
}

export const aarch64SystemCalls: SystemCalls = makeCalls(true, [...DIFFERENCES, ...ON_AARCH64]);
export const riscv64SystemCalls: SystemCalls = makeCalls(false, DIFFERENCES);

const NEVER_RETURN = ['exit', 'exit_group'];

/** What is known of a machine's own calls, by its numbers. */
function knownBy(numberOf: (c: LinuxCall) => number | undefined): SystemConventions {
  const arities = new Map(linuxCalls.map((c) => [numberOf(c), c.arity]));
  const last = new Set(NEVER_RETURN.map((name) => numberOf(linuxCall(name))));
  return {
    arity: (number) => arities.get(Number(number)),
    neverReturns: (number) => last.has(Number(number)),
  };
}

export const x8664Calls: SystemConventions = knownBy((c) => c.x86);
export const commonCalls: SystemConventions = knownBy((c) => c.common);
