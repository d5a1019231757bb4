// SPDX-License-Identifier: MIT
import { type Change, confusions, type Mistakes, mnemonicOf, otherTargets, pick, replaced, swaps } from './mutate.ts';

const numbered = (stem: string, n: number): string[] => Array.from({ length: n }, (_, i) => `${stem}${i}`);

const GENERAL = ['zero', 'ra', 'sp', 'tp', ...numbered('t', 7), ...numbered('s', 12), ...numbered('a', 8)];
const FLOAT = [...numbered('ft', 12), ...numbered('fs', 12), ...numbered('fa', 8)];
const REGISTER =
  /(?<=[\s,(])(zero|ra|sp|tp|t[0-6]|s1[01]|s[0-9]|a[0-7]|ft1[01]|ft[0-9]|fs1[01]|fs[0-9]|fa[0-7])(?=[,)]|$)/g;
const IMMEDIATE = /(?<=[\s,])-?\d+(?=[,(]|$)/g;

const BRANCHES = ['beq', 'bne', 'blt', 'bge', 'bltu', 'bgeu'];
const ZERO_BRANCHES = ['beqz', 'bnez', 'bltz', 'bgez', 'blez', 'bgtz'];

/** Mnemonics that are easily taken for each other. */
const CONFUSED: readonly (readonly string[])[] = [
  ['add', 'sub'],
  ['and', 'or', 'xor'],
  ['andi', 'ori', 'xori'],
  ['sll', 'srl', 'sra'],
  ['slli', 'srli', 'srai'],
  ['sllw', 'srlw', 'sraw'],
  ['slliw', 'srliw', 'sraiw'],
  ['slt', 'sltu'],
  ['slti', 'sltiu'],
  ['seqz', 'snez', 'sltz', 'sgtz'],
  ['neg', 'not'],
  ['divu', 'div', 'remu', 'rem'],
  ['divuw', 'divw', 'remuw', 'remw'],
  ['mulhu', 'mulh', 'mul'],
  ['fadd.d', 'fsub.d', 'fmul.d', 'fdiv.d'],
  ['fadd.s', 'fsub.s', 'fmul.s', 'fdiv.s'],
  ['feq.d', 'flt.d', 'fle.d'],
  ['feq.s', 'flt.s', 'fle.s'],
  ['fcvt.l.d', 'fcvt.w.d', 'fcvt.lu.d'],
  ['fcvt.d.l', 'fcvt.d.w', 'fcvt.d.lu'],
  ['sd', 'ld'],
  ['fsd', 'fld'],
];

/** The same at another width, or extended otherwise. */
const WIDTHS: readonly (readonly [kind: string, group: readonly string[]])[] = [
  ['extension', ['lb', 'lbu']],
  ['extension', ['lh', 'lhu']],
  ['extension', ['lw', 'lwu']],
  ['extension', ['zext.b', 'sext.b']],
  ['extension', ['zext.h', 'sext.h']],
  ['extension', ['zext.w', 'sext.w', 'mv']],
  ['width', ['lbu', 'lhu', 'lwu', 'ld']],
  ['width', ['lb', 'lh', 'lw', 'ld']],
  ['width', ['sb', 'sh', 'sw', 'sd']],
  ['width', ['zext.b', 'zext.h', 'zext.w']],
  ['width', ['sext.b', 'sext.h', 'sext.w']],
  ...[
    'add',
    'addi',
    'sub',
    'sll',
    'slli',
    'srl',
    'srli',
    'sra',
    'srai',
    'mul',
    'div',
    'divu',
    'rem',
    'remu',
    'neg',
  ].map((m) => ['width', [m, `${m}w`]] as const),
  ...['fadd', 'fsub', 'fmul', 'fdiv', 'fsqrt', 'feq', 'flt', 'fle'].map(
    (m) => ['width', [`${m}.s`, `${m}.d`]] as const,
  ),
  ['width', ['fmv.x.w', 'fmv.x.d']],
  ['width', ['fmv.w.x', 'fmv.d.x']],
  ['width', ['flw', 'fld']],
  ['width', ['fsw', 'fsd']],
];

/** Mistakes in RISC-V assembly. */
export const riscv64Mistakes: Mistakes = (text, labels, random) => {
  const changes: Change[] = [['missing', '']];
  const mnemonic = mnemonicOf(text);
  const start = text.indexOf(mnemonic);
  const renamed = (kind: string, to: string): void => {
    if (to !== mnemonic) changes.push([kind, replaced(text, start, mnemonic.length, to)]);
  };
  for (const m of text.matchAll(REGISTER)) {
    const others = FLOAT.includes(m[0]) ? FLOAT : GENERAL;
    for (let i = 0; i < 2; i++) changes.push(['register', replaced(text, m.index, m[0].length, pick(others, random))]);
  }
  for (const m of text.matchAll(IMMEDIATE)) {
    const n = BigInt(m[0]);
    for (const by of [n + 1n, n - 1n, n + 8n, n * 2n, -n, 0n])
      changes.push(['immediate', replaced(text, m.index, m[0].length, `${by}`)]);
  }
  for (const group of [BRANCHES, ZERO_BRANCHES])
    if (group.includes(mnemonic)) for (let i = 0; i < 2; i++) renamed('condition', pick(group, random));
  for (const [kind, group] of WIDTHS) if (group.includes(mnemonic)) for (const other of group) renamed(kind, other);
  changes.push(...confusions(text, CONFUSED), ...swaps(text), ...otherTargets(text, labels, random));
  changes.push(
    ['clobbered', `${text}\n\tmv\ts${random() % 12n}, a3`],
    ['clobbered', `${text}\n\tmv\ta${random() % 8n}, t3`],
    ['clobbered', `${text}\n\tmv\tt${random() % 7n}, a2`],
    ['clobbered', `${text}\n\tfmv.d.x\tfa${random() % 8n}, zero`],
    ['clobbered', `${text}\n\tfmv.d.x\tfs${random() % 12n}, zero`],
    ['flags clobbered', `${text}\n\txori\tt6, t6, ${1n << (random() % 5n)}`],
    ['stray store', `${text}\n\tsd\tt3, 0(a${random() % 3n})`],
    ['twice', `${text}\n${text}`],
  );
  return changes;
};
