// SPDX-License-Identifier: MIT
import { bv, eq, ite } from '../../logic/build.ts';
import { sumOf } from '../../logic/linear.ts';
import type { Term } from '../../logic/term.ts';
import type { Machine } from '../run/machine.ts';

/** What a read from a constant table comes to, where the place in it depends on the input: a choice between all entries. */
export class TableReads {
  private readonly machine: Machine;
  private readonly known = new Map<string, Term>();
  private made = 0;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** `now` is what lies at `at`, where the address leads this time. */
  read(address: Term, at: number, now: Term): Term {
    const { constants, writable, heap } = this.machine.image.layout;
    // The library keeps its own tables in the heap.
    if ((at < constants || at >= writable) && at < heap) return now;
    const key = `${address.id} ${now.width}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    if (this.made >= ALL_ENTRIES || sizeOf(address, LARGEST) >= LARGEST) return now;
    const [from, end] = this.object(at);
    const bytes = now.width / 8;
    const stride = strideOf(address) ?? bytes;
    const first = Math.max(from + ((at - from) % stride), at - stride * MOST_ENTRIES);
    let found = now;
    let count = 0;
    for (let entry = first; entry + bytes <= end && count < MOST_ENTRIES; entry += stride, count++) {
      if (entry !== at) found = ite(eq(address, bv(64, entry)), bv(now.width, this.number(entry, bytes)), found);
    }
    this.made += count;
    this.known.set(key, found);
    return found;
  }

  private number(at: number, bytes: number): bigint {
    let value = 0n;
    for (let i = bytes - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.machine.bytes.get(at + i));
    return value;
  }

  /** The labels around an address; in the heap, what is near. */
  private object(at: number): readonly [from: number, end: number] {
    if (at >= this.machine.image.layout.heap) return [at - (at % 2) - NEAR, at + NEAR];
    let [from, end] = [this.machine.image.layout.constants, this.machine.image.layout.writable];
    for (const file of this.machine.image.files) {
      for (const address of file.labels.values()) {
        if (address <= at && address > from) from = address;
        else if (address > at && address < end) end = address;
      }
    }
    return [from, end];
  }
}

/** Entries of all choices of one run. */
const ALL_ENTRIES = 1200;
const NEAR = 640;
/** Places that are computed from more than so many terms are left alone. */
const LARGEST = 100;
const MOST_ENTRIES = 300;

/** By how much neighbouring values of an address differ. */
function strideOf(address: Term): number | undefined {
  let stride = 0n;
  for (const [i, t] of sumOf(address).terms.entries()) {
    const k = sumOf(address).coefficients[i] ?? 1n;
    let own = k;
    if (t.op === 'concat') {
      const low = t.args[t.args.length - 1];
      if (low?.op === 'const' && low.value === 0n) own *= 1n << BigInt(low.width);
    } else if (t.op === 'shl' && t.args[1]?.op === 'const') own *= 1n << (t.args[1].value & 63n);
    stride = gcd(stride, BigInt.asUintN(64, own));
  }
  return stride === 0n || stride > 64n ? undefined : Number(stride);
}

/** How many terms a term is made of, counted up to a limit. */
function sizeOf(t: Term, limit: number): number {
  const seen = new Set([t]);
  for (const s of seen) {
    for (const a of s.args) seen.add(a);
    if (seen.size >= limit) return limit;
  }
  return seen.size;
}

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}
