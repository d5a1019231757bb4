// SPDX-License-Identifier: MIT
// with: level Os
// with: library m
// Where size counts, compilers clear the sign of a double with the instruction for floats.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
int main(void) {
  printf("%g %g\n", fabs(strtod("-1.5", NULL)), -strtod("2.25", NULL));
  printf("%g %g\n", fabsf(strtof("-1.5", NULL)), powf(fabsf(strtof("-2", NULL)), 3));
  return fabs(atof("-7.0")) == 7.0 ? 0 : 1;
}
