// SPDX-License-Identifier: MIT
import { add, bv, concat, extract, load, low, store, variable } from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';
import { conventionsOf } from '../abi/call-model.ts';
import { stackedName, withoutStacked } from '../abi/native-entry.ts';
import type { FunctionRelation, NativeEntry } from '../abi/relation.ts';
import { locationVariable } from '../isa/state.ts';
import { stackTaker } from '../program/stack-arguments.ts';
import type { FunctionCode } from '../program/types.ts';
import type { Claim, Context } from './context.ts';
import { type CallTo, type Exit, type Exploration, explore, symbolName } from './explore.ts';
import { loadsOf } from './lost.ts';
import { Machine, type PathAccess } from './machine.ts';
import { depthBelowStack, distance, STACK_REACH } from './memory.ts';
import { Duties } from './obligations.ts';
import type { Pair } from './related.ts';
import { targetSurroundings } from './surroundings.ts';
import { Undecidable } from './undecidable.ts';

/**
 * A function's entry for native code. From the state in which a native caller enters it, it must arrive at the function itself
 * with the arguments as x86-64 has them and all else as it was; and it must return what the function returns, with the stack
 * pointer and all that a function preserves as it found them. The function may change what is on the stack below the words
 * that are its arguments, these included, and nothing of the entry's frame above them.
 */

/** The size of an argument on the stack, in bytes. */
const WORD = 8;

/** What must hold of the entry. `start` has the states in which a caller enters it: only the target's registers count. */
export function nativeEntryDuties(context: Context, relation: FunctionRelation, start: Pair): Duties[] {
  const entry = relation.nativeEntry;
  if (entry === undefined) return [];
  usable(context, relation, entry);
  const code = context.target.functionAt(entry.target);
  if (code === undefined) throw new Undecidable(`the target has no function ${entry.target}`);
  const origin = start.target;
  const around = targetSurroundings(context, code);
  const arriving = explore(code, 0, { path: [], state: origin.clone() }, around, true);
  const call = only(arriving, entry);
  const { to } = call;
  if (to.kind !== 'call' || context.target.functionAt(symbolName(to.target) ?? '') !== body(context, relation))
    throw new Undecidable(`${entry.target} does not call ${relation.target}`);
  const before = new Duties(context.isas, call.path, { source: start.source, target: call.state }, origin, false);
  before.assumptions.add('native-arguments');
  arrivalDuties(context, before, entry, origin, call.state, to);
  const after = afterBody(context, entry, origin, call.state);
  const leaving = explore(code, to.resume, { path: call.path, state: after.clone() }, around, true);
  const exit = only(leaving, entry);
  const behind = new Duties(context.isas, exit.path, { source: start.source, target: exit.state }, origin, false);
  returnDuties(context, behind, origin, after, exit);
  const accesses = [...origin.allAccesses, ...after.allAccesses];
  before.doubt ??= arriving.doubt ?? leaving.doubt ?? doubtOf(context, entry, origin, accesses);
  for (const run of [arriving, leaving]) {
    for (const base of run.stackBases) before.alignedBase(base);
    for (const a of run.assumptions) before.assumptions.add(a);
  }
  return [before, behind];
}

/** The entry speaks about this function as it is entered by others, and lays out all that it looks at. */
function usable(context: Context, relation: FunctionRelation, { target, words }: NativeEntry): void {
  const { convention, entryStack, returnStack } = relation;
  if (convention !== 'abi' || entryStack !== -8 || returnStack !== -8)
    throw new Undecidable(`${target} is an entry of a function that others do not enter`);
  const { source } = context.claim;
  const code = context.sourceCode(relation);
  const { takes } = stackTaker(source, code, conventionsOf(source.isa));
  if (typeof takes !== 'number')
    throw new Undecidable(`it is not known how much ${relation.source} takes on the stack`);
  if (takes > words)
    throw new Undecidable(`${relation.source} takes ${takes} words on the stack, and ${target} lays out ${words}`);
}

function body(context: Context, relation: FunctionRelation): FunctionCode | undefined {
  return context.target.functionAt(relation.target);
}

/** An entry has one way, and takes it always. */
function only({ exits }: Exploration, { target }: NativeEntry): Exit {
  const [exit] = exits;
  if (exit === undefined || exits.length !== 1 || exit.path.length > 0)
    throw new Undecidable(`${target} does not just call the function that it is the entry of`);
  if (exit.to.kind === 'lost') throw new Undecidable(exit.to.reason);
  return exit;
}

/** The address of a word that the entry lays out, from the stack pointer with which the function is entered. */
const wordAt = (sp: Term, index: number): Term => add(sp, bv(64, WORD * index));

function arrivalDuties(
  context: Context,
  duties: Duties,
  { words }: NativeEntry,
  origin: Machine,
  state: Machine,
  to: CallTo,
): void {
  const { isas } = context;
  const { argumentBits, calleeSaved, homes, link, stackArguments } = isas.pair;
  const [caller, sp] = [origin.get(isas.target.stackPointer), state.get(isas.target.stackPointer)];
  duties.alignedBase(sp);
  duties.always();
  duties.equal('the return address of the function', to.returnAddress, state.get(link));
  for (const register of [...Object.keys(argumentBits), ...calleeSaved]) {
    const home = homes[register];
    if (home !== undefined) duties.equal(register, origin.start(home), state.get(home));
  }
  for (let i = 0; i < words; i++) {
    const place = stackArguments[i];
    const given =
      place === undefined ? load(origin.memory, wordAt(caller, i - stackArguments.length), WORD) : origin.start(place);
    duties.equal(`argument ${7 + i}`, given, load(state.memory, wordAt(sp, i), WORD));
  }
  duties.memory(origin.memory, state.memory, caller);
  const room = distance(caller, sp);
  // Where the stack pointer is a number, as in a counterexample, nothing is lost by computing with it.
  if (room === undefined || room < WORD * words || room > STACK_REACH)
    duties.doubt = 'the arguments are not in the frame of the entry for native code';
}

/** The states after the function has returned: what it must preserve is as before, and so is the entry's frame. */
function afterBody(context: Context, { words }: NativeEntry, origin: Machine, before: Machine): Machine {
  const { isas } = context;
  const { calleeSaved, homes, untouched } = isas.pair;
  const whole = [...calleeSaved.map((r) => homes[r] ?? r), isas.target.stackPointer, isas.target.threadPointer];
  const kept = new Map([...whole.map((loc) => [loc, 64] as const), ...untouched.map((u) => [u.loc, u.bits] as const)]);
  const sp = before.get(isas.target.stackPointer);
  const end = distance(origin.get(isas.target.stackPointer), sp) ?? 0;
  let memory = variable('memory.after', 0);
  for (let at = WORD * words; at + WORD <= Math.min(end, STACK_REACH); at += WORD) {
    const address = add(sp, bv(64, at));
    memory = store(memory, address, load(before.memory, address, WORD));
  }
  return new Machine(isas.target, 'r.', memory, (loc) => {
    const fresh = locationVariable(isas.target, 'r.', loc);
    const bits = kept.get(loc) ?? 0;
    if (bits === 0 || bits >= fresh.width) return bits === 0 ? fresh : before.get(loc);
    return concat(extract(fresh, fresh.width - 1, bits), low(before.get(loc), bits));
  });
}

function returnDuties(context: Context, duties: Duties, origin: Machine, after: Machine, { to, state }: Exit): void {
  const { isas } = context;
  const { calleeSaved, homes, link, results } = isas.pair;
  if (to.kind !== 'return') throw new Undecidable('an entry for native code does not return behind its call');
  duties.always();
  duties.equal('the return address', origin.start(link), to.target);
  const caller = origin.start(isas.target.stackPointer);
  duties.equal('the stack pointer', caller, state.get(isas.target.stackPointer));
  for (const r of calleeSaved) {
    const home = homes[r];
    if (home !== undefined) duties.equal(r, origin.start(home), state.get(home));
  }
  for (const place of Object.values(results)) duties.equal(place, after.start(place), state.get(place));
  duties.memory(after.memory, state.memory, caller);
}

/** What the entry may access: its own frame, and of its caller's the arguments. */
function doubtOf(
  context: Context,
  { words }: NativeEntry,
  origin: Machine,
  accesses: readonly PathAccess[],
): string | undefined {
  const sp = origin.start(context.isas.target.stackPointer);
  const given = WORD * Math.max(0, words - context.isas.pair.stackArguments.length);
  const wild = accesses.find((a) => {
    const at = distance(a.address, sp);
    return at === undefined || at < -STACK_REACH || at + a.bytes > (a.kind === 'load' ? given : 0);
  });
  if (wild !== undefined) return `the ${wild.kind} of ${wild.bytes} bytes in an entry for native code could fault`;
  if (loadsOf(accesses, [], []).kind === 'lost' || accesses.some((a) => depthBelowStack(a) > 0))
    return 'an entry for native code uses memory below its stack pointer';
  return undefined;
}

/** The names of the target that stand for those of the source's functions that have two, and of others' that do. */
export function stackedNames({ source, target, functions }: Pick<Claim, 'source' | 'target' | 'functions'>): {
  readonly own: ReadonlyMap<string, string>;
  readonly others: (name: string) => string | undefined;
} {
  const own = new Map<string, string>();
  for (const f of functions) {
    if (f.nativeEntry === undefined) continue;
    const code = source.functions[source.functionOf.get(f.source) ?? -1];
    for (const n of code === undefined ? [] : [code.name, ...code.aliases]) own.set(n, f.target);
  }
  const others = (name: string): string | undefined => {
    const other = stackedName(name);
    return source.symbols.get(name)?.defined === false && target.symbols.has(other) ? other : undefined;
  };
  return { own, others };
}

/** What is wrong with the names of the functions that have an entry for native code. */
export function stackedFindings(context: Context): string[] {
  const { source, target, functions } = context.claim;
  const findings: string[] = [];
  for (const s of source.symbols.keys())
    if (withoutStacked(s) !== undefined) findings.push(`the source uses ${s}, a name of the target's own`);
  const stacked = new Set<string>();
  for (const f of functions) {
    if (f.nativeEntry === undefined) continue;
    stacked.add(f.target);
    if (withoutStacked(f.target) !== f.source) findings.push(`${f.target} is no name beside ${f.source}`);
    if (target.symbols.get(f.target)?.visibility !== 'hidden') findings.push(`${f.target} can be seen from outside`);
  }
  for (const t of target.symbols.values())
    if (t.defined && withoutStacked(t.name) !== undefined && !stacked.has(t.name))
      findings.push(`the target defines ${t.name}, of which nothing is claimed`);
  return findings;
}
