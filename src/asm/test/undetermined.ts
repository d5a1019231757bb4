// SPDX-License-Identifier: MIT
import type { LinkedFunction } from '../run/link/image.ts';
import { compare, compared, type FunctionPair, runSide, sameEnding, type Undetermined } from './call.ts';
import type { Input } from './input.ts';
import { GARBAGE, type Pair, type Side, type SideRun } from './side.ts';

/** The first difference between what both sides have just done with an input, in words; what the source leaves open is none. */
export function difference(
  pair: Pair,
  f: FunctionPair,
  [a, b]: readonly [SideRun, SideRun],
  input: Input,
  steps: number,
): string | undefined {
  const found = compare(pair, f, a, b);
  return found === undefined ? undefined : compare(pair, f, a, b, undetermined(pair.source, f.source, input, steps));
}

/**
 * What a run of the source leaves open: it reads registers or stack that nobody has written, or registers that hold
 * nothing behind a call, as behind one that never comes back. What comes of them is another thing with each run, and no translation can do the
 * same. It shows where the source runs again with other numbers there.
 */
function undetermined(side: Side, fn: LinkedFunction, input: Input, steps: number): Undetermined {
  const first = runSide(side, fn, input, steps);
  const before = stateOf(side);
  const open: Open = { ending: false, calls: first.calls.length, arguments: new Set(), output: false };
  const [registers, memory] = [new Set<string>(), new Set<number>()];
  for (const garbage of GARBAGE) {
    const other = runSide(side, fn, input, steps, garbage);
    differing(open, first, other);
    if (open.ending) continue;
    const after = stateOf(side);
    for (const [name, value] of before.registers) if (after.registers.get(name) !== value) registers.add(name);
    for (const [k, { from, bytes }] of before.memory.entries()) {
      const now = after.memory[k]?.bytes ?? bytes;
      if (Buffer.compare(bytes, now) === 0) continue;
      for (let i = 0; i < bytes.length; i++) if (bytes[i] !== now[i]) memory.add(from + i);
    }
  }
  runSide(side, fn, input, steps);
  return { ...open, registers, memory };
}

type Open = { -readonly [K in 'ending' | 'calls' | 'output']: Undetermined[K] } & { readonly arguments: Set<string> };

/** Adds where two runs of the source differ. */
function differing(open: Open, a: SideRun, b: SideRun): void {
  if (a.output.length !== b.output.length || a.output.some((v, i) => b.output[i] !== v)) open.output = true;
  if (!sameEnding(a, b) || a.calls.length !== b.calls.length) open.ending = true;
  for (const [i, c] of a.calls.slice(0, open.calls).entries()) {
    const d = b.calls[i];
    if (d === undefined || d.name !== c.name || d.args.length !== c.args.length) {
      open.calls = i;
      open.ending = true;
      return;
    }
    for (const [k, v] of c.args.entries()) if (!Object.is(v, d.args[k])) open.arguments.add(`${i} ${k}`);
  }
}

interface State {
  readonly registers: ReadonlyMap<string, bigint>;
  readonly memory: readonly { readonly from: number; readonly bytes: Uint8Array }[];
}

function stateOf({ machine }: Side): State {
  const { abi, image, bytes } = machine;
  const names = [...abi.integerResults, ...abi.floats];
  return {
    registers: new Map(names.map((r) => [r, machine.register(r)])),
    memory: compared(image.layout).map(([from, to]) => ({ from, bytes: bytes.slice(from, to) })),
  };
}
