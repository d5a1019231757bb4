// SPDX-License-Identifier: MIT
import type { SourceText } from '../../base/source.ts';
import { type Service, Session, type SessionOptions } from './session.ts';
import { ThreadService } from './threads.ts';

/** What a thread needs at least, and for each byte of source; with more, garbage would only be left lying about. */
const BASE_MIB = 400;
const HEAP_PER_BYTE = 210 / 1e6;

/** Room for what is new; from this size of a file on there is more of it. */
const LARGE = 2_000_000;
const YOUNG_MIB = 48;
const LARGE_YOUNG_MIB = 192;

/** From this size on even a single lane is a thread, since running out of memory ends only a thread in good order. */
const RISKY = 4_000_000;

/** Services that work at the same time. With one lane there are no threads: all is done in this one. */
export class Lanes {
  readonly services: readonly Service[];

  constructor(count: number, { prover, limits }: SessionOptions, files: readonly SourceText[]) {
    const options = { prover, limits };
    const largest = files.reduce((n, f) => Math.max(n, f.text.length), 0);
    const heap = {
      old: Math.ceil(BASE_MIB + largest * HEAP_PER_BYTE),
      young: largest < LARGE ? YOUNG_MIB : LARGE_YOUNG_MIB,
    };
    this.services =
      count <= 1 && largest < RISKY
        ? [new Session(options)]
        : Array.from({ length: Math.max(1, count) }, () => new ThreadService(options, heap));
  }

  /** Does all jobs, each in some lane, in their order as lanes get free. Results stand in the order of the jobs. */
  async each<J, R>(jobs: readonly J[], work: (service: Service, job: J) => Promise<R>): Promise<R[]> {
    const results: R[] = [];
    let next = 0;
    const lane = async (service: Service): Promise<void> => {
      for (let i = next++; i < jobs.length; i = next++) {
        const job = jobs[i];
        if (job !== undefined) results[i] = await work(service, job);
      }
    };
    await Promise.all(this.services.slice(0, jobs.length).map(lane));
    return results;
  }

  /** Ends the lanes when the work is done, and at once where it fails: the others are not waited for then. */
  async during<R>(work: () => Promise<R>): Promise<R> {
    try {
      const result = await work();
      await Promise.all(this.services.map((s) => s.close()));
      return result;
    } catch (error) {
      await Promise.all(this.services.map((s) => s.abort()));
      throw error;
    }
  }
}
