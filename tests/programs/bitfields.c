// SPDX-License-Identifier: MIT
// Bit-fields of all widths, signed and unsigned, across words, packed, in unions, volatile.
#include <stdint.h>
#include <stdio.h>
#include <string.h>
struct a { unsigned x : 1, y : 3, z : 12; int s : 5; unsigned : 0; unsigned w : 31; };
struct b { uint64_t lo : 37, mid : 20; int64_t hi : 7; };
struct __attribute__((packed)) c { unsigned char p : 3; unsigned q : 17; long r : 41; char t; };
union u { struct { unsigned m : 23, e : 8, s : 1; } f; float v; uint32_t u; };
struct v { volatile int a : 9; volatile unsigned b : 7; };
__attribute__((noinline)) static void step(struct a *p, int k) { p->x += k; p->y = p->y * 3 + 1; p->z -= k; p->s = p->s << 1 ^ k; p->w ^= p->z << 9; }
__attribute__((noinline)) static int64_t mix(struct b *p, int64_t k) { p->lo += k; p->mid = p->lo >> 5; p->hi -= k; return p->hi * 1000 + p->mid; }
__attribute__((noinline)) static struct c pack(struct c v, long k) { v.p += k; v.q = v.q * 5 + v.p; v.r -= k * k; v.t = v.q; return v; }
int main(void) {
  struct a a = {1, 5, 4000, -7, 12345}; struct b b = {1ull << 36, 999999, -60}; struct c c = {5, 100000, -1234567890123, 'c'};
  for (int i = 0; i < 8; i++) { step(&a, i); printf("%u %u %u %d %u %lld ", a.x, a.y, a.z, a.s, a.w, (long long)mix(&b, i * 7919)); c = pack(c, i + 1); printf("%d %d %ld %d\n", c.p, c.q, (long)c.r, c.t); }
  for (float f = 0.75f; f < 1e6f; f *= -13.5f) { union u u = {.v = f}; printf("%d %d %06x ", u.f.s, u.f.e - 127, u.f.m); u.f.e += 2; u.f.s ^= 1; printf("%g\n", u.v); if (f < -1e5f) break; }
  struct v v = {0}; for (int i = 0; i < 300; i += 37) { v.a = i; v.b += i; printf("%d %d ", v.a, v.b); }
  unsigned char raw[sizeof c]; memcpy(raw, &c, sizeof c); for (unsigned i = 0; i < sizeof c; i++) printf("%02x", raw[i]);
  printf(" %d %d %d\n", (int)sizeof a, (int)sizeof b, (int)sizeof c);
}
