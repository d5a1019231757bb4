// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import type { InstDef } from '../../../isa/define.ts';
import { immOp, num, type Operand, regOp } from '../../../isa/operand.ts';
import { x86_64 } from '../../../isa/x86_64/index.ts';
import { reg } from '../../../isa/x86_64/registers.ts';
import { translate } from '../../../pipeline/translate.ts';
import { partsOf } from '../../from-x86_64/rule.ts';
import { rules } from './index.ts';

/**
 * Each instruction in a function of its own, with several operands, whose result is returned: what the rules make of it
 * must be proved, or be one of those that solvers are known not to decide; nothing may be refuted.
 */

const named = (...names: string[]): Operand[] => names.map((n) => regOp(reg(n)));
const MEMORY: Operand = { kind: 'mem', disp: num(16), base: reg('rsi') };
const CANDIDATES: readonly (readonly Operand[])[] = [
  [...named('al', 'ah', 'ax', 'eax', 'rax', 'xmm0'), MEMORY],
  [...named('cl', 'ax', 'ecx', 'rcx', 'rax', 'xmm1', 'xmm0'), MEMORY, ...[1, 7, 31, 0x4e, -1].map((n) => immOp(n))],
];

function bodies(def: InstDef): string[] {
  let lists: Operand[][] = [[]];
  for (const [i, [, kind]] of def.operands.entries()) {
    const accepted = (CANDIDATES[Math.min(i, 1)] ?? []).filter((o) => kind.accepts(o));
    lists = lists.flatMap((ops) => accepted.map((o) => [...ops, o]));
  }
  // A few of each form, spread over what there is.
  const step = Math.ceil(lists.length / 3);
  const { mnemonic } = partsOf({ def, ops: [] });
  return lists
    .filter((_, i) => i % step === 0)
    .map((ops) => x86_64.printInst({ def, ops }, 'att') + (UNDONE[mnemonic] ?? ''));
}

/** What undoes a change with which no function may return. */
const UNDONE: Readonly<Record<string, string>> = { std: '\n\tcld' };

/** Leaves the block, or needs another to stand behind it. */
const APART =
  /^x64\.(j|call|ret|loop|leave|push|pop|enter|rep|ud[12]|int3|syscall|cmpxchg|lock|data16|endbr|notrack|bnd)/;

const forms = x86_64.forms.filter((def) => {
  const { mnemonic } = partsOf({ def, ops: [] });
  return !APART.test(def.id) && rules.namesFor(mnemonic).length > 0;
});

/** Every operand has a value that somebody chose, and all of the results is looked at. */
const BEFORE = '\tmovq %rdi, %rax\n\tmovdqu 32(%r8), %xmm0\n\tmovdqu 48(%r8), %xmm1\n';
const AFTER = '\tmovdqu %xmm0, (%r8)\n\tmovq %rdx, 16(%r8)\n\tmovq %rax, 24(%r8)\n';

/** Longer than translating waits, so that the machine's other work decides nothing. */
const PATIENT = { blockMs: 120_000, queryMs: 40_000 };

/** What takes them long for some operands: only one form is tried. */
const SLOW = new Set(['psignd']);

/** Refuted or undecided blocks of functions made of these bodies, and how many were proved. */
async function judge(
  all: readonly string[],
  features: readonly string[] = [],
): Promise<{ proved: number; refuted: string[]; undecided: string[]; text: string; refused: string[] }> {
  const text = all
    .map((b, i) => `\t.globl f${i}\n\t.type f${i}, @function\nf${i}:\n${BEFORE}\t${b}\n${AFTER}\tret\n`)
    .join('');
  const [done] = await translate([{ file: 'rules.s', text }], {
    prover: { cache: false },
    limits: PATIENT,
    from: 'x86_64',
    to: 'riscv64',
    targetName: (source) => source,
    features,
    withStages: false,
    jobs: 1,
    progress: () => undefined,
  });
  const refused = done?.diagnostics.filter((d) => d.severity === 'error').map((d) => d.message) ?? [];
  const found = {
    proved: 0,
    refuted: [] as string[],
    undecided: [] as string[],
    text: done?.target?.text ?? '',
    refused,
  };
  for (const f of done?.verdict?.functions ?? []) {
    const body = all[Number(f.source.slice(1))] ?? '';
    for (const { verdict } of f.blocks) {
      if (verdict.kind === 'proved') found.proved++;
      else if (verdict.kind === 'refuted') found.refuted.push(body);
      else found.undecided.push(body);
    }
  }
  // What is refused is refused loudly: then nothing was judged.
  return found;
}

/** Instructions of which every form that is tried is refused, although there is a rule: none is judged. */
const REFUSED: readonly string[] = [];
const judged = new Set<string>();

const byMnemonic = new Map<string, string[]>();
for (const def of forms) {
  const { mnemonic } = partsOf({ def, ops: [] });
  byMnemonic.set(mnemonic, [...(byMnemonic.get(mnemonic) ?? []), ...bodies(def)]);
}

describe('rules for RISC-V', () => {
  test('there are many', () => expect(byMnemonic.size).toBeGreaterThan(200));
  test.each([...byMnemonic].filter(([, all]) => all.length > 0))(
    '%s',
    async (mnemonic, all) => {
      const one = await judge(SLOW.has(mnemonic) ? all.slice(0, 1) : all);
      // A form among them that is refused takes the whole file along: then each stands alone.
      const results =
        one.proved + one.refuted.length + one.undecided.length > 0
          ? [one]
          : await Promise.all(all.map((b) => judge([b])));
      if (results.some((r) => r.proved + r.undecided.length > 0)) judged.add(mnemonic);
      expect(results.flatMap((r) => r.refuted)).toEqual([]);
      expect(results.flatMap((r) => r.undecided)).toEqual([]);
    },
    600_000,
  );
  test('all but those listed were judged', () => {
    expect([...byMnemonic.keys()].filter((m) => !judged.has(m)).sort()).toEqual(REFUSED);
  });
});

/** Bodies whose flags somebody reads; where a count is in cl, it may be zero, and they are then those from before. */
const FLAGS_READ: readonly string[] = [
  ...['shlb $3, %al', 'shlw $1, %ax', 'shrw $9, %ax', 'sarb $1, %ah', 'btsw $5, %ax', 'btcw $9, %ax'].map(
    (b) => `${b}\n\tsetc 64(%r8)`,
  ),
  ...['shlb $1, %al', 'shlw $1, %ax', 'rolb $1, %al', 'rorw $1, %ax', 'roll $1, %eax', 'rorq $1, 8(%rsi)'].map(
    (b) => `${b}\n\tsetc 64(%r8)\n\tseto 65(%r8)`,
  ),
  ...['shll %cl, %eax', 'shrq %cl, %rax', 'sarw %cl, %ax', 'sarq %cl, 8(%rsi)'].map(
    (b) => `cmpq %rsi, %rdi\n\t${b}\n\tsetc 64(%r8)\n\tsetz 65(%r8)\n\tsets 66(%r8)\n\tsetp 67(%r8)`,
  ),
  ...['shrb %cl, %al', 'shlw %cl, %ax'].map((b) => `${b}\n\tsetz 65(%r8)\n\tsets 66(%r8)\n\tsetp 67(%r8)`),
  ...['rolb %cl, %al', 'roll %cl, %eax', 'rorq %cl, %rax', 'rcll %cl, %eax', 'rcrq %cl, %rax', 'rclq $13, %rax'].map(
    (b) => `cmpq %rsi, %rdi\n\t${b}\n\tsetc 64(%r8)\n\tsetz 65(%r8)`,
  ),
  ...['rclb $8, %al', 'rcrw $12, %ax', 'rclb $9, %al', 'rcrl $31, %eax'].map(
    (b) => `cmpq %rsi, %rdi\n\t${b}\n\tsetc 64(%r8)`,
  ),
  ...['rclw $1, %ax', 'rcrq $1, %rax', 'rcrb $1, 8(%rsi)'].map(
    (b) => `cmpq %rsi, %rdi\n\t${b}\n\tsetc 64(%r8)\n\tseto 65(%r8)`,
  ),
  ...['shldl %cl, %esi, %eax', 'shrdq %cl, %rsi, %rax', 'shldw $3, %si, %ax', 'shrdw $16, %si, %ax'].map(
    (b) => `${b}\n\tsetc 64(%r8)\n\tsetz 65(%r8)\n\tsets 66(%r8)`,
  ),
  ...[
    'lock addl %esi, 8(%rdi)',
    'lock subq $3, 8(%rdi)',
    'lock xaddq %rsi, 8(%rdi)',
    'xaddw %si, %ax',
    'lock negl (%rdi)',
    'lock negb 8(%rdi)',
    'lock negw 8(%rdi)',
  ].map((b) => `${b}\n\tsetc 64(%r8)\n\tsetz 65(%r8)\n\tsets 66(%r8)\n\tseto 67(%r8)`),
  ...['lock incl 8(%rdi)', 'lock decq 8(%rdi)', 'lock adcq %rsi, 8(%rdi)', 'lock sbbq $0, 8(%rdi)'].map(
    (b) => `cmpq %rsi, %rdi\n\t${b}\n\tsetc 64(%r8)\n\tsetz 65(%r8)`,
  ),
  ...['lock adcw %si, 8(%rdi)', 'lock sbbl $3, (%rdi)'].map((b) => `cmpq %rsi, %rdi\n\t${b}`),
  ...['cmpxchgb %cl, %dl', 'cmpxchgl %ecx, %edx', 'cmpxchgq %rcx, %rax', 'lock cmpxchg8b (%rdi)'].map(
    (b) => `${b}\n\tsetz 64(%r8)`,
  ),
  ...[
    'lock btsq $40, (%rdi)',
    'lock btrl %esi, (%rdi)',
    'lock btcw $3, (%rdi)',
    'btsw %si, (%rdi)',
    'btq %rsi, (%rdi)',
  ].map((b) => `${b}\n\tsetc 64(%r8)`),
  ...['tzcntl %esi, %eax', 'lzcntw %si, %ax', 'blsiq %rax, %rax', 'blsrl %esi, %eax', 'bzhiq %rcx, %rsi, %rax'].map(
    (b) => `${b}\n\tsetc 64(%r8)\n\tsetz 65(%r8)`,
  ),
  ...['andnl %esi, %ecx, %eax', 'bextrl %ecx, %esi, %eax'].map((b) => `${b}\n\tsetc 64(%r8)\n\tsetz 65(%r8)`),
  'cmpq %rsi, %rdi\n\tadcxq %rsi, %rax\n\tadoxl %esi, %edx\n\tsetc 64(%r8)\n\tsetz 65(%r8)\n\tseto 66(%r8)',
  ...['shldq $1, %rsi, %rax', 'shrdw $1, %si, 8(%rsi)'].map((b) => `${b}\n\tsetc 64(%r8)\n\tseto 65(%r8)`),
  ...['lock adcb $1, 16(%rsi)', 'lock adcb %cl, 16(%rsi)', 'lock sbbw %dx, 16(%rsi,%rdx,4)'].map(
    (b) => `cmpq %rsi, %rdi\n\t${b}\n\tsetc 64(%r8)\n\tsetz 65(%r8)\n\tsets 66(%r8)\n\tseto 67(%r8)`,
  ),
  ...['lock btsw %dx, 16(%rsi)', 'lock btrw %dx, 16(%rsi)', 'lock btcw %ax, 16(%rsi,%rdx,4)'].map(
    (b) => `${b}\n\tsetc 64(%r8)`,
  ),
  'cmpq %rsi, %rdi\n\trcrq %cl, 16(%rsi,%rdx,4)\n\tsetc 64(%r8)',
];

/** What takes so many registers that flags, which are read behind it, must be put together in one in front of it. */
const ALL_READ = '\n\tlahf\n\tseto 65(%r8)\n\tmovw %ax, 66(%r8)';
const AS_WORD = '\n\tpushfq\n\tpopq %r9\n\tmovq %r9, 80(%r8)';
const CROWDED: readonly string[] = [
  ...['addss 16(%rsi,%rdx,4), %xmm0', 'haddps 16(%rsi,%rdx,4), %xmm0', 'roundps $1, 16(%rsi), %xmm0'].map(
    (b) => `ucomisd %xmm1, %xmm0\n\t${b}\n\tsetbe 64(%r8)`,
  ),
  ...['paddsw 16(%rsi,%rdx,4), %xmm0', 'pshufb 16(%rsi,%rdx,4), %xmm0', 'roundps $2, 16(%rsi), %xmm0'].map(
    (b) => `addq %rdi, %rax\n\t${b}${ALL_READ}`,
  ),
  ...[
    'psadbw %xmm1, %xmm0',
    'adcb %cl, %al',
    'sbbw %dx, %ax',
    'addb 16(%rsi,%rdx,4), %ah',
    'rclb %ah',
    'rolb %sil',
  ].map((b) => `cmpq %rsi, %rdi\n\t${b}${ALL_READ}`),
  ...['subb %cl, %al', 'subl $7, %eax', 'negw %ax', 'movsb'].map((b) => `cmpq %rsi, %rdi\n\t${b}${AS_WORD}`),
  'cmpq %rsi, %rdi\n\txchgb 16(%rsi), %sil\n\tsetc 64(%r8)',
  'lock adcl $1, 16(%rsi,%rdx,4)',
  'cmpxchgb %al, %ah',
];

test('rules whose flags are read', { timeout: 600_000 }, async () => {
  const { proved, refused, refuted, undecided } = await judge(FLAGS_READ);
  expect({ refused, refuted, undecided }).toEqual({ refused: [], refuted: [], undecided: [] });
  expect(proved).toBeGreaterThanOrEqual(FLAGS_READ.length);
});

test('rules beside flags that are read behind them', { timeout: 600_000 }, async () => {
  const { proved, refused, refuted, undecided } = await judge(CROWDED);
  expect({ refused, refuted, undecided }).toEqual({ refused: [], refuted: [], undecided: [] });
  expect(proved).toBeGreaterThanOrEqual(CROWDED.length);
});

/** Instructions that have a rule for machines with V, and all that is tried of them. */
const WITH_V = [...byMnemonic].filter(([mnemonic]) => rules.namesFor(mnemonic).some((name) => name.endsWith('_v')));

describe('rules that use V', () => {
  test('there are some', () => expect(WITH_V.length).toBeGreaterThan(50));
  test.each(WITH_V)(
    '%s',
    async (_, all) => {
      const { proved, text, ...rest } = await judge(all, ['v']);
      expect(rest).toEqual({ refused: [], refuted: [], undecided: [] });
      expect(proved).toBeGreaterThanOrEqual(all.length);
      const functions = text.split(/^f\d+:$/m).slice(1);
      expect(functions).toHaveLength(all.length);
      const without = all.filter((_, i) => !/^\tvsetivli\t/m.test(functions[i] ?? ''));
      expect(without).toEqual([]);
    },
    600_000,
  );
});

/** Bodies that the extensions make shorter, and an instruction that shows it. */
const EXTENDED: readonly (readonly [body: string, inst: string])[] = [
  ['leaq 8(%rdi,%rsi,2), %rax', 'sh1add'],
  ['leaq (%rdi,%rsi,4), %rdi', 'sh2add'],
  ['leaq (%rdi,%rsi,8), %rsi', 'sh3add'],
  ['leaq tbl(%rax,%rsi,8), %rax', 'sh3add'],
  ['leal (%rdi,%rsi,8), %eax', 'sh3add'],
  ['movq tbl(,%rsi,8), %rax', 'sh3add'],
  ['movzwl (%r8,%rsi,2), %eax', 'sh1add'],
  ['rolq $13, %rax', 'rori'],
  ['rorq $13, %rax', 'rori'],
  ['rolq %cl, %rax', 'rol'],
  ['rorq %cl, %rax', 'ror'],
  ['roll $31, %eax', 'roriw'],
  ['rorl %cl, %eax', 'rorw'],
  ['roll %cl, %eax', 'rolw'],
  ['roll $3, %eax\n\tadcq $0, %rdx', 'roriw'],
  ['bswapl %eax', 'rev8'],
  ['bswapq %rax', 'rev8'],
  ['bsfw %si, %ax', 'ctz'],
  ['bsfl %esi, %eax\n\tcmovz %rdi, %rax', 'ctz'],
  ['bsfq %rsi, %rax', 'ctz'],
  ['bsrw %si, %ax', 'clz'],
  ['bsrl %esi, %eax', 'clzw'],
  ['bsrq %rsi, %rax\n\tcmovz %rdi, %rax', 'clz'],
  ['rep bsfl %esi, %eax', 'ctzw'],
  ['rep bsfq %rsi, %rax', 'ctz'],
  ['btq %rsi, %rax\n\tadcq $0, %rdx', 'bext'],
  ['btsq %rsi, %rax\n\tadcq $0, %rdx', 'bset'],
  ['btsl %esi, %eax\n\tadcq $0, %rdx', 'bset'],
  ['btrq %rsi, %rax', 'bclr'],
  ['btcl %esi, %eax', 'binv'],
  ['btcq $40, %rax', 'binvi'],
  ['btrl $31, %eax', 'bclri'],
  ['orl $0x80000000, %eax', 'bseti'],
  ['andl $0xfffeffff, %eax', 'bclri'],
  ['xorl $0x10000, %eax\n\tsetz %dl', 'binvi'],
  ['testl $0x10000, %eax\n\tsetz %dl', 'bexti'],
];

test('rules that use zba, zbb and zbs', { timeout: 600_000 }, async () => {
  const all = EXTENDED.map(([body]) => body);
  const { proved, text, ...rest } = await judge(all, ['zba', 'zbb', 'zbs']);
  expect(rest).toEqual({ refused: [], refuted: [], undecided: [] });
  expect(proved).toBeGreaterThanOrEqual(all.length);
  const functions = text.split(/^f\d+:$/m).slice(1);
  expect(functions).toHaveLength(all.length);
  const without = EXTENDED.filter(([, inst], i) => !new RegExp(`^\\t${inst}\\t`, 'm').test(functions[i] ?? ''));
  expect(without).toEqual([]);
});
