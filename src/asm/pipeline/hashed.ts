// SPDX-License-Identifier: MIT
import type { SourceText } from '../../base/source.ts';
import { sha256 } from './version.ts';

/** A file as it is on disk: the hash is of its bytes. */
export interface HashedText extends SourceText {
  readonly sha256: string;
}

export function hashed(source: SourceText, bytes: Uint8Array): HashedText {
  return { ...source, sha256: sha256(bytes) };
}
