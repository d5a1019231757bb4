// SPDX-License-Identifier: MIT
import { parentPort, workerData } from 'node:worker_threads';
import { must } from '../../base/assert.ts';
import { Session, type SessionOptions } from './session.ts';
import type { Reply, Request } from './threads.ts';

/** A thread's program: answers requests about one pair of programs, one after the other. */

const port = must(parentPort, 'this file is run as a thread');
const options: SessionOptions = workerData;
const session = new Session(options);

async function answer(request: Request): Promise<Reply> {
  switch (request.do) {
    case 'open':
      return { did: 'open', value: await session.open(request.source, request.from, request.to, request.processor) };
    case 'offered':
      return { did: 'offered', value: await session.offered() };
    case 'lower':
      return { did: 'lower', value: await session.lower(request.options) };
    case 'bind':
      return { did: 'bind', value: await session.bind(request.claim) };
    case 'findings':
      return { did: 'findings', value: await session.findings() };
    case 'check':
      return { did: 'check', value: await session.check(request.functions) };
    case 'close':
      await session.close();
      return { did: 'close' };
  }
}

function failure(error: unknown): Reply {
  const known = error instanceof Error;
  return { did: 'fail', message: known ? error.message : String(error), stack: known ? (error.stack ?? '') : '' };
}

let last: Promise<void> = Promise.resolve();
port.on('message', (request: Request) => {
  last = last.then(async () => port.postMessage(await answer(request).catch(failure)));
});
