// SPDX-License-Identifier: MIT

/** Mistakes that somebody could make in assembly, as changes of one line. */

export interface Mutant {
  /** Which mistake: `register`, `immediate`, `condition`, ... */
  readonly kind: string;
  /** The line, counted from 1, and what stands in its place; several lines for what is added. */
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

export type Change = readonly [kind: string, after: string];

/** The mistakes that an instruction of one machine invites. */
export type Mistakes = (text: string, labels: readonly string[], random: () => bigint) => Change[];

/** All mutants of the instruction lines of a text. `isCode` says which lines hold instructions. */
export function mutantsOf(
  lines: readonly string[],
  isCode: (line: number) => boolean,
  mistakes: Mistakes,
  random: () => bigint,
): Mutant[] {
  const labels = lines.flatMap((l) => /^([.\w]+):/.exec(l)?.[1] ?? []);
  return lines.flatMap((before, i) => {
    const line = i + 1;
    if (!isCode(line)) return [];
    const next = lines[i + 1];
    const changes = mistakes(before, labels, random);
    if (next !== undefined && isCode(line + 1) && next !== before) changes.push(['order', `${next}\n${before}`]);
    return changes.filter(([, after]) => after !== before).map(([kind, after]) => ({ kind, line, before, after }));
  });
}

export const pick = <T>(list: readonly T[], random: () => bigint): T =>
  list[Number(random() % BigInt(list.length))] as T;

/** `text` with `by` in the place of `length` characters at `index`. */
export function replaced(text: string, index: number, length: number, by: string): string {
  return text.slice(0, index) + by + text.slice(index + length);
}

/** The mnemonic of an instruction, replaced by each that is easily taken for it. */
export function confusions(text: string, groups: readonly (readonly string[])[]): Change[] {
  const mnemonic = mnemonicOf(text);
  const start = text.indexOf(mnemonic);
  return groups
    .filter((group) => group.includes(mnemonic))
    .flatMap((group) => group.filter((other) => other !== mnemonic))
    .map((other) => ['operation', replaced(text, start, mnemonic.length, other)] as const);
}

export function mnemonicOf(text: string): string {
  return /^\s*([a-z][a-z0-9.]*)/.exec(text)?.[1] ?? '';
}

/** Three operands, of which two have changed places. */
export function swaps(text: string): Change[] {
  const operands = /^(\s*\S+\s+)([^,[]+), ([^,[]+), ([^,[\]]+)(.*)$/.exec(text);
  if (operands === null) return [];
  const [, head, a, b, c, rest] = operands;
  return [
    ['operand order', `${head}${a}, ${c}, ${b}${rest}`],
    ['operand order', `${head}${b}, ${a}, ${c}${rest}`],
  ];
}

/** Another label where one is named. */
export function otherTargets(text: string, labels: readonly string[], random: () => bigint): Change[] {
  return labels.flatMap((label): Change[] => {
    const index = text.indexOf(label);
    return index > 0 ? [['target', replaced(text, index, label.length, pick(labels, random))]] : [];
  });
}
