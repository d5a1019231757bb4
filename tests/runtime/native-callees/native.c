// SPDX-License-Identifier: MIT
#include "callees.h"

long seven(long a, long b, long c, long d, long e, long f, long g) {
  return a + 2 * b + 3 * c + 5 * d + 7 * e + 11 * f + 13 * g;
}

long eight(long a, long b, long c, long d, long e, long f, long g, long h) { return seven(a, b, c, d, e, f, g) + 17 * h; }

long nine(long a, long b, long c, long d, long e, long f, long g, long h, long i) {
  return eight(a, b, c, d, e, f, g, h) + 19 * i;
}

long twelve(long a, long b, long c, long d, long e, long f, long g, long h, long i, long j, long k, const long *l) {
  return nine(a, b, c, d, e, f, g, h, i) + 23 * j + 29 * k + 31 * *l;
}

double mixed(long a, double v, long b, double w, long c, double x, long d, long e, long f, long g, double y, long h,
             long i, long j) {
  return seven(a, b, c, d, e, f, g) + 17 * h + 19 * i + 23 * j + v * 29 + w * 31 + x * 37 + y * 41;
}

double floats(double a, double b, double c, double d, double e, double f, double g, double h, long i, long j) {
  return a + 2 * b + 3 * c + 5 * d + 7 * e + 11 * f + 13 * g + 17 * h + 19 * i + 23 * j;
}

long calls_back(long k) { return ten(k, 2, 3, -4, 5, 6, 7 * k, 8, -9, 10 * k); }
