// SPDX-License-Identifier: MIT
import { type DivisionRegisters, divisionContracts } from '../division.ts';

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
export const contracts = divisionContracts(divisionRegisters, ['x1', 'x16', 'x17', 'x28']);
