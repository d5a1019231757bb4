// SPDX-License-Identifier: MIT
import { type Service, Session, type SessionOptions } from './session.ts';
import { ThreadService } from './threads.ts';

/** Services that work at the same time. With one lane there are no threads: all is done in this one. */
export class Lanes {
  readonly services: readonly Service[];

  constructor(count: number, { prover, limits }: SessionOptions) {
    const options = { prover, limits };
    this.services =
      count <= 1 ? [new Session(options)] : Array.from({ length: count }, () => new ThreadService(options));
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

  async close(): Promise<void> {
    await Promise.all(this.services.map((s) => s.close()));
  }
}
