// SPDX-License-Identifier: MIT
import { z } from 'zod';
import { MOST_WORDS } from '../abi/native-entry.ts';
import type { FunctionRelation } from '../abi/relation.ts';

/** Relations as they stand in evidence, where anybody may have written anything. */

const location = z.string().min(1).max(32);
const whole = z.number().int();

const flagPlace = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('flag'), flag: location, inverted: z.boolean() }),
  z.strictObject({ kind: z.literal('bit'), loc: location, bit: whole }),
  z.strictObject({ kind: z.literal('constant'), value: z.union([z.literal(0), z.literal(1)]) }),
  z.strictObject({ kind: z.literal('pair'), op: z.enum(['or', 'xor']), flags: z.tuple([location, location]) }),
  z.strictObject({
    kind: z.literal('difference'),
    of: z.enum(['zero', 'borrow', 'sign', 'overflow', 'parity']),
    left: z.union([location, whole]),
    right: z.union([location, whole]),
    width: whole,
  }),
  z.strictObject({
    kind: z.literal('comparison'),
    of: z.enum(['equal', 'unordered', 'unordered or equal', 'unordered or less']),
    left: location,
    right: location,
    width: z.union([z.literal(32), z.literal(64)]),
  }),
]);

const relation = z.strictObject({
  stack: whole,
  loose: z.literal(true).optional(),
  direction: z.enum(['down', 'either']).optional(),
  frames: z.array(z.strictObject({ source: location, offset: whole })),
  spills: z.exactOptional(z.array(whole)),
  landmark: z.exactOptional(
    z.strictObject({
      register: location,
      low: whole,
      others: z.array(z.strictObject({ source: location, offset: whole })),
    }),
  ),
  registers: z.array(
    z.strictObject({
      source: location,
      target: location,
      bits: z.array(z.tuple([whole, whole])).min(1),
      from: whole.optional(),
      above: z.enum(['sign', 'zeros', 'ones', 'float']).optional(),
    }),
  ),
  flags: z.record(location, flagPlace),
});

const functionRelation = z.strictObject({
  source: z.string(),
  target: z.string(),
  convention: z.enum(['abi', 'local', 'start']),
  entryStack: z.union([z.literal(-8), z.literal(0)]),
  returnStack: z.union([z.literal(-8), z.literal(0)]),
  returnFlags: z.record(location, flagPlace).optional(),
  nativeEntry: z.exactOptional(z.strictObject({ target: z.string(), words: whole.min(1).max(MOST_WORDS) })),
  blocks: z.array(z.strictObject({ block: whole.min(0), target: z.string(), relation })),
});

/** The function's relation, or what is wrong with the value. */
export function readFunctionRelation(value: unknown): FunctionRelation | string {
  const result = functionRelation.safeParse(value);
  return result.success ? result.data : z.prettifyError(result.error);
}
