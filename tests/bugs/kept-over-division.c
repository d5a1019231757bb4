// SPDX-License-Identifier: MIT
// A function that ends with the stub of a trap does not run into what follows, so what it leaves alone is kept.
#include <stdio.h>
static __attribute__((noinline, noclone)) int quotient(int a, int b) { return a / b; }
__attribute__((noipa)) double both(double x, int a, int b) {
  int q = quotient(a, b);
  return x + q + quotient(b, a);
}
int main(void) {
  printf("%g\n", both(0.5, 17, 5));
  return 0;
}
