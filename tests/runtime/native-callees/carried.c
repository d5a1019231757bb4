// SPDX-License-Identifier: MIT
#include "callees.h"
#include <stdio.h>

long ten(long a, long b, long c, long d, long e, long f, long g, long h, long i, long j) {
  return a - 2 * b + 3 * c - 5 * d + 7 * e - 11 * f + 13 * g - 17 * h + 19 * i - 23 * j;
}

/* A jump, where compilers make one. */
long handed_on(long a, long b, long c, long d, long e, long f, long g, long h) {
  return eight(a + 1, b, c, d, e, f, g, h);
}

static long sum_of(long n, long x) {
  long between[n], sum = 0;
  for (long i = 0; i < n; i++) between[i] = nine(i, 1, x, 2, i, 3, x, i, 4) + seven(1, 2, 3, 4, 5, 6, i);
  for (long i = 0; i < n; i++) sum = 3 * sum + between[i];
  return sum;
}

int main(void) {
  long (*volatile pointer)(long, long, long, long, long, long, long, long) = eight;
  for (long k = -3; k < 4; k++) {
    printf("%ld %ld\n", seven(k, 2, 3 * k, 4, 5, 6, -7 * k), eight(k, 2, 3 * k, 4, 5, 6, -7, 8 * k));
    printf("%ld %ld\n", pointer(k, 2, 3 * k, 4, 5, 6, -7, 8 * k), sum_of(k + 4, k));
    printf("%ld\n", nine(k, 2, 3 * k, 4, 5, 6, -7, 8 * k, 9));
    printf("%ld\n", twelve(k, 2, 3 * k, 4, 5, 6, -7, 8 * k, 9, 10, 11 * k, &k));
    printf("%.17g\n", mixed(k, 1.5, 2, 2.5, 3 * k, 3.5, 4, 5, 6, 7, 4.5 * k, 8, 9, 10 * k));
    printf("%.17g\n", floats(k, 1.5, 2, 2.5, 3 * k, 3.5, 4, 5, 6, 7));
    printf("%ld %ld\n", calls_back(k), handed_on(k, 2, 3, 4, 5, 6, -7 * k, 8));
    printf("%d %g %d %g %d %g %d %g %d %g %d %g %d %g %d %g %d %g %ld %g\n", 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6,
           6.5, 7, 7.5, 8, 8.5, 9, 9.5, k, 10.5 * k);
  }
  return 0;
}
