// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { must } from '../../base/assert.ts';
import { variable } from '../../logic/build.ts';
import { evaluate } from '../../logic/evaluate.ts';
import type { Term } from '../../logic/term.ts';
import { effectsOf, type Inst } from '../isa/define.ts';
import { isDiagnostic } from '../isa/isa.ts';
import { SymbolicState } from '../isa/state.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { addAll, chunksOf, describeSet, emptySet, hasChunk } from './chunks.ts';
import { summaryOf } from './effects-summary.ts';

const chunks = chunksOf(x86_64);

function read(text: string): Inst {
  const inst = x86_64.readInst(text, 'att', { file: 't', line: 1, column: 1, endColumn: text.length + 1 });
  if (isDiagnostic(inst)) throw new Error(inst.message);
  return inst;
}

/** What an instruction writes, and what it needs whatever comes after. */
function writesAndUses(text: string): [writes: string[], uses: string[]] {
  const s = summaryOf(read(text), x86_64);
  return [describeSet(s.writes, chunks), describeSet(s.uses, chunks)];
}

/** What the chunks of a location come from. */
function sources(text: string, loc: string): string[] {
  const own = chunks.ofLocation.get(loc) ?? [];
  const set = emptySet(chunks);
  const groups = summaryOf(read(text), x86_64).groups.filter((g) => own.some((c) => hasChunk(g.written, c.index)));
  expect(groups).not.toEqual([]);
  for (const g of groups) addAll(set, g.from);
  return describeSet(set, chunks);
}

test('parts of registers are written apart', () => {
  expect(writesAndUses('movb $1, %al')).toEqual([['rax:0-7'], []]);
  expect(writesAndUses('movb $1, %ah')).toEqual([['rax:8-15'], []]);
  expect(writesAndUses('movw $1, %ax')).toEqual([['rax:0-15'], []]);
  expect(writesAndUses('movl $1, %eax')).toEqual([['rax'], []]);
  expect(writesAndUses('movss %xmm1, %xmm0')).toEqual([['xmm0:0-31'], []]);
  expect(writesAndUses('movsd (%rdi), %xmm0')).toEqual([['xmm0'], ['rdi']]);
});

test('what keeps its value is not written', () => {
  expect(describeSet(summaryOf(read('andl $255, %eax'), x86_64).writes, chunks)).toContain('rax:8-63');
  expect(writesAndUses('movl %eax, %eax')).toEqual([['rax:32-63'], []]);
  expect(writesAndUses('xchgq %rax, %rax')).toEqual([[], []]);
});

test('memory needs addresses and what is stored', () => {
  expect(writesAndUses('movl %esi, 8(%rdi,%rcx,4)')).toEqual([[], ['rcx', 'rsi:0-31', 'rdi']]);
  expect(writesAndUses('movzbl (%rdi), %eax')).toEqual([['rax'], ['rdi']]);
  expect(writesAndUses('leaq 8(%rdi,%rcx,4), %rax')).toEqual([['rax'], []]);
  expect(writesAndUses('pushq %rbx')).toEqual([['rsp'], ['rbx', 'rsp']]);
});

test('values depend on no more than they are made from', () => {
  expect(sources('movzbl %dil, %eax', 'rax')).toEqual(['rdi:0-7']);
  expect(sources('shrl $8, %eax', 'rax')).toEqual(['rax:8-31']);
  expect(sources('andl $65280, %edi', 'zf')).toEqual(['rdi:8-15']);
  expect(sources('xorl %eax, %eax', 'rax')).toEqual([]);
  expect(sources('testb %al, %al', 'zf')).toEqual(['rax:0-7']);
  expect(sources('cmpl %edi, %esi', 'cf')).toEqual(['rsi:0-31', 'rdi:0-31']);
  expect(sources('sete %al', 'rax')).toEqual(['zf']);
  expect(sources('leal (%rdi,%rsi), %eax', 'rax')).toEqual(['rsi:0-31', 'rdi:0-31']);
});

test('flags that a shift by a register may leave alone depend on themselves', () => {
  expect(sources('shll %cl, %eax', 'cf')).toContain('cf');
  expect(describeSet(summaryOf(read('incl %eax'), x86_64).writes, chunks)).not.toContain('cf');
});

test('a displacement makes upper bits depend on lower ones, though an address without one was looked at before', () => {
  const sources = (text: string): string[] =>
    summaryOf(read(text), x86_64)
      .groups.filter((g) => hasChunk(g.written, must(chunks.ofLocation.get('rbx')?.[1], 'bits 8 to 15').index))
      .flatMap((g) => describeSet(g.from, chunks));
  expect(sources('leaw (%rax), %bx')).toEqual(['rax:8-15']);
  expect(sources('leaw 8(%rax), %bx')).toEqual(['rax:0-15']);
});

test('jumps need their flags', () => {
  expect(writesAndUses('jle .L1')).toEqual([[], ['zf', 'sf', 'of']]);
  expect(writesAndUses('jmp *%rax')).toEqual([[], ['rax']]);
});

/** A generator of numbers that gives the same on every run. */
function numbers(): () => bigint {
  let state = 0x9e3779b97f4a7c15n;
  return () => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return state ^ (state >> 29n);
  };
}

test.each([
  ...['addl %esi, %edi', 'adcq %rsi, %rdi', 'sbbb %al, %ah', 'imull %esi, %edi', 'imulq $24, %rsi, %rdi', 'mulq %rcx'],
  ...['shll %cl, %eax', 'sarw $3, %ax', 'rolb %cl, %ah', 'shldq $5, %rax, %rdx', 'bsfl %esi, %eax', 'bswap %rax'],
  ...['cmovgw %cx, %ax', 'setbe %ch', 'movsbl %ah, %ecx', 'cltd', 'cqto', 'leal 3(%rdi,%rsi,8), %eax', 'negb %dl'],
  ...['xchgb %al, %ah', 'cmpxchgl %esi, %edi', 'xaddw %ax, %cx', 'popq %rbp', 'leave', 'lodsb', 'andw $0xff0, %ax'],
  ...['orl $0xff00, %eax', 'btl $7, %edi', 'punpcklbw %xmm1, %xmm0', 'pshufd $27, %xmm1, %xmm0', 'pxor %xmm1, %xmm0'],
  ...['shufps $68, %xmm1, %xmm0', 'addsd %xmm1, %xmm0', 'ucomisd %xmm1, %xmm0', 'cvtsi2sd %rax, %xmm0'],
  ...['movhlps %xmm1, %xmm0', 'movd %xmm0, %eax', 'psrldq $4, %xmm0', 'pmovmskb %xmm1, %eax'],
])('%s: what is not listed as a source changes nothing', (text) => {
  const inst = read(text);
  const state = new SymbolicState(x86_64, 'in.');
  const effects = effectsOf(inst, state);
  const summary = summaryOf(inst, x86_64);
  const inputs = x86_64.locations.map((l) => ({ ...l, term: variable(`in.${l.name}`, l.width) }));
  const next = numbers();
  const random = (width: number): bigint => BigInt.asUintN(width, (next() << 64n) | next());
  let compared = 0;
  for (let round = 0; round < 6; round++) {
    const before = new Map<Term, bigint>(inputs.map((l) => [l.term, random(l.width)]));
    for (const e of effects) {
      if (e.kind !== 'set') continue;
      const old = evaluate(e.value, { values: before });
      for (const chunk of chunks.ofLocation.get(e.loc) ?? []) {
        const bits = (v: bigint): bigint => BigInt.asUintN(chunk.hi - chunk.lo + 1, v >> BigInt(chunk.lo));
        const group = summary.groups.find((g) => hasChunk(g.written, chunk.index));
        // Everything but the sources gets new values; a chunk that is not written keeps its own.
        const after = new Map(before);
        for (const l of inputs) {
          let value = random(l.width);
          for (const c of chunks.ofLocation.get(l.name) ?? []) {
            const source = group === undefined ? c.index === chunk.index : hasChunk(group.from, c.index);
            const kept = source || hasChunk(summary.uses, c.index);
            const mask = ((1n << BigInt(c.hi - c.lo + 1)) - 1n) << BigInt(c.lo);
            if (kept) value = (value & ~mask) | ((before.get(l.term) ?? 0n) & mask);
          }
          after.set(l.term, value);
        }
        expect(bits(evaluate(e.value, { values: after }))).toBe(bits(old));
        compared++;
      }
    }
  }
  expect(compared).toBeGreaterThan(0);
});
