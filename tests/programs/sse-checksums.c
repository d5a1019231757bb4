// SPDX-License-Identifier: MIT
// CRC-32C by the processor's instruction, products without carries, and the least of eight words.
#include <immintrin.h>
#include <stdio.h>
#include <string.h>

#define LATER __attribute__((target("sse4.2"), noinline))

LATER static unsigned bytewise(unsigned crc, const unsigned char *p, int n) {
  while (n-- > 0) crc = _mm_crc32_u8(crc, *p++);
  return crc;
}

LATER static unsigned long wide(unsigned long crc, const unsigned char *p, int n) {
  for (; n >= 8; n -= 8, p += 8) {
    unsigned long v;
    memcpy(&v, p, 8);
    crc = _mm_crc32_u64(crc, v);
  }
  if (n >= 4) {
    unsigned v;
    memcpy(&v, p, 4);
    crc = _mm_crc32_u32(crc, v);
    n -= 4, p += 4;
  }
  if (n >= 2) {
    unsigned short v;
    memcpy(&v, p, 2);
    crc = _mm_crc32_u16(crc, v);
    n -= 2, p += 2;
  }
  return n > 0 ? _mm_crc32_u8(crc, *p) : crc;
}

LATER static void least(const unsigned short *words) {
  __m128i found = _mm_minpos_epu16(_mm_loadu_si128((const __m128i *)words));
  printf("%llx %llx\n", (unsigned long long)_mm_cvtsi128_si64(found), (unsigned long long)_mm_extract_epi64(found, 1));
}

__attribute__((target("pclmul,sse4.1"), noinline)) static void product(unsigned long a, unsigned long b) {
  __m128i x = _mm_set_epi64x(a, b), y = _mm_set_epi64x(b ^ 0x87, a + 3);
  __m128i all = _mm_xor_si128(_mm_clmulepi64_si128(x, y, 0x00), _mm_clmulepi64_si128(x, y, 0x11));
  all = _mm_xor_si128(all, _mm_slli_si128(_mm_clmulepi64_si128(x, y, 0x01), 8));
  all = _mm_xor_si128(all, _mm_srli_si128(_mm_clmulepi64_si128(x, y, 0x10), 8));
  printf("%lx %lx\n", (unsigned long)_mm_cvtsi128_si64(all), (unsigned long)_mm_extract_epi64(all, 1));
}

int main(void) {
  unsigned char data[100];
  unsigned short words[8];
  unsigned seed = 7;
  for (int i = 0; i < 100; i++) data[i] = (seed = seed * 1103515245 + 12345) >> 16;
  printf("%x\n", ~bytewise(~0u, (const unsigned char *)"123456789", 9));
  for (int n = 0; n < 100; n += 7) printf("%x %lx\n", bytewise(n, data, n), wide(n, data, n));
  for (unsigned long i = 1; i < 1ul << 60; i *= 37) product(i * 0x9e3779b97f4a7c15ul, ~i);
  for (int i = 0; i < 10; i++) {
    for (int k = 0; k < 8; k++) words[k] = ((seed = seed * 1103515245 + 12345) >> 16) & (i < 5 ? 0xffff : 7);
    least(words);
  }
}
