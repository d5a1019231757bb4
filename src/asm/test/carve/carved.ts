// SPDX-License-Identifier: MIT

/**
 * What a function found when it was called in a run of its program, free of where things lay then (Elbaum, Chin, Dwyer,
 * Dokulil: Carving differential unit test cases from system test cases, FSE 2006).
 */
export interface Carved {
  readonly function: string;
  /** The integer arguments in registers, then the words behind them on the stack. */
  readonly integers: readonly Word[];
  readonly floats: readonly bigint[];
  /** All memory that the arguments and the file's data lead to, one object behind the other. */
  readonly memory: Uint8Array;
  /** Words of it that lead into it: the offset of each, and behind it where it leads. There may be 100,000. */
  readonly inner: Uint32Array;
  /** Other words of it that are pointers, by their offset. */
  readonly pointers: readonly (readonly [offset: number, to: Target])[];
  /** The file's own data, where they were not as the file has them. */
  readonly data: readonly (readonly [at: OwnData, value: Word, bytes: number])[];
  /** What calls of functions outside of the file came to, in their order, and what they have written. */
  readonly answers: readonly Word[];
  readonly writes: readonly CarvedWrite[];
  /** The call that did not come back, counted like answers; -1 where all did. */
  readonly leaves: number;
  /** How many instructions were carried out until it returned, those of functions outside included. */
  readonly steps: number;
}

export interface CarvedWrite {
  readonly answer: number;
  readonly at: number | OwnData;
  readonly bytes: Uint8Array;
  /** Words of it that are pointers, by their offset in `bytes`. */
  readonly pointers: readonly (readonly [offset: number, to: Target])[];
}

/** A place in the file's own data: a statement of the file, and how far behind its beginning. */
export interface OwnData {
  readonly statement: number;
  readonly plus: number;
}

/** Where a pointer leads. */
export type Target =
  | { readonly memory: number }
  | OwnData
  /** A function of the file, or outside. */
  | { readonly code: string }
  /** An object that another file defines. */
  | { readonly object: string; readonly plus: number };

export type Word = bigint | Target;

/** What runs of a program have given. */
export interface Carving {
  /** By the name of the file of the program and of the function: calls that went ways which none before had gone. */
  readonly calls: ReadonlyMap<string, readonly Carved[]>;
  /** The objects that files define for others, with what is in them at the start. */
  readonly objects: ReadonlyMap<string, Uint8Array>;
}

/** How many bytes it takes to keep one, nearly. */
export const bytesOf = ({ memory, inner, pointers, data, writes }: Carved): number =>
  memory.length +
  inner.byteLength +
  OBJECT * (pointers.length + data.length + writes.reduce((n, w) => n + 1 + w.pointers.length, 0)) +
  writes.reduce((n, w) => n + w.bytes.length, 0);

/** A pair of numbers and a target. */
const OBJECT = 200;

export const carvedKey = (file: string, name: string): string => `${file} ${name}`;

/** What tests of one file's functions are given of carvings. */
export function carvedFor(
  file: string,
  carvings: readonly Carving[],
): {
  readonly carved: (name: string) => readonly Carved[];
  readonly objects: ReadonlyMap<string, Uint8Array>;
} {
  return {
    carved: (name) => carvings.flatMap((c) => c.calls.get(carvedKey(file, name)) ?? []),
    objects: new Map(carvings.flatMap((c) => [...c.objects])),
  };
}
