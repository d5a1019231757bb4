// SPDX-License-Identifier: MIT
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { SourceText, Span } from '../../base/source.ts';
import type { Isa } from '../isa/isa.ts';
import { type Constants, numberOf, withNumbers } from './constants.ts';
import { Distances } from './distances.ts';
import { type Macro, readCall, readHeader, readIteration, withValues } from './macros.ts';
import { endOfCharacter, endOfString, splitArgs, stringBytes, symbolName } from './strings.ts';

/**
 * What GNU as does to the text while it reads: macros and repetitions are put in, what conditions exclude is left out,
 * and names of numbers become numbers. Only files that have such things are changed.
 */
export interface Expanded {
  readonly text: string;
  /** For each line of the text, the line of the file that it is; or, where it only comes of one, the place of that. */
  readonly lines: readonly (number | Span)[];
  readonly problems: readonly Diagnostic[];
}

const CHANGES = /^[^"#\n]*\.(?:macro|rept?|irpc?|irepc?|if\w*|purgem|exitm|endm|endr|endif|else|elseif)\b/im;
const ASSIGNS =
  /^[ \t]*(?:\.(?:set|equ|equiv|eqv)[ \t]+([^\s,]+)[ \t]*,|([A-Za-z_.][\w.$]*)[ \t]*==?(?!=))([^\n;#]*)/gim;
/** An assignment or an immediate that is a difference of two places, which is a number where only data lie between. */
const MEASURES =
  /^[ \t]*(?:\.(?:set|equ|equiv|eqv)[ \t][^\n,]*,|[A-Za-z_.][\w.$]*[ \t]*=)[^\n=]*[\w.][ \t]*-[ \t]*[A-Za-z_.]|[\s,]\$\(?[A-Za-z_.][\w.$]*[ \t]*-[ \t]*[A-Za-z_.]/m;
/** Macros within macros, and lines altogether; more are taken for an expansion without end. */
const MAX_DEPTH = 100;
const MAX_LINES = 1 << 21;

/** The expanded text; undefined where there is nothing to expand. */
export function expand(source: SourceText, isa: Isa): Expanded | undefined {
  const fixed = fixedConstants(source.text);
  const measured = isa.name === 'x86_64' && MEASURES.test(source.text);
  if (fixed.size === 0 && !measured && !CHANGES.test(source.text)) return undefined;
  const first = measured ? new Expander(source, isa, fixed) : undefined;
  // What is measured behind its uses is known only once all of the file has been read.
  const distances = first?.measure();
  return new Expander(source, isa, new Map([...fixed, ...(distances ?? [])]), first?.distances).run();
}

/** Constants that the file defines once, which may be used before. */
function fixedConstants(text: string): Map<string, bigint> {
  const fixed = new Map<string, bigint>();
  const several = new Set<string>();
  for (const [, first, second, value = ''] of text.matchAll(ASSIGNS)) {
    const name = symbolName(first ?? second ?? '');
    const number = numberOf(value, fixed);
    if (fixed.has(name) || several.has(name)) several.add(name);
    if (number !== undefined) fixed.set(name, number);
    else several.add(name);
  }
  for (const name of several) fixed.delete(name);
  return fixed;
}

interface Condition {
  readonly line: Line;
  /** Whether what surrounds it is read, this branch is, and some branch has been. */
  readonly outer: boolean;
  active: boolean;
  taken: boolean;
}

/** A line with its number in the file; `inside` where it comes of a macro or a repetition. */
interface Line {
  readonly text: string;
  readonly line: number;
  readonly inside: boolean;
}

interface Statement {
  /** Labels with their colons. */
  readonly labels: string;
  readonly word: string;
  readonly rest: string;
}

class Expander {
  private readonly file: string;
  private readonly slashes: boolean;
  private readonly constants: Map<string, bigint>;
  private readonly defined = new Set<string>();
  private readonly macros = new Map<string, Macro>();
  private readonly conditions: Condition[] = [];
  private readonly out: string[] = [];
  private readonly lines: (number | Span)[] = [];
  private readonly given: readonly string[];
  private readonly problems: Diagnostic[] = [];
  private calls = 0;
  private intel = false;
  readonly distances: Distances;
  /** The same for all of the file, where it has been read before. */
  private readonly all: Distances | undefined;
  /** Names of distances that are given once, and those that are given again. */
  private readonly measured = new Map<string, bigint>();
  private readonly several = new Set<string>();

  constructor(source: SourceText, isa: Isa, fixed: Constants, all?: Distances) {
    this.distances = new Distances(isa.name);
    this.all = all;
    this.file = source.file;
    this.given = source.text.split('\n');
    this.slashes = isa.comment.includes('//');
    this.constants = new Map(fixed);
  }

  run(): Expanded {
    const text = withoutComments(this.given.join('\n'));
    const lines = text.split('\n').map((t, i) => ({ text: t, line: i + 1, inside: false }));
    this.read(lines, 0);
    const open = this.conditions.at(-1);
    if (open !== undefined && this.problems.length === 0)
      this.problem('V0116', "this condition has no '.endif'", this.spanOf(open.line));
    return { text: this.out.join('\n'), lines: this.lines, problems: this.problems };
  }

  /** The names of distances that are known before the file is read again. */
  measure(): ReadonlyMap<string, bigint> {
    this.run();
    for (const name of this.several) this.measured.delete(name);
    return this.measured;
  }

  /** Reads lines in order; true where `.exitm` has ended them. */
  private read(lines: readonly Line[], depth: number): boolean {
    for (let i = 0; i < lines.length && this.problems.length === 0; i++) {
      const line = lines[i];
      if (line === undefined) continue;
      const statements = this.statementsOf(line.text);
      const [first] = statements;
      const given = first?.word.toLowerCase() ?? '';
      const word = REPETITIONS.get(given) ?? given;
      const close = word === '.macro' ? '.endm' : /^\.(?:rept|irpc?)$/.test(word) ? '.endr' : undefined;
      if (close !== undefined && first !== undefined && this.reading) {
        const end = closingLine(lines, i, close);
        if (end === undefined) {
          this.problem('V0116', `'${word}' has no '${close}'`, this.spanOf(line));
          return false;
        }
        this.block(word, first, line, lines.slice(i + 1, end), depth);
        i = end;
      } else if (this.line(line, statements, depth)) return true;
    }
    return false;
  }

  private get reading(): boolean {
    return this.conditions.at(-1)?.active ?? true;
  }

  /** One line without a body; true where it is `.exitm`. */
  private line(line: Line, statements: readonly Statement[], depth: number): boolean {
    if (this.reading && statements.every((s) => this.isPlain(s))) {
      for (const s of statements) this.note(s);
      this.emit(line, line.text, !line.inside);
      return false;
    }
    let emitted = false;
    for (const s of statements) {
      if (this.problems.length > 0) return false;
      if (this.conditional(s, line)) continue;
      if (!this.reading) continue;
      const replaced = this.replaced(s);
      this.note(s);
      const macro = this.macros.get(s.word.toLowerCase());
      emitted = true;
      if (s.word.toLowerCase() === '.exitm') return true;
      if (s.word.toLowerCase() === '.purgem') this.macros.delete(s.rest.trim().toLowerCase());
      else if (macro !== undefined) this.call(macro, s, line, depth);
      else this.emit(line, replaced, false);
    }
    // So that a line that is left out still stands for itself.
    if (!emitted && !line.inside) this.emit(line, '', false);
    return false;
  }

  /** Whether the statement means the same without us. */
  private isPlain(s: Statement): boolean {
    if (this.macros.has(s.word.toLowerCase()) || /^\.(?:if\w*|else|elseif|endif|exitm|purgem)$/i.test(s.word))
      return false;
    return this.constants.size === 0 || this.replaced(s) === `${s.labels}${s.word}${s.rest}`;
  }

  /** The statement with numbers for constants, but where it speaks of the names themselves. */
  private replaced(s: Statement): string {
    const asItIs = `${s.labels}${s.word}${s.rest}`;
    if (s.word === '' || s.rest.trim() === '' || /\brip\b/.test(s.rest)) return asItIs;
    if (/^(?:j|call|loop)/.test(s.word)) return asItIs;
    if (/^\.(?:set|equ|equiv|eqv|size)$/i.test(s.word)) {
      const comma = s.rest.indexOf(',') + 1;
      return `${s.labels}${s.word}${s.rest.slice(0, comma)}${withNumbers(s.rest.slice(comma), this.constants)}`;
    }
    if (/^\s*=/.test(s.rest)) return `${s.labels}${s.word}${withNumbers(s.rest, this.constants)}`;
    if (s.word.startsWith('.') && !DATA.test(s.word)) return asItIs;
    if (s.word.startsWith('.')) return `${s.labels}${s.word}${withNumbers(s.rest, this.constants)}`;
    return `${s.labels}${s.word}${this.operands(s.rest)}`;
  }

  /** The operands of an instruction, in which differences of places are numbers as well. */
  private operands(rest: string): string {
    // In Intel syntax, names that have not been defined yet are memory.
    const places = this.intel ? this.distances : this.all;
    const given = rest.replace(DIFFERENCE, (text) => {
      const number = this.constants.size > 0 && this.isConstant(text) ? undefined : places?.between(text);
      return number?.toString() ?? text;
    });
    if (!this.intel) return withNumbers(given, this.constants);
    const soFar = new Map([...this.constants].filter(([name]) => this.defined.has(name)));
    return withNumbers(given, soFar).replace(OFFSET_OR_MEMORY, (text) => withNumbers(text, this.constants));
  }

  private isConstant(text: string): boolean {
    return text.split(/[-()\s]+/).some((name) => this.constants.has(name));
  }

  /** Remembers what the statement defines. */
  private note(s: Statement): void {
    for (const [, name = ''] of s.labels.matchAll(/([^\s:]+)\s*:/g)) this.defined.add(symbolName(name));
    if (/^\.(?:intel|att)_syntax$/i.test(s.word)) this.intel = s.word.toLowerCase() === '.intel_syntax';
    this.distances.see(s.labels, s.word, s.rest, this.constants);
    const assigned = /^\.(?:set|equ|equiv|eqv)$/i.test(s.word)
      ? splitArgs(s.rest)
      : /^\s*=/.test(s.rest)
        ? [s.word, s.rest.replace(/^\s*==?/, '')]
        : [];
    const [given = '', value] = assigned;
    if (value === undefined) {
      if (/^\.l?comm$/i.test(s.word)) this.defined.add(symbolName(splitArgs(s.rest)[0] ?? ''));
      return;
    }
    const name = symbolName(given);
    this.defined.add(name);
    const distance = this.distances.between(value);
    if (this.measured.has(name) || distance === undefined) this.several.add(name);
    else this.measured.set(name, distance);
    const number = distance ?? numberOf(value, this.constants);
    if (number === undefined) this.constants.delete(name);
    else this.constants.set(name, number);
  }

  /** Carries out `.if` and what belongs to it; false for all other statements. */
  private conditional(s: Statement, line: Line): boolean {
    const word = s.word.toLowerCase();
    if (word.startsWith('.if')) {
      const outer = this.reading;
      const active = outer && this.holds(word.slice(3), s.rest, line);
      this.conditions.push({ line, outer, active, taken: active });
      return true;
    }
    if (word !== '.else' && word !== '.elseif' && word !== '.endif') return false;
    const innermost = this.conditions.at(-1);
    if (innermost === undefined) {
      this.problem('V0119', `'${word}' stands in no '.if'`, this.spanOf(line));
    } else if (word === '.endif') this.conditions.pop();
    else {
      const open = innermost.outer && !innermost.taken;
      innermost.active = open && (word === '.else' || this.holds('', s.rest, line));
      innermost.taken ||= innermost.active;
    }
    return true;
  }

  private holds(kind: string, rest: string, line: Line): boolean {
    const text = rest.trim();
    const args = splitArgs(text);
    switch (kind) {
      case 'def':
        return this.isDefined(text);
      case 'ndef':
      case 'notdef':
        return !this.isDefined(text);
      case 'b':
        return text === '';
      case 'nb':
        return text !== '';
      case 'c':
      case 'nc':
        return (unquoted(args[0]) === unquoted(args[1])) === (kind === 'c');
      case 'eqs':
      case 'nes': {
        const [a, b] = [args[0], args[1]].map((t) => stringBytes(t ?? '')?.join());
        return (a === b) === (kind === 'eqs');
      }
    }
    const compare = COMPARISONS[kind];
    if (compare === undefined) {
      this.problem('V0104', `unknown directive '.if${kind}'`, this.spanOf(line));
      return false;
    }
    return compare(this.number(text, line) ?? 0n);
  }

  private isDefined(name: string): boolean {
    return this.defined.has(symbolName(name));
  }

  /** A number that is needed at once. */
  private number(text: string, line: Line): bigint | undefined {
    const value = numberOf(text, this.constants);
    if (value === undefined) {
      const what = `'${text.trim()}' is no number that is known when this line is read`;
      const notes = ['what depends on addresses, or on symbols of other files, is not computed here'];
      this.problem('V0202', what, this.spanOf(line), notes);
    }
    return value;
  }

  /** `.macro`, `.rept`, `.irp` or `.irpc` with its body. */
  private block(word: string, s: Statement, line: Line, body: readonly Line[], depth: number): void {
    this.note(s);
    if (s.labels !== '') this.emit(line, s.labels, false);
    else if (!line.inside) this.emit(line, '', false);
    const quoted = body.find((l) => /'\\[A-Za-z_@(]/.test(l.text.replace(/"(?:[^"\\]|\\.)*"/g, '')));
    if (quoted !== undefined) {
      // GNU as reads it before it puts in values, so that it stands for the name's first letter.
      this.problem('V0119', 'a character constant cannot be a parameter', this.spanOf(quoted));
      return;
    }
    if (word === '.macro') {
      const header = readHeader(s.rest);
      if (typeof header === 'string') this.problem('V0119', header, this.spanOf(line));
      else if (this.macros.has(header.name.toLowerCase()))
        this.problem('V0119', `there is a macro '${header.name}' already`, this.spanOf(line));
      else this.macros.set(header.name.toLowerCase(), { ...header, body: body.map((l) => l.text) });
      return;
    }
    if (word === '.rept') {
      const count = this.number(s.rest, line) ?? 0n;
      for (let k = 0n; k < count && this.problems.length === 0; k++)
        this.insert(
          body.map((l) => l.text),
          line,
          depth,
        );
      return;
    }
    const iteration = readIteration(s.rest, word === '.irpc');
    if (typeof iteration === 'string') {
      this.problem('V0119', iteration, this.spanOf(line));
      return;
    }
    const texts = body.map((l) => l.text);
    for (const value of iteration.values) {
      if (this.problems.length > 0) return;
      this.insert(withValues(texts, new Map([[iteration.name, value]]), undefined), line, depth);
    }
  }

  private call(macro: Macro, s: Statement, line: Line, depth: number): void {
    if (s.labels !== '') this.emit(line, s.labels, false);
    const values = readCall(macro, s.rest);
    if (typeof values === 'string') {
      this.problem('V0119', values, this.spanOf(line));
      return;
    }
    this.insert(withValues(macro.body, values, this.calls++), line, depth);
  }

  /** Reads lines in place of one. */
  private insert(texts: readonly string[], line: Line, depth: number): void {
    if (depth >= MAX_DEPTH || this.out.length > MAX_LINES) {
      this.problem('V0119', 'macros and repetitions come to no end here', this.spanOf(line));
      return;
    }
    const open = this.conditions.length;
    const lines = texts.map((text) => ({ text, line: line.line, inside: true }));
    // What `.exitm` leaves open ends with the macro.
    if (this.read(lines, depth + 1)) this.conditions.length = open;
  }

  private emit(line: Line, text: string, same: boolean): void {
    this.out.push(text);
    this.lines.push(same ? line.line : this.spanOf(line));
  }

  /** All of the line in the file, without the blanks around it. */
  private spanOf({ line }: Line): Span {
    const text = this.given[line - 1] ?? '';
    const column = text.length - text.trimStart().length + 1;
    return { file: this.file, line, column, endColumn: Math.max(column + 1, text.trimEnd().length + 1) };
  }

  private problem(code: string, message: string, span: Span, notes?: readonly string[]): void {
    const kind = code === 'V0202' ? 'unsupported' : 'input';
    this.problems.push({ severity: 'error', kind, code, message, span, ...(notes === undefined ? {} : { notes }) });
  }

  /** The statements of a line, without its comment. */
  private statementsOf(text: string): Statement[] {
    const found: Statement[] = [];
    let start = 0;
    for (let i = 0; i <= text.length; i++) {
      const c = text[i];
      if (c === '"') i = (endOfString(text, i) ?? text.length) - 1;
      else if (c === "'") i = endOfCharacter(text, i) - 1;
      else {
        const comment = this.slashes ? c === '/' && text[i + 1] === '/' : c === '#';
        const atStart = c === '#' && text.slice(start, i).trim() === '';
        if (c !== undefined && c !== ';' && !comment && !atStart) continue;
        const statement = takenApart(text.slice(start, i));
        if (statement !== undefined) found.push(statement);
        if (c !== ';') return found;
        start = i + 1;
      }
    }
    return found;
  }
}

const DIFFERENCE = /(?<![\w.*/-]|[\w.]\$)[A-Za-z_.][\w.$]*\s*-\s*[A-Za-z_.][\w.$]*(?![\w.$]*\s*[*/(])/g;
const OFFSET_OR_MEMORY = /\boffset\s+[^,]+|\[[^\]]*\]/gi;

/** Directives whose arguments are numbers. */
const DATA =
  /^\.(?:byte|value|short|hword|half|[248]byte|word|long|int|quad|xword|dword|octa|[us]leb128|zero|skip|space|fill|org|b?align|p2align|balign[wl]|p2align[wl]|l?comm|rept?|if\w*)$/i;

/** Other names of repetitions. */
const REPETITIONS: ReadonlyMap<string, string> = new Map([
  ['.rep', '.rept'],
  ['.irep', '.irp'],
  ['.irepc', '.irpc'],
]);

const COMPARISONS: Readonly<Record<string, (value: bigint) => boolean>> = {
  '': (v) => v !== 0n,
  ne: (v) => v !== 0n,
  eq: (v) => v === 0n,
  gt: (v) => v > 0n,
  ge: (v) => v >= 0n,
  lt: (v) => v < 0n,
  le: (v) => v <= 0n,
};

function takenApart(text: string): Statement | undefined {
  const labels = /^(?:\s*(?:[\w.$\u0080-\uffff]+|"(?:[^"\\]|\\.)*")\s*:)*\s*/.exec(text)?.[0] ?? '';
  const rest = text.slice(labels.length);
  const word = /^[^\s,=:"'()[\]{}+*/%<>|&^!~-]*/.exec(rest)?.[0] ?? '';
  return text.trim() === '' ? undefined : { labels, word, rest: rest.slice(word.length) };
}

/** The index of the line that closes the body which line `from` opens. */
function closingLine(lines: readonly Line[], from: number, close: '.endm' | '.endr'): number | undefined {
  const opens = close === '.endm' ? /^\s*\.macro\b/i : /^\s*(?:[\w.$]+\s*:\s*)*\.(?:rept?|irpc?|irepc?)\b/i;
  const closes = close === '.endm' ? /^\s*\.endm\b/i : /^\s*\.endr\b/i;
  let depth = 1;
  for (let i = from + 1; i < lines.length; i++) {
    const text = lines[i]?.text ?? '';
    if (opens.test(text)) depth++;
    else if (closes.test(text) && --depth === 0) return i;
  }
  return undefined;
}

function unquoted(text: string | undefined): string {
  const given = (text ?? '').trim();
  return /^'.*'$/.test(given) ? given.slice(1, -1) : given;
}

/** Blanks in place of comments between `/*` and its end, which may cross lines. */
function withoutComments(text: string): string {
  if (!text.includes('/*')) return text;
  return text.replace(/"(?:[^"\\\n]|\\.)*"|'(?:\\.|[^\\\n])|#[^\n]*|\/\*[\s\S]*?\*\//g, (match) =>
    match.startsWith('/*') ? match.replace(/[^\n]/g, ' ') : match,
  );
}
