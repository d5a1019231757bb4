// SPDX-License-Identifier: MIT
import { type Change, confusions, type Mistakes, mnemonicOf, otherTargets, pick, replaced, swaps } from './mutate.ts';

const REGISTER = /\b([xwvqdsbh])([0-9]|[12][0-9]|30)\b/g;
const CONDITIONS = ['eq', 'ne', 'hs', 'lo', 'mi', 'pl', 'vs', 'vc', 'hi', 'ls', 'ge', 'lt', 'gt', 'le'];

/** Mnemonics that are easily taken for each other. */
const CONFUSED: readonly (readonly string[])[] = [
  ['add', 'sub'],
  ['adds', 'subs'],
  ['adc', 'sbc'],
  ['adcs', 'sbcs'],
  ['and', 'orr', 'eor', 'bic', 'orn'],
  ['ands', 'bics'],
  ['lsl', 'lsr', 'asr', 'ror'],
  ['udiv', 'sdiv'],
  ['mul', 'mneg'],
  ['madd', 'msub'],
  ['umulh', 'smulh'],
  ['sxtb', 'uxtb'],
  ['sxth', 'uxth'],
  ['sxtw', 'mov'],
  ['ubfx', 'sbfx'],
  ['ubfiz', 'sbfiz'],
  ['bfi', 'bfxil'],
  ['ldrb', 'ldrsb', 'ldrh'],
  ['ldrh', 'ldrsh', 'ldr'],
  ['ldrsw', 'ldr'],
  ['strb', 'strh', 'str'],
  ['stp', 'ldp'],
  ['str', 'ldr'],
  ['csel', 'csinc', 'csinv', 'csneg'],
  ['cset', 'csetm'],
  ['cbz', 'cbnz'],
  ['tbz', 'tbnz'],
  ['movz', 'movn'],
  ['mov', 'mvn'],
  ['cmp', 'cmn', 'tst'],
  ['fadd', 'fsub', 'fmul', 'fdiv'],
  ['fcmp', 'fcmpe'],
  ['scvtf', 'ucvtf'],
  ['fcvtzs', 'fcvtzu', 'fcvtns'],
  ['sqadd', 'uqadd'],
  ['cmgt', 'cmge', 'cmhi', 'cmeq'],
  ['smax', 'umax', 'smin'],
  ['zip1', 'zip2'],
  ['ldaxr', 'ldxr'],
];

/** Mistakes in AArch64 assembly. */
export const aarch64Mistakes: Mistakes = (text, labels, random) => {
  const changes: Change[] = [['missing', '']];
  const at = (index: number, length: number, by: string): string => replaced(text, index, length, by);

  for (const m of text.matchAll(REGISTER)) {
    changes.push(['register', at(m.index, m[0].length, `${m[1]}${random() % 25n}`)]);
    const other = m[1] === 'w' ? 'x' : m[1] === 'x' ? 'w' : m[1] === 'd' ? 's' : m[1] === 's' ? 'd' : m[1];
    if (other !== m[1]) changes.push(['one width', at(m.index, m[0].length, `${other}${m[2]}`)]);
  }
  for (const m of text.matchAll(/#(-?\d+)/g)) {
    const n = Number(m[1]);
    for (const by of [n + 1, n - 1, n + 8, n * 2, -n, 0])
      changes.push(['immediate', at(m.index, m[0].length, `#${by}`)]);
  }
  for (const m of text.matchAll(/(?<=\bb\.|, )(eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)\b/g)) {
    for (let i = 0; i < 2; i++) changes.push(['condition', at(m.index, m[0].length, pick(CONDITIONS, random))]);
  }
  for (const [from, to] of [
    ['sxtw', 'uxtw'],
    ['uxtw', 'sxtw'],
    ['sxtb', 'uxtb'],
    ['lsl', 'lsr'],
    ['lsr', 'asr'],
    ['asr', 'lsr'],
  ]) {
    const index = text.indexOf(`, ${from}`);
    if (index > 0) changes.push(['extension', at(index, 2 + (from?.length ?? 0), `, ${to}`)]);
  }
  changes.push(swapLetters(text, 'w', 'x'), swapLetters(text, 's', 'd'));

  const mnemonic = mnemonicOf(text);
  const start = text.indexOf(mnemonic);
  changes.push(...confusions(text, CONFUSED));
  if (/^(adds|subs|ands|bics|adcs|sbcs|negs)$/.test(mnemonic)) {
    changes.push(['flags lost', at(start, mnemonic.length, mnemonic.slice(0, -1))]);
  }
  if (/^(add|sub|and|bic|adc|sbc|neg)$/.test(mnemonic)) {
    changes.push(['flags set', at(start, mnemonic.length, `${mnemonic}s`)]);
  }
  changes.push(...swaps(text), ...otherTargets(text, labels, random));
  changes.push(
    ['clobbered', `${text}\n\tmov\tx${19n + (random() % 11n)}, x3`],
    ['clobbered', `${text}\n\tmov\tx${random() % 11n}, x16`],
    ['clobbered', `${text}\n\tfmov\td${random() % 24n}, xzr`],
    ['flags clobbered', `${text}\n\tcmp\tx${random() % 5n}, #3`],
    ['stray store', `${text}\n\tstr\tx16, [x${random() % 3n}]`],
    ['twice', `${text}\n${text}`],
  );
  return changes;
};

function swapLetters(text: string, a: string, b: string): Change {
  const swapped = text.replace(REGISTER, (all, letter: string, number: string) => {
    if (letter === a) return `${b}${number}`;
    return letter === b ? `${a}${number}` : all;
  });
  return ['width', swapped];
}
