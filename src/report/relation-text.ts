// SPDX-License-Identifier: MIT
import { z } from 'zod';

/** Relations of the assembly pack in words. Evidence of another pack, with other relations, is shown as it is. */
const place = z.union([
  z.object({ kind: z.literal('flag'), flag: z.string(), inverted: z.boolean() }),
  z.object({ kind: z.literal('bit'), loc: z.string(), bit: z.number() }),
  z.object({ kind: z.literal('constant'), value: z.number() }),
  z.object({ kind: z.literal('pair'), op: z.string(), flags: z.array(z.string()) }),
  z.object({
    kind: z.literal('difference'),
    of: z.string(),
    left: z.union([z.string(), z.number()]),
    right: z.union([z.string(), z.number()]),
    width: z.number(),
  }),
  z.object({ kind: z.literal('comparison'), of: z.string(), left: z.string(), right: z.string(), width: z.number() }),
]);

const blockRelation = z.object({
  target: z.string(),
  relation: z.object({
    stack: z.number(),
    loose: z.literal(true).optional(),
    direction: z.enum(['down', 'either']).optional(),
    frames: z.array(z.object({ source: z.string(), offset: z.number() })),
    spills: z.array(z.number()).optional(),
    landmark: z
      .object({
        register: z.string(),
        low: z.number(),
        others: z.array(z.object({ source: z.string(), offset: z.number() })),
      })
      .optional(),
    registers: z.array(
      z.object({
        source: z.string(),
        target: z.string(),
        bits: z.array(z.tuple([z.number(), z.number()])),
        from: z.number().optional(),
        above: z.enum(['sign', 'zeros', 'ones', 'float']).optional(),
      }),
    ),
    flags: z.record(z.string(), place),
  }),
});

export interface RelationText {
  /** Where the block's counterpart begins. */
  readonly label: string;
  readonly clauses: readonly string[];
}

export function relationText(value: unknown): RelationText {
  const parsed = blockRelation.safeParse(value);
  if (!parsed.success) return { label: '', clauses: value === undefined ? [] : [JSON.stringify(value)] };
  const { target, relation } = parsed.data;
  const clauses = [`stack pointer = target's ${signed(relation.stack)}`];
  if (relation.loose) clauses.push('which need not be a multiple of 16');
  if (relation.direction !== undefined)
    clauses.push(`the direction flag is ${relation.direction === 'down' ? 'set' : 'set or not'}`);
  for (const f of relation.frames) clauses.push(`${f.source} = target's stack pointer ${signed(f.offset)}`);
  const { landmark } = relation;
  if (landmark !== undefined) {
    clauses.push(`${landmark.register} = a multiple of 16 ${signed(landmark.low)}`);
    for (const o of landmark.others) clauses.push(`${o.source} = ${landmark.register} ${signed(o.offset)}`);
  }
  for (const s of relation.spills ?? []) clauses.push(`8 bytes at the target's stack pointer ${signed(s)} are its own`);
  for (const r of relation.registers) {
    const from = r.from === undefined || r.from === 0 ? '' : ` from bit ${r.from}`;
    const above = r.above === undefined ? '' : `, with ${ABOVE[r.above]} above`;
    clauses.push(`${r.source}${from} = ${r.target}${bitsText(r.bits)}${above}`);
  }
  for (const [flag, p] of Object.entries(relation.flags)) clauses.push(`${flag} = ${placeText(p)}`);
  return { label: target, clauses };
}

const ABOVE = {
  sign: 'copies of the sign',
  zeros: 'zeros',
  ones: 'ones',
  float: 'the rest of a double or ones',
} as const;

const signed = (n: number): string => (n < 0 ? `- ${-n}` : `+ ${n}`);

function bitsText(bits: readonly (readonly [number, number])[]): string {
  const [first, ...others] = bits;
  const whole = others.length === 0 && first?.[0] === 0 && (first[1] === 63 || first[1] === 127);
  return whole ? '' : ` in bits ${bits.map(([lo, hi]) => `${lo} to ${hi}`).join(', ')}`;
}

function placeText(p: z.infer<typeof place>): string {
  switch (p.kind) {
    case 'flag':
      return p.inverted ? `not ${p.flag}` : p.flag;
    case 'bit':
      return `bit ${p.bit} of ${p.loc}`;
    case 'constant':
      return String(p.value);
    case 'pair':
      return p.flags.join(` ${p.op} `);
    case 'difference':
      return `${p.of} of ${p.left} - ${p.right} in ${p.width} bits`;
    case 'comparison':
      return `${p.left} and ${p.right} are ${p.of} as floats of ${p.width} bits`;
  }
}
