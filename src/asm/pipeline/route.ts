// SPDX-License-Identifier: MIT
import type { Diagnostics } from '../../base/diagnostic.ts';
import type { RuntimeContract } from '../abi/contract.ts';
import type { AbiPair } from '../abi/pair.ts';
import { x8664ToAarch64 } from '../abi/pairs/x86_64-aarch64.ts';
import { x8664ToRiscv64 } from '../abi/pairs/x86_64-riscv64.ts';
import { contracts as aarch64Contracts } from '../abi/runtime/aarch64/contracts.ts';
import type { RuntimeLibrary } from '../abi/runtime/library.ts';
import { contracts as riscv64Contracts } from '../abi/runtime/riscv64/contracts.ts';
import { aarch64 } from '../isa/aarch64/index.ts';
import type { Isa } from '../isa/isa.ts';
import { riscv64 } from '../isa/riscv64/index.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { type LoweredFile, type LowerOptions, lowerFile } from '../lower/from-x86_64/file.ts';
import { toAarch64 } from '../lower/x86_64-to-aarch64/target.ts';
import { toRiscv64 } from '../lower/x86_64-to-riscv64/target.ts';
import type { Program } from '../program/types.ts';

/** A way from one machine to another: what translating and checking need to know of both. */
export interface Route {
  readonly source: Isa;
  readonly target: Isa;
  readonly pair: AbiPair;
  /** vouch's own functions that targets call. */
  readonly runtime: RuntimeLibrary;
  readonly contracts: ReadonlyMap<string, RuntimeContract>;
  readonly lower: (program: Program, diagnostics: Diagnostics, options: LowerOptions) => LoweredFile;
  /** The names of the rules that may carry over an instruction of this mnemonic. */
  readonly rulesFor: (mnemonic: string) => readonly string[];
}

export const ISAS: readonly Isa[] = [x86_64, aarch64, riscv64];

/** Adding a target machine means adding its line here. */
export const ROUTES: readonly Route[] = [
  {
    source: x86_64,
    target: aarch64,
    pair: x8664ToAarch64,
    contracts: aarch64Contracts,
    runtime: toAarch64.runtime,
    lower: (program, diagnostics, options) => lowerFile(toAarch64, program, diagnostics, options),
    rulesFor: (m) => toAarch64.rules.namesFor(m),
  },
  {
    source: x86_64,
    target: riscv64,
    pair: x8664ToRiscv64,
    contracts: riscv64Contracts,
    runtime: toRiscv64.runtime,
    lower: (program, diagnostics, options) => lowerFile(toRiscv64, program, diagnostics, options),
    rulesFor: (m) => toRiscv64.rules.namesFor(m),
  },
];

/** `processor` is what the source is taken to run on, where one is named; one that is not known has no route. */
export function findRoute(source: string, target: string, processor?: string): Route | undefined {
  const route = ROUTES.find((r) => r.source.name === source && r.target.name === target);
  const isa = processor === undefined ? route?.source : route?.source.on?.(processor);
  return route === undefined || isa === undefined ? undefined : { ...route, source: isa };
}

export function findIsa(name: string, processor?: string): Isa | undefined {
  const isa = ISAS.find((i) => i.name === name);
  return processor === undefined ? isa : isa?.on?.(processor);
}
