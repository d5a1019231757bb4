// SPDX-License-Identifier: MIT
import { add, bv } from '../../../logic/build.ts';
import type { Term } from '../../../logic/term.ts';
import type { Access } from '../define.ts';
import { type State, store } from '../effect.ts';
import { kind, type TextKind } from '../kind.ts';
import { inRange } from '../numbers.ts';
import { type Expr, isNumber, type MemOperand, num, type Operand, sym } from '../operand.ts';
import { immTerm } from '../operand-kinds.ts';
import { label } from './operands.ts';
import { reg, ZERO } from './registers.ts';
import { isRelocatable } from './symbols.ts';

/** Memory operands: a base register and 12 bits of offset with a sign, `8(sp)`, `%lo(sym)(a5)`; or just a symbol. */

const asMem = (o: Operand): MemOperand => {
  if (o.kind !== 'mem') throw new TypeError(`a memory operand is expected, not ${o.kind}`);
  return o;
};

function addressTerm(m: MemOperand, state: State): Term {
  const base = m.base === undefined || m.base.loc === ZERO ? bv(64, 0) : state.get(m.base.loc);
  if (!isNumber(m.disp)) return add(base, state.symbol(m.disp));
  return m.disp.offset === 0n ? base : add(base, bv(64, m.disp.offset));
}

/** A memory operand, for tests and examples. */
export function mem(base: string, disp: number | Expr = 0): MemOperand {
  return { kind: 'mem', disp: typeof disp === 'number' ? num(disp) : disp, base: reg(base) };
}

const MODIFIERS = ['lo', 'tprel_lo'];
const fits = inRange(-2048, 2047);

interface MemSpec {
  readonly name: string;
  readonly bytes: number;
  readonly access: Access;
  readonly accepts: (m: MemOperand) => boolean;
  readonly expects: string;
  readonly examples: readonly Operand[];
  readonly outside: readonly Operand[];
  readonly symbolic: readonly Operand[];
}

function memory(spec: MemSpec): TextKind {
  return kind({
    name: spec.name,
    width: spec.bytes * 8,
    access: spec.access,
    // Other instruction sets' operands have more than a base and an offset.
    isSort: (o) => o.kind === 'mem' && o.base?.class === 'gpr',
    inRange: (o) => o.kind === 'mem' && spec.accepts(o),
    expects: spec.expects,
    view: (o, state) => ({
      value: () => state.load(addressTerm(asMem(o), state), spec.bytes),
      address: () => addressTerm(asMem(o), state),
      write: (value) => [store(addressTerm(asMem(o), state), value)],
    }),
    examples: () => spec.examples,
    outside: () => spec.outside,
    symbolic: () => spec.symbolic,
  });
}

const acceptsOffset = (m: MemOperand): boolean =>
  isNumber(m.disp) && m.disp.modifier === undefined ? fits(m.disp.offset) : isRelocatable(m.disp, MODIFIERS);

/** What loads and stores take. */
export function memOffset(bytes: number, access: Access): TextKind {
  return memory({
    name: `m${bytes * 8}`,
    bytes,
    access,
    accepts: acceptsOffset,
    expects: 'an offset of -2048 to 2047',
    examples: [mem('a0'), mem('sp', bytes), mem('t1', 2047), mem('a0', -2048), mem('s1', -1)],
    outside: [mem('a0', 2048), mem('a0', -2049)],
    symbolic: MODIFIERS.flatMap((m) => [mem('a5', sym('sym', 0n, m)), mem('a5', sym('sym', 8n, m))]),
  });
}

/** Where a jump goes: an offset from a register, which is no access. */
export function codeOffset(): TextKind {
  return memory({
    name: 'offset(x)',
    bytes: 8,
    access: 'r',
    accepts: (m) => isNumber(m.disp) && m.disp.modifier === undefined && fits(m.disp.offset),
    expects: 'an offset of -2048 to 2047',
    examples: [mem('a0'), mem('t1', 2047), mem('ra', -2048), mem('a5', 4)],
    outside: [mem('a0', 2048), mem('a0', -2049)],
    symbolic: [],
  });
}

/** A bare base register: atomic accesses. */
export function memBase(bytes: number, access: Access): TextKind {
  return memory({
    name: `m${bytes * 8}`,
    bytes,
    access,
    accepts: (m) => isNumber(m.disp) && m.disp.modifier === undefined && m.disp.offset === 0n,
    expects: 'a base register without an offset',
    examples: [mem('a0'), mem('sp'), mem('t6')],
    outside: [mem('a0', 8), mem('a0', -1)],
    symbolic: [],
  });
}

/** The memory at a symbol: the pseudo-instructions that make the address first. */
export function memSymbol(bytes: number, access: Access): TextKind {
  const address = label({ offset: true });
  return kind({
    ...address,
    name: `symbol of ${bytes * 8} bits`,
    width: bytes * 8,
    access,
    inRange: (o) => address.accepts(o),
    view: (o, state) => ({
      value: () => state.load(immTerm(o, state, 64), bytes),
      address: () => immTerm(o, state, 64),
      write: (value) => [store(immTerm(o, state, 64), value)],
    }),
  });
}
