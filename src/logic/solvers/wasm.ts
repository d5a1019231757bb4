// SPDX-License-Identifier: MIT
import { PATIENCE, spend } from '../../core/budget.ts';
import { printQuery, readDefinitions } from '../smtlib.ts';
import type { Solver, SolverAnswer } from '../solver.ts';
import type { Term } from '../term.ts';

/**
 * z3 as WebAssembly, inside this process: always there, started when it is first asked.
 *
 * Questions are handed over with `solver_from_string`, which has read its text when it returns. (The library's
 * `eval_smtlib2_string` reads it in another thread, from memory that may already be in use for something else.)
 */

type Library = typeof import('z3-solver');
type Api = Awaited<ReturnType<Library['init']>>;
type Context = ReturnType<Api['Z3']['mk_context']>;
type Z3Solver = ReturnType<Api['Z3']['mk_solver']>;

interface Running {
  readonly library: Library;
  readonly api: Api;
  readonly context: Context;
}

async function start(): Promise<Running> {
  const library = await import('z3-solver');
  const api = await library.init();
  const config = api.Z3.mk_config();
  const context = api.Z3.mk_context(config);
  api.Z3.del_config(config);
  api.Z3.set_ast_print_mode(context, library.Z3_ast_print_mode.Z3_PRINT_SMTLIB2_COMPLIANT);
  return { library, api, context };
}

/** How many of its units of resource it uses up in a millisecond, on hard questions about bit-vectors. */
const UNITS_IN_MS = 500;

/** How long the answer may be late before the instance is given up. */
const GRACE_MS = 2000;

/** The text passes through the stack of the WebAssembly instance. */
const LONGEST_TEXT = 2_000_000;

const LATE = Symbol('late');

class WasmSolver implements Solver {
  readonly name = 'z3-wasm';
  private running: Promise<Running> | undefined;
  /** The instance answers one question at a time. */
  private last: Promise<unknown> = Promise.resolve();
  /** What the instance has used up so far. */
  private used = 0;
  /** Ends the wait for the answer to the question that is open. */
  private giveUp: (() => void) | undefined;

  check(assertions: readonly Term[], effortMs: number): Promise<SolverAnswer> {
    const answer = this.last.then(() => this.ask(assertions, effortMs));
    this.last = answer.catch(() => undefined);
    return answer;
  }

  private async ask(assertions: readonly Term[], effortMs: number): Promise<SolverAnswer> {
    const query = printQuery(assertions);
    const first = await this.solve(query.text, query.count, effortMs);
    if (first.status !== 'sat') return first;
    if (query.probes.length === 0) return { status: 'sat', model: readDefinitions(query, first.definitions) };
    // Once more, with names for the bytes that loads read.
    const count = query.count + 2 * query.probes.length;
    const second = await this.solve(query.text + query.probeText, count, effortMs);
    if (second.status === 'unsat') return { status: 'unknown', reason: 'its answers contradict each other' };
    if (second.status === 'unknown') return second;
    return { status: 'sat', model: readDefinitions(query, second.definitions) };
  }

  private async solve(text: string, count: number, effortMs: number): Promise<Outcome> {
    if (text.length > LONGEST_TEXT) return { status: 'unknown', reason: `a question of ${text.length} characters` };
    this.running ??= start();
    const running = await this.running;
    const { Z3 } = running.api;
    const { context } = running;
    const solver = Z3.mk_solver_for_logic(context, Z3.mk_string_symbol(context, 'QF_AUFBV'));
    Z3.solver_inc_ref(context, solver);
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      limit(running, solver, effortMs);
      Z3.solver_from_string(context, solver, text);
      const read = Z3.ast_vector_size(context, Z3.solver_get_assertions(context, solver));
      const error = Z3.get_error_code(context);
      if (error !== running.library.Z3_error_code.Z3_OK || read !== count) {
        return { status: 'unknown', reason: `z3 did not read the question: ${Z3.get_error_msg(context, error)}` };
      }
      const late = new Promise<typeof LATE>((resolve) => {
        this.giveUp = () => resolve(LATE);
        timer = setTimeout(this.giveUp, PATIENCE * effortMs + GRACE_MS);
      });
      const checking = withoutStaying(() => Z3.solver_check(context, solver));
      const result = await Promise.race([checking, late]);
      if (result === LATE) {
        checking.catch(() => undefined);
        await this.close();
        spend(effortMs);
        return { status: 'unknown', reason: `no answer within ${PATIENCE * effortMs} ms` };
      }
      const outcome = outcomeOf(running, solver, result);
      const used = unitsUsed(running, solver);
      spend((used - this.used) / UNITS_IN_MS);
      this.used = used;
      Z3.solver_dec_ref(context, solver);
      return outcome;
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
    this.used = 0;
    this.giveUp?.();
    if (running === undefined) return;
    const { library, api } = await running;
    await library.killThreads(api.em);
  }
}

/**
 * Calls what begins a question. The library keeps the process alive for ten minutes with a timer that its answer clears,
 * and an instance that is given up never answers. So whatever timer is made here does not keep the process alive; who
 * waits for the answer has a timer of its own.
 */
function withoutStaying<T>(begin: () => T): T {
  const before = globalThis.setTimeout;
  const made = (...args: Parameters<typeof before>): ReturnType<typeof before> => {
    const timer = before(...args);
    if (typeof timer === 'object') timer.unref();
    return timer;
  };
  globalThis.setTimeout = Object.assign(made, before);
  try {
    return begin();
  } finally {
    globalThis.setTimeout = before;
  }
}

type Outcome =
  | { readonly status: 'unsat' }
  | { readonly status: 'sat'; readonly definitions: string }
  | { readonly status: 'unknown'; readonly reason: string };

function limit({ api, context }: Running, solver: Z3Solver, effortMs: number): void {
  const { Z3 } = api;
  const params = Z3.mk_params(context);
  Z3.params_inc_ref(context, params);
  Z3.params_set_uint(context, params, Z3.mk_string_symbol(context, 'rlimit'), Math.ceil(effortMs * UNITS_IN_MS));
  Z3.params_set_uint(context, params, Z3.mk_string_symbol(context, 'timeout'), PATIENCE * effortMs);
  Z3.solver_set_params(context, solver, params);
  Z3.params_dec_ref(context, params);
}

/** All units that an instance has used up since it was started. */
function unitsUsed({ api, context }: Running, solver: Z3Solver): number {
  const { Z3 } = api;
  const statistics = Z3.solver_get_statistics(context, solver);
  Z3.stats_inc_ref(context, statistics);
  let units = 0;
  for (let i = 0; i < Z3.stats_size(context, statistics); i++) {
    if (Z3.stats_get_key(context, statistics, i) !== 'rlimit count') continue;
    units = Z3.stats_is_uint(context, statistics, i)
      ? Z3.stats_get_uint_value(context, statistics, i)
      : Z3.stats_get_double_value(context, statistics, i);
  }
  Z3.stats_dec_ref(context, statistics);
  return units;
}

function outcomeOf({ library, api, context }: Running, solver: Z3Solver, result: number): Outcome {
  const { Z3 } = api;
  if (result === library.Z3_lbool.Z3_L_FALSE) return { status: 'unsat' };
  if (result !== library.Z3_lbool.Z3_L_TRUE) {
    return { status: 'unknown', reason: Z3.solver_get_reason_unknown(context, solver) };
  }
  const model = Z3.solver_get_model(context, solver);
  Z3.model_inc_ref(context, model);
  const definitions = Z3.model_to_string(context, model);
  Z3.model_dec_ref(context, model);
  return { status: 'sat', definitions };
}

export const wasmSolver = (): Solver => new WasmSolver();
