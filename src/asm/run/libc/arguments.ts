// SPDX-License-Identifier: MIT
import type { CallAbi } from '../abi.ts';
import type { Machine } from '../machine.ts';
import type { GuestMemory } from './memory.ts';
import type { Process } from './process.ts';

/** The arguments of a call, one after the other, wherever the platform's convention puts them. */
export interface Arguments {
  /** An int. */
  int(): number;
  unsigned(): number;
  /** Any integer of 64 bits, signed. */
  long(): bigint;
  /** An address or a size: exact below 2^53, and above that larger than anything there is. */
  size(): number;
  double(): number;
  /** The pattern of a double: a NaN's sign shows only there. */
  pattern(): bigint;
  float(): number;
}

abstract class Common implements Arguments {
  protected readonly view: DataView;

  constructor(view: DataView) {
    this.view = view;
  }

  /** The address of the next integer's 8 bytes. */
  protected abstract integerAt(): number;
  protected abstract floatAt(): number;

  int(): number {
    return this.view.getInt32(this.integerAt(), true);
  }

  unsigned(): number {
    return this.view.getUint32(this.integerAt(), true);
  }

  long(): bigint {
    return this.view.getBigInt64(this.integerAt(), true);
  }

  size(): number {
    const at = this.integerAt();
    return this.pointerAt(at);
  }

  protected pointerAt(at: number): number {
    return this.view.getUint32(at, true) + 2 ** 32 * this.view.getUint32(at + 4, true);
  }

  double(): number {
    return this.view.getFloat64(this.floatAt(), true);
  }

  pattern(): bigint {
    return this.view.getBigUint64(this.floatAt(), true);
  }

  float(): number {
    return this.view.getFloat32(this.floatAt(), true);
  }
}

/** Arguments in registers, and behind them on the stack. */
export class CallArguments extends Common {
  private readonly machine: Machine;
  private readonly abi: CallAbi;
  private integers = 0;
  private floats = 0;
  private stacked = 0;
  private variadic = false;

  constructor(machine: Machine) {
    super(machine.view);
    this.machine = machine;
    this.abi = machine.abi;
  }

  /** Is told of each argument that is taken. */
  seen: ((value: number | bigint) => void) | undefined;

  override int(): number {
    return this.tell(super.int());
  }

  override unsigned(): number {
    return this.tell(super.unsigned());
  }

  override long(): bigint {
    return this.tell(super.long());
  }

  override size(): number {
    return this.tell(super.size());
  }

  override pattern(): bigint {
    return this.tell(super.pattern());
  }

  override double(): number {
    return this.tell(super.double());
  }

  override float(): number {
    return this.tell(super.float());
  }

  /** The address of a list of arguments. Nobody is told of it: each machine has its own list, wherever it may be. */
  list(): number {
    return super.size();
  }

  private tell<T extends number | bigint>(value: T): T {
    this.seen?.(value);
    return value;
  }

  /** All further arguments are those that the ellipsis stands for. */
  rest(): Arguments {
    this.variadic = true;
    return this;
  }

  protected integerAt(): number {
    const register = this.abi.integers[this.integers];
    if (register === undefined) return this.stackAt();
    this.integers++;
    return this.machine.registerAt(register);
  }

  protected floatAt(): number {
    if (this.variadic && this.abi.variadicFloatsInIntegers) return this.integerAt();
    const register = this.abi.floats[this.floats];
    if (register === undefined) return this.abi.floatsOverflowToIntegers ? this.integerAt() : this.stackAt();
    this.floats++;
    return this.machine.registerAt(register);
  }

  private stackAt(): number {
    return this.machine.stack + this.abi.stackArguments + 8 * this.stacked++;
  }
}

/** How large what a `va_list` leads to is. */
const LIST_BYTES = { x86_64: 24, aarch64: 32, riscv64: 0 } as const;

/** The arguments behind a `va_list`, which is moved on as they are taken (psABI 3.5.7, AAPCS64 appendix B, RISC-V 2.1). */
export class ListArguments extends Common {
  private readonly machine: Machine;
  private readonly memory: GuestMemory;
  /** The list's address; RISC-V passes the list itself, which is one pointer. */
  private readonly list: number;
  private pointer: number;

  /** A list has to be there, whether or not anything is taken from it. */
  constructor({ machine, memory }: Pick<Process, 'machine' | 'memory'>, list: number) {
    super(machine.view);
    this.machine = machine;
    this.memory = memory;
    this.list = list;
    this.pointer = list;
    const bytes = LIST_BYTES[machine.image.isa.name];
    if (bytes > 0) memory.writableAt(list, bytes);
  }

  protected integerAt(): number {
    return this.checked(this.take(8, 0));
  }

  protected floatAt(): number {
    return this.checked(this.take(16, 1));
  }

  private checked(at: number): number {
    this.memory.readable(at, 8);
    return at;
  }

  private take(step: number, kind: 0 | 1): number {
    const { view, list } = this;
    switch (this.machine.image.isa.name) {
      case 'x86_64': {
        const offset = view.getUint32(list + 4 * kind, true);
        if (offset < (kind === 0 ? 48 : 176)) {
          view.setUint32(list + 4 * kind, offset + step, true);
          return this.pointerAt(list + 16) + offset;
        }
        return this.bump(list + 8);
      }
      case 'aarch64': {
        const offset = view.getInt32(list + 24 + 4 * kind, true);
        if (offset < 0) {
          view.setInt32(list + 24 + 4 * kind, offset + step, true);
          return this.pointerAt(list + 8 + 8 * kind) + offset;
        }
        return this.bump(list);
      }
      case 'riscv64': {
        const at = this.pointer;
        this.pointer += 8;
        return at;
      }
    }
  }

  private bump(field: number): number {
    const at = this.pointerAt(field);
    this.view.setBigUint64(field, BigInt(at + 8), true);
    return at;
  }
}
