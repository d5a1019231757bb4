// SPDX-License-Identifier: MIT
// A call with one argument on the stack, through a pointer, from a frame of variable size: for native functions an eighth argument was
// loaded as well, from a word that the source skips, and which the stack pointer has been above.
typedef long (*Seven)(const int *, long *, long, int, int, int, int);

__attribute__((noinline)) static long fill(const int *x, long *to, long n, int a, int b, int c, int d) {
  for (long i = 0; i < n; i++) to[i] = x[i & 1] * a + b * c - d * i;
  return n;
}

__attribute__((noinline)) static long down(const int *x, Seven f, long *y, long n, int a, int b, int c, int d) {
  long between[n];
  long sum = f(x, between, n, a, b, c, d);
  for (long i = 0; i < n; i++) sum += y[i] = 2 * between[i];
  return sum;
}

int main(void) {
  int x[2] = {3, -4};
  long y[10];
  volatile Seven f = fill;
  long sum = 0;
  for (int n = 1; n < 10; n++) sum += down(x, f, y, n, 5, n, 7, -n) + y[n - 1];
  return sum & 127;
}
