// SPDX-License-Identifier: MIT
import type { InstDef } from '../../define.ts';
import { sseCompareForms } from './sse-compare.ts';
import { sseConvertForms } from './sse-convert.ts';
import { sseFloatForms } from './sse-float.ts';
import { sseIntegerForms } from './sse-integer.ts';
import { sseLaterForms } from './sse-later.ts';
import { sseMoveForms } from './sse-move.ts';
import { sseShiftForms } from './sse-shift.ts';
import { sseShuffleForms } from './sse-shuffle.ts';

/** All instructions on vector registers: SSE and SSE2, and the extensions up to SSE4.2 as features. */
export const sseForms: readonly InstDef[] = [
  ...sseMoveForms,
  ...sseFloatForms,
  ...sseCompareForms,
  ...sseConvertForms,
  ...sseIntegerForms,
  ...sseShiftForms,
  ...sseShuffleForms,
  ...sseLaterForms,
];

const approximate = 'its result is an approximation that the architecture does not define exactly';
const control = 'it reads or writes MXCSR, which is assumed to keep its default value';
const mmx = 'MMX registers are not modelled';

/** Mnemonics that are known and refused, each with the reason. */
export const sseUnsupported: ReadonlyMap<string, string> = new Map([
  ...['rcpps', 'rcpss', 'rsqrtps', 'rsqrtss'].map((m) => [m, approximate] as const),
  ...['ldmxcsr', 'stmxcsr', 'fxsave', 'fxrstor', 'fxsave64', 'fxrstor64'].map((m) => [m, control] as const),
  ...[
    ...['cvtpi2ps', 'cvtpi2pd', 'cvtps2pi', 'cvttps2pi', 'cvtpd2pi', 'cvttpd2pi', 'movdq2q', 'movq2dq'],
    ...['maskmovq', 'movntq', 'pshufw', 'emms'],
  ].map((m) => [m, mmx] as const),
]);
