// SPDX-License-Identifier: MIT
import { and, not, xor } from './bitwise.ts';
import { ite } from './choice.ts';
import { add } from './linear.ts';
import { joinLoads } from './memory.ts';
import { arg, bv } from './pool.ts';
import { concatAll, extract } from './slice.ts';
import type { Term } from './term.ts';

/** The single term that has the bits of `high` above those of `low`, where there is one. */
export function join(high: Term, low: Term): Term | undefined {
  switch (high.op) {
    case 'const':
      if (low.op === 'const') {
        return bv(high.width + low.width, (high.value << BigInt(low.width)) | low.value);
      }
      return undefined;
    case 'extract': {
      const whole = arg(high, 0);
      const at = high.lo - low.width;
      if (whole.op === 'load' || low.op === 'load') return joinLoads(high, low);
      if (low.op === 'extract') {
        if (arg(low, 0) === whole) {
          return low.lo === at ? extract(whole, high.lo + high.width - 1, at) : undefined;
        }
      }
      if (at < 0 || !slicesInward(whole)) return undefined;
      if (extract(whole, high.lo - 1, at) !== low) return undefined;
      return extract(whole, high.lo + high.width - 1, at);
    }
    case 'load':
      return joinLoads(high, low);
    case 'not': {
      // What is cut from a sum may be the complement of a cut, and its low bits are a sum.
      if (low.op !== 'not' && low.op !== 'add' && low.op !== 'mul') return undefined;
      const inner = joinAtom(arg(high, 0), not(low));
      return inner === undefined ? undefined : not(inner);
    }
    case 'and':
    case 'xor':
      return low.op === high.op ? joinBitwise(high, low) : undefined;
    case 'ite': {
      if (low.op !== 'ite' || arg(low, 0) !== arg(high, 0)) return undefined;
      const a = joinAtom(arg(high, 1), arg(low, 1));
      if (a === undefined) return undefined;
      const b = joinAtom(arg(high, 2), arg(low, 2));
      return b === undefined ? undefined : ite(arg(high, 0), a, b);
    }
    case 'add':
      return joinSum(high, low);
    default:
      return undefined;
  }
}

/** Whether taking low bits of `t` gives something else than an `extract` of it. */
function slicesInward(t: Term): boolean {
  return t.op === 'add' || t.op === 'mul' || t.op === 'shl' || t.op === 'udiv' || t.op === 'sdiv';
}

function joinAtom(high: Term, low: Term): Term | undefined {
  const joined = join(high, low);
  return joined === undefined || joined.op === 'concat' ? undefined : joined;
}

/** (a1 op b1) above (a0 op b0), where the arguments join in pairs. */
function joinBitwise(high: Term, low: Term): Term | undefined {
  const n = high.args.length;
  if (low.args.length !== n || n > 8) return undefined;
  const rest = low.args.slice();
  let result: Term | undefined;
  for (const h of high.args) {
    let joined: Term | undefined;
    for (let i = 0; i < rest.length; i++) {
      joined = joinAtom(h, rest[i] as Term);
      if (joined !== undefined) {
        rest.splice(i, 1);
        break;
      }
    }
    if (joined === undefined) return undefined;
    if (result === undefined) result = joined;
    else result = high.op === 'and' ? and(result, joined) : xor(result, joined);
  }
  return result === undefined || result.op === 'concat' ? undefined : result;
}

/** x[hi:lo] + y above x[lo-1:0] is x + (y << lo). */
function joinSum(high: Term, low: Term): Term | undefined {
  for (let i = 0; i < high.args.length; i++) {
    const part = high.args[i] as Term;
    if (part.op !== 'extract' || part.lo !== low.width) continue;
    const whole = extract(arg(part, 0), part.lo + part.width - 1, 0);
    if (extract(whole, low.width - 1, 0) !== low) continue;
    const others = high.args.filter((_, j) => j !== i);
    const rest = others.length === 1 ? (others[0] as Term) : others.reduce(add);
    const joined = add(whole, concatAll([rest, bv(low.width, 0)]));
    return joined.op === 'concat' ? undefined : joined;
  }
  return undefined;
}
