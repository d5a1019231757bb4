// SPDX-License-Identifier: MIT
import { type RuntimeFunction, runtimeFunction } from '../runtime-function.ts';

/**
 * Lists of variable arguments.
 *
 * x86-64's `va_list` (psABI 3.5.7) is { u32 gp_offset, fp_offset; void *overflow_arg_area, *reg_save_area }, passed by
 * address; the save area holds rdi, rsi, rdx, rcx, r8, r9 (48 bytes), then xmm0 to xmm7 (128 bytes). RISC-V's is one
 * pointer to the arguments in their order, eight bytes each, integers and floating-point numbers alike (RISC-V ELF psABI,
 * "Variadic arguments"). On x86 the order between the two kinds is known to the format only: it must be read to copy the
 * arguments out, and to copy no more than there are. It is read twice, to count and then to tell the kinds.
 *
 * The grammar is that of glibc's `printf` and `scanf` (libc manual, "Formatted Output", "Formatted Input"), with numbered
 * arguments (`%2$d`) and widths in bits (`%w32d`, `%wf32d`). Of numbered ones that the format leaves out, glibc takes an `int`. `long double` arguments differ
 * (80 bits against 128); code that makes any is refused elsewhere.
 */

/** A set of characters as two words of bits: those from 0 to 63, and from 64 to 127. */
function bits(characters: string): readonly [low: bigint, high: bigint] {
  let set = 0n;
  for (const c of characters) set |= 1n << BigInt(c.charCodeAt(0));
  return [set & 0xffffffffffffffffn, set >> 64n];
}

interface Grammar {
  /** What may stand between the percent sign and the conversion, but for the star. */
  readonly between: string;
  /** Conversions that take a floating-point number. */
  readonly doubles: string;
  /** All other conversions that take an argument. */
  readonly others: string;
}

const GRAMMARS: Readonly<Record<'printf' | 'scanf', Grammar>> = {
  printf: { between: " +-#0123456789'.IhlLqjztZ", doubles: 'aAeEfFgG', others: 'diouxXbBcCsSpn' },
  // All are pointers.
  scanf: { between: "0123456789'IhlLqjztZm", doubles: '', others: 'diouxXbBcCsSpnaAeEfFgG' },
};

const LARGEST = 4096;

/**
 * In: a0 the format, a1 x86's list. Out: a0 RISC-V's list, which lies at sp, lowered for it. x86's list stays as it is.
 * Changes a0 to a5 and t0 to t6 besides.
 *
 *     t0 where in the format    t1 character    t2 arguments taken in order    t3 most arguments so far
 *     t4 the kinds, or 0 when counting    t5 a number    t6, a2 free    a3 the number of the argument, 0 for the next one
 *     a4 where to go back to    a5 whether the value is dropped
 */
function collector(kind: 'printf' | 'scanf', wide: boolean): RuntimeFunction {
  const { between, doubles, others } = GRAMMARS[kind];
  const [load, size] = wide ? ['lw', 4] : ['lbu', 1];
  const next = `${load} t1, 0(t0)\naddi t0, t0, ${size}`;
  const [betweenLow] = bits(between);
  const [, betweenHigh] = bits(between);
  const [, doublesHigh] = bits(doubles);
  const [, othersHigh] = bits(others);
  /** Reads digits into t5 and, where a dollar sign follows, makes them the number of the argument; else goes back. */
  const number = (label: string): string => `
  mv a4, t0
  li t5, 0
@${label}:
  ${next}
  addi t6, t1, -48
  sltiu a2, t6, 10
  beqz a2, @${label}_end
  li a2, ${LARGEST}
  bgtu t5, a2, @${label}
  slli a2, t5, 3
  slli t5, t5, 1
  add t5, t5, a2
  add t5, t5, t6
  j @${label}
@${label}_end:
  li a3, 0
  li t6, 36
  mv a2, t0
  mv t0, a4
  bne t1, t6, @${label}_done
  li t6, ${LARGEST}
  bgtu t5, t6, @${label}_done
  mv t0, a2
  mv a3, t5
@${label}_done:
`;
  /** Notes an argument, whose kind is in t5: 1 for a floating-point number, 0 for another. */
  const take = (label: string): string => `
  addi a2, a3, -1
  bgez a2, @${label}_numbered
  mv a2, t2
  addi t2, t2, 1
@${label}_numbered:
  bgtu t3, a2, @${label}_counted
  addi t3, a2, 1
@${label}_counted:
  beqz t4, @${label}_taken
  slli a2, a2, 3
  add a2, a2, t4
  sd t5, 0(a2)
@${label}_taken:
`;
  const star =
    kind === 'scanf'
      ? `
@star:
  li a5, 1
  j @between`
      : `
@star:
  mv a5, a3
  ${number('star_position')}
  li t5, 0
  ${take('star')}
  mv a3, a5
  j @between`;
  const scanSet = `
@set:
  ${next}
  li t6, 94
  bne t1, t6, @set_first
  ${next}
@set_first:
  beqz t1, @end
@set_next:
  ${next}
  beqz t1, @end
  li t6, 93
  bne t1, t6, @set_next
  li t1, 115
`;
  return runtimeFunction(
    `__vouch_${wide ? 'w' : ''}${kind}_list`,
    `Makes a \`va_list\` on the stack of x86's at a1, as the ${wide ? 'wide ' : ''}\`${kind}\` format at a0 says; returns with sp lowered.`,
    `
  li t4, 0
@parse:
  mv t0, a0
  li t2, 0
  li t3, 0
@text:
  ${next}
  beqz t1, @end
  li t6, 37
  bne t1, t6, @text
  ${kind === 'scanf' ? 'li a5, 0' : ''}
  ${number('position')}
@between:
  ${next}
  li t6, 42
  beq t1, t6, @star
  li a2, 64
  bltu t1, a2, @low
  li a2, 128
  bgeu t1, a2, @text
  li t6, 119
  beq t1, t6, @width
  ${kind === 'scanf' ? 'li t6, 91\nbeq t1, t6, @set' : ''}
@conversion:
  li a2, 0x${betweenHigh.toString(16)}
  srl a2, a2, t1
  andi a2, a2, 1
  bnez a2, @between
  li a2, 0x${othersHigh.toString(16)}
  li t6, 0x${doublesHigh.toString(16)}
  srl t6, t6, t1
  andi t5, t6, 1
  srl a2, a2, t1
  or a2, a2, t6
  andi a2, a2, 1
  beqz a2, @text
  ${kind === 'scanf' ? 'bnez a5, @text' : ''}
  ${take('value')}
  j @text
@low:
  li a2, 0x${betweenLow.toString(16)}
  srl a2, a2, t1
  andi a2, a2, 1
  bnez a2, @between
  bnez t1, @text
  j @end
@width:
  ${load} t1, 0(t0)
  li t6, 102
  bne t1, t6, @between
  addi t0, t0, ${size}
  j @between
${star}
${kind === 'scanf' ? `${scanSet}\n  j @conversion` : ''}
@end:
  bnez t4, @copy
  addi t6, t3, 1
  andi t6, t6, -2
  slli t6, t6, 3
  sub sp, sp, t6
  mv t4, sp
  add t6, t6, sp
@clear:
  beq t4, t6, @cleared
  sd zero, 0(t4)
  addi t4, t4, 8
  j @clear
@cleared:
  mv t4, sp
  j @parse
@copy:
  lwu t0, 0(a1)
  lwu t1, 4(a1)
  ld t2, 8(a1)
  ld t5, 16(a1)
  slli t3, t3, 3
  add t3, t3, sp
@argument:
  beq t4, t3, @copied
  ld a2, 0(t4)
  bnez a2, @double
  li a3, 48
  bgeu t0, a3, @overflow
  add a3, t5, t0
  addi t0, t0, 8
  j @found
@double:
  li a3, 176
  bgeu t1, a3, @overflow
  add a3, t5, t1
  addi t1, t1, 16
  j @found
@overflow:
  mv a3, t2
  addi t2, t2, 8
@found:
  ld a3, 0(a3)
  sd a3, 0(t4)
  addi t4, t4, 8
  j @argument
@copied:
  mv a0, sp
  ret
`,
  );
}

export const collectorName = (kind: 'printf' | 'scanf', wide: boolean): string =>
  `__vouch_${wide ? 'w' : ''}${kind}_list`;

export const collectors: readonly RuntimeFunction[] = [
  collector('printf', false),
  collector('printf', true),
  collector('scanf', false),
  collector('scanf', true),
];
