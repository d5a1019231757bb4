// SPDX-License-Identifier: MIT
import { must } from './assert.ts';

/** Numbers that look random, the same for the same seed on every machine (xorshift, Marsaglia 2003). */
export class Random {
  private x: number;

  constructor(seed: number) {
    this.x = seed >>> 0 || 0x9e3779b9;
    for (let i = 0; i < 8; i++) this.next();
  }

  /** 32 random bits. */
  next(): number {
    let x = this.x;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.x = x >>> 0;
    return this.x;
  }

  /** A number from 0 on and less than `limit`, which is at most 2^32. */
  below(limit: number): number {
    return Math.floor((this.next() / 2 ** 32) * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability * 2 ** 32;
  }

  bits(width: number): bigint {
    let value = 0n;
    for (let i = 0; i < width; i += 32) value = (value << 32n) | BigInt(this.next());
    return BigInt.asUintN(width, value);
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return must(list[this.below(list.length)], 'a list that is not empty');
  }
}
