// SPDX-License-Identifier: MIT
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Builds the harness around generated stubs, and runs it under QEMU: see qemu-stubs.c for the other end. */

export const AREA = 0x10000000n;
export const AREA_SIZE = 4096;
/** The address of the symbol `sym`, in the middle of the area. */
export const SYM = AREA + 0x840n;
/** A thread-local symbol. */
export const TLS_SYM = 'tls_sym';
const STUBS = 0x30000000n;

/** What is particular to a machine. */
export interface Platform {
  /** What the names of its tools begin with. */
  readonly tools: string;
  readonly assemblerFlags: readonly string[];
  /** The emulator with its options. */
  readonly qemu: readonly [string, ...string[]];
  /** The file that enters stubs, beside this one. */
  readonly enter: string;
  /** Lines before the stubs. */
  readonly header: readonly string[];
  /** The mnemonic of a jump. */
  readonly jump: string;
  /** How far apart stubs are: at least 20 bytes and those of the tested instruction, as a power of two. */
  readonly stubBytes: number;
  /** Everything that is loaded and compared, but for what the harness keeps for itself. */
  readonly locations: readonly string[];
  /** The number of a location's slot in records. */
  slotOf(loc: string): number;
}

/** A stub: where it jumps to, one instruction before (or `nop`), the one that is tested, and the way out. */
export interface Stub {
  readonly before: string;
  readonly text: string;
}

/** Where stub `k` goes when it jumps; the instruction at `+4` goes to the same place. */
export const targetLabel = (k: number): string => `t${k}`;
const nextLabel = (k: number): string => `n${k}`;

/** Slots from here on are 16 bytes wide. */
export const WIDE = 64;

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
  targetAddress(stub: number): bigint;
  /** The address of what follows the tested instruction. */
  nextAddress(stub: number): bigint;
  /** The offset of `tls_sym` from the thread pointer. */
  readonly tlsOffset: bigint;
  run(common: ReadonlyMap<string, bigint>, images: readonly Uint8Array[], inputs: readonly Input[]): Output[];
  close(): void;
}

const here = dirname(fileURLToPath(import.meta.url));
const REFUSAL = /^[^:\n]*:(\d+): Error: (.*)$/gm;

/** Assembles the stubs; those that the assembler rejects are replaced by nothing, with its words kept. */
function assemble(platform: Platform, folder: string, stubs: readonly Stub[], rejected: Map<number, string>): string {
  const source = join(folder, 'stubs.s');
  const object = join(folder, 'stubs.o');
  const { jump, stubBytes } = platform;
  const header = [
    ...platform.header,
    '.section .stubs, "ax"',
    `.balign ${stubBytes}`,
    '.global stubs_start',
    'stubs_start:',
  ];
  const linesPerStub = 6;
  for (let attempt = 0; attempt < 3; attempt++) {
    const lines = [...header];
    stubs.forEach(({ before, text }, k) => {
      lines.push(`.balign ${stubBytes}`, `${targetLabel(k)}: ${jump} exit_taken`, `${jump} exit_taken`);
      lines.push(before, rejected.has(k) ? 'nop' : text, `${nextLabel(k)}: ${jump} exit_fall`);
    });
    writeFileSync(source, `${lines.join('\n')}\n.section .note.GNU-stack, "", %progbits\n`);
    const result = spawnSync(`${platform.tools}as`, [...platform.assemblerFlags, '-o', object, source], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (result.status === 0) return object;
    for (const match of (result.stderr ?? '').matchAll(REFUSAL)) {
      const k = Math.floor((Number(match[1]) - 1 - header.length) / linesPerStub);
      rejected.set(k, `${match[2]}`);
    }
    if (rejected.size === 0) throw new Error(`the assembler failed: ${result.stderr}`);
  }
  throw new Error('the assembler kept on rejecting stubs');
}

/** Assembles and links the stubs, one instruction each, into a program. The caller closes it. */
export function buildHarness(platform: Platform, stubs: readonly Stub[]): Harness {
  const folder = mkdtempSync(join(tmpdir(), 'vouch-qemu-'));
  const rejected = new Map<number, string>();
  const object = assemble(platform, folder, stubs, rejected);
  const program = join(folder, 'program');
  const sources = [join(here, 'qemu-stubs.c'), join(here, platform.enter)];
  const placed = ['-Wl,--section-start=.vouch=0x2fff0000', `-Wl,--section-start=.stubs=0x${STUBS.toString(16)}`];
  const flags = [
    '-O1',
    `-DSTUB_BYTES=${platform.stubBytes}`,
    '-static',
    '-no-pie',
    '-fno-stack-protector',
    ...placed,
    `-Wl,--defsym=sym=${SYM}`,
  ];
  execFileSync(`${platform.tools}gcc`, [...flags, '-Wl,--no-relax', '-o', program, ...sources, object], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const addresses = addressesOf(`${platform.tools}nm`, program);
  const addressOf = (name: string): bigint => {
    const address = addresses.get(name);
    if (address === undefined) throw new Error(`the harness has no ${name}`);
    return address;
  };
  const [qemu, ...options] = platform.qemu;
  return {
    rejected,
    exitTaken: addressOf('exit_taken'),
    targetAddress: (k) => addressOf(targetLabel(k)),
    nextAddress: (k) => addressOf(nextLabel(k)),
    tlsOffset: BigInt(execFileSync(qemu, [...options, program], { encoding: 'utf8' })),
    run(common, images, inputs) {
      const [inputFile, outputFile] = [join(folder, 'input'), join(folder, 'output')];
      writeFileSync(inputFile, encode(platform, common, images, inputs));
      execFileSync(qemu, [...options, program, inputFile, outputFile]);
      return decode(platform, readFileSync(outputFile), inputs.length);
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function addressesOf(nm: string, program: string): Map<string, bigint> {
  const listing = execFileSync(nm, [program], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return new Map([...listing.matchAll(/^([0-9a-f]+) \w (\w+)$/gm)].map((m) => [m[2] ?? '', BigInt(`0x${m[1]}`)]));
}

const STATE_SIZE = 36 * 8 + 64 * 16;

function encode(
  platform: Platform,
  common: ReadonlyMap<string, bigint>,
  images: readonly Uint8Array[],
  inputs: readonly Input[],
): Uint8Array {
  const overrides = inputs.reduce((n, i) => n + i.overrides.size, 0);
  const size = STATE_SIZE + 4 + images.length * AREA_SIZE + inputs.length * 6 + overrides * 17;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  for (const [loc, value] of common) {
    const slot = platform.slotOf(loc);
    if (slot < WIDE) view.setBigUint64(8 * slot, value, true);
    else setWide(view, 36 * 8 + 16 * (slot - WIDE), value);
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
      view.setUint8(at, platform.slotOf(loc));
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

function decode(platform: Platform, bytes: Uint8Array, count: number): Output[] {
  const bySlot = new Map(platform.locations.map((loc) => [platform.slotOf(loc), loc]));
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
