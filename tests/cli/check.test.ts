// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { box, example, STACK_TRACE } from './vouch.ts';

const b = box();
const source = example('average.s');

beforeAll(() => {
  b.write('average.s', readFileSync(source, 'utf8'));
  const args = ['translate', 'average.s', '--to', 'aarch64', '-o', 'right.s', '--evidence', 'e.json'];
  expect(b.vouch(args).code).toBe(0);
});

describe('check', () => {
  test('what the rules made', () => {
    const ran = b.vouch(['check', 'average.s', 'right.s', '--evidence', 'e.json']);
    expect(ran).toEqual({ code: 0, out: 'average.s, right.s: 1 function, 2 blocks: all proved\n', err: '' });
  });
  test('a wrong translation is refuted with a counterexample that really shows the difference', () => {
    const ran = b.vouch(['check', 'average.s', example('average.wrong.s'), '--evidence', 'e.json', '--json']);
    const json = JSON.parse(ran.out);
    expect(ran.code).toBe(1);
    expect(json).toMatchObject({ verdict: 'refuted', counts: { proved: 1, refuted: 1 } });
    const { witness } = json.functions[0].blocks[0].verdict;
    const inputs = new Map<string, bigint>(
      witness.inputs.map((i: { name: string; value: string }) => [i.name.replace('t.', ''), BigInt(i.value)]),
    );
    const sum = (inputs.get('x0') ?? 0n) + (inputs.get('x1') ?? 0n);
    expect(witness.difference).toEqual({
      what: 'rax',
      source: `0x${(sum >> 1n).toString(16)}`,
      target: `0x${(BigInt.asUintN(64, sum) >> 1n).toString(16)}`,
    });
    expect(json.diagnostics[0]).toMatchObject({ code: 'V0501', severity: 'error', span: { line: 7, column: 2 } });
  });
  test('findings about the program as a whole', () => {
    b.write('other.s', b.read('right.s').replace('.globl', '.local'));
    const ran = b.vouch(['check', 'average.s', 'other.s', '--evidence', 'e.json']);
    expect(ran.code).toBe(3);
    expect(ran.err).toMatch(/error V0503: average: binding/);
  });
  test('one function', () => {
    const args = ['check', 'average.s', 'right.s', '--evidence', 'e.json', '--function'];
    expect(b.vouch([...args, 'average']).code).toBe(0);
    const ran = b.vouch([...args, 'nonsense']);
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/V0303: no relation is given for the function nonsense/);
  });
  test('without a relation', () => {
    const ran = b.vouch(['check', 'average.s', 'right.s']);
    expect(ran).toMatchObject({ code: 3, out: '' });
    expect(ran.err).toMatch(/error V0307/);
  });
  test('a target that cannot be read', () => {
    b.write('broken.s', b.read('right.s').replace('mov\tx8', 'mvo\tx8'));
    const ran = b.vouch(['check', 'average.s', 'broken.s', '--evidence', 'e.json']);
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/broken\.s:\d+:2: error V01/);
  });
  test('what was found, as evidence', () => {
    const wrong = example('average.wrong.s');
    expect(b.vouch(['check', 'average.s', wrong, '--evidence', 'e.json', '-o', 'found.json']).code).toBe(1);
    expect(JSON.parse(b.read('found.json'))).toMatchObject({ kind: 'refuted' });
    const audit = b.vouch(['audit', 'found.json']);
    expect(audit.out).toContain('found.json: confirmed');
    expect(audit.code).toBe(1);
  });
});

describe('audit', () => {
  const audit = (name: string, change: (evidence: Evidence) => void, ...more: string[]): ReturnType<typeof b.vouch> => {
    const evidence = JSON.parse(b.read('e.json'));
    change(evidence);
    b.write(name, JSON.stringify(evidence));
    const ran = b.vouch(['audit', name, ...more]);
    expect(ran.err).not.toMatch(STACK_TRACE);
    return ran;
  };
  interface Evidence {
    schema: string;
    kind: string;
    source: { sha256: string; language: string };
    assumptions: { name: string; explanation: string }[];
    functions: {
      kind: string;
      relation: { convention: string };
      entry: { verdict: object };
      blocks: {
        verdict: object;
        relation: { relation: { stack: number; registers: { source: string; target: string }[] } };
      }[];
    }[];
    extra?: number;
  }
  const f = (e: Evidence): Evidence['functions'][number] => {
    const [first] = e.functions;
    if (first === undefined) throw new Error('no function');
    return first;
  };

  test('what was left as it was', () => {
    const ran = audit('same.json', () => undefined);
    expect(ran).toEqual({ code: 0, out: 'same.json: confirmed (1 function, 2 blocks: all proved)\n', err: '' });
  });
  test('as JSON, with another solver', () => {
    const ran = audit('json.json', () => undefined, '--json', '--solver', 'z3-wasm');
    expect(JSON.parse(ran.out)).toMatchObject({ command: 'audit', exit: 0, confirmed: true, objections: [] });
  });
  test('a changed source', () => {
    b.write('changed.s', `${b.read('average.s')}# more\n`);
    const ran = audit('source.json', () => undefined, '--source', 'changed.s');
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/V0403: the evidence belongs to another source file/);
  });
  test('a changed target', () => {
    const ran = audit('target.json', () => undefined, '--target', example('average.wrong.s'));
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/V0403: the evidence belongs to another target file/);
  });
  test('a changed hash', () =>
    expect(
      audit('hash.json', (e) => {
        e.source.sha256 = '0'.repeat(64);
      }).code,
    ).toBe(1));
  test('the hash of a wrong target: its verdicts do not hold', () => {
    const wrong = example('average.wrong.s');
    const found = JSON.parse(b.read('e.json'));
    expect(b.vouch(['check', 'average.s', wrong, '--evidence', 'e.json', '-o', 'w.json']).code).toBe(1);
    found.target = JSON.parse(b.read('w.json')).target;
    b.write('forged.json', JSON.stringify(found));
    const ran = b.vouch(['audit', 'forged.json']);
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/V0404: average, block 0: the evidence says proved, and it is refuted/);
    expect(ran.out).toContain('forged.json: rejected');
  });
  test('an edited verdict', () => {
    const ran = audit('verdict.json', (e) => {
      for (const block of f(e).blocks) block.verdict = { kind: 'undecided', reason: 'none' };
    });
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/V0404/);
  });
  test('an edited relation', () => {
    const ran = audit('relation.json', (e) => {
      for (const block of f(e).blocks) block.relation.relation.stack += 8;
    });
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/V0404/);
  });
  test('a relation that claims less than is needed', () => {
    const ran = audit('less.json', (e) => {
      for (const block of f(e).blocks) block.relation.relation.registers.splice(0);
    });
    expect(ran.code).toBe(1);
  });
  test('assumptions taken out', () => {
    const ran = audit('assumed.json', (e) => {
      e.assumptions.splice(0, 1);
    });
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/the assumption .* is not mentioned/);
  });
  test('an assumption that is played down', () => {
    const ran = audit('explained.json', (e) => {
      for (const a of e.assumptions) a.explanation = 'All is well.';
    });
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/is not explained as it is meant/);
  });
  test('functions taken out', () => {
    const ran = audit('fewer.json', (e) => {
      e.functions.splice(0);
    });
    expect(ran.code).toBe(1);
  });
  test('an unknown version', () => {
    const ran = audit('version.json', (e) => {
      e.schema = 'vouch-evidence/99';
    });
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toMatch(/V0402.*vouch-evidence\/99/);
  });
  test('an unknown machine', () => {
    const ran = audit('machine.json', (e) => {
      e.source.language = 'vax';
    });
    expect(ran.code).toBe(1);
  });
  test('something that does not belong there', () => {
    const ran = audit('extra.json', (e) => {
      e.extra = 1;
    });
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/V0401/);
  });
  test.each([
    ['null', 'null'],
    ['a number', '7'],
    ['no JSON', '{'],
    ['an empty file', ''],
    ['an array', '[]'],
    ['nothing of it', '{"schema":"vouch-evidence/1"}'],
  ])('%s', (name, text) => {
    const file = b.write(`${name}.json`, text);
    const ran = b.vouch(['audit', file]);
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/error V0401/);
    expect(ran.err).not.toMatch(STACK_TRACE);
  });
  test('programs that are gone', () => {
    const ran = audit('gone.json', () => undefined, '--source', 'nowhere.s');
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/V0301/);
  });
});

describe('report', () => {
  test('as text', () => {
    const ran = b.vouch(['report', 'e.json']);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('average.s (x86_64) -> right.s (aarch64)\nverdict: proved\n');
    expect(ran.out).toContain('code-not-written (everywhere)');
  });
  test('as a page that needs nothing else', () => {
    expect(b.vouch(['report', 'e.json', '-o', 'e.html']).code).toBe(0);
    const html = b.read('e.html');
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).not.toMatch(/<script|https?:|src=/);
    expect(html).toContain('rdi = x0');
  });
  test('names cannot inject markup', () => {
    const evidence = JSON.parse(b.read('e.json'));
    evidence.source.name = '<img onerror=x>';
    evidence.functions[0].source = '<b>';
    b.write('markup.json', JSON.stringify(evidence));
    expect(b.vouch(['report', 'markup.json', '-o', 'markup.html']).code).toBe(0);
    expect(b.read('markup.html')).not.toMatch(/<img|<b>&?</);
  });
  test('as JSON', () => {
    const json = JSON.parse(b.vouch(['report', 'e.json', '--json']).out);
    expect(json).toMatchObject({ command: 'report', kind: 'proved', functions: 1, blocks: 2, open: [] });
  });
  test('no evidence', () => expect(b.vouch(['report', 'average.s']).code).toBe(2));
  test('not over the evidence', () => expect(b.vouch(['report', 'e.json', '-o', './e.json']).err).toMatch(/V0308/));
});
