// SPDX-License-Identifier: MIT
import type { Inst, InstDef } from '../../src/asm/isa/define.ts';
import { riscv64 } from '../../src/asm/isa/riscv64/index.ts';
import type { Random } from '../../src/base/random.ts';
import { type Platform, WIDE } from './qemu-harness.ts';
import type { Machine } from './qemu-oracle.ts';
import { vectorFor } from './qemu-values.ts';

/** RISC-V 64 for the tests against QEMU. */

const RESERVED = ['x27', 'x28'];

const platform: Platform = {
  tools: 'riscv64-linux-gnu-',
  assemblerFlags: ['-march=rv64gc_zihintpause_zba_zbb_zbs'],
  qemu: ['qemu-riscv64', '-cpu', 'rv64,zba=true,zbb=true,zbs=true'],
  enter: 'rv64-qemu-enter.s',
  // Every instruction is four bytes long and stays as it is.
  header: ['.option norvc', '.option norelax'],
  jump: 'j',
  stubBytes: 64,
  locations: riscv64.locations.map((l) => l.name).filter((name) => !RESERVED.includes(name)),
  slotOf: (loc) => Number(loc.slice(1)) + (loc.startsWith('f') ? WIDE : 0),
};

const BOX = 0xffffffffn << 32n;

/** A double, or a single under ones; now and then one that is not boxed. */
function floatFor(inst: Inst, random: Random, previous: bigint | undefined): bigint {
  const takesSingle = /\.s\b|\.s\./.test(inst.def.syntax) || /f[ls]w|fmv\.[xw]/.test(inst.def.syntax);
  const lane = takesSingle ? 32 : 64;
  const value = BigInt.asUintN(64, vectorFor(random, { lane, float: true }, previous));
  return takesSingle && random.chance(0.9) ? value | BOX : value;
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
