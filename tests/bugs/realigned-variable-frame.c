// SPDX-License-Identifier: MIT
// A frame that is aligned to more than the stack is, and of variable size: gcc leaves it by a pointer that it has kept.
// with: level Os
#include <stdint.h>
__attribute__((noinline)) int use(char *p, int n) {
  int sum = (uintptr_t)p % 16;
  for (int i = 0; i < n; i++) sum += p[i] = i;
  return sum;
}
__attribute__((noinline)) int both(int n, int m) {
  _Alignas(64) char fixed[64];
  char variable[n * m];
  int sum = use(fixed, n) + (uintptr_t)fixed % 64;
  return sum * 3 + use(variable, n * m);
}
int main(void) { return both(5, 3) + both(2, 7); }
