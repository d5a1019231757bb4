// SPDX-License-Identifier: MIT
import { type DivisionRegisters, divisionContracts } from '../division.ts';

/** Where the divisions of divide.ts take and leave values. */
export const divisionRegisters: DivisionRegisters = {
  high: 'x11',
  low: 'x12',
  divisor: 'x13',
  quotient: 'x14',
  remainder: 'x15',
  wrong: 'x6',
};

/** The runtime functions of the AArch64 target that proofs take for their contracts, by name. */
export const contracts = divisionContracts(divisionRegisters, [
  ...['x11', 'x12', 'x13', 'x16', 'x17', 'x30'],
  ...['n', 'z', 'c', 'v'],
]);
