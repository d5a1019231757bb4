// SPDX-License-Identifier: MIT
import { x8664ToRiscv64 } from '../../abi/pairs/x86_64-riscv64.ts';
import type { Inst } from '../../isa/define.ts';
import { x86_64 } from '../../isa/x86_64/index.ts';
import { chunksOf, setOf } from '../../program/chunks.ts';
import type { FunctionCode } from '../../program/types.ts';
import type { FunctionFacts, LiveParts } from '../from-x86_64/facts.ts';
import { sameRegister } from '../from-x86_64/operands.ts';
import { formOf } from '../from-x86_64/rule.ts';
import type { HighHomes } from './context.ts';
import { home, numberOf, SPARE_FLOAT } from './registers.ts';

/** Instructions on doubles, and on floats, by their mnemonics. */
const DOUBLE = /[sp]d$|^cvtt?[sp]d2|^movlp|^movhp/;
const SINGLE = /^(?!xor|and|or|mova|movu).*[sp]s$|^cvtt?[sp]s2/;

const known = new WeakMap<FunctionFacts, HighHomes>();

/** What a function does with its vector registers: where their high halves are, and in which it has doubles. */
export function highHomes(code: FunctionCode, facts: FunctionFacts): HighHomes {
  const homes = known.get(facts) ?? findHighHomes(code, facts);
  known.set(facts, homes);
  return homes;
}

function findHighHomes(code: FunctionCode, facts: FunctionFacts): HighHomes {
  const named = new Set<string>();
  const written = new Set<string>();
  const [doubles, singles] = [new Set<string>(), new Set<string>()];
  for (const inst of code.insts) {
    for (const [k, op] of inst.ops.entries()) {
      if (op.kind !== 'reg' || op.reg.class !== 'vec') continue;
      named.add(op.reg.loc);
      if (inst.def.operands[k]?.[1].access !== 'r') written.add(op.reg.loc);
      const { mnemonic } = formOf(inst.def);
      // A conversion has the one as its source and the other as its destination.
      const [ends, begins] = [/[sp]([sd])$/.exec(mnemonic)?.[1], /^cvtt?[sp]([sd])2/.exec(mnemonic)?.[1]];
      const kind = k === 1 && begins !== undefined ? begins : ends;
      if (kind === 'd' && DOUBLE.test(mnemonic)) doubles.add(op.reg.loc);
      else if (kind === 's' && SINGLE.test(mnemonic)) singles.add(op.reg.loc);
    }
  }
  const taken = code.blocks.map((b) => doublesTaken(code.insts.slice(b.start, b.end)));
  return {
    keeps: (source) => facts.hasCallers && !written.has(source),
    doublesAt: (block) => taken[block] ?? NONE,
    homes: coloured(code, facts, named),
    doubles: new Set([...doubles].filter((s) => !singles.has(s))),
    taken: takenFrom(code),
  };
}

const NONE: ReadonlySet<string> = new Set();

/** The vector registers of which the first that these instructions do is to take all 64 bits of the low half elsewhere. */
function doublesTaken(insts: readonly Inst[]): ReadonlySet<string> {
  const found = new Set<string>();
  const named = new Set<string>();
  for (const inst of insts) {
    const { mnemonic } = formOf(inst.def);
    const [dst, src] = inst.ops;
    const whole = mnemonic === 'movq' || mnemonic === 'movsd' || mnemonic === 'movlpd';
    if (whole && src?.kind === 'reg' && src.reg.class === 'vec' && !named.has(src.reg.loc)) {
      if (dst?.kind === 'mem' || (dst?.kind === 'reg' && dst.reg.class !== 'vec')) found.add(src.reg.loc);
    }
    for (const source of vectorsIn(inst)) named.add(source);
  }
  return found;
}

/**
 * High halves go into the homes of low halves that are neither named nor live meanwhile, and into one more register.
 * Those that are never wanted at the same time may share one. Callers and callees agree on the usual ones where they can.
 */
function coloured(code: FunctionCode, facts: FunctionFacts, named: ReadonlySet<string>): Map<string, number> {
  const taken = new Map<string, Set<number>>();
  const together = new Map<string, Set<string>>();
  const meet = (live: LiveParts, here: readonly string[]): void => {
    if (!live.anySurelyLive(HIGH_HALVES)) return;
    const all = SOURCES.filter((s) => live.surelyLive(s, 64, 127));
    if (all.length === 0) return;
    const lows = SOURCES.filter((s) => here.includes(s) || live.live(s, 0, 63)).map(home);
    for (const a of all) {
      const others = together.get(a) ?? new Set();
      for (const b of all) if (b !== a) others.add(b);
      together.set(a, others);
      const registers = taken.get(a) ?? new Set();
      for (const n of lows) registers.add(n);
      taken.set(a, registers);
    }
  };
  for (const block of code.blocks) {
    meet(facts.atBlock(block.index), []);
    if (named.size === 0) continue;
    for (let k = block.start; k < block.end; k++) {
      const here = vectorsIn(code.insts[k]);
      meet(facts.after(k), here);
      if (here.length > 0) meet(facts.before(k), here);
    }
  }
  const homes = new Map<string, number>();
  for (const [source, others] of [...together].sort((x, y) => y[1].size - x[1].size)) {
    const not = new Set([...(taken.get(source) ?? []), ...[...others].map((o) => homes.get(o))]);
    const usual = x8664ToRiscv64.highHomes?.[source];
    const order = [...(usual === undefined ? [] : [numberOf(usual)]), SPARE_FLOAT, ...SOURCES.map(home).reverse()];
    const found = order.find((n) => !not.has(n));
    if (found !== undefined) homes.set(source, found);
  }
  return homes;
}

function vectorsIn(inst: Inst | undefined): string[] {
  return (inst?.ops ?? []).flatMap((op) => (op.kind === 'reg' && op.reg.class === 'vec' ? [op.reg.loc] : []));
}

const SOURCES = Array.from({ length: 16 }, (_, n) => `xmm${n}`);
const HIGH_HALVES = setOf(chunksOf(x86_64), ...SOURCES.map((s) => `${s}:64-127`));

/** The vector registers that an instruction reads on some way from the entry before one writes them, up to calls. */
function takenFrom(code: FunctionCode): ReadonlySet<string> {
  const found = new Set<string>();
  const seen = new Set<number>();
  const work: { readonly block: number; readonly written: ReadonlySet<string> }[] = [{ block: 0, written: new Set() }];
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const block = code.blocks[next.block];
    if (block === undefined || seen.has(next.block)) continue;
    seen.add(next.block);
    const written = new Set(next.written);
    for (let k = block.start; k < block.end; k++) {
      const inst = code.insts[k];
      if (inst === undefined) continue;
      const { mnemonic } = formOf(inst.def);
      const { ops } = inst;
      const clears = sameRegister(ops[0], ops[1]);
      for (const [position, op] of ops.entries()) {
        if (op.kind !== 'reg' || op.reg.class !== 'vec' || written.has(op.reg.loc)) continue;
        if (!clears && (position > 0 || !/^mov|^sqrt|^cvt/.test(mnemonic))) found.add(op.reg.loc);
      }
      const dst = ops[0];
      if (dst?.kind === 'reg' && dst.reg.class === 'vec') written.add(dst.reg.loc);
    }
    if (block.flow.kind !== 'call') for (const s of block.successors) work.push({ block: s, written });
  }
  return found;
}
