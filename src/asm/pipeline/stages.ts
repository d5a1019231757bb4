// SPDX-License-Identifier: MIT
import type { Flow, Program } from '../program/types.ts';

/** A program as it was understood, for `--print-stages`: its functions, and how control goes between their blocks. */
export function describeProgram(program: Program): string {
  const lines: string[] = [];
  for (const f of program.functions) {
    lines.push(`function ${[f.name, ...f.aliases].join(' = ')} in ${f.section}`);
    for (const b of f.blocks) {
      const labels = f.labelsAt.get(b.start) ?? [];
      const leaves = b.tailCall === undefined ? [] : [b.tailCall];
      const to = [...b.successors.map((s) => `block ${s}`), ...leaves].join(', ');
      const line = f.insts[b.start]?.span?.line ?? 0;
      const name = labels.length > 0 ? ` ${labels.join(', ')}` : '';
      lines.push(
        `  block ${b.index}${name}, line ${line}, ${b.end - b.start} instructions, ${describeFlow(b.flow)}${to === '' ? '' : ` -> ${to}`}`,
      );
    }
  }
  return lines.map((l) => `${l}\n`).join('');
}

function describeFlow(flow: Flow): string {
  switch (flow.kind) {
    case 'jump':
      return flow.conditional ? 'conditional jump' : 'jump';
    case 'call':
      return flow.target === undefined ? 'indirect call' : `call ${flow.target}`;
    case 'indirect':
      return 'indirect jump';
    case 'next':
      return 'goes on';
    case 'system':
      return `system call ${flow.number ?? '?'}`;
    case 'return':
    case 'trap':
    case 'repeat':
      return flow.kind;
  }
}
