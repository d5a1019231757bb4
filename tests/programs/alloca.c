// SPDX-License-Identifier: MIT
// Stack memory whose size is only known when the program runs: alloca, variable-length arrays, in loops, in recursion, with calls that pass arguments on the stack.
#include <alloca.h>
#include <stdio.h>
#include <string.h>
__attribute__((noinline)) static long nine(long a, long b, long c, long d, long e, long f, long g, long h, long i) { return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i; }
__attribute__((noinline)) static int vla(int n) { int a[n], s = 0; for (int i = 0; i < n; i++) a[i] = i * i; for (int i = 0; i < n; i++) s += a[i] ^ i; return s; }
__attribute__((noinline)) static long two(int n, int m) { long t[n][m]; for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) t[i][j] = i * 10 + j; long s = 0; for (int j = 0; j < m; j++) for (int i = 0; i < n; i++) s = s * 3 + t[i][j]; return s + (long)sizeof t; }
__attribute__((noinline)) static char *join(char *out, int n) { char *p = alloca(n * 4 + 1); *p = 0; for (int i = 0; i < n; i++) { char *q = alloca(8); sprintf(q, "%d,", i); strcat(p, q); } return strcpy(out, p); }
__attribute__((noinline)) static long rec(int n) { if (n == 0) return 1; char b[n * 3 + 1]; memset(b, n, sizeof b); long r = rec(n - 1); for (unsigned i = 0; i < sizeof b; i++) r += b[i]; return r; }
__attribute__((noinline)) static long calls(int n) { long a[n]; for (int i = 0; i < n; i++) a[i] = nine(i, n, i * n, 1, 2, 3, i, n, i + n); long s = 0; for (int i = 0; i < n; i++) { long b[i + 1]; b[i] = a[i]; s += nine(b[i], a[0], 1, 1, 1, 1, s, i, b[i] & 7); } return s; }
__attribute__((noinline)) static int aligned(int n) { _Alignas(64) char b[64]; char v[n]; memset(v, 1, n); return ((unsigned long)b % 64 == 0) + ((unsigned long)v != 0) + v[n - 1]; }
__attribute__((noinline)) static int jumps(int n) { int k = 0; again:; { int v[n]; v[n - 1] = k++; if (v[n - 1] < 5) { n += 3; goto again; } return n * 100 + k; } }
int main(void) {
  char b[200];
  for (int n = 1; n < 40; n += 6) printf("%d %ld %s %ld %ld %d %d\n", vla(n), two(n, n / 2 + 1), join(b, n % 20), rec(n), calls(n), aligned(n), jumps(n));
}
