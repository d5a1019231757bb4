// SPDX-License-Identifier: MIT
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/source.ts';
import type { FaultKind, StoppedAt } from './fault.ts';
import type { Image, LinkedFunction } from './link/image.ts';
import type { Ending } from './run.ts';

/** What is said of a program that did not end by itself. */

const CODES: Readonly<Record<FaultKind, string>> = {
  memory: 'V0610',
  trap: 'V0611',
  stack: 'V0612',
  jump: 'V0613',
  end: 'V0614',
  undefined: 'V0615',
  heap: 'V0616',
  library: 'V0617',
  abort: 'V0618',
};

/** The status that a shell gives for the signal that ends such a program elsewhere; 124 as `timeout` gives. */
export function statusOf(ending: Ending): number {
  if (ending.kind === 'exit') return ending.status;
  if (ending.kind === 'limit') return 124;
  switch (ending.fault.kind) {
    case 'abort':
    case 'heap':
      return 134;
    case 'trap':
      return /division/.test(ending.fault.message) ? 136 : 132;
    case 'undefined':
      return 132;
    default:
      return 139;
  }
}

export function describeEnding(ending: Ending): Diagnostic | undefined {
  switch (ending.kind) {
    case 'exit':
      return undefined;
    case 'fault':
      return report(CODES[ending.fault.kind], ending.fault.message, ending.fault.at);
    case 'limit':
      return report('V0620', `the program was ended: ${LIMITS[ending.what] ?? ending.what}`, ending.at);
  }
}

const LIMITS: Readonly<Record<string, string>> = {
  instructions: 'it has carried out as many instructions as it may',
  seconds: 'it has run as long as it may',
  output: 'it has written as much as it may',
};

function report(code: string, message: string, at: StoppedAt): Diagnostic {
  const { machine, site, path } = at;
  const { image } = machine;
  const notes: string[] = [];
  const last = path[0];
  const place =
    site === undefined
      ? last === undefined
        ? undefined
        : blockPlace(image, last)
      : { fn: site.fn, block: site.block };
  let span: Span | undefined;
  if (place !== undefined) {
    const { fn, block } = place;
    const end = (fn.code.blocks[block]?.end ?? 1) - 1;
    const index = site?.inst ?? end;
    span = spanOf(fn, index);
    notes.push(`in block ${block} of ${fn.code.name}${site === undefined ? ', which was entered last' : ''}`);
  }
  const gprs = image.isa.locations.filter((l) => l.kind === 'gpr' || l.kind === 'sp');
  const values = gprs.map((l) => `${l.name}=0x${machine.register(l.name).toString(16)}`);
  for (let i = 0; i < values.length; i += 6)
    notes.push(`${i === 0 ? 'registers: ' : '  '}${values.slice(i, i + 6).join(' ')}`);
  const before = path.slice(1, 9).map((b) => describeBlock(image, b));
  if (before.length > 0) notes.push(`the blocks before, the latest first: ${before.join(', ')}`);
  // A block's instructions are counted when it is entered.
  const ahead = site === undefined ? 0 : (site.fn.code.blocks[site.block]?.end ?? site.inst) - site.inst;
  notes.push(`after ${machine.executed - ahead} instructions`);
  return { severity: 'error', kind: 'unsupported', code, message, notes, ...(span === undefined ? {} : { span }) };
}

export function blockPlace(
  image: Image,
  block: number,
): { readonly fn: LinkedFunction; readonly block: number } | undefined {
  let [low, high] = [0, image.functions.length];
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if ((image.functions[middle]?.firstBlock ?? 0) <= block) low = middle;
    else high = middle;
  }
  const fn = image.functions[low];
  return fn === undefined ? undefined : { fn, block: block - fn.firstBlock };
}

export function describeBlock(image: Image, number: number): string {
  const place = blockPlace(image, number);
  if (place === undefined) return '?';
  const { fn, block } = place;
  const line = spanOf(fn, fn.code.blocks[block]?.start ?? 0)?.line;
  return `${fn.code.name} block ${block}${line === undefined ? '' : ` (line ${line})`}`;
}

export function spanOf(fn: LinkedFunction, inst: number): Span | undefined {
  return fn.file.program.ast.statements[fn.code.statementAt[inst] ?? -1]?.span;
}

/** How often instructions of each form were carried out, the most frequent first. */
export function countsOf(at: Pick<StoppedAt, 'machine'>): readonly (readonly [form: string, count: number])[] {
  const { machine } = at;
  const totals = new Map<string, number>();
  for (const fn of machine.image.functions) {
    for (const b of fn.code.blocks) {
      const [entered] = machine.history.counts(fn.firstBlock + b.index);
      if (entered === 0) continue;
      for (let i = b.start; i < b.end; i++) {
        const id = fn.code.insts[i]?.def.id ?? '?';
        totals.set(id, (totals.get(id) ?? 0) + entered);
      }
    }
  }
  return [...totals].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
}
