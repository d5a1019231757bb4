// SPDX-License-Identifier: MIT
import { aarch64 } from '../../src/asm/isa/aarch64/index.ts';
import { reg } from '../../src/asm/isa/aarch64/registers.ts';
import type { Inst, InstDef } from '../../src/asm/isa/define.ts';
import { regOp } from '../../src/asm/isa/operand.ts';
import { type Platform, WIDE } from './qemu-harness.ts';
import type { Machine } from './qemu-oracle.ts';
import { vectorFor, type Wanted } from './qemu-values.ts';

/** AArch64 for the tests against QEMU. */

/** The four flags share a slot, N highest. */
const FLAGS = { slot: 'nzcv', names: ['n', 'z', 'c', 'v'] };
const RESERVED = ['x27', 'x28'];

function slotOf(loc: string): number {
  if (loc === 'sp') return 31;
  if (loc === FLAGS.slot) return 32;
  if (loc === 'tpidr_el0') return 33;
  return Number(loc.slice(1)) + (loc.startsWith('v') ? WIDE : 0);
}

const platform: Platform = {
  tools: 'aarch64-linux-gnu-',
  assemblerFlags: ['-march=armv8.1-a'],
  qemu: ['qemu-aarch64', '-cpu', 'neoverse-n1'],
  enter: 'a64-qemu-enter.s',
  header: [],
  jump: 'b',
  stubBytes: 32,
  locations: [
    ...Array.from({ length: 31 }, (_, i) => `x${i}`).filter((x) => !RESERVED.includes(x)),
    'sp',
    FLAGS.slot,
    'tpidr_el0',
    ...Array.from({ length: 32 }, (_, i) => `v${i}`),
  ],
  slotOf,
};

/** The relocation operators whose values are known: not those that name a slot of the linker's. */
const LINKABLE = /^(tprel_\w+|lo12|abs_g0_nc|abs_g[123](_nc)?|pg_hi21(_nc)?)$/;

const isFloat = (inst: Inst): boolean => /^a64\.(f|[su]cvtf)/.test(inst.def.id);

/** Which values suit the vector registers of a form: its lanes' width, and whether they are floating-point numbers. */
function wantedBy(inst: Inst): Wanted {
  const float = isFloat(inst);
  for (const o of inst.ops) {
    if (o.kind === 'vec') return { lane: { b: 8, h: 16, s: 32, d: 64 }[o.arrangement.slice(-1)] ?? 0, float };
    if (o.kind === 'reg' && o.reg.class === 'fpr') return { lane: o.reg.width === 128 ? 0 : o.reg.width, float };
  }
  return { lane: 0, float };
}

/** Exclusive, ordered and atomic accesses fault when they are misaligned. */
const needsAlignment = (def: InstDef): boolean =>
  def.feature !== undefined || /^a64\.(ldx|ldax|ldar|stx|stlx|stlr)/.test(def.id);

/** An exclusive store succeeds only after the exclusive load of the same bytes. */
function before(inst: Inst, text: string): string {
  const match = /^stl?x([rp])([bh]?) \w+, ([wx])/.exec(text);
  const base = inst.ops.find((o) => o.kind === 'mem')?.base;
  if (match === null || base === undefined) return 'nop';
  const [, pair, size, letter] = match;
  return `ldx${pair}${size} ${pair === 'p' ? `${letter}27, ` : ''}${letter}zr, [${base.name}]`;
}

export const aarch64Machine: Machine = {
  isa: aarch64,
  platform,
  shaping: {
    reserved: RESERVED,
    isLinkable: (e) => e.modifier === undefined || LINKABLE.test(e.modifier),
    namesData: () => false,
    isThreadLocal: (_, e) => e.modifier?.startsWith('tprel') === true,
    neighbours: ['w', 'x'].flatMap((letter) => Array.from({ length: 4 }, (_, i) => regOp(reg(`${letter}${i}`)))),
  },
  flags: FLAGS,
  isFloat,
  needsAlignment,
  lowPart: (address) => address & 0xfffn,
  wideFor: (inst, random, previous) => vectorFor(random, wantedBy(inst), previous),
  before,
};
