// SPDX-License-Identifier: MIT
import { clz, ctz, popcount } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import type { RuntimeContract } from '../../contract.ts';
import { type DivisionRegisters, divisionContracts } from '../division.ts';
import { atomicContracts } from './atomics.ts';
import { roundContracts } from './round.ts';

/** Where the divisions of divide.ts take and leave values: a6, a7, t3; t4, t5, t6. */
export const divisionRegisters: DivisionRegisters = {
  high: 'x16',
  low: 'x17',
  divisor: 'x28',
  quotient: 'x29',
  remainder: 'x30',
  wrong: 'x31',
};

/** The runtime functions of the RISC-V target that proofs take for their contracts, by name. */
export const contracts: ReadonlyMap<string, RuntimeContract> = new Map([
  ...divisionContracts(divisionRegisters, ['x1', 'x16', 'x17', 'x28']),
  ['__vouch_clz64', counting('__vouch_clz64', clz)],
  ['__vouch_ctz64', counting('__vouch_ctz64', ctz)],
  ['__vouch_popcount64', counting('__vouch_popcount64', popcount)],
  ...[...atomicContracts, ...roundContracts].map((c) => [c.name, c] as const),
]);

/** From a6 into a7. */
function counting(name: string, f: (a: Term) => Term): RuntimeContract {
  return {
    name,
    apply: (state) => {
      state.values.set('x17', f(state.get('x16')));
    },
    clobbers: ['x1', 'x16', 'x28'],
  };
}
