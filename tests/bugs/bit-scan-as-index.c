// SPDX-License-Identifier: MIT
#include <stdio.h>
// The number of the highest bit as an index: on RISC-V no solver found that the address is the same.
static unsigned table[64], other[64];
__attribute__((noinline)) unsigned price(unsigned n) {
  if (n > 63) return table[__builtin_clz(n) ^ 31] << 8;
  return other[n];
}
__attribute__((noinline)) void count(unsigned **tables, unsigned offset, unsigned length) {
  tables[0][__builtin_clz(offset) ^ 31]++;
  if (length - 3 > 127) tables[1][36 + (__builtin_clz(length - 3) ^ 31)]++;
}
int main(void) {
  unsigned *both[] = {table, other}, sum = 0;
  for (unsigned n = 1; n != 0; n *= 2) count(both, n, n / 2 + 5);
  for (unsigned n = 1; n < 70000; n += n / 3 + 1) sum = sum * 31 + price(n);
  for (int i = 0; i < 64; i++) sum = sum * 31 + table[i] + 7 * other[i];
  printf("%u\n", sum);
  return 0;
}
