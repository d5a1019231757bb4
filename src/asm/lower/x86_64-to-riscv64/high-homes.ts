// SPDX-License-Identifier: MIT
import type { FunctionCode } from '../../program/types.ts';
import { sameRegister } from '../from-x86_64/operands.ts';
import { partsOf } from '../from-x86_64/rule.ts';
import type { HighHomes } from './context.ts';
import { home, SPARE_FLOAT } from './registers.ts';

/** Instructions on doubles, and on floats, by their mnemonics. */
const DOUBLE = /[sp]d$|^cvtt?[sp]d2|^movlp|^movhp/;
const SINGLE = /^(?!xor|and|or|mova|movu).*[sp]s$|^cvtt?[sp]s2/;

/**
 * The registers that are free for high halves of vector registers in a function, which are the homes of those that no
 * instruction of it names; and in which of those it does name it has doubles.
 */
export function highHomes(code: FunctionCode): HighHomes {
  const named = new Set<string>();
  const [doubles, singles] = [new Set<string>(), new Set<string>()];
  for (const inst of code.insts) {
    for (const [k, op] of inst.ops.entries()) {
      if (op.kind !== 'reg') continue;
      named.add(op.reg.loc);
      if (op.reg.class !== 'vec') continue;
      const { mnemonic } = partsOf(inst);
      // A conversion has the one as its source and the other as its destination.
      const [ends, begins] = [/[sp]([sd])$/.exec(mnemonic)?.[1], /^cvtt?[sp]([sd])2/.exec(mnemonic)?.[1]];
      const kind = k === 1 && begins !== undefined ? begins : ends;
      if (kind === 'd' && DOUBLE.test(mnemonic)) doubles.add(op.reg.loc);
      else if (kind === 's' && SINGLE.test(mnemonic)) singles.add(op.reg.loc);
    }
  }
  const free = [SPARE_FLOAT];
  for (let n = 15; n >= 0; n--) if (!named.has(`xmm${n}`)) free.push(home(`xmm${n}`));
  return { homes: new Map(), free, doubles: new Set([...doubles].filter((s) => !singles.has(s))), taken: taken(code) };
}

/** The vector registers that an instruction reads on some way from the entry before one writes them, up to calls. */
function taken(code: FunctionCode): ReadonlySet<string> {
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
      const { mnemonic, ops } = partsOf(inst);
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
