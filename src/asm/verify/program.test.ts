// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { readEvidence } from '../../core/evidence.ts';
import type { FunctionRelation } from '../abi/relation.ts';
import { audit, evidenceOf } from './audit.ts';
import { checkAll } from './check-program.ts';
import { Context } from './context.ts';
import { structuralFindings } from './structure.ts';
import { claim, functionRelation, guessing, related } from './testing.ts';

const SOURCE = `	.text
	.globl f
	.type f, @function
f:
	movl table(%rip), %eax
	ret
	.size f, .-f
	.section .rodata
	.align 4
	.type table, @object
table:
	.long 5
	.long f - table
	.string "ab"
`;
const TARGET = `	.text
	.globl f
	.type f, %function
f:
	sub sp, sp, #16
	str x30, [sp, #8]
.B0:
	adrp x16, table
	ldr w8, [x16, #:lo12:table]
	ldr x30, [sp, #8]
	add sp, sp, #16
	mov x0, x8
	mov x1, x2
	ret
	.size f, .-f
	.section .rodata
	.balign 4
	.type table, %object
table:
	.4byte 5
	.4byte f - table
	.asciz "ab"
`;
const RELATION = functionRelation('f', [['.B0', related()]]);

function findings(source: string, target: string, functions: readonly FunctionRelation[] = [RELATION]): string[] {
  return structuralFindings(new Context(claim(source, target, functions), guessing()));
}

describe('programs as wholes', () => {
  test('the same data in other spelling is the same', () => expect(findings(SOURCE, TARGET)).toEqual([]));
  test('data that is read is compared in sections for tools as well', () => {
    const [source, target] = [SOURCE, TARGET].map((t) => t.replace('.section .rodata', '.section .eh_frame,"a"'));
    expect(findings(source ?? '', target ?? '')).toEqual([]);
    expect(findings(source ?? '', (target ?? '').replace(/5$/m, '6')).join()).toMatch(/section .eh_frame differs/);
    const unread = (text: string, tail: string): string =>
      `${text}\t.section .eh_frame,"a"\n.Lframe:\n\t.long ${tail}\n`;
    expect(findings(unread(SOURCE, '1'), unread(TARGET, '2'))).toEqual([]);
    expect(findings(unread(SOURCE, '.Lframe - .'), TARGET)).toEqual([]);
  });
  test.each([
    ['a number', '.4byte 5', '.4byte 6', /\.rodata differs behind table/],
    ['an address', 'f - table', 'table - f', /\.rodata differs behind table/],
    ['a missing string', '\t.asciz "ab"\n', '', /\.rodata differs behind table/],
    ['a terminator', '.asciz', '.ascii', /\.rodata differs behind table/],
    ['an alignment', '.balign 4', '.balign 2', /\.rodata differs/],
    ['another section', '.rodata', '.data', /section \.rodata is missing/],
    ['a label', 'table:\n', 'table:\nother:\n', /\.rodata differs behind table/],
    ['the binding', '\t.globl f\n', '', /f: binding is global and in the target local/],
    ['a symbol of its own', '\t.text\n', '\t.text\n\t.globl memcpy\n\t.set memcpy, f\n', /the target defines memcpy/],
  ])('%s is noticed', (_, from, to, expected) => {
    expect(findings(SOURCE, TARGET.replaceAll(from, to)).join('\n')).toMatch(expected);
  });
  test('every function must be spoken of', () => {
    expect(findings(SOURCE, TARGET, [])).toContain('nothing is claimed about the function f');
  });
  test('every block must be spoken of', () => {
    const found = findings(SOURCE, TARGET, [functionRelation('f', [])]);
    expect(found).toContain('f: 0 relations for 1 blocks of f');
  });
  test.each([
    ['is entered', { entryStack: 0 }],
    ['returns', { returnStack: 0 }],
  ] as const)('what others can enter %s with the usual stack', (_, more) => {
    expect(findings(SOURCE, TARGET, [functionRelation('f', [['.B0', related()]], more)])).toContain(
      'f: an abi function that others can enter has the entry stack -8 and the return stack -8',
    );
  });
  test('labels must exist', () => {
    const found = findings(SOURCE, TARGET, [functionRelation('f', [['.B7', related()]])]);
    expect(found).toContain('f: no code label .B7');
  });
});

describe('evidence', () => {
  const hashes = { source: 'a'.repeat(64), target: 'b'.repeat(64) };
  const about = {
    source: { name: 'f.x86.s', sha256: hashes.source },
    target: { name: 'f.aarch64.s', sha256: hashes.target },
    versions: {},
    proposer: 'a person',
    refused: [],
  };
  const made = async () => {
    const c = claim(SOURCE, TARGET, [RELATION]);
    return { c, evidence: evidenceOf(c, await checkAll(c, guessing()), about) };
  };
  test('goes through JSON and is confirmed', async () => {
    const { c, evidence } = await made();
    expect(evidence.kind).toBe('proved');
    const read = readEvidence(JSON.parse(JSON.stringify(evidence)));
    if (typeof read === 'string') throw new Error(read);
    expect((await audit(read, c, hashes, guessing())).objections).toEqual([]);
  });
  test('of another file is rejected', async () => {
    const { c, evidence } = await made();
    const found = await audit(evidence, c, { ...hashes, target: 'c'.repeat(64) }, guessing());
    expect(found.objections).toEqual(['the evidence belongs to another target file']);
  });
  test('that claims more than holds is rejected', async () => {
    const { evidence } = await made();
    const wrong = claim(SOURCE, TARGET.replace('ldr w8', 'ldrb w8'), [RELATION]);
    const found = await audit(evidence, wrong, hashes, guessing());
    expect(found.objections).toContain('f, block 0: the evidence says proved, and it is refuted');
  });
  test('that hides an assumption is rejected', async () => {
    const { c, evidence } = await made();
    const found = await audit({ ...evidence, assumptions: [] }, c, hashes, guessing());
    expect(found.objections).toContain('the assumption one-thread is not mentioned');
  });
  test('with a relation that is none is rejected', async () => {
    const { c, evidence } = await made();
    const functions = evidence.functions.map((f) => ({ ...f, blocks: f.blocks.map((b) => ({ ...b, relation: {} })) }));
    expect((await audit({ ...evidence, functions }, c, hashes, guessing())).objections[0]).toMatch(/^f: /);
  });
});
