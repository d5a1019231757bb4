// SPDX-License-Identifier: MIT
// Functions that take and give whole vectors are called through pointers that are read at each call.
#include <emmintrin.h>
#include <stdio.h>
typedef __m128i (*two)(__m128i, __m128i);
static __attribute__((noinline)) __m128i twice(__m128i a, __m128i b) { return _mm_add_epi32(_mm_slli_epi32(a, 1), b); }
static __attribute__((noinline)) __m128i less(__m128i a, __m128i b) { return _mm_sub_epi16(_mm_shuffle_epi32(a, 0x1b), b); }
static int sum(__m128i a) { int q[4]; _mm_storeu_si128((__m128i *)q, a); return q[0] + 3 * q[1] + 5 * q[2] + 7 * q[3]; }
static two volatile table[2] = { twice, less };
int main(int argc, char **argv) {
  __m128i x = _mm_set_epi32(argc, 2, 3, 4), y = _mm_set_epi32(5, argc + 6, 7, 8);
  for (int i = 0; i < 4; i++) { x = table[i & 1](x, y); printf("%d\n", sum(x)); }
  return 0;
}
