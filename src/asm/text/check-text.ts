// SPDX-License-Identifier: MIT
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { SourceText, Span } from '../../base/source.ts';
import type { Isa } from '../isa/isa.ts';
import { guessFileKind, guessIsa, MACHINE_NAMES } from './guess.ts';

/** The first zero byte; clang writes some into comments, beside the `.byte` that they describe. */
function strayZero(text: string): number {
  let at = text.indexOf('\0');
  while (at >= 0 && text.slice(text.lastIndexOf('\n', at) + 1, at).includes('#')) at = text.indexOf('\0', at + 1);
  return at;
}

/** A line for the C preprocessor; where files are not called `.S`, it is a comment. */
const PREPROCESSOR = /^[ \t]*#[ \t]*(define|undef|include|if|ifdef|ifndef|elif|else|endif)\b/m;

/** Why a file is not assembly text at all; undefined where it may be. */
export function checkText(source: SourceText): Diagnostic | undefined {
  const { file, text } = source;
  const span = headOf(file);
  const kind = guessFileKind(text);
  if (kind !== undefined) {
    const message = `this is ${kind.what}, not assembly text; ${kind.advice}`;
    return { severity: 'error', kind: 'input', code: 'V0107', message, span };
  }
  const nul = strayZero(text);
  if (nul >= 0) {
    const notes = ['a text file has no zero bytes: this file is binary, damaged, or UTF-16'];
    const message = 'this is not a text file: it holds a zero byte';
    return { severity: 'error', kind: 'input', code: 'V0106', message, span: placeOf(source, nul), notes };
  }
  if (/^[\s;]*$/.test(text)) {
    return { severity: 'error', kind: 'input', code: 'V0105', message: 'the input is empty', span };
  }
  const preprocessed = file.endsWith('.S') ? PREPROCESSOR.exec(text) : null;
  if (preprocessed !== null) {
    const notes = [`run \`gcc -E ${file} -o ${file.slice(0, -1)}s\`, and give that file`];
    const message = `this file is meant for the C preprocessor: '#${preprocessed[1]}' would be a comment`;
    return {
      severity: 'error',
      kind: 'input',
      code: 'V0120',
      message,
      span: placeOf(source, preprocessed.index),
      notes,
    };
  }
  return undefined;
}

/** One diagnostic in place of many, where most instructions were unknown because they are another machine's. */
export function wrongMachine(
  text: string,
  file: string,
  isa: Isa,
  instructions: number,
  failed: number,
): Diagnostic | undefined {
  if (failed === 0 || failed * 2 < instructions) return undefined;
  const guess = guessIsa(text);
  const span = headOf(file);
  if (guess !== undefined && guess !== isa.name) {
    const message = `this looks like ${MACHINE_NAMES[guess]} assembly, not ${MACHINE_NAMES[isa.name]}`;
    const notes = [`${failed} of ${instructions} instructions are not ${MACHINE_NAMES[isa.name]} instructions`];
    return { severity: 'error', kind: 'input', code: 'V0114', message, span, notes };
  }
  if (guess === undefined && failed === instructions && failed >= 5) {
    const message = `this does not look like assembly text: none of ${failed} instructions is known`;
    return { severity: 'error', kind: 'input', code: 'V0107', message, span };
  }
  if (guess !== 'x86_64' || failed < 3 || text.includes('.intel_syntax') || text.includes('%')) return undefined;
  const message = 'this looks like Intel syntax, but nothing says so';
  const notes = ["put '.intel_syntax noprefix' at the top of the file (for gcc, use -masm=intel)"];
  return { severity: 'error', kind: 'input', code: 'V0114', message, span, notes };
}

/** An empty span at the very start stands for the whole file. */
function headOf(file: string): Span {
  return { file, line: 1, column: 1, endColumn: 1 };
}

function placeOf(source: SourceText, index: number): Span {
  const before = source.text.slice(0, index);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  const column = index - lineStart + 1;
  return { file: source.file, line, column, endColumn: column + 1 };
}
