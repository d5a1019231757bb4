// SPDX-License-Identifier: MIT
// Structures of all sizes and kinds by value: as arguments, as results, nested, in arrays, through pointers.
#include <stdio.h>
#include <string.h>
typedef struct { char c; } S1; typedef struct { short s; char c; } S4; typedef struct { int i; float f; } S8; typedef struct { long l; char c; } S16;
typedef struct { double a, b; } D2; typedef struct { float a, b, c, d; } F4; typedef struct { double d; int i; } DI; typedef struct { int i; double d; } ID;
typedef struct { long v[3]; } L3; typedef struct { char t[100]; int n; } Big; typedef struct { D2 p, q; } Box; typedef union { double d; long l; char c[8]; } U;
typedef struct { float x; } F1; typedef struct { float x, y, z; } F3; typedef struct { char a[3]; } C3; typedef struct { char a[7]; } C7; typedef struct { char a[13]; } C13;
#define N __attribute__((noinline))
N S1 f1(S1 a, S4 b, S8 c) { S1 r = {(char)(a.c + b.s + b.c + c.i + (int)c.f)}; return r; }
N S16 f16(S16 a, D2 b, F4 c) { S16 r = {a.l + (long)(b.a * b.b), (char)(a.c + c.a + c.b + c.c + c.d)}; return r; }
N D2 fd2(D2 a, DI b, ID c) { D2 r = {a.a + b.d + c.i, a.b - b.i + c.d}; return r; }
N F4 ff4(F4 a, F1 b, F3 c) { F4 r = {a.a + b.x, a.b + c.x, a.c + c.y, a.d + c.z}; return r; }
N F3 ff3(F3 a) { F3 r = {a.z, a.x, a.y}; return r; }
N DI fdi(int i, DI a, double d) { DI r = {a.d * d, a.i * i}; return r; }
N ID fid(ID a) { a.i++; a.d /= 2; return a; }
N L3 fl3(L3 a, int k) { for (int i = 0; i < 3; i++) a.v[i] *= k; return a; }
N Big fbig(Big a, const char *s) { strcat(a.t, s); a.n += strlen(s); return a; }
N Box fbox(Box a, int n, Box b) { Box r = {{a.p.a + b.p.a, a.p.b + n}, {a.q.a * b.q.a, b.q.b}}; return r; }
N U fu(U a) { a.l ^= 1; return a; }
N C3 fc3(C3 a) { char t = a.a[0]; a.a[0] = a.a[2]; a.a[2] = t; return a; }
N C7 fc7(C7 a, C13 b) { for (int i = 0; i < 7; i++) a.a[i] += b.a[i + 6]; return a; }
N C13 fc13(C13 a) { for (int i = 0; i < 13; i++) a.a[i] ^= 32; return a; }
N long many(int a, S16 b, long c, S16 d, long e, S16 f, char g, L3 h, double i, D2 j, short k) { return a + b.l + b.c + c + d.l + d.c + e + f.l + f.c + g + h.v[0] + h.v[2] + (long)i + (long)j.b + k; }
int main(void) {
  S1 s1 = f1((S1){1}, (S4){2, 3}, (S8){4, 5.5f}); printf("%d\n", s1.c);
  S16 s16 = f16((S16){1l << 40, 2}, (D2){1.5, 4}, (F4){1, 2, 3, 4}); printf("%ld %d\n", s16.l, s16.c);
  D2 d2 = fd2((D2){1, 2}, (DI){3, 4}, (ID){5, 6}); printf("%g %g\n", d2.a, d2.b);
  F4 f4 = ff4((F4){1, 2, 3, 4}, (F1){10}, (F3){20, 30, 40}); printf("%g %g %g %g\n", f4.a, f4.b, f4.c, f4.d);
  F3 f3 = ff3((F3){1, 2, 3}); printf("%g %g %g\n", f3.x, f3.y, f3.z);
  DI di = fdi(3, (DI){1.5, 7}, 2); ID id = fid((ID){1, 3}); printf("%g %d %d %g\n", di.d, di.i, id.i, id.d);
  L3 l3 = fl3((L3){{1, 2, 3}}, 7); printf("%ld %ld %ld\n", l3.v[0], l3.v[1], l3.v[2]);
  Big big = {"start", 5}; big = fbig(fbig(big, "-one"), "-two"); printf("%s %d\n", big.t, big.n);
  Box box = fbox((Box){{1, 2}, {3, 4}}, 9, (Box){{5, 6}, {7, 8}}); printf("%g %g %g %g\n", box.p.a, box.p.b, box.q.a, box.q.b);
  U u = fu((U){.d = 1.0}); printf("%a %02x\n", u.d, u.c[0]);
  C3 c3 = fc3((C3){"abc"}); C7 c7 = fc7((C7){{1, 2, 3, 4, 5, 6, 7}}, (C13){"ABCDEFGHIJKL"}); C13 c13 = fc13((C13){"Hello, World"});
  printf("%.3s %d %d %.12s\n", c3.a, c7.a[0], c7.a[6], c13.a);
  printf("%ld\n", many(1, (S16){2, 3}, 4, (S16){5, 6}, 7, (S16){8, 9}, 10, (L3){{11, 12, 13}}, 14.9, (D2){15, 16}, 17));
  Big (*p)(Big, const char *) = fbig; D2 (*q)(D2, DI, ID) = fd2; Big b2 = p(big, "!"); d2 = q(d2, di, id); printf("%s %g %g\n", b2.t, d2.a, d2.b);
  struct { struct { short a[2]; } in[3]; } arr[2] = {{{{{1, 2}}, {{3, 4}}}}, {{{{5}}}}}, copy[2]; memcpy(copy, arr, sizeof arr); arr[0] = copy[1];
  printf("%d %d %d\n", arr[0].in[0].a[0], copy[0].in[1].a[1], (int)sizeof arr);
}
