// SPDX-License-Identifier: MIT
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type HashedText, hashed } from '../asm/pipeline/hashed.ts';
import { about, Stop } from './outcome.ts';

export const STDIN = '<stdin>';
export const STDOUT = '<stdout>';

/** Larger files would need more memory than there is; nothing that a compiler writes comes near. */
const MAX_BYTES = 24 * 1024 * 1024;

/** What programs that are run here read. */
const MAX_DATA_BYTES = 2 ** 30;

/** Evidence of the largest programs has some 20 times their size, and is read without taking apart what it quotes. */
export const MAX_EVIDENCE_BYTES = 400 * 1024 * 1024;

/** Reads an input file of up to `most` bytes, or standard input for `-`. */
export function readInput(path: string, most = MAX_BYTES): HashedText {
  const file = path === '-' ? STDIN : path;
  const bytes = readBytes(path, file, most);
  return hashed({ file, text: bytes.toString('utf8') }, bytes);
}

function readBytes(path: string, file: string, most: number): Buffer {
  try {
    if (path !== '-') {
      const found = statSync(path);
      if (found.isDirectory())
        throw new Stop(about('input', 'V0301', 'this is a directory, and a file is needed', { file }));
      if (found.size > most) throw tooLarge(file, found.size, most);
    }
    const bytes = readFileSync(path === '-' ? 0 : path);
    if (bytes.length > most) throw tooLarge(file, bytes.length, most);
    return bytes;
  } catch (error) {
    throw error instanceof Stop
      ? error
      : new Stop(about('input', 'V0301', `cannot be read: ${reason(error)}`, { file }));
  }
}

/** The bytes of a file that a program is given. */
export function readData(path: string): Uint8Array {
  return readBytes(path, path === '-' ? STDIN : path, MAX_DATA_BYTES);
}

function tooLarge(file: string, size: number, most: number): Stop {
  const message = `the file has ${Math.ceil(size / 1024 / 1024)} MiB, and at most ${most / 1024 / 1024} are read`;
  return new Stop(about('input', 'V0304', message, { file, notes: ['split it into several files'] }));
}

/** Why a file could not be used, in words. */
export function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words = REASONS.get(code);
  if (words !== undefined) return words;
  return error instanceof Error ? error.message : String(error);
}

const REASONS = new Map([
  ['ENOENT', 'there is no such file or directory'],
  ['EACCES', 'permission is denied'],
  ['EPERM', 'permission is denied'],
  ['EISDIR', 'it is a directory'],
  ['ENOTDIR', 'a part of the path is no directory'],
  ['ENOSPC', 'there is no space left'],
  ['EROFS', 'the file system is read-only'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ELOOP', 'there are too many symbolic links'],
  ['EAGAIN', 'nothing can be read from it now'],
]);

/** A file that will be written. */
export interface Output {
  readonly path: string;
  readonly text: string | Uint8Array;
}

/**
 * Writes all files or none: each is written beside its place first and then moved there, so that nobody ever sees half
 * a file. `-` is standard output; what is no plain file, such as `/dev/null`, is written to and never replaced.
 */
export function writeOutputs(outputs: readonly Output[]): void {
  const moves: { readonly from: string; readonly to: string }[] = [];
  const streams: Output[] = [];
  let current = '';
  try {
    for (const { path, text } of outputs) {
      current = path;
      if (path === '-' || isSpecial(path)) {
        streams.push({ path, text });
        continue;
      }
      // Through a link, so that the link stays.
      const to = realPath(path);
      mkdirSync(dirname(to), { recursive: true });
      const from = join(dirname(to), `.${basename(to)}.${randomBytes(6).toString('hex')}`);
      moves.push({ from, to });
      writeFileSync(from, text, { flag: 'wx' });
    }
    for (const { from, to } of moves) {
      current = to;
      renameSync(from, to);
    }
    for (const { path, text } of streams) {
      current = path;
      if (path === '-') process.stdout.write(text);
      else writeFileSync(path, text);
    }
  } catch (error) {
    for (const { from } of moves) rmSync(from, { force: true });
    throw new Stop(about('input', 'V0302', `cannot be written: ${reason(error)}`, { file: current }));
  }
}

export function removeFile(path: string): void {
  try {
    rmSync(path);
  } catch (error) {
    throw new Stop(about('input', 'V0302', `cannot be removed: ${reason(error)}`, { file: path }));
  }
}

/** There, and neither a plain file nor a folder. */
function isSpecial(path: string): boolean {
  try {
    const found = statSync(path);
    return !found.isFile() && !found.isDirectory();
  } catch {
    return false;
  }
}

export function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Whether two paths lead to one file. */
export function isSameFile(a: string, b: string): boolean {
  return realPath(a) === realPath(b);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
