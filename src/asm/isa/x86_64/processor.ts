// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { bv, eq, ite, low, zext } from '../../../logic/build.ts';
import type { Term } from '../../../logic/term.ts';
import { assume } from '../assumptions.ts';
import { type InstDef, inst } from '../define.ts';
import { set } from '../effect.ts';
import { sdm } from './insts/form.ts';
import type { PROCESSOR_NAMES } from './levels.ts';

/**
 * Processors that a program may be said to run on. Each is exactly one of the microarchitecture levels of the System V
 * psABI for x86-64 (3.1.1): it has what the level demands, and nothing that a later level or another extension adds.
 * From x86-64-v3 on levels have AVX, which has no meaning here.
 */
export interface Processor {
  readonly name: (typeof PROCESSOR_NAMES)[number];
  /** Features of forms (`InstDef.feature`) that it has. */
  readonly features: ReadonlySet<string>;
  /** Mnemonics without a feature that it does not have. */
  readonly missing: ReadonlySet<string>;
  /** What CPUID answers, by the leaf in eax; 0 everywhere for all others (Intel SDM vol. 2A, CPUID). */
  readonly leaves: ReadonlyMap<number, Leaf>;
}

export interface Leaf {
  readonly eax?: number;
  readonly ebx?: number;
  readonly ecx?: number;
  readonly edx?: number;
}

const bits = (...numbers: number[]): number => numbers.reduce((sum, n) => sum + 2 ** n, 0);

/**
 * The largest leaf is 7, so that programs may ask for the features there and are told of none. The vendor is Intel, by
 * whose manual the rest reads; the signature is family 6, model 0, stepping 0, of no product with SSE2, so that nothing
 * that is known of one product follows from it.
 */
function leaves(ecx1: number, ecxExtended: number): Processor['leaves'] {
  return new Map<number, Leaf>([
    // "GenuineIntel"
    [0, { eax: 7, ebx: 0x756e6547, edx: 0x49656e69, ecx: 0x6c65746e }],
    // One logical processor, and cache lines of 64 bytes. FPU, CX8, CMOV, MMX, FXSR, SSE, SSE2.
    [1, { eax: 0x600, ebx: 0x10800, ecx: ecx1, edx: bits(0, 8, 15, 23, 24, 25, 26) }],
    // One query, and descriptors that say nothing.
    [2, { eax: 1 }],
    [0x80000000, { eax: 0x80000001 }],
    // SYSCALL and 64-bit mode.
    [0x80000001, { ecx: ecxExtended, edx: bits(11, 29) }],
  ]);
}

/** Forms without a feature of their own that come with the second level. */
const SECOND = ['lahf', 'sahf'];
/** What all 64-bit processors of the manual's vendor do nothing at, whether they have it or not. */
const EVERYWHERE = ['3dnowprefetch', 'prefetchwt1'];

export const PROCESSORS: readonly Processor[] = [
  { name: 'x86-64', features: new Set(EVERYWHERE), missing: new Set(SECOND), leaves: leaves(0, 0) },
  {
    name: 'x86-64-v2',
    features: new Set([...EVERYWHERE, 'sse3', 'ssse3', 'sse4.1', 'sse4.2', 'popcnt', 'cx16']),
    missing: new Set(),
    // SSE3, SSSE3, CMPXCHG16B, SSE4.1, SSE4.2, POPCNT; LAHF and SAHF.
    leaves: leaves(bits(0, 9, 13, 19, 20, 23), bits(0)),
  },
];

export const SOURCE_CPU = 'source-cpu';

const REGISTERS = ['eax', 'ebx', 'ecx', 'edx'] as const;

/** The processor of this name, which must be one of those above. */
export function processorNamed(name: string): Processor {
  return must(
    PROCESSORS.find((p) => p.name === name),
    `no processor ${name}`,
  );
}

/** The instructions whose meaning is that of one processor, which their ids name. */
export function formsOf(processor: Processor): readonly InstDef[] {
  const cpuid = inst({
    id: `x64.cpuid.${processor.name}.64`,
    syntax: 'cpuid',
    operands: {},
    sem: (_, state) => {
      const leaf = low(state.get('rax'), 32);
      return REGISTERS.map((r) => set(`r${r.slice(1)}`, zext(answer(processor, leaf, r), 64)));
    },
    ref: sdm('cpuid'),
  });
  return [assume(cpuid, SOURCE_CPU)];
}

function answer(processor: Processor, leaf: Term, register: (typeof REGISTERS)[number]): Term {
  let value = bv(32, 0);
  for (const [number, values] of processor.leaves) {
    const told = values[register] ?? 0;
    if (told !== 0) value = ite(eq(leaf, bv(32, number)), bv(32, told), value);
  }
  return value;
}

/** What an instruction is that the processor does not have: an invalid opcode, as `ud2` is (`#UD`). */
export function invalid(mnemonic: string, processor: Processor): InstDef {
  const form = inst({
    id: 'x64.invalid.none.64',
    syntax: mnemonic,
    operands: {},
    sem: () => [{ kind: 'trap', what: '#UD', why: `${processor.name} has no instruction ${mnemonic}` }],
    ref: sdm('ud'),
  });
  return assume(form, SOURCE_CPU);
}
