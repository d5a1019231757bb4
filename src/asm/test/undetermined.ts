// SPDX-License-Identifier: MIT
import type { LinkedFunction } from '../run/link/image.ts';
import {
  alike,
  type Both,
  compare,
  compared,
  differingBytes,
  type FunctionPair,
  floatKey,
  runSide,
  sameArgument,
  sameEnding,
  type Undetermined,
} from './call.ts';
import type { Input } from './input.ts';
import { type Call, GARBAGE, type Pair, type Side, type SideRun } from './side.ts';

/** The first difference between what both sides have just done with an input, in words; what the source leaves open is none. */
export function difference(
  pair: Pair,
  f: FunctionPair,
  [a, b]: readonly [SideRun, SideRun],
  input: Input,
  steps: number,
): string | undefined {
  const found = compare(pair, f, a, b);
  return found === undefined ? undefined : compare(pair, f, a, b, undetermined(pair, f, input, steps));
}

/**
 * What a run of the source leaves open: it reads registers or stack that nobody has written, or registers that hold
 * nothing behind a call, as behind one that never comes back; or it reads beyond what its objects have, as with an index that a table
 * does not go up to. What comes of them is another thing with each run, or with each place that a linker may give them, and no
 * translation can do the same. It shows where the source runs again with other numbers there.
 */
function undetermined(pair: Pair, f: FunctionPair, input: Input, steps: number): Undetermined {
  const side = pair.source;
  const first = runSide(side, f.source, input, steps);
  const open: Open = {
    ...{ ending: false, calls: first.calls.length, arguments: new Set(), output: false },
    ...{ registers: new Set(), memory: new Set() },
  };
  for (const other of pair.elsewhere()) againElsewhere(open, { source: side, target: other }, f, first, input, steps);
  againWithGarbage(open, side, f.source, first, input, steps);
  runSide(side, f.source, input, steps);
  return open;
}

interface Open extends Undetermined {
  ending: boolean;
  calls: number;
  output: boolean;
  readonly arguments: Set<string>;
  readonly registers: Set<string>;
  readonly memory: Set<number>;
}

/** The source has just run, and runs once more where it lies elsewhere. */
function againElsewhere(open: Open, both: Both, f: FunctionPair, first: SideRun, input: Input, steps: number): void {
  const { source: x, target: y } = both;
  const fn = y.fn(f.name);
  if (fn === undefined) return;
  const other = runSide(y, fn, input, steps);
  differing(open, first, other, (v, w) => sameArgument(both, v, w));
  if (open.ending) return;
  for (const name of resultsOf(x)) {
    if (!alike(both, x.machine.register(name), y.machine.register(name))) open.registers.add(name);
  }
  for (const at of differingBytes(both)) open.memory.add(at);
}

/** It runs where it is, with other numbers in what nobody has written. */
function againWithGarbage(
  open: Open,
  side: Side,
  fn: LinkedFunction,
  first: SideRun,
  input: Input,
  steps: number,
): void {
  runSide(side, fn, input, steps);
  const before = stateOf(side);
  for (const garbage of GARBAGE) {
    const other = runSide(side, fn, input, steps, garbage);
    differing(open, first, other, Object.is);
    if (open.ending) continue;
    const after = stateOf(side);
    for (const [name, value] of before.registers) if (after.registers.get(name) !== value) open.registers.add(name);
    for (const [k, { from, bytes }] of before.memory.entries()) {
      const now = after.memory[k]?.bytes ?? bytes;
      if (Buffer.compare(bytes, now) === 0) continue;
      for (let i = 0; i < bytes.length; i++) if (bytes[i] !== now[i]) open.memory.add(from + i);
    }
  }
}

/** Adds where two runs of the source differ. */
function differing(
  open: Open,
  a: SideRun,
  b: SideRun,
  same: (v: Call['args'][number], w: Call['args'][number] | undefined) => boolean,
): void {
  if (a.output.length !== b.output.length || a.output.some((v, i) => b.output[i] !== v)) open.output = true;
  if (!sameEnding(a, b) || a.calls.length !== b.calls.length) open.ending = true;
  for (const [i, c] of a.calls.slice(0, open.calls).entries()) {
    const d = b.calls[i];
    if (d === undefined || d.name !== c.name || d.args.length !== c.args.length) {
      open.calls = i;
      open.ending = true;
      return;
    }
    for (const [k, v] of c.args.entries()) if (!same(v, d.args[k])) open.arguments.add(`${i} ${k}`);
    for (const [k, v] of c.floats.entries()) if (v !== d.floats[k]) open.arguments.add(floatKey(i, k));
  }
}

const resultsOf = ({ machine: { abi } }: Side): readonly string[] => [...abi.integerResults, ...abi.floats];

interface State {
  readonly registers: ReadonlyMap<string, bigint>;
  readonly memory: readonly { readonly from: number; readonly bytes: Uint8Array }[];
}

function stateOf(side: Side): State {
  const { image, bytes } = side.machine;
  return {
    registers: new Map(resultsOf(side).map((r) => [r, side.machine.register(r)])),
    memory: compared(image.layout).map(([from, to]) => ({ from, bytes: bytes.slice(from, to) })),
  };
}
