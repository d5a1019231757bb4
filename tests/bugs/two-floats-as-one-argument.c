// SPDX-License-Identifier: MIT
// with: level O2
// with: compiler clang
// with: library m
// with: library m
// Two floats that were put together in one register are passed as a whole, not as the first of them.
#include <complex.h>
#include <stdio.h>
#include <stdlib.h>
struct pair {
  float a, b;
};
typedef float (*from_pair)(struct pair, float);
typedef float complex (*from_complex)(float complex, int);
static float minus(struct pair p, float f) { return p.a - p.b * f; }
static float times(struct pair p, float f) { return p.a * p.b * f; }
static float complex turn(float complex z, int n) { return n > 0 ? z * I : z; }
static float complex conj_of(float complex z, int n) { return n > 1 ? z : conjf(z); }
from_pair pairs[] = {minus, times};
from_complex complexes[] = {turn, conj_of};
int main(void) {
  float x = strtof("1.5", NULL), y = strtof("-4", NULL);
  for (int i = 0; i < 2; i++) {
    struct pair p = {x, y};
    float complex z = complexes[i](x + y * I, i);
    printf("%g %g %g %g\n", pairs[i](p, 3), crealf(z), cimagf(z), cabsf(z));
    p.a = y;
    p.b = crealf(z);
    printf("%g\n", pairs[i](p, x));
  }
  return 0;
}
