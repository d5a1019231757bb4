// SPDX-License-Identifier: MIT
import type { Evidence } from '../core/evidence.ts';
import { machineText, summarise, verdictText } from './summary.ts';

/** Evidence as plain text, for a terminal. */
export function reportText(evidence: Evidence): string {
  const s = summarise(evidence);
  const lines = [
    `${evidence.source.name} (${machineText(evidence.source)}) -> ${evidence.target.name} (${evidence.target.language})`,
    `verdict: ${evidence.kind}`,
    `${plural(s.functions, 'function')}, ${plural(s.blocks, 'block')}: ${kindsText(s.kinds)}`,
    `obligations: ${s.means.map(([name, n]) => `${n} ${name}`).join(', ') || 'none'}`,
    `checked in ${(s.ms / 1000).toFixed(2)} s of one core, proposed by ${evidence.proposer}`,
    `versions: ${Object.entries(evidence.versions)
      .map((v) => v.join(' '))
      .join(', ')}`,
  ];
  if (evidence.findings.length > 0) lines.push('', 'about the programs as wholes:', ...evidence.findings.map(indent));
  if (s.open.length > 0) lines.push('', 'not proved:');
  for (const o of s.open) {
    lines.push(indent(`line ${o.line}, ${o.where}: ${o.verdict.kind}: ${verdictText(o.verdict)}`));
    if (o.verdict.kind !== 'refuted') continue;
    for (const i of o.verdict.witness.inputs) lines.push(indent(indent(`${i.name} = ${i.value}`)));
    for (const m of o.verdict.witness.memory) lines.push(indent(indent(`bytes at ${m.address}: ${m.bytes}`)));
  }
  if (evidence.refused.length > 0) lines.push('', 'not carried over:');
  for (const r of evidence.refused) lines.push(indent(`${r.name}: ${r.reason}`));
  lines.push('', 'assumed:');
  for (const a of evidence.assumptions) {
    lines.push(indent(`${a.name} (${placesText(a.where)})`), indent(indent(a.explanation)));
  }
  return `${lines.join('\n')}\n`;
}

export const plural = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

const indent = (line: string): string => `  ${line}`;

export function kindsText(kinds: Readonly<Record<string, number>>): string {
  const some = Object.entries(kinds).filter(([, n]) => n > 0);
  return some.map(([kind, n]) => `${n} ${kind}`).join(', ') || 'none';
}

const MANY = 4;

export function placesText(places: readonly string[]): string {
  const shown = places.slice(0, MANY).join(', ');
  return places.length > MANY ? `${shown} and ${places.length - MANY} more` : shown;
}
