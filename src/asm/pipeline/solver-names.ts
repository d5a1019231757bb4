// SPDX-License-Identifier: MIT

/** The solvers that may be asked, in this order where nothing else is said. */
export const SOLVER_NAMES = ['z3', 'cvc5', 'z3-wasm'] as const;
export type SolverName = (typeof SOLVER_NAMES)[number];
