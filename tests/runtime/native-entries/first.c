// SPDX-License-Identifier: MIT
#include "library.h"

long seven(long a, int b, long c, int d, long e, int f, int g) {
  return a + 2 * b + 3 * c + 5 * d + 7 * e + 11 * f + 13L * g;
}

long eight(int a, short b, signed char c, unsigned char d, unsigned e, long f, signed char g, unsigned short h) {
  return a + 2 * b + 3 * c + 5 * d + 7L * e + 11 * f + 13 * g + 17 * h;
}

__attribute__((noinline)) long nine(int a, long b, int c, long d, int e, long f, int g, long h, int i) {
  return a + 2 * b + 3 * c + 5 * d + 7 * e + 11 * f + 13 * g + 17 * h + 19L * i;
}

double eleven(int a, double x, long b, float y, int c, double z, long d, double w, int e, double v, long f, double u,
              int g, double t, long h, int i, long j, signed char k) {
  return a + 2 * b + 3 * c + 5 * d + 7 * e + 11 * f + 13 * g + 17 * h + 19 * i + 23 * j + 29 * k + x * 31 + y * 37 +
         z * 41 + w * 43 + v * 47 + u * 53 + t * 59;
}

void pointers(const long *a, const long *b, const long *c, const long *d, const long *e, const long *f, long *g, long *h) {
  *g = *a + 2 * *b + 3 * *c;
  *h = *d + 5 * *e + 7 * *f + *g;
}

long recursive(long n, long a, long b, long c, long d, long e, long f, long g) {
  if (n <= 0) return a + 2 * b + 3 * c + 5 * d + 7 * e + 11 * f + 13 * g;
  return recursive(n - 1, g, a, b, c, d, e, f) + recursive(n - 2, b, c, d, e, f, g, a);
}

typedef long (*Nine)(int, long, int, long, int, long, int, long, int);
Nine table[] = {nine, handed_on, handed_elsewhere};

long through_pointer(int k, int x) { return table[k](x, x + 1, x + 2, x + 3, x + 4, x + 5, x + 6, x + 7, x + 8); }

long handed_on(int a, long b, int c, long d, int e, long f, int g, long h, int i) {
  return nine(a + 1, b, c, d, e, f, g, h, i);
}

long changes_arguments(long a, long b, long c, long d, long e, long f, long g, long h, long i) {
  long s = 0;
  while (i-- > 0) {
    g += h;
    h ^= g;
    s += g;
    a += s;
  }
  return s + a + b + c + d + e + f + g + h;
}

long calls_back(long (*f)(long, long, long, long, long, long), long a, long b, long c, long d, long e, long f6, long g) {
  return f(a, b, c, d, e, f6) * g + seven(a, b, c, d, e, f6, g);
}

/* Named as an instruction is. */
long add(long a, long b, long c, long d, long e, long f, long g) { return a + b + c + d + e + f + 2 * g; }

__attribute__((weak)) long replaceable(long a, long b, long c, long d, long e, long f, long g, long h, long i) {
  return a - g + 2 * h + 3 * i;
}

long other_name(long a, long b, long c, long d, long e, long f, long g, long h, long i)
    __attribute__((alias("replaceable")));

long both_names(long k) { return other_name(k, 2, 3, 4, 5, 6, 7, 8, 9) + replaceable(k, 1, 1, 1, 1, 1, 1, 1, 1); }

static long own(long a, long b, long c, long d, long e, long f, long g, long h) { return a + b * g + h; }
long (*pointer)(long, long, long, long, long, long, long, long) = own;

long through_static(long k) { return pointer(1, 2, 3, 4, 5, 6, 7, k); }

__attribute__((visibility("hidden"), noinline)) long hidden(long a, long b, long c, long d, long e, long f, long g) {
  return a * g + d;
}

long within_library(long k) { return hidden(k, 0, 0, 5, 0, 0, 9) + add(1, 2, 3, 4, 5, 6, k); }

long allocates(long a, long b, long c, long d, long e, long f, long g, long n) {
  volatile char *p = __builtin_alloca(n);
  p[n - 1] = g;
  return p[n - 1] + a + n;
}

struct two two_results(long a, long b, long c, long d, long e, long f, long g) {
  struct two t = {a + g, b * g};
  return t;
}

float narrow(float x, long a, long b, long c, long d, long e, long f, int g) { return x * g; }
