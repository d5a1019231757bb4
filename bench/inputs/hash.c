/* SPDX-License-Identifier: MIT */
/* Random numbers (xorshift64*) into a hash (FNV-1a): integer arithmetic in one long loop. */
#include <stdint.h>
#include <stdio.h>

int main(void) {
  uint64_t x = 88172645463325252u, h = 14695981039346656037u;
  for (int i = 0; i < 120000000; i++) {
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    h = (h ^ (x * 2685821657736338717u >> 56)) * 1099511628211u;
  }
  printf("%016llx\n", (unsigned long long)h);
  return 0;
}
