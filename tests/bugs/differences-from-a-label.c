// SPDX-License-Identifier: MIT
// The label that a computed goto's differences are taken from is a target too: its own entry is a plain zero.
#include <stdio.h>

static int walk(const char *s) {
  static const int offsets[] = {&&first - &&first, &&second - &&first, &&third - &&first};
  int n = 0;
  for (; *s; s++) {
    goto *(&&first + offsets[*s - 'a']);
  first:
    n = n * 3 + 1;
    continue;
  second:
    n ^= 0x55;
    continue;
  third:
    n -= 7;
  }
  return n;
}

int main(void) {
  printf("%d\n", walk("abcabcaabbcc"));
  return 0;
}
