// SPDX-License-Identifier: MIT
// with: level O1 O2
// A whole vector register is returned within the file by a function that uses many others.
#include <emmintrin.h>
#include <stdio.h>
typedef __m128i V;
static __attribute__((noinline)) V many(const V *p) {
  V x[14];
  for (int i = 0; i < 14; i++) x[i] = _mm_loadu_si128(p + i);
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 14; j++) x[j] = _mm_add_epi32(x[j], _mm_slli_epi64(x[(j + 1) % 14], 3));
  for (int i = 1; i < 14; i++) x[0] = _mm_xor_si128(x[0], x[i]);
  return x[0];
}
static __attribute__((noinline)) V few(V a) { return _mm_shuffle_epi32(a, 0x1b); }
int main(void) {
  V a[16];
  int o[4];
  for (int i = 0; i < 16; i++) a[i] = _mm_set_epi32(i * 77, i + 1, i * i, 5 - i);
  V r = many(a), s = few(r);
  for (int i = 0; i < 16; i++) a[i] = _mm_add_epi32(a[i], _mm_unpackhi_epi64(r, s));
  _mm_storeu_si128((V *)o, few(_mm_add_epi32(many(a), s)));
  printf("%d %d %d %d\n", o[0], o[1], o[2], o[3]);
  return 0;
}
