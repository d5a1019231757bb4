// SPDX-License-Identifier: MIT
import type { Isa } from '../isa/isa.ts';
import type { SystemCalls } from './system-calls.ts';

/** How a source platform's calling convention is carried over to a target's: what lowering obeys and verify demands. */
export interface AbiPair {
  readonly source: Isa['name'];
  readonly target: Isa['name'];
  /** Source register -> the target register that holds it, for every general and vector register but the stack pointer. */
  readonly homes: Readonly<Record<string, string>>;
  /**
   * Source register -> the target register that holds its bits from 64 on at calls within the file, where the home has no
   * room for them. Functions outside of the file neither take nor give these bits.
   */
  readonly highHomes?: Readonly<Record<string, string>>;
  /** How many low bits of which source registers may carry arguments; they sit in their homes at `abi` calls and entries. */
  readonly argumentBits: Readonly<Record<string, number>>;
  /** Target registers of the integer arguments that the source has on the stack; further ones lie on the target's stack. */
  readonly stackArguments: readonly string[];
  /** Source result register -> target result register at `abi` returns. */
  readonly results: Readonly<Record<string, string>>;
  /** Source registers that a function preserves; each is preserved in its home. */
  readonly calleeSaved: readonly string[];
  /**
   * Target locations that no translated code may change: callee-saved ones that are no source register's home, and the
   * platform's own. `bits` is how many low bits count.
   */
  readonly untouched: readonly { readonly loc: string; readonly bits: number }[];
  /**
   * Source registers in which a `float` is passed and returned otherwise than a `double`: on the target its 32 bits
   * stand below ones (NaN boxing). What is passed then is either the home's whole content or such a `float`.
   */
  readonly boxed?: readonly string[];
  /** The target's link register. */
  readonly link: string;
  /** Target locations that the linker may change on the way to another function (by a veneer). */
  readonly scratch?: readonly string[];
  /** Target functions of vouch's own runtime that stand for something the source does in one instruction. */
  readonly traps: Readonly<Record<string, string>>;
  /** Source external function -> the runtime function that stands for it on the target. */
  readonly bridges: Readonly<Record<string, string>>;
  /** Source external functions that must not be called from the target, since their interface differs. */
  readonly refused?: ReadonlyMap<string, { readonly throws?: boolean }>;
  /** What of the source's system calls the target has. */
  readonly systemCalls: SystemCalls;
  /** Target locations that the kernel does not give back. */
  readonly lostInKernel?: readonly string[];
}
