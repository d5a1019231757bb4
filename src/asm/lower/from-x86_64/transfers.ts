// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { MOST_WORDS } from '../../abi/native-entry.ts';
import type { SystemCall, SystemCalls } from '../../abi/system-calls.ts';
import { isNumber, type Operand } from '../../isa/operand.ts';
import { type After, type BlockContext, Refusal } from './context.ts';
import type { LiveParts } from './facts.ts';
import { FLAGS, type FlagName, type FlagPlaces } from './flags.ts';
import type { Leaving } from './leaving.ts';
import type { Parts } from './rule.ts';
import { systemCallOf } from './system-calls.ts';

/** A condition that has been looked at, so that other code may come between that and the branch. */
export interface Branch {
  /** Branches to `label` when the condition holds. */
  holds(label: string): void;
  fails(label: string): void;
}

/** How a target does what leaving a block is made of. Registers are given by their numbers. */
export interface Transfers<C extends BlockContext> {
  condition(c: C, cc: string): Branch;
  /** What is known of the flags where a branch on `cc` is taken and where it is not. */
  refine(places: FlagPlaces, cc: string): readonly [taken: FlagPlaces, fallen: FlagPlaces];
  decrementCounter(c: C): void;
  /** Branches when the low `width` bits of rcx are zero, or are not. */
  branchOnCounter(c: C, width: 32 | 64, zero: boolean, label: string): void;
  jump(c: C, label: string): void;
  /** The operand of an indirect call or jump in a register that survives moving the stack pointer. */
  codeAddress(c: C, op: Operand | undefined): number;
  call(c: C, symbol: string): void;
  callRegister(c: C, n: number): void;
  /**
   * Puts the first `words` of the words at the source's stack pointer plus `offset` into registers, as far as the target's convention
   * passes there what x86's passes on the stack.
   */
  passArguments(c: C, words: number, offset: number): void;
  /** Copies a word from one offset from the target's stack pointer to another. */
  copyWord(c: C, from: number, to: number): void;
  /** Puts what a function of the file may want of wide registers where it expects it. */
  passWhole?(c: C, l: Leaving): void;
  /** Takes what it has given of them; `live` is what is wanted behind the call. */
  takeWhole?(c: C, l: Leaving, live: LiveParts): void;
  /** The same at a return: puts what callers may want of wide registers where they look for it. */
  giveWhole?(c: C, l: Leaving): void;
  /** Moves the results from where the target's convention returns them to their homes, as far as they are live. */
  takeResults(c: C, live: After): void;
  giveResults(c: C, live: After): void;
  loadReturnAddress(c: C, offset: number): void;
  ret(c: C): void;
  tailCall(c: C, symbol: string): void;
  /** A register to jump to that survives giving the frame back. */
  keepForJump(c: C, n: number): number;
  jumpRegister(c: C, n: number): void;
  temp(c: C): number;
  /** Goes to `label` if register `n` holds the address of `symbol`; `scratch` is lost. */
  branchIfAddress(c: C, n: number, symbol: string, label: string, scratch: number): void;
  stringStep(c: C, op: string, bytes: number): void;
  /** Leaves a string loop that compares, after a step. */
  stringStop(c: C, prefix: string, label: string): void;
  /** Moves a flag to the place where blocks agree on it. */
  moveToCommonPlace(c: C, flag: FlagName): void;
  trap(c: C): void;
  readonly systemCalls: SystemCalls;
  /** Enters the kernel; `values` are the arguments that are known. */
  systemCall(c: C, call: SystemCall, values: readonly (bigint | undefined)[]): void;
}

/** Emits how control leaves a block. */
export function leave<C extends BlockContext>(t: Transfers<C>, c: C, l: Leaving): void {
  const { block, inst } = l;
  const flow = block.flow;
  if (inst === undefined) {
    if (flow.kind === 'trap') return;
    return runOn(t, c, l);
  }
  const leaves = block.tailCall !== undefined || ['call', 'return', 'indirect'].includes(flow.kind);
  if (leaves && c.direction !== 'up')
    throw new Refusal(
      'V0220',
      "x86's direction flag is set where another function goes on",
      'clear it with cld before',
    );
  switch (flow.kind) {
    case 'jump':
      return flow.conditional ? conditional(t, c, l, flow.target) : jump(t, c, l, flow.target);
    case 'call':
      return call(t, c, l, inst, flow.target);
    case 'return':
      return leaveFunction(t, c, l, inst);
    case 'indirect':
      return indirect(t, c, l, inst);
    case 'repeat':
      return repeat(t, c, l, inst);
    case 'system':
      t.systemCall(c, systemCallOf(t.systemCalls, flow), flow.values);
      for (const flag of FLAGS) c.places.delete(flag);
      return runOn(t, c, l);
    case 'next':
    case 'trap':
      return runOn(t, c, l);
  }
}

/** Falls through to the next block, or into the function that follows. */
function runOn<C extends BlockContext>(t: Transfers<C>, c: C, l: Leaving): void {
  const { block } = l;
  if (block.tailCall !== undefined) return tailCall(t, c, l, block.tailCall);
  goOn(t, c, l, block.successors[0]);
}

function goOn<C extends BlockContext>(t: Transfers<C>, c: C, l: Leaving, next: number | undefined): void {
  if (next === undefined) {
    // Nothing follows: a call that does not return has ended the function.
    t.trap(c);
    return;
  }
  l.enter(next);
  if (next !== l.block.index + 1) t.jump(c, l.labelOf(next));
}

function jump<C extends BlockContext>(t: Transfers<C>, c: C, l: Leaving, target: string): void {
  const to = l.blockAt(target);
  if (to === undefined || l.block.tailCall !== undefined) return tailCall(t, c, l, l.block.tailCall ?? target);
  l.enter(to);
  t.jump(c, l.labelOf(to));
}

function conditional<C extends BlockContext>(t: Transfers<C>, c: C, l: Leaving, target: string): void {
  const inst = must(l.inst, 'jump');
  const to = l.block.tailCall === undefined ? l.blockAt(target) : undefined;
  const fall = l.block.index + 1;
  const mnemonic = inst.mnemonic;
  if (mnemonic === 'jrcxz' || mnemonic === 'jecxz' || mnemonic.startsWith('loop')) {
    if (mnemonic.startsWith('loop')) t.decrementCounter(c);
    const [width, zero] = [mnemonic === 'jecxz' ? 32 : 64, mnemonic.startsWith('j')] as const;
    const counter: Branch = {
      holds: (label) => t.branchOnCounter(c, width, zero, label),
      fails: (label) => t.branchOnCounter(c, width, !zero, label),
    };
    const also = mnemonic.length > 4 && !zero ? t.condition(c, mnemonic.slice(4)) : undefined;
    if (to === undefined) {
      if (also !== undefined) throw new Refusal('V0220', `${mnemonic} out of a function is not supported`);
      return conditionalTailCall(t, c, l, counter);
    }
    const there = l.enterEither(to, fall);
    if (also === undefined) return counter.holds(there);
    counter.fails(l.labelOf(fall));
    return also.holds(there);
  }
  const cc = mnemonic.slice(1);
  const branch = t.condition(c, cc);
  if (to === undefined) return conditionalTailCall(t, c, l, branch);
  branch.holds(l.enterEither(to, fall, t.refine(c.places, cc)));
}

function conditionalTailCall<C extends BlockContext>(t: Transfers<C>, c: C, l: Leaving, branch: Branch): void {
  const fall = l.block.index + 1;
  const over = c.freshLabel('stay');
  const { rsp, sp } = c;
  // The tail call's way is laid out behind the inverse branch.
  branch.fails(over);
  const places = new Map(c.places);
  tailCall(t, c, l, must(l.block.tailCall, 'tail call'));
  c.rsp = rsp;
  c.sp = sp;
  c.places = places;
  c.label(over);
  l.enter(fall);
}

// Calls

/** The stack pointer as the callee wants it: equal to the source's, or the next multiple of 16 below. */
function stackForCall(c: BlockContext, l: Leaving): -8 | 0 {
  const { variant } = l;
  if (c.loose) {
    // Platforms want it aligned at a call, so it is.
    l.moveStack(c.rsp);
    return -8;
  }
  const residue = l.facts.stack(l.index) === undefined ? c.rsp : c.rsp + variant.entryStack;
  const misaligned = ((residue % 16) + 16) % 16;
  if (misaligned !== 0 && misaligned !== 8) throw new Refusal('V0226', 'the stack is not a multiple of 8 at this call');
  l.moveStack(c.rsp - misaligned);
  return misaligned === 0 ? -8 : 0;
}

function call<C extends BlockContext>(
  t: Transfers<C>,
  c: C,
  l: Leaving,
  inst: Parts,
  target: string | undefined,
): void {
  const next = l.block.successors[0];
  const after = next === undefined ? undefined : l.facts.atBlock(next);
  const { words, here } = l.facts.passedOnStack(l.block.index);
  let convention: 'abi' | 'local' = 'abi';
  let external = true;
  let returned: readonly FlagName[] = [];
  if (target === undefined) {
    const n = t.codeAddress(c, inst.ops[0]);
    if (stackForCall(c, l) === 0) throw new Refusal('V0226', 'the stack is not aligned at an indirect call');
    t.passArguments(c, words, 0);
    t.callRegister(c, n);
  } else {
    t.passWhole?.(c, l);
    const entryStack = stackForCall(c, l);
    const callee = l.calls.callee(target, entryStack, { code: l.code, variant: l.variant, index: l.index, next });
    external = callee.external;
    if (!external && c.loose)
      throw new Refusal('V0226', `it is not known whether the stack is aligned at the call of ${target}`);
    if (external) {
      if (entryStack === 0) throw new Refusal('V0226', `the stack is not aligned at the call of ${target}`);
      t.passArguments(c, callee.stacked ? 0 : words, 0);
      if (callee.native && !here.floats) layOut(t, c, l, words);
    }
    ({ convention, returned } = callee);
    passFlags(t, c, callee.flags, target);
    t.call(c, callee.symbol);
  }
  c.afterCall(external);
  for (const flag of returned) c.places.set(flag, l.commonPlace(flag));
  if (after !== undefined && convention === 'abi') t.takeResults(c, after);
  if (after !== undefined && !external) t.takeWhole?.(c, l, after);
  runOn(t, c, l);
}

/** How many words on the stack x86-64's convention has that targets have in registers. */
const IN_REGISTERS = 2;

/** Puts what is beyond those where native code looks for it: at the stack pointer, which goes down for that. */
function layOut<C extends BlockContext>(t: Transfers<C>, c: C, l: Leaving, words: number): void {
  const bytes = 8 * (words - IN_REGISTERS);
  if (bytes <= 0 || words > MOST_WORDS) return;
  const below = Math.ceil(bytes / 16) * 16;
  l.moveStack(c.rsp - below);
  for (let at = 0; at < bytes; at += 8) t.copyWord(c, below + 8 * IN_REGISTERS + at, at);
}

function passFlags<C extends BlockContext>(t: Transfers<C>, c: C, flags: readonly FlagName[], target: string): void {
  for (const flag of flags) {
    if (!c.places.has(flag))
      throw new Refusal('V0223', `${target} reads the ${flag} flag, which is not available here`);
    t.moveToCommonPlace(c, flag);
  }
}

/** A function elsewhere may look for the arguments that this one was passed on the stack, above its return address. */
const RETURN_ADDRESS = 8;

function tailCall<C extends BlockContext>(t: Transfers<C>, c: C, l: Leaving, target: string): void {
  const entryStack = stackConvention(c, l);
  const callee = l.calls.tailCallee(target, { ...l.variant, entryStack });
  passFlags(t, c, callee.flags, target);
  t.passWhole?.(c, l);
  giveBackFrame(t, c, l, entryStack);
  if (callee.external && !callee.stacked) t.passArguments(c, IN_REGISTERS, RETURN_ADDRESS);
  t.tailCall(c, callee.symbol);
}

/**
 * How the stack pointers lie to each other where the function is left. Usually that is as they lay at entry, but
 * hand-written code also jumps with registers on the stack that the other function pops.
 */
function stackConvention(c: BlockContext, l: Leaving): -8 | 0 {
  const { entryStack } = l.variant;
  const isStatic = l.facts.stack(l.inst === undefined ? l.index - 1 : l.index) !== undefined;
  if (!isStatic || c.rsp % 16 === 0) return entryStack;
  return entryStack === 0 ? -8 : 0;
}

/** Reloads the return address and gives the frame back, so that the source's stack pointer is the target's + `distance`. */
function giveBackFrame<C extends BlockContext>(t: Transfers<C>, c: C, l: Leaving, distance: -8 | 0): void {
  // The return address is where the source's stack pointer points.
  if (l.variant.convention !== 'start') t.loadReturnAddress(c, c.rsp - c.sp);
  l.moveStack(c.rsp - distance);
}

function leaveFunction<C extends BlockContext>(t: Transfers<C>, c: C, l: Leaving, inst: Parts): void {
  if (l.variant.convention === 'start')
    throw new Refusal('V0220', 'the entry of the program returns, and nobody has called it', 'end it with exit');
  if (inst.ops.length > 0) throw new Refusal('V0220', 'a return that pops arguments is not supported');
  if (returnsElsewhere(l)) {
    const note = 'compile without retpolines (-mretpoline, -mindirect-branch, -mfunction-return)';
    throw new Refusal('V0220', 'this returns to an address that was moved to where the return address is', note);
  }
  for (const flag of l.returned) {
    if (!c.places.has(flag)) throw new Refusal('V0223', `callers read the ${flag} flag, which is not available here`);
    t.moveToCommonPlace(c, flag);
  }
  t.giveWhole?.(c, l);
  giveBackFrame(t, c, l, l.variant.returnStack);
  if (l.variant.convention === 'abi') t.giveResults(c, l.facts.before(l.index));
  t.ret(c);
}

/** Whether the block that returns has replaced the return address, so that its return is a jump. */
function returnsElsewhere({ block, index, code, facts }: Leaving): boolean {
  for (let i = block.start; i < index; i++) {
    const inst = code.insts[i];
    const to = inst?.ops[0];
    if (to?.kind !== 'mem' || to.base?.loc !== 'rsp' || to.index !== undefined || !isNumber(to.disp)) continue;
    const height = facts.stack(i);
    const writes = inst?.def.id.startsWith('x64.mov.') === true;
    if (writes && height !== undefined && BigInt(height) + to.disp.offset === 0n) return true;
  }
  return false;
}

function indirect<C extends BlockContext>(t: Transfers<C>, c: C, l: Leaving, inst: Parts): void {
  const { block } = l;
  const n = t.codeAddress(c, inst.ops[0]);
  if (block.indirectTargets.length === 0) {
    const kept = t.keepForJump(c, n);
    giveBackFrame(t, c, l, stackConvention(c, l));
    if (l.variant.convention !== 'start') t.passArguments(c, IN_REGISTERS, RETURN_ADDRESS);
    t.jumpRegister(c, kept);
    return;
  }
  for (const s of block.successors) l.enter(s);
  if (l.suffix === '') t.jumpRegister(c, n);
  else chain(t, c, l, n);
}

/**
 * Jump tables name the labels of a function's first variant. Other variants find out which of these register `n` holds
 * the address of, and go to their own copy.
 */
function chain<C extends BlockContext>(t: Transfers<C>, c: C, l: Leaving, n: number): void {
  const scratch = t.temp(c);
  for (const label of new Set(l.block.indirectTargets))
    t.branchIfAddress(c, n, label, l.labelOf(must(l.blockAt(label), 'block')), scratch);
  t.trap(c);
}

// `rep`

function repeat<C extends BlockContext>(t: Transfers<C>, c: C, l: Leaving, inst: Parts): void {
  const [prefix, op] = splitPrefix(inst.mnemonic);
  const done = c.freshLabel('done');
  t.branchOnCounter(c, 64, true, done);
  t.stringStep(c, op, inst.width / 8);
  t.decrementCounter(c);
  const compares = op === 'scas' || op === 'cmps';
  const own = l.labelOf(l.block.index);
  if (compares) {
    for (const flag of c.liveFlags) t.moveToCommonPlace(c, flag);
    t.stringStop(c, prefix, done);
  }
  t.branchOnCounter(c, 64, false, own);
  c.label(done);
  goOn(
    t,
    c,
    l,
    l.block.successors.find((s) => s !== l.block.index),
  );
}

function splitPrefix(mnemonic: string): [string, string] {
  const at = mnemonic.indexOf('_');
  return [mnemonic.slice(0, at), mnemonic.slice(at + 1)];
}
