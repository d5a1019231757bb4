// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { x86_64 } from '../../src/asm/isa/x86_64/index.ts';
import { examples } from '../../src/asm/isa/x86_64/operands.ts';
import { reg } from '../../src/asm/isa/x86_64/registers.ts';
import { Random } from '../../src/base/random.ts';
import { AREA, buildHarness, FLAG_BITS, GPR_ORDER, type Input, XMM_ORDER } from '../oracle/x86-host-machine.ts';
import { fillArea, gprValue, vectorValue } from '../oracle/x86-host-values.ts';
import { AREA_BYTES, benchOf } from './instructions.ts';
import { type Stream, type Streaming, streamOf } from './streams.ts';

/**
 * Streams of random instructions leave the same state on this processor and on the machine within vouch, after each of
 * their instructions: a stream is run as often as it has instructions, each time one further.
 */

const BASE = 'r15';
const STREAMING: Streaming = { isa: x86_64, base: reg(BASE), apart: ['df'], examples };
const STREAMS = Number(process.env.VOUCH_STREAMS ?? 40);
const LENGTH = 16;
const SEED = Number(process.env.VOUCH_SEED ?? 1);
/** Where within the memory that is there the base register points. */
const MIDDLE = 1024;

test.skipIf(process.arch !== 'x64')('the same state after every instruction', { timeout: 300_000 }, () => {
  const random = new Random(SEED);
  const streams = Array.from({ length: STREAMS }, () => streamOf(STREAMING, LENGTH, random));
  const prefixes = streams.flatMap((stream) => stream.texts.map((_, i) => ({ stream, count: i + 1 })));
  const texts = prefixes.map(({ stream, count }) => stream.texts.slice(0, count).join('\n\t'));
  const starts = new Map(streams.map((s) => [s, startOf(random)]));
  const harness = buildHarness(texts.map((text) => ({ text, dialect: 'att' })));
  const b = benchOf(x86_64, texts);
  const different: string[] = [];
  try {
    expect([...harness.rejected.values()]).toEqual([]);
    const seeds = prefixes.map(({ stream }) => 1 + streams.indexOf(stream));
    const inputs = prefixes.map(({ stream }, test): Input => {
      const state = new Map(starts.get(stream)).set(BASE, AREA + BigInt(MIDDLE));
      return { test, seed: seeds[test] ?? 1, state, patches: [] };
    });
    const outputs = harness.run(inputs);
    const failed = new Set<Stream>();
    prefixes.forEach(({ stream, count }, i) => {
      const output = outputs[i];
      if (output === undefined || failed.has(stream)) return;
      const { machine, area } = b;
      for (const [loc, value] of starts.get(stream) ?? []) {
        machine.setRegister(loc, BigInt.asUintN(64, value));
        if (loc.startsWith('xmm')) machine.setRegisterHigh(loc, value >> 64n);
      }
      machine.setRegister(BASE, BigInt(area + MIDDLE));
      const bytes = machine.bytes.subarray(area, area + AREA_BYTES);
      fillArea(new DataView(bytes.buffer, bytes.byteOffset, AREA_BYTES), seeds[i] ?? 1);
      const before = machine.bytes.slice(area, area + AREA_BYTES);
      const ended = b.run(i);
      const found: string[] = ended === undefined && output.signal === 0 ? [] : [`${ended}, signal ${output.signal}`];
      const note = (what: string, ours: bigint, theirs: bigint): void => {
        if (ours !== theirs) found.push(`${what} is 0x${ours.toString(16)}, on the processor 0x${theirs.toString(16)}`);
      };
      for (const r of GPR_ORDER) {
        if (r !== BASE && r !== 'rsp') note(r, machine.register(r), output.state.get(r) ?? 0n);
      }
      for (const r of XMM_ORDER) {
        note(r, machine.register(r) | (machine.registerHigh(r) << 64n), output.state.get(r) ?? 0n);
      }
      for (const [f] of FLAG_BITS) {
        if (stream.undefinedFlags[count - 1]?.has(f) === true) continue;
        note(f, machine.register(f) & 1n, output.state.get(f) ?? 0n);
      }
      for (let at = 0; at < AREA_BYTES; at++) {
        note(`byte ${at}`, BigInt(machine.bytes.get(area + at)), BigInt(output.changed.get(at) ?? before[at] ?? 0));
      }
      if (found.length === 0) return;
      failed.add(stream);
      different.push(`${stream.texts.slice(0, count).join('; ')}: ${found.slice(0, 4).join(', ')}`);
    });
  } finally {
    harness.close();
  }
  expect(different).toEqual([]);
  expect(prefixes.length).toBe(STREAMS * LENGTH);
});

function startOf(random: Random): ReadonlyMap<string, bigint> {
  const state = new Map<string, bigint>();
  for (const r of GPR_ORDER) if (r !== 'rsp') state.set(r, gprValue(random));
  for (const r of XMM_ORDER) state.set(r, vectorValue(random));
  for (const [f] of FLAG_BITS) state.set(f, f === 'df' ? 0n : random.bits(1));
  return state;
}
