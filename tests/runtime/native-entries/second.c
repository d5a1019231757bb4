// SPDX-License-Identifier: MIT
#include "library.h"

extern long (*table[])(int, long, int, long, int, long, int, long, int);

/* It looks at nothing on the stack: that it takes something shows in the other file. */
long handed_elsewhere(int a, long b, int c, long d, int e, long f, int g, long h, int i) {
  return nine(a + 2, b, c, d, e, f, g, h, i);
}

long through_pointer_elsewhere(int x) {
  long (*volatile f)(int, long, int, long, int, long, int, long, int) = nine;
  return f(x, x + 1, x + 2, x + 3, x + 4, x + 5, x + 6, x + 7, x + 8) + eight(x, 2, 3, 4, 5, 6, 7, 8) +
         table[1](1, 2, 3, 4, 5, 6, 7, 8, x);
}

long six(long a, long b, long c, long d, long e, long f) { return a - b + c - d + e - f; }
