// SPDX-License-Identifier: MIT
import type { Evidence } from '../core/evidence.ts';
import { relationText } from './relation-text.ts';
import { machineText, summarise, verdictText } from './summary.ts';
import { kindsText, placesText, plural } from './text.ts';

type FunctionEvidence = Evidence['functions'][number];
type BlockEvidence = FunctionEvidence['blocks'][number];

/** Past this many blocks, relations are written only where something is open, so that a browser can show the page. */
const MANY_BLOCKS = 4000;

/** Evidence as one HTML page that needs nothing else: no scripts, no fonts, no network. */
export function reportHtml(evidence: Evidence): string {
  const s = summarise(evidence);
  const brief = s.blocks > MANY_BLOCKS;
  const title = `${evidence.source.name} to ${evidence.target.language}: ${evidence.kind}`;
  const facts: readonly (readonly [string, string])[] = [
    ['Source', `${evidence.source.name}, ${machineText(evidence.source)}, SHA-256 ${evidence.source.sha256}`],
    ['Target', `${evidence.target.name}, ${evidence.target.language}, SHA-256 ${evidence.target.sha256}`],
    ['Blocks', `${s.blocks} in ${plural(s.functions, 'function')}: ${kindsText(s.kinds)}`],
    ['Obligations', s.means.map(([name, n]) => `${n} ${name}`).join(', ')],
    ['Time', `${(s.ms / 1000).toFixed(2)} s of one core`],
    ['Proposed by', `${evidence.proposer} (nothing follows from it)`],
    [
      'Versions',
      Object.entries(evidence.versions)
        .map((v) => v.join(' '))
        .join(', '),
    ],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(evidence.source.name)} <span class="${evidence.kind}">${evidence.kind}</span></h1>
<table>${facts.map(([k, v]) => `<tr><th>${escapeHtml(k)}</th><td>${escapeHtml(v)}</td></tr>`).join('\n')}</table>
${findingsSection(evidence)}
${openSection(evidence)}
<h2>Functions</h2>
${brief ? '<p>There are many blocks; relations are shown only where something is open.</p>' : ''}
${evidence.functions.map((f) => functionSection(f, brief)).join('\n')}
${refusedSection(evidence)}
<h2>Assumptions</h2>
<dl>${evidence.assumptions.map((a) => `<dt>${escapeHtml(a.name)} <small>${escapeHtml(placesText(a.where))}</small></dt><dd>${escapeHtml(a.explanation)}</dd>`).join('\n')}</dl>
</main>
</body>
</html>
`;
}

function findingsSection(evidence: Evidence): string {
  if (evidence.findings.length === 0) return '';
  return `<h2>About the programs as wholes</h2>\n<ul>${evidence.findings.map((f) => `<li>${escapeHtml(f)}</li>`).join('\n')}</ul>`;
}

function refusedSection(evidence: Evidence): string {
  if (evidence.refused.length === 0) return '';
  const items = evidence.refused.map((r) => `<li>${escapeHtml(r.name)}: ${escapeHtml(r.reason)}</li>`);
  return `<h2>Not carried over</h2>\n<ul>${items.join('\n')}</ul>`;
}

function openSection(evidence: Evidence): string {
  const { open } = summarise(evidence);
  if (open.length === 0) return '';
  const items = open.map((o) => {
    const lines = [
      `<b class="${o.verdict.kind}">${o.verdict.kind}</b> ${escapeHtml(o.where)}, line ${o.line}: ${escapeHtml(verdictText(o.verdict))}`,
    ];
    if (o.verdict.kind === 'refuted') {
      const { inputs, memory } = o.verdict.witness;
      const state = [
        ...inputs.map((i) => `${i.name} = ${i.value}`),
        ...memory.map((m) => `[${m.address}] = ${m.bytes}`),
      ];
      lines.push(`<pre>${escapeHtml(state.join('\n'))}</pre>`);
    }
    return `<li>${lines.join('\n')}</li>`;
  });
  return `<h2>Not proved</h2>\n<ul>${items.join('\n')}</ul>`;
}

function functionSection(f: FunctionEvidence, brief: boolean): string {
  const rows = f.blocks.filter((b) => !brief || b.verdict.kind !== 'proved').map(blockRow);
  const open = f.kind === 'proved' ? '' : ' open';
  const name = f.source === f.target ? f.source : `${f.source} as ${f.target}`;
  return `<details${open}><summary><span class="${f.kind}">${f.kind}</span> ${escapeHtml(name)} <small>${plural(f.blocks.length, 'block')}</small></summary>
<table><tr><th>Block</th><th>Line</th><th>Target</th><th>Verdict</th><th>How</th><th>At its start</th></tr>
${rows.join('\n')}</table></details>`;
}

function blockRow(b: BlockEvidence): string {
  const { label, clauses } = relationText(b.relation);
  const how = b.verdict.kind === 'proved' ? howText(b.verdict.how) : verdictText(b.verdict);
  const cells = [String(b.block), String(b.line), label, '', `${how}, ${b.ms.toFixed(1)} ms`, clauses.join('; ')];
  const html = cells.map((c, i) =>
    i === 3 ? `<td class="${b.verdict.kind}">${b.verdict.kind}</td>` : `<td>${escapeHtml(c)}</td>`,
  );
  return `<tr>${html.join('')}</tr>`;
}

function howText(how: { readonly identical: number; readonly by: Readonly<Record<string, number>> }): string {
  return [`${how.identical} identical`, ...Object.entries(how.by).map(([name, n]) => `${n} ${name}`)].join(', ');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

const STYLE = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .2rem .6rem; border-bottom: 1px solid #8884; overflow-wrap: anywhere; }
th { font-weight: 600; } small { opacity: .7; } dd { margin: 0 0 .6rem 1rem; }
details { margin: .3rem 0; } summary { cursor: pointer; }
details td, pre { font: 13px/1.4 ui-monospace, monospace; }
.proved { color: #1a7f37; } .refuted { color: #cf222e; } .undecided, .unsupported { color: #9a6700; }
@media (prefers-color-scheme: dark) { .proved { color: #3fb950; } .refuted { color: #ff7b72; } .undecided, .unsupported { color: #d29922; } }
`;
