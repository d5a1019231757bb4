// SPDX-License-Identifier: MIT
import { refusedGroups } from '../../src/asm/abi/externals-refused.ts';
import {
  ABOUT_OBJECTS,
  RETURNING_NARROW_VIRTUALLY,
  RETURNING_OBJECTS_VIRTUALLY,
} from '../../src/asm/abi/runtime/cplusplus.ts';
import { ABOUT_NARROW, ABOUT_NARROW_IN_CPLUSPLUS } from '../../src/asm/abi/runtime/riscv64/narrow.ts';
import { aarch64SystemCalls, riscv64SystemCalls } from '../../src/asm/abi/system-calls.ts';
import { type Difference, differences } from './differences.ts';
import { TARGETS, type Target } from './targets.ts';

/** The parts of docs/abi.md that come from the data: `<!-- generated: PART -->`. */

const code = (names: readonly string[]): string => names.map((n) => `\`${n}\``).join(', ');

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
  return lines.join('\n').replace('| --- | --- |', '|---|---|').replace('---|---| --- |', '---|---|---|');
}

/** Names by what is said about them. */
function grouped(entries: readonly (readonly [about: string, names: readonly string[]])[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [about, names] of entries) groups.set(about, [...(groups.get(about) ?? []), ...names]);
  return groups;
}

function bridges({ runtime }: Target): string {
  const entries = [...runtime.functions.values()]
    .filter((f) => f.standsFor.length > 0)
    // What differs only in the name of a function stands together.
    .map((f) => [f.about.replace(/^Calls `[^`]+`(:| with)/, 'Calls its counterpart$1'), f.standsFor] as const);
  return table(
    ['What the bridge does, or why it is needed', 'Functions'],
    [...grouped(entries)].map(([about, names]) => [
      about.replace('its counterpart:', LIST),
      about in LISTED ? `${names.length} functions, in \`${LISTED[about]}\`` : code(names.sort()),
    ]),
  );
}

/** Where names stand that are too many to be repeated. */
const LISTED: Readonly<Record<string, string>> = {
  [ABOUT_NARROW]: 'src/asm/abi/runtime/riscv64/signatures.ts',
  [ABOUT_NARROW_IN_CPLUSPLUS]: 'src/asm/abi/runtime/riscv64/cplusplus.ts',
  [ABOUT_OBJECTS]: 'src/asm/abi/runtime/cplusplus.ts',
};
const LIST = 'the counterpart that takes a list of arguments:';

function helpers({ runtime }: Target): string {
  const own = [...runtime.functions.values()].filter((f) => f.standsFor.length === 0);
  return table(
    ['Function', 'What it does'],
    own.map((f) => [`\`${f.name}\``, f.about]),
  );
}

const TITLES = { aarch64: 'AArch64', riscv64: 'RISC-V' } as const;

function refused(): string {
  const rows = refusedGroups().map(({ names, reason, advice, only }) => [
    only === undefined ? reason : `${TITLES[only]}: ${reason}`,
    advice,
    names === RETURNING_OBJECTS_VIRTUALLY || names === RETURNING_NARROW_VIRTUALLY
      ? `${names.length} symbols, in \`${LISTED[ABOUT_OBJECTS]}\``
      : code(names),
  ]);
  return table(['Because', 'Instead', 'Functions'], rows);
}

function treatment(d: Difference): string {
  if ('because' in d) return d.because;
  if ('bridged' in d) return `bridged: ${code(d.bridged)}`;
  return `refused: ${code(d.refused)}`;
}

function measured({ name }: Target): string {
  const groups = grouped([...differences(name)].map(([what, d]) => [treatment(d), [what]] as const));
  return table(
    ['What differs', 'What is done about it'],
    [...groups].map(([how, names]) => [code(names), how]),
  );
}

/** What becomes of x86's system calls: the same, another one, or none. */
function systemCalls(): string {
  const calls = [...aarch64SystemCalls.carried.values()];
  const everywhere = (name: string, reason: string): boolean =>
    [...riscv64SystemCalls.carried.values()].some((c) => c.name === name && c.demands.some((d) => d.reason === reason));
  const demands = new Map(
    calls.map((c) => [
      c.name,
      c.demands.map(({ reason }) => `${everywhere(c.name, reason) ? '' : 'AArch64: '}${reason}`).join('; '),
    ]),
  );
  const same = calls.filter((c) => c.target.name === c.name && c.demands.length === 0).map((c) => c.name);
  const others = calls.filter((c) => c.target.name !== c.name);
  const some = calls.filter((c) => c.demands.length > 0);
  const refused = grouped(
    [...aarch64SystemCalls.refused.values()].map((c) => [`refused: ${c.reason}; ${c.advice}`, [c.name]] as const),
  );
  return table(
    ['System calls of x86-64', 'What becomes of them'],
    [
      [code(same.sort()), 'the same call, by its number on the target'],
      ...others.map((c) => [code([c.name]), `${code([c.target.name])} with the arguments that make it the same`]),
      ...some.map((c) => [
        code([c.name]),
        `the same, where an argument is a constant for which nothing differs: ${demands.get(c.name)}`,
      ]),
      ...[...refused].map(([how, names]) => [code(names), how]),
    ],
  );
}

const PARTS: Readonly<Record<string, () => string>> = {
  refused,
  'system calls': systemCalls,
  ...Object.fromEntries(
    TARGETS.flatMap((target) => [
      [`helpers ${target.name}`, () => helpers(target)],
      [`bridges ${target.name}`, () => bridges(target)],
      [`differences ${target.name}`, () => measured(target)],
    ]),
  ),
};

/** The document with its generated parts as the data says now. */
export function generated(document: string): string {
  return document.replace(
    /(<!-- generated: ([\w ]+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin: string, name: string, end: string) => `${begin}${PARTS[name]?.() ?? 'unknown part'}\n${end}`,
  );
}

export const PART_NAMES = Object.keys(PARTS);
