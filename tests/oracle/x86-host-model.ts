// SPDX-License-Identifier: MIT

import { must } from '../../src/base/assert.ts';
import type { Evaluator } from '../../src/logic/evaluate.ts';
import type { Term } from '../../src/logic/term.ts';
import type { Case } from './x86-host-cases.ts';
import { AREA, AREA_SIZE, FLAG_BITS, GPR_ORDER, type Input, type Output, XMM_ORDER } from './x86-host-machine.ts';
import { fillArea } from './x86-host-values.ts';
import { CHOICE_COUNT, isUndefined, variablesOf, type World } from './x86-host-world.ts';

/** What our meaning of an instruction says about a concrete state, and whether the CPU agrees. */

interface Expected {
  readonly state: Map<string, bigint>;
  /** Bits of locations, and bytes of memory, that the manual leaves undefined. */
  readonly loose: Map<string, bigint>;
  readonly looseBytes: ReadonlySet<number>;
  readonly memory: Uint8Array;
  readonly trap: string | undefined;
  /** Where control goes; undefined: on to the next instruction. */
  readonly target: bigint | undefined;
}

const areaBytes = new Uint8Array(AREA_SIZE);
const areaView = new DataView(areaBytes.buffer);

function initialMemory(input: Input): Uint8Array {
  fillArea(areaView, input.seed);
  const memory = areaBytes.slice();
  for (const patch of input.patches) memory.set(patch.bytes, patch.offset);
  return memory;
}

/** The bits of `term` that depend on undefined values. */
function undefinedBits(term: Term, evaluators: readonly Evaluator[]): bigint {
  if (!variablesOf(term).some(isUndefined)) return 0n;
  const values = evaluators.map((e) => e.value(term));
  return values.reduce((bits, v) => bits | (v ^ (values[0] ?? 0n)), 0n);
}

function expect(c: Case, input: Input, initial: Uint8Array, world: World): Expected {
  let state = new Map(input.state);
  let memory = initial;
  const loose = new Map<string, bigint>();
  const looseBytes = new Set<number>();
  for (let steps = 0; steps < 1000; steps++) {
    const before = state;
    const old = memory;
    state = new Map(before);
    let target: bigint | undefined;
    let again = false;
    const choices = c.variables.some(isUndefined) ? CHOICE_COUNT : 1;
    const evaluators = Array.from({ length: choices }, (_, i) => world.evaluator(c.variables, before, old, i));
    const value = (term: Term): bigint => must(evaluators[0], 'one evaluator at least').value(term);
    const holds = (condition: Term | undefined): boolean => condition === undefined || value(condition) === 1n;
    for (const e of c.effects) {
      if (e.kind === 'trap' && holds(e.condition))
        return { state: before, loose, looseBytes, memory: old, trap: e.what, target: undefined };
    }
    for (const e of c.effects) {
      switch (e.kind) {
        case 'set':
          state.set(e.loc, value(e.value));
          loose.set(e.loc, undefinedBits(e.value, evaluators));
          break;
        case 'store': {
          if (memory === old) memory = old.slice();
          const offset = Number(value(e.address) - AREA);
          let rest = value(e.value);
          let open = undefinedBits(e.value, evaluators);
          for (let i = 0; i < e.value.width / 8; i++, rest >>= 8n, open >>= 8n) {
            memory[offset + i] = Number(rest & 0xffn);
            if ((open & 0xffn) !== 0n) looseBytes.add(offset + i);
          }
          break;
        }
        case 'jump':
          if (target === undefined && holds(e.condition)) target = value(e.target);
          break;
        case 'call':
        case 'return':
          target = value(e.target);
          break;
        case 'repeat':
          again = holds(e.condition);
          break;
        case 'trap':
          break;
      }
    }
    if (!again) return { state, loose, looseBytes, memory, trap: undefined, target };
  }
  throw new Error(`${c.inst.def.id} repeats for ever`);
}

const SIGNALS: Readonly<Record<string, number>> = { '#DE': 8, '#UD': 4, '#BP': 5 };
const LOCATIONS = [...GPR_ORDER, ...XMM_ORDER, ...FLAG_BITS.map(([name]) => name)];

const hex = (value: bigint | undefined): string => (value === undefined ? 'nothing' : `0x${value.toString(16)}`);

/** Compares our meaning with what the CPU did; undefined where they agree, else the first difference in words. */
export function difference(c: Case, input: Input, output: Output, world: World): string | undefined {
  const initial = initialMemory(input);
  const expected = expect(c, input, initial, world);
  const signal = expected.trap === undefined ? 0 : (SIGNALS[expected.trap] ?? -1);
  if (signal !== output.signal) return `trap: ours ${expected.trap ?? 'none'}, CPU signal ${output.signal}`;
  for (const loc of LOCATIONS) {
    const strict = ~(expected.loose.get(loc) ?? 0n);
    const ours = expected.state.get(loc) ?? 0n;
    const cpu = output.state.get(loc) ?? 0n;
    if ((ours & strict) !== (cpu & strict)) return `${loc}: ours ${hex(ours)}, CPU ${hex(cpu)}`;
  }
  for (let i = 0; i < AREA_SIZE; i++) {
    const cpu = output.changed.get(i) ?? initial[i];
    if (expected.memory[i] !== cpu && !expected.looseBytes.has(i)) {
      return `memory at area+${i}: ours ${expected.memory[i]}, CPU ${cpu} (before ${initial[i]})`;
    }
  }
  if (expected.trap !== undefined) return undefined;
  const label = world.symbol(`target_${c.test}`);
  const goes = expected.target;
  const taken = goes !== undefined && goes >= label && goes < label + 8n;
  if (goes !== undefined && !taken) return `goes to ${hex(goes)}, which is not the target ${hex(label)}`;
  if (output.path !== (taken ? 1 : 0)) return `branch: ours ${taken ? 'taken' : 'not taken'}, CPU path ${output.path}`;
  return undefined;
}
