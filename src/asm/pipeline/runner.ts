// SPDX-License-Identifier: MIT
import { parentPort, workerData } from 'node:worker_threads';
import { must } from '../../base/assert.ts';
import { type Diagnostic, Diagnostics } from '../../base/diagnostic.ts';
import { conventionsOf } from '../abi/call-model.ts';
import type { Isa } from '../isa/isa.ts';
import { recoverProgram } from '../program/recover.ts';
import type { Program } from '../program/types.ts';
import { START } from '../run/libc/file-tree.ts';
import { nodeWorld } from '../run/node-world.ts';
import { countsOf, describeBlock, describeEnding, statusOf } from '../run/report.ts';
import { prepare, runImage } from '../run/run.ts';
import { guessIsa } from '../text/guess.ts';
import { readAsm } from '../text/read.ts';
import type { EmbeddedOutcome, EmbeddedRequest } from './embedded.ts';

/** The thread in which a program runs on the machine within vouch. */

const port = must(parentPort, 'this file is run as a thread');
const request: EmbeddedRequest = workerData;
port.postMessage(await carryOut(request));

async function carryOut(r: EmbeddedRequest): Promise<EmbeddedOutcome> {
  const diagnostics = new Diagnostics();
  const never = (): EmbeddedOutcome => ({
    diagnostics: diagnostics.list,
    status: undefined,
    executed: 0,
    counts: [],
    left: new Map(),
  });
  const guesses = r.sources.map((s) => guessIsa(s.text));
  const isa = await isaOf(
    guesses.find((g) => g !== undefined),
    r.processor,
  );
  if (isa === undefined) {
    diagnostics.add(
      problem('V0606', `this machine runs x86-64, AArch64 and RISC-V, not ${guesses.find((g) => g) ?? 'this'}`),
    );
    return never();
  }
  const other = r.sources.find((_, i) => guesses[i] !== undefined && guesses[i] !== isa.name);
  if (other !== undefined) {
    diagnostics.add(problem('V0606', `${other.file} is for another machine than ${r.sources[0]?.file}`));
    return never();
  }
  const programs = r.sources.map((s) => read(s, isa, diagnostics));
  if (diagnostics.hasErrors) return never();
  const image = prepare(programs, r, diagnostics);
  if (image === undefined) return never();
  const world = nodeWorld(r.files, [], r.maxOutputBytes);
  const { trace, ...settings } = r;
  const { ending, machine, files } = runImage(image, world, {
    ...settings,
    ...(trace ? { trace: (i, block) => world.write(2, new TextEncoder().encode(`${describeBlock(i, block)}\n`)) } : {}),
  });
  const found = describeEnding(ending);
  return {
    diagnostics: found === undefined ? diagnostics.list : [...diagnostics.list, found],
    status: statusOf(ending),
    executed: machine.executed,
    counts: r.counting ? countsOf({ machine }) : [],
    left: new Map(
      files === undefined ? [] : r.wanted.map((name) => [name, files.file(files.absolute(name, START))?.contents()]),
    ),
  };
}

function problem(code: string, message: string): Diagnostic {
  return { severity: 'error', kind: 'input', code, message };
}

/** Only the instructions that are needed are loaded. */
async function isaOf(name: string | undefined, processor: string | undefined): Promise<Isa | undefined> {
  switch (name) {
    // A file in which nothing tells is taken for the source machine's.
    case undefined:
    case 'x86_64':
      return atProcessor((await import('../isa/x86_64/index.ts')).x86_64, processor);
    case 'aarch64':
      return (await import('../isa/aarch64/index.ts')).aarch64;
    case 'riscv64':
      return (await import('../isa/riscv64/index.ts')).riscv64;
    default:
      return undefined;
  }
}

function atProcessor(isa: Isa, processor: string | undefined): Isa | undefined {
  return processor === undefined ? isa : isa.on?.(processor);
}

function read(source: EmbeddedRequest['sources'][number], isa: Isa, diagnostics: Diagnostics): Program {
  const ast = readAsm(source, isa, diagnostics);
  // Which calls never return is not asked: those that do so will not return.
  return recoverProgram(conventionsOf(isa).relax?.(ast) ?? ast, diagnostics);
}
