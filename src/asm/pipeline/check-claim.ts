// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import type { FunctionRelation } from '../abi/relation.ts';
import type { FunctionVerdict } from '../verify/check-function.ts';
import { type ProgramVerdict, programVerdict } from '../verify/check-program.ts';
import type { Progress } from './progress.ts';
import type { Service } from './session.ts';

/** About as many blocks are checked between two reports of progress. */
const SLICE_BLOCKS = 150;

/**
 * Checks functions in all lanes that have the claim bound. The largest functions come first, so that no lane is left
 * with one at the end. Whatever the number of lanes, the verdicts and their order are the same.
 */
export async function checkClaim(
  services: readonly Service[],
  file: string,
  functions: readonly FunctionRelation[],
  selected: readonly number[],
  progress: Progress,
): Promise<ProgramVerdict> {
  const order = [...selected].sort((a, b) => size(functions, b) - size(functions, a));
  const total = order.reduce((n, i) => n + size(functions, i), 0);
  const verdicts: FunctionVerdict[] = [];
  let done = 0;
  let next = 0;
  const slice = (): number[] => {
    const taken: number[] = [];
    for (let blocks = 0; next < order.length && blocks < SLICE_BLOCKS; next++) {
      const i = must(order[next], 'function');
      taken.push(i);
      blocks += size(functions, i);
    }
    return taken;
  };
  const lane = async (service: Service): Promise<void> => {
    for (let taken = slice(); taken.length > 0; taken = slice()) {
      const found = await service.check(taken);
      taken.forEach((i, k) => {
        const verdict = must(found[k], 'verdict');
        verdicts[i] = verdict;
        done += size(functions, i);
      });
      progress({ kind: 'checked', file, blocks: done, of: total });
    }
  };
  const first = must(services[0], 'service');
  let findings: readonly string[] = [];
  const firstLane = async (): Promise<void> => {
    findings = await first.findings();
    await lane(first);
  };
  await Promise.all([firstLane(), ...services.slice(1).map(lane)]);
  const inOrder = selected.map((i) => must(verdicts[i], 'verdict'));
  return programVerdict(findings, inOrder);
}

function size(functions: readonly FunctionRelation[], index: number): number {
  return 1 + (functions[index]?.blocks.length ?? 0);
}
