// SPDX-License-Identifier: MIT
import type { Diagnostic } from '../../../base/diagnostic.ts';
import type { Span } from '../../../base/source.ts';
import type { Inst } from '../define.ts';
import { type Dialect, isDiagnostic } from '../isa.ts';
import { decode } from './decode.ts';
import { printInst } from './syntax.ts';

/** Machine code in data directives: whole instructions, and prefixes of the instruction that comes next. */

type Read = (text: string, dialect: Dialect, span: Span) => Inst | Diagnostic;

/** The instructions that the bytes are; undefined where some are none that is known. */
export function readBytes(
  bytes: readonly number[],
  span: Span,
  read: Read,
): readonly (Inst | Diagnostic)[] | undefined {
  return decode(bytes)?.map((d) => read(d.text, 'att', span));
}

/** What the instruction is with these prefixes in front of it; undefined where that is not known, or there are others. */
export function withPrefixBytes(bytes: readonly number[], inst: Inst, read: Read): Inst | undefined {
  let result = inst;
  for (const byte of [...bytes].reverse()) {
    if (byte === 0xf0) {
      const locked = read(`lock ${printInst(result, 'att')}`, 'att', inst.span ?? NOWHERE);
      if (isDiagnostic(locked)) return undefined;
      result = locked;
    } else if (!isIdle(byte, result)) return undefined;
  }
  return result;
}

const NOWHERE: Span = { file: '', line: 1, column: 1, endColumn: 1 };

/** Instructions of two operands whose 64-bit forms have REX.W, beside which the operand-size prefix means nothing. */
const SIZED = new Set(['mov', 'add', 'adc', 'sub', 'sbb', 'and', 'or', 'xor', 'cmp', 'test', 'lea', 'adcx']);

/** Whether a prefix that is only there for its length changes nothing (Intel SDM vol. 2, 2.1.1 and 2.2.1.2). */
function isIdle(prefix: number, { def, ops }: Inst): boolean {
  const [, mnemonic = '', , width = ''] = def.id.split('.');
  const memory = ops.find((o) => o.kind === 'mem');
  switch (prefix) {
    // The DS segment begins at 0, as all do that are meant where nothing is said; before a branch it is a hint.
    case 0x3e:
      return memory !== undefined ? memory.segment === undefined : /^j[a-z]+$/.test(mnemonic) && mnemonic !== 'jmp';
    case 0x66:
      return width === '64' && SIZED.has(mnemonic) && ops.some((o) => o.kind === 'reg' && o.reg.width === 64);
    // The size of addresses, of which there is none.
    case 0x67:
      return memory === undefined && ops.length > 0 && ops.every(isPlain) && !ADDRESSES.test(mnemonic);
    default:
      return false;
  }
}

const isPlain = (o: Inst['ops'][number]): boolean => o.kind === 'reg' || (o.kind === 'imm' && !o.label);
/** Instructions that reach memory although no operand says so. */
const ADDRESSES = /^(?:push|pop|maskmov|call|ret|enter|leave)/;
