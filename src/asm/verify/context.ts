// SPDX-License-Identifier: MIT

import { must } from '../../base/assert.ts';
import { byName } from '../../base/by-name.ts';
import { DEFAULT_LIMITS, type Limits } from '../../core/budget.ts';
import type { RuntimeContract } from '../abi/contract.ts';
import type { AbiPair } from '../abi/pair.ts';
import type { BlockRelation, FunctionRelation } from '../abi/relation.ts';
import type { Isa } from '../isa/isa.ts';
import type { FunctionCode, Program } from '../program/types.ts';
import type { Prover } from './discharge.ts';
import { stackedNames } from './native-entry.ts';
import { ownStorage } from './own-storage.ts';
import type { Isas } from './related.ts';

/** What a check is about: the two programs and what is claimed about them. */
export interface Claim {
  readonly source: Program;
  readonly target: Program;
  readonly pair: AbiPair;
  readonly functions: readonly FunctionRelation[];
  readonly contracts: ReadonlyMap<string, RuntimeContract>;
  /** Source functions that were not carried over. */
  readonly refused: readonly string[];
}

/** A place in code. */
export interface Place {
  readonly code: FunctionCode;
  readonly index: number;
}

/** What calls to names outside the file may mean. */
export interface Runtime {
  readonly contracts: ReadonlyMap<string, RuntimeContract>;
  /** Functions that stand for a trap, with the trap's name. */
  readonly traps: Readonly<Record<string, string>>;
}

/** One side of the claim with its labels looked up. */
export class Side {
  readonly program: Program;
  readonly runtime: Runtime;
  private readonly places = new Map<string, Place>();

  constructor(program: Program, runtime: Runtime) {
    this.program = program;
    this.runtime = runtime;
    for (const code of program.functions) {
      for (const [label, index] of code.indexOfLabel) this.places.set(label, { code, index });
    }
    for (const [name, index] of program.functionOf) {
      const code = program.functions[index];
      if (code !== undefined) this.places.set(name, { code, index: 0 });
    }
    for (const [alias, name] of program.symbolAliases) this.rename(name, alias);
  }

  /** Lets a label go by another name too. */
  rename(name: string, other: string): void {
    const place = this.places.get(name);
    if (place !== undefined) this.places.set(other, place);
  }

  /** Where a code label is, in whichever function. */
  place(label: string): Place | undefined {
    return this.places.get(label);
  }

  /** The function that begins at this label. */
  functionAt(label: string): FunctionCode | undefined {
    const place = this.places.get(label);
    return place?.index === 0 ? place.code : undefined;
  }
}

/** A cut point: a block of a source function in one of its variants. */
export interface Cut {
  readonly relation: FunctionRelation;
  readonly block: BlockRelation;
}

/**
 * The name in the target of a symbol of the source: external functions that are bridged have another one there, and so have
 * functions with an entry for native code. Those whose bridge or other name the target does not use go by their own name.
 */
export function renaming(claim: Pick<Claim, 'source' | 'target' | 'pair' | 'functions'>): (name: string) => string {
  const { source, target, pair } = claim;
  const stacked = stackedNames(claim);
  return (name) => {
    const other = stacked.own.get(name) ?? stacked.others(name);
    if (other !== undefined) return other;
    const bridge = source.symbols.get(name)?.defined === false ? pair.bridges[name] : undefined;
    return bridge !== undefined && target.symbols.has(bridge) ? bridge : name;
  };
}

/** The source's ISA with the target's names for symbols: a bridged function and its bridge have the same address. */
function bridged(claim: Claim): Isa {
  const { isa } = claim.source;
  const rename = renaming(claim);
  return {
    ...isa,
    symbol: (e) => {
      const plus = e.plus === undefined ? undefined : rename(e.plus);
      const minus = e.minus === undefined ? undefined : rename(e.minus);
      if (plus === e.plus && minus === e.minus) return isa.symbol(e);
      return isa.symbol({ ...e, ...(plus === undefined ? {} : { plus }), ...(minus === undefined ? {} : { minus }) });
    },
  };
}

/** The claim with everything looked up that the checks need again and again. */
export class Context {
  readonly claim: Claim;
  readonly isas: Isas;
  readonly source: Side;
  readonly target: Side;
  readonly prover: Prover;
  readonly limits: Limits;
  private readonly bridges: ReadonlySet<string>;
  private readonly variantsOf = new Map<string, FunctionRelation[]>();
  /** Cut points in target code, by instruction index. */
  private readonly targetCuts = new Map<FunctionCode, Map<number, Cut[]>>();
  private readonly sourceStarts = new Map<FunctionCode, Map<number, number>>();

  constructor(claim: Claim, prover: Prover, limits: Limits = DEFAULT_LIMITS) {
    this.claim = claim;
    const { sizes } = ownStorage(claim.target);
    const isas = { source: bridged(claim), target: claim.target.isa, pair: claim.pair };
    this.isas = sizes.size === 0 ? isas : { ...isas, own: sizes };
    this.source = new Side(claim.source, { contracts: new Map(), traps: byName([]) });
    for (const [name, other] of stackedNames(claim).own) this.source.rename(name, other);
    // What the target defines itself is not what the runtime calls so.
    const foreign = ([name]: readonly [string, unknown]): boolean => !claim.target.symbols.get(name)?.defined;
    const contracts = new Map([...claim.contracts].filter(foreign));
    const traps = byName(Object.entries(claim.pair.traps).filter(foreign));
    this.target = new Side(claim.target, { contracts, traps });
    this.bridges = new Set(Object.values(claim.pair.bridges));
    this.prover = prover;
    this.limits = limits;
    for (const relation of claim.functions) {
      const variants = this.variantsOf.get(relation.source);
      if (variants === undefined) this.variantsOf.set(relation.source, [relation]);
      else variants.push(relation);
      for (const block of relation.blocks) this.addCut(relation, block);
    }
  }

  private addCut(relation: FunctionRelation, block: BlockRelation): void {
    const place = this.target.place(block.target);
    if (place === undefined) return;
    const cuts = this.targetCuts.get(place.code) ?? new Map<number, Cut[]>();
    this.targetCuts.set(place.code, cuts);
    const here = cuts.get(place.index);
    if (here === undefined) cuts.set(place.index, [{ relation, block }]);
    else here.push({ relation, block });
  }

  /** Whether the external function has another interface on the target, so that it should not be called as it is. */
  isDifferent(name: string): boolean {
    const { bridges, refused } = this.claim.pair;
    return Object.hasOwn(bridges, name) || refused?.has(name) === true;
  }

  /** Whether the external function throws or catches exceptions of C++. */
  throwsException(name: string): boolean {
    return this.claim.pair.refused?.get(name)?.throws === true;
  }

  /** Whether the target's function stands for an external one of the source. */
  isBridge(target: string): boolean {
    return this.bridges.has(target);
  }

  variants(source: string): readonly FunctionRelation[] {
    return this.variantsOf.get(source) ?? [];
  }

  isTargetCut(code: FunctionCode, index: number): boolean {
    return this.targetCuts.get(code)?.has(index) ?? false;
  }

  /** The index of the source block that begins at this instruction. */
  blockStartingAt(code: FunctionCode, index: number): number | undefined {
    let starts = this.sourceStarts.get(code);
    if (starts === undefined) {
      starts = new Map(code.blocks.map((b) => [b.start, b.index]));
      this.sourceStarts.set(code, starts);
    }
    return starts.get(index);
  }

  sourceCode(relation: FunctionRelation): FunctionCode {
    return must(this.source.functionAt(relation.source), `the source has no function ${relation.source}`);
  }

  /** The relation claimed at a source block, in the same variant. */
  cut(relation: FunctionRelation, block: number): Cut | undefined {
    const found = relation.blocks[block];
    return found?.block === block ? { relation, block: found } : undefined;
  }
}
