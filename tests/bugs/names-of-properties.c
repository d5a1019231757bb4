// SPDX-License-Identifier: MIT
// Tables by name were JavaScript objects, which have a `constructor` and a `toString` without being given any: external functions
// of these names were looked up there, and calls of them taken for traps.
#include <stdio.h>
extern int valueOf(int) __attribute__((weak));
extern int hasOwnProperty(int) __attribute__((weak));
int __attribute__((noipa)) constructor(int x) { return x + 1; }
int __attribute__((noipa)) toString(int x) { return constructor(x) * 2; }
int main(void) {
  printf("%d %d\n", toString(3), constructor(toString(5)));
  printf("%d %d\n", valueOf ? valueOf(1) : -1, hasOwnProperty ? hasOwnProperty(2) : -2);
  return 0;
}
