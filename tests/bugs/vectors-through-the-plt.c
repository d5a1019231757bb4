// SPDX-License-Identifier: MIT
// with: flags -fPIC
// Functions that take and give whole vectors are called so that another definition may come between.
#include <emmintrin.h>
#include <stdio.h>
__attribute__((noinline)) __m128i twice(__m128i a, __m128i b) { return _mm_add_epi32(_mm_slli_epi32(a, 1), b); }
__attribute__((noinline)) int sum(__m128i a) { int q[4]; _mm_storeu_si128((__m128i *)q, a); return q[0] + 3 * q[1] + 5 * q[2] + 7 * q[3]; }
int main(int argc, char **argv) {
  __m128i x = _mm_set_epi32(argc, 2, 3, 4), y = _mm_set_epi32(5, argc + 6, 7, 8);
  for (int i = 0; i < 3; i++) { x = twice(x, y); printf("%d\n", sum(x)); }
  return 0;
}
