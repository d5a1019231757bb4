// SPDX-License-Identifier: MIT
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Builds the harness around generated stubs, and runs it under QEMU: see a64-qemu.c for the other end. */

export const AREA = 0x10000000n;
export const AREA_SIZE = 4096;
/** The address of the symbol `sym`, in the middle of the area. */
export const SYM = AREA + 0x840n;
/** A thread-local symbol. */
export const TLS_SYM = 'tls_sym';
const STUBS = 0x30000000n;

/** A stub: one instruction before (or `nop`), the one that is tested, the way out, and where it jumps to. */
export interface Stub {
  readonly before: string;
  readonly text: string;
}
const STUB_BYTES = 32;
const atStub = (k: number, offset: number): bigint => STUBS + BigInt(STUB_BYTES * k + offset);

/** Where stub `k` goes when it jumps; the instruction at `+4` goes to the same place. */
export const targetLabel = (k: number): string => `t${k}`;
export const targetAddress = (k: number): bigint => atStub(k, 16);
export const nextAddress = (k: number): bigint => atStub(k, 8);

const VECTORS = 64;
/** The number of a location's slot in records. The four flags share one, N highest. */
export function slotOf(loc: string): number {
  if (loc === 'sp') return 31;
  if (loc === 'nzcv') return 32;
  if (loc === 'tpidr_el0') return 33;
  return Number(loc.slice(1)) + (loc.startsWith('v') ? VECTORS : 0);
}

/** All locations but those of x27 and x28, which the harness keeps for itself. */
export const LOCATIONS: readonly string[] = [
  ...Array.from({ length: 31 }, (_, i) => `x${i}`).filter((x) => x !== 'x27' && x !== 'x28'),
  'sp',
  'nzcv',
  'tpidr_el0',
  ...Array.from({ length: 32 }, (_, i) => `v${i}`),
];
const bySlot = new Map(LOCATIONS.map((loc) => [slotOf(loc), loc]));

export interface Input {
  readonly stub: number;
  readonly image: number;
  /** Locations that differ from the common state. */
  readonly overrides: ReadonlyMap<string, bigint>;
}

export interface Output {
  /** 0: fell through; 1: went to the target; 4, 5, 7, 11: the signal that it raised. */
  readonly exit: number;
  readonly changed: ReadonlyMap<string, bigint>;
  /** Bytes of the area that changed. */
  readonly bytes: ReadonlyMap<number, number>;
}

export interface Harness {
  /** What the assembler said against stubs, by number; such a stub does nothing. */
  readonly rejected: ReadonlyMap<number, string>;
  /** Where a jump to a register has to go. */
  readonly exitTaken: bigint;
  /** The offset of `tls_sym` from the thread pointer. */
  readonly tlsOffset: bigint;
  run(common: ReadonlyMap<string, bigint>, images: readonly Uint8Array[], inputs: readonly Input[]): Output[];
  close(): void;
}

const here = dirname(fileURLToPath(import.meta.url));
const PREFIX = 'aarch64-linux-gnu-';
const REFUSAL = /^[^:\n]*:(\d+): Error: (.*)$/gm;

/** Assembles the stubs; those that the assembler rejects are replaced by nothing, with its words kept. */
function assemble(folder: string, stubs: readonly Stub[], rejected: Map<number, string>): string {
  const source = join(folder, 'stubs.s');
  const object = join(folder, 'stubs.o');
  const header = ['.section .stubs, "ax"', '.balign 16', '.global stubs_start', 'stubs_start:'];
  const perStub = STUB_BYTES / 4;
  for (let attempt = 0; attempt < 3; attempt++) {
    const lines = [...header];
    stubs.forEach(({ before, text }, k) => {
      lines.push(before, rejected.has(k) ? 'nop' : text, 'b exit_fall', 'nop');
      lines.push(`${targetLabel(k)}: b exit_taken`, 'b exit_taken', 'nop', 'nop');
    });
    writeFileSync(source, `${lines.join('\n')}\n.section .note.GNU-stack, "", %progbits\n`);
    const result = spawnSync(`${PREFIX}as`, ['-march=armv8.1-a', '-o', object, source], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (result.status === 0) return object;
    for (const match of (result.stderr ?? '').matchAll(REFUSAL)) {
      const k = Math.floor((Number(match[1]) - 1 - header.length) / perStub);
      rejected.set(k, `${match[2]}`);
    }
    if (rejected.size === 0) throw new Error(`the assembler failed: ${result.stderr}`);
  }
  throw new Error('the assembler kept on rejecting stubs');
}

/** Assembles and links the stubs, one instruction each, into a program. The caller closes it. */
export function buildHarness(stubs: readonly Stub[]): Harness {
  const folder = mkdtempSync(join(tmpdir(), 'vouch-a64-'));
  const rejected = new Map<number, string>();
  const object = assemble(folder, stubs, rejected);
  const program = join(folder, 'program');
  const sources = [join(here, 'a64-qemu.c'), join(here, 'a64-qemu-enter.s')];
  const placed = ['-Wl,--section-start=.vouch=0x2fff0000', `-Wl,--section-start=.stubs=0x${STUBS.toString(16)}`];
  const flags = ['-O1', '-static', '-no-pie', '-fno-stack-protector', ...placed, `-Wl,--defsym=sym=${SYM}`];
  execFileSync(`${PREFIX}gcc`, [...flags, '-o', program, ...sources, object], { stdio: ['ignore', 'pipe', 'pipe'] });
  const listing = execFileSync(`${PREFIX}nm`, [program], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const exitTaken = /^([0-9a-f]+) \w exit_taken$/m.exec(listing)?.[1];
  if (exitTaken === undefined) throw new Error('the harness has no exit_taken');
  return {
    rejected,
    exitTaken: BigInt(`0x${exitTaken}`),
    tlsOffset: BigInt(execFileSync('qemu-aarch64', [program], { encoding: 'utf8' })),
    run(common, images, inputs) {
      const [inputFile, outputFile] = [join(folder, 'input'), join(folder, 'output')];
      writeFileSync(inputFile, encode(common, images, inputs));
      execFileSync('qemu-aarch64', ['-cpu', 'neoverse-n1', program, inputFile, outputFile]);
      return decode(readFileSync(outputFile), inputs.length);
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const STATE_SIZE = 36 * 8 + 32 * 16;

function encode(
  common: ReadonlyMap<string, bigint>,
  images: readonly Uint8Array[],
  inputs: readonly Input[],
): Uint8Array {
  const overrides = inputs.reduce((n, i) => n + i.overrides.size, 0);
  const size = STATE_SIZE + 4 + images.length * AREA_SIZE + inputs.length * 6 + overrides * 17;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  for (const [loc, value] of common) {
    const slot = slotOf(loc);
    if (slot < VECTORS) view.setBigUint64(8 * slot, value, true);
    else setWide(view, 36 * 8 + 16 * (slot - VECTORS), value);
  }
  view.setUint32(STATE_SIZE, images.length, true);
  let at = STATE_SIZE + 4;
  for (const image of images) {
    bytes.set(image, at);
    at += AREA_SIZE;
  }
  for (const input of inputs) {
    view.setUint32(at, input.stub, true);
    view.setUint8(at + 4, input.image);
    view.setUint8(at + 5, input.overrides.size);
    at += 6;
    for (const [loc, value] of input.overrides) {
      view.setUint8(at, slotOf(loc));
      setWide(view, at + 1, value);
      at += 17;
    }
  }
  return bytes;
}

function setWide(view: DataView, at: number, value: bigint): void {
  view.setBigUint64(at, BigInt.asUintN(64, value), true);
  view.setBigUint64(at + 8, value >> 64n, true);
}

function decode(bytes: Uint8Array, count: number): Output[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const outputs: Output[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const exit = view.getUint8(at);
    const slots = view.getUint8(at + 1);
    const changes = view.getUint16(at + 2, true);
    at += 4;
    const changed = new Map<string, bigint>();
    for (let k = 0; k < slots; k++) {
      const slot = view.getUint8(at);
      const value = view.getBigUint64(at + 1, true) | (view.getBigUint64(at + 9, true) << 64n);
      changed.set(bySlot.get(slot) ?? `slot ${slot}`, value);
      at += 17;
    }
    const memory = new Map<number, number>();
    for (let k = 0; k < changes; k++) {
      memory.set(view.getUint16(at, true), view.getUint8(at + 2));
      at += 3;
    }
    outputs.push({ exit, changed, bytes: memory });
  }
  return outputs;
}
