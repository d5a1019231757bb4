// SPDX-License-Identifier: MIT
import type { Diagnostic } from '../../../base/diagnostic.ts';
import type { Span } from '../../../base/source.ts';
import { stackPassedBy } from '../../abi/passed-on-stack.ts';
import type { Program } from '../../program/types.ts';

/** How many words on the stack are in registers as well, where native code finds them. */
const IN_REGISTERS = 2;

/**
 * That native code finds other arguments than a call passes: it looks for the ninth integer, and for floating-point numbers on the stack,
 * elsewhere than x86-64. Said of functions that are `outside`, by what the block with the call has stored, since a function's
 * own words often lie at the stack pointer as well; `laidOut`, where integers are put where native code looks for them.
 */
export function farArguments(program: Program, outside: (name: string) => boolean, laidOut: boolean): Diagnostic[] {
  const found = new Map<string, Span | undefined>();
  for (const code of program.functions) {
    const passed = stackPassedBy(program, code);
    for (const block of code.blocks) {
      const { flow } = block;
      if (flow.kind !== 'call' || flow.target === undefined || found.has(flow.target)) continue;
      const { words, floats } = passed(block).here;
      if (words === 0 || !(floats || (words > IN_REGISTERS && !laidOut))) continue;
      if (!program.functionOf.has(flow.target) && outside(flow.target))
        found.set(flow.target, code.insts[block.end - 1]?.span);
    }
  }
  const [first] = found;
  if (first === undefined) return [];
  const [, span] = first;
  return [
    {
      severity: 'warning',
      kind: 'unsupported',
      code: 'V0245',
      message: `native code finds other arguments than are passed to ${[...found.keys()].join(', ')}: it has those elsewhere that x86-64 has on the stack`,
      ...(span === undefined ? {} : { span }),
      notes: [
        laidOut
          ? 'carry it over as well, or pass fewer floating-point numbers'
          : 'carry it over as well, or translate all files that are carried over with --native-entries all',
      ],
    },
  ];
}
