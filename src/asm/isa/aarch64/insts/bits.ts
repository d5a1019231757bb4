// SPDX-License-Identifier: MIT
import { add, and, ashr, bitrev, bv, clz, extract, low, lshr, sext, xor, zext } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst } from '../../define.ts';
import { join, lanes, split } from '../../lanes.ts';
import { type GprWidth, gpr } from '../operands.ts';
import { gprWidths } from './common.ts';

/** Counting and reversing bits and bytes (Arm ARM C3.5.6), and the CRC-32 checksums (C3.5.9). */

/** The bytes of each group of `width` bits in reverse order. */
const reversedBytes = (width: number, t: Term): Term => lanes(width, t, (group) => join(split(8, group).toReversed()));

/** How many bits below the sign bit equal it. */
function leadingSigns(a: Term): Term {
  const changes = xor(a, ashr(a, bv(a.width, 1)));
  return add(clz(changes), bv(a.width, -1));
}

interface Unary {
  readonly name: string;
  readonly widths: readonly GprWidth[];
  readonly apply: (a: Term) => Term;
  readonly ref: string;
}

const unaries: readonly Unary[] = [
  { name: 'clz', widths: gprWidths, apply: clz, ref: 'Arm ARM C6.2.58' },
  { name: 'cls', widths: gprWidths, apply: leadingSigns, ref: 'Arm ARM C6.2.57' },
  { name: 'rbit', widths: gprWidths, apply: bitrev, ref: 'Arm ARM C6.2.254' },
  { name: 'rev', widths: gprWidths, apply: (a) => reversedBytes(a.width, a), ref: 'Arm ARM C6.2.257' },
  { name: 'rev16', widths: gprWidths, apply: (a) => reversedBytes(16, a), ref: 'Arm ARM C6.2.258' },
  { name: 'rev32', widths: [64], apply: (a) => reversedBytes(32, a), ref: 'Arm ARM C6.2.259' },
];

function unaryForms({ name, widths, apply, ref }: Unary): InstDef[] {
  return widths.map((w) =>
    inst({
      id: `a64.${name}.rr.${w}`,
      syntax: `${name} {d}, {n}`,
      operands: { d: gpr(w, 'w'), n: gpr(w, 'r') },
      sem: ({ d, n }) => d.write(apply(n.value)),
      ref,
    }),
  );
}

/** The checksum `crc` carried on over `data`, lowest bit first, with the bit-reversed polynomial. */
function checksum(crc: Term, data: Term, polynomial: bigint): Term {
  if (data.width > 32) return checksum(checksum(crc, low(data, 32), polynomial), extract(data, 63, 32), polynomial);
  let state = xor(crc, zext(data, 32));
  for (let i = 0; i < data.width; i++) {
    state = xor(lshr(state, bv(32, 1)), and(sext(low(state, 1), 32), bv(32, polynomial)));
  }
  return state;
}

function checksums(): InstDef[] {
  const sizes = { b: 8, h: 16, w: 32, x: 64 } as const;
  const families = [
    ['crc32', 0xedb88320n],
    ['crc32c', 0x82f63b78n],
  ] as const;
  return families.flatMap(([family, polynomial]) =>
    (['b', 'h', 'w', 'x'] as const).map((size) =>
      inst({
        id: `a64.${family}${size}.rrr.32`,
        syntax: `${family}${size} {d}, {n}, {m}`,
        operands: { d: gpr(32, 'w'), n: gpr(32, 'r'), m: gpr(size === 'x' ? 64 : 32, 'r') },
        sem: ({ d, n, m }) => d.write(checksum(n.value, low(m.value, sizes[size]), polynomial)),
        ref: family === 'crc32' ? 'Arm ARM C6.2.64' : 'Arm ARM C6.2.65',
        feature: 'crc',
      }),
    ),
  );
}

export const bitsForms: readonly InstDef[] = [...unaries.flatMap(unaryForms), ...checksums()];
