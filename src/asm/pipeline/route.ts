// SPDX-License-Identifier: MIT
import type { Diagnostics } from '../../base/diagnostic.ts';
import { aapcs64, systemV } from '../abi/call-model.ts';
import type { RuntimeContract } from '../abi/contract.ts';
import { contracts } from '../abi/contracts.ts';
import type { AbiPair } from '../abi/pair.ts';
import { x8664ToAarch64 } from '../abi/pairs/x86_64-aarch64.ts';
import { aarch64 } from '../isa/aarch64/index.ts';
import type { Isa } from '../isa/isa.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { type LoweredFile, type LowerOptions, lowerFile } from '../lower/x86_64-to-aarch64/file.ts';
import { rules } from '../lower/x86_64-to-aarch64/rules/index.ts';
import type { Conventions } from '../program/conventions.ts';
import type { Program } from '../program/types.ts';

/** A way from one machine to another: what translating and checking need to know of both. */
export interface Route {
  readonly source: Isa;
  readonly target: Isa;
  readonly pair: AbiPair;
  readonly contracts: ReadonlyMap<string, RuntimeContract>;
  readonly lower: (program: Program, diagnostics: Diagnostics, options: LowerOptions) => LoweredFile;
  /** The names of the rules that may carry over an instruction of this mnemonic. */
  readonly rulesFor: (mnemonic: string) => readonly string[];
}

export const ISAS: readonly Isa[] = [x86_64, aarch64];

/** Adding a target machine means adding its line here. */
export const ROUTES: readonly Route[] = [
  {
    source: x86_64,
    target: aarch64,
    pair: x8664ToAarch64,
    contracts,
    lower: lowerFile,
    rulesFor: (m) => rules.namesFor(m),
  },
];

export function findRoute(source: string, target: string): Route | undefined {
  return ROUTES.find((r) => r.source.name === source && r.target.name === target);
}

export function findIsa(name: string): Isa | undefined {
  return ISAS.find((isa) => isa.name === name);
}

export function conventionsOfSource(isa: Isa): Conventions {
  return isa === x86_64 ? systemV : aapcs64;
}
