// SPDX-License-Identifier: MIT
// Recursion of all kinds: deep, mutual, tail, with many live values, memoised, backtracking.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define N __attribute__((noinline))
N static int ack(int m, int n) { return m == 0 ? n + 1 : n == 0 ? ack(m - 1, 1) : ack(m - 1, ack(m, n - 1)); }
N static int odd(unsigned n); N static int even(unsigned n) { return n == 0 ? 1 : odd(n - 1); } N static int odd(unsigned n) { return n == 0 ? 0 : even(n - 1); }
N static long fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); } static long memo[91]; N static long mfib(int n) { return n < 2 ? n : memo[n] ? memo[n] : (memo[n] = mfib(n - 1) + mfib(n - 2)); }
N static void hanoi(int n, char a, char b, char c, int *k, unsigned *h) { if (!n) return; hanoi(n - 1, a, c, b, k, h); ++*k; *h = *h * 31 + a * 7 + b; hanoi(n - 1, c, b, a, k, h); }
N static int queens(int n, int row, unsigned cols, unsigned d1, unsigned d2) { if (row == n) return 1; int r = 0; for (unsigned free = ~(cols | d1 | d2) & ((1u << n) - 1); free; free &= free - 1) { unsigned bit = free & -free; r += queens(n, row + 1, cols | bit, (d1 | bit) << 1, (d2 | bit) >> 1); } return r; }
static const char *src; N static double expr(void); N static double atom(void) { while (*src == ' ') src++; if (*src == '(') { src++; double v = expr(); src++; return v; } if (*src == '-') { src++; return -atom(); } char *e; double v = strtod(src, &e); src = e; return v; } N static double term(void) { double v = atom(); for (;;) { while (*src == ' ') src++; if (*src == '*') src++, v *= atom(); else if (*src == '/') src++, v /= atom(); else return v; } } N static double expr(void) { double v = term(); for (;;) { while (*src == ' ') src++; if (*src == '+') src++, v += term(); else if (*src == '-') src++, v -= term(); else return v; } }
N static void perm(char *s, int k, int *n, unsigned *h) { if (!s[k]) { ++*n; for (char *p = s; *p; p++) *h = *h * 33 + *p; return; } for (int i = k; s[i]; i++) { char t = s[k]; s[k] = s[i]; s[i] = t; perm(s, k + 1, n, h); t = s[k]; s[k] = s[i]; s[i] = t; } }
N static int lev(const char *a, const char *b) { if (!*a) return (int)strlen(b); if (!*b) return (int)strlen(a); if (*a == *b) return lev(a + 1, b + 1); int x = lev(a + 1, b), y = lev(a, b + 1), z = lev(a + 1, b + 1); return 1 + (x < y ? x < z ? x : z : y < z ? y : z); }
N static long wide(int n, long a, long b, long c, long d, long e, long f, long g, double x) { return n == 0 ? a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + (long)x : wide(n - 1, b, c, d, e, f, g, a + n, x * 1.5) + wide(n - 1, g, a, b, c, d, e, f, x - 1) % 1000; } N static unsigned gcd(unsigned a, unsigned b) { return b ? gcd(b, a % b) : a; } N static double power(double x, int n) { return n == 0 ? 1 : n < 0 ? 1 / power(x, -n) : n & 1 ? x * power(x, n - 1) : power(x * x, n / 2); } N static int deep(int n) { volatile char pad[16]; pad[n & 15] = (char)n; return n ? deep(n - 1) + pad[n & 15] % 2 : 0; }
int main(void) {
  int k = 0, n = 0; unsigned h = 0, g = 0; hanoi(10, 'A', 'B', 'C', &k, &h); char s[] = "abcdef"; perm(s, 0, &n, &g);
  printf("%d %d %d %ld %ld %d %u %d %u\n", ack(2, 6), even(1000), odd(1001), fib(20), mfib(90), k, h, n, g); printf("%d %d %d %ld %u %.17g %.17g %d\n", queens(6, 0, 0, 0, 0), queens(8, 0, 0, 0, 0), lev("kitten", "sitting"), wide(6, 1, 2, 3, 4, 5, 6, 7, 8.5), gcd(1071, 462), power(1.1, 37), power(2, -5), deep(5000));
  const char *es[] = {"1 + 2 * 3", "(1 + 2) * -3 / 4", "2 * (3 + (4 - 5) * 6) - 7.5", "-(-(1))"}; for (int i = 0; i < 4; i++) { src = es[i]; printf("%g ", expr()); } puts("");
}
