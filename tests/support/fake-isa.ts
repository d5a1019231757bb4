// SPDX-License-Identifier: MIT

import { type Inst, inst } from '../../src/asm/isa/define.ts';
import { isExprError, parseExpr, printExpr } from '../../src/asm/isa/expression.ts';
import type { Dialect, Isa } from '../../src/asm/isa/isa.ts';
import type { Operand } from '../../src/asm/isa/operand.ts';
import { addressOf } from '../../src/asm/isa/symbol.ts';
import type { Diagnostic } from '../../src/base/diagnostic.ts';
import type { Span } from '../../src/base/source.ts';

/**
 * An ISA that keeps instructions as words, so that the reader can be tested without one: any mnemonic but those that
 * begin with `bad`. A `jmp` to a label has the label as an operand.
 */
export function fakeIsa(name: Isa['name'], accept: (mnemonic: string) => boolean = (m) => !m.startsWith('bad')): Isa {
  return {
    name,
    locations: [],
    forms: [],
    comment: name === 'x86_64' ? ['#'] : ['//'],
    dialects: name === 'x86_64' ? ['att', 'intel'] : ['gnu'],
    readInst: (text, dialect, span) => readWords(text, dialect, span, accept),
    printInst: (i) =>
      i.ops.map((o) => (o.kind === 'imm' ? printExpr(o.value) : o.kind === 'word' ? o.word : '')).join(' '),
    symbol: (e) => addressOf(e.plus ?? ''),
    slot: () => undefined,
    stackPointer: 'sp',
    threadPointer: 'tp',
    register: () => undefined,
  };
}

const words = inst({ id: 'fake.words', syntax: '', operands: {}, sem: () => [], ref: '' });

function readWords(text: string, _: Dialect, span: Span, accept: (mnemonic: string) => boolean): Inst | Diagnostic {
  const mnemonic = text.split(/\s/, 1)[0] ?? '';
  if (!accept(mnemonic)) {
    return { severity: 'error', kind: 'input', code: 'V0101', message: `unknown instruction '${mnemonic}'`, span };
  }
  if (mnemonic !== 'jmp') return { def: words, ops: [{ kind: 'word', word: text }], span };
  const target = parseExpr(text, 4);
  const operand: Operand = isExprError(target)
    ? { kind: 'word', word: text.slice(4) }
    : { kind: 'imm', value: target.expr, label: true };
  return { def: words, ops: [{ kind: 'word', word: 'jmp' }, operand], span };
}
