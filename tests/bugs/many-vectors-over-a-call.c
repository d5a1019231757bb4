// gcc keeps all vector registers over calls of functions that leave them alone: there are more halves than registers, and
// slots below the stack pointer do not outlive the call.
#include <emmintrin.h>
#include <stdio.h>
#include <string.h>

static unsigned long tick;

static void show(const char *name, __m128i v) {
  unsigned long q[2];
  memcpy(q, &v, 16);
  printf("%s %016lx%016lx\n", name, q[1], q[0]);
}

static __attribute__((noinline)) unsigned scalar(unsigned a) {
  tick += a;
  return (unsigned)(tick * 2654435761u >> 3);
}

/* Keeps something itself, and is called while its caller does. */
static __attribute__((noinline)) unsigned between(unsigned a) { return scalar(a) ^ scalar(a + 1); }

/* Takes as many whole vectors as are passed in registers, while others are kept beside them. */
static __attribute__((noinline)) __m128i eight(__m128i a, __m128i b, __m128i c, __m128i d, __m128i e, __m128i f,
                                               __m128i g, __m128i h) {
  __m128i x = _mm_xor_si128(_mm_add_epi8(a, b), _mm_sub_epi32(c, d));
  return _mm_xor_si128(x, _mm_xor_si128(_mm_add_epi16(e, f), _mm_sub_epi8(g, h)));
}

__attribute__((noinline)) void kept(const unsigned *p, unsigned *q) {
  __m128i v[15];
#pragma GCC unroll 15
  for (int i = 0; i < 15; i++) v[i] = _mm_loadu_si128((const __m128i *)(p + 4 * i));
  q[0] = scalar(q[0]);
#pragma GCC unroll 15
  for (int i = 0; i < 15; i++) v[i] = _mm_add_epi32(v[i], v[(i + 1) % 15]);
  q[1] = between(q[1]);
#pragma GCC unroll 15
  for (int i = 0; i < 15; i++) _mm_storeu_si128((__m128i *)(q + 4 + 4 * i), v[i]);
}

__attribute__((noinline)) __m128i passed(const unsigned *p) {
  __m128i v[15];
#pragma GCC unroll 15
  for (int i = 0; i < 15; i++) v[i] = _mm_loadu_si128((const __m128i *)(p + 4 * i));
  __m128i x = eight(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]);
#pragma GCC unroll 7
  for (int i = 8; i < 15; i++) x = _mm_add_epi32(x, v[i]);
  return _mm_sub_epi8(x, v[4]);
}

int main(void) {
  static unsigned p[80], q[80];
  unsigned s = 12345;
  for (int i = 0; i < 80; i++) p[i] = s = s * 1664525u + 1013904223u;
  for (int i = 0; i < 3; i++) {
    kept(p + i, q);
    show("passed", passed(p + 2 * i));
    for (int k = 0; k < 64; k++) printf("%08x%c", q[k], k % 8 == 7 ? '\n' : ' ');
  }
  printf("%lu\n", tick);
  return 0;
}
