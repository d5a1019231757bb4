// SPDX-License-Identifier: MIT
import { createRequire } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import type { FunctionRelation } from '../asm/abi/relation.ts';
import { findIsa } from '../asm/pipeline/route.ts';
import { modelVersion, VOUCH_VERSION } from '../asm/pipeline/version.ts';
import { evidenceOf } from '../asm/verify/audit.ts';
import type { ProgramVerdict } from '../asm/verify/check-program.ts';
import { must } from '../base/assert.ts';
import { EVIDENCE_SCHEMA, type Evidence, readEvidence } from '../core/evidence.ts';
import { MAX_EVIDENCE_BYTES, readInput, STDIN, STDOUT } from './files.ts';
import { about, Stop } from './outcome.ts';
import { TOOLS, toolVersion } from './tools.ts';

/** Evidence as a file: it names the two programs by paths relative to itself, so that they can be moved together. */

export interface EvidenceInput {
  /** Where the evidence will lie; `-` for standard output. */
  readonly path: string;
  readonly source: {
    readonly path: string;
    readonly sha256: string;
    readonly language: string;
    readonly processor: string | undefined;
  };
  readonly target: { readonly path: string; readonly sha256: string; readonly language: string };
  readonly functions: readonly FunctionRelation[];
  readonly verdict: ProgramVerdict;
  readonly proposer: string;
  readonly tests: Evidence['tests'];
}

export function makeEvidence(input: EvidenceInput): Evidence {
  const { language, processor } = input.source;
  const [from, to] = [isaOf(language, processor), isaOf(input.target.language)];
  const proofs = evidenceOf({ source: { isa: from }, target: { isa: to }, functions: input.functions }, input.verdict, {
    source: { name: nameFrom(input.path, input.source.path), sha256: input.source.sha256 },
    target: { name: nameFrom(input.path, input.target.path), sha256: input.target.sha256 },
    versions: { vouch: VOUCH_VERSION, model: modelVersion(), ...solverVersions(input.verdict) },
    proposer: input.proposer,
    refused: [],
  });
  return { ...proofs, tests: input.tests };
}

const isaOf = (name: string, processor?: string): NonNullable<ReturnType<typeof findIsa>> =>
  must(findIsa(name, processor), `no machine ${name}`);

function nameFrom(evidence: string, path: string): string {
  if (path === '-' || path === STDIN || path === STDOUT) return '-';
  return evidence === '-' ? path : relative(dirname(resolve(evidence)), resolve(path));
}

/** The versions of the solvers that some proof rests on. */
function solverVersions(verdict: ProgramVerdict): Record<string, string> {
  const used = new Set<string>();
  for (const f of verdict.functions) {
    for (const { verdict: v } of [f.entry, ...f.blocks]) {
      if (v.kind === 'proved') for (const by of Object.keys(v.how.by)) used.add(by);
    }
  }
  const versions: Record<string, string> = {};
  for (const name of ['z3', 'cvc5'] as const)
    if (used.has(name)) versions[name] = toolVersion(TOOLS[name]) ?? 'unknown';
  if (used.has('z3-wasm')) versions['z3-wasm'] = `z3-solver ${packageVersion()}`;
  return versions;
}

function packageVersion(): string {
  const manifest: { readonly version: string } = createRequire(import.meta.url)('z3-solver/package.json');
  return manifest.version;
}

/** One function a line, so that differences between two pieces of evidence can be read. */
export function printEvidence(evidence: Evidence): string {
  const { functions, ...rest } = evidence;
  const head = JSON.stringify({ ...rest, functions: [] }, undefined, 1);
  const lines = functions.map((f) => `  ${JSON.stringify(f)}`);
  const empty = '"functions": []';
  const at = head.lastIndexOf(empty);
  const filled = lines.length === 0 ? empty : `"functions": [\n${lines.join(',\n')}\n ]`;
  return `${head.slice(0, at)}${filled}${head.slice(at + empty.length)}\n`;
}

/** Reads evidence; anything that is none is rejected with the reason. */
export function readEvidenceFile(path: string): Evidence {
  const { text, file } = readInput(path, MAX_EVIDENCE_BYTES);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Stop(about('input', 'V0401', 'this is no evidence, since it is no JSON', { file, notes: [why] }));
  }
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (schema === undefined) {
    throw new Stop(about('input', 'V0401', 'this is no evidence: it names no schema', { file }));
  }
  if (schema !== EVIDENCE_SCHEMA) {
    const notes = [`this vouch reads ${EVIDENCE_SCHEMA}`];
    throw new Stop(about('input', 'V0402', `the schema ${JSON.stringify(schema)} is not known`, { file, notes }));
  }
  const evidence = readEvidence(value);
  if (typeof evidence !== 'string') return evidence;
  const notes = evidence.split('\n').slice(0, 8);
  throw new Stop(about('input', 'V0401', 'this is no evidence that has been left as it was written', { file, notes }));
}

/** Where a program that evidence names is to be found. */
export function programPath(evidencePath: string, name: string, side: string, given: string | undefined): string {
  if (given !== undefined) return given;
  if (name === '-') {
    const notes = [`name it with --${side}`];
    throw new Stop(about('input', 'V0403', `the ${side} was a stream and has no name`, { file: evidencePath, notes }));
  }
  return evidencePath === '-' ? name : relative('', resolve(dirname(evidencePath), name));
}
