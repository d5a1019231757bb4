// SPDX-License-Identifier: MIT
import { refusedGroups } from '../../src/asm/abi/externals-refused.ts';
import { aarch64Runtime } from '../../src/asm/abi/runtime/aarch64/index.ts';
import { DIFFERENCES, type Difference } from './differences.ts';

/** The parts of docs/abi.md that come from the data. */

const code = (names: readonly string[]): string => names.map((n) => `\`${n}\``).join(', ');

function bridgesTable(): string {
  const groups = new Map<string, string[]>();
  for (const f of aarch64Runtime.functions.values()) {
    if (f.standsFor.length === 0) continue;
    // What differs only in the name of a function stands together.
    const about = f.about.replace(/^Calls `[^`]+`(:| with)/, 'Calls its counterpart$1');
    const key = /counterpart:/.test(about)
      ? 'Calls the counterpart that takes a list of arguments: x86 passes six integer arguments in registers before the stack, AArch64 eight.'
      : about;
    groups.set(key, [...(groups.get(key) ?? []), ...f.standsFor]);
  }
  const rows = [...groups].map(([about, names]) => `| ${about} | ${code(names.sort())} |`);
  return ['| What the bridge does, or why it is needed | Functions |', '|---|---|', ...rows].join('\n');
}

function helpersTable(): string {
  const rows = [...aarch64Runtime.functions.values()]
    .filter((f) => f.standsFor.length === 0)
    .map((f) => `| \`${f.name}\` | ${f.about} |`);
  return ['| Function | What it does |', '|---|---|', ...rows].join('\n');
}

function refusedTable(): string {
  const rows = refusedGroups.map(({ names, reason, advice }) => `| ${reason} | ${advice} | ${code(names)} |`);
  return ['| Because | Instead | Functions |', '|---|---|---|', ...rows].join('\n');
}

function treatment(d: Difference): string {
  if ('because' in d) return d.because;
  if ('bridged' in d) return `bridged: ${code(d.bridged)}`;
  return `refused: ${code(d.refused)}`;
}

function differencesTable(): string {
  const groups = new Map<string, string[]>();
  for (const [name, d] of DIFFERENCES) groups.set(treatment(d), [...(groups.get(treatment(d)) ?? []), name]);
  const rows = [...groups].map(([how, names]) => `| ${code(names)} | ${how} |`);
  return ['| What differs | What is done about it |', '|---|---|', ...rows].join('\n');
}

const PARTS: Readonly<Record<string, () => string>> = {
  bridges: bridgesTable,
  helpers: helpersTable,
  refused: refusedTable,
  differences: differencesTable,
};

/** The document with its generated parts as the data says now. */
export function generated(document: string): string {
  return document.replace(
    /(<!-- generated: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin: string, name: string, end: string) => `${begin}${PARTS[name]?.() ?? 'unknown part'}\n${end}`,
  );
}

export const PART_NAMES = Object.keys(PARTS);
