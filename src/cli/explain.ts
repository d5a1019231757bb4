// SPDX-License-Identifier: MIT
import type { Command } from 'commander';
import type { InstDef } from '../asm/isa/define.ts';
import { whyUnsupported } from '../asm/isa/x86_64/unsupported.ts';
import { coverageRules } from '../asm/pipeline/coverage.ts';
import { ISAS, ROUTES } from '../asm/pipeline/route.ts';
import { CODES, type CodeInfo } from '../base/codes.ts';
import { addJson } from './options.ts';
import { about, EXIT, type ExitCode, printJson, Stop } from './outcome.ts';

export function explainCommand(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command('explain')
    .description('explain a diagnostic code, an instruction id or a mnemonic')
    .argument('<what>', 'such as V0101, x64.add.rm_rmi.32 or addl');
  addJson(command).action((what: string, flags: { readonly json?: boolean }) =>
    finish(runExplain(what, flags.json === true)),
  );
}

function runExplain(what: string, json: boolean): ExitCode {
  const code = CODES.get(what.toUpperCase());
  if (code !== undefined) {
    if (json) printJson({ command: 'explain', exit: EXIT.ok, code });
    else process.stdout.write(`${codeText(code)}\n`);
    return EXIT.ok;
  }
  const forms = formsNamed(what.toLowerCase());
  if (forms.length === 0) throw unknown(what);
  const described = forms.map(describe);
  if (json) printJson({ command: 'explain', exit: EXIT.ok, forms: described });
  else process.stdout.write(`${described.map(formText).join('\n\n')}\n`);
  return EXIT.ok;
}

function unknown(what: string): Stop {
  const reason = whyUnsupported(what.toLowerCase());
  if (reason !== undefined) {
    const message = `${what} is an instruction that is refused: ${reason}`;
    return new Stop(about('unsupported', 'V0201', message));
  }
  const notes = ['codes look like V0101, ids like x64.add.rm_rmi.32; `vouch coverage` lists all ids'];
  return new Stop(about('input', 'V0303', `there is nothing called ${JSON.stringify(what)} to explain`, { notes }));
}

function codeText(info: CodeInfo): string {
  return `${info.code}: ${info.title}\n  ${info.explanation}`;
}

/** Forms by id, by the beginning of an id, by mnemonic, or by a mnemonic with AT&T's suffix. */
function formsNamed(name: string): InstDef[] {
  const all = ISAS.flatMap((isa) => isa.forms);
  const byId = all.filter((d) => d.id === name || d.id.startsWith(`${name}.`));
  if (byId.length > 0) return byId;
  const spelled = (d: InstDef): string[] => [d.id.split('.')[1] ?? '', ...[d.syntax, ...d.aliases].flatMap(firstWords)];
  const exact = all.filter((d) => spelled(d).includes(name));
  if (exact.length > 0) return exact;
  const width = SUFFIX_WIDTHS.get(name.slice(-1));
  const stem = name.slice(0, -1);
  return width === undefined
    ? []
    : all.filter((d) => d.id.startsWith('x64.') && d.id.endsWith(`.${width}`) && spelled(d).includes(stem));
}

const SUFFIX_WIDTHS = new Map([
  ['b', '8'],
  ['w', '16'],
  ['l', '32'],
  ['q', '64'],
]);

/** The mnemonics of a syntax: `add|addl {dst}, {src}` has two. */
const firstWords = (syntax: string): string[] => (syntax.split(/\s/, 1)[0] ?? '').split('|');

interface Described {
  readonly id: string;
  readonly syntax: string;
  readonly aliases: readonly string[];
  readonly operands: readonly string[];
  readonly reference: string;
  readonly feature: string | null;
  readonly rules: readonly { readonly to: string; readonly names: readonly string[] }[];
}

function describe(def: InstDef): Described {
  return {
    id: def.id,
    syntax: def.syntax,
    aliases: def.aliases,
    operands: def.operands.map(([name, kind]) => `${name}: ${kind.name}`),
    reference: def.ref,
    feature: def.feature ?? null,
    rules: ROUTES.filter((r) => r.source.forms.includes(def)).map((r) => ({
      to: r.target.name,
      names: coverageRules(r, def),
    })),
  };
}

function formText(d: Described): string {
  const lines = [d.id, `  syntax     ${d.syntax}`];
  if (d.aliases.length > 0) lines.push(`  also       ${d.aliases.join(', ')}`);
  for (const o of d.operands) lines.push(`  operand    ${o}`);
  lines.push(`  manual     ${d.reference}`);
  if (d.feature !== null) lines.push(`  feature    ${d.feature}`);
  for (const r of d.rules) {
    lines.push(`  to ${r.to}  ${r.names.length === 0 ? 'no rule: it is refused' : r.names.join(', ')}`);
  }
  return lines.join('\n');
}
