// SPDX-License-Identifier: MIT
import type { Isa } from '../isa/isa.ts';

/** What a directive is about; `data`, `float`, `leb`, `string` and `fill` put bytes where they stand. */
export type DirectiveKind =
  | 'data'
  | 'float'
  | 'leb'
  | 'string'
  | 'fill'
  | 'align'
  | 'section'
  | 'symbol'
  | 'common'
  | 'assign'
  | 'cfi'
  | 'debug'
  | 'syntax'
  | 'machine'
  | 'other'
  /** For people who read what the assembler prints, or about what it checks: nothing of the program. */
  | 'listing'
  /** Understood, and refused. */
  | 'refused';

export interface DirectiveInfo {
  readonly name: string;
  readonly kind: DirectiveKind;
  readonly minArgs: number;
  readonly maxArgs: number;
  /** For `refused`: what to do instead. */
  readonly advice?: string;
}

const DATA_BYTES: ReadonlyMap<string, number> = new Map([
  ['.byte', 1],
  ['.value', 2],
  ['.short', 2],
  ['.hword', 2],
  ['.half', 2],
  ['.2byte', 2],
  ['.word', 4],
  ['.long', 4],
  ['.int', 4],
  ['.4byte', 4],
  ['.quad', 8],
  ['.8byte', 8],
  ['.xword', 8],
  ['.dword', 8],
  ['.octa', 16],
]);

/** Other names of directives on x86-64. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['.dc', '.2byte'],
  ['.dc.b', '.byte'],
  ['.dc.w', '.2byte'],
  ['.dc.l', '.4byte'],
  ['.dc.a', '.8byte'],
  ['.dc.s', '.float'],
  ['.dc.d', '.double'],
  ['.slong', '.4byte'],
  ['.string8', '.asciz'],
]);

/** The directive of that name, in capitals or not; undefined where there is none. */
export function directiveOf(given: string): DirectiveInfo | undefined {
  const name = DIRECTIVES.has(given) ? given : given.toLowerCase();
  return DIRECTIVES.get(SYNONYMS.get(name) ?? name);
}

/** Every directive that the reader knows. */
export const DIRECTIVES: ReadonlyMap<string, DirectiveInfo> = new Map(declare().map((d) => [d.name, d]));

/** The bytes of one value of a data directive, or undefined where `name` is none. `.word` differs between ISAs. */
export function dataBytes(name: string, isa: Isa['name']): number | undefined {
  if (name === '.word') return isa === 'x86_64' ? 2 : 4;
  return DATA_BYTES.get(name);
}

/** The alignment in bytes that an alignment directive asks for; `.align` counts bytes on x86, powers of two elsewhere. */
export function alignmentBytes(name: string, value: bigint, isa: Isa['name']): bigint {
  const bytes = name.startsWith('.balign') || (name === '.align' && isa === 'x86_64');
  return bytes ? value : 1n << value;
}

function declare(): DirectiveInfo[] {
  const list: DirectiveInfo[] = [];
  const say = (kind: DirectiveKind, names: string, minArgs: number, maxArgs: number): void => {
    for (const name of names.split(' ')) list.push({ name: `.${name}`, kind, minArgs, maxArgs });
  };
  const refuse = (names: string, advice: string): void => {
    for (const name of names.split(' ')) {
      list.push({ name: `.${name}`, kind: 'refused', minArgs: 0, maxArgs: Infinity, advice });
    }
  };
  const many = Infinity;

  for (const name of DATA_BYTES.keys()) list.push({ name, kind: 'data', minArgs: 0, maxArgs: many });
  say('float', 'float single double', 1, many);
  say('leb', 'uleb128 sleb128', 1, many);
  say('string', 'ascii asciz string', 1, many);
  say('fill', 'zero skip space', 1, 2);
  say('fill', 'fill', 1, 3);
  say('fill', 'org', 1, 2);
  say('align', 'align balign p2align balignw balignl p2alignw p2alignl', 0, 3);
  say('section', 'text data bss', 0, 1);
  say('section', 'section pushsection', 1, 7);
  say('section', 'popsection previous', 0, 0);
  say('section', 'subsection', 1, 1);
  say('symbol', 'globl global local weak hidden internal protected extern', 1, many);
  say('symbol', 'type size', 2, 2);
  say('symbol', 'weakref', 2, 2);
  say('symbol', 'symver', 2, 3);
  say('symbol', 'variant_pcs', 1, 1);
  say('common', 'comm lcomm largecomm', 2, 3);
  say('assign', 'set equ equiv eqv', 2, 2);
  say('cfi', 'cfi_startproc', 0, 1);
  say('cfi', 'cfi_endproc cfi_remember_state cfi_restore_state cfi_signal_frame cfi_window_save', 0, 0);
  say('cfi', 'cfi_negate_ra_state cfi_b_key_frame', 0, 0);
  say('cfi', 'cfi_sections cfi_escape cfi_undefined cfi_same_value cfi_restore', 1, many);
  say('cfi', 'cfi_def_cfa cfi_offset cfi_rel_offset cfi_register cfi_val_offset', 2, 2);
  say('cfi', 'cfi_def_cfa_register cfi_def_cfa_offset cfi_adjust_cfa_offset cfi_return_column', 1, 1);
  say('cfi', 'cfi_personality cfi_lsda', 1, 2);
  say('cfi', 'cfi_personality_id cfi_fde_data cfi_inline_lsda', 0, many);
  say('cfi', 'cfi_label', 1, 1);
  say('debug', 'file loc', 1, many);
  say('debug', 'loc_mark_labels line ln', 1, 1);
  say('syntax', 'intel_syntax att_syntax', 0, 1);
  say('machine', 'code64 ltorg pool', 0, 0);
  say('machine', 'arch cpu arch_extension', 1, 2);
  say('machine', 'tlsdesccall', 1, 1);
  say('machine', 'option', 1, many);
  say('machine', 'attribute', 2, 3);
  say('symbol', 'variant_cc', 1, 1);
  say('other', 'ident version', 1, 1);
  say('other', 'addrsig', 0, 0);
  say('other', 'addrsig_sym', 1, 1);
  say('other', 'gnu_attribute', 2, 2);
  say('other', 'reloc', 2, 3);
  say('other', 'end', 0, 0);

  say('listing', 'nolist list eject allow_index_reg disallow_index_reg endfunc', 0, 0);
  say('listing', 'title sbttl print warning', 1, 1);
  say('listing', 'psize sse_check operand_check', 1, 2);
  say('listing', 'func', 1, 2);

  refuse('error err abort', 'the file says by itself that it cannot be assembled so');
  refuse('altmacro noaltmacro', 'write the macros in the usual syntax, with a backslash before each parameter');
  refuse('macro rept irp irpc', 'begin its line with it: only then is it expanded');
  refuse('exitm endm endr', 'it ends nothing here');
  refuse('include incbin', 'put the file in place of the directive: only the files named on the command line are read');
  refuse('code32 code16 code16gcc', 'only 64-bit code is supported');
  refuse('inst insn', 'write the instruction with its mnemonic: a number has no declared meaning');
  refuse('req unreq', 'write the register names themselves');
  return list;
}
