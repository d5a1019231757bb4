// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { reg as a64 } from '../../src/asm/isa/aarch64/registers.ts';
import type { Inst } from '../../src/asm/isa/define.ts';
import { examples, isTextKind } from '../../src/asm/isa/kind.ts';
import { reg as rv64 } from '../../src/asm/isa/riscv64/registers.ts';
import { must } from '../../src/base/assert.ts';
import { Random } from '../../src/base/random.ts';
import { aarch64Machine } from '../oracle/a64-qemu.ts';
import { AREA, AREA_SIZE, buildHarness, type Platform, type Stub } from '../oracle/qemu-harness.ts';
import type { Machine } from '../oracle/qemu-oracle.ts';
import { registersOf } from '../oracle/qemu-shapes.ts';
import { riscv64Machine } from '../oracle/rv64-qemu.ts';
import { fillArea, gprValue, vectorValue } from '../oracle/x86-host-values.ts';
import { benchOf } from './instructions.ts';
import { type Stream, type Streaming, streamOf } from './streams.ts';

/** Streams of random instructions leave the same state under QEMU and on the machine within vouch, after each of them. */

const STREAMS = Number(process.env.VOUCH_STREAMS ?? 30);
const LENGTH = 12;
const SEED = Number(process.env.VOUCH_SEED ?? 1);
const MIDDLE = 1024;

function streamingOf({ isa, shaping, isFaulty, before }: Machine): Streaming {
  // Every value may be the one that QEMU is wrong on.
  const zeros = new Map(isa.locations.map((l) => [l.name, 0n]));
  return {
    isa,
    base: isa.name === 'aarch64' ? a64('x26') : rv64('s10'),
    apart: [...shaping.reserved, ...isa.locations.filter((l) => l.kind === 'system').map((l) => l.name)],
    examples: (kind) => (isTextKind(kind) ? examples(kind) : []),
    isUnfit: (inst: Inst) =>
      inst.ops.flatMap(registersOf).some((r) => shaping.reserved.includes(r.loc)) ||
      before(inst, isa.printInst(inst, must(isa.dialects[0], 'a dialect'))) !== 'nop' ||
      isFaulty?.(inst, zeros) === true,
  };
}

const bits = (value: bigint | undefined, width: number): bigint => BigInt.asUintN(width, value ?? 0n);

function differences(m: Machine): string[] {
  const { isa, flags } = m;
  const random = new Random(SEED);
  const streaming = streamingOf(m);
  const base = streaming.base.loc;
  const platform: Platform = { ...m.platform, stubBytes: 128 };
  const streams = Array.from({ length: STREAMS }, () => streamOf(streaming, LENGTH, random));
  const prefixes = streams.flatMap((stream, s) => stream.texts.map((_, i) => ({ stream, s, count: i + 1 })));
  const textOf = ({ stream, count }: { stream: Stream; count: number }, between: string): string =>
    stream.texts.slice(0, count).join(between);
  const starts = streams.map(() => {
    const state = new Map<string, bigint>();
    for (const l of isa.locations) {
      if (l.kind === 'system' || streaming.apart.includes(l.name)) continue;
      if (l.kind === 'flag') state.set(l.name, random.bits(1));
      else if (l.kind === 'vec') state.set(l.name, bits(vectorValue(random), l.width));
      else state.set(l.name, gprValue(random));
    }
    return state.set(base, AREA + BigInt(MIDDLE)).set(isa.stackPointer, AREA + 2048n);
  });
  const images = streams.map((_, s) => {
    const image = new Uint8Array(AREA_SIZE);
    fillArea(new DataView(image.buffer), s + 1);
    return image;
  });
  const flagsOf = (state: ReadonlyMap<string, bigint>): bigint =>
    (flags?.names ?? []).reduce((all, f) => 2n * all + bits(state.get(f), 1), 0n);
  const harness = buildHarness(
    platform,
    prefixes.map((p): Stub => ({ before: 'nop', text: textOf(p, '; ') })),
  );
  const found: string[] = [];
  try {
    expect([...harness.rejected.values()]).toEqual([]);
    const outputs = harness.run(
      new Map(),
      images,
      prefixes.map(({ s }, stub) => {
        const state = must(starts[s], 'a state');
        const overrides = new Map([...state].filter(([loc]) => platform.locations.includes(loc)));
        if (flags !== undefined) overrides.set(flags.slot, flagsOf(state));
        return { stub, image: s, overrides };
      }),
    );
    const b = benchOf(
      isa,
      prefixes.map((p) => textOf(p, '\n\t')),
    );
    const failed = new Set<number>();
    prefixes.forEach((p, i) => {
      const { s, stream, count } = p;
      const output = must(outputs[i], 'an output');
      if (failed.has(s)) return;
      const { machine, area } = b;
      const start = must(starts[s], 'a state');
      for (const [loc, value] of start) {
        machine.setRegister(loc, bits(value, 64));
        if (value >> 64n !== 0n || isa.locations.some((l) => l.name === loc && l.width === 128))
          machine.setRegisterHigh(loc, value >> 64n);
      }
      machine.setRegister(base, BigInt(area + MIDDLE));
      machine.setRegister(isa.stackPointer, BigInt(machine.image.layout.stackTop));
      const image = must(images[s], 'an image');
      machine.bytes.set(image, area);
      const ended = b.run(i);
      const wrong: string[] = ended === undefined && output.exit === 0 ? [] : [`${ended}, exit ${output.exit}`];
      const note = (what: string, ours: bigint, theirs: bigint): void => {
        if (ours !== theirs) wrong.push(`${what} is 0x${ours.toString(16)}, under QEMU 0x${theirs.toString(16)}`);
      };
      const theirFlags = output.changed.get(flags?.slot ?? '') ?? flagsOf(start);
      for (const l of isa.locations) {
        if (!start.has(l.name) || l.name === base || l.name === isa.stackPointer) continue;
        const high = l.width === 128 ? machine.registerHigh(l.name) << 64n : 0n;
        const ours = bits(machine.register(l.name) | high, l.width);
        if (l.kind !== 'flag') note(l.name, ours, bits(output.changed.get(l.name) ?? start.get(l.name), l.width));
        else if (stream.undefinedFlags[count - 1]?.has(l.name) !== true) {
          const names = flags?.names ?? [];
          note(l.name, ours, bits(theirFlags >> BigInt(names.length - 1 - names.indexOf(l.name)), 1));
        }
      }
      image.forEach((byte, at) => {
        note(`byte ${at}`, BigInt(machine.bytes.get(area + at)), BigInt(output.bytes.get(at) ?? byte));
      });
      if (wrong.length === 0) return;
      failed.add(s);
      found.push(`${textOf(p, '; ')}: ${wrong.slice(0, 4).join(', ')}`);
    });
  } finally {
    harness.close();
  }
  expect(prefixes.length).toBe(STREAMS * LENGTH);
  return found;
}

describe('the same state after every instruction', () => {
  test.each([
    ['AArch64', aarch64Machine],
    ['RISC-V', riscv64Machine],
  ] as const)('of %s', { timeout: 300_000 }, (_, machine) => {
    expect(differences(machine)).toEqual([]);
  });
});
