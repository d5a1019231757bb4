// SPDX-License-Identifier: MIT
import { conventionsOf } from '../../src/asm/abi/call-model.ts';
import type { Isa } from '../../src/asm/isa/isa.ts';
import { recoverProgram } from '../../src/asm/program/recover.ts';
import { describeEnding, statusOf } from '../../src/asm/run/report.ts';
import { prepare, type RunLimits, runImage } from '../../src/asm/run/run.ts';
import { readAsm } from '../../src/asm/text/read.ts';
import { type Diagnostic, Diagnostics } from '../../src/base/diagnostic.ts';

/** Programs on the machine within vouch, with their streams in memory. */

export interface EmbeddedRun {
  readonly out: string;
  readonly err: string;
  readonly status: number | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly executed: number;
}

export interface EmbeddedOptions extends RunLimits {
  readonly args?: readonly string[];
  readonly stdin?: Uint8Array;
  readonly files?: ReadonlyMap<string, Uint8Array>;
}

export function runTexts(texts: readonly string[], isa: Isa, options: EmbeddedOptions = {}): EmbeddedRun {
  const diagnostics = new Diagnostics();
  const programs = texts.map((text, i) => {
    const ast = readAsm({ file: `${i}.s`, text }, isa, diagnostics);
    return recoverProgram(conventionsOf(isa).relax?.(ast) ?? ast, diagnostics);
  });
  const nothing = { out: '', err: '', status: undefined, executed: 0 };
  if (diagnostics.hasErrors) return { ...nothing, diagnostics: diagnostics.list };
  const image = prepare(programs, options, diagnostics);
  if (image === undefined) return { ...nothing, diagnostics: diagnostics.list };
  const written: [Uint8Array[], Uint8Array[]] = [[], []];
  const stdin = options.stdin ?? new Uint8Array(0);
  let at = 0;
  const world = {
    readInput: (size: number) => {
      const part = stdin.slice(at, at + size);
      at += part.length;
      return part;
    },
    write: (stream: 1 | 2, bytes: Uint8Array) => {
      written[stream - 1]?.push(bytes.slice());
    },
    files: options.files ?? new Map<string, Uint8Array>(),
    now: () => 1_000_000_000,
    clock: () => performance.now() / 1000,
    environment: [],
  };
  const { ending, machine } = runImage(image, world, { ...options, args: options.args ?? [], name: 'program' });
  const found = describeEnding(ending);
  const text = (parts: readonly Uint8Array[]): string => Buffer.concat(parts).toString('latin1');
  return {
    out: text(written[0]),
    err: text(written[1]),
    status: statusOf(ending),
    diagnostics: found === undefined ? [] : [found],
    executed: machine.executed,
  };
}
