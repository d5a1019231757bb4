// SPDX-License-Identifier: MIT
import type { Inst, InstDef } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import type { ImmOperand, Operand } from '../isa/operand.ts';

/**
 * Which parts of registers the results of moves, sums and comparisons depend on is the same for most of their immediates:
 * `cmp $100` looks at what `cmp $101` looks at. What matters is which pieces of an immediate are 0, which are all ones, and
 * what each piece begins with: carries and borrows begin in the lowest piece that is not 0 and go upwards from there, and
 * logic of 8 bits leaves out what it masks. Such facts are found for one typical immediate of each kind. They say no less than
 * what is found for the immediate itself, and more only of AF, as a test sees for every form. By mnemonic: up to which width.
 */
const MNEMONICS: { readonly [K in Isa['name']]?: ReadonlyMap<string, number> } = {
  x86_64: new Map([
    ...['mov', 'movabs', 'add', 'sub', 'cmp'].map((mnemonic) => [mnemonic, 64] as const),
    // Of wider registers, whole parts may be masked or not.
    ...['and', 'or', 'xor', 'test'].map((mnemonic) => [mnemonic, 8] as const),
  ]),
};

/** Pieces begin where chunks do (chunks.ts), and where AF looks. */
const PIECES = [0, 4, 8, 16, 32, 64];

/** By form: the width of its immediate in bits; 0 where the immediate counts as it is. */
const widths = new Map<InstDef, number>();

function widthIn(def: InstDef, isa: Isa): number {
  let width = widths.get(def);
  if (width === undefined) {
    const [, mnemonic = '', ...rest] = def.id.split('.');
    const own = Number(rest.at(-1));
    width = own <= (MNEMONICS[isa.name]?.get(mnemonic) ?? 0) ? own : 0;
    widths.set(def, width);
  }
  return width;
}

/** The instruction with typical immediates; undefined where it has none, or has them already. */
export function withTypicalImmediates(inst: Inst, isa: Isa): Inst | undefined {
  const at = inst.ops.findIndex(isPlain);
  if (at === -1) return undefined;
  const width = widthIn(inst.def, isa);
  if (width === 0) return undefined;
  let changed = false;
  const ops = inst.ops.map((op): Operand => {
    if (!isPlain(op)) return op;
    const offset = typical(op.value.offset, width);
    if (offset === op.value.offset) return op;
    changed = true;
    return { kind: 'imm', value: { offset }, label: false };
  });
  return changed ? { def: inst.def, ops } : undefined;
}

function isPlain(op: Operand): op is ImmOperand {
  return op.kind === 'imm' && !op.label && op.value.plus === undefined && op.value.minus === undefined;
}

/** An immediate of the same kind as this one of `width` bits, as a signed number. */
export function typical(value: bigint, width: number): bigint {
  // A sum with nothing but the top bit carries nothing into it.
  if (BigInt.asUintN(width, value) === 1n << BigInt(width - 1)) return BigInt.asIntN(width, value);
  let result = 0n;
  for (let k = 0; k + 1 < PIECES.length; k++) {
    const lo = PIECES[k] ?? 0;
    if (lo >= width) break;
    const size = (PIECES[k + 1] ?? width) - lo;
    result |= piece(BigInt.asUintN(size, value >> BigInt(lo)), size) << BigInt(lo);
  }
  return BigInt.asIntN(width, result);
}

function piece(value: bigint, size: number): bigint {
  const ones = (1n << BigInt(size)) - 1n;
  if (value === 0n || value === ones) return value;
  const top = 1n << BigInt(size - 1);
  // Every other bit, which is neither zeros nor ones for any size.
  return (ones / 3n) | (value & top);
}
