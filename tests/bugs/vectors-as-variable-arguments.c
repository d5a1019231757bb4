// SPDX-License-Identifier: MIT
// with: level O0 O2
// Whole vector registers are passed to a function with variable arguments, which looks at their upper halves.
#include <emmintrin.h>
#include <stdarg.h>
#include <stdio.h>
static __attribute__((noipa)) int fold(int n, ...) {
  va_list list;
  int sum = 0;
  va_start(list, n);
  for (int i = 0; i < n; i++) {
    __m128i v = va_arg(list, __m128i);
    sum = 3 * sum + _mm_cvtsi128_si32(_mm_xor_si128(v, _mm_srli_si128(v, 11)));
  }
  va_end(list);
  return sum;
}
int main(int argc, char **argv) {
  __m128i a = _mm_set_epi32(7, argc, 1000003, 5), b = _mm_set_epi32(argc, 77, -9, 1 << 20);
  printf("%d %d %d\n", fold(1, a), fold(2, b, a), fold(3, a, _mm_add_epi32(a, b), b));
  printf("%d %g\n", fold(0), argc * 0.5);
  return 0;
}
