// SPDX-License-Identifier: MIT
// with: level Os
// `cvtsi2ss` keeps the upper part of its register, so that a function which begins with it reads that part of an
// argument that nobody passes. It was taken for a float of which callers owe the lower half.
#include <stdio.h>

__attribute__((noinline)) static float sum(unsigned long u, long s) { return (float)u + (float)s; }

int main(void) {
  for (int i = 0; i < 4; i++) {
    printf("%d\n", i);
    printf("%g\n", sum(i * 0x423456789abcdefUL * 16, -i * 77777777777L));
  }
  return 0;
}
