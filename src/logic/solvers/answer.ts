// SPDX-License-Identifier: MIT
import { modelNames, type Query, readModel } from '../smtlib.ts';
import type { SolverAnswer } from '../solver.ts';

/** The answer in a solver's output to a query with its model asked for. */
export function readAnswer(query: Query, text: string): SolverAnswer {
  const first = text.trimStart().split(/\s/, 1)[0];
  if (first === 'unsat') return { status: 'unsat' };
  if (first === 'sat') {
    const model = readModel(query, text);
    return model === undefined ? { status: 'unknown', reason: 'its values cannot be read' } : { status: 'sat', model };
  }
  return { status: 'unknown', reason: text.trim().split('\n', 1)[0] || 'no answer' };
}

/** The commands that follow a query's text. */
export function askForModel(query: Query): string {
  const names = modelNames(query);
  const check = query.probes.length === 0 ? '(check-sat)\n' : `${query.probeText}(check-sat)\n`;
  return names.length === 0 ? check : `${check}(get-value (${names.join(' ')}))\n`;
}
