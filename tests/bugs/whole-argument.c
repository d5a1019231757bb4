// SPDX-License-Identifier: MIT
// with: level O1
// A whole vector register is passed within the file by a function that uses all of them.
#include <emmintrin.h>
#include <stdio.h>
static __attribute__((noinline, noclone)) int fold(__m128i v) {
  return _mm_cvtsi128_si32(_mm_xor_si128(v, _mm_srli_si128(v, 11)));
}
int main(void) {
  __m128i a[16];
  for (int i = 0; i < 16; i++) a[i] = _mm_set_epi32(i * 77, i + 1, i * i, 5 - i);
  for (int round = 0; round < 3; round++) {
    __m128i b[16];
    for (int i = 0; i < 16; i++) b[i] = _mm_loadu_si128(a + i);
    for (int i = 0; i < 16; i++) _mm_storeu_si128(a + i, _mm_add_epi32(b[i], b[(i + 5) & 15]));
    printf("%d %d\n", fold(a[round]), fold(_mm_unpackhi_epi32(a[3], a[round + 9])));
  }
  return 0;
}
