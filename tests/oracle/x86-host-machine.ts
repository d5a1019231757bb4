// SPDX-License-Identifier: MIT
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Builds the harness around generated stubs, and runs it: see x86-host.c for the other end. */

export const AREA = 0x10000000n;
export const AREA_SIZE = 4096;
export const PATCHES = 4;
export const PATCH_SIZE = 64;

/** The order of general registers in records. */
export const GPR_ORDER = [
  ...['rax', 'rcx', 'rdx', 'rbx', 'rsp', 'rbp', 'rsi', 'rdi'],
  ...['r8', 'r9', 'r10', 'r11', 'r12', 'r13', 'r14', 'r15'],
];
export const XMM_ORDER = Array.from({ length: 16 }, (_, i) => `xmm${i}`);
/** The bit of each flag in RFLAGS. */
export const FLAG_BITS: readonly (readonly [string, bigint])[] = [
  ['cf', 0n],
  ['pf', 2n],
  ['af', 4n],
  ['zf', 6n],
  ['sf', 7n],
  ['df', 10n],
  ['of', 11n],
];

/** One instruction to run: its text in one dialect. A branch of stub 7 goes to `target_7`. */
export interface Stub {
  readonly text: string;
  readonly dialect: 'att' | 'intel';
}

export interface Patch {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export interface Input {
  readonly test: number;
  readonly seed: number;
  /** By location; flags as locations too. */
  readonly state: ReadonlyMap<string, bigint>;
  readonly patches: readonly Patch[];
}

export interface Output {
  /** The signal that ended the instruction, or 0. */
  readonly signal: number;
  /** 0: went on to the next instruction; 1: went to the target label; 9: neither. */
  readonly path: number;
  readonly state: ReadonlyMap<string, bigint>;
  /** Bytes of the area that changed. */
  readonly changed: ReadonlyMap<number, number>;
}

export interface Harness {
  /** The addresses of all symbols: `target_7`, `next_7`, `data`. */
  readonly symbols: ReadonlyMap<string, bigint>;
  /** What the assembler said against stubs, by number; such a stub does nothing. */
  readonly rejected: ReadonlyMap<number, string>;
  run(inputs: readonly Input[]): Output[];
  close(): void;
}

const here = dirname(fileURLToPath(import.meta.url));
const CHUNK = 500;

function stubText(stub: Stub, index: number): string {
  const { text } = stub;
  const lines =
    stub.dialect === 'intel' ? ['.intel_syntax noprefix', text, '.att_syntax prefix'] : ['.att_syntax prefix', text];
  return [
    `.section vouch_tests,"a"`,
    `.quad test_${index}`,
    '.text',
    `test_${index}:`,
    ...lines,
    `next_${index}: movl $0, vouch_path(%rip)`,
    'jmp vouch_save',
    `target_${index}: nop; nop; nop; nop; nop; nop; nop; nop`,
    'movl $1, vouch_path(%rip)',
    'jmp vouch_save',
    '',
  ].join('\n');
}

/** Assembles one chunk; stubs that the assembler rejects are replaced by nothing, with its words kept. */
function assemble(folder: string, stubs: readonly Stub[], first: number, rejected: Map<number, string>): string {
  const source = join(folder, `stubs-${first}.s`);
  const object = join(folder, `stubs-${first}.o`);
  const live = [...stubs];
  for (;;) {
    const starts: number[] = [];
    const lines: string[] = ['.text'];
    live.forEach((stub, i) => {
      starts.push(lines.length);
      lines.push(...stubText(stub, first + i).split('\n'));
    });
    lines.push('.section .note.GNU-stack,"",@progbits', '');
    writeFileSync(source, lines.join('\n'));
    const result = spawnSync('as', ['-o', object, source], { encoding: 'utf8' });
    if (result.status === 0) return object;
    let found = false;
    for (const match of (result.stderr ?? '').matchAll(/^[^:\n]*:(\d+): (?:Error: )?(.*)$/gm)) {
      const line = Number(match[1]) - 1;
      const index = starts.findLastIndex((start) => start <= line);
      const stub = live[index];
      if (stub === undefined || rejected.has(first + index) || !match[0].includes('Error')) continue;
      rejected.set(first + index, `${match[2]}: ${stub.text}`);
      live[index] = { text: '', dialect: 'att' };
      found = true;
    }
    if (!found) throw new Error(`the assembler failed: ${result.stderr}`);
  }
}

/** Assembles and links the stubs into a program. The caller closes it. */
export function buildHarness(stubs: readonly Stub[]): Harness {
  const folder = mkdtempSync(join(tmpdir(), 'vouch-oracle-'));
  const rejected = new Map<number, string>();
  const objects: string[] = [];
  for (let first = 0; first < stubs.length; first += CHUNK) {
    objects.push(assemble(folder, stubs.slice(first, first + CHUNK), first, rejected));
  }
  const program = join(folder, 'program');
  const sources = [join(here, 'x86-host.c'), join(here, 'x86-host-enter.s')];
  const flags = ['-O1', '-static', '-no-pie', '-fno-stack-protector', '-Wl,-z,norelro'];
  execFileSync('gcc', [...flags, '-o', program, ...sources, ...objects], { stdio: ['ignore', 'pipe', 'pipe'] });
  const symbols = new Map<string, bigint>();
  const listing = execFileSync('nm', [program], { encoding: 'utf8', maxBuffer: 1 << 28 });
  for (const match of listing.matchAll(/^([0-9a-f]+) \w (\S+)$/gm)) {
    symbols.set(match[2] ?? '', BigInt(`0x${match[1]}`));
  }
  return {
    symbols,
    rejected,
    run(inputs) {
      const [inputFile, outputFile] = [join(folder, 'input'), join(folder, 'output')];
      writeFileSync(inputFile, encode(inputs));
      execFileSync(program, [inputFile, outputFile]);
      return decode(readFileSync(outputFile), inputs.length);
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const STATE_SIZE = 160 + 256;
const INPUT_SIZE = 8 + STATE_SIZE + PATCHES * (8 + PATCH_SIZE);
const OUTPUT_SIZE = 8 + STATE_SIZE + 8;

function encode(inputs: readonly Input[]): Uint8Array {
  const bytes = new Uint8Array(inputs.length * INPUT_SIZE);
  const view = new DataView(bytes.buffer);
  inputs.forEach((input, i) => {
    let at = i * INPUT_SIZE;
    view.setUint32(at, input.test, true);
    view.setUint32(at + 4, input.seed, true);
    const value = (name: string): bigint => input.state.get(name) ?? 0n;
    GPR_ORDER.forEach((name, k) => {
      view.setBigUint64(at + 8 + 8 * k, value(name), true);
    });
    const flags = FLAG_BITS.reduce((sum, [name, position]) => sum | (value(name) << position), 2n);
    view.setBigUint64(at + 8 + 128, flags, true);
    view.setBigUint64(at + 8 + 136, value('fsbase'), true);
    view.setBigUint64(at + 8 + 144, value('gsbase'), true);
    XMM_ORDER.forEach((name, k) => {
      view.setBigUint64(at + 168 + 16 * k, BigInt.asUintN(64, value(name)), true);
      view.setBigUint64(at + 176 + 16 * k, value(name) >> 64n, true);
    });
    at += 8 + STATE_SIZE;
    input.patches.forEach((patch, k) => {
      const start = at + k * (8 + PATCH_SIZE);
      view.setUint32(start, patch.offset, true);
      view.setUint32(start + 4, patch.bytes.length, true);
      bytes.set(patch.bytes, start + 8);
    });
  });
  return bytes;
}

function decode(bytes: Uint8Array, count: number): Output[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const outputs: Output[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const state = new Map<string, bigint>();
    GPR_ORDER.forEach((name, k) => {
      state.set(name, view.getBigUint64(at + 8 + 8 * k, true));
    });
    const flags = view.getBigUint64(at + 136, true);
    for (const [name, position] of FLAG_BITS) state.set(name, (flags >> position) & 1n);
    XMM_ORDER.forEach((name, k) => {
      const high = view.getBigUint64(at + 176 + 16 * k, true);
      state.set(name, (high << 64n) | view.getBigUint64(at + 168 + 16 * k, true));
    });
    const changes = view.getUint32(at + 8 + STATE_SIZE, true);
    const changed = new Map<number, number>();
    for (let k = 0; k < changes; k++) {
      const change = view.getUint32(at + OUTPUT_SIZE + 4 * k, true);
      changed.set(change & 0xffff, change >>> 16);
    }
    outputs.push({ signal: view.getUint32(at, true), path: view.getUint32(at + 4, true), state, changed });
    at += OUTPUT_SIZE + 4 * changes;
  }
  return outputs;
}
