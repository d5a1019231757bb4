// SPDX-License-Identifier: MIT
// A pointer whose value is known where it is called; the function behind it leaves rdx alone.
// with: level O0
#include <stdlib.h>
static double (*pointer)(float);
static double f(float number) { return number; }
int main(void) {
  pointer = &f;
  if (pointer(1) != 1.0) abort();
  return 3;
}
