// SPDX-License-Identifier: MIT
import { ownAt } from '../../abi/own-storage.ts';
import { type RegisterRelation, spillAt } from '../../abi/relation.ts';
import type { Claims } from '../from-x86_64/context.ts';
import type { LiveParts } from '../from-x86_64/facts.ts';
import { relateHomes } from '../from-x86_64/relate-homes.ts';
import { type Context, type HalfPlace, isSpill } from './context.ts';
import { ownStorage } from './halves.ts';
import { floatLoc, home, loc } from './registers.ts';

const homes = relateHomes(
  (source) => (source.startsWith('xmm') ? floatLoc(home(source)) : loc(home(source))),
  [
    [0, 31],
    [32, 63],
  ],
);

/** Live registers are related to their homes. High halves count only where they are surely read. */
export function relatedRegisters(live: LiveParts, c: Context, claims: Claims): readonly RegisterRelation[] {
  const related = withClaims(homes(live), claims);
  const high = c.withHighs.filter((source) => live.surelyLive(source, 64, 127));
  if (high.length === 0) return related;
  return [
    ...related,
    ...high.map((source) => ({ source, target: locationOf(c, c.high(source)), bits: [[64, 127]] as const, from: 64 })),
  ];
}

function locationOf(c: Context, place: HalfPlace): string {
  if (typeof place === 'number') return floatLoc(place);
  return isSpill(place) ? spillAt(c.spillOffset(place)) : ownAt(ownStorage(c), place.stored);
}

type Relations = readonly RegisterRelation[];

const lists = new WeakMap<Relations, WeakMap<Claims, Relations>>();

/** Relations as claims make them; the same list each time, since there are few. */
function withClaims(own: Relations, claims: Claims): Relations {
  // Vector registers stand last; that nothing is claimed of one makes its relation another one as well.
  if (claims.size === 0 && own.at(-1)?.source.startsWith('xmm') !== true) return own;
  const made = lists.get(own) ?? new WeakMap<Claims, Relations>();
  lists.set(own, made);
  const known = made.get(claims) ?? own.flatMap((r) => withClaim(r, claims.get(r.source)) ?? []);
  made.set(claims, known);
  return known;
}

const claimed = new WeakMap<RegisterRelation, Map<string | undefined, RegisterRelation | undefined>>();

/** The same object each time; undefined where the home holds nothing that matters. */
function withClaim(r: RegisterRelation, claim: string | undefined): RegisterRelation | undefined {
  const made = claimed.get(r) ?? new Map<string | undefined, RegisterRelation | undefined>();
  claimed.set(r, made);
  const relation = made.has(claim) ? made.get(claim) : makeClaim(r, claim);
  made.set(claim, relation);
  return relation;
}

function makeClaim(r: RegisterRelation, claim: string | undefined): RegisterRelation | undefined {
  if (!r.source.startsWith('xmm')) return claim === 'sign' && r.bits.at(-1)?.[1] === 31 ? { ...r, above: 'sign' } : r;
  // Whoever looks at the upper half alone may be entered with a float, of which only the lower half is known.
  if (claim === 'exact') return r.bits[0]?.[0] === 32 ? { ...r, bits: [[0, 63]] } : r;
  // A float that nobody reads: what stands above it is kept only with all 64 bits.
  if (r.bits[0]?.[0] !== 0) return undefined;
  return { ...r, bits: [[0, 31]], above: claim === 'boxed' ? 'ones' : 'float' };
}
