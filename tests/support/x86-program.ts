// SPDX-License-Identifier: MIT
import { systemV } from '../../src/asm/abi/call-model.ts';
import { x86_64 } from '../../src/asm/isa/x86_64/index.ts';
import type { Conventions } from '../../src/asm/program/conventions.ts';
import { recoverProgram } from '../../src/asm/program/recover.ts';
import type { FunctionCode, Program } from '../../src/asm/program/types.ts';
import { readAsm } from '../../src/asm/text/read.ts';
import { must } from '../../src/base/assert.ts';
import { Diagnostics } from '../../src/base/diagnostic.ts';

/** A program of x86-64 assembly in AT&T syntax, with the codes of the diagnostics it gave. */
export function readProgram(text: string, conventions?: Conventions): { program: Program; codes: string[] } {
  const diagnostics = new Diagnostics();
  const ast = readAsm({ file: 'test.s', text }, x86_64, diagnostics);
  const program = recoverProgram(ast, diagnostics, conventions);
  return { program, codes: diagnostics.list.map((d) => d.code) };
}

/** The same for text that must be without fault. */
export function programOf(text: string, conventions: Conventions = systemV): Program {
  const { program, codes } = readProgram(text, conventions);
  if (codes.length > 0) throw new Error(`unexpected diagnostics: ${codes.join(' ')}`);
  return program;
}

export function functionNamed(program: Program, name: string): FunctionCode {
  return must(program.functions[program.functionOf.get(name) ?? -1], `no function ${name}`);
}

/** The index of the block that begins at a label. */
export function blockAt(code: FunctionCode, label: string): number {
  const at = must(code.indexOfLabel.get(label), `no label ${label}`);
  return must(code.blockAt[at], `no block at ${label}`);
}
