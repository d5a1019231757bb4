// SPDX-License-Identifier: MIT
import { z } from 'zod';
import type { Verdict } from './verdict.ts';

/**
 * Evidence: what was checked, what was found and on which assumptions, in a file. It is a claim like any other; an audit
 * derives everything in it again from the two programs and the relations.
 */
export const EVIDENCE_SCHEMA = 'vouch-evidence/1';

const hexadecimal = z.string().regex(/^0x[0-9a-f]+$/);

const witness = z.strictObject({
  inputs: z.array(z.strictObject({ name: z.string(), value: hexadecimal })),
  memory: z.array(z.strictObject({ address: hexadecimal, bytes: z.string().regex(/^[0-9a-f]*$/) })),
  difference: z.strictObject({ what: z.string(), source: z.string(), target: z.string() }),
});

const diagnostic = z.object({
  severity: z.enum(['error', 'warning', 'note']),
  kind: z.enum(['input', 'unsupported']),
  code: z.string(),
  message: z.string(),
});

const verdict = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('proved'),
    how: z.strictObject({ identical: z.number().int().min(0), by: z.record(z.string(), z.number().int().min(0)) }),
    assumptions: z.array(z.string()),
  }),
  z.strictObject({ kind: z.literal('refuted'), witness }),
  z.strictObject({ kind: z.literal('undecided'), reason: z.string() }),
  z.strictObject({ kind: z.literal('unsupported'), diagnostic }),
]) satisfies z.ZodType<Verdict>;

const kind = z.enum(['proved', 'refuted', 'undecided', 'unsupported']);

const file = z.strictObject({
  name: z.string(),
  language: z.string(),
  /** SHA-256 of the file's bytes. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const timed = { verdict, ms: z.number().min(0) };

const count = z.number().int().min(0);

const test = z.strictObject({
  function: z.string(),
  seed: z.number(),
  /** Inputs with which both did the same. */
  compared: count,
  /** Inputs with which the source did what it must not. */
  discarded: count,
  blocks: count,
  reached: count,
  /** Ways out of conditional jumps. */
  branches: count,
  taken: count,
  /** The lines of blocks that were not reached. */
  missed: z.array(z.number().int()),
});

export const evidenceSchema = z.strictObject({
  schema: z.literal(EVIDENCE_SCHEMA),
  /** `processor` is what it is taken to run on, where the claim is about one. */
  source: file.extend({ processor: z.string().optional() }),
  target: file,
  /** The versions of the meanings and of each solver that took part, by name. */
  versions: z.record(z.string(), z.string()),
  /** Who proposed the target: `rules`, a person, a model. Nothing follows from it. */
  proposer: z.string(),
  kind,
  /** What is wrong with the programs as a whole. */
  findings: z.array(z.string()),
  functions: z.array(
    z.strictObject({
      source: z.string(),
      target: z.string(),
      kind,
      /** What is claimed of the function apart from its blocks; its form depends on the language. */
      relation: z.unknown(),
      entry: z.strictObject(timed),
      blocks: z.array(
        z.strictObject({ block: z.number().int().min(0), line: z.number().int(), relation: z.unknown(), ...timed }),
      ),
    }),
  ),
  refused: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
  assumptions: z.array(z.strictObject({ name: z.string(), explanation: z.string(), where: z.array(z.string()) })),
  /** Functions that were run on both sides with the same inputs, which follow from the seed. */
  tests: z.array(test),
});

type DeepReadonly<T> = T extends readonly (infer U)[]
  ? readonly DeepReadonly<U>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

export type Evidence = DeepReadonly<z.infer<typeof evidenceSchema>>;

/** The evidence in a parsed JSON value, or what is wrong with it. */
export function readEvidence(value: unknown): Evidence | string {
  const result = evidenceSchema.safeParse(value);
  return result.success ? result.data : z.prettifyError(result.error);
}
