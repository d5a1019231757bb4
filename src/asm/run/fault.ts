// SPDX-License-Identifier: MIT
import type { Site } from './code/sites.ts';
import type { Machine } from './machine.ts';

/** Where a program was when it stopped. */
export interface StoppedAt {
  readonly machine: Machine;
  /** The instruction; undefined where only the last blocks are known. */
  readonly site: Site | undefined;
  /** Numbers of the blocks entered last, the latest first. */
  readonly path: readonly number[];
}

export type FaultKind = 'memory' | 'trap' | 'stack' | 'jump' | 'end' | 'undefined' | 'heap' | 'library' | 'abort';

/** The program did something that ends it. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly kind: FaultKind;
  readonly at: StoppedAt;
  /** What a function of the library wanted to access. */
  readonly access: { readonly address: number; readonly size: number } | undefined;

  constructor(kind: FaultKind, message: string, at: StoppedAt, access?: Fault['access']) {
    super(message);
    this.kind = kind;
    this.at = at;
    this.access = access;
  }
}

/** A limit that was set has been reached. */
export class OutOfBudget extends Error {
  override readonly name = 'OutOfBudget';
  readonly at: StoppedAt;

  constructor(limit: string, at: StoppedAt) {
    super(limit);
    this.at = at;
  }
}

/** The program asked to end. */
export class Exit extends Error {
  override readonly name = 'Exit';
  readonly status: number;

  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status;
  }
}

/** `longjmp` on its way to the function that called `setjmp`. */
export class LongJump extends Error {
  override readonly name = 'LongJump';
  readonly activation: number;
  readonly address: number;
  readonly restore: () => void;

  constructor(activation: number, address: number, restore: () => void) {
    super('longjmp');
    this.activation = activation;
    this.address = address;
    this.restore = restore;
  }
}
