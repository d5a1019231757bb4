// SPDX-License-Identifier: MIT
import type { Program } from '../../program/types.ts';
import type { Symbols } from './context.ts';
import { SectionTracker } from './data.ts';

/** How far each data label is known to be aligned: the position in its section modulo what the directives guarantee. */
interface Position {
  /** The alignment, in bytes, that `offset` is relative to. */
  readonly alignment: number;
  readonly offset: number;
}

const UNIT: Readonly<Record<string, number>> = {
  '.byte': 1,
  '.value': 2,
  '.short': 2,
  '.hword': 2,
  '.2byte': 2,
  '.word': 2,
  '.long': 4,
  '.int': 4,
  '.4byte': 4,
  '.quad': 8,
  '.8byte': 8,
  '.octa': 16,
  '.float': 4,
  '.single': 4,
  '.double': 8,
};

/** What lowering asks about symbols, read off the source's directives. */
export function symbolFacts(program: Program): Symbols {
  const positions = dataPositions(program);
  return {
    isLocal: (name) => {
      const s = program.symbols.get(name);
      if (s === undefined) return name.startsWith('.L');
      return s.defined && s.type !== 'tls' && s.binding !== 'weak';
    },
    isAligned: (name, offset, bytes) => {
      if (bytes === 1) return true;
      const p = positions.get(name);
      return p !== undefined && p.alignment >= bytes && (BigInt(p.offset) + offset) % BigInt(bytes) === 0n;
    },
  };
}

function dataPositions(program: Program): Map<string, Position> {
  const positions = new Map<string, Position>();
  const sections = new SectionTracker();
  const at = new Map<string, { alignment: number; offset: number }>();
  let section: string | undefined;
  let here = { alignment: 1, offset: 0 };
  for (const s of program.ast.statements) {
    sections.see(s);
    if (sections.current !== section) {
      section = sections.current;
      here = at.get(section) ?? { alignment: 1, offset: 0 };
      at.set(section, here);
    }
    if (s.kind === 'label') positions.set(s.name, { alignment: here.alignment, offset: here.offset });
    else if (s.kind === 'inst') here.alignment = 1;
    else if (s.kind === 'directive') {
      if (s.name === '.comm' || s.name === '.lcomm') {
        const alignment = Number(s.args[2] ?? 1);
        if (s.args[0] !== undefined) positions.set(s.args[0], { alignment, offset: 0 });
        continue;
      }
      const alignment = alignmentOf(s.name, s.args);
      if (alignment !== undefined) {
        if (here.alignment >= alignment) here.offset += (alignment - (here.offset % alignment)) % alignment;
        else {
          here.alignment = alignment;
          here.offset = 0;
        }
        continue;
      }
      const size = sizeOf(s.name, s.args);
      if (size === undefined) here.alignment = 1;
      else here.offset += size;
    }
  }
  return positions;
}

function alignmentOf(name: string, args: readonly string[]): number | undefined {
  const n = Number(args[0]);
  if (name === '.align' || name === '.balign') return n > 0 ? n : 1;
  if (name === '.p2align') return Number.isInteger(n) ? 2 ** n : 1;
  return undefined;
}

/** How many bytes a directive emits; undefined where that is not obvious; 0 for those that emit nothing. */
function sizeOf(name: string, args: readonly string[]): number | undefined {
  const unit = UNIT[name];
  if (unit !== undefined) return unit * args.length;
  if (name === '.zero' || name === '.skip' || name === '.space') {
    const n = Number(args[0]);
    return Number.isInteger(n) ? n : undefined;
  }
  if (
    name === '.string' ||
    name === '.asciz' ||
    name === '.ascii' ||
    name === '.uleb128' ||
    name === '.sleb128' ||
    name === '.fill'
  )
    return undefined;
  return 0;
}
