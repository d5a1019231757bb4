// SPDX-License-Identifier: MIT
import { assert, InternalError, must } from '../../../base/assert.ts';
import type { FlagPlace } from '../../abi/relation.ts';
import type { Inst } from '../../isa/define.ts';
import type { Reg } from '../../isa/operand.ts';
import { type After, BlockContext, type Claims } from '../from-x86_64/context.ts';
import { FLAGS, type FlagName, type FlagPlaces } from '../from-x86_64/flags.ts';
import { constantSequence } from './constants.ts';
import { inNzcv, invertCode } from './flags.ts';
import { FLAG_BITS, FLAG_WORD, GENERAL_TEMPS, home, r, VECTOR_TEMPS, w, x } from './registers.ts';

/** The state of lowering inside one block for AArch64: which temporaries are free, and which flags are in NZCV. */
export class Context extends BlockContext {
  /** Whether a float comparison in this block set the flags: then at most one of N, Z and V is set. */
  compared = false;
  private generalUsed = 0;
  private vectorUsed = 0;

  override startBlock(rsp: number, sp: number, places: FlagPlaces, claims: Claims): void {
    super.startBlock(rsp, sp, places, claims);
    this.compared = false;
    this.generalUsed = 0;
    this.vectorUsed = 0;
  }

  // Temporaries: free again at the next instruction.

  override begin(inst: Inst, after: After): void {
    super.begin(inst, after);
    this.generalUsed = 0;
    this.vectorUsed = 0;
  }

  temp(): number {
    const n = GENERAL_TEMPS[this.generalUsed++];
    assert(n !== undefined, 'out of general temporaries');
    return n;
  }

  vectorTemp(): number {
    const n = VECTOR_TEMPS[this.vectorUsed++];
    assert(n !== undefined, 'out of vector temporaries');
    return n;
  }

  /** Runs `body` and frees the general temporaries that it took. */
  scoped(body: () => void): void {
    const used = this.generalUsed;
    body();
    this.generalUsed = used;
  }

  constant(value: bigint | number, width: number, into = this.temp()): number {
    for (const line of constantSequence(into, BigInt(value), width === 64 ? 64 : 32)) this.lines.push(`\t${line}`);
    return into;
  }

  // Registers

  /** The register to compute a result for `reg` in: its home when nothing else in it is needed, else a temporary. */
  target(reg: Reg): number {
    return reg.width >= 32 || (reg.lo === 0 && !this.restIsLive(reg)) ? home(reg.loc) : this.temp();
  }

  /** Puts the low bits of register `value` into `reg`, keeping the rest of it where x86 does and somebody looks. */
  writeRegister(reg: Reg, value: number): void {
    const h = home(reg.loc);
    if (reg.width === 64) {
      if (h !== value) this.op('mov', x(h), x(value));
    } else if (reg.width === 32) {
      this.op('mov', w(h), w(value));
    } else if (reg.lo === 0 && !this.restIsLive(reg)) {
      if (h !== value) this.op('mov', w(h), w(value));
    } else {
      this.op('bfi', x(h), x(value), `#${reg.lo}`, `#${reg.width}`);
    }
  }

  // Flags

  /** Makes NZCV free to be changed by an instruction that changes none of the flags `kept` on x86. */
  freeNzcv(kept: readonly FlagName[] = FLAGS): void {
    let t: number | undefined;
    for (const flag of kept) {
      const place = this.places.get(flag);
      if (place === undefined || !inNzcv(place) || !this.after.liveFlag(flag)) continue;
      t ??= this.temp();
      this.moveToWord(flag, t);
    }
  }

  /** Moves a flag from NZCV into its bit of the flag word. Changes no condition code. */
  moveToWord(flag: FlagName, into?: number): void {
    const place = must(this.places.get(flag), `flag ${flag} is lost`);
    const bit = must(FLAG_BITS[flag], `no bit for ${flag}`);
    if (place.kind === 'bit' && place.loc === `x${FLAG_WORD}` && place.bit === bit) return;
    this.setWordBit(flag, this.flagValue(place, into));
  }

  /** Puts bit 0 of register `t` into the flag word as `flag`. */
  setWordBit(flag: FlagName, t: number): void {
    const bit = must(FLAG_BITS[flag], `no bit for ${flag}`);
    this.op('bfi', x(FLAG_WORD), x(t), `#${bit}`, '#1');
    this.places.set(flag, { kind: 'bit', loc: `x${FLAG_WORD}`, bit });
  }

  /** A flag as 0 or 1 in a temporary. Changes no condition code. */
  flagValue(place: FlagPlace, t = this.temp()): number {
    switch (place.kind) {
      case 'constant':
        this.op('mov', w(t), `#${place.value}`);
        break;
      case 'bit':
        this.op('ubfx', x(t), place.loc, `#${place.bit}`, '#1');
        break;
      case 'flag': {
        const code = must(SET_CODE[place.flag], `no condition for ${place.flag}`);
        this.op('cset', w(t), place.inverted ? invertCode(code) : code);
        break;
      }
      case 'difference':
      case 'comparison':
        throw new InternalError('AArch64 has flags');
      case 'pair':
        if (place.op === 'xor') this.op('cset', w(t), 'lt');
        else {
          this.op('cset', w(t), 'eq');
          this.op('csinc', w(t), w(t), 'wzr', 'vc');
        }
        break;
    }
    return t;
  }

  /** Sets the carry to `cf` (or to its inverse), as `adc` (`sbc`) wants it. Destroys the other condition codes. */
  loadCarry(inverted: boolean): void {
    const place = this.places.get('cf');
    assert(place !== undefined, 'the carry flag is lost');
    if (place.kind === 'flag' && place.flag === 'c' && place.inverted === inverted) return;
    const t = this.flagValue(place);
    if (inverted) this.op('cmp', 'wzr', w(t));
    else this.op('cmp', w(t), '#1');
  }

  override setFlags(places: FlagPlaces): void {
    super.setFlags(places);
    this.compared = [...places.values()].some((p) => p.kind === 'pair');
  }

  /** Records flags after an integer result: the parity flag comes from its low byte, computed only where it is read. */
  parityOf(result: number, temp?: number): void {
    if (!this.after.liveFlag('pf')) {
      this.places.delete('pf');
      return;
    }
    const t = temp ?? this.temp();
    this.op('eor', w(t), w(result), w(result), 'lsr #4');
    this.op('eor', w(t), w(t), w(t), 'lsr #2');
    this.op('eor', w(t), w(t), w(t), 'lsr #1');
    this.op('mvn', w(t), w(t));
    this.setWordBit('pf', t);
  }

  reg(n: number, width: number): string {
    return r(n, width);
  }
}

const SET_CODE: Readonly<Record<string, string>> = { n: 'mi', z: 'eq', c: 'hs', v: 'vs' };
