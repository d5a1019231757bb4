// SPDX-License-Identifier: MIT

/** A program that others wrote: where its source comes from, how it is compiled, linked and tried out. */
export interface Corpus {
  readonly name: string;
  /** The Debian source package. */
  readonly package: string;
  /** Within the unpacked package: where the C files are, and where the compiler is run. */
  readonly dir: string;
  /** Shell commands that generate source files, run once in the package's folder. */
  readonly prepare?: readonly string[];
  /** C files, without `.c`, relative to `dir`. */
  readonly files: readonly string[];
  readonly defines: readonly string[];
  readonly includes?: readonly string[];
  readonly programs: readonly CorpusProgram[];
}

export interface CorpusProgram {
  readonly name: string;
  /** Which of the corpus's files are linked, all where none are named: {@link filesOf}. */
  readonly files: readonly string[];
  readonly libraries: readonly string[];
  readonly runs: readonly CorpusRun[];
}

/** The names of the files that a program of a corpus is linked from. */
export function filesOf(corpus: Corpus, program: CorpusProgram): readonly string[] {
  return program.files.length === 0 ? corpus.files : program.files;
}

/**
 * A test: the program is run once for each step, in a folder of the test's own. What it prints, its exit status and the
 * files it leaves must be those of the original program.
 */
export interface CorpusRun {
  readonly name: string;
  /** Files that are put into the test's folder beforehand: name there, and where from. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** In arguments and paths, `{package}` is the folder of the package and `{tests}` that of our own inputs for it. */
export interface Step {
  readonly args: readonly string[];
  /** A file that is given as standard input. */
  readonly stdin?: string;
  /** A file in the test's folder that standard output goes to. */
  readonly stdout?: string;
}

const luaLibrary =
  'lapi lcode lctype ldebug ldo ldump lfunc lgc llex lmem lobject lopcodes lparser lstate lstring ltable ltm lundump lvm lzio lauxlib lbaselib lcorolib ldblib liolib lmathlib loadlib loslib lstrlib ltablib lutf8lib linit'.split(
    ' ',
  );

const zlibLibrary =
  'adler32 compress crc32 deflate gzclose gzlib gzread gzwrite infback inffast inflate inftrees trees uncompr zutil'.split(
    ' ',
  );

const bzip2Library = 'blocksort huffman crctable randtable compress decompress bzlib'.split(' ');

const step = (args: string, stdin?: string, stdout?: string): Step => ({
  args: args === '' ? [] : args.split(' '),
  ...(stdin === undefined ? {} : { stdin }),
  ...(stdout === undefined ? {} : { stdout }),
});
const once = (name: string, args: string, stdin?: string): CorpusRun => ({ name, steps: [step(args, stdin)] });

/** Packs a file and unpacks it again. */
const roundTrip = (file: string, pack: string, unpack: string): CorpusRun => ({
  name: `${pack} ${file.replace(/^.*\//, '')}`,
  steps: [step(pack, file, 'packed'), step(unpack, 'packed')],
});

/**
 * Configures and builds a package, which generates what its sources include. What the package's own tools would generate
 * from files that Debian has changed is left as it is.
 */
const configured = (options = '', targets: readonly string[] = ['']): readonly string[] => [
  `FORCE_UNSAFE_CONFIGURE=1 ./configure --disable-dependency-tracking ${options} >/dev/null`,
  ...targets.map((t) => `make ACLOCAL=: AUTOMAKE=: AUTOCONF=: AUTOHEADER=: MAKEINFO=: ${t} >/dev/null 2>&1`),
];

const gzipLibrary =
  'basename-lgpl dup-safer fclose fcntl fd-safer fflush fseeko gettime open-safer openat-safer opendir-safer savedir utimens xmalloc yesno'.split(
    ' ',
  );
const GZIP_INPUTS = ['{package}/ChangeLog', '{package}/deflate.c', '{package}/configure'];

const LUA_SCRIPTS = ['strings', 'numbers', 'tables', 'control', 'game'];
/** Text, C, a PDF file and a compressed one. */
const ZLIB_INPUTS = [
  '{package}/ChangeLog',
  '{package}/deflate.c',
  '{package}/doc/crc-doc.1.0.pdf',
  '{package}/zlib.3.pdf',
];
const LEVELS = ['-1', '-2', '-3', '-4', '-5', '-6', '-7', '-8', '-9'];

export const CORPORA: readonly Corpus[] = [
  {
    name: 'lua',
    package: 'lua5.4',
    dir: 'src',
    // What Debian's build writes; the same for every machine, so that all builds look for modules alike.
    prepare: [`echo '#define DEB_HOST_MULTIARCH "generic"' >src/lua5.4-deb-multiarch.h`],
    files: [...luaLibrary, 'lua', 'luac'],
    defines: ['LUA_COMPAT_5_3', 'LUA_USE_LINUX'],
    programs: [
      {
        name: 'lua',
        files: [...luaLibrary, 'lua'],
        libraries: ['m', 'dl'],
        runs: [
          ...LUA_SCRIPTS.map((n) => once(n, `{tests}/${n}.lua`)),
          once('version', '-v'),
          once('standard input', '- 1 2', '{tests}/game.lua'),
          once('error', '-e error("no")'),
          once('interactive', '-i', '{tests}/tables.lua'),
          once('bad option', '-q'),
        ],
      },
      {
        name: 'luac',
        files: [...luaLibrary, 'luac'],
        libraries: ['m', 'dl'],
        runs: LUA_SCRIPTS.flatMap((n) => [
          once(`compile ${n}`, `-o compiled {tests}/${n}.lua`),
          once(`strip ${n}`, `-s -o compiled {tests}/${n}.lua`),
        ]),
      },
    ],
  },
  {
    name: 'zlib',
    package: 'zlib',
    dir: '.',
    files: [...zlibLibrary, 'test/example', 'test/minigzip'],
    defines: ['HAVE_UNISTD_H', 'HAVE_STDARG_H', 'HAVE_HIDDEN', '_LARGEFILE64_SOURCE=1'],
    includes: ['.'],
    programs: [
      { name: 'example', files: [...zlibLibrary, 'test/example'], libraries: [], runs: [once('example', '')] },
      {
        name: 'minigzip',
        files: [...zlibLibrary, 'test/minigzip'],
        libraries: [],
        runs: [
          ...ZLIB_INPUTS.flatMap((f) => ['', '-1', '-6 -h', '-9', '-5 -f', '-4 -r'].map((o) => roundTrip(f, o, '-d'))),
          {
            name: 'files',
            steps: [step('', '{package}/zlib.h', 'a.txt'), step('-9 a.txt'), step('-d a.txt.gz'), step('-c a.txt')],
          },
          once('no gzip file', '-d', '{package}/zlib.h'),
        ],
      },
    ],
  },
  {
    name: 'bzip2',
    package: 'bzip2',
    dir: '.',
    files: [...bzip2Library, 'bzip2', 'bzip2recover'],
    defines: ['_FILE_OFFSET_BITS=64'],
    programs: [
      {
        name: 'bzip2',
        files: [...bzip2Library, 'bzip2'],
        libraries: [],
        runs: [
          ...[1, 2, 3].flatMap((n) => LEVELS.map((l) => roundTrip(`{package}/sample${n}.ref`, l, '-d'))),
          ...[1, 2, 3].flatMap((n) =>
            ['-d', '-ds', '-t'].map((o) => once(`${o} sample${n}`, o, `{package}/sample${n}.bz2`)),
          ),
          roundTrip('{package}/manual.html', '-s', '-ds'),
          roundTrip('/dev/null', '-9', '-d'),
          once('no bzip2 file', '-d', '{package}/README'),
          once('help', '--help'),
          {
            name: 'files',
            steps: [
              step('-c {package}/README', undefined, 'a'),
              step('-kv a'),
              step('-tvv a.bz2'),
              step('-f a'),
              step('-d a.bz2'),
            ],
          },
        ],
      },
      {
        name: 'bzip2recover',
        files: ['bzip2recover'],
        libraries: [],
        runs: [
          once('usage', ''),
          { name: 'recover', inputs: { 's.bz2': '{package}/sample2.bz2' }, steps: [step('s.bz2')] },
        ],
      },
    ],
  },
  {
    name: 'sqlite3',
    package: 'sqlite3',
    dir: '.',
    // The amalgamation is made by Tcl scripts.
    prepare: ['./configure --disable-tcl --disable-readline >/dev/null', 'make sqlite3.c shell.c >/dev/null'],
    files: ['sqlite3', 'shell'],
    // `long double` has other sizes elsewhere, and the results of its arithmetic would differ.
    defines: [
      'LONGDOUBLE_TYPE=double',
      'HAVE_USLEEP=1',
      'SQLITE_ENABLE_FTS4',
      'SQLITE_ENABLE_FTS5',
      'SQLITE_ENABLE_RTREE',
      'SQLITE_ENABLE_MATH_FUNCTIONS',
    ],
    includes: ['.'],
    programs: [
      {
        name: 'sqlite3',
        files: ['sqlite3', 'shell'],
        libraries: ['m', 'dl', 'pthread'],
        runs: [
          once('queries', ':memory:', '{tests}/queries.sql'),
          once('changes', ':memory:', '{tests}/changes.sql'),
          once('functions', ':memory:', '{tests}/functions.sql'),
          { name: 'file', steps: ['file-1', 'file-2'].map((n) => step('a.db', `{tests}/${n}.sql`)) },
          {
            name: 'modes',
            steps: [step('-csv -header a.db', '{tests}/queries.sql'), step('-bail a.db', '{tests}/changes.sql')],
          },
          once('bad option', '-nonsense'),
        ],
      },
    ],
  },
  {
    name: 'gzip',
    package: 'gzip',
    dir: '.',
    prepare: configured('--disable-nls', ['version.c version.h', '-C lib']),
    files: [
      ...'bits deflate gzip inflate trees unlzh unlzw unpack unzip util zip version'.split(' '),
      ...gzipLibrary.map((f) => `lib/${f}`),
    ],
    defines: ['HAVE_CONFIG_H'],
    includes: ['.', 'lib'],
    programs: [
      {
        name: 'gzip',
        files: [],
        libraries: [],
        runs: [
          ...GZIP_INPUTS.flatMap((f) => ['-1n', '-6n', '-9n', '-n --rsyncable'].map((o) => roundTrip(f, o, '-d'))),
          {
            name: 'files',
            inputs: { 'a.txt': '{package}/README', 'b.txt': '{package}/NEWS' },
            steps: [
              step('-nv a.txt b.txt'),
              step('-t a.txt.gz'),
              step('-dk a.txt.gz'),
              step('-dr .'),
              step('-dc b.txt'),
            ],
          },
          once('help', '--help'),
          once('bad option', '--nonsense'),
          once('no gzip file', '-d', '{package}/README'),
        ],
      },
    ],
  },
  {
    name: 'bc',
    package: 'bc',
    dir: '.',
    prepare: configured('--without-readline'),
    files: [
      ...'main bc scan execute load storage util warranty global'.split(' ').map((f) => `bc/${f}`),
      ...'dc misc eval stack array numeric string'.split(' ').map((f) => `dc/${f}`),
      ...'number getopt getopt1'.split(' ').map((f) => `lib/${f}`),
    ],
    defines: ['HAVE_CONFIG_H'],
    includes: ['.', 'h', 'bc'],
    programs: [
      {
        name: 'bc',
        files: [
          ...'main bc scan execute load storage util warranty global'.split(' ').map((f) => `bc/${f}`),
          ...'number getopt getopt1'.split(' ').map((f) => `lib/${f}`),
        ],
        libraries: [],
        runs: [
          once('numbers', '-lq', '{tests}/numbers.b'),
          once('programs', '-q {tests}/programs.b'),
          once('version', '--version'),
          once('help', '--help'),
          once('bad option', '--nonsense'),
        ],
      },
      {
        name: 'dc',
        files: [
          ...'dc misc eval stack array numeric string'.split(' ').map((f) => `dc/${f}`),
          ...'number getopt getopt1'.split(' ').map((f) => `lib/${f}`),
        ],
        libraries: [],
        runs: [once('stack', '{tests}/stack.d'), once('standard input', '-', '{tests}/stack.d'), once('version', '-V')],
      },
    ],
  },
  {
    name: 'ed',
    package: 'ed',
    dir: '.',
    files: 'buffer carg_parser global io main main_loop regex signal'.split(' '),
    defines: ['PROGVERSION="1.19"'],
    programs: [
      {
        name: 'ed',
        files: [],
        libraries: [],
        runs: [
          once('edit', '{package}/README', '{tests}/edit.ed'),
          once('edit a program', '-s {package}/io.c', '{tests}/edit.ed'),
          once('extended', '-E -p> {package}/NEWS', '{tests}/edit.ed'),
          once('help', '--help'),
        ],
      },
    ],
  },
  {
    name: 'mawk',
    package: 'mawk',
    dir: '.',
    prepare: configured(),
    files:
      'parse scan memory main hash execute code da error init bi_vars cast print bi_funct kw jmp array field split re_cmpl regexp zmalloc fin files scancode matherr fcall version'.split(
        ' ',
      ),
    defines: ['HAVE_CONFIG_H', 'LOCAL_REGEXP', '_DEFAULT_SOURCE', '_XOPEN_SOURCE=500'],
    includes: ['.'],
    programs: [
      {
        name: 'mawk',
        files: [],
        libraries: ['m'],
        runs: [
          once('words', '-f {tests}/words.awk {package}/man/mawk.1'),
          once('words of a program', '-f {tests}/words.awk', '{package}/execute.c'),
          once('numbers', '-f {tests}/numbers.awk'),
          once('fields', '-F: {print(NF,$1,$NF)}', '{package}/INSTALL'),
          once('paragraphs', '-v RS= {print(NR":"NF)}', '{package}/man/mawk.1'),
          once('syntax error', 'BEGIN{a(}'),
        ],
      },
    ],
  },
];
