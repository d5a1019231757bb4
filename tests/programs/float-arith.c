// SPDX-License-Identifier: MIT
// Every float operation on pairs of values from all over the range, compared by bit pattern.
#include <stdio.h>
#include <stdint.h>
#include <string.h>
static const uint64_t d[] = {0, 1ull << 63, 0x3ff0000000000000, 0xbff8000000000000, 0x7ff0000000000000, 0xfff0000000000000,
  0x7ff8000000000000, 0xfff8000000000001, 0x7ff0000000000001, 0xfff4000000000000, 1, 0x000fffffffffffff, 0x0010000000000000,
  0x7fefffffffffffff, 0x4059000000000000, 0x43e0000000000000, 0xc3e0000000000000, 0x41dfffffffc00000, 0x3cb0000000000000, 0x400921fb54442d18};
static const uint32_t f[] = {0, 1u << 31, 0x3f800000, 0xbfc00000, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc00001, 0x7f800001,
  0xffa00000, 1, 0x007fffff, 0x00800000, 0x7f7fffff, 0x42c80000, 0x5f000000, 0xdf000000, 0x4f000000, 0x34000000, 0x40490fdb};
__attribute__((noinline)) static double dop(int op, double a, double b) {
  switch (op) { case 0: return a + b; case 1: return a - b; case 2: return a * b; case 3: return a / b; case 4: return a < b ? a : b; case 5: return a > b ? a : b; case 6: return -a; default: return __builtin_fabs(b); }
}
__attribute__((noinline)) static float fop(int op, float a, float b) {
  switch (op) { case 0: return a + b; case 1: return a - b; case 2: return a * b; case 3: return a / b; case 4: return a < b ? a : b; case 5: return a > b ? a : b; case 6: return -a; default: return __builtin_fabsf(b); }
}
__attribute__((noinline)) static int dcmp(double a, double b) {
  return (a < b) | (a <= b) << 1 | (a == b) << 2 | (a != b) << 3 | (a > b) << 4 | (a >= b) << 5 | !(a < b) << 6 | __builtin_isunordered(a, b) << 7 | __builtin_isless(a, b) << 8 | __builtin_islessgreater(a, b) << 9;
}
__attribute__((noinline)) static int fbranch(float a, float b) {
  int r = 0;
  if (a < b) r += 1; else r += 2;
  if (a == b) r += 4; else r += 8;
  if (!(a >= b)) r += 16;
  if (a != b || a > b) r += 32;
  return r;
}
int main(void) {
  int n = sizeof d / sizeof *d;
  for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) {
    double a, b; float x, y; uint64_t h = 14695981039346656037ull;
    memcpy(&a, &d[i], 8); memcpy(&b, &d[j], 8); memcpy(&x, &f[i], 4); memcpy(&y, &f[j], 4);
    for (int op = 0; op < 8; op++) {
      double r = dop(op, a, b); uint64_t u; memcpy(&u, &r, 8);
      float s = fop(op, x, y); uint32_t v; memcpy(&v, &s, 4);
      h = (h ^ u) * 1099511628211ull; h = (h ^ v) * 1099511628211ull;
      if (op < 4 && i < 8 && j < 8) printf("%016llx %08x ", (unsigned long long)u, v);
    }
    printf("%d %d %016llx\n", dcmp(a, b), fbranch(x, y), (unsigned long long)h);
  }
}
