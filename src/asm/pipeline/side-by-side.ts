// SPDX-License-Identifier: MIT
import { type Diagnostic, Diagnostics } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source.ts';
import { yes } from '../../logic/build.ts';
import type { Solver } from '../../logic/solver.ts';
import { wasmSolver } from '../../logic/solvers/wasm.ts';
import { conventionsOf } from '../abi/call-model.ts';
import { withPlainNames } from '../abi/native-entry.ts';
import type { Isa } from '../isa/isa.ts';
import { recoverProgram } from '../program/recover.ts';
import type { Program } from '../program/types.ts';
import { type Replay, replay, type TestReport, testPrograms } from '../test/explore.ts';
import type { TestOptions } from '../test/explorer.ts';
import type { Input } from '../test/input.ts';
import { readAsm } from '../text/read.ts';

/** Functions of two files run side by side on the machine within vouch, without any claim about them. */

export interface Tested {
  readonly diagnostics: readonly Diagnostic[];
  /** None where a file cannot be read or run. */
  readonly report: TestReport | undefined;
}

export async function testFiles(
  source: SourceText,
  target: SourceText,
  from: Isa,
  to: Isa,
  options: TestOptions,
): Promise<Tested> {
  const { diagnostics, programs } = readBoth(source, target, from, to);
  if (programs === undefined) return { diagnostics, report: undefined };
  const solver = started(wasmSolver());
  const report = await testPrograms(programs[0], programs[1], { solver, ...options });
  await solver.close();
  if (typeof report !== 'string') return { diagnostics, report };
  return { diagnostics: [...diagnostics, cannot(report)], report: undefined };
}

/** Runs one function on both sides with one input. */
export function replayFiles(
  source: SourceText,
  target: SourceText,
  from: Isa,
  to: Isa,
  name: string,
  input: Input,
  objects?: ReadonlyMap<string, Uint8Array>,
): { readonly diagnostics: readonly Diagnostic[]; readonly result: Replay | undefined } {
  const { diagnostics, programs } = readBoth(source, target, from, to);
  if (programs === undefined) return { diagnostics, result: undefined };
  const result = replay(programs[0], programs[1], name, input, objects);
  if (typeof result !== 'string') return { diagnostics, result };
  return { diagnostics: [...diagnostics, cannot(result)], result: undefined };
}

const START_MS = 20_000;

/** A solver that is given time to start, which does not count against its first question. */
function started(solver: Solver): Solver {
  let start: Promise<unknown> | undefined;
  return {
    name: solver.name,
    check: async (assertions, timeoutMs) => {
      start ??= solver.check([yes()], START_MS);
      await start;
      return solver.check(assertions, timeoutMs);
    },
    close: () => solver.close(),
  };
}

const cannot = (why: string): Diagnostic => ({
  severity: 'error',
  kind: 'unsupported',
  code: 'V0630',
  message: `the two programs cannot be run side by side: ${why}`,
});

function readBoth(source: SourceText, target: SourceText, from: Isa, to: Isa) {
  const diagnostics = new Diagnostics();
  const programs: [Program, Program] = [
    readRecovered(source, from, diagnostics),
    readRecovered({ ...target, text: withPlainNames(target.text) }, to, diagnostics),
  ];
  return { diagnostics: diagnostics.list, programs: diagnostics.hasErrors ? undefined : programs };
}

/** As tests read their files. */
export function readRecovered(file: SourceText, isa: Isa, diagnostics: Diagnostics): Program {
  const ast = readAsm(file, isa, diagnostics);
  return recoverProgram(conventionsOf(isa).relax?.(ast) ?? ast, diagnostics);
}
