// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import type { FunctionRelation, Relation } from '../abi/relation.ts';
import { checkFunction } from './check-function.ts';
import { neverWritten } from './clobbers.ts';
import { Context } from './context.ts';
import { claim, EVERYTHING, functionRelation, guessing, related, whole } from './testing.ts';

/** Functions of both sides by name: their bodies and what is claimed of their blocks. */
interface Fn {
  readonly name: string;
  readonly source: string;
  readonly target: string;
  readonly blocks: readonly (readonly [label: string, relation: Relation])[];
  readonly more?: Partial<FunctionRelation>;
}

const text = (fns: readonly Fn[], side: 'source' | 'target'): string =>
  fns.map((f) => `\t.type ${f.name}, @function\n${f.name}:\n${f[side]}\n\t.size ${f.name}, .-${f.name}\n`).join('');

async function verdicts(...fns: Fn[]): Promise<string[][]> {
  const relations = fns.map((f) => functionRelation(f.name, f.blocks, f.more));
  const c = claim(`\t.text\n${text(fns, 'source')}`, `\t.text\n${text(fns, 'target')}`, relations);
  const context = new Context(c, guessing());
  const all: string[][] = [];
  for (const r of relations) {
    const { entry, blocks } = await checkFunction(context, r);
    all.push(
      [entry, ...blocks].map(({ verdict: v }) => {
        if (v.kind === 'refuted') return `refuted: ${v.witness.difference.what}`;
        if (v.kind === 'undecided') return `undecided: ${v.reason}`;
        return v.kind === 'proved' ? ['proved', ...v.assumptions].join(' ') : v.kind;
      }),
    );
  }
  return all;
}

const START = 'sub sp, sp, #16\nstr x30, [sp, #8]\n';
const END = 'ldr x30, [sp, #8]\nmov x0, x8\nmov x1, x2\nadd sp, sp, #16\nret';
const local = { convention: 'local' } as const;
const LOCAL_END = 'ldr x30, [sp, #8]\nadd sp, sp, #16\nret';
const all = related();

/** A caller of `callee`, which goes on with `then`. */
const caller = (then: string, target: string, relation = related(0)): Fn => ({
  name: 'caller',
  source: `subq $8, %rsp\ncall callee\n${then}\naddq $8, %rsp\nret`,
  target: `${START}.C0:\nbl callee\n.C1:\n${target}\n${END}`,
  blocks: [
    ['.C0', all],
    ['.C1', relation],
  ],
});

const callee = (source: string, target: string, more: Partial<FunctionRelation> = local): Fn => ({
  name: 'callee',
  source: `${source}\nret`,
  target: `${START}.F0:\n${target}\n${more.convention === 'local' ? LOCAL_END : END}`,
  blocks: [['.F0', all]],
  more,
});

describe('calls within the file', () => {
  test('a result in a register of its own is carried over', async () => {
    const found = await verdicts(caller('movq %r10, %rax', 'mov x8, x9'), callee('movl $5, %r10d', 'mov w9, #5'));
    expect(found[0]?.[1]).toMatch(/^proved/);
    expect(found[0]?.[2]).toBe('proved');
    expect(found[1]).toEqual(['proved', 'proved']);
  });
  test('a result that the callee does not give is noticed', async () => {
    const found = await verdicts(caller('movq %r10, %rax', 'mov x8, x9'), callee('movl $5, %r10d', ''));
    expect(found[1]?.[1]).toBe('refuted: r10');
  });
  test('what the callee never writes survives', async () => {
    const then = 'leaq (%rcx,%rax), %rax';
    const [first] = await verdicts(caller(then, 'add x8, x3, x8'), callee('movl $1, %eax', 'mov w8, #1'));
    expect(first?.slice(1).map((v) => v.split(' ')[0])).toEqual(['proved', 'proved']);
  });
  test('but not where the target writes it', async () => {
    const then = 'leaq (%rcx,%rax), %rax';
    const [first] = await verdicts(caller(then, 'add x8, x3, x8'), callee('movl $1, %eax', 'mov w8, #1\nmov x3, #0'));
    expect(first?.[1]).toBe('refuted: rcx');
  });
  test('what nobody reads may be anything, and that is said', async () => {
    const registers = whole(...EVERYTHING.filter((r) => r !== 'r11'));
    const f = { ...callee('movl $7, %r11d', ''), blocks: [['.F0', related(8, {}, registers)]] as const };
    const [first, second] = await verdicts(caller('nop', ''), f);
    expect(first?.[1]).toContain('abi-results');
    expect(second).toEqual(['proved', 'proved']);
  });
  test('a callee-saved register must come back', async () => {
    const found = await verdicts(caller('nop', ''), callee('nop', 'mov x19, #0'));
    expect(found[1]?.[1]).toBe('refuted: rbx');
  });
  test('a callee is entered with the stack that it expects', async () => {
    const odd = { ...local, entryStack: 0, returnStack: 0 } as const;
    const [first] = await verdicts(caller('nop', ''), callee('nop', '', odd));
    expect(first?.[1]).toBe('refuted: the stack pointer');
  });
});

describe('a register that the convention preserves and a function of the file does not', () => {
  const without = { ...all, registers: all.registers.filter((r) => r.source !== 'rbx') };
  const changing = (target: string): Fn => ({ ...callee('movl $5, %ebx', target), blocks: [['.F0', without]] });
  /** Has something else in it on both sides before the call. */
  const using: Fn = {
    name: 'caller',
    source: 'pushq %rbx\nmovl $7, %ebx\ncall callee\nmovq %rbx, %rax\npopq %rbx\nret',
    target: `${START}.C0:\nstr x19, [sp]\nmov w19, #8\nbl callee\n.C1:\nmov x8, x19\nldr x19, [sp]\n${END}`,
    blocks: [
      ['.C0', all],
      ['.C1', related(0)],
    ],
  };
  test('is what that has put there', async () => {
    const [caller, found] = await verdicts(using, changing('mov w19, #5'));
    expect(caller?.map((v) => v.split(' ')[0])).toEqual(['proved', 'proved', 'proved']);
    expect(found).toEqual(['proved', 'proved']);
  });
  test('and nothing else', async () => {
    const [, found] = await verdicts(using, changing('mov w19, #6'));
    expect(found?.[1]).toBe('refuted: rbx');
  });
  test('is what it was before where the function wants to have it', async () => {
    const [found] = await verdicts(using, callee('movl $5, %ebx', 'mov w19, #5'));
    expect(found?.[1]).toBe('refuted: rbx');
  });
});

describe('tail calls', () => {
  const leaving = (target: string): Fn => ({
    name: 'f',
    source: 'movl $1, %esi\njmp g',
    target: `${START}.B0:\n${target}`,
    blocks: [['.B0', all]],
  });
  test('with all given back are proved', async () => {
    const [f] = await verdicts(leaving('mov w1, #1\nldr x30, [sp, #8]\nadd sp, sp, #16\nb g'));
    expect(f?.[1]).toBe('proved external-abi nothing-handed-on');
  });
  test.each([
    ['the return address', 'mov w1, #1\nadd sp, sp, #16\nb g', 'refuted: the return address'],
    ['the stack', 'mov w1, #1\nldr x30, [sp, #8]\nb g', 'refuted: the stack pointer'],
    ['an argument', 'ldr x30, [sp, #8]\nadd sp, sp, #16\nb g', 'refuted: rsi'],
    ['what is preserved', 'mov w1, #1\nmov x19, #0\nldr x30, [sp, #8]\nadd sp, sp, #16\nb g', 'refuted: rbx'],
    ['the callee', 'mov w1, #1\nldr x30, [sp, #8]\nadd sp, sp, #16\nb h', 'refuted: g and h are different functions'],
  ])('without %s are refuted', async (_, target, expected) => {
    expect((await verdicts(leaving(target)))[0]?.[1]).toBe(expected);
  });
});

describe('code that others jump to', () => {
  const carry = { cf: { kind: 'bit', loc: 'x7', bit: 0 } } as const;
  /** Goes to `end` with a carry and, in the source, one word on the stack. */
  const jumping = (target: string): Fn => ({
    name: 'f',
    source: 'pushq %rbx\naddq %rsi, %rdi\njmp end',
    target: `${START}.B0:\nstr x19, [sp]\n${target}\nb end`,
    blocks: [['.B0', all]],
  });
  const taking = (target: string, more: Partial<FunctionRelation>, flags: Relation['flags'] = carry): Fn => ({
    name: 'end',
    source: 'popq %rdx\nrcrq %rdi\nmovq %rdi, %rax\nret',
    target: `str x30, [sp]\n.E0:\n${target}\nldr x30, [sp, #8]\nmov x0, x8\nmov x1, x2\nadd sp, sp, #16\nret`,
    blocks: [['.E0', related(0, flags)]],
    more,
  });
  const turned = { entryStack: 0, returnStack: -8 } as const;
  const body = 'ldr x2, [sp]\nlsr x0, x0, #1\nbfi x0, x7, #63, #1\nmov x8, x0';
  const giving = 'adds x0, x0, x1\ncset w7, cs\nldr x30, [sp]';
  test('gets flags and what lies on the stack', async () => {
    const [f, end] = await verdicts(jumping(giving), taking(body, turned));
    expect(f?.[1]).toMatch(/^proved/);
    expect(end?.every((v) => v.startsWith('proved'))).toBe(true);
  });
  test.each([
    ['the flag', 'adds x0, x0, x1\nmov w7, #0\nldr x30, [sp]', 'refuted: cf'],
    ['the word on the stack', `${giving}\nldr x30, [sp, #8]`, 'refuted: the return address'],
    ['the stack', `${giving}\nadd sp, sp, #16`, 'refuted: the stack pointer'],
  ])('is not entered without %s', async (_, target, expected) => {
    expect((await verdicts(jumping(target), taking(body, turned)))[0]?.[1]).toBe(expected);
  });
  test('returns as its relation says', async () => {
    const [, end] = await verdicts(jumping(giving), taking(body, { entryStack: 0, returnStack: 0 }));
    expect(end?.[1]).toBe('refuted: the stack pointer');
  });
  test('returns as those owe that jump there', async () => {
    const [f] = await verdicts({ ...jumping(giving), more: { returnStack: 0 } }, taking(body, turned));
    expect(f?.[1]).toBe('refuted: a tail call to a function of another convention:');
  });
  test('uses no flag that it is not said to be entered with', async () => {
    const [, end] = await verdicts(jumping(giving), taking(body, turned, {}));
    expect(end?.[1]).toBe('refuted: rax');
  });
  test('claims no flag that its own start changes', async () => {
    const end = taking(body, turned);
    const [, found] = await verdicts(jumping(giving), { ...end, target: `mov w7, #0\n${end.target}` });
    expect(found?.[0]).toBe('refuted: cf');
  });
  test('is not called where it returns with another stack', async () => {
    const calling = { ...caller('nop', ''), source: 'call end\nnop\nret', target: `.C0:\nbl end\n.C1:\n${END}` };
    const [first] = await verdicts(calling, taking(body, turned));
    expect(first?.[1]).toMatch(/^refuted: a call of what returns with another stack/);
  });
  test.each([
    ['falls through', 'nop\n', false],
    ['ends with a call', 'call other\n', false],
    ['ends with a call and a size', 'call other\n\t.size callee, .-callee\n', false],
    ['returns', 'ret\n', true],
  ])('writes what it writes for code in front that %s', (_, end, keeps) => {
    const other = '\t.type other, @function\nother:\nret\n\t.size other, .-other\n';
    const text = `\t.text\n${other}\t.type callee, @function\ncallee:\n${end}\t.type end, @function\nend:\nmovl $1, %ecx\nret\n`;
    const { source } = new Context(claim(text, '\t.text\nx:\nret\n', []), guessing());
    const code = source.functionAt('callee');
    if (code === undefined) throw new Error('no callee');
    expect(neverWritten(source, code)('rcx')).toBe(keeps);
    expect(neverWritten(source, code)('rdx')).toBe(true);
  });
});

describe('jump tables', () => {
  const table = '\n\t.section .rodata\n.LT:\n\t.quad .L1, .L2\n\t.text\n';
  const fn = (swapped: boolean): Fn => ({
    name: 'f',
    source: `andl $1, %edi\nleaq .LT(%rip), %rcx\njmp *(%rcx,%rdi,8)${table}.L1:\nmovl $1, %eax\nret\n.L2:\nmovl $2, %eax\nret`,
    target: `${START}.B0:\nand w0, w0, #1\nadrp x3, .LT\nadd x3, x3, :lo12:.LT\nldr x16, [x3, x0, lsl #3]\nbr x16${table}${
      swapped ? '.L2:\n.B1:\n' : '.L1:\n.B1:\n'
    }mov w8, #1\n${END}\n${swapped ? '.L1:\n.B2:\n' : '.L2:\n.B2:\n'}mov w8, #2\n${END}`,
    blocks: [
      ['.B0', all],
      ['.B1', all],
      ['.B2', all],
    ],
  });
  test('whose labels are where their blocks begin are proved', async () => {
    const [f] = await verdicts(fn(false));
    expect(f?.slice(1)).toEqual(['proved jump-targets', 'proved', 'proved']);
  });
  test('whose labels are swapped are not', async () => {
    const [f] = await verdicts(fn(true));
    expect(f?.[1]).toMatch(/refuted: \.L1 of the target is not where its block begins/);
  });
});

describe('blocks without code', () => {
  test('stand still on the way forward', async () => {
    const [f] = await verdicts({
      name: 'f',
      source: 'nop\njmp .L1\n.L1:\nmovl $1, %eax\nret',
      target: `${START}.B0:\n.B1:\nmov w8, #1\n${END}`,
      blocks: [
        ['.B0', all],
        ['.B1', all],
      ],
    });
    expect(f?.slice(1)).toEqual(['proved', 'proved']);
  });
  test('cannot stand for a loop', async () => {
    const [f] = await verdicts({
      name: 'f',
      source: '.L0:\nnop\njmp .L1\n.L1:\njmp .L0',
      target: `${START}.B0:\n.B1:\n${END}`,
      blocks: [
        ['.B0', all],
        ['.B1', all],
      ],
    });
    expect(f?.slice(1).some((v) => v.startsWith('refuted'))).toBe(true);
  });
});

describe('results', () => {
  const f = (target: string): Promise<string[][]> =>
    verdicts({
      name: 'f',
      source: 'leaq (%rdi,%rsi), %rax\nret',
      target: `${START}.F0:\n${target}`,
      blocks: [['.F0', all]],
    });
  const back = 'add x8, x0, x1\nldr x30, [sp, #8]\nmov x0, x8\nadd sp, sp, #16';
  test('the second one may be left where it came as an argument', async () => {
    expect((await f(`${back}\nmov x1, x2\nret`))[0]?.[1]).toBe('proved');
    expect((await f(`${back}\nret`))[0]?.[1]).toBe('refuted: rdx');
  });
  test('a float that may come back as it came is assumed not to where its place is written', async () => {
    const found = await f(`${back}\nmov x1, x2\nfmov d0, xzr\nret`);
    expect(found[0]?.[1]).toBe('proved results-are-written');
  });
});
