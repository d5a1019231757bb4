// SPDX-License-Identifier: MIT
import { assert } from '../../base/assert.ts';
import { Diagnostics } from '../../base/diagnostic.ts';
import { x8664ToAarch64 } from '../abi/pairs/x86_64-aarch64.ts';
import { aarch64 } from '../isa/aarch64/index.ts';
import type { Isa } from '../isa/isa.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { recoverProgram } from '../program/recover.ts';
import type { Program } from '../program/types.ts';
import { readAsm } from '../text/read.ts';
import type { Claim } from './context.ts';
import type { FlagPlace, FunctionRelation, RegisterRelation, Relation } from './relation.ts';

/** Short ways to write claims by hand, for tests. */

export function program(isa: Isa, text: string): Program {
  const diagnostics = new Diagnostics();
  const result = recoverProgram(readAsm({ file: `test.${isa.name}.s`, text }, isa, diagnostics), diagnostics);
  assert(!diagnostics.hasErrors, diagnostics.list.map((d) => `${d.span?.line}: ${d.message}`).join('\n'));
  return result;
}

const { homes } = x8664ToAarch64;

/** All bits of these registers are in their homes. */
export function whole(...registers: string[]): RegisterRelation[] {
  return registers.map((source) => ({
    source,
    target: homes[source] ?? source,
    bits: [[0, source.startsWith('xmm') ? 127 : 63]] as const,
  }));
}

export const EVERYTHING = Object.keys(homes);

/** A relation with every register in its home. */
export function related(stack = -8, flags: Record<string, FlagPlace> = {}, registers = whole(...EVERYTHING)): Relation {
  return { stack, frames: [], registers, flags };
}

export const flag = (name: string, inverted = false): FlagPlace => ({ kind: 'flag', flag: name, inverted });

/** A function with these labels and relations for its blocks, in order. */
export function functionRelation(
  name: string,
  blocks: readonly (readonly [label: string, relation: Relation])[],
  more: Partial<FunctionRelation> = {},
): FunctionRelation {
  return {
    source: name,
    target: name,
    convention: 'abi',
    entryStack: -8,
    blocks: blocks.map(([target, relation], block) => ({ block, target, relation })),
    ...more,
  };
}

export function claim(source: string, target: string, functions: readonly FunctionRelation[]): Claim {
  return {
    source: program(x86_64, source),
    target: program(aarch64, target),
    pair: x8664ToAarch64,
    functions,
    contracts: new Map(),
    refused: [],
  };
}
