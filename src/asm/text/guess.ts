// SPDX-License-Identifier: MIT

/** The machines whose assembly text can be told apart; vouch reads only some of them. */
export type GuessedIsa = 'x86_64' | 'i386' | 'aarch64' | 'arm' | 'riscv64';

export const MACHINE_NAMES: { readonly [K in GuessedIsa]: string } = {
  x86_64: 'x86-64',
  i386: '32-bit x86',
  aarch64: 'AArch64',
  arm: '32-bit Arm',
  riscv64: 'RISC-V',
};

/** Which machine a text is written for, by its register names and mnemonics; undefined where nothing stands out. */
export function guessIsa(text: string): GuessedIsa | undefined {
  const sample = text.length > SAMPLE ? text.slice(0, SAMPLE) : text;
  let best: GuessedIsa | undefined;
  let bestScore = 0;
  for (const [isa, pattern] of SIGNS) {
    const score = sample.match(pattern)?.length ?? 0;
    if (score > bestScore) {
      best = isa;
      bestScore = score;
    }
  }
  // 64-bit code names 32-bit registers as well, so one of those says nothing.
  return bestScore >= 2 || (sample.length < 400 && best !== 'i386') ? best : undefined;
}

/** What a file that is no assembly text at all seems to be, by its first bytes (decoded as UTF-8, damage and all). */
export function guessFileKind(text: string): FileKind | undefined {
  for (const kind of FILE_KINDS) if (kind.starts.some((s) => text.startsWith(s))) return kind;
  return text.includes('file format elf') && /^\S*:\s+file format elf/m.test(text.slice(0, 400)) ? LISTING : undefined;
}

export interface FileKind {
  readonly starts: readonly string[];
  readonly what: string;
  readonly advice: string;
}

const RECOMPILE = 'recompile the source with -S, or disassemble it into assembly that can be assembled again';

const FILE_KINDS: readonly FileKind[] = [
  { starts: ['\x7fELF'], what: 'an ELF object', advice: 'disassemble or recompile with -S' },
  { starts: ['!<arch>\n', '!<thin>\n'], what: 'an archive of objects', advice: RECOMPILE },
  {
    starts: ['\xcf\xfa\xed\xfe', '\xca\xfe\xba\xbe', '\ufffd\ufffd\ufffd\ufffd'],
    what: 'a binary file, perhaps a Mach-O object',
    advice: RECOMPILE,
  },
  { starts: ['MZ\x90', 'MZ\ufffd'], what: 'a Windows executable', advice: RECOMPILE },
  { starts: ['BC\xc0\xde', 'BC\ufffd\ufffd'], what: 'LLVM bitcode', advice: 'compile it with `llc` first' },
  { starts: ['; ModuleID', 'source_filename = '], what: 'LLVM IR', advice: 'compile it with `llc` first' },
  { starts: ['\x1f\x8b', '\x1f\ufffd'], what: 'a compressed file', advice: 'decompress it first' },
  {
    starts: ['#include', '#ifndef', '#pragma', '#define'],
    what: 'C source',
    advice: 'compile or preprocess it with `gcc -S` first',
  },
  { starts: ['{\n', '{"'], what: 'JSON', advice: 'name the assembly file instead' },
];

const LISTING: FileKind = {
  starts: [],
  what: 'a disassembly listing',
  advice: 'a listing cannot be assembled again; recompile with -S',
};

/** Enough to see past a file's head, and a bound on the time spent. */
const SAMPLE = 1 << 18;

const SIGNS: readonly (readonly [GuessedIsa, RegExp])[] = [
  [
    'x86_64',
    /%r(?:[a-d]x|[sd]i|[sb]p|ip|8|9|1[0-5])[dwb]?\b|%[xyz]mm\d|\b(?:[dq]word|xmmword) ptr\b|\br(?:[a-d]x|[sd]i|[sb]p|ip)\b/gi,
  ],
  // Addresses in 32-bit registers, and such registers pushed and popped.
  ['i386', /\(%e(?:[a-d]x|[sd]i|[sb]p)\b|\[e(?:bp|sp|[a-d]x)[\]+-]|\b(?:push|pop)l?\s+%?e(?:[a-d]x|[sd]i|[sb]p)\b/gi],
  ['aarch64', /\b[xw](?:[0-9]|[12][0-9]|30|zr)\s*(?:,|\]|$)|\[sp\b|\badrp\b|:lo12:|\bv\d+\.(?:16b|8h|4s|2d)\b/gim],
  ['arm', /\br(?:[0-9]|1[0-2])\s*(?:,|\]|\})|\bfp, |\bpush\s*\{|\bpop\s*\{|^\s*\.(?:arm|thumb|syntax unified)\b/gim],
  ['riscv64', /\b[ast](?:[0-9]|1[01])\s*(?:,|\)|$)|\bsp,sp,|%(?:hi|lo|pcrel_hi|pcrel_lo)\(|^\s*\.option\b/gim],
];
