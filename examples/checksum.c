// SPDX-License-Identifier: MIT
// Sums of 128 bits with carries from word to word, and a checksum that folds them.
#include <stdint.h>
#include <stdio.h>

typedef unsigned __int128 u128;

__attribute__((noinline)) u128 sum128(const uint64_t *words, unsigned long pairs) {
  u128 sum = 0;
  for (unsigned long i = 0; i < pairs; i++) sum += ((u128)words[2 * i + 1] << 64) | words[2 * i];
  return sum;
}

/* Ones' complement: what falls out at the top comes back in at the bottom. */
__attribute__((noinline)) uint64_t fold(const uint64_t *words, unsigned long count) {
  uint64_t sum = 0;
  for (unsigned long i = 0; i < count; i++) {
    sum += words[i];
    sum += sum < words[i];
  }
  return sum;
}

__attribute__((noinline)) uint16_t checksum(const uint64_t *words, unsigned long count) {
  uint64_t s = fold(words, count);
  uint32_t half = (uint32_t)(s >> 32) + (uint32_t)s;
  half += half < (uint32_t)s;
  uint32_t quarter = (half >> 16) + (half & 0xffff);
  quarter += quarter >> 16;
  return (uint16_t)~quarter;
}

int main(void) {
  uint64_t words[64];
  uint64_t x = 88172645463325252u;
  for (int i = 0; i < 64; i++) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    words[i] = x;
  }
  u128 sum = sum128(words, 32);
  printf("%016llx%016llx %04x\n", (unsigned long long)(sum >> 64), (unsigned long long)sum, checksum(words, 64));
  return 0;
}
