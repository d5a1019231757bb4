// SPDX-License-Identifier: MIT

interface Entry<T> {
  readonly set: Int32Array;
  readonly value: T;
}

/** What has been found for sets of chunks, up to so many of them; then it begins anew. */
export class BySet<T> {
  private readonly most: number;
  private readonly entries = new Map<number, Entry<T>[]>();
  private size = 0;

  constructor(most: number) {
    this.most = most;
  }

  /** For the set of so many words that begins at `at`: what is known of it, or what `find` gives. */
  get(sets: Int32Array, at: number, words: number, find: () => T): T {
    let hash = 0;
    for (let w = 0; w < words; w++) hash = Math.imul(hash ^ (sets[at + w] ?? 0), 0x9e3779b1) ^ (hash >>> 15);
    const before = this.entries.get(hash) ?? [];
    for (const { set, value } of before) if (isSame(set, sets, at)) return value;
    const value = find();
    if (this.size >= this.most) {
      this.entries.clear();
      this.size = 0;
    }
    this.size++;
    this.entries.set(hash, [...before, { set: sets.slice(at, at + words), value }]);
    return value;
  }
}

function isSame(set: Int32Array, sets: Int32Array, at: number): boolean {
  for (let w = 0; w < set.length; w++) if (set[w] !== sets[at + w]) return false;
  return true;
}
