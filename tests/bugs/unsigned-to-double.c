// SPDX-License-Identifier: MIT
// with: compiler clang
// Doubles of unsigned numbers, made of two halves in one vector: its parts may be NaNs as far as anybody knows.
#include <stdio.h>
__attribute__((noipa)) double make(unsigned long a) { return a; }
__attribute__((noipa)) double sum(unsigned long a, double x) { return x + (double)a; }
int main(void) {
  printf("%.17g %.17g %.17g\n", make(~0ul), make(1ul << 63 | 1025), sum(12345678901234567890ul, 0.5));
  return 0;
}
