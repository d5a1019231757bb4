// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import type { Diagnostics } from '../../../base/diagnostic.ts';
import { Evaluator } from '../../../logic/evaluate.ts';
import type { Term } from '../../../logic/term.ts';
import type { Isa } from '../../isa/isa.ts';
import type { Expr } from '../../isa/operand.ts';
import type { FunctionCode, Program } from '../../program/types.ts';
import { alignUp, COUNTERS, HIGH, INST_BYTES, type Layout, PAGE } from '../layout.ts';
import { type PlacedSection, placeSections, writeSection } from './place.ts';
import { hasShortAddresses } from './short-addresses.ts';
import { type Library, type LinkedFile, Symbols } from './symbols.ts';

export interface LinkedFunction {
  readonly id: number;
  readonly file: LinkedFile;
  readonly code: FunctionCode;
  /** The number of its first block among all blocks of the program. */
  readonly firstBlock: number;
  readonly address: number;
}

/** A program with everything at its place. */
export interface Image {
  readonly isa: Isa;
  readonly layout: Layout;
  readonly files: readonly LinkedFile[];
  readonly functions: readonly LinkedFunction[];
  /** By the address of their first instruction. */
  readonly functionAt: ReadonlyMap<number, LinkedFunction>;
  readonly blocks: number;
  /** The library's functions that are used, and the addresses that stand for them. */
  readonly externals: ReadonlyMap<string, number>;
  readonly objects: ReadonlyMap<string, number>;
  readonly textStart: number;
  /** How many addresses of instructions there are, the library's functions and the host's return included. */
  readonly textSlots: number;
  /** Where calls from the host return to. */
  readonly hostReturn: number;
  readonly threadPointer: number;
  /** Functions to be called before `main`, and after it, in order. */
  readonly initialisers: readonly number[];
  readonly finalisers: readonly number[];
  symbol(name: string): bigint | undefined;
  /** The value of a term over symbols, as a file sees them. */
  valueOf(file: LinkedFile, t: Term): bigint | undefined;
  /** Writes what is in memory at the start. */
  load(put: (address: number, bytes: Uint8Array) => void): void;
}

export interface LinkOptions {
  readonly memoryBytes: number;
  readonly stackBytes: number;
  readonly library: Library;
  /** Memory between data and heap, for whoever runs the program. */
  readonly arenaBytes?: number;
  /** How much of the memory is for the heap; all that is left when absent. */
  readonly heapBytes?: number;
  /** Places that another program has as well, so that both have their data at the same addresses. */
  readonly places?: Places;
  /** `Layout.base`; when absent, 0 for programs with addresses of 32 bits, else `HIGH`. */
  readonly base?: number;
  /**
   * Where not 0, code lies elsewhere and with room between its blocks, and other numbers lie wherever no object does: with each number
   * others. Objects stay where they are.
   */
  readonly apart?: number;
}

/** Where parts of a program begin at the earliest, and what it has of the library besides what it uses. */
export interface Places {
  readonly low: number;
  readonly constants: number;
  readonly writable: number;
  readonly arena: number;
  readonly externals: readonly string[];
  readonly objects: readonly string[];
}

/** What the machine has at the thread pointer, in bytes. */
const THREAD_BLOCK = 128;
/** How far code and tables of addresses are moved with each number of `apart`. */
const APART = 0x1040;

const GUARD = 0x5bd1e995a7c3f100n;

/** Puts programs together to one that can run; undefined where a diagnostic says why not. */
export function link(programs: readonly Program[], options: LinkOptions, diagnostics: Diagnostics): Image | undefined {
  return new Linker(programs, options, diagnostics).run();
}

class Linker {
  private readonly options: LinkOptions;
  private readonly diagnostics: Diagnostics;
  private readonly files: LinkedFile[];
  private readonly sections: PlacedSection[][];
  private readonly symbols: Symbols;
  private threadPointer = 0;

  constructor(programs: readonly Program[], options: LinkOptions, diagnostics: Diagnostics) {
    this.options = options;
    this.diagnostics = diagnostics;
    this.files = programs.map((program) => {
      const labels = new Map<string, number>();
      const file: LinkedFile = {
        program,
        addresses: new Float64Array(program.ast.statements.length).fill(-1),
        labels,
        symbol: (name) => this.symbols.valueIn(file, name),
      };
      return file;
    });
    this.sections = programs.map((p) => placeSections(p, options.apart ?? 0));
    this.symbols = new Symbols(this.files, options.library, diagnostics);
  }

  run(): Image | undefined {
    const isa = must(this.files[0], 'a file').program.isa;
    const { symbols } = this;
    symbols.collect();
    if (this.diagnostics.hasErrors) return undefined;
    const functions = this.functions();
    const last = functions[functions.length - 1];
    const blocks = last === undefined ? 0 : last.firstBlock + last.code.blocks.length;
    const { places, apart = 0 } = this.options;
    for (const name of places?.externals ?? []) this.symbols.externals.set(name, 0);
    for (const name of places?.objects ?? []) this.symbols.objects.set(name, 0);
    const codeMap = COUNTERS + 16 * blocks;
    // Sections begin aligned, so the code may take a little more than its instructions.
    const codeBytes = this.placeRegion('text', 0) + INST_BYTES * (this.symbols.externals.size + 32);
    const base =
      this.options.base ?? (this.files.some((f, i) => hasShortAddresses(f.program, this.sections[i] ?? [])) ? 0 : HIGH);
    const low = Math.max(base + alignUp(codeMap + codeBytes, PAGE), places?.low ?? 0);
    // Text, in front of it what stands for functions of the library, and where calls from the host return to.
    let at = low + APART * apart;
    const textStart = at;
    const hostReturn = at;
    at += INST_BYTES;
    for (const name of [...this.symbols.externals.keys()].sort()) {
      this.symbols.externals.set(name, at);
      at += INST_BYTES;
    }
    at = this.placeRegion('text', at);
    at = alignUp(at, INST_BYTES);
    this.symbols.linkerNames.set('_etext', at);
    this.symbols.linkerNames.set('etext', at);
    const textSlots = (at - textStart) / INST_BYTES;
    // Constants.
    const constants = Math.max(alignUp(at, PAGE), places?.constants ?? 0);
    at = this.placeRegion('constant', constants);
    at = alignUp(at, 16) + APART * apart;
    this.symbols.linkerNames.set('_GLOBAL_OFFSET_TABLE_', at);
    for (const name of this.symbols.slots.keys()) {
      this.symbols.slots.set(name, at);
      at += 8;
    }
    // What can be written: first the stack.
    const writable = Math.max(alignUp(at, PAGE), places?.writable ?? 0);
    const stackTop = writable + alignUp(this.options.stackBytes, PAGE);
    at = this.placeRegion('data', stackTop + 64);
    this.symbols.linkerNames.set('_edata', at);
    this.symbols.linkerNames.set('edata', at);
    this.symbols.linkerNames.set('__bss_start', at);
    at = this.placeRegion('zero', at);
    for (const c of this.symbols.commons.values()) {
      at = alignUp(at, c.alignment);
      c.address = at;
      at += c.size;
    }
    for (const name of [...this.symbols.objects.keys()].sort()) {
      at = alignUp(at, 16);
      this.symbols.objects.set(name, at);
      at += this.options.library.objectSize(name) ?? 8;
    }
    const dataEnd = at;
    this.symbols.linkerNames.set('_end', at);
    this.symbols.linkerNames.set('end', at);
    this.symbols.linkerNames.set('__dso_handle', 0);
    at = this.placeThread(isa, at + APART * apart);
    const arena = Math.max(alignUp(at, PAGE), places?.arena ?? 0);
    const heap = arena + alignUp(this.options.arenaBytes ?? 0, PAGE);
    const end = base + Math.floor(this.options.memoryBytes / PAGE) * PAGE;
    if (heap + PAGE > end) {
      this.error(
        'V0603',
        `the program needs ${Math.ceil((heap + PAGE - base) / 2 ** 20)} MiB and may have ${(end - base) / 2 ** 20}`,
        ['`--max-memory` allows more'],
      );
      return undefined;
    }
    const { heapBytes = end - heap } = this.options;
    this.setLabels();
    const placed = functions.map((f) => ({ ...f, address: this.addressOf(f.file, f.code, 0) }));
    const functionAt = new Map(placed.map((f) => [f.address, f]));
    const layout: Layout = {
      base,
      codeMap,
      low,
      constants,
      writable,
      stackTop,
      dataEnd,
      arena,
      heap,
      end: Math.min(end, heap + alignUp(heapBytes, PAGE)),
    };
    const image: Image = {
      isa,
      layout,
      files: this.files,
      functions: placed,
      functionAt,
      blocks,
      externals: this.symbols.externals,
      objects: this.symbols.objects,
      textStart,
      textSlots,
      hostReturn,
      threadPointer: this.threadPointer,
      initialisers: this.pointers(/^\.(?:preinit_array|init_array)(?:\.|$)/),
      finalisers: this.pointers(/^\.fini_array(?:\.|$)/).reverse(),
      symbol: (name) => this.symbols.global(name),
      valueOf: (file, t) => this.valueOf(file, t),
      load: (put) => this.load(put, layout),
    };
    this.load(() => undefined, layout);
    return this.diagnostics.hasErrors ? undefined : image;
  }

  private error(code: string, message: string, notes: readonly string[] = []): void {
    this.diagnostics.add({ severity: 'error', kind: 'input', code, message, notes });
  }

  private functions(): LinkedFunction[] {
    const list: LinkedFunction[] = [];
    let firstBlock = 0;
    for (const file of this.files) {
      for (const code of file.program.functions) {
        if (code.insts.length === 0) continue;
        list.push({ id: list.length, file, code, firstBlock, address: 0 });
        firstBlock += code.blocks.length;
      }
    }
    return list;
  }

  private placeRegion(region: PlacedSection['region'], from: number): number {
    let at = from;
    for (const sections of this.sections) {
      for (const s of sections) {
        if (s.region !== region) continue;
        at = alignUp(at, s.alignment);
        s.address = at;
        at += s.size;
      }
    }
    return at;
  }

  /** Thread-local storage: x86-64 has it below the thread pointer, AArch64 16 bytes behind it, RISC-V at it. */
  private placeThread(isa: Isa, from: number): number {
    const sections = this.sections.flat().filter((s) => s.region === 'thread');
    const alignment = Math.max(64, ...sections.map((s) => s.alignment));
    const start = alignUp(from, alignment) + (isa.name === 'aarch64' ? alignment : 0);
    const end = this.placeRegion('thread', start);
    if (isa.name === 'x86_64') this.threadPointer = alignUp(end, alignment);
    else this.threadPointer = isa.name === 'aarch64' ? start - alignUp(16, alignment) : start;
    return alignUp(Math.max(end, this.threadPointer + THREAD_BLOCK), 64);
  }

  private setLabels(): void {
    this.files.forEach((file, i) => {
      for (const section of this.sections[i] ?? []) {
        section.statements.forEach((index, k) => {
          const address = section.address + (section.offsets[k] ?? 0);
          file.addresses[index] = address;
          const s = file.program.ast.statements[index];
          if (s?.kind === 'label') file.labels.set(s.name, address);
        });
      }
    });
  }

  private addressOf(file: LinkedFile, code: FunctionCode, index: number): number {
    return file.addresses[code.statementAt[index] ?? -1] ?? -1;
  }

  /** The value of a term over symbols. */
  private valueOf(file: LinkedFile, t: Term): bigint | undefined {
    if (t.op === 'const') return t.value;
    const values = new Map<Term, bigint>();
    const seen = new Set([t]);
    for (const s of seen) {
      if (s.op === 'var') {
        const value = this.variable(file, s.name);
        if (value === undefined) return undefined;
        values.set(s, value);
      }
      for (const a of s.args) seen.add(a);
    }
    return new Evaluator({ values }).value(t);
  }

  private variable(file: LinkedFile, name: string): bigint | undefined {
    if (name === 'tp') return BigInt(this.threadPointer);
    if (name === 'stack guard') return GUARD;
    const at = name.indexOf('&');
    const [kind, symbol] = [name.slice(0, at), name.slice(at + 1)];
    switch (kind) {
      case '':
        return file.symbol(symbol);
      case 'tls':
        return file.symbol(symbol);
      case 'got':
      case 'gottp': {
        const slot = this.symbols.slots.get(`${kind}&${this.symbols.slotKey(file, symbol)}`);
        return slot === undefined ? undefined : BigInt(slot);
      }
      default:
        return undefined;
    }
  }

  private pointers(name: RegExp): number[] {
    const list: { readonly order: number; readonly address: number; readonly size: number }[] = [];
    for (const section of this.sections.flat()) {
      if (!name.test(section.name)) continue;
      const priority = /\.(\d+)$/.exec(section.name)?.[1];
      const pre = section.name.startsWith('.preinit') ? -1 : 0;
      list.push({ order: pre * 1e6 + (priority === undefined ? 1e5 : Number(priority)), ...section });
    }
    list.sort((a, b) => a.order - b.order);
    return list.flatMap((s) => Array.from({ length: Math.floor(s.size / 8) }, (_, i) => s.address + 8 * i));
  }

  private load(put: (address: number, bytes: Uint8Array) => void, layout: Layout): void {
    if (this.options.apart) this.litter(this.options.apart, put, layout);
    this.files.forEach((file, i) => {
      for (const section of this.sections[i] ?? []) {
        const failed = writeSection(
          section,
          file.program,
          {
            symbol: (name) => file.symbol(name),
            expression: (e, here) => this.expression(file, e, here),
          },
          put,
        );
        for (const s of failed) {
          this.diagnostics.add({
            severity: 'error',
            kind: 'unsupported',
            code: 'V0604',
            message: 'a value that cannot be found when the program is put together',
            span: s.span,
          });
        }
      }
    });
    for (const [name, address] of this.symbols.slots) put(address, bytes8(this.slotValue(name)));
    if (this.isX86()) {
      put(this.threadPointer, bytes8(BigInt(this.threadPointer)));
      put(this.threadPointer + 40, bytes8(GUARD));
    }
    const guard = this.symbols.objects.get('__stack_chk_guard');
    if (guard !== undefined) put(guard, bytes8(GUARD));
  }

  /** Puts numbers between constants and behind data where nothing lies. */
  private litter(apart: number, put: (address: number, bytes: Uint8Array) => void, layout: Layout): void {
    const { constants, writable, dataEnd, arena } = layout;
    for (const [from, end] of [[constants, writable] as const, [dataEnd, arena] as const]) {
      put(
        from,
        Uint8Array.from({ length: end - from }, (_, i) => (apart === 1 ? 0xff : 0x35 + 0x4d * apart * i)),
      );
    }
    for (const { region, address, size } of this.sections.flat()) {
      if (region === 'constant' || region === 'thread') put(address, new Uint8Array(size));
    }
    put(this.threadPointer, new Uint8Array(THREAD_BLOCK));
  }

  private isX86(): boolean {
    return this.files[0]?.program.isa.name === 'x86_64';
  }

  private slotValue(name: string): bigint {
    const at = name.indexOf('&');
    const key = name.slice(at + 1);
    const colon = /^(\d+):(.*)$/.exec(key);
    const file = colon === null ? undefined : this.files[Number(colon[1])];
    const address = file === undefined ? (this.symbols.global(key) ?? 0n) : (file.symbol(colon?.[2] ?? '') ?? 0n);
    return name.startsWith('gottp') ? BigInt.asUintN(64, address - BigInt(this.threadPointer)) : address;
  }

  private expression(file: LinkedFile, e: Expr, here: number): bigint | undefined {
    const located = (name: string | undefined): bigint | undefined =>
      name === undefined ? 0n : name === '.' ? BigInt(here) : file.symbol(name);
    if (e.modifier === undefined) {
      const [plus, minus] = [located(e.plus), located(e.minus)];
      return plus === undefined || minus === undefined ? undefined : plus - minus + e.offset;
    }
    return this.valueOf(file, file.program.isa.symbol(e));
  }
}

export function bytes8(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value), true);
  return bytes;
}
