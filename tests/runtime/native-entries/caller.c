// SPDX-License-Identifier: MIT
#include "library.h"
#include <stdio.h>

static long own(long a, long b, long c, long d, long e, long f) { return a * b + c * d + e * f; }

int main(void) {
  for (long k = -3; k < 4; k++) {
    long g = 0, h = 0;
    long (*volatile pointer)(int, long, int, long, int, long, int, long, int) = handed_on;
    printf("%ld\n", seven(k, 2, 3, 4, 5, 6, -7 * k));
    printf("%ld\n", eight(k, -2, -3, 250, 4000000000u, 6, -7 * k, 65535));
    printf("%ld\n", nine(k, 2, -3, 4, -5, 6, -7, 8 * k, -9));
    printf("%.17g\n", eleven(k, 1.5, 2, 2.5f, -3, 3.5, 4, 4.5, -5, 5.5, 6, 6.5, -7, 7.5, 8 * k, -9, 10, -11));
    pointers(&k, &k, &k, &k, &k, &k, &g, &h);
    printf("%ld %ld\n", g, h);
    printf("%ld\n", recursive(k + 6, 1, 2, 3, 4, 5, 6, 7));
    printf("%ld %ld %ld\n", through_pointer(0, k), through_pointer(1, k), through_pointer(2, k));
    printf("%ld\n", through_pointer_elsewhere(k));
    printf("%ld\n", handed_on(k, 2, -3, 4, -5, 6, -7, 8 * k, -9));
    printf("%ld\n", handed_elsewhere(k, 2, -3, 4, -5, 6, -7, 8 * k, -9));
    printf("%ld\n", changes_arguments(k, 2, 3, 4, 5, 6, 7, 8, 9));
    printf("%ld %ld\n", calls_back(own, k, 2, 3, 4, 5, 6, 7), calls_back(six, k, 2, 3, 4, 5, 6, 7));
    struct two t = two_results(k, 2, 3, 4, 5, 6, 7);
    printf("%ld %ld\n", add(1, 2, 3, 4, 5, 6, k), both_names(k));
    printf("%ld %ld\n", replaceable(1, 2, 3, 4, 5, 6, k, 8, 9), other_name(1, 2, 3, 4, 5, 6, k, 8, -9));
    printf("%ld %ld %ld\n", through_static(k), within_library(k), allocates(k, 2, 3, 4, 5, 6, 7, 99));
    printf("%ld %ld %g\n", t.a, t.b, narrow(1.5f, 1, 2, 3, 4, 5, 6, k));
    printf("%ld\n", pointer(k, 2, -3, 4, -5, 6, -7, 8 * k, -9));
  }
  return 0;
}
