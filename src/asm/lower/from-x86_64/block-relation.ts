// SPDX-License-Identifier: MIT
import type { FlagPlace, Landmark, RegisterRelation, Relation } from '../../abi/relation.ts';
import type { Block } from '../../program/types.ts';
import type { BlockContext, Claims } from './context.ts';
import type { FunctionFacts, LiveParts } from './facts.ts';
import type { FlagName } from './flags.ts';
import type { Variant } from './function.ts';
import type { Target } from './target.ts';

/** What is claimed where control never arrives. */
export const UNREACHED: Relation = { stack: 0, frames: [], registers: [], flags: {} };

/** What a block begins with. */
export interface BlockStart {
  readonly block: Block;
  readonly facts: FunctionFacts;
  readonly variant: Variant;
  readonly live: LiveParts;
  readonly dynamic: boolean;
  readonly claims: Claims;
}

/** The relation at the start of the block that has been started in the context. */
export function relationAt<C extends BlockContext>(target: Target<C>, c: C, start: BlockStart): Relation {
  const { block, facts, live, dynamic } = start;
  const registers = target.relatedRegisters(live, c, start.claims);
  const frames = dynamic ? NO_FRAMES : framesAt(facts.frames(block.start), registers, c.sp);
  const flags: Record<string, FlagPlace> = {};
  for (const [flag, place] of c.places) if (live.liveFlag(flag as FlagName)) flags[flag] = place;
  const landmark = dynamic ? landmarkAt(start, registers) : undefined;
  const stack = c.rsp - c.sp;
  if (c.spills.bytes === 0 && landmark === undefined && !c.loose && c.direction === 'up')
    return { stack, frames, registers, flags };
  const spills = Array.from({ length: c.spills.bytes / 8 }, (_, k) => c.spillBase + 8 * k - c.sp);
  return {
    stack,
    frames,
    ...(spills.length === 0 ? {} : { spills }),
    ...(landmark === undefined ? {} : { landmark }),
    registers,
    flags,
    ...(c.loose ? { loose: true } : {}),
    ...(c.direction === 'up' ? {} : { direction: c.direction }),
  };
}

const NO_FRAMES: Relation['frames'] = [];

/** The registers that are related as a whole and hold addresses in the frame. */
function framesAt(
  positions: ReadonlyMap<string, number>,
  registers: readonly RegisterRelation[],
  sp: number,
): Relation['frames'] {
  if (positions.size === 0) return NO_FRAMES;
  return [...positions]
    .filter(([loc]) => registers.some((r) => r.source === loc && isWhole(r)))
    .map(([source, position]) => ({ source, offset: position - sp }));
}

function landmarkAt(
  { block, facts, variant }: BlockStart,
  registers: readonly RegisterRelation[],
): Landmark | undefined {
  const positions = facts.frames(block.start);
  const [first, ...others] = registers.flatMap((r) => {
    const position = isWhole(r) ? positions.get(r.source) : undefined;
    return position === undefined ? [] : [{ source: r.source, position }];
  });
  if (first === undefined) return undefined;
  return {
    register: first.source,
    low: (((first.position + variant.entryStack) % 16) + 16) % 16,
    others: others.map(({ source, position }) => ({ source, offset: position - first.position })),
  };
}

const isWhole = ({ bits }: RegisterRelation): boolean => bits[0]?.[0] === 0 && bits[0][1] === 63;
