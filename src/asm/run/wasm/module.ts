// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { Bytes } from './bytes.ts';
import type { ValueType } from './code.ts';

/** Function types, imports, functions and exports, put together to the binary format (core specification 5.5). */

interface Signature {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

interface DefinedFunction {
  readonly type: number;
  readonly locals: readonly ValueType[];
  readonly body: Uint8Array;
}

/** A module that uses memory `m.memory` and table `m.table`, and functions out of `h`. */
export class ModuleBuilder {
  private readonly types: Signature[] = [];
  private readonly typeOf = new Map<string, number>();
  private readonly imports: { readonly name: string; readonly type: number }[] = [];
  private readonly functions: (DefinedFunction | undefined)[] = [];
  private readonly exported: { readonly name: string; readonly index: number }[] = [];

  type(params: readonly ValueType[], results: readonly ValueType[] = []): number {
    const key = `${params.join()}>${results.join()}`;
    let index = this.typeOf.get(key);
    if (index === undefined) {
      index = this.types.length;
      this.types.push({ params, results });
      this.typeOf.set(key, index);
    }
    return index;
  }

  /** All imports come before the first function. */
  import(name: string, type: number): number {
    must(this.functions.length === 0 ? true : undefined, 'imports come first');
    this.imports.push({ name, type });
    return this.imports.length - 1;
  }

  /** The index of a function whose body comes later. */
  reserve(): number {
    this.functions.push(undefined);
    return this.imports.length + this.functions.length - 1;
  }

  define(index: number, type: number, locals: readonly ValueType[], body: Uint8Array): void {
    this.functions[index - this.imports.length] = { type, locals, body: body.slice() };
  }

  export(name: string, index: number): void {
    this.exported.push({ name, index });
  }

  build(maxPages: number, tableSize: number): Uint8Array<ArrayBuffer> {
    const out = new Bytes(1 << 12);
    out.append(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    section(out, 1, (s) => {
      s.u32(this.types.length);
      for (const t of this.types) {
        s.u8(0x60);
        for (const list of [t.params, t.results]) {
          s.u32(list.length);
          for (const v of list) s.u8(v);
        }
      }
    });
    section(out, 2, (s) => {
      s.u32(this.imports.length + 2);
      for (const i of this.imports) {
        s.text('h');
        s.text(i.name);
        s.u8(0);
        s.u32(i.type);
      }
      s.text('m');
      s.text('memory');
      s.append(Uint8Array.of(2, 1));
      s.u32(1);
      s.u32(maxPages);
      s.text('m');
      s.text('table');
      s.append(Uint8Array.of(1, 0x70, 0));
      s.u32(tableSize);
    });
    const functions = this.functions.map((f) => must(f, 'a function without a body'));
    section(out, 3, (s) => {
      s.u32(functions.length);
      for (const f of functions) s.u32(f.type);
    });
    section(out, 7, (s) => {
      s.u32(this.exported.length);
      for (const e of this.exported) {
        s.text(e.name);
        s.u8(0);
        s.u32(e.index);
      }
    });
    section(out, 10, (s) => {
      s.u32(functions.length);
      for (const f of functions) {
        const body = new Bytes(f.body.length + 64);
        writeLocals(body, f.locals);
        body.append(f.body);
        s.u32(body.length);
        s.append(body.bytes);
      }
    });
    return out.bytes.slice();
  }
}

function section(out: Bytes, id: number, write: (s: Bytes) => void): void {
  const s = new Bytes(1 << 10);
  write(s);
  out.u8(id);
  out.u32(s.length);
  out.append(s.bytes);
}

/** Local variables in runs of one type. */
function writeLocals(body: Bytes, locals: readonly ValueType[]): void {
  const runs: [count: number, type: ValueType][] = [];
  for (const type of locals) {
    const last = runs[runs.length - 1];
    if (last?.[1] === type) last[0]++;
    else runs.push([1, type]);
  }
  body.u32(runs.length);
  for (const [count, type] of runs) {
    body.u32(count);
    body.u8(type);
  }
}
