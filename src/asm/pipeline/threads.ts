// SPDX-License-Identifier: MIT
import { Worker } from 'node:worker_threads';
import { InternalError, must } from '../../base/assert.ts';
import type { SourceText } from '../../base/source.ts';
import type { Isa } from '../isa/isa.ts';
import type { Offered } from '../lower/from-x86_64/native-entries.ts';
import type { FunctionVerdict } from '../verify/check-function.ts';
import type { Bound, Lowered, LowerRequest, Read, Service, SessionOptions, TargetClaim } from './session.ts';

/** A service in a thread of its own, reached by messages. */

export type Request =
  | {
      readonly do: 'open';
      readonly source: SourceText;
      readonly from: Isa['name'];
      readonly to: Isa['name'];
      readonly processor: string | undefined;
    }
  | { readonly do: 'offered' }
  | { readonly do: 'lower'; readonly options: LowerRequest }
  | { readonly do: 'bind'; readonly claim: TargetClaim }
  | { readonly do: 'findings' }
  | { readonly do: 'check'; readonly functions: readonly number[] }
  | { readonly do: 'close' };

export type Reply =
  | { readonly did: 'open'; readonly value: Read }
  | { readonly did: 'offered'; readonly value: readonly Offered[] }
  | { readonly did: 'lower'; readonly value: Lowered }
  | { readonly did: 'bind'; readonly value: Bound }
  | { readonly did: 'findings'; readonly value: readonly string[] }
  | { readonly did: 'check'; readonly value: readonly FunctionVerdict[] }
  | { readonly did: 'close' }
  | { readonly did: 'fail'; readonly message: string; readonly stack: string };

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** The memory of a thread ran out, or it ended otherwise. */
export class ThreadEnded extends Error {
  override readonly name = 'ThreadEnded';
}

/** How much memory a thread may have, in MiB. */
export interface HeapLimits {
  readonly old: number;
  /** For what is new: most of it stays with a large file, and is copied less often where there is more room. */
  readonly young: number;
}

/** Bundled, the thread's code stands beside this file. */
function startWorker(options: SessionOptions, heap: HeapLimits): Worker {
  const file = import.meta.url.endsWith('.mjs') ? './worker.mjs' : './worker-source.mjs';
  return new Worker(new URL(file, import.meta.url), {
    workerData: options,
    resourceLimits: { maxOldGenerationSizeMb: heap.old, maxYoungGenerationSizeMb: heap.young },
  });
}

export class ThreadService implements Service {
  private readonly worker: Worker;
  /** Requests are answered in their order. */
  private readonly waiting: Waiting[] = [];
  private ended: Error | undefined;

  constructor(options: SessionOptions, heap: HeapLimits) {
    this.worker = startWorker(options, heap);
    this.worker.on('message', (reply: Reply) => this.waiting.shift()?.resolve(reply));
    this.worker.on('error', (error: Error) => this.end(new ThreadEnded(error.message)));
    this.worker.on('exit', () => this.end(new ThreadEnded('the thread ended')));
  }

  async open(source: SourceText, from: Isa['name'], to: Isa['name'], processor?: string): Promise<Read> {
    return (await this.ask({ do: 'open', source, from, to, processor }, 'open')).value;
  }

  async offered(): Promise<readonly Offered[]> {
    return (await this.ask({ do: 'offered' }, 'offered')).value;
  }

  async lower(options: LowerRequest): Promise<Lowered> {
    return (await this.ask({ do: 'lower', options }, 'lower')).value;
  }

  async bind(claim: TargetClaim): Promise<Bound> {
    return (await this.ask({ do: 'bind', claim }, 'bind')).value;
  }

  async findings(): Promise<readonly string[]> {
    return (await this.ask({ do: 'findings' }, 'findings')).value;
  }

  async check(functions: readonly number[]): Promise<readonly FunctionVerdict[]> {
    return (await this.ask({ do: 'check', functions }, 'check')).value;
  }

  async close(): Promise<void> {
    if (this.ended === undefined) await this.ask({ do: 'close' }, 'close');
    await this.worker.terminate();
  }

  async abort(): Promise<void> {
    await this.worker.terminate();
  }

  private async ask<K extends Reply['did']>(request: Request, did: K): Promise<Extract<Reply, { did: K }>> {
    if (this.ended !== undefined) throw this.ended;
    const reply = await new Promise<Reply>((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.worker.postMessage(request);
    });
    if (reply.did === 'fail') throw withStack(reply.message, reply.stack);
    return must(answers(reply, did) ? reply : undefined, `a thread answered ${reply.did} to ${did}`);
  }

  private end(error: Error): void {
    this.ended ??= error;
    for (const w of this.waiting.splice(0)) w.reject(this.ended);
  }
}

function answers<K extends Reply['did']>(reply: Reply, did: K): reply is Extract<Reply, { did: K }> {
  return reply.did === did;
}

function withStack(message: string, stack: string): InternalError {
  const error = new InternalError(message);
  error.stack = stack;
  return error;
}
