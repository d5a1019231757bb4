// SPDX-License-Identifier: MIT
import type { Inst, InstDef } from '../../src/asm/isa/define.ts';
import { riscv64 } from '../../src/asm/isa/riscv64/index.ts';
import { ELEMENT_WIDTHS, type Group, mostElements, vectorType } from '../../src/asm/isa/riscv64/vector-state.ts';
import type { Random } from '../../src/base/random.ts';
import { type Platform, WIDE } from './qemu-harness.ts';
import type { Machine } from './qemu-oracle.ts';
import { vectorFor } from './qemu-values.ts';

/** RISC-V 64 for the tests against QEMU. */

const RESERVED = ['x27', 'x28'];

const OWN_SLOTS: Readonly<Record<string, number>> = { vl: 32, vtype: 33 };
const BANKS: Readonly<Record<string, number>> = { f: WIDE, v: WIDE + 32 };

const platform: Platform = {
  tools: 'riscv64-linux-gnu-',
  assemblerFlags: ['-march=rv64gcv_zihintpause_zba_zbb_zbs'],
  qemu: ['qemu-riscv64', '-cpu', 'rv64,zba=true,zbb=true,zbs=true,v=true,vlen=128,vext_spec=v1.0'],
  enter: 'rv64-qemu-enter.s',
  // Every instruction is four bytes long and stays as it is.
  header: ['.option norvc', '.option norelax'],
  jump: 'j',
  stubBytes: 64,
  locations: riscv64.locations.map((l) => l.name).filter((name) => !RESERVED.includes(name)),
  slotOf: (loc) => OWN_SLOTS[loc] ?? Number(loc.slice(1)) + (BANKS[loc.charAt(0)] ?? 0),
};

const BOX = 0xffffffffn << 32n;

/** A double, or a single under ones; now and then one that is not boxed. */
function floatFor(inst: Inst, random: Random, previous: bigint | undefined): bigint {
  if (inst.def.feature === 'v') return vectorFor(random, { lane: random.pick(ELEMENT_WIDTHS), float: false }, previous);
  const takesSingle = /\.s\b|\.s\./.test(inst.def.syntax) || /f[ls]w|fmv\.[xw]/.test(inst.def.syntax);
  const lane = takesSingle ? 32 : 64;
  const value = BigInt.asUintN(64, vectorFor(random, { lane, float: true }, previous));
  return takesSingle && random.chance(0.9) ? value | BOX : value;
}

/** A width of elements and a group that a form works with, and how many elements are in use. */
function vectorModes(inst: Inst, random: Random): Map<string, bigint> {
  const name = inst.def.id.split('.')[1] ?? '';
  const part = Number(/_vf(\d)$/.exec(name)?.[1] ?? 1);
  const isNarrowing = /^vn(sr|clip)/.test(name);
  const widths = ELEMENT_WIDTHS.filter(
    (w) => w / part >= 8 && !(isNarrowing && w === 64) && !(/^vf/.test(name) && w < 64),
  );
  const width = random.pick(widths);
  const groups: Group[] = isNarrowing
    ? ['mf2']
    : width === 64 || part > 1 || name === 'vrgather'
      ? ['m1']
      : ['m1', 'mf2'];
  const group = random.pick(groups);
  const most = mostElements(width, group);
  const length = random.chance(0.6) ? most : random.below(most + 1);
  return new Map([
    ['vl', BigInt(length)],
    ['vtype', BigInt(vectorType(width, group, group === 'm1' && length === most && random.chance(0.5)))],
  ]);
}

const needsAlignment = (def: InstDef): boolean => /^rv64\.(lr|sc|amo)/.test(def.id);

export const riscv64Machine: Machine = {
  isa: riscv64,
  platform,
  shaping: {
    reserved: RESERVED,
    isLinkable: () => true,
    namesData: (def) => /^rv64\.(l[bhwd]u?|s[bhwd]|f[ls][wd])\./.test(def.id),
    isThreadLocal: (def, e) => e.modifier?.startsWith('tprel') === true || def.id.startsWith('rv64.la_tls'),
    neighbours: [],
  },
  isFloat: (inst) => /^rv64\.f(?!ence)/.test(inst.def.id),
  needsAlignment,
  lowPart: (address) => BigInt.asIntN(12, address),
  wideFor: floatFor,
  modes: {
    common: new Map([
      ['vl', 16n],
      ['vtype', BigInt(vectorType(8, 'm1', false))],
    ]),
    of: (inst, random) => (inst.def.feature === 'v' ? vectorModes(inst, random) : new Map()),
  },
  // A register has 128 bits there, and what is behind it reads as zero.
  isSettled: (def) => def.id.startsWith('rv64.vrgather'),
  // Before version 8, QEMU counts on in the upper half where the lower half of a word is zero.
  isFaulty(inst, values) {
    const source = inst.def.id === 'rv64.ctzw.rr.32' ? inst.ops[1] : undefined;
    return source?.kind === 'reg' && BigInt.asUintN(32, values.get(source.reg.loc) ?? 1n) === 0n;
  },
  // A store-conditional succeeds only after the load of the same bytes.
  before(inst, text) {
    const size = /^sc\.([wd])/.exec(text)?.[1];
    const base = inst.ops.find((o) => o.kind === 'mem')?.base;
    return size === undefined || base === undefined ? 'nop' : `lr.${size} zero, (${base.name})`;
  },
};
