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
  /** Runs whose standard output and exit status must be those of the original program. */
  readonly runs: readonly CorpusRun[];
}

export interface CorpusRun {
  readonly args: readonly string[];
  readonly stdin?: string;
  /** A file of the package that is given as standard input. */
  readonly stdinFile?: string;
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

const luaScript = `
local t = {}
for i = 1, 2000 do t[i] = (i * 7919) % 1009 end
table.sort(t)
local s = 0
for i, v in ipairs(t) do s = s + i * v end
print(s, #t, string.format('%.14g %5.2f %x %q', math.sqrt(2), 1 / 3, 3735928559, 'a\\n"b"'))
print(('hello world'):gsub('o', '0'), ('key=value'):match('(%w+)=(%w+)'))
local co = coroutine.wrap(function(a) for i = 1, 3 do a = a + coroutine.yield(a * i) end return 'end' end)
print(co(1), co(2), co(3), co(4))
print(pcall(error, { code = 1 }), pcall(function() local x = nil; return x.y end))
print(1 // 0.0, -1 // 0.0, 7 // -2, 7 % -2, 7.5 % -2, 1 << 62, 5 // 2, 3 | 4, 2 ^ 0.5, math.maxinteger + 1 == math.mininteger)
print(tostring(1e100), 0x7fffffffffffffff, 1e15, -0.0, 100000000000000)
goto done
print('not reached')
::done::
local mt = setmetatable({}, { __index = function(_, k) return k .. '!' end, __call = function(_, x) return x * 2 end })
print(mt.foo, mt(21), select('#', table.unpack({ 1, nil, 3 }, 1, 3)), string.rep('ab', 3, '-'))
print(string.pack('<i4d', 7, 1.5):byte(1, -1))
collectgarbage()
`;

const sqlScript = `
CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c REAL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
  INSERT INTO t SELECT i, printf('row %d', i * 37 % 101), i / 7.0 FROM n;
CREATE INDEX tb ON t(b);
SELECT count(*), sum(a), round(avg(c), 6), max(b) FROM t;
SELECT b, count(*) FROM t GROUP BY b ORDER BY 2 DESC, 1 LIMIT 5;
SELECT upper(b), length(b), hex(a), quote(c) FROM t WHERE b LIKE 'row 9%' ORDER BY a LIMIT 5;
UPDATE t SET c = c * 2 WHERE a % 3 = 0; DELETE FROM t WHERE a > 450; SELECT total(c) FROM t;
SELECT * FROM t AS x JOIN t AS y ON x.a = y.a + 1 WHERE x.a < 4;
EXPLAIN QUERY PLAN SELECT * FROM t WHERE b = 'row 5';
SELECT json_extract('{"a":[1,2,{"b":3}]}', '$.a[2].b'), 9223372036854775807 + 0, 1e308 * 10, -5 / 2, -5 % 3;
PRAGMA integrity_check;
`;

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
        runs: [{ args: ['-'], stdin: luaScript }, { args: ['-v'] }, { args: ['-e', 'error("no")'] }],
      },
      {
        name: 'luac',
        files: [...luaLibrary, 'luac'],
        libraries: ['m', 'dl'],
        runs: [
          { args: ['-o', '/dev/stdout', '-'], stdin: 'local a <const> = 5; for i = 1, a do print(i .. "x") end\n' },
        ],
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
      { name: 'example', files: [...zlibLibrary, 'test/example'], libraries: [], runs: [{ args: [] }] },
      {
        name: 'minigzip',
        files: [...zlibLibrary, 'test/minigzip'],
        libraries: [],
        runs: [
          { args: [], stdinFile: 'ChangeLog' },
          { args: ['-9'], stdinFile: 'zlib.h' },
          { args: ['-1'], stdinFile: 'deflate.c' },
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
          { args: ['-1'], stdinFile: 'sample1.ref' },
          { args: ['-9'], stdinFile: 'sample3.ref' },
          { args: ['-d'], stdinFile: 'sample1.bz2' },
          { args: ['-ds'], stdinFile: 'sample2.bz2' },
        ],
      },
      { name: 'bzip2recover', files: ['bzip2recover'], libraries: [], runs: [{ args: [] }] },
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
    defines: ['LONGDOUBLE_TYPE=double', 'HAVE_USLEEP=1', 'SQLITE_ENABLE_FTS4', 'SQLITE_ENABLE_RTREE'],
    includes: ['.'],
    programs: [
      {
        name: 'sqlite3',
        files: ['sqlite3', 'shell'],
        libraries: ['m', 'dl', 'pthread'],
        runs: [{ args: [':memory:'], stdin: sqlScript }],
      },
    ],
  },
];
