// SPDX-License-Identifier: MIT
import type { Diagnostic } from '../../../base/diagnostic.ts';
import { mapped } from '../../../base/lists.ts';
import type { Span } from '../../../base/source.ts';
import type { Inst, InstDef } from '../define.ts';
import type { Dialect } from '../isa.ts';
import { isNumber, type MemOperand, type Operand } from '../operand.ts';
import { printAttOperand, readAttOperand } from './att.ts';
import { isImplicit, withoutMask } from './implicit.ts';
import { printIntelOperand, readIntelOperand } from './intel.ts';
import { needsRex } from './registers.ts';
import { badOperand, Refusal, Scanner, unsupported } from './scan.ts';
import { buildTables, type Entry, type Spelling, spellingOf, type Tables } from './spelling.ts';
import { whyUnsupported } from './unsupported.ts';

/** Prefixes that may stand before a mnemonic, by the spelling that forms use. */
const PREFIXES = new Map([
  ['lock', 'lock'],
  ['rep', 'rep'],
  ['repe', 'repe'],
  ['repz', 'repe'],
  ['repne', 'repne'],
  ['repnz', 'repne'],
  ['notrack', 'notrack'],
  ['bnd', 'bnd'],
  ['data16', 'data16'],
  ['rex64', 'rex64'],
  ['rex.w', 'rex64'],
]);
const OTHER_PREFIXES = new Set([
  'addr32',
  'data32',
  'addr16',
  'cs',
  'ds',
  'es',
  'fs',
  'gs',
  'ss',
  'rex',
  'xacquire',
  'xrelease',
]);

/** Whether a statement is nothing but a prefix (`lock` of `lock; addl ...`), which belongs to the next statement. */
export function isPrefix(text: string): boolean {
  return PREFIXES.has(text.trim().toLowerCase());
}

/** Reads statements into the forms given here. */
export class Reader {
  private readonly tables: Tables;
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  constructor(forms: readonly InstDef[]) {
    this.tables = buildTables(forms);
  }

  read(text: string, dialect: Dialect, span: Span): Inst | Diagnostic {
    try {
      return this.parse(text, dialect !== 'intel', span);
    } catch (e) {
      if (e instanceof Refusal) return toDiagnostic(e, span);
      throw e;
    }
  }

  private parse(text: string, att: boolean, span: Span): Inst {
    const s = new Scanner(text, 0);
    s.next();
    const start = s.pos;
    let name = s.name();
    const table = att ? this.tables.att : this.tables.intel;
    let entry = table.get(name);
    if (entry === undefined) {
      name = withPrefixes(s, name.toLowerCase(), start);
      entry = table.get(name);
      if (entry === undefined) throw unknownMnemonic(name, table, start, s.pos);
    }
    const nameEnd = s.pos;
    let ops: Operand[] = [];
    let star = -1;
    if (!Number.isNaN(s.next())) {
      do {
        s.next();
        this.starts[ops.length] = s.pos;
        if (att) {
          const read = readAttOperand(s, entry.branch);
          if (read.star) star = ops.length;
          ops.push(read.operand);
        } else ops.push(readIntelOperand(s, entry.branch));
        this.ends[ops.length - 1] = s.pos;
      } while (s.take(44));
      if (!Number.isNaN(s.next()))
        throw badOperand(`'${text.slice(s.pos).trim()}' is not expected here`, s.pos, text.length);
      if (att) ops.reverse();
    }
    const place = (i: number): { start: number; end: number } => {
      const at = att ? ops.length - 1 - i : i;
      return { start: this.starts[at] ?? start, end: this.ends[at] ?? nameEnd };
    };
    ops = withoutMask(name, ops);
    const chosen = choose(entry, ops);
    if (chosen === undefined) throw explain(name, entry, ops, place, { start, end: nameEnd });
    if (chosen === 'ambiguous') {
      const i = Math.max(
        0,
        ops.findIndex((o) => o.kind === 'mem'),
      );
      const how = att ? 'add a suffix (b, w, l or q)' : "write 'byte ptr', 'word ptr', 'dword ptr' or 'qword ptr'";
      throw badOperand(`the size of '${name}' is not clear here: ${how}`, place(i).start, place(i).end);
    }
    if (star >= 0 && !chosen.star) {
      const [from, to] = [this.starts[star] ?? start, this.ends[star] ?? nameEnd];
      throw badOperand("'*' belongs only before the target of an indirect branch", from, to);
    }
    return finish(chosen, ops, place, span);
  }
}

function withPrefixes(s: Scanner, first: string, start: number): string {
  let name = first;
  let prefixes = '';
  for (;;) {
    if (OTHER_PREFIXES.has(name)) throw unsupported(`the prefix '${name}' is not supported`, start, s.pos);
    const prefix = PREFIXES.get(name);
    if (prefix === undefined) break;
    const prefixEnd = s.pos;
    if (Number.isNaN(s.next())) throw unsupported(`the prefix '${name}' stands alone`, start, prefixEnd);
    prefixes += `${prefix} `;
    if (s.take(59)) s.next();
    name = s.name().toLowerCase();
  }
  return prefixes + name;
}

function unknownMnemonic(name: string, table: ReadonlyMap<string, Entry>, start: number, end: number): Refusal {
  const space = name.lastIndexOf(' ');
  const bare = name.slice(space + 1);
  if (bare === '') return new Refusal('input', 'V0102', 'a mnemonic is missing', start, end);
  if (space > 0 && (table.has(bare) || whyUnsupported(bare) !== undefined))
    return unsupported(`'${name}' is not supported: no meaning is known for that prefix here`, start, end);
  const reason = whyUnsupported(bare);
  if (reason !== undefined) return unsupported(`'${bare}' is not supported: ${reason}`, start, end);
  return new Refusal('input', 'V0102', `unknown instruction '${bare}'`, start, end);
}

/** The form that takes these operands (in Intel's order). */
function choose(entry: Entry, ops: readonly Operand[]): Spelling | 'ambiguous' | undefined {
  let found: Spelling | undefined;
  for (const candidate of entry.strong)
    if (takes(candidate, ops)) {
      if (found !== undefined) return 'ambiguous';
      found = candidate;
    }
  if (found !== undefined) return found;
  for (const candidate of entry.weak)
    if (takes(candidate, ops)) {
      if (found !== undefined) return 'ambiguous';
      found = candidate;
    }
  return found;
}

function takes({ kinds, def }: Spelling, ops: readonly Operand[]): boolean {
  if (kinds.length !== ops.length) return kinds.length === 0 && isImplicit(def, ops);
  for (let i = 0; i < kinds.length; i++) {
    const kind = kinds[i];
    const op = ops[i];
    if (kind === undefined || op === undefined || !kind.accepts(op)) return false;
  }
  return ops.length < 2 || ops[0]?.kind !== 'mem' || ops[1]?.kind !== 'mem';
}

function explain(
  name: string,
  entry: Entry,
  ops: readonly Operand[],
  place: (i: number) => { start: number; end: number },
  whole: { start: number; end: number },
): Refusal {
  const foreign = ops.findIndex((o) => o.kind === 'reg' && o.reg.class === 'seg');
  if (foreign >= 0) return unsupported('segment registers are not supported', place(foreign).start, place(foreign).end);
  const all = [...entry.strong, ...entry.weak];
  const fitting = all.filter((c) => c.kinds.length === ops.length);
  if (fitting.length === 0) {
    const counts = [...new Set(all.map((c) => c.kinds.length))].sort().join(' or ');
    const end = ops.length === 0 ? whole.end : Math.max(place(0).end, place(ops.length - 1).end);
    return badOperand(
      `'${name}' takes ${counts} operand${counts === '1' ? '' : 's'}, not ${ops.length}`,
      whole.start,
      end,
    );
  }
  // The first operand, in the manual's order, that nothing takes after those before it were taken.
  let left = fitting;
  for (const [i, op] of ops.entries()) {
    const rest = left.filter((c) => c.kinds[i]?.accepts(op) === true);
    if (rest.length === 0) {
      const expected = [...new Set(left.map((c) => c.kinds[i]?.name))].join(', ');
      return badOperand(
        `'${name}' does not take this operand here; expected ${expected}`,
        place(i).start,
        place(i).end,
      );
    }
    left = rest;
  }
  return badOperand(`'${name}' takes at most one memory operand`, place(1).start, place(1).end);
}

function finish(
  chosen: Spelling,
  ops: Operand[],
  place: (i: number) => { start: number; end: number },
  span: Span,
): Inst {
  const { def, holes } = chosen;
  if (holes.length !== ops.length) return { def, ops: [], span };
  let high = -1;
  let rex = false;
  for (let i = 0; i < ops.length; i++) {
    const op = ops[i] as Operand;
    if (op.kind === 'reg') {
      if (op.reg.lo === 8) high = i;
      else rex ||= needsRex(op.reg);
    } else if (op.kind === 'mem') {
      rex ||=
        (op.base !== undefined && op.base.loc.charCodeAt(1) <= 57) ||
        (op.index !== undefined && op.index.loc.charCodeAt(1) <= 57);
      if (!displacementFits(op))
        throw badOperand('the displacement does not fit in 32 bits', place(i).start, place(i).end);
      if (op.width !== undefined) {
        const { width: _, ...rest } = op;
        ops[i] = rest;
      }
    }
  }
  if (high >= 0 && rex)
    throw badOperand(
      'ah, bh, ch and dh cannot be used together with a register or width that needs a REX prefix',
      place(high).start,
      place(high).end,
    );
  let ordered = true;
  for (let i = 0; i < holes.length; i++) ordered &&= holes[i] === i;
  if (ordered) return { def, ops, span };
  const sorted = mapped(holes, (_, at) => ops[holes.indexOf(at)] as Operand);
  return { def, ops: sorted, span };
}

function displacementFits(op: MemOperand): boolean {
  const d = op.disp.offset;
  if (d >= -0x80000000n && d <= 0x7fffffffn) return true;
  if (!isNumber(op.disp)) return false;
  if (d >= 0xffffffff80000000n && d < 1n << 64n) return true;
  const short = op.base?.width === 32 || op.index?.width === 32;
  return short && d >= -0xffffffffn && d <= 0xffffffffn;
}

function toDiagnostic(e: Refusal, span: Span): Diagnostic {
  return {
    severity: 'error',
    kind: e.kind,
    code: e.code,
    message: e.message,
    span: { file: span.file, line: span.line, column: span.column + e.start, endColumn: span.column + e.end },
  };
}

/** The text of an instruction, which GNU as assembles to the bytes of the text it was read from. */
export function printInst(inst: Inst, dialect: Dialect): string {
  const { intel, att, holes, kinds, star } = spellingOf(inst.def);
  const parts: string[] = [];
  for (const [i, at] of holes.entries()) {
    const op = inst.ops[at];
    if (op === undefined) continue;
    if (dialect === 'intel') parts.push(printIntelOperand(op, kinds[i]?.width ?? 0));
    else parts.unshift((star ? '*' : '') + printAttOperand(op));
  }
  const name = dialect === 'intel' ? intel : att;
  return parts.length === 0 ? name : `${name} ${parts.join(', ')}`;
}
