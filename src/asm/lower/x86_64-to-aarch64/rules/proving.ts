// SPDX-License-Identifier: MIT
import { assert, must } from '../../../../base/assert.ts';
import { Diagnostics } from '../../../../base/diagnostic.ts';
import { bv, eq, extract, msb, no, not, or, sext, variable } from '../../../../logic/build.ts';
import { proveQuickly } from '../../../../logic/prove.ts';
import { show } from '../../../../logic/show.ts';
import { Substitution, subterms } from '../../../../logic/substitute.ts';
import type { Term } from '../../../../logic/term.ts';
import { x8664ToAarch64 } from '../../../abi/pairs/x86_64-aarch64.ts';
import type { FlagPlace, Relation } from '../../../abi/relation.ts';
import { contracts } from '../../../abi/runtime/aarch64/contracts.ts';
import { aarch64 } from '../../../isa/aarch64/index.ts';
import { effectsOf, type Inst, type InstDef } from '../../../isa/define.ts';
import { immOp, num, type Operand, regOp } from '../../../isa/operand.ts';
import { SymbolicState } from '../../../isa/state.ts';
import { x86_64 } from '../../../isa/x86_64/index.ts';
import { reg } from '../../../isa/x86_64/registers.ts';
import { recoverProgram } from '../../../program/recover.ts';
import { readAsm } from '../../../text/read.ts';
import { type Exit, explore } from '../../../verify/explore.ts';
import { uncovered } from '../../../verify/memory.ts';
import { conjunction } from '../../../verify/path.ts';
import { asChosen, placeValue, relatedStates } from '../../../verify/related.ts';
import { type After, EVERYTHING, type Features, NO_FEATURES, Refusal } from '../../from-x86_64/context.ts';
import { FLAGS, type FlagName, type FlagPlaces } from '../../from-x86_64/flags.ts';
import { partsOf } from '../../from-x86_64/rule.ts';
import { Context } from '../context.ts';
import { adjust } from '../flag-word.ts';
import { afterAdd, afterFloatCompare, afterLogic, afterSubtract } from '../flags.ts';
import { FLAG_BITS } from '../registers.ts';
import { rules } from './index.ts';

/** Proving rules one by one: an instruction and what its rule makes of it do the same to any two related states. */

const ISAS = { source: x86_64, target: aarch64, pair: x8664ToAarch64 };
/** The source stack pointer lies this far from the target's. */
const STACK = 8;

/** What is known where an instruction stands. */
export interface Setting {
  readonly after: After;
  readonly places: FlagPlaces;
  readonly highPart?: Context['highPart'];
  /** Of the target's state before. */
  readonly given?: readonly Term[];
  /** What the target machine has beyond its base architecture. */
  readonly features?: Features;
}

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

/** No flag, and of the register at `loc` only the low `width` bits. */
const lowLive = (loc: string | undefined, width: number): After => ({
  live: (l, lo) => l !== loc || lo < width,
  surelyLive: (l, lo) => l !== loc || lo < width,
  liveFlag: () => false,
});

const inWord = (flag: string): [string, FlagPlace] => [
  flag,
  { kind: 'bit', loc: 'x7', bit: must(FLAG_BITS[flag], flag) },
];

/** Places that flags may be in before an instruction. */
const FLAG_PLACES: Readonly<Record<string, () => FlagPlaces>> = {
  subtraction: () => new Map([...afterSubtract(), inWord('pf'), inWord('af')]),
  addition: () => new Map([...afterAdd(), inWord('pf'), inWord('af')]),
  logic: () => new Map([...afterLogic(), inWord('pf'), inWord('af')]),
  'float comparison': () => new Map([...afterFloatCompare(), inWord('af')]),
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
function shapesOf(def: InstDef): Inst[] {
  const accepted = def.operands.map(([, kind], i) =>
    must(CANDIDATES[Math.min(i, 1)], 'candidates').filter((o) => kind.accepts(o)),
  );
  let lists: Operand[][] = [[]];
  for (const options of accepted) lists = lists.flatMap((ops) => options.map((o) => [...ops, o]));
  return lists.map((ops) => ({ def, ops }));
}

// Lowering and comparing

function setsAuxiliary(inst: Inst): boolean {
  return effectsOf(inst, new SymbolicState(x86_64, '')).some((e) => e.kind === 'set' && e.loc === 'af');
}

/** The text that the rule for `inst` emits, ending at the label `.Ldone`, and where it leaves the flags. */
function lower(
  inst: Inst,
  { after, places, highPart, features = NO_FEATURES }: Setting,
): { text: string; places: FlagPlaces } {
  const c = new Context({
    lines: [],
    stubs: [],
    symbols: { isLocal: (name) => name !== 'elsewhere', isAligned: () => true },
    function: 'f',
    labels: { next: 0 },
    features,
  });
  c.rsp = STACK;
  c.sp = 0;
  c.places = new Map(places);
  c.highPart = highPart ?? 'unknown';
  c.begin(inst, after);
  const parts = partsOf(inst);
  if (setsAuxiliary(inst)) {
    c.places.delete('af');
    if (after.liveFlag('af')) adjust(c, parts);
  }
  rules.select(parts, c).to(c, parts);
  return { text: ['f:', ...c.lines, '.Ldone:', '\tret', ...c.stubs, ''].join('\n'), places: c.places };
}

/** Lowers `inst` and compares. Throws where the output cannot be read, or goes elsewhere than to its end. */
export function compare(inst: Inst, setting: Setting): Lowered {
  const { after, places, given = [] } = setting;
  const lowered = lower(inst, setting);
  const { text } = lowered;
  const diagnostics = new Diagnostics();
  const code = recoverProgram(readAsm({ file: 'rule.s', text }, aarch64, diagnostics), diagnostics).functions[0];
  assert(!diagnostics.hasErrors && code !== undefined, `${diagnostics.list.map((d) => d.message).join('\n')}\n${text}`);
  const { source, target } = relatedStates(ISAS, relation(places), asChosen);
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
  const untrapped = trap === no() ? given : [...given, not(trap)];
  const claim = (what: string, left: Term, right: Term, assumptions = untrapped): void => {
    if (left !== right) open.push({ what, assumptions, left, right });
  };
  claim('trap', trap, trapped, given);
  for (const [loc, home] of Object.entries(x8664ToAarch64.homes))
    for (const [lo, hi] of liveRanges(after, loc))
      claim(`${loc}[${lo}..${hi}]`, extract(source.get(loc), hi, lo), extract(state.get(home), hi, lo));
  for (const flag of FLAGS) {
    if (!after.liveFlag(flag)) continue;
    const value = source.get(flag);
    if (isUndefined(value)) continue;
    const place = lowered.places.get(flag);
    // Where nobody knows the auxiliary carry, what reads it is refused.
    if (flag === 'af' && place === undefined) continue;
    assert(place !== undefined, `${flag} is lost\n${text}`);
    const found = placeValue(place, (l) => state.get(l));
    claim(flag, withUndefined(value, found), found);
  }
  claim('memory', source.memory, state.memory);
  claim('sp', sp, state.get('sp'));
  for (const { loc } of x8664ToAarch64.untouched) claim(loc, target.start(loc), state.get(loc));
  const extra = uncovered(source.allAccesses, target.allAccesses, [sp]);
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

// Reports

/** What came of trying a rule with many operands in several settings. */
export interface Report {
  /** How many cases close by normalising alone. */
  proved: number;
  /** What normalising leaves open. */
  readonly open: (Claim & { readonly of: string })[];
  /** Cases that the rule refuses, which is no mistake. */
  readonly refused: string[];
  /** Refuted claims, and output that cannot be read. */
  readonly wrong: string[];
}

/** Instructions whose rules do something else for each place that flags may be in. */
const FLAG_READERS = /^x64\.(set|cmov|adc|sbb|rc[lr]|cmc|sh|sa|ro)/;

const SOME_FLAGS: readonly (readonly FlagName[])[] = [
  ['cf', 'zf'],
  ['sf', 'of'],
  ['zf', 'sf'],
  ['cf', 'zf', 'sf', 'of'],
  ['pf'],
];

export function settingsFor(inst: Inst): [name: string, setting: Setting][] {
  const dst = inst.ops[0]?.kind === 'reg' ? inst.ops[0].reg : undefined;
  const width = dst?.class === 'vec' ? (inst.def.id.endsWith('.32') ? 32 : 64) : (dst?.lo ?? 0) + (dst?.width ?? 64);
  const flags = FLAG_READERS.test(inst.def.id) ? Object.keys(FLAG_PLACES) : ['subtraction'];
  return flags.flatMap((name) => {
    const places = must(FLAG_PLACES[name], name);
    // Rules take shorter ways where only some flags are read.
    const some = dst?.class === 'vec' ? [] : SOME_FLAGS;
    return [
      ...some.map((live): [string, Setting] => [
        `${live.join(' ')} live, flags as after ${name}`,
        { after: { live: () => true, surelyLive: () => true, liveFlag: (f) => live.includes(f) }, places: places() },
      ]),
      [`everything live, flags as after ${name}`, { after: EVERYTHING, places: places() }],
      [`low part live, flags as after ${name}`, { after: lowLive(dst?.loc, width), places: places() }],
    ];
  });
}

/** Lowers a form with many operands, in each setting that it depends on, and compares. */
export function tryRule(def: InstDef, settings = settingsFor): Report {
  const report: Report = { proved: 0, open: [], refused: [], wrong: [] };
  for (const inst of shapesOf(def)) {
    for (const [name, setting] of settings(inst)) {
      const of = `${x86_64.printInst(inst, 'intel')} (${name})`;
      try {
        const { text, open } = compare(inst, setting);
        const left = open.filter((claim) => {
          const result = proveQuickly(claim, 100);
          if (result?.kind === 'refuted') report.wrong.push(`${of}: ${claim.what} differs\n${text}`);
          if (result?.kind === 'proved' && result.how === 'normalised' && result.vacuous)
            report.wrong.push(`${of}: the case cannot arise`);
          return result === undefined;
        });
        if (left.length === 0) report.proved++;
        report.open.push(...left.map((claim) => ({ ...claim, of })));
      } catch (e) {
        if (e instanceof Refusal) report.refused.push(`${of}: ${e.message}`);
        else report.wrong.push(`${of}: ${e instanceof Error ? e.message : String(e)}`);
      }
    }
  }
  return report;
}

/** Settings in which what rdx holds before a division is known. */
export function knownHighPart(highPart: 'zero' | 'sign', width: number): (inst: Inst) => [string, Setting][] {
  const low = (loc: string) => extract(variable(`t.${loc}`, 64), width - 1, 0);
  const high = highPart === 'zero' ? bv(width, 0) : sext(msb(low('x8')), width);
  return () => [
    [
      `rdx holds the ${highPart}`,
      {
        after: lowLive('rdx', width),
        places: must(FLAG_PLACES.subtraction, 'places')(),
        highPart,
        given: [eq(low('x2'), high)],
      },
    ],
  ];
}
