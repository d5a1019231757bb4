// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { checkAll } from './check-program.ts';
import { claim, functionRelation, guessing, related } from './testing.ts';

/** External functions whose interface differs between the platforms. */

const source = (body: string, data: string): string => `	.text
	.globl f
	.type f, @function
f:
${body}
	.size f, .-f
${data}`;
const target = (body: string, data: string): string => `	.text
	.globl f
	.type f, %function
f:
	sub sp, sp, #16
	str x30, [sp, #8]
.B0:
${body}
	ldr x30, [sp, #8]
	add sp, sp, #16
	mov x0, x8
	mov x1, x2
	ret
	.size f, .-f
${data}`;

const CALL = 'subq $8, %rsp\ncall printf\naddq $8, %rsp\nret';
const called = (name: string): string => `bl ${name}\nmov x8, x0\nmov x2, x1\n.B1:`;
const TWO = [
  ['.B0', related(8)],
  ['.B1', related(0)],
] as const;
const ONE = [['.B0', related(8)]] as const;

async function verdict(
  from: string,
  to: string,
  blocks: readonly (readonly [string, ReturnType<typeof related>])[],
  data: readonly [string, string] = ['', ''],
): Promise<string> {
  const about = claim(source(from, data[0]), target(to, data[1]), [functionRelation('f', blocks)]);
  const found = await checkAll(about, guessing());
  const names = new Set(
    found.functions.flatMap((f) =>
      f.blocks.flatMap(({ verdict: v }) => (v.kind === 'proved' ? v.assumptions : [JSON.stringify(v)])),
    ),
  );
  return [found.kind, ...found.findings, ...[...names].sort()].join(' ');
}

describe('calls', () => {
  test('of the bridge rest on the bridge', async () => {
    expect(await verdict(CALL, called('__vouch_printf'), TWO)).toMatch(/^proved bridges external-abi/);
  });
  test('of the function itself rest on its not mattering', async () => {
    expect(await verdict(CALL, called('printf'), TWO)).toMatch(/^proved .*unbridged/);
  });
  test('of a function that is refused too', async () => {
    const call = CALL.replace('printf', 'syscall');
    expect(await verdict(call, called('syscall'), TWO)).toMatch(/^proved .*unbridged/);
  });
  test.each(['constructor', 'toString', 'valueOf'])(
    'of %s, which objects have too, are calls like others',
    async (name) => {
      const call = CALL.replace('call printf', `movl $1, %edi\ncall ${name}`);
      expect(await verdict(call, `mov w0, #1\n${called(name)}`, TWO)).toMatch(/^proved external-abi/);
      expect(await verdict(call, `mov w0, #2\n${called(name)}`, TWO)).toMatch(/^refuted/);
    },
  );
  test('of another bridge are not the same', async () => {
    expect(await verdict(CALL, called('__vouch_sprintf'), TWO)).toMatch(/^refuted/);
  });
  test('of what the target calls a bridge are not', async () => {
    const fake = '.globl __vouch_printf\n.type __vouch_printf, %function\n__vouch_printf:\nret\n';
    expect(await verdict(CALL, called('__vouch_printf'), TWO, ['', fake])).toMatch(/^(refuted|undecided)/);
    expect(await verdict(CALL, called('__vouch_printf'), TWO, ['', fake.replace(/.*globl.*\n/, '')])).toMatch(
      /^(refuted|undecided)/,
    );
  });
});

describe('addresses', () => {
  const TAKE = 'movq printf@GOTPCREL(%rip), %rax\nret';
  const taken = (name: string): string => `adrp x8, :got:${name}\nldr x8, [x8, #:got_lo12:${name}]`;
  test('of the bridge are those of the function', async () => {
    expect(await verdict(TAKE, taken('__vouch_printf'), ONE)).toMatch(/^proved/);
    expect(await verdict(TAKE, taken('__vouch_scanf'), ONE)).toMatch(/^refuted/);
  });
  test('in data as well', async () => {
    const data = (name: string, size: string): string => `\t.data\ntable:\n\t${size} ${name}\n\t${size} strlen\n`;
    const from = data('printf', '.quad');
    expect(await verdict(TAKE, taken('__vouch_printf'), ONE, [from, data('__vouch_printf', '.8byte')])).toMatch(
      /^proved/,
    );
    expect(await verdict(TAKE, taken('__vouch_printf'), ONE, [from, data('printf', '.8byte')])).toMatch(
      /^undecided section \.data differs/,
    );
    expect(await verdict(TAKE, taken('__vouch_printf'), ONE, [from, data('__vouch_scanf', '.8byte')])).toMatch(
      /^undecided section \.data differs/,
    );
  });
});
