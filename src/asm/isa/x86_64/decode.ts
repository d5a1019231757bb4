// SPDX-License-Identifier: MIT
import { GPRS } from './registers.ts';

/**
 * Instructions that hand-written code spells as `.byte`, since assemblers of its time did not know them or would have
 * chosen a shorter encoding. Whatever is not listed here has no text (Intel SDM vol. 2, chapter 2 and appendix A).
 */
export interface Decoded {
  /** In AT&T syntax. */
  readonly text: string;
  readonly length: number;
  /** What makes GNU as choose these very bytes: `{disp32} `, `{disp8} `, or nothing. */
  readonly encoding: string;
}

/** The order of operands in AT&T syntax. */
type Shape =
  | 'rm,reg'
  | 'reg,rm'
  /** With an 8-bit immediate in front. */
  | 'i,rm,reg';

interface Entry {
  readonly name: string;
  readonly shape: Shape;
  /** What the reg field names, and the other operand where it is a register: `x`, a vector register, or `g`. */
  readonly reg: 'x' | 'g';
  readonly rm: 'x' | 'g';
  /** Operands that are always the same, in front of the others. */
  readonly fixed?: string;
  /** A register only, or memory only. */
  readonly only?: 'register' | 'memory';
}

const vector = (name: string, shape: Shape = 'rm,reg', fixed?: string): Entry => ({
  ...{ name, shape, reg: 'x', rm: 'x' },
  ...(fixed === undefined ? {} : { fixed }),
});
const general = (name: string, shape: Shape, only?: Entry['only']): Entry => ({
  ...{ name, shape, reg: 'g', rm: 'g' },
  ...(only === undefined ? {} : { only }),
});

/** By mandatory prefix, opcode map and opcode. */
const ENTRIES: ReadonlyMap<string, Entry> = new Map([
  ['66 0f38 00', vector('pshufb')],
  ['66 0f3a 0f', vector('palignr', 'i,rm,reg')],
  ['66 0f3a 44', vector('pclmulqdq', 'i,rm,reg')],
  ['66 0f38 db', vector('aesimc')],
  ['66 0f38 dc', vector('aesenc')],
  ['66 0f38 dd', vector('aesenclast')],
  ['66 0f38 de', vector('aesdec')],
  ['66 0f38 df', vector('aesdeclast')],
  ['66 0f3a df', vector('aeskeygenassist', 'i,rm,reg')],
  [' 0f38 c8', vector('sha1nexte')],
  [' 0f38 c9', vector('sha1msg1')],
  [' 0f38 ca', vector('sha1msg2')],
  [' 0f3a cc', vector('sha1rnds4', 'i,rm,reg')],
  [' 0f38 cb', vector('sha256rnds2', 'rm,reg', '%xmm0')],
  [' 0f38 cc', vector('sha256msg1')],
  [' 0f38 cd', vector('sha256msg2')],
  ['66 0f 6e', { name: 'mov', shape: 'rm,reg', reg: 'x', rm: 'g', only: 'register' }],
  ['66 0f 7e', { name: 'mov', shape: 'reg,rm', reg: 'x', rm: 'g', only: 'register' }],
  ['66 0f3a 22', { name: 'pinsr', shape: 'i,rm,reg', reg: 'x', rm: 'g' }],
  [' 0f38 f0', general('movbe', 'rm,reg', 'memory')],
  [' 0f38 f1', general('movbe', 'reg,rm', 'memory')],
  ['  89', general('mov', 'reg,rm')],
  ['  8b', general('mov', 'rm,reg', 'memory')],
  ['  8d', general('lea', 'rm,reg', 'memory')],
]);

/** Whole instructions without operands, or with operands that do not vary. */
const FIXED: readonly (readonly [bytes: string, text: string])[] = [
  ['f3c3', 'rep ret'],
  ['c3', 'ret'],
  ['90', 'nop'],
  ['6690', 'xchg %ax,%ax'],
  ['0f1f00', 'nopl (%rax)'],
  ['f390', 'pause'],
  ['f30f1efa', 'endbr64'],
  ['0f0b', 'ud2'],
  ['0fa2', 'cpuid'],
  ['0f31', 'rdtsc'],
  ['0f01d0', 'xgetbv'],
  ['fc', 'cld'],
  ['f3a4', 'rep movsb'],
  ['f348a5', 'rep movsq'],
  ['f3aa', 'rep stosb'],
  ['f348ab', 'rep stosq'],
];

/** The instructions that these bytes are, all of them; undefined where some are none that is known here. */
export function decode(bytes: readonly number[]): readonly Decoded[] | undefined {
  const found: Decoded[] = [];
  for (let at = 0; at < bytes.length; ) {
    const one = decodeOne(bytes.slice(at));
    if (one === undefined) return undefined;
    found.push(one);
    at += one.length;
  }
  return found;
}

function decodeOne(bytes: readonly number[]): Decoded | undefined {
  const hex = bytes.map((b) => b.toString(16).padStart(2, '0')).join('');
  const fixed = FIXED.find(([start]) => hex.startsWith(start));
  if (fixed !== undefined) return { text: fixed[1], length: fixed[0].length / 2, encoding: '' };
  return new Decoder(bytes).run();
}

/** Registers by their number, as AT&T writes them. */
function general64(n: number): string {
  return `%${GPRS[n] ?? ''}`;
}

function general32(n: number): string {
  return n < 8 ? general64(n).replace('%r', '%e') : `${general64(n)}d`;
}

class Decoder {
  private readonly bytes: readonly number[];
  private at = 0;
  private prefix = '';
  private wide = false;
  /** The fourth bits of the reg field, the index and the base. */
  private high = { reg: 0, index: 0, base: 0 };
  private encoding = '';

  constructor(bytes: readonly number[]) {
    this.bytes = bytes;
  }

  run(): Decoded | undefined {
    const text = this.bytes[0] === 0xc4 ? this.vex() : this.legacy();
    // An instruction has at most 15 bytes.
    if (text === undefined || this.at > this.bytes.length || this.at > 15) return undefined;
    return { text, length: this.at, encoding: this.encoding };
  }

  private byte(): number {
    return this.bytes[this.at++] ?? 0;
  }

  private legacy(): string | undefined {
    if (this.bytes[0] === 0x66) this.prefix = '66';
    this.at = this.prefix === '' ? 0 : 1;
    let opcode = this.byte();
    if ((opcode & 0xf0) === 0x40) {
      this.rex(opcode & 15);
      // One without effect would not be chosen by an assembler.
      if (opcode === 0x40) return undefined;
      opcode = this.byte();
    }
    let map = '';
    if (opcode === 0x0f) {
      opcode = this.byte();
      map = '0f';
      if (opcode === 0x38 || opcode === 0x3a) {
        map += opcode.toString(16);
        opcode = this.byte();
      }
    }
    const entry = ENTRIES.get(`${this.prefix} ${map} ${opcode.toString(16).padStart(2, '0')}`);
    if (entry !== undefined) return this.operands(entry);
    if (map === '0f' && opcode === 0xc7) return this.random();
    if (map === '' && this.prefix === '' && opcode === 0x81) return this.immediate(4);
    if (map === '' && this.prefix === '' && opcode === 0x83) return this.immediate(1);
    return undefined;
  }

  private rex(bits: number): void {
    this.wide = (bits & 8) !== 0;
    this.high = { reg: (bits & 4) << 1, index: (bits & 2) << 2, base: (bits & 1) << 3 };
  }

  /** `mulx`, of all that has a VEX prefix of three bytes. */
  private vex(): string | undefined {
    this.at = 1;
    const first = this.byte();
    const second = this.byte();
    const inverted = ~first >> 5;
    this.high = { reg: (inverted & 4) << 1, index: (inverted & 2) << 2, base: (inverted & 1) << 3 };
    this.wide = (second & 0x80) !== 0;
    const isMulx = (first & 0x1f) === 2 && (second & 7) === 3 && this.byte() === 0xf6;
    if (!isMulx) return undefined;
    const other = (~second >> 3) & 15;
    const modrm = this.byte();
    const rm = this.rm(modrm, 'g');
    if (rm === undefined) return undefined;
    return `mulx${this.suffix()} ${rm},${this.general(other)},${this.general(((modrm >> 3) & 7) | this.high.reg)}`;
  }

  private suffix(): string {
    return this.wide ? 'q' : 'l';
  }

  private general(n: number): string {
    return this.wide ? general64(n) : general32(n);
  }

  private register(n: number, kind: 'x' | 'g'): string {
    return kind === 'x' ? `%xmm${n}` : this.general(n);
  }

  private operands(e: Entry): string | undefined {
    // A size that vector instructions do not have.
    if (e.rm === 'x' && this.wide) return undefined;
    const modrm = this.byte();
    const isRegister = modrm >> 6 === 3;
    if (e.only !== undefined && isRegister !== (e.only === 'register')) return undefined;
    const reg = this.register(((modrm >> 3) & 7) | this.high.reg, e.reg);
    const rm = this.rm(modrm, e.rm);
    if (rm === undefined) return undefined;
    const ops = e.shape === 'reg,rm' ? [reg, rm] : [rm, reg];
    if (e.shape === 'i,rm,reg') ops.unshift(`$${this.byte()}`);
    if (e.fixed !== undefined) ops.unshift(e.fixed);
    const sized = e.rm === 'x' ? '' : this.suffix();
    // To and from a vector register the doubleword has a name of its own.
    const name = e.name === 'mov' && e.reg === 'x' && !this.wide ? 'movd' : `${e.name}${sizeName(e, sized)}`;
    return `${name} ${ops.join(',')}`;
  }

  /** RDRAND and RDSEED. */
  private random(): string | undefined {
    const modrm = this.byte();
    const name = { 6: 'rdrand', 7: 'rdseed' }[(modrm >> 3) & 7];
    const odd = this.prefix !== '' || this.high.reg !== 0 || this.high.index !== 0;
    if (name === undefined || modrm >> 6 !== 3 || odd) return undefined;
    return `${name} ${this.general((modrm & 7) | this.high.base)}`;
  }

  /** Arithmetic with an immediate of so many bytes. */
  private immediate(count: 1 | 4): string | undefined {
    const modrm = this.byte();
    const name = ['add', 'or', 'adc', 'sbb', 'and', 'sub', 'xor', 'cmp'][(modrm >> 3) & 7] ?? '';
    if (modrm >> 6 !== 3 || !this.wide || this.high.reg !== 0 || this.high.index !== 0) return undefined;
    const register = general64((modrm & 7) | this.high.base);
    const value = this.displacement(count);
    // A smaller one, or one for rax, has a shorter encoding.
    if (count === 4 && ((value >= -128 && value <= 127) || register === '%rax')) return undefined;
    return `${name}q $${value},${register}`;
  }

  /** A signed number of so many bytes. */
  private displacement(count: 1 | 4): number {
    let value = 0;
    for (let i = 0; i < count; i++) value |= this.byte() << (8 * i);
    return count === 1 ? (value << 24) >> 24 : value;
  }

  private rm(modrm: number, kind: 'x' | 'g'): string | undefined {
    const mod = modrm >> 6;
    const low = modrm & 7;
    if (mod === 3) return this.high.index === 0 ? this.register(low | this.high.base, kind) : undefined;
    let base = general64(low | this.high.base);
    let index = '';
    if (low === 4) {
      const sib = this.byte();
      const number = ((sib >> 3) & 7) | this.high.index;
      base = general64((sib & 7) | this.high.base);
      if (mod === 0 && (sib & 7) === 5) return undefined;
      if (number !== 4) index = `,${general64(number)},${1 << (sib >> 6)}`;
      else if (sib >> 6 !== 0 || (sib & 7) !== 4) return undefined;
    } else if (this.high.index !== 0 || (mod === 0 && low === 5)) return undefined;
    if (mod === 0) return `(${base}${index})`;
    const d = this.displacement(mod === 1 ? 1 : 4);
    const needed = d !== 0 || base === '%rbp' || base === '%r13';
    if (mod === 1 && !needed) this.encoding = '{disp8} ';
    if (mod === 2 && d >= -128 && d <= 127) this.encoding = '{disp32} ';
    return `${d}(${base}${index})`;
  }
}

/** `pinsrd` and `pinsrq`, and AT&T's suffix of the others. */
function sizeName(e: Entry, suffix: string): string {
  return e.name.startsWith('p') && suffix === 'l' ? 'd' : suffix;
}
