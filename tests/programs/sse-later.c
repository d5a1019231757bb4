// SPDX-License-Identifier: MIT
// SSE3 to SSE4.2, popcnt, and what compilers make of loops when they may use these.
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define LATER __attribute__((target("sse4.2,popcnt"), noinline))

static uint64_t state = 88172645463325252ull;
static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}
static uint64_t hash = 1469598103934665603ull;
static void mix(const void *p, size_t n) {
  for (size_t i = 0; i < n; i++) hash = (hash ^ ((const uint8_t *)p)[i]) * 1099511628211ull;
}

LATER static void integers(__m128i a, __m128i b) {
#define DO(f) { __m128i r = f; mix(&r, 16); }
#define TWO(name) DO(_mm_##name(a, b)) DO(_mm_##name(b, a)) DO(_mm_##name(a, a))
  TWO(mul_epi32) TWO(mullo_epi32) TWO(mulhrs_epi16) TWO(maddubs_epi16) TWO(min_epi8) TWO(max_epi8) TWO(min_epu16)
  TWO(max_epu16) TWO(min_epi32) TWO(max_epi32) TWO(min_epu32) TWO(max_epu32) TWO(cmpeq_epi64) TWO(cmpgt_epi64)
  TWO(sign_epi8) TWO(sign_epi16) TWO(sign_epi32) TWO(hadd_epi16) TWO(hadd_epi32) TWO(hsub_epi16) TWO(hsub_epi32)
  TWO(hadds_epi16) TWO(hsubs_epi16) TWO(packus_epi32) TWO(shuffle_epi8)
  DO(_mm_abs_epi8(a)) DO(_mm_abs_epi16(a)) DO(_mm_abs_epi32(a))
  DO(_mm_alignr_epi8(a, b, 0)) DO(_mm_alignr_epi8(a, b, 5)) DO(_mm_alignr_epi8(a, b, 16)) DO(_mm_alignr_epi8(a, b, 21))
  DO(_mm_cvtepi8_epi16(a)) DO(_mm_cvtepi8_epi32(a)) DO(_mm_cvtepi8_epi64(a)) DO(_mm_cvtepi16_epi32(a))
  DO(_mm_cvtepi16_epi64(a)) DO(_mm_cvtepi32_epi64(a)) DO(_mm_cvtepu8_epi16(a)) DO(_mm_cvtepu8_epi32(a))
  DO(_mm_cvtepu8_epi64(a)) DO(_mm_cvtepu16_epi32(a)) DO(_mm_cvtepu16_epi64(a)) DO(_mm_cvtepu32_epi64(a))
  DO(_mm_blend_epi16(a, b, 0x5a)) DO(_mm_blend_epi16(a, b, 0x0f)) DO(_mm_blendv_epi8(a, b, _mm_add_epi8(a, b)))
  DO(_mm_insert_epi8(a, 77, 5)) DO(_mm_insert_epi32(a, -77, 3)) DO(_mm_insert_epi64(a, 1ll << 40, 1))
  long long lanes[] = {_mm_extract_epi8(a, 9), _mm_extract_epi16(a, 3), _mm_extract_epi32(a, 2), _mm_extract_epi64(a, 1),
                       _mm_testz_si128(a, b), _mm_testc_si128(a, b), _mm_testnzc_si128(a, b), _mm_test_all_ones(a),
                       _mm_testz_si128(a, _mm_andnot_si128(a, b)), __builtin_popcountll(_mm_extract_epi64(b, 0))};
  mix(lanes, sizeof lanes);
}

LATER static void floats(__m128 a, __m128 b, __m128d c, __m128d d) {
#define F(f) { __m128 r = f; mix(&r, 16); }
#define D(f) { __m128d r = f; mix(&r, 16); }
  F(_mm_hadd_ps(a, b)) F(_mm_hsub_ps(a, b)) F(_mm_addsub_ps(a, b)) F(_mm_movehdup_ps(a)) F(_mm_moveldup_ps(a))
  D(_mm_hadd_pd(c, d)) D(_mm_hsub_pd(c, d)) D(_mm_addsub_pd(c, d)) D(_mm_movedup_pd(c))
  F(_mm_blend_ps(a, b, 5)) D(_mm_blend_pd(c, d, 2)) F(_mm_blendv_ps(a, b, b)) D(_mm_blendv_pd(c, d, c))
  F(_mm_floor_ps(a)) F(_mm_ceil_ps(a)) F(_mm_round_ps(a, 8)) F(_mm_round_ps(a, 11)) D(_mm_floor_pd(c)) D(_mm_ceil_pd(c))
  F(_mm_floor_ss(a, b)) D(_mm_ceil_sd(c, d)) D(_mm_round_sd(c, d, 8)) D(_mm_round_pd(c, 11))
  F(_mm_insert_ps(a, b, 0x9a)) F(_mm_insert_ps(a, b, 0x24))
  int lane = _mm_extract_ps(a, 2);
  mix(&lane, sizeof lane);
}

LATER static void loops(const int32_t *p, const uint16_t *q, int n) {
  int32_t low = INT32_MAX, high = INT32_MIN;
  uint32_t product = 1, bits = 0;
  int64_t sum = 0;
  for (int i = 0; i < n; i++) {
    if (p[i] < low) low = p[i];
    if (p[i] > high) high = p[i];
    product += (uint32_t)p[i] * q[i];
    sum += p[i];
    bits += __builtin_popcount((uint32_t)p[i]);
  }
  printf("%d %d %u %lld %u\n", low, high, product, (long long)sum, bits);
}

int main(void) {
  static const uint64_t corners[] = {0, ~0ull, 0x8000800080008000ull, 0x7fff7fff7fff7fffull, 0x8080808080808080ull,
                                     0x7f80000000000000ull, 0x3ff00000bf800000ull, 0x7fc000007ff80000ull};
  for (int i = 0; i < 300; i++) {
    uint64_t v[8];
    for (int k = 0; k < 8; k++) v[k] = i < 64 && k < 4 ? corners[(i >> (k & 1 ? 3 : 0)) & 7] : next() >> (i % 3 * 16);
    __m128i a, b;
    memcpy(&a, v, 16);
    memcpy(&b, v + 2, 16);
    integers(a, b);
    __m128 x, y;
    __m128d z, w;
    float f[8];
    double d[4];
    for (int k = 0; k < 8; k++) f[k] = (float)((int64_t)v[k] >> (i % 50)) / 7;
    for (int k = 0; k < 4; k++) d[k] = (double)((int64_t)v[k] >> (i % 60)) / 3;
    memcpy(&x, f, 16);
    memcpy(&y, f + 4, 16);
    memcpy(&z, d, 16);
    memcpy(&w, d + 2, 16);
    floats(x, y, z, w);
    if (i % 60 == 0) printf("%016llx\n", (unsigned long long)hash);
  }
  static int32_t p[100];
  static uint16_t q[100];
  for (int i = 0; i < 100; i++) {
    p[i] = (int32_t)next();
    q[i] = (uint16_t)next();
  }
  loops(p, q, 97);
  printf("%016llx\n", (unsigned long long)hash);
  return 0;
}
