// SPDX-License-Identifier: MIT
// Switches that become jump tables, bit tests, trees of comparisons, tables of values; sparse, dense, nested, on chars, negative, long.
#include <stdio.h>
__attribute__((noinline)) static int dense(int x) { switch (x) { case 0: return 7; case 1: return x * 3; case 2: return x - 9; case 3: return x ^ 5; case 4: return 100 / (x + 1); case 5: return -x; case 6: return x << 4; case 7: return 55; default: return -1; } }
__attribute__((noinline)) static int sparse(long x) { switch (x) { case -1000000: return 1; case -5: return 2; case 0: return 3; case 99: return 4; case 100000: return 5; case 1l << 40: return 6; case 1l << 62: return 7; } return 0; }
__attribute__((noinline)) static const char *name(char c) { switch (c) { case 'a': case 'e': case 'i': case 'o': case 'u': return "vowel"; case '0' ... '9': return "digit"; case ' ': case '\t': case '\n': return "space"; case '.': case ',': case ';': case '!': case '?': return "mark"; default: return "other"; } }
__attribute__((noinline)) static int through(int x, int y) { int r = 0; switch (x) { case 5: r += 5; case 4: r += 4; if (y) break; case 3: r += 3; case 2: switch (y) { case 0: r *= 2; break; case 1: r -= 1; case 2: r -= 2; } case 1: r += 1; break; case -1: for (;;) { switch (y++) { case 3: return r + y; default: r += y; continue; } } } return r; }
__attribute__((noinline)) static unsigned machine(const char *s) { unsigned st = 0, n = 0; for (; *s; s++) { switch (st) { case 0: if (*s == '"') st = 1; else if (*s == '/') st = 3; break; case 1: if (*s == '\\') st = 2; else if (*s == '"') { st = 0; n++; } break; case 2: st = 1; break; case 3: st = *s == '*' ? 4 : *s == '/' ? 6 : 0; break; case 4: if (*s == '*') st = 5; break; case 5: st = *s == '/' ? (n += 100, 0) : *s == '*' ? 5 : 4; break; case 6: if (*s == '\n') { st = 0; n += 10000; } break; } } return n * 10 + st; }
__attribute__((noinline)) static long interp(const unsigned char *p) {
  static const void *const go[] = {&&halt, &&push, &&plus, &&times, &&dup, &&swap, &&dec, &&jnz, &&sub}; long st[32], *sp = st; const unsigned char *pc = p;
#define NEXT goto *go[*pc++]
  NEXT;
  push: *sp++ = *pc++; NEXT; plus: sp--; sp[-1] += sp[0]; NEXT; times: sp--; sp[-1] *= sp[0]; NEXT; dup: *sp = sp[-1]; sp++; NEXT;
  swap: { long t = sp[-1]; sp[-1] = sp[-2]; sp[-2] = t; NEXT; } dec: sp[-1]--; NEXT; jnz: if (sp[-1]) pc = p + *pc; else pc++; NEXT; sub: sp--; sp[-1] -= sp[0]; NEXT;
  halt: return sp[-2];
}
int main(void) {
  for (int i = -2; i < 10; i++) printf("%d ", dense(i));
  long xs[] = {-1000000, -5, 0, 99, 100000, 1l << 40, 1l << 62, 1, -1}; for (int i = 0; i < 9; i++) printf("%d ", sparse(xs[i]));
  for (const char *s = "a1 .zE\t;"; *s; s++) printf("%s ", name(*s));
  for (int x = -2; x < 7; x++) for (int y = 0; y < 4; y++) printf("%d ", through(x, y));
  printf("%u %u\n", machine("a \"s\\\"t\" /* c **/ // x\n\"q\" \""), machine("/ * \"x\" /"));
  unsigned char prog[] = {1, 1, 1, 10, 5, 1, 3, 3, 5, 6, 7, 4, 0}; printf("%ld\n", interp(prog));
  unsigned char fact[] = {1, 1, 1, 10, 4, 6, 8, 1, 2, 3, 1, 0, 0}; printf("%ld\n", interp(fact));
}
