// SPDX-License-Identifier: MIT
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { QueryCache } from '../../logic/generalise.ts';
import { modelVersion, sha256 } from './version.ts';

/** Where caches of this user belong, as the XDG base directory specification says. */
export function cacheFolder(): string {
  const set = process.env.XDG_CACHE_HOME;
  return join(set?.startsWith('/') ? set : join(homedir(), '.cache'), 'vouch');
}

const LINE = /^[0-9a-f]{64}$/;

/**
 * The claims that solvers proved in earlier runs, as a file of hashes, one a line. A file belongs to one version of the
 * models. Trouble with the file costs time and never changes a verdict: a line that is no hash is passed over, and a
 * folder that cannot be written is not written.
 */
export class QueryStore extends QueryCache {
  private readonly folder: string;
  private readonly file: string;
  private readonly hashes = new Set<string>();
  private added: string[] = [];

  constructor(folder = cacheFolder()) {
    super();
    this.folder = folder;
    this.file = join(folder, `proved-${modelVersion()}`);
    let text = '';
    try {
      text = readFileSync(this.file, 'utf8');
    } catch {
      // The first run of this version.
    }
    for (const line of text.split('\n')) if (LINE.test(line)) this.hashes.add(line);
  }

  override has(key: string): boolean {
    return this.hashes.has(sha256(key));
  }

  override add(key: string): void {
    const hash = sha256(key);
    if (this.hashes.has(hash)) return;
    this.hashes.add(hash);
    this.added.push(hash);
    if (this.added.length >= 64) this.flush();
  }

  override get size(): number {
    return this.hashes.size;
  }

  /** Writes what was added since. Appending whole lines at once lets several processes write the same file. */
  flush(): void {
    if (this.added.length === 0) return;
    const lines = `${this.added.join('\n')}\n`;
    this.added = [];
    try {
      mkdirSync(this.folder, { recursive: true });
      appendFileSync(this.file, lines);
    } catch {
      // Without a cache the next run asks again.
    }
  }
}
