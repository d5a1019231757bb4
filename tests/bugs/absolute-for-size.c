// SPDX-License-Identifier: MIT
// with: level Os
// Optimising for size, compilers take andps for doubles too: it is a byte shorter.
#include <math.h>
#include <stdio.h>
double __attribute__((noipa)) twice(double x) { return x + x; }
float __attribute__((noipa)) twicef(float x) { return x + x; }
double __attribute__((noipa)) absolute(double x) { return fabs(twice(x)); }
float __attribute__((noipa)) absolutef(float x) { return fabsf(twicef(x)); }
double __attribute__((noipa)) negative(double x) { return -twice(x); }
int main(void) {
  double (*volatile show)(double) = absolute;
  printf("%g %g %g %g\n", show(-1.25), absolute(0.5), absolutef(-3.5f), negative(2));
  return 0;
}
