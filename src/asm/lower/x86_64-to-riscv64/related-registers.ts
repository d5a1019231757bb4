// SPDX-License-Identifier: MIT
import type { RegisterRelation } from '../../abi/relation.ts';
import type { Claims } from '../from-x86_64/context.ts';
import type { AtBlock } from '../from-x86_64/facts.ts';
import { relateHomes, VECTORS } from '../from-x86_64/relate-homes.ts';
import type { Context } from './context.ts';
import { floatLoc, home, loc } from './registers.ts';

const homes = relateHomes(
  (source) => (source.startsWith('xmm') ? floatLoc(home(source)) : loc(home(source))),
  [
    [0, 31],
    [32, 63],
  ],
);

/** Live registers are related to their homes. High halves count only where they are surely read. */
export function relatedRegisters(live: AtBlock, c: Context, claims: Claims): readonly RegisterRelation[] {
  const high = VECTORS.filter((source) => c.hasHigh(source) && live.surelyLive(source, 64, 127));
  return [
    ...homes(live).map((r) => withClaim(r, claims.get(r.source))),
    ...high.map((source) => ({ source, target: floatLoc(c.high(source)), bits: [[64, 127]] as const, from: 64 })),
  ];
}

function withClaim(r: RegisterRelation, claim: string | undefined): RegisterRelation {
  if (!r.source.startsWith('xmm')) return claim === 'sign' && r.bits.at(-1)?.[1] === 31 ? { ...r, above: 'sign' } : r;
  if (claim === 'exact') return r;
  return { ...r, bits: [[0, 31]], above: claim === 'boxed' ? 'ones' : 'float' };
}
