// SPDX-License-Identifier: MIT
import { bv, extract, variable } from '../../logic/build.ts';
import { concatAll } from '../../logic/slice.ts';
import type { Term } from '../../logic/term.ts';
import type { Machine } from '../run/machine.ts';
import { BUFFER_STRIDE, type Input, type Place, type Spot } from './input.ts';

/** A byte that depends on the input: part of a term. Without one, a byte that was written and does not. */
interface Shadow {
  readonly term: Term | undefined;
  /** Which byte of the term, from the lowest. */
  readonly index: number;
  readonly value: number;
}

/**
 * What memory holds besides numbers: for bytes that depend on the input, terms. Bytes of the input become variables when
 * they are first read, as many as are read at once. Where memory holds another number than the term comes to, somebody
 * else has written it, and the number counts.
 */
export class ShadowMemory {
  private readonly machine: Machine;
  private readonly bytes = new Map<number, Shadow>();
  private readonly buffers: number;
  /** Memory that functions outside may have written. */
  private readonly outs: { readonly from: number; readonly end: number; readonly out: number; readonly of: number }[] =
    [];
  readonly spots = new Map<Term, Spot>();
  readonly values = new Map<Term, bigint>();

  constructor(machine: Machine, input: Input) {
    this.machine = machine;
    this.buffers = input.buffers.length;
  }

  /** A variable for a part of the input, with what it is now. */
  make(spot: Spot, width: number, value: bigint): Term {
    const v = variable(`input ${Object.entries(spot.at).flat().join(' ')} ${spot.bytes}`, width);
    this.spots.set(v, spot);
    this.values.set(v, BigInt.asUintN(width, value));
    return v;
  }

  /** Says that a call may have written what nobody else has behind an argument. */
  mayWrite(from: number, end: number, out: number, of: number): void {
    this.outs.unshift({ from, end, out, of });
  }

  /** What lies in memory from `at` on. */
  load(at: number, count: number): Term {
    const parts: Term[] = [];
    const { bytes } = this.machine;
    for (let i = 0; i < count; ) {
      const shadow = this.shadowAt(at + i, at + count);
      if (shadow?.term === undefined || bytes.get(at + i) !== shadow.value) {
        let [end, number] = [i + 1, BigInt(bytes.get(at + i))];
        for (; end < count; end++) {
          const next = this.shadowAt(at + end, at + count);
          if (next?.term !== undefined && bytes.get(at + end) === next.value) break;
          number |= BigInt(bytes.get(at + end)) << BigInt(8 * (end - i));
        }
        parts.push(bv(8 * (end - i), number));
        i = end;
        continue;
      }
      let size = 1;
      for (; i + size < count; size++) {
        const next = this.bytes.get(at + i + size);
        if (next?.term !== shadow.term || next.index !== shadow.index + size) break;
        if (bytes.get(at + i + size) !== next.value) break;
      }
      parts.push(extract(shadow.term, 8 * (shadow.index + size) - 1, 8 * shadow.index));
      i += size;
    }
    return concatAll(parts.reverse());
  }

  store(at: number, count: number, term: Term, value: bigint): void {
    const { bytes } = this.machine;
    const open = term.op === 'const' ? undefined : term;
    for (let i = 0; i < count; i++) {
      const byte = Number((value >> BigInt(8 * i)) & 0xffn);
      bytes.put(at + i, byte);
      this.bytes.set(at + i, { term: open, index: i, value: byte });
    }
  }

  /** Says that somebody else has written what lies there. */
  forget(at: number, count: number): void {
    for (let i = 0; i < count; i++) this.bytes.set(at + i, { term: undefined, index: 0, value: 0 });
  }

  /** Says that a term is what lies there already. */
  cover(at: number, count: number, term: Term): void {
    for (let i = 0; i < count; i++) {
      this.bytes.set(at + i, { term, index: i, value: this.machine.bytes.get(at + i) });
    }
  }

  /** The shadow of a byte, made where the byte is the input's and nobody has looked at it yet. */
  private shadowAt(at: number, end: number): Shadow | undefined {
    const known = this.bytes.get(at);
    if (known !== undefined) return known;
    const place = this.placeAt(at);
    if (place === undefined) return undefined;
    let size = 1;
    while (size < 8 && at + size < end && !this.bytes.has(at + size) && this.placeAt(at + size) !== undefined) size++;
    let value = 0n;
    for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.machine.bytes.get(at + i));
    this.cover(at, size, this.make({ at: place, bytes: size }, 8 * size, value));
    return this.bytes.get(at);
  }

  private placeAt(at: number): Place | undefined {
    const { arena, stackTop, dataEnd } = this.machine.image.layout;
    if (at >= arena && at < arena + this.buffers * BUFFER_STRIDE) {
      const buffer = Math.floor((at - arena) / BUFFER_STRIDE);
      return { buffer, offset: at - arena - buffer * BUFFER_STRIDE };
    }
    const written = this.outs.find((o) => o.from <= at && at < o.end);
    if (written !== undefined) return { out: written.out, of: written.of, offset: at - written.from };
    return at >= stackTop && at < dataEnd ? { data: at - stackTop } : undefined;
  }
}
