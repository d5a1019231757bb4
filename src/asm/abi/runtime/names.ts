// SPDX-License-Identifier: MIT

/** The functions of the C library that need bridges on every target, and why. */

const words = (text: string): string[] => text.trim().split(/\s+/);

interface Standing {
  readonly names: readonly string[];
  readonly about: string;
}

/** What the four functions for jumps stand for. */
export const JUMPS = {
  setjmp: {
    names: ['setjmp'],
    about: '`setjmp` with the signal mask kept, which is what the symbol `setjmp` does in glibc.',
  },
  _setjmp: {
    names: ['_setjmp'],
    about: "`_setjmp`, which the header's `setjmp` macro calls: the signal mask is not kept.",
  },
  sigsetjmp: { names: ['__sigsetjmp', 'sigsetjmp'], about: "`sigsetjmp` in a buffer of x86's size." },
  longjmp: {
    names: ['longjmp', '_longjmp', 'siglongjmp', '__longjmp_chk'],
    about: 'Returns from `setjmp` once more, with the value given, or 1 for 0.',
  },
} as const satisfies Record<string, Standing>;

/** A function with variable arguments that follow a format, and its counterpart that takes a list of them. */
export interface Variadic {
  readonly name: string;
  readonly withList: string;
  /** How many parameters come before what is variable; the format is the last of them. */
  readonly fixed: number;
  /** Which of them are of 32 bits. */
  readonly narrow: readonly number[];
  readonly format: 'printf' | 'scanf';
  /** Whether the format is made of `wchar_t`. */
  readonly wide: boolean;
}

const named = (name: string, withList: string, fixed: number, narrow: readonly number[]): Variadic => ({
  name,
  withList,
  fixed,
  narrow,
  format: name.includes('scanf') ? 'scanf' : 'printf',
  wide: /w(printf|scanf)/.test(name),
});

type Stem = readonly [stem: string, fixed: number, ...narrow: number[]];

const SCANF: readonly Stem[] = [
  ['scanf', 1],
  ['fscanf', 2],
  ['sscanf', 2],
  ['wscanf', 1],
  ['fwscanf', 2],
  ['swscanf', 2],
];

const PLAIN: readonly Stem[] = [
  ['printf', 1],
  ['fprintf', 2],
  ['sprintf', 2],
  ['snprintf', 3],
  ['dprintf', 2, 0],
  ['asprintf', 2],
  ['wprintf', 1],
  ['fwprintf', 2],
  ['swprintf', 3],
  ...SCANF,
  ['syslog', 2, 0],
  ['err', 2, 0],
  ['errx', 2, 0],
  ['warn', 1],
  ['warnx', 1],
];

const CHECKED: readonly Stem[] = [
  ['printf', 2, 0],
  ['fprintf', 3, 1],
  ['sprintf', 4, 1],
  ['snprintf', 5, 2],
  ['dprintf', 3, 0, 1],
  ['asprintf', 3, 1],
  ['wprintf', 2, 0],
  ['fwprintf', 3, 1],
  ['swprintf', 5, 2],
  ['syslog', 3, 0, 1],
];

export const VARIADIC: readonly Variadic[] = [
  ...PLAIN.map(([stem, fixed, ...narrow]) => named(stem, `v${stem}`, fixed, narrow)),
  named('obstack_printf', 'obstack_vprintf', 2, []),
  named('__obstack_printf_chk', '__obstack_vprintf_chk', 3, [1]),
  ...CHECKED.map(([stem, fixed, ...narrow]) => named(`__${stem}_chk`, `__v${stem}_chk`, fixed, narrow)),
  ...['99', '23'].flatMap((year) =>
    SCANF.map(([stem, fixed]) => named(`__isoc${year}_${stem}`, `__isoc${year}_v${stem}`, fixed, [])),
  ),
];

export const ABOUT_ERROR = 'Makes the message with `vasprintf`, which takes a list of arguments, and passes it on.';

/** `error` and `error_at_line` have no counterpart that takes a list: the format's number among the parameters. */
export const ERRORS: readonly { readonly name: string; readonly fixed: number }[] = [
  { name: 'error', fixed: 3 },
  { name: 'error_at_line', fixed: 5 },
];

/** Functions that take a list of strings, and what takes an array instead. `execle` has the environment behind it. */
export const LISTS: readonly { readonly name: string; readonly called: string; readonly environment: boolean }[] = [
  { name: 'execl', called: 'execv', environment: false },
  { name: 'execlp', called: 'execvp', environment: false },
  { name: 'execle', called: 'execve', environment: true },
];

export const aboutList = (called: string): string => `Calls \`${called}\` with the arguments as an array.`;

/** Functions that write a `struct stat`: what is called, without how many first arguments, and who takes the result then. */
export const STATS: readonly {
  readonly name: string;
  readonly called: string;
  /** `__xstat` and its kin begin with the version of the layout, which is dropped; so many arguments follow it. */
  readonly afterVersion: number;
  /** The number of the argument that takes the result, the version left out. */
  readonly buffer: number;
  /** Which arguments are of 32 bits, the version left out. */
  readonly narrow: readonly number[];
}[] = ['', '64'].flatMap((size) => [
  { name: `stat${size}`, called: `stat${size}`, afterVersion: 0, buffer: 1, narrow: [] },
  { name: `lstat${size}`, called: `lstat${size}`, afterVersion: 0, buffer: 1, narrow: [] },
  { name: `fstat${size}`, called: `fstat${size}`, afterVersion: 0, buffer: 1, narrow: [0] },
  { name: `fstatat${size}`, called: `fstatat${size}`, afterVersion: 0, buffer: 2, narrow: [0, 3] },
  { name: `__xstat${size}`, called: `stat${size}`, afterVersion: 2, buffer: 1, narrow: [] },
  { name: `__lxstat${size}`, called: `lstat${size}`, afterVersion: 2, buffer: 1, narrow: [] },
  { name: `__fxstat${size}`, called: `fstat${size}`, afterVersion: 2, buffer: 1, narrow: [0] },
  { name: `__fxstatat${size}`, called: `fstatat${size}`, afterVersion: 4, buffer: 2, narrow: [0, 3] },
]);

export const ABOUT_STAT = '`struct stat` has another layout (144 bytes against 128).';

const aboutNode = (name: string): string =>
  `Old glibc has \`${name}\` only as this, which takes a version and the address of the device number.`;

/** `__xmknod(version, path, mode, &device)` and `__xmknodat(version, directory, path, mode, &device)`. */
export const NODES: readonly { readonly name: string; readonly called: string; readonly about: string }[] = [
  { name: '__xmknod', called: 'mknod', about: aboutNode('mknod') },
  { name: '__xmknodat', called: 'mknodat', about: aboutNode('mknodat') },
];

export const EPOLL_WAITS = ['epoll_wait', 'epoll_pwait', 'epoll_pwait2'] as const;
export const ABOUT_EPOLL = '`struct epoll_event` is packed on x86.';
export const ABOUT_EPOLL_WAIT = `${ABOUT_EPOLL} At most 4096 events are fetched at a time.`;

/** The endings of functions of `float` and of `double`, `_Float32` and its like included. */
const FLOATS = ['f', 'f32'] as const;
const DOUBLES = ['', 'f64', 'f32x'] as const;
const ofFloat = (stems: string): string[] => words(stems).flatMap((stem) => FLOATS.map((f) => `${stem}${f}`));

/** Functions of `float _Complex`, by their results. */
export const COMPLEX = {
  toReal: ofFloat('cabs carg creal cimag'),
  toComplex: [
    ...ofFloat(`
      conj cproj csqrt cexp clog clog10 csin ccos ctan casin cacos catan csinh ccosh ctanh casinh cacosh catanh
    `),
    '__clog10f',
  ],
  /** Of two such numbers. */
  ofTwo: ofFloat('cpow'),
  /** libgcc's multiplication and division, which take the four parts one by one. */
  ofParts: words('__mulsc3 __divsc3'),
} as const;

/** A function of a real number. */
interface Real {
  readonly name: string;
  /** Of a `double`; else of a `float`. */
  readonly double: boolean;
}

const real = (stem: string): Real[] => [
  ...DOUBLES.map((ending) => ({ name: `${stem}${ending}`, double: true })),
  ...FLOATS.map((ending) => ({ name: `${stem}${ending}`, double: false })),
];

/** Binary logarithms, and how many bits the result has. */
export const LOGARITHMS: readonly (Real & { readonly bits: 32 | 64 })[] = [
  ...real('ilogb').map((f) => ({ ...f, bits: 32 as const })),
  ...real('llogb').map((f) => ({ ...f, bits: 64 as const })),
];
export const ABOUT_LOGARITHM = 'Of zero and NaN the result is another one.';

/** Rounding to an integer. */
export const ROUNDINGS: readonly Real[] = words('lrint llrint lround llround').flatMap(real);
export const ABOUT_ROUNDING = 'What does not fit becomes the least integer, as on x86.';

/** Functions that return a structure of more than 16 bytes. */
export const RETURNING_STRUCTURES = ['mallinfo', 'mallinfo2'] as const;
export const MAPPINGS = ['mmap', 'mmap64'] as const;
export const ABOUT_SEMAPHORES = '`struct semid_ds` has another layout (104 bytes against 88).';
