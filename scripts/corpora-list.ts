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
  /** Which of the corpus's files are linked; all when absent. */
  readonly files: readonly string[];
  readonly libraries: readonly string[];
  readonly runs: readonly CorpusRun[];
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
];
