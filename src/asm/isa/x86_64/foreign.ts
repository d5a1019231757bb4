// SPDX-License-Identifier: MIT
import type { Diagnostic } from '../../../base/diagnostic.ts';
import type { Span } from '../../../base/source.ts';
import type { Dialect } from '../isa.ts';
import type { Operand } from '../operand.ts';
import { readAttOperand } from './att.ts';
import { readIntelOperand } from './intel.ts';
import { Refusal, Scanner } from './scan.ts';
import { vectorExtensions } from './vector-extensions.ts';

/**
 * Instructions that exist and have no meaning here, read only so far that a wrong line is still a wrong line: the name
 * must be known, and the operands must be as many as it takes, each of them one that some instruction could have.
 */

/** Other extensions, by the numbers of operands; all of them raise #UD where a processor does not have them. */
const OTHERS: readonly (readonly [counts: readonly number[], names: string])[] = [
  [[2], 'aesenc aesenclast aesdec aesdeclast aesimc sha1nexte sha1msg1 sha1msg2 sha256msg1 sha256msg2 gf2p8mulb'],
  [[3], 'aeskeygenassist sha1rnds4 gf2p8affineqb gf2p8affineinvqb'],
  [[2, 3], 'sha256rnds2'],
  [[2], 'pclmullqlqdq pclmulhqhqdq pclmullqhqdq pclmulhqlqdq'],
  [[3], 'pdep pdepl pdepq pext pextl pextq'],
  [[3], 'pcmpestri pcmpestrm pcmpistri pcmpistrm dppd dpps mpsadbw'],
  [[1], 'rdrand rdrandl rdrandq rdrandw rdseed rdseedl rdseedq rdseedw rdpid'],
  [[1], 'rdfsbase rdfsbasel rdfsbaseq rdgsbase rdgsbasel rdgsbaseq'],
  [[1], 'wrfsbase wrfsbasel wrfsbaseq wrgsbase wrgsbasel wrgsbaseq'],
  [[0], 'xgetbv rdtscp xend xtest'],
  [[1], 'xsave xsave64 xsavec xsavec64 xsaveopt xsaveopt64 xrstor xrstor64 xbegin xabort'],
];

/** SSE4 is in the second level; no later one takes it away. */
const SECOND = new Set('pcmpestri pcmpestrm pcmpistri pcmpistrm dppd dpps mpsadbw'.split(' '));

let table: ReadonlyMap<string, readonly number[]> | undefined;

/** All names, with how many operands they take. */
export function foreignNames(): ReadonlyMap<string, readonly number[]> {
  if (table === undefined) {
    const all = new Map(vectorExtensions());
    // AT&T's names of conversions say the size of the integer.
    for (const [n, counts] of vectorExtensions()) {
      if (/^vcvtt?(?:s[sdh]2u?si|u?si2s[sdh])$/.test(n)) for (const size of 'lq') all.set(n + size, counts);
    }
    for (const [counts, names] of OTHERS) for (const n of names.split(' ')) all.set(n, counts);
    table = all;
  }
  return table;
}

/**
 * The name of an instruction that a processor with no more than `features` does not have; undefined where the text
 * begins with another, and a diagnostic where its operands are none.
 */
export function readForeign(
  text: string,
  dialect: Dialect,
  span: Span,
  features: ReadonlySet<string>,
): string | Diagnostic | undefined {
  const [, blank = '', name = ''] = /^(\s*)([A-Za-z][\w.]*)/.exec(text) ?? [];
  const mnemonic = name.toLowerCase();
  const counts = foreignNames().get(mnemonic);
  if (counts === undefined || (SECOND.has(mnemonic) && features.has('sse4.2'))) return undefined;
  const start = blank.length + name.length;
  const wrong = (message: string): Diagnostic => ({
    ...{ severity: 'error', kind: 'input', code: 'V0103', message },
    span: { ...span, column: span.column + start, endColumn: Math.max(span.endColumn, span.column + start + 1) },
  });
  const ops = operandsOf(text.slice(start), dialect);
  if (typeof ops === 'string') return wrong(ops);
  if (!counts.includes(ops.length)) {
    return wrong(
      `'${mnemonic}' takes ${counts.join(' or ')} operand${counts.join() === '1' ? '' : 's'}, not ${ops.length}`,
    );
  }
  if (ops.filter((o) => o.kind === 'mem').length > 1) return wrong(`'${mnemonic}' takes at most one memory operand`);
  if (ops.findIndex((o) => o.kind === 'imm') > 0) return wrong(`a number stands at the wrong place`);
  return mnemonic;
}

/** A vector register beyond those of SSE, or a mask; what it is does not matter, since the instruction is not carried out. */
const VECTOR = /^([%]?)([xyz]mm)(\d+)$/i;
const MASK = /^([%]?)k[0-7]$/i;
/** `{%k1}`, `{z}`, `{1to8}` and `{rn-sae}`. */
const DECORATION = /\{\s*(?:%?k[0-7]|z|1to(?:2|4|8|16|32))\s*\}/gi;
const ROUNDING = /^\s*\{\s*(?:r[nduz]-)?sae\s*\}\s*$/i;

/** In AT&T's order; or what is wrong. */
function operandsOf(text: string, dialect: Dialect): readonly Operand[] | string {
  if (text.trim() === '') return [];
  const found: Operand[] = [];
  for (const piece of splitOperands(text)) {
    if (ROUNDING.test(piece)) continue;
    const bare = piece.replace(DECORATION, '').trim();
    if (bare === '') return 'an operand is missing';
    const plain = withKnownRegisters(bare);
    if (plain === undefined) return `there is no operand '${bare}'`;
    try {
      const scanner = new Scanner(plain, 0);
      const operand = dialect === 'intel' ? readIntelOperand(scanner, false) : readAttOperand(scanner, false).operand;
      if (!Number.isNaN(scanner.next())) return `'${plain.slice(scanner.pos)}' is not expected here`;
      found.push(operand);
    } catch (e) {
      if (e instanceof Refusal) return e.message;
      throw e;
    }
  }
  return dialect === 'intel' ? found.reverse() : found;
}

/** At commas that stand in no brackets. */
function splitOperands(text: string): string[] {
  const pieces: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '(' || c === '[' || c === '{') depth++;
    else if (c === ')' || c === ']' || c === '}') depth--;
    else if (c === ',' && depth === 0) {
      pieces.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...pieces, text.slice(start)];
}

/** The text with registers of SSE, and general ones where vectors are addresses, for those that are not read here. */
function withKnownRegisters(text: string): string | undefined {
  if (MASK.test(text)) return text.startsWith('%') ? '%xmm0' : 'xmm0';
  const vector = VECTOR.exec(text);
  if (vector !== null) return Number(vector[3]) < 32 ? `${vector[1]}xmm0` : undefined;
  // The index of a gathering.
  return text.replace(/(%?)\b([xyz]mm)([12]?\d|3[01])\b/gi, (_, mark: string) => `${mark}r11`);
}
