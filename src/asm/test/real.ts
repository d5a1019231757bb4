// SPDX-License-Identifier: MIT

/**
 * Functions of the C library that do in tests what they do: they write memory that the caller then reads, they end a run
 * or go elsewhere, or what they are given is best seen in what they print. Of all others the arguments are compared, and
 * what they come to is part of the input: so they fail, compare and find as it is wanted.
 */
const NAMES = [
  'mem(?:cpy|move|set)|mempcpy|b(?:zero|copy)|__mem(?:cpy|move|set)_chk|strn?cpy|strn?cat|stpn?cpy',
  '__str(?:n?cpy|n?cat)_chk|__ctype_(?:b|tolower|toupper)_loc|__errno_location|l?l?div|frexp|modf',
  'exit|_exit|_Exit|quick_exit|abort|__assert_fail|__stack_chk_fail|__chk_fail',
  '_?_?(?:sig)?setjmp|_?(?:sig)?longjmp|__longjmp_chk|raise|sig[a-z]+|pthread_sigmask',
  '(?:__)?v?(?:s|sn|f|d)?printf(?:_chk)?|puts|putchar|(?:__isoc(?:99|23)_)?v?sscanf|qsort|bsearch',
  // What compilers call where a machine has no such instruction.
  '__[a-z]+[dst][ifc][2345]?|__fix(?:uns)?dfti|__float(?:un)?tidf',
];

const REAL = new RegExp(`^(?:${NAMES.join('|')})$`);

export const isReal = (name: string): boolean => REAL.test(name);
