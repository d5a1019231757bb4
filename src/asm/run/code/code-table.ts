// SPDX-License-Identifier: MIT
import { setFlagsFromString } from 'node:v8';
import { must } from '../../../base/assert.ts';
import type { GuestView } from '../guest.ts';
import { INST_BYTES, PAGE } from '../layout.ts';
import type { Image, LinkedFunction } from '../link/image.ts';
import { Code, I32, I64 } from '../wasm/code.ts';
import { faultBody, multiplyHighBody } from '../wasm/helpers.ts';
import { ModuleBuilder } from '../wasm/module.ts';
import { FlagsAcross, lazyFlags } from './flags-across.ts';
import { FunctionCompiler, type Surroundings } from './function.ts';
import type { HostOperators } from './host-operators.ts';
import type { LocSet } from './live.ts';
import type { Site } from './sites.ts';

/** What the code asks of the machine that it runs on. */
export interface CodeHost {
  readonly operators: HostOperators;
  /** Something has happened at the place of this number (`CodeTable.site`), with so much of the budget left. */
  readonly fault: (number: number, budget: bigint) => void;
  /** The place that the code went to is none where a function begins. */
  readonly bad: () => never;
  readonly external: (name: string) => void;
  /** Runs a function that may be entered again where it called `setjmp`. */
  readonly guarded: (fn: LinkedFunction, run: () => void) => void;
  readonly trace?: ((block: number) => void) | undefined;
  readonly calls?: { readonly entered: (fn: LinkedFunction) => void; readonly behind: () => void } | undefined;
}

export interface CodeOptions {
  /** Counts the entries of each block, and the jumps that are taken. */
  readonly counting: boolean;
  /** Functions with loops are optimised before they begin. */
  readonly optimise: boolean;
}

/** A module holds about so many instructions: a function and what it calls, as far as that fits. */
const BATCH = 1500;
const JUMPERS = ['setjmp', '_setjmp', '__sigsetjmp', 'sigsetjmp'];

/**
 * The functions of a program as WebAssembly, each made when it is first called. The table has a place for every function
 * of the program and of the library, and its first leads to a fault.
 */
export class CodeTable {
  private readonly image: Image;
  private readonly memory: WebAssembly.Memory;
  private readonly host: CodeHost;
  private readonly options: CodeOptions;
  private readonly table: WebAssembly.Table;
  private readonly flags: FlagsAcross;
  private readonly lazy: LocSet;
  private readonly sites: Site[] = [];
  private readonly compiled = new Set<LinkedFunction>();
  private readonly imports: Record<string, unknown> = {};
  /** Where functions are that may return more than once. */
  private readonly jumpers: ReadonlySet<number>;
  private readonly view: GuestView;

  constructor(image: Image, memory: WebAssembly.Memory, view: GuestView, host: CodeHost, options: CodeOptions) {
    this.image = image;
    this.memory = memory;
    this.view = view;
    this.host = host;
    this.options = options;
    this.jumpers = new Set(JUMPERS.flatMap((name) => image.externals.get(name) ?? []));
    this.lazy = lazyFlags(image);
    this.flags = new FlagsAcross(image, this.lazy);
    this.table = new WebAssembly.Table({ element: 'anyfunc', initial: this.size });
    const entries = [...image.functions.map((f) => f.address), ...image.externals.values()];
    for (const [i, address] of entries.entries()) {
      view.setInt32(image.layout.codeMap + address - image.textStart, i + 1, true);
    }
    this.imports.fault = host.fault;
    this.imports.compile = (id: number) => this.compile(must(image.functions[id], 'a function'));
    this.imports.operate = (number: number) => host.operators.carryOut(number);
    this.imports.bad = host.bad;
    if (host.trace !== undefined) this.imports.trace = host.trace;
    const { calls } = host;
    if (calls !== undefined) {
      this.imports.entered = (id: number) => calls.entered(must(image.functions[id], 'a function'));
      this.imports.behind = calls.behind;
    }
    this.makeStubs();
  }

  /** The place in the code that has this number. */
  site(number: number): Site {
    return must(this.sites[number], 'a site');
  }

  /** What begins at an address, to be called; undefined where no function does. */
  entry(address: number): (() => void) | undefined {
    const index = this.indexOf(address);
    return index === 0 ? undefined : entryOf(this.table.get(index));
  }

  /** Where in the table the function at an address stands; 0 where none begins. */
  private indexOf(address: number): number {
    const distance = address - this.image.textStart;
    if (distance < 0 || distance >= INST_BYTES * this.image.textSlots || distance % INST_BYTES !== 0) return 0;
    return this.view.getInt32(this.image.layout.codeMap + distance, true);
  }

  private get size(): number {
    return 1 + this.image.functions.length + this.image.externals.size;
  }

  /** Fills the table: functions with what compiles them first, library functions, and a fault for everything else. */
  private makeStubs(): void {
    const { image } = this;
    const module = new ModuleBuilder();
    const plain = module.type([]);
    const compile = module.import('compile', module.type([I32]));
    const bad = module.import('bad', plain);
    const names = [...image.externals.keys()];
    const external = names.map((name, i) => {
      this.imports[`x${i}`] = () => this.host.external(name);
      return module.import(`x${i}`, plain);
    });
    const define = (write: (c: Code) => void, name: string): void => {
      const code = new Code();
      write(code);
      code.u8(0x0b);
      const index = module.reserve();
      module.define(index, plain, [], code.bytes);
      module.export(name, index);
    };
    define((c) => c.call(bad), 'bad');
    for (const [i, f] of external.entries()) define((c) => c.call(f), `x${i}`);
    for (const fn of image.functions) {
      define((c) => {
        c.i32(fn.id);
        c.call(compile);
        c.i32(this.indexOf(fn.address));
        c.returnCallIndirect(plain);
      }, `f${fn.id}`);
    }
    const exports = this.instantiate(module);
    this.table.set(0, exports.bad);
    for (const [i, name] of names.entries()) {
      this.table.set(this.indexOf(image.externals.get(name) ?? 0), exports[`x${i}`]);
    }
    for (const fn of image.functions) this.table.set(this.indexOf(fn.address), exports[`f${fn.id}`]);
  }

  private instantiate(module: ModuleBuilder): WebAssembly.Exports {
    const binary = module.build(this.memory.buffer.byteLength / PAGE, this.size);
    const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), {
      h: this.imports,
      m: { memory: this.memory, table: this.table },
    });
    return instance.exports;
  }

  private isResumable(fn: LinkedFunction): boolean {
    return fn.code.blocks.some((b) => {
      if (b.flow.kind !== 'call' || b.flow.target === undefined) return false;
      return this.jumpers.has(Number(fn.file.symbol(b.flow.target) ?? 0n));
    });
  }

  /** The function and those it calls, which have not been compiled yet. */
  private batch(first: LinkedFunction): LinkedFunction[] {
    const list = new Set([first]);
    let size = first.code.insts.length;
    for (const fn of list) {
      for (const b of fn.code.blocks) {
        if (b.flow.kind !== 'call') continue;
        const callee = this.flags.callee(fn, b.flow.target);
        if (callee === undefined || list.has(callee) || this.compiled.has(callee)) continue;
        if (size + callee.code.insts.length > BATCH) continue;
        size += callee.code.insts.length;
        list.add(callee);
      }
    }
    return [...list];
  }

  private compile(first: LinkedFunction): void {
    if (this.compiled.has(first)) return;
    const functions = this.batch(first);
    const module = new ModuleBuilder();
    const indexes = new Map<LinkedFunction, number>();
    const around = this.surroundings(module, indexes);
    for (const fn of functions) indexes.set(fn, module.reserve());
    let loops = false;
    for (const [fn, index] of indexes) {
      const compiler = new FunctionCompiler(fn, around);
      const { locals, body } = compiler.compile();
      loops ||= compiler.shape.headers.size > 0;
      module.define(index, around.plainType, locals, body);
      module.export(`f${fn.id}`, index);
      this.compiled.add(fn);
    }
    const instantiate = (): WebAssembly.Exports => this.instantiate(module);
    const exports = loops && this.options.optimise ? optimised(instantiate) : instantiate();
    for (const fn of functions) {
      const entry = exports[`f${fn.id}`];
      this.table.set(this.indexOf(fn.address), this.isResumable(fn) ? this.wrapped(fn, entryOf(entry)) : entry);
    }
  }

  /** What functions of a module find around them, and `indexes` where they are in it. */
  private surroundings(module: ModuleBuilder, indexes: ReadonlyMap<LinkedFunction, number>): Surroundings {
    const plainType = module.type([]);
    const operate = module.import('operate', module.type([I32]));
    const trace = this.host.trace === undefined ? undefined : module.import('trace', module.type([I32]));
    const calls = this.host.calls !== undefined;
    const entered = calls ? module.import('entered', module.type([I32])) : undefined;
    const behind = calls ? module.import('behind', plainType) : undefined;
    const fault = module.import('fault', module.type([I32, I64]));
    const multiplyHigh = module.reserve();
    const helper = multiplyHighBody();
    module.define(multiplyHigh, module.type([I64, I64], [I64]), helper.locals, helper.body);
    const faults = new Map<number, number>();
    return {
      image: this.image,
      flags: this.flags,
      lazy: this.lazy,
      counting: this.options.counting,
      trace,
      entered,
      behind,
      plainType,
      operate,
      multiplyHigh,
      operator: (o) => this.host.operators.number(o),
      site: (s) => this.sites.push(s) - 1,
      fault: (n) => {
        const known = faults.get(n);
        if (known !== undefined) return known;
        const index = module.reserve();
        const { params, body } = faultBody(n, fault);
        module.define(index, module.type(params), [], body);
        faults.set(n, index);
        return index;
      },
      tableIndex: (address) => this.indexOf(address),
      local: (fn) => (this.isResumable(fn) ? undefined : indexes.get(fn)),
      resumable: (fn) => this.isResumable(fn),
    };
  }

  /** A table takes only WebAssembly's own functions, so the guard is imported into one. */
  private wrapped(fn: LinkedFunction, inner: () => void): unknown {
    const module = new ModuleBuilder();
    const plain = module.type([]);
    const name = `g${fn.id}`;
    this.imports[name] = () => this.host.guarded(fn, inner);
    const guard = module.import(name, plain);
    const code = new Code();
    code.call(guard);
    code.u8(0x0b);
    const index = module.reserve();
    module.define(index, plain, [], code.bytes);
    module.export('guard', index);
    return this.instantiate(module).guard;
  }
}

/**
 * Makes modules with V8's optimising compiler at once. Otherwise functions begin with its baseline compiler, and what is
 * optimised later is used from the next call on: a loop that is entered once would stay slow for ever.
 */
function optimised<T>(make: () => T): T {
  setFlagsFromString('--no-liftoff');
  setFlagsFromString('--no-wasm-lazy-compilation');
  try {
    return make();
  } finally {
    setFlagsFromString('--liftoff');
    setFlagsFromString('--wasm-lazy-compilation');
  }
}

function entryOf(value: unknown): () => void {
  if (typeof value !== 'function') throw new TypeError('a function is expected');
  return () => {
    value();
  };
}
