// SPDX-License-Identifier: MIT
import { z } from 'zod';
import { BUFFER_STRIDE, type Input, type Write } from '../asm/test/input.ts';
import { readInput } from './files.ts';
import { about, Stop } from './outcome.ts';

/** Inputs of functions as JSON: what `vouch test` reports, and takes again. */

const hex = z.string().regex(/^0x[0-9a-f]+$/);
const place = z.union([
  z.strictObject({ argument: z.number() }),
  z.strictObject({ float: z.number() }),
  z.strictObject({ answer: z.number() }),
  z.strictObject({ buffer: z.number(), offset: z.number() }),
  z.strictObject({ out: z.number(), of: z.number(), offset: z.number() }),
  z.strictObject({ data: z.number() }),
]);
const written = z.union([
  z.strictObject({ buffer: z.number(), offset: z.number() }),
  z.strictObject({ data: z.number() }),
]);
const witnessSchema = z.strictObject({
  function: z.string(),
  integers: z.array(hex),
  floats: z.array(hex),
  /** Pieces of each that are not zero. */
  buffers: z.array(z.array(z.strictObject({ at: z.number(), bytes: z.string().regex(/^(?:[0-9a-f]{2})*$/) }))),
  answers: z.array(hex),
  leaves: z.number(),
  outs: z.array(z.tuple([z.string(), z.number()])),
  data: z.array(z.tuple([z.number(), z.number()])),
  pointers: z.array(z.strictObject({ at: place, to: z.number(), plus: z.number(), name: z.string().optional() })),
  writes: z.array(z.strictObject({ answer: z.number(), at: written, bytes: z.string() })).optional(),
});

export function writeInput(input: Input): Omit<z.infer<typeof witnessSchema>, 'function'> {
  const number = (v: bigint): string => `0x${BigInt.asUintN(64, v).toString(16)}`;
  return {
    integers: input.integers.map(number),
    floats: input.floats.map(number),
    buffers: input.buffers.map(pieces),
    answers: input.answers.map(number),
    leaves: input.leaves,
    outs: [...input.outs],
    data: [...input.data],
    pointers: input.pointers,
    ...(input.writes.size === 0 ? {} : { writes: [...input.writes].flatMap(writesOf) }),
  };
}

const writesOf = ([answer, list]: [number, readonly Write[]]) =>
  list.map(({ at, bytes }) => ({ answer, at, bytes: Buffer.from(bytes).toString('hex') }));

const PIECE = 16;

function pieces(bytes: Uint8Array): { at: number; bytes: string }[] {
  const found: { at: number; bytes: string }[] = [];
  for (let at = 0; at < bytes.length; at += PIECE) {
    const piece = bytes.subarray(at, at + PIECE);
    if (piece.some((v) => v !== 0)) found.push({ at, bytes: Buffer.from(piece).toString('hex') });
  }
  return found;
}

export function readWitness(path: string): { readonly name: string; readonly input: Input } {
  const { file, text } = readInput(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Stop(about('input', 'V0401', 'this is no input: it is not JSON', { file }));
  }
  const parsed = witnessSchema.safeParse(value);
  if (!parsed.success)
    throw new Stop(about('input', 'V0401', `this is no input: ${z.prettifyError(parsed.error)}`, { file }));
  const { function: name, integers, floats, buffers, answers, leaves, outs, data, pointers, writes } = parsed.data;
  return {
    name,
    input: {
      integers: integers.map(BigInt),
      floats: floats.map(BigInt),
      buffers: buffers.map((list) => {
        const bytes = new Uint8Array(
          Math.min(BUFFER_STRIDE, Math.max(0, ...list.map((p) => p.at + p.bytes.length / 2))),
        );
        for (const p of list)
          bytes.set(Buffer.from(p.bytes, 'hex').subarray(0, Math.max(0, bytes.length - p.at)), p.at);
        return bytes;
      }),
      answers: answers.map(BigInt),
      leaves,
      outs: new Map(outs),
      data: new Map(data),
      pointers: pointers.map(({ name: to, ...p }) => (to === undefined ? p : { ...p, name: to })),
      writes: grouped(writes ?? []),
    },
  };
}

function grouped(
  list: readonly { readonly answer: number; readonly at: Write['at']; readonly bytes: string }[],
): Map<number, Write[]> {
  const found = new Map<number, Write[]>();
  for (const { answer, at, bytes } of list) {
    found.set(answer, [...(found.get(answer) ?? []), { at, bytes: Buffer.from(bytes, 'hex') }]);
  }
  return found;
}
