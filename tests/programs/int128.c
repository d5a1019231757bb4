// SPDX-License-Identifier: MIT
// 128-bit integers: arithmetic, shifts, comparison, division, conversion, passing.
#include <stdint.h>
#include <stdio.h>
typedef __int128 i; typedef unsigned __int128 u;
#define N __attribute__((noinline))
N static u mk(uint64_t h, uint64_t l) { return (u)h << 64 | l; }
N static void show(u x) { printf("%016llx%016llx ", (unsigned long long)(x >> 64), (unsigned long long)x); }
N static u mul(u a, u b) { return a * b; } N static u dv(u a, u b) { return a / b; } N static u md(u a, u b) { return a % b; } N static i sdv(i a, i b) { return a / b; } N static i smd(i a, i b) { return a % b; }
N static u shl(u a, int n) { return a << n; } N static u shr(u a, int n) { return a >> n; } N static i sar(i a, int n) { return a >> n; } N static int cmp(i a, i b) { return (a < b) | (a <= b) << 1 | (a == b) << 2 | ((u)a < (u)b) << 3 | ((u)a >= (u)b) << 4; }
N static u many(int a, u b, int c, u d, long e, u f, u g) { return a + b * c + d * e + f - g; } N static uint64_t mulhi(uint64_t a, uint64_t b) { return (u)a * b >> 64; } N static int64_t smulhi(int64_t a, int64_t b) { return (i)a * b >> 64; }
N static int over(int64_t a, int64_t b) { int64_t r; int k = __builtin_add_overflow(a, b, &r); k = k * 2 + __builtin_sub_overflow(a, b, &r); return k * 2 + __builtin_mul_overflow(a, b, &r); }
N static uint64_t carry(uint64_t *a, const uint64_t *b, int n) { u c = 0; for (int k = 0; k < n; k++) { c += (u)a[k] + b[k]; a[k] = (uint64_t)c; c >>= 64; } return (uint64_t)c; }
int main(void) {
  uint64_t v[] = {0, 1, 2, 7, 0xffffffffffffffff, 0x8000000000000000, 0x123456789abcdef0, 0xfedcba9876543210, 1000000007, 63};
  for (int a = 0; a < 10; a++) for (int b = 0; b < 10; b++) {
    u x = mk(v[a], v[b]), y = mk(v[b] >> (a * 6), v[(a + b) % 10]); show(x + y); show(x - y); show(mul(x, y)); show(x ^ ~y); show(-x); if (y) { show(dv(x, y)); show(md(x, y)); if (!((i)y == -1 && x == (u)1 << 127)) { show(sdv(x, y)); show(smd(x, y)); } }
    int n = (a * 13 + b * 7) % 128; show(shl(x, n)); show(shr(x, n)); show(sar(x, n)); printf("%d %llx %llx %d\n", cmp(x, y), (unsigned long long)mulhi(v[a], v[b]), (unsigned long long)smulhi(v[a], v[b]), over(v[a], v[b]));
  }
  show(many(3, mk(1, 2), -4, mk(5, 6), 7, mk(8, 9), mk(10, 11))); uint64_t p[] = {~0ull, ~0ull, 5}, q[] = {1, 0, 9}; printf("%llu %llx %llx %llx\n", (unsigned long long)carry(p, q, 3), (unsigned long long)p[0], (unsigned long long)p[1], (unsigned long long)p[2]);
  for (double d = 1; d < 1e38; d *= 3.7e5) { show((u)d); show((i)-d); printf("%.17g %.17g\n", (double)(u)d, (double)-(i)d); }
}
