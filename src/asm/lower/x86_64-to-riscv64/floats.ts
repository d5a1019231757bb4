// SPDX-License-Identifier: MIT
import type { Term } from '../../../logic/term.ts';
import { effectsOf, type Inst } from '../../isa/define.ts';
import { locationVariable, SymbolicState } from '../../isa/state.ts';
import { x86_64 } from '../../isa/x86_64/index.ts';
import { demandedBits } from '../../program/demand.ts';
import { isReg, sameRegister } from '../from-x86_64/operands.ts';
import { partsOf } from '../from-x86_64/rule.ts';
import type { Context, FloatState } from './context.ts';
import { f, home, x } from './registers.ts';

/** A register with the float in the low 32 bits of a vector register: its home, boxed for good where nobody minds. */
export function single(c: Context, source: string): number {
  const n = home(source);
  if (c.floatState(source) === 'boxed') return n;
  if (!c.mayBox(source)) {
    const t = c.boxedCopies.get(source) ?? boxed(c, n);
    c.boxedCopies.set(source, t);
    return t;
  }
  boxed(c, n, n);
  c.setFloatState(source, 'boxed');
  return n;
}

/** A register with the low 32 bits of register `n` below ones, as single-precision instructions want them. */
export function boxed(c: Context, n: number, into = c.floatTemp()): number {
  c.scoped(() => {
    const t = c.temp();
    c.op('fmv.x.w', x(t), f(n));
    c.op('fmv.w.x', f(into), x(t));
  });
  return into;
}

/** Instructions on lanes, of which the upper 32 bits of a low half may be made of what nobody has kept. */
const LANES = /^p|^shufps|^unpck[lh]ps/;
const CLEARING = /^pxor|^psub|^pcmpeq|^pcmpgt/;
const PREFIX = 'lanes.';

/** Whether the upper 32 bits that the current instruction gives its destination may come of what is not there. */
export function readsLoose(c: Context): boolean {
  if (c.inst === undefined) return false;
  const { mnemonic, ops } = partsOf(c.inst);
  if (!LANES.test(mnemonic) || (CLEARING.test(mnemonic) && sameRegister(ops[0], ops[1]))) return false;
  return upperFrom(c, c.inst, (state) => state === 'boxed');
}

/** The same of any instruction, where what may be a float counts as one. */
export const mayReadLoose = (c: Context): boolean =>
  c.inst !== undefined && upperFrom(c, c.inst, (state) => state === 'boxed' || state === 'either');

/** Whether those bits depend on the upper half of such a float, or on a high half that nobody wants. */
function upperFrom(c: Context, inst: Inst, isFloat: (state: FloatState) => boolean): boolean {
  const dst = inst.ops[0];
  if (!isReg(dst)) return false;
  const absent = new Map<Term, readonly [low: boolean, high: boolean]>();
  for (const op of inst.ops) {
    if (op.kind !== 'reg' || op.reg.class !== 'vec') continue;
    const source = op.reg.loc;
    const [low, high] = [isFloat(c.floatState(source)), !c.earlier.surelyLive(source, 64, 127)];
    if (low || high) absent.set(locationVariable(x86_64, PREFIX, source), [low, high]);
  }
  if (absent.size === 0) return false;
  let found = false;
  for (const e of effectsOf(inst, new SymbolicState(x86_64, PREFIX))) {
    if (e.kind !== 'set' || e.loc !== dst.reg.loc) continue;
    demandedBits(e.value, 32, 63, (variable, lo, hi) => {
      const [low, high] = absent.get(variable) ?? [false, false];
      if ((low && lo <= 63 && hi >= 32) || (high && hi >= 64)) found = true;
    });
  }
  return found;
}

/** Instructions on lanes that are never used for a float or a double by itself. */
const SEVERAL =
  /^p(?!and|or|xor)|^(?:add|sub|mul|div|min|max|sqrt|addsub|hadd|hsub|cmp\w*|shuf|unpck[lh])ps$|^cvtdq2ps$|^cvtt?ps2dq$|^movs[hl]dup$/;
/** Logic is, with a mask. */
const LOGIC = /^p?(?:and|andn|or|xor)(?:ps|pd)?$/;

/**
 * Whether an instruction on lanes makes the low half of its result of a register's bits 32 to 63. That `both` operands are
 * arguments tells that neither is a mask.
 */
export function takesUpper(inst: Inst, source: string, both: boolean): boolean {
  const { mnemonic, ops } = partsOf(inst);
  const [dst, src] = ops;
  if (!isReg(dst) || dst.reg.class !== 'vec') return false;
  if (LOGIC.test(mnemonic) ? !both : !SEVERAL.test(mnemonic)) return false;
  if (CLEARING.test(mnemonic) && sameRegister(dst, src)) return false;
  const own = locationVariable(x86_64, PREFIX, source);
  let found = false;
  for (const e of effectsOf(inst, new SymbolicState(x86_64, PREFIX))) {
    if (e.kind !== 'set' || e.loc !== dst.reg.loc) continue;
    demandedBits(e.value, 0, 63, (variable, lo, hi) => {
      if (variable === own && lo <= 63 && hi >= 32) found = true;
    });
  }
  return found;
}

/**
 * A result with such upper bits gets the form of a float: nobody surely reads them, but what may be passed on as an
 * argument must be a float or a double.
 */
export function tighten(c: Context): void {
  const dst = c.inst?.ops[0];
  if (!c.upperUnkept || !isReg(dst) || dst.reg.class !== 'vec') return;
  const source = dst.reg.loc;
  if (c.floatState(source) !== 'exact' || c.after.surelyLive(source, 32, 63) || !c.after.live(source, 0, 63)) return;
  boxed(c, home(source), home(source));
  c.setFloatState(source, 'boxed');
}
