// SPDX-License-Identifier: MIT
import { OWN_SECTION, OWN_STORAGE } from '../../abi/own-storage.ts';

/** Eight bytes for the high half of each vector register. */
const BYTES = 8 * 16;

/** Defines the storage that functions of a text have for themselves. */
export function ownStorage(text: string): readonly string[] {
  const names = new Set(text.match(new RegExp(`${OWN_STORAGE.replaceAll('.', '\\.')}[\\w.$]+`, 'g')) ?? []);
  if (names.size === 0) return [];
  const each = [...names].sort().flatMap((name) => [`${name}:`, `\t.zero\t${BYTES}`]);
  return [`\t.section\t${OWN_SECTION},"awT",@nobits`, '\t.p2align\t3', ...each];
}
