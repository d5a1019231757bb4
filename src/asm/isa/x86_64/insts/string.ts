// SPDX-License-Identifier: MIT
import { add, and, bv, ite, low, ne, not, sub } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst } from '../../define.ts';
import { type Effect, type State, set, store } from '../../effect.ts';
import { subWithFlags } from '../flags.ts';
import { writeAll } from '../operands.ts';
import { reg } from '../registers.ts';
import { sdm, WIDTHS } from './form.ts';

/**
 * String instructions. With a repeat prefix, one execution is one step, and the `repeat` effect says whether another
 * follows; with `rcx` = 0 a step changes nothing. Its loads and stores are then those of the address registers as
 * they are, and what is stored is what was there, so that a model of memory without faults sees no difference.
 */

type Step = (w: number, state: State) => { effects: Effect[]; moved: readonly string[] };

const accumulator = (w: number) => reg({ 8: 'al', 16: 'ax', 32: 'eax', 64: 'rax' }[w] ?? 'rax');
const loaded = (state: State, from: string, w: number): Term => state.load(state.get(from), w / 8);

function compare(a: Term, b: Term): Effect[] {
  const { carry, others } = subWithFlags(a, b);
  return [carry, ...others];
}

const STEPS: readonly (readonly [string, Step])[] = [
  ['movs', (w, s) => ({ effects: [store(s.get('rdi'), loaded(s, 'rsi', w))], moved: ['rsi', 'rdi'] })],
  ['stos', (w, s) => ({ effects: [store(s.get('rdi'), low(s.get('rax'), w))], moved: ['rdi'] })],
  ['lods', (w, s) => ({ effects: writeAll(s, [[accumulator(w), loaded(s, 'rsi', w)]]), moved: ['rsi'] })],
  ['scas', (w, s) => ({ effects: compare(low(s.get('rax'), w), loaded(s, 'rdi', w)), moved: ['rdi'] })],
  ['cmps', (w, s) => ({ effects: compare(loaded(s, 'rsi', w), loaded(s, 'rdi', w)), moved: ['rsi', 'rdi'] })],
];

/** The step with its address registers moved on: up where DF is 0, down where it is 1. */
function stepped(step: Step, w: number, state: State): Effect[] {
  const { effects, moved } = step(w, state);
  const by = ite(state.get('df'), bv(64, -w / 8), bv(64, w / 8));
  return [...effects, ...moved.map((r) => set(r, add(state.get(r), by)))];
}

/** `until`: the value of ZF that ends `repe` and `repne`. */
function repeated(step: Step, w: number, state: State, until: 0 | 1 | undefined): Effect[] {
  const rcx = state.get('rcx');
  const some = ne(rcx, bv(64, 0));
  const left = sub(rcx, bv(64, 1));
  let more = and(some, ne(left, bv(64, 0)));
  const effects = stepped(step, w, state).map((e): Effect => {
    if (e.kind === 'set') {
      if (e.loc === 'zf' && until !== undefined) more = and(more, until === 0 ? e.value : not(e.value));
      return set(e.loc, ite(some, e.value, state.get(e.loc)));
    }
    if (e.kind === 'store') return store(e.address, ite(some, e.value, state.load(e.address, w / 8)));
    return e;
  });
  return [...effects, set('rcx', ite(some, left, rcx)), { kind: 'repeat', condition: more }];
}

const INTEL: Readonly<Record<number, string>> = { 8: 'b', 16: 'w', 32: 'd', 64: 'q' };
const ATT: Readonly<Record<number, string>> = { 8: 'b', 16: 'w', 32: 'l', 64: 'q' };

/** `movsb`, `movsw`, `movsd` (AT&T `movsl`), `movsq`; with its operands written out, `movs` says as much. */
function names(prefix: string, mnemonic: string, w: number): string {
  return `${prefix}${mnemonic}${INTEL[w]}|${prefix}${mnemonic}${ATT[w]}`;
}

function form(
  prefix: string,
  mnemonic: string,
  w: number,
  others: readonly string[],
  sem: (s: State) => Effect[],
): InstDef {
  const spelled = prefix === '' ? '' : `${prefix} `;
  return inst({
    id: `x64.${prefix === '' ? '' : `${prefix}_`}${mnemonic}.m.${w}`,
    syntax: names(spelled, mnemonic, w),
    aliases: others.map((o) => names(`${o} `, mnemonic, w)),
    operands: {},
    sem: (_, state) => sem(state),
    ref: sdm(prefix === '' ? mnemonic : `${prefix}, ${mnemonic}`),
  });
}

const strings: InstDef[] = STEPS.flatMap(([mnemonic, step]) =>
  WIDTHS.flatMap((w) => {
    const compares = mnemonic === 'scas' || mnemonic === 'cmps';
    const once = form('', mnemonic, w, [], (s) => stepped(step, w, s));
    if (!compares) return [once, form('rep', mnemonic, w, ['repe'], (s) => repeated(step, w, s, undefined))];
    return [
      once,
      form('repe', mnemonic, w, ['rep'], (s) => repeated(step, w, s, 0)),
      form('repne', mnemonic, w, [], (s) => repeated(step, w, s, 1)),
    ];
  }),
);

export const stringForms: readonly InstDef[] = strings;
