// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import type { Operand } from '../../isa/operand.ts';
import { Refusal } from '../from-x86_64/context.ts';
import type { FlagPlaces } from '../from-x86_64/flags.ts';
import type { Leaving } from '../from-x86_64/leaving.ts';
import type { Parts } from '../from-x86_64/rule.ts';
import type { Context } from './context.ts';
import { type Condition, invert, invertCode } from './flags.ts';
import { baseOffset, loadGeneral, symbolAddress } from './memory.ts';
import { home, w, x } from './registers.ts';
import { conditionValue, question } from './rules/conditional.ts';
import { stringStep } from './rules/system.ts';
import { read } from './values.ts';

/** Emits how control leaves a block. */
export function leave(c: Context, l: Leaving): void {
  const { block, inst } = l;
  const flow = block.flow;
  if (inst === undefined) {
    if (flow.kind === 'trap') return;
    return runOn(c, l);
  }
  switch (flow.kind) {
    case 'jump':
      return flow.conditional ? conditional(c, l, flow.target) : jump(c, l, flow.target);
    case 'call':
      return call(c, l, inst, flow.target);
    case 'return':
      return leaveFunction(c, l, inst);
    case 'indirect':
      return indirect(c, l, inst);
    case 'repeat':
      return repeat(c, l, inst);
    case 'next':
    case 'trap':
      return runOn(c, l);
  }
}

/** Falls through to the next block, or into the function that follows. */
function runOn(c: Context, l: Leaving): void {
  const { block } = l;
  if (block.tailCall !== undefined) return tailCall(c, l, block.tailCall);
  const next = block.successors[0];
  if (next === undefined) {
    // Nothing follows: a call that does not return has ended the function.
    c.op('udf', '#0');
    return;
  }
  l.enter(next);
  if (next !== block.index + 1) c.op('b', l.labelOf(next));
}

function jump(c: Context, l: Leaving, target: string): void {
  const to = l.blockAt(target);
  if (to === undefined || l.block.tailCall !== undefined) return tailCall(c, l, l.block.tailCall ?? target);
  l.enter(to);
  c.op('b', l.labelOf(to));
}

function conditional(c: Context, l: Leaving, target: string): void {
  const inst = must(l.inst, 'jump');
  const to = l.block.tailCall === undefined ? l.blockAt(target) : undefined;
  const fall = l.block.index + 1;
  const mnemonic = inst.mnemonic;
  if (mnemonic === 'jrcxz' || mnemonic === 'jecxz' || mnemonic.startsWith('loop')) {
    if (to === undefined || mnemonic === 'loope' || mnemonic === 'loopne')
      throw new Refusal('V0220', `${mnemonic} is not supported here`);
    if (mnemonic === 'loop') c.op('sub', x(home('rcx')), x(home('rcx')), '#1');
    l.enter(to);
    l.enter(fall);
    const rcx = mnemonic === 'jecxz' ? w(home('rcx')) : x(home('rcx'));
    c.op(mnemonic === 'loop' ? 'cbnz' : 'cbz', rcx, l.labelOf(to));
    return;
  }
  const cc = mnemonic.slice(1);
  const q = question(c, cc);
  if (to === undefined) return conditionalTailCall(c, l, q, cc);
  const [taken, fallen] = refine(c.places, cc);
  l.enter(to, taken);
  l.enter(fall, fallen);
  branch(c, q, cc, l.labelOf(to));
}

/** Branches to `label` when the condition holds. */
function branch(c: Context, q: Condition, cc: string, label: string): void {
  switch (q.kind) {
    case 'constant':
      if (q.value) c.op('b', label);
      return;
    case 'any':
      for (const code of q.codes) c.op(`b.${code}`, label);
      return;
    case 'all': {
      if (q.codes.length === 1) {
        c.op(`b.${q.codes[0]}`, label);
        return;
      }
      const over = c.freshLabel('over');
      for (const code of q.codes.slice(0, -1)) c.op(`b.${invertCode(code)}`, over);
      c.op(`b.${q.codes.at(-1)}`, label);
      c.label(over);
      return;
    }
    case 'computed':
      c.op('tbnz', w(conditionValue(c, cc)), '#0', label);
  }
}

/**
 * After a float comparison a branch on parity tells whether the operands are ordered; where they are, equality is just
 * the Z flag.
 */
function refine(places: FlagPlaces, cc: string): [taken: FlagPlaces, fallen: FlagPlaces] {
  const zf = places.get('zf');
  const pf = places.get('pf');
  if ((cc !== 'p' && cc !== 'np') || pf?.kind !== 'flag' || pf.flag !== 'v' || zf?.kind !== 'pair')
    return [places, places];
  const ordered: FlagPlaces = new Map(places);
  ordered.set('zf', { kind: 'flag', flag: 'z', inverted: false });
  ordered.set('pf', { kind: 'constant', value: 0 });
  return cc === 'p' ? [places, ordered] : [ordered, places];
}

function conditionalTailCall(c: Context, l: Leaving, q: Condition, cc: string): void {
  const fall = l.block.index + 1;
  const over = c.freshLabel('stay');
  const { rsp, sp } = c;
  // The tail call's way is laid out behind the inverse branch.
  const inverse = invert(q);
  if (inverse.kind === 'computed') c.op('tbz', w(conditionValue(c, cc)), '#0', over);
  else branch(c, inverse, cc, over);
  const places = new Map(c.places);
  tailCall(c, l, must(l.block.tailCall, 'tail call'));
  c.rsp = rsp;
  c.sp = sp;
  c.places = places;
  c.label(over);
  l.enter(fall);
}

// Calls

/** The stack pointer as the callee wants it: equal to the source's, or the next multiple of 16 below. */
function stackForCall(c: Context, l: Leaving): -8 | 0 {
  const { variant } = l;
  const residue = l.facts.stack(l.index) === undefined ? c.rsp : c.rsp + variant.entryStack;
  const misaligned = ((residue % 16) + 16) % 16;
  if (misaligned !== 0 && misaligned !== 8) throw new Refusal('V0226', 'the stack is not a multiple of 8 at this call');
  l.moveStack(c.rsp - misaligned);
  return misaligned === 0 ? -8 : 0;
}

function call(c: Context, l: Leaving, inst: Parts, target: string | undefined): void {
  const next = l.block.successors[0];
  const after = next === undefined ? undefined : l.facts.atBlock(next);
  let convention: 'abi' | 'local' = 'abi';
  if (target === undefined) {
    const n = callTarget(c, inst.ops[0]);
    if (stackForCall(c, l) === 0) throw new Refusal('V0226', 'the stack is not aligned at an indirect call');
    passStackArguments(c, l);
    c.op('blr', x(n));
  } else {
    const entryStack = stackForCall(c, l);
    const callee = l.calls.callee(target, entryStack, l.code, next);
    if (callee.external) {
      if (entryStack === 0) throw new Refusal('V0226', `the stack is not aligned at the call of ${target}`);
      passStackArguments(c, l);
    }
    convention = callee.convention;
    c.op('bl', callee.symbol);
  }
  c.places = new Map();
  if (after !== undefined && convention === 'abi') {
    if (after.live('rax', 0, 63)) c.op('mov', x(home('rax')), 'x0');
    if (after.live('rdx', 0, 63)) c.op('mov', x(home('rdx')), 'x1');
  }
  runOn(c, l);
}

/** A call's target in a register that survives moving the stack pointer. */
function callTarget(c: Context, op: Operand | undefined): number {
  return read(c, op, 64);
}

/**
 * System V passes six integer arguments in registers, AAPCS64 eight: what would be the first two on the stack must be in
 * x6 and x7 for a native callee. A translated callee reads them where x86 put them, so they stay there as well.
 */
function passStackArguments(c: Context, l: Leaving): void {
  if (!writesArguments(l)) return;
  const k = c.rsp - c.sp;
  if (k % 8 === 0 && k >= 0 && k <= 504) c.op('ldp', 'x6', 'x7', k === 0 ? '[sp]' : `[sp, #${k}]`);
}

/** Whether the block pushes or stores at the stack pointer before its call: then there may be stack arguments. */
function writesArguments(l: Leaving): boolean {
  return l.facts.mayPassOnStack(l.index);
}

function tailCall(c: Context, l: Leaving, target: string): void {
  const entryStack = stackConvention(c, l);
  const callee = l.calls.tailCallee(target, { ...l.variant, entryStack });
  for (const flag of callee.flags) {
    if (!c.places.has(flag))
      throw new Refusal('V0223', `${target} reads the ${flag} flag, which is not available here`);
    c.moveToWord(flag);
  }
  giveBackFrame(c, l, entryStack);
  c.op('b', callee.symbol);
}

/**
 * How the stack pointers lie to each other where the function is left. Usually that is as they lay at entry, but
 * hand-written code also jumps with registers on the stack that the other function pops.
 */
function stackConvention(c: Context, l: Leaving): -8 | 0 {
  const { entryStack } = l.variant;
  const isStatic = l.facts.stack(l.inst === undefined ? l.index - 1 : l.index) !== undefined;
  if (!isStatic || c.rsp % 16 === 0) return entryStack;
  return entryStack === 0 ? -8 : 0;
}

/** Reloads the return address and gives the frame back, so that the source's stack pointer is the target's + `distance`. */
function giveBackFrame(c: Context, l: Leaving, distance: -8 | 0): void {
  // The return address is where the source's stack pointer points.
  loadGeneral(c, 30, baseOffset(c, 'sp', c.rsp - c.sp, 8), 8);
  l.moveStack(c.rsp - distance);
}

function leaveFunction(c: Context, l: Leaving, inst: Parts): void {
  if (inst.ops.length > 0) throw new Refusal('V0220', 'a return that pops arguments is not supported');
  giveBackFrame(c, l, l.variant.returnStack);
  if (l.variant.convention === 'abi') {
    const live = l.facts.before(l.index);
    if (live.live('rax', 0, 63)) c.op('mov', 'x0', x(home('rax')));
    if (live.live('rdx', 0, 63)) c.op('mov', 'x1', x(home('rdx')));
  }
  c.op('ret');
}

function indirect(c: Context, l: Leaving, inst: Parts): void {
  const { block } = l;
  if (block.indirectTargets.length === 0) {
    const n = read(c, inst.ops[0], 64);
    if (n !== 16) c.op('mov', 'x16', x(n));
    giveBackFrame(c, l, stackConvention(c, l));
    c.op('br', 'x16');
    return;
  }
  const n = read(c, inst.ops[0], 64);
  for (const s of block.successors) l.enter(s);
  if (l.suffix === '') c.op('br', x(n));
  else chain(c, l, n);
}

/**
 * Jump tables name the labels of a function's first variant. Other variants find out which of these register `n` holds
 * the address of, and go to their own copy.
 */
function chain(c: Context, l: Leaving, n: number): void {
  const t = c.temp();
  for (const label of new Set(l.block.indirectTargets)) {
    symbolAddress(c, { plus: label, offset: 0n }, t);
    c.op('sub', x(t), x(t), x(n));
    c.op('cbz', x(t), l.labelOf(must(l.blockAt(label), 'block')));
  }
  c.op('udf', '#0');
}

// `rep`

function repeat(c: Context, l: Leaving, inst: Parts): void {
  const [prefix, op] = splitPrefix(inst.mnemonic);
  const rcx = x(home('rcx'));
  const done = c.freshLabel('done');
  c.op('cbz', rcx, done);
  stringStep(c, op, inst.width / 8);
  c.op('sub', rcx, rcx, '#1');
  const compares = op === 'scas' || op === 'cmps';
  const own = l.labelOf(l.block.index);
  if (compares) {
    for (const flag of c.liveFlags) c.moveToWord(flag);
    c.op(prefix === 'repne' ? 'b.eq' : 'b.ne', done);
  }
  c.op('cbnz', rcx, own);
  c.label(done);
  const next = l.block.successors.find((s) => s !== l.block.index);
  if (next === undefined) c.op('udf', '#0');
  else {
    l.enter(next);
    if (next !== l.block.index + 1) c.op('b', l.labelOf(next));
  }
}

function splitPrefix(mnemonic: string): [string, string] {
  const at = mnemonic.indexOf('_');
  return [mnemonic.slice(0, at), mnemonic.slice(at + 1)];
}
