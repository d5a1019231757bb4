// SPDX-License-Identifier: MIT
import { printQuery } from '../smtlib.ts';
import type { Solver, SolverAnswer } from '../solver.ts';
import type { Term } from '../term.ts';
import { askForModel, readAnswer } from './answer.ts';

/** z3 as WebAssembly, inside this process: always there, started when it is first asked. */

type Library = typeof import('z3-solver');
type Api = Awaited<ReturnType<Library['init']>>;

interface Running {
  readonly library: Library;
  readonly api: Api;
  readonly context: ReturnType<Api['Z3']['mk_context']>;
}

async function start(): Promise<Running> {
  const library = await import('z3-solver');
  const api = await library.init();
  const config = api.Z3.mk_config();
  const context = api.Z3.mk_context(config);
  api.Z3.del_config(config);
  return { library, api, context };
}

/** How long the answer may be late before the instance is given up. */
const GRACE_MS = 2000;

class WasmSolver implements Solver {
  readonly name = 'z3-wasm';
  private running: Promise<Running> | undefined;
  /** The instance answers one question at a time. */
  private last: Promise<unknown> = Promise.resolve();

  check(assertions: readonly Term[], timeoutMs: number): Promise<SolverAnswer> {
    const answer = this.last.then(() => this.ask(assertions, timeoutMs));
    this.last = answer.catch(() => undefined);
    return answer;
  }

  private async ask(assertions: readonly Term[], timeoutMs: number): Promise<SolverAnswer> {
    this.running ??= start();
    const { api, context } = await this.running;
    const query = printQuery(assertions);
    const options = `(reset)\n(set-option :timeout ${timeoutMs})\n(set-option :produce-models true)\n`;
    const answer = api.Z3.eval_smtlib2_string(context, options + query.text + askForModel(query));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), timeoutMs + GRACE_MS);
    });
    try {
      const text = await Promise.race([answer, late]);
      if (text !== undefined) return readAnswer(query, text);
      answer.catch(() => undefined);
      await this.close();
      return { status: 'unknown', reason: `no answer within ${timeoutMs} ms` };
    } catch (error) {
      await this.close();
      return { status: 'unknown', reason: error instanceof Error ? error.message : String(error) };
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    const running = this.running;
    this.running = undefined;
    if (running === undefined) return;
    const { library, api } = await running;
    await library.killThreads(api.em);
  }
}

export const wasmSolver = (): Solver => new WasmSolver();
