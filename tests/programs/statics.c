// SPDX-License-Identifier: MIT
// Nested functions of GNU C (trampolines apart), statement expressions, typeof, computed includes of macros, compound literals, designated initialisers, flexible arrays.
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define MAX(a, b) ({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a > _b ? _a : _b; })
struct flex { int n; short data[]; }; struct pt { int x, y; }; enum kind { A, B = 10, C, D = -1 };
static int sum(const struct pt *p, int n) { int s = 0; for (int i = 0; i < n; i++) s += p[i].x * p[i].y; return s; } 
#ifdef __clang__
static int nest(int n) { int acc = 0; for (int i = 0; i < n; i++) { acc += i; if (acc * 2 > 50) break; } return acc; }
#else
static int nest(int n) { int acc = 0; int add(int k) { acc += k; return acc * 2; } for (int i = 0; i < n; i++) if (add(i) > 50) break; return acc; }
#endif
static struct flex *mk(int n) { struct flex *f = malloc(offsetof(struct flex, data) + n * sizeof(short)); f->n = n; for (int i = 0; i < n; i++) f->data[i] = (short)(i * 300); return f; } static int ranges[10] = {[0 ... 3] = 7, [8] = 9, [5] = 1}; static int gen(int x) { return _Generic(x, int: 1, long: 2, default: 3) + _Generic(x + 0.5, double: 10, float: 20); } _Static_assert(sizeof(struct pt) == 8, "size"); static inline int sq(int x) { return x * x; } __attribute__((const)) static int pure(int x) { return x ^ 0x55; } __attribute__((cold, noinline)) static void rare(void) { puts("rare"); } __attribute__((hot)) static int hot(int x) { if (__builtin_expect(x < 0, 0)) rare(); return x + __builtin_constant_p(x); } static _Bool tob(int x) { return x; } static int order(int *p) { return (*p)++ * 100; }
int main(int argc, char **argv) { (void)argv; int v = 3; printf("%d %ld %d %d\n", MAX(v++, 2), MAX(5l, 7l), v, sum((struct pt[]){{1, 2}, {3, 4}, {.y = 5, .x = 6}}, 3)); struct flex *f = mk(200); printf("%d %d %d\n", f->data[199], f->n, nest(20)); free(f); for (int i = 0; i < 10; i++) printf("%d", ranges[i]); struct pt p = {.y = 1}, q = p; q.x = 9; printf(" %d %d %d %d %d %d\n", p.x, q.x, q.y, gen(1), sq(12), pure(argc)); printf("%d %d %d %d %d\n", hot(5), hot(-argc), A + B + C + D, tob(256), order(&v)); const char *s = argc > 5 ? "many" : argc ? "one" : "none"; int t = (puts(s), argc ? 4 : 5); char c = (char)(argc * 300); unsigned char u = (unsigned char)(argc * 300); short sh = (short)(argc * 70000); printf("%d %d %d %d %d\n", t, c, u, sh, !!argc); long arr[3][4][2]; memset(arr, 0, sizeof arr); for (int i = 0; i < 24; i++) ((long *)arr)[i] = i; long (*row)[2] = arr[1]; printf("%ld %ld %ld %td\n", arr[2][3][1], row[2][1], *(*(arr[0] + 3) + 1), &arr[2][0][0] - &arr[0][0][0]); return argc + 4; }
