// SPDX-License-Identifier: MIT
import type { Term } from './term.ts';

/** A term as text for people: operators as functions, constants in hexadecimal with their width. */
export function show(t: Term, depth = 8): string {
  switch (t.op) {
    case 'const':
      return `0x${t.value.toString(16)}:${t.width}`;
    case 'var':
      return t.name;
  }
  if (depth === 0) return '...';
  const args = t.args.map((a) => show(a, depth - 1)).join(', ');
  switch (t.op) {
    case 'extract':
      return `${args}[${t.lo + t.width - 1}:${t.lo}]`;
    case 'apply':
      return `${t.name}(${args})`;
    case 'load':
    case 'sext':
      return `${t.op}${t.width}(${args})`;
    default:
      return `${t.op}${t.name === '' ? '' : `.${t.name}`}(${args})`;
  }
}
