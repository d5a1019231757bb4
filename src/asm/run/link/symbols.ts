// SPDX-License-Identifier: MIT
import type { Diagnostics } from '../../../base/diagnostic.ts';
import { dataSymbols } from '../../program/references.ts';
import type { Program } from '../../program/types.ts';
import { DIRECTIVES } from '../../text/directives.ts';
import { symbolName } from '../../text/strings.ts';
import { numberOf } from './place.ts';

/** Functions and objects that are not in the files. */
export interface Library {
  readonly hasFunction: (name: string) => boolean;
  /** The size in bytes of an object that the library supplies. */
  readonly objectSize: (name: string) => number | undefined;
  /** The function of the library that does what a function of this name in a file does, where that cannot run here. */
  readonly insteadOf?: (name: string) => string | undefined;
}

export interface LinkedFile {
  readonly program: Program;
  /** By statement: the address, of those in a section that has one; else -1. */
  readonly addresses: Float64Array;
  readonly labels: Map<string, number>;
  /** The value of a symbol as this file sees it. */
  symbol(name: string): bigint | undefined;
}

interface GlobalSymbol {
  readonly file: LinkedFile;
  readonly weak: boolean;
}

interface Assignment {
  readonly text: string;
  /** Of the statement. */
  readonly index: number;
}

/** Names that a linker gives places to. */
const LINKER_NAMES = [
  '_GLOBAL_OFFSET_TABLE_',
  '__dso_handle',
  '_end',
  'end',
  '_edata',
  'edata',
  '__bss_start',
  '_etext',
  'etext',
];

/** Who defines which name, and where that is: files, the library, or the linker itself. */
export class Symbols {
  /** Names of the library's functions and objects that are used, and of slots of the global offset table: where they are. */
  readonly externals = new Map<string, number>();
  readonly objects = new Map<string, number>();
  readonly slots = new Map<string, number>();
  readonly linkerNames = new Map<string, number>();
  readonly commons = new Map<string, { size: number; alignment: number; address: number }>();
  private readonly files: readonly LinkedFile[];
  private readonly library: Library;
  private readonly diagnostics: Diagnostics;
  private readonly globals = new Map<string, GlobalSymbol>();
  /** Functions of files by the name of what stands in for them. */
  private readonly replaced = new Map<string, string>();
  private readonly weakMissing = new Set<string>();
  private readonly assignmentsOf = new Map<LinkedFile, ReadonlyMap<string, Assignment>>();

  constructor(files: readonly LinkedFile[], library: Library, diagnostics: Diagnostics) {
    this.files = files;
    this.library = library;
    this.diagnostics = diagnostics;
  }

  /** Finds who defines what; errors say which names nobody does, or two. */
  collect(): void {
    this.collectGlobals();
    this.collectCommons();
    this.findExternals();
  }

  private error(code: string, message: string, notes: readonly string[] = []): void {
    this.diagnostics.add({ severity: 'error', kind: 'input', code, message, notes });
  }

  private collectGlobals(): void {
    for (const file of this.files) {
      const { labels, comdat } = namesIn(file.program);
      for (const s of file.program.symbols.values()) {
        if (!s.defined || s.binding === 'local') continue;
        if (s.section === '.bss' && !labels.has(s.name)) continue;
        const other = this.globals.get(s.name);
        const weak = s.binding === 'weak';
        if (other === undefined || (other.weak && !weak)) this.globals.set(s.name, { file, weak });
        else if (!weak && !other.weak && !comdat.has(s.section ?? '')) {
          this.error('V0602', `${s.name} is defined in ${other.file.program.ast.file} and in ${file.program.ast.file}`);
        }
      }
    }
  }

  private collectCommons(): void {
    for (const file of this.files) {
      for (const s of file.program.ast.statements) {
        if (s.kind !== 'directive' || DIRECTIVES.get(s.name)?.kind !== 'common') continue;
        const name = symbolName(s.args[0] ?? '');
        const size = Number(numberOf(s.args[1] ?? '', () => undefined) ?? 0n);
        const given = Number(numberOf(s.args[2] ?? '', () => undefined) ?? 0n);
        const alignment = Math.max(1, given || Math.min(32, 2 ** Math.ceil(Math.log2(Math.max(1, size)))));
        const isLocal = s.name === '.lcomm' || file.program.symbols.get(name)?.binding === 'local';
        const key = isLocal ? `${this.files.indexOf(file)}:${name}` : name;
        if (!isLocal && this.globals.has(name)) continue;
        const known = this.commons.get(key);
        if (known === undefined) this.commons.set(key, { size, alignment, address: 0 });
        else {
          known.size = Math.max(known.size, size);
          known.alignment = Math.max(known.alignment, alignment);
        }
      }
    }
  }

  /** Names that no file defines must be the library's, or the program does not run at all. */
  private findExternals(): void {
    const missing = new Map<string, string>();
    for (const file of this.files) {
      const { program } = file;
      const used = mentioned(program);
      for (const s of program.symbols.values()) {
        const instead = s.defined && used.has(s.name) ? this.library.insteadOf?.(s.name) : undefined;
        if (instead !== undefined) {
          this.replaced.set(s.name, instead);
          this.externals.set(instead, 0);
        }
        if (s.defined || !used.has(s.name) || this.globals.has(s.name) || this.commons.has(s.name)) continue;
        const { library } = this;
        if (library.hasFunction(s.name)) this.externals.set(s.name, 0);
        else if (library.objectSize(s.name) !== undefined) this.objects.set(s.name, 0);
        else if (LINKER_NAMES.includes(s.name)) continue;
        else if (s.binding === 'weak') this.weakMissing.add(s.name);
        else missing.set(s.name, program.ast.file);
      }
      for (const f of program.functions) {
        for (const inst of f.insts) {
          for (const op of inst.ops) {
            const e = op.kind === 'imm' ? op.value : op.kind === 'mem' ? op.disp : undefined;
            if (e?.plus === undefined || e.modifier === undefined) continue;
            if (/got/i.test(e.modifier)) {
              const kind = /tp/i.test(e.modifier) ? 'gottp' : 'got';
              this.slots.set(`${kind}&${this.slotKey(file, e.plus)}`, 0);
            }
          }
        }
      }
    }
    const names = [...missing.keys()].sort();
    if (names.length === 0) return;
    const shown = names.slice(0, 20).join(', ');
    this.error('V0601', `${names.length === 1 ? 'an unknown external' : 'unknown externals'}: ${shown}`, [
      `used in ${[...new Set(missing.values())].join(', ')}`,
      'name the file that defines it; docs/embedded.md lists the functions of the C library that there are',
    ]);
  }

  /** What a slot of the global offset table is called that holds a symbol as this file sees it. */
  slotKey(file: LinkedFile, name: string): string {
    const local = file.program.symbols.get(name)?.binding === 'local';
    return local ? `${this.files.indexOf(file)}:${name}` : name;
  }

  /** The value of a symbol as a file sees it. */
  valueIn(file: LinkedFile, name: string): bigint | undefined {
    const instead = this.replaced.get(name);
    if (instead !== undefined) return BigInt(this.externals.get(instead) ?? 0);
    const own = file.labels.get(name);
    const symbol = file.program.symbols.get(name);
    if (symbol?.binding === 'local' || symbol === undefined) {
      if (own !== undefined) return BigInt(own);
      const common = this.commons.get(`${this.files.indexOf(file)}:${name}`);
      if (common !== undefined) return BigInt(common.address);
      if (symbol?.defined === true) return this.assigned(file, name);
    }
    return this.global(name) ?? (own === undefined ? this.assigned(file, name) : BigInt(own));
  }

  /** The value of a symbol that all files see. */
  global(name: string): bigint | undefined {
    const definition = this.globals.get(name);
    if (definition !== undefined) {
      const address = definition.file.labels.get(name);
      return address === undefined ? this.assigned(definition.file, name) : BigInt(address);
    }
    const address =
      this.commons.get(name)?.address ??
      this.externals.get(name) ??
      this.objects.get(name) ??
      this.linkerNames.get(name) ??
      (this.weakMissing.has(name) ? 0 : undefined);
    return address === undefined ? undefined : BigInt(address);
  }

  /** What `.set` or `=` gave a symbol. */
  private assigned(file: LinkedFile, name: string, depth = 0): bigint | undefined {
    const definition = this.assignments(file).get(name);
    if (definition === undefined || depth > 20) return undefined;
    return numberOf(definition.text, (n) => {
      if (n === '.') return BigInt(this.nextAddress(file, definition.index));
      const label = file.labels.get(n);
      if (label !== undefined) return BigInt(label);
      return n === name ? undefined : (this.assigned(file, n, depth + 1) ?? this.global(n));
    });
  }

  /** The assignments of a file by name; of several, the last one counts. */
  private assignments(file: LinkedFile): ReadonlyMap<string, Assignment> {
    const known = this.assignmentsOf.get(file);
    if (known !== undefined) return known;
    const found = new Map<string, Assignment>();
    file.program.ast.statements.forEach((s, index) => {
      if (s.kind === 'assign') found.set(s.name, { text: s.value, index });
      else if (s.kind !== 'directive') return;
      else if (DIRECTIVES.get(s.name)?.kind === 'assign' || s.name === '.weakref') {
        found.set(symbolName(s.args[0] ?? ''), { text: s.args[1] ?? '', index });
      }
    });
    this.assignmentsOf.set(file, found);
    return found;
  }

  private nextAddress(file: LinkedFile, index: number): number {
    for (let i = index; i < file.addresses.length; i++) {
      const address = file.addresses[i] ?? -1;
      if (address >= 0) return address;
    }
    return 0;
  }
}

/** The labels of a program, and the sections that several files may have: one is as good as the other. */
function namesIn(program: Program): { labels: ReadonlySet<string>; comdat: ReadonlySet<string> } {
  const labels = new Set<string>();
  const comdat = new Set<string>();
  for (const s of program.ast.statements) {
    if (s.kind === 'label') labels.add(s.name);
    else if (s.kind === 'directive' && (s.name === '.section' || s.name === '.pushsection')) {
      if (s.args.includes('comdat')) comdat.add(symbolName(s.args[0] ?? ''));
    }
  }
  return { labels, comdat };
}

/** The names that a program's code and data use. */
function mentioned(program: Program): Set<string> {
  const used = new Set<string>();
  for (const s of program.ast.statements) {
    if (s.kind === 'directive') dataSymbols(s, (name) => used.add(name));
    else if (s.kind === 'assign') for (const w of s.value.match(/[A-Za-z_.$][\w.$]*/g) ?? []) used.add(w);
  }
  for (const f of program.functions) {
    for (const inst of f.insts) {
      for (const op of inst.ops) {
        const e = op.kind === 'imm' ? op.value : op.kind === 'mem' ? op.disp : undefined;
        if (e?.plus !== undefined) used.add(e.plus);
        if (e?.minus !== undefined) used.add(e.minus);
      }
    }
  }
  return used;
}
