// SPDX-License-Identifier: MIT

/** The names of processors that can be named; a small file, since the command line wants no more of them. */
export const PROCESSOR_NAMES = ['x86-64', 'x86-64-v2'] as const;
