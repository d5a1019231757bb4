// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';

/** How far `jal` reaches, in bytes, with a quarter left for what is put in. */
const REACH = 3 << 18;

const JUMP = /^(\t(?:j|beq|bne|blt|bge|bltu|bgeu|beqz|bnez|bltz|bgez|blez|bgtz)\t(?:.*, )?)([^ ,]+)$/;
const LEAVES = /^\t(?:j|ret|jr|jump|unimp)\b/;

/** At most so many bytes: constants take up to eight instructions, addresses two, and so do branches that reach far. */
const sizeOf = (line: string): number => (line.startsWith('\tli\t') ? 32 : 8);

/**
 * Lets jumps and branches of a large function reach labels that are more than 1 MiB away: they go from one jump to the
 * next, which stand in groups between other instructions, and no register is needed. Branches beyond 4 KiB are no matter,
 * since the assembler turns them round by itself.
 */
export function relaxFarJumps(lines: readonly string[], freshLabel: () => string, reach = REACH): readonly string[] {
  if (lines.length * 32 < reach) return lines;
  const labels = new Map<string, number>();
  const at: number[] = [];
  let position = 0;
  for (const line of lines) {
    at.push(position);
    if (line.endsWith(':')) labels.set(line.slice(0, -1), position);
    else position += sizeOf(line);
  }
  if (position < reach) return lines;
  const groups = groupsIn(lines, at, reach / 4);
  const out = lines.map((line, index) => {
    const [, head, label] = JUMP.exec(line) ?? [];
    const to = label === undefined ? undefined : labels.get(label);
    if (head === undefined || label === undefined || to === undefined) return line;
    return head + by(groups, must(at[index], 'a position'), label, to, reach, freshLabel);
  });
  return out.flatMap((line, index) => {
    const group = groups.find((g) => g.before === index);
    if (group === undefined || group.jumps.size === 0) return [line];
    const jumps = [...group.jumps].flatMap(([to, label]) => [`${label}:`, `\tj\t${group.next.get(to) ?? to}`]);
    if (LEAVES.test(lines[index - 1] ?? '')) return [...jumps, line];
    const over = freshLabel();
    return [`\tj\t${over}`, ...jumps, `${over}:`, line];
  });
}

/** A place for jumps: before a line of the text. */
interface Group {
  readonly before: number;
  readonly position: number;
  /** The label of the jump here that leads to a label of the function. */
  readonly jumps: Map<string, string>;
  /** Where that jump goes, if not straight there. */
  readonly next: Map<string, string>;
}

/** One about every `distance` bytes, never where an access is watched (`lr`). */
function groupsIn(lines: readonly string[], at: readonly number[], distance: number): Group[] {
  const groups: Group[] = [];
  let last = 0;
  for (const [index, position] of at.entries()) {
    if (position - last < distance) continue;
    const watched = lines.slice(Math.max(0, index - 12), index).some((l) => l.startsWith('\tlr.'));
    if (watched) continue;
    groups.push({ before: index, position, jumps: new Map(), next: new Map() });
    last = position;
  }
  return groups;
}

/** The label to go to from `from` on the way to `label`, which stands at `to`. */
function by(
  groups: readonly Group[],
  from: number,
  label: string,
  to: number,
  reach: number,
  freshLabel: () => string,
): string {
  if (Math.abs(to - from) < reach) return label;
  const ahead = to > from;
  const within = groups.filter(
    (g) => (ahead ? g.position > from : g.position < from) && Math.abs(g.position - from) < reach,
  );
  const group = must(ahead ? within.at(-1) : within[0], 'a group within reach');
  const known = group.jumps.get(label);
  if (known !== undefined) return known;
  const own = freshLabel();
  group.jumps.set(label, own);
  const next = by(groups, group.position, label, to, reach, freshLabel);
  if (next !== label) group.next.set(label, next);
  return own;
}
