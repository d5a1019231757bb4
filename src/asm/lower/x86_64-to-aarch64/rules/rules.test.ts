// SPDX-License-Identifier: MIT
import { afterAll, expect, test } from 'vitest';
import { QueryCache } from '../../../../logic/generalise.ts';
import { prove } from '../../../../logic/prove.ts';
import { installedSolvers } from '../../../../logic/solvers/process.ts';
import { wasmSolver } from '../../../../logic/solvers/wasm.ts';
import { x86_64 } from '../../../isa/x86_64/index.ts';
import { knownHighPart, type Report, settingsFor, tryRule } from './proving.ts';

/** The rules for everything but vectors (see vector.test.ts): proved for all states, with many operands. */

// The processes are several times as fast as what is always there.
const solver = (await installedSolvers())[0] ?? wasmSolver();
const cache = new QueryCache();
afterAll(() => solver.close());

/** Carried over together with their surroundings: transfers of control, the stack, repeated string instructions. */
const ELSEWHERE =
  /^x64\.(movabs\.(a_m|m_a)|(\w+_)?(jmp|call)|(bnd_)?j\w+|loop\w*|(\w+_)?ret|pushf?|popf?|leave|rep\w*_(movs|stos|lods|scas|cmps)|ud[12]|int3|syscall)\./;

/** Forms with a case that normalising does not close. */
const NEEDS_SOLVER = [
  // The conditions under which a signed division traps.
  /^x64\.idiv\.rm\.8$/,
  // The last bit that a variable count shifts out, beside flags that stay when it is zero.
  /^x64\.(shl|shr|sar)\.rm_count\./,
  /^x64\.(rcl|rcr)\.rm_count\.(32|64)$/,
  /^x64\.(shld|shrd)\.rm_r(_count)?\./,
  /^x64\.(bt|bts|btr|btc)\.rm_r\.16$/,
  // Sums at the top of a register; counts of bits, and flags that are told in another way.
  /^x64\.xadd\.rm_r\.8$/,
  /^x64\.(bsr|rep_bsf)\.r_rm\.16$/,
  /^x64\.(popcnt|lzcnt|tzcnt|blsi)\.r_rm\./,
];

const some = (list: readonly RegExp[], id: string): boolean => list.some((r) => r.test(id));

const forms = x86_64.forms.filter(
  (f) => !ELSEWHERE.test(f.id) && !f.operands.some(([, kind]) => kind.name.includes('xmm')),
);

async function settle({ wrong, open }: Report): Promise<void> {
  expect(wrong).toEqual([]);
  for (const claim of open) {
    const result = await prove(claim, { solvers: [solver], cache, timeoutMs: 20_000 });
    expect(result.kind, `${claim.of}: ${claim.what}`).toBe('proved');
  }
}

test('there are forms to prove', () => {
  expect(forms.length).toBeGreaterThan(250);
});

test.each(forms.map((f) => [f.id, f] as const))('%s', { timeout: 600_000 }, async (id, form) => {
  const report = tryRule(form);
  const { proved, open } = report;
  expect(proved + open.length, 'claims, so that there is a rule').toBeGreaterThan(0);
  expect(open.length > 0, 'whether a solver is needed').toBe(some(NEEDS_SOLVER, id));
  await settle(report);
});

const atomic = forms.filter((f) => /^x64\.(lock_\w+|xadd|xchg|cmpxchg)\./.test(f.id));

test.each(atomic.map((form) => ({ id: form.id, form })))('$id with lse', { timeout: 600_000 }, async ({ form }) => {
  const features = new Set(['lse']);
  const report = tryRule(form, (inst) => settingsFor(inst).map(([name, s]) => [name, { ...s, features }]));
  expect(report.proved + report.open.length, 'claims, so that there is a rule').toBeGreaterThan(0);
  await settle(report);
});

const divisions = forms.filter((f) => /^x64\.i?div\.rm\.(16|32|64)$/.test(f.id));

test.each(divisions.map((f) => [f.id, f] as const))('%s of an extended dividend', async (id, form) => {
  const width = Number(id.split('.').at(-1));
  const report = tryRule(form, knownHighPart(id.includes('idiv') ? 'sign' : 'zero', width));
  expect(report.proved).toBeGreaterThan(0);
  await settle(report);
});
