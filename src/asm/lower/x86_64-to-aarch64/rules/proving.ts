// SPDX-License-Identifier: MIT
import { assert, must } from '../../../../base/assert.ts';
import { Diagnostics } from '../../../../base/diagnostic.ts';
import { extract, no, not, or } from '../../../../logic/build.ts';
import { Evaluator } from '../../../../logic/evaluate.ts';
import { show } from '../../../../logic/show.ts';
import { Substitution, subterms } from '../../../../logic/substitute.ts';
import type { Term } from '../../../../logic/term.ts';
import { contracts } from '../../../abi/contracts.ts';
import { x8664ToAarch64 } from '../../../abi/pairs/x86_64-aarch64.ts';
import type { FlagPlace, Relation } from '../../../abi/relation.ts';
import { aarch64 } from '../../../isa/aarch64/index.ts';
import { effectsOf, type Inst, type InstDef } from '../../../isa/define.ts';
import { immOp, num, type Operand, regOp } from '../../../isa/operand.ts';
import { x86_64 } from '../../../isa/x86_64/index.ts';
import { reg } from '../../../isa/x86_64/registers.ts';
import { recoverProgram } from '../../../program/recover.ts';
import { readAsm } from '../../../text/read.ts';
import { type Exit, explore } from '../../../verify/explore.ts';
import { uncovered } from '../../../verify/memory.ts';
import { conjunction } from '../../../verify/path.ts';
import { placeValue, relatedStates } from '../../../verify/related.ts';
import { type After, Context } from '../context.ts';
import { afterAdd, afterFloatCompare, afterLogic, afterSubtract, type FlagName, type FlagPlaces } from '../flags.ts';
import { FLAG_BITS } from '../registers.ts';
import { partsOf } from '../rule.ts';
import { rules } from './index.ts';

/** Proving rules one by one: an instruction and what its rule makes of it do the same to any two related states. */

const ISAS = { source: x86_64, target: aarch64, pair: x8664ToAarch64 };
const FLAGS: readonly FlagName[] = ['cf', 'pf', 'zf', 'sf', 'of'];
/** The source stack pointer lies this far from the target's. */
const STACK = 8;

/** What must agree at the end, where the assumptions hold. */
export interface Claim {
  readonly what: string;
  readonly assumptions: readonly Term[];
  readonly left: Term;
  readonly right: Term;
}

export interface Lowered {
  readonly text: string;
  /** Claims that are not the same term on both sides. */
  readonly open: readonly Claim[];
}

// What an instruction is tried with

export const everythingLive: After = { live: () => true, liveFlag: () => true };

/** No flag, and of the register at `loc` only the low `width` bits. */
export const lowLive = (loc: string | undefined, width: number): After => ({
  live: (l, lo) => l !== loc || lo < width,
  liveFlag: () => false,
});

const inWord = (flag: string): [string, FlagPlace] => [
  flag,
  { kind: 'bit', loc: 'x7', bit: must(FLAG_BITS[flag], flag) },
];

/** Places that flags may be in before an instruction. */
export const FLAG_PLACES: Readonly<Record<string, () => FlagPlaces>> = {
  subtraction: () => new Map([...afterSubtract(), inWord('pf')]),
  addition: () => new Map([...afterAdd(), inWord('pf')]),
  logic: () => new Map([...afterLogic(), inWord('pf')]),
  'float comparison': afterFloatCompare,
  'flag word': () => new Map(FLAGS.map(inWord)),
};

const named = (...names: string[]): Operand[] => names.map((n) => regOp(reg(n)));
const immediates = (...values: (number | bigint)[]): Operand[] => values.map((n) => immOp(n));
const MEMORY: readonly Operand[] = [
  { kind: 'mem', disp: num(16), base: reg('rsi') },
  { kind: 'mem', disp: num(0x12345), base: reg('rdi'), index: reg('r10'), scale: 2 },
  { kind: 'mem', disp: num(-24), base: reg('rsp') },
];

/** Operands to try where a kind accepts them: for the destination, and for the others. */
const CANDIDATES: readonly (readonly Operand[])[] = [
  [...named('al', 'ah', 'r9b', 'ax', 'eax', 'rax', 'xmm1'), ...MEMORY.slice(0, 1)],
  [
    ...named('cl', 'bh', 'al', 'cx', 'ax', 'ecx', 'eax', 'rcx', 'rax', 'xmm9', 'xmm1'),
    ...MEMORY,
    ...immediates(0, 1, -1, 3, 7, 8, 15, 16, 17, 31, 32, 63, 0x1b, 0x4e, 0x72, -0x1c),
    ...immediates(0x1234, 0x7ffff000, -0x7fffffff, 0x123456789abcdef0n),
  ],
];

/** The instruction `def` with each of several operands in each place. */
export function shapesOf(def: InstDef): Inst[] {
  const accepted = def.operands.map(([, kind], i) =>
    must(CANDIDATES[Math.min(i, 1)], 'candidates').filter((o) => kind.accepts(o)),
  );
  let lists: Operand[][] = [[]];
  for (const options of accepted) lists = lists.flatMap((ops) => options.map((o) => [...ops, o]));
  return lists.map((ops) => ({ def, ops }));
}

// Lowering and comparing

/** The text that the rule for `inst` emits, ending at the label `.Ldone`, and where it leaves the flags. */
export function lower(inst: Inst, after: After, places: FlagPlaces): { text: string; places: FlagPlaces } {
  const c = new Context({
    lines: [],
    stubs: [],
    symbols: { isLocal: (name) => name !== 'elsewhere', isAligned: () => true },
    function: 'f',
    labels: { next: 0 },
  });
  c.rsp = STACK;
  c.sp = 0;
  c.places = new Map(places);
  c.begin(inst, after);
  const parts = partsOf(inst);
  rules.select(parts, c).to(c, parts);
  return { text: ['f:', ...c.lines, '.Ldone:', '\tret', ...c.stubs, ''].join('\n'), places: c.places };
}

/** Lowers `inst` and compares. Throws where the output cannot be read, or goes elsewhere than to its end. */
export function compare(inst: Inst, after: After, places: FlagPlaces): Lowered {
  const lowered = lower(inst, after, places);
  const { text } = lowered;
  const diagnostics = new Diagnostics();
  const code = recoverProgram(readAsm({ file: 'rule.s', text }, aarch64, diagnostics), diagnostics).functions[0];
  assert(!diagnostics.hasErrors && code !== undefined, `${diagnostics.list.map((d) => d.message).join('\n')}\n${text}`);
  const { source, target } = relatedStates(ISAS, relation(places));
  const sp = target.start('sp');
  const end = must(code.indexOfLabel.get('.Ldone'), 'the end');
  const around = { isCut: (index: number) => index === end, contracts, traps: x8664ToAarch64.traps };
  const { exits } = explore(code, 0, { path: [], state: target }, around, false);
  const effects = effectsOf(inst, source);
  source.apply(effects);
  const trapped = trapOf(exits);
  let trap = no();
  for (const e of effects) {
    if (e.kind === 'trap') trap = or(trap, must(e.condition, 'a condition'));
    else assert(e.kind === 'set' || e.kind === 'store', `${inst.def.id} leaves the block`);
  }
  const { state } = onlyExit(exits, end, text);
  const open: Claim[] = [];
  const claim = (what: string, left: Term, right: Term, assumptions = trap === no() ? [] : [not(trap)]): void => {
    if (left !== right) open.push({ what, assumptions, left, right });
  };
  claim('trap', trap, trapped, []);
  for (const [loc, home] of Object.entries(x8664ToAarch64.homes))
    for (const [lo, hi] of liveRanges(after, loc))
      claim(`${loc}[${lo}..${hi}]`, extract(source.get(loc), hi, lo), extract(state.get(home), hi, lo));
  for (const flag of FLAGS) {
    if (!after.liveFlag(flag)) continue;
    const value = source.get(flag);
    if (isUndefined(value)) continue;
    const place = lowered.places.get(flag);
    assert(place !== undefined, `${flag} is lost\n${text}`);
    const found = placeValue(place, (l) => state.get(l));
    claim(flag, withUndefined(value, found), found);
  }
  claim('memory', source.memory, state.memory);
  claim('sp', sp, state.get('sp'));
  for (const { loc } of x8664ToAarch64.untouched) claim(loc, target.start(loc), state.get(loc));
  const extra = uncovered(source.allAccesses, target.allAccesses, sp, [sp]);
  assert(extra === undefined, `an access to ${extra && show(extra.address)} that the source does not make\n${text}`);
  return { text, open };
}

const isUndefined = (t: Term): boolean => t.op === 'var' && t.name.includes('undefined');

/** A flag that is undefined under some conditions may there be what the target has. */
function withUndefined(value: Term, found: Term): Term {
  const free = subterms([value]).filter(isUndefined);
  return free.length === 0 ? value : new Substitution(new Map(free.map((t) => [t, found]))).apply(value);
}

function trapOf(exits: readonly Exit[]): Term {
  return exits.filter((e) => e.to.kind === 'trap').reduce((t, e) => or(t, conjunction(e.path)), no());
}

function onlyExit(exits: readonly Exit[], end: number, text: string): Exit {
  const rest = exits.filter((e) => e.to.kind !== 'trap');
  const exit = must(rest[0], 'an exit');
  assert(rest.length === 1 && exit.to.kind === 'cut' && exit.to.index === end, `control goes elsewhere\n${text}`);
  return exit;
}

function liveRanges(after: After, loc: string): [number, number][] {
  const starts = loc.startsWith('xmm') ? [0, 32, 64, 128] : [0, 8, 16, 32, 64];
  const all: [number, number][] = [];
  for (let i = 0; i + 1 < starts.length; i++) {
    const [lo, hi] = [starts[i] ?? 0, (starts[i + 1] ?? 0) - 1];
    if (!after.live(loc, lo, hi)) continue;
    const last = all.at(-1);
    if (last !== undefined && last[1] === lo - 1) last[1] = hi;
    else all.push([lo, hi]);
  }
  return all;
}

function relation(places: FlagPlaces): Relation {
  return {
    stack: STACK,
    frames: [],
    registers: Object.entries(x8664ToAarch64.homes).map(([source, target]) => ({
      source,
      target,
      bits: [[0, source.startsWith('xmm') ? 127 : 63]] as const,
    })),
    flags: Object.fromEntries(places),
  };
}

// Refuting

/** Patterns that floats and integers are sensitive to, 64 bits each. */
const CORNERS: readonly bigint[] = [
  ...[0n, 1n, 2n, 63n, 64n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0x8000n, 0x7fffffffn, 0x80000000n, 0xffffffffn],
  ...[1n << 63n, (1n << 63n) - 1n, (1n << 64n) - 1n],
  // Doubles: quiet and signalling NaNs of both signs, infinities, zeros, ones, limits of integers.
  ...[0x7ff8000000000001n, 0xfff8000000000002n, 0x7ff0000000000003n, 0xfff4000000000004n, 0x7ff8000000000000n],
  ...[0x7ff0000000000000n, 0xfff0000000000000n, 0x3ff0000000000000n, 0xbff0000000000000n, 0x8000000000000000n],
  ...[0x41dfffffffe00000n, 0x41dfffffffc00000n, 0x41e0000000000000n, 0xc1e0000000000000n, 0xc1e0000000200000n],
  ...[0x43e0000000000000n, 0xc3e0000000000000n, 0x43dfffffffffffffn, 0x000fffffffffffffn, 0x7fefffffffffffffn],
  // Pairs of singles.
  ...[0x7fc000017f800003n, 0xffc00002ffa00004n, 0x7f800000ff800000n, 0x3f800000bf800000n, 0x4f0000004effffffn],
  ...[0xcf000000cf000001n, 0x5f0000005effffffn, 0x7fc00000ffc00000n, 0x000000017f7fffffn, 0x3f0000003fc00000n],
];

function generator(seed: bigint): () => bigint {
  let s = seed * 0x9e3779b97f4a7c15n + 1n;
  return () => {
    s ^= s >> 12n;
    s = BigInt.asUintN(64, s ^ (s << 25n));
    s ^= s >> 27n;
    return BigInt.asUintN(64, s * 0x2545f4914f6cdd1dn);
  };
}

function variablesOf(roots: readonly Term[]): Term[] {
  return subterms(roots).filter((t) => t.op === 'var' && t.width > 0);
}

/** Looks for values under which the two sides differ: corners and random ones. */
export function refute(claim: Claim, tries = 400): string | undefined {
  const variables = variablesOf([claim.left, claim.right, ...claim.assumptions]);
  const random = generator(7n);
  for (let i = 0; i < tries; i++) {
    const values = new Map(variables.map((t) => [t, randomValue(t.width, random)]));
    const evaluator = new Evaluator({ values });
    if (claim.assumptions.some((a) => evaluator.value(a) === 0n)) continue;
    const differ =
      claim.left.width > 0
        ? evaluator.value(claim.left) !== evaluator.value(claim.right)
        : [...evaluator.touched(claim.left), ...evaluator.touched(claim.right)].some(
            (at) => evaluator.memory(claim.left)(at) !== evaluator.memory(claim.right)(at),
          );
    if (!differ) continue;
    const where = [...values].map(([t, x]) => `${t.name} = ${x.toString(16)}`).join(', ');
    const [a, b] = [claim.left, claim.right].map((t) => (t.width > 0 ? evaluator.value(t).toString(16) : 'memory'));
    return `${claim.what} is ${a} on x86 and ${b} on AArch64 where ${where}`;
  }
  return undefined;
}

function randomValue(width: number, random: () => bigint): bigint {
  let value = 0n;
  for (let at = 0; at < width; at += 64) {
    const corner = CORNERS[Number(random() % BigInt(CORNERS.length))] ?? 0n;
    const kind = random() % 4n;
    const half = (x: bigint) => (kind === 2n ? ((x & 0xffffffffn) << 32n) | (x >> 32n) : x);
    value = (value << 64n) | (kind === 0n ? random() : half(corner));
  }
  return BigInt.asUintN(width, value);
}
