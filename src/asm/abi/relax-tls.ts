// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import type { Inst } from '../isa/define.ts';
import { isDiagnostic } from '../isa/isa.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import type { AsmFile, InstStatement, Statement } from '../text/ast.ts';

/**
 * The dynamic models of thread-local storage ask `__tls_get_addr` for an address, in code of a fixed shape, so that the
 * linker may put code of a simpler model in its place (psABI x86-64, "Relocation": general dynamic to initial exec,
 * local dynamic to local exec). The same is done here, before anything else looks at the code:
 *
 *     lea x@tlsgd(%rip), %rdi; call __tls_get_addr  ->  mov %fs:0, %rax; add x@gottpoff(%rip), %rax
 *     lea x@tlsld(%rip), %rdi; call __tls_get_addr  ->  mov %fs:0, %rax; nop
 *
 * After the second, `y@dtpoff` is the distance of `y` from the thread pointer. Code of any other shape stays as it is.
 */
export function relaxThreadLocal(file: AsmFile): AsmFile {
  const { statements } = file;
  let changed: Statement[] | undefined;
  statements.forEach((s, index) => {
    const asked = s.kind === 'inst' ? asks(s.inst) : undefined;
    if (s.kind !== 'inst' || asked === undefined) return;
    const rest = callBehind(statements, index + 1);
    if (rest === undefined) return;
    changed ??= [...statements];
    changed[index] = replaced(s, 'movq %fs:0, %rax');
    const call = must(changed[rest.call], 'call');
    for (const p of rest.padding)
      changed[p] = { kind: 'comment', text: '', span: must(statements[p], 'statement').span };
    const second = asked.general ? `addq ${asked.name}@gottpoff(%rip), %rax` : 'nop';
    if (call.kind === 'inst') changed[rest.call] = replaced(call, second);
  });
  return changed === undefined ? file : { ...file, statements: changed };
}

function replaced(s: InstStatement, text: string): InstStatement {
  const inst = x86_64.readInst(text, 'att', s.span);
  if (isDiagnostic(inst)) throw new TypeError(`${text}: ${inst.message}`);
  return { ...s, inst: { ...inst, span: s.span } };
}

/** The variable that a `lea` prepares to ask for, in AT&T syntax. */
function asks(inst: Inst): { name: string; general: boolean } | undefined {
  if (!inst.def.id.endsWith('lea.r_m.64')) return undefined;
  const [dst, src] = inst.ops;
  if (dst?.kind !== 'reg' || dst.reg.name !== 'rdi' || src?.kind !== 'mem') return undefined;
  const { plus, modifier, offset } = src.disp;
  if (src.base?.class !== 'ip' || plus === undefined || offset !== 0n) return undefined;
  if (modifier !== 'tlsgd' && modifier !== 'tlsld') return undefined;
  return { name: /^[\w.$]+$/.test(plus) ? plus : `"${plus}"`, general: modifier === 'tlsgd' };
}

/** The call right behind, and the bytes before it that only make room for the linker. */
function callBehind(statements: readonly Statement[], from: number): { call: number; padding: number[] } | undefined {
  const padding: number[] = [];
  for (let i = from; i < statements.length; i++) {
    const s = must(statements[i], 'statement');
    if (s.kind === 'comment' || (s.kind === 'directive' && /^\.(loc|cfi_\w+)$/.test(s.name))) continue;
    if (s.kind === 'directive' && isPadding(s.name, s.args)) padding.push(i);
    else return s.kind === 'inst' && callsGetAddress(s.inst) ? { call: i, padding } : undefined;
  }
  return undefined;
}

/** Prefixes written as data: `.value 0x6666`, `.byte 0x66`. */
const isPadding = (name: string, args: readonly string[]): boolean =>
  /^\.(value|word|short|byte)$/.test(name) && args.every((a) => /^0x(66|48)+$/.test(a));

function callsGetAddress(inst: Inst): boolean {
  if (!/^x64\.(\w+_)?call\./.test(inst.def.id)) return false;
  const target = inst.ops[0];
  if (target?.kind === 'imm') return target.value.plus === '__tls_get_addr';
  return target?.kind === 'mem' && target.disp.plus === '__tls_get_addr' && target.disp.modifier === 'GOTPCREL';
}
