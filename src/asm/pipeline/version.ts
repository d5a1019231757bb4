// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Set where vouch is bundled, which is done from the sources that are hashed. */
declare const VOUCH_MODEL: string | undefined;

export const VOUCH_VERSION = '0.1.0';

/** The rooms on which verdicts depend: the meanings, the logic, the conventions and the checker. */
const ROOMS = ['asm/abi', 'asm/isa', 'asm/program', 'asm/text', 'asm/verify', 'logic'];

let known: string | undefined;

/** A hash over the source text of all that verdicts depend on: evidence and caches of other versions do not count. */
export function modelVersion(): string {
  known ??=
    typeof VOUCH_MODEL === 'string' ? VOUCH_MODEL : hashModels(fileURLToPath(new URL('../../', import.meta.url)));
  return known;
}

export function hashModels(sources: string): string {
  const hash = createHash('sha256');
  for (const room of ROOMS) {
    const files = readdirSync(join(sources, room), { recursive: true, encoding: 'utf8' })
      .filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts'))
      .sort();
    for (const f of files) {
      const text = readFileSync(join(sources, room, f));
      hash.update(`${room}/${f}\0${text.length}\0`).update(text);
    }
  }
  return hash.digest('hex').slice(0, 32);
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
