// SPDX-License-Identifier: MIT
import { Worker } from 'node:worker_threads';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source.ts';

/** Programs on the machine within vouch, in a thread of their own: it has a deep stack, and can be ended. */

export interface EmbeddedRequest {
  readonly sources: readonly SourceText[];
  /** What x86-64 programs are taken to run on, where one is named. */
  readonly processor?: string | undefined;
  readonly args: readonly string[];
  /** The name that the program is told. */
  readonly name: string;
  /** The files that it may read, by name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The names of those that are wanted as it leaves them. */
  readonly wanted: readonly string[];
  readonly maxInstructions?: number;
  readonly maxMemoryBytes?: number;
  readonly maxSeconds?: number;
  readonly maxOutputBytes: number;
  readonly counting: boolean;
  readonly trace: boolean;
}

export interface EmbeddedOutcome {
  readonly diagnostics: readonly Diagnostic[];
  /** The program's exit status, or what stands for the way it ended; none where it never began. */
  readonly status: number | undefined;
  readonly executed: number;
  /** By form, where counting was asked for. */
  readonly counts: readonly (readonly [form: string, count: number])[];
  /** Of the files that are wanted, what is in them when the program ends; undefined of one that is not there. */
  readonly left: ReadonlyMap<string, Uint8Array | undefined>;
}

/** Deep enough for the machine's stack to be full first. */
const STACK_MIB = 900;

/** How long after its time a program that does not ask is ended from outside. */
const GRACE_MS = 2000;

export function runEmbedded(request: EmbeddedRequest): Promise<EmbeddedOutcome> {
  const file = import.meta.url.endsWith('.mjs') ? './runner.mjs' : './runner-source.mjs';
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData: request,
    resourceLimits: { stackSizeMb: STACK_MIB },
  });
  return new Promise((resolve, reject) => {
    const { maxSeconds } = request;
    const late = maxSeconds === undefined ? undefined : setTimeout(end, maxSeconds * 1000 + GRACE_MS);
    function end(): void {
      void worker.terminate();
      const message = 'the program was ended: it has run as long as it may, within one call of the C library';
      const diagnostic: Diagnostic = { severity: 'error', kind: 'unsupported', code: 'V0620', message };
      resolve({ diagnostics: [diagnostic], status: 124, executed: 0, counts: [], left: new Map() });
    }
    worker.on('message', (outcome: EmbeddedOutcome) => {
      clearTimeout(late);
      resolve(outcome);
    });
    worker.on('error', (error: Error) => {
      clearTimeout(late);
      reject(error);
    });
  });
}
