// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import { type PassedOnStack, passedOnStack } from '../program/passed-on-stack.ts';
import { type ProgramSummary, summariseProgram } from '../program/summary.ts';
import type { FunctionCode, Program } from '../program/types.ts';
import { certainCallModel, conventionsOf } from './call-model.ts';

/** What is known of a program's calls, each part found when it is first asked for. */
interface Known {
  summary: ProgramSummary | undefined;
  readonly passed: Map<FunctionCode, PassedOnStack>;
}

const known = new WeakMap<Program, Known>();

/** What the calls of a function may pass on the stack. */
export function stackPassedBy(program: Program, code: FunctionCode): PassedOnStack {
  const { isa } = program;
  const mine = known.get(program) ?? { summary: undefined, passed: new Map<FunctionCode, PassedOnStack>() };
  known.set(program, mine);
  let found = mine.passed.get(code);
  if (found === undefined) {
    found = passedOnStack(code, isa, conventionsOf(isa), () => {
      mine.summary ??= summariseProgram(program, certainCallModel(isa));
      return must(mine.summary.functions[program.functionOf.get(code.name) ?? -1], 'a summary').liveness;
    });
    mine.passed.set(code, found);
  }
  return found;
}
