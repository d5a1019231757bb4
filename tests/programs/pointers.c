// SPDX-License-Identifier: MIT
// Function pointers in tables, callbacks, qsort and bsearch, pointers to pointers, recursion through them.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
typedef int (*op)(int, int);
static int add(int a, int b) { return a + b; } static int sub(int a, int b) { return a - b; } static int mul(int a, int b) { return a * b; } static int quo(int a, int b) { return b ? a / b : 0; }
static op ops[] = {add, sub, mul, quo, NULL};
static const struct { const char *name; op f; int commutes; } table[] = {{"add", add, 1}, {"sub", sub, 0}, {"mul", mul, 1}, {"quo", quo, 0}};
static int byint(const void *a, const void *b) { int x = *(const int *)a, y = *(const int *)b; return (x > y) - (x < y); }
static int bystr(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }
static int bydouble(const void *a, const void *b) { double x = *(const double *)a, y = *(const double *)b; return x < y ? 1 : x > y ? -1 : 0; }
struct node { int v; struct node *l, *r; };
static void put(struct node **t, int v) { while (*t) t = v < (*t)->v ? &(*t)->l : &(*t)->r; *t = calloc(1, sizeof **t); (*t)->v = v; }
static void walk(struct node *t, void (*f)(int, void *), void *x) { if (!t) return; walk(t->l, f, x); f(t->v, x); walk(t->r, f, x); }
static void show(int v, void *x) { printf("%d%s", v, (char *)x); } static void total(int v, void *x) { *(long *)x += v; }
static void drop(struct node *t) { if (t) { drop(t->l); drop(t->r); free(t); } }
static op pick(int i) { return i & 1 ? sub : add; }
static int apply(int (*f)(int (*)(int), int), int (*g)(int), int x) { return f(g, x); } static int twice(int (*g)(int), int x) { return g(g(x)); } static int inc3(int x) { return x * 3 + 1; }
struct obj { const struct vt *v; int n; }; struct vt { int (*get)(struct obj *); void (*set)(struct obj *, int); }; static int get(struct obj *o) { return o->n; } static int get2(struct obj *o) { return o->n * 2; } static void set(struct obj *o, int n) { o->n = n; }
static const struct vt v1 = {get, set}, v2 = {get2, set};
int main(void) {
  for (op *p = ops; *p; p++) printf("%d ", (*p)(17, 5));
  for (unsigned i = 0; i < 4; i++) printf("%s=%d ", table[i].name, table[i].f(9, -4) * (table[i].commutes ? 1 : -1));
  printf("%d %d\n", pick(3)(4, 5), pick(2)(4, 5));
  int a[50]; unsigned s = 12345; for (int i = 0; i < 50; i++) a[i] = (int)((s = s * 1103515245 + 12345) >> 16) % 1000;
  qsort(a, 50, sizeof *a, byint); for (int i = 0; i < 50; i += 7) printf("%d ", a[i]);
  int key = a[20]; int *hit = bsearch(&key, a, 50, sizeof *a, byint); printf("%d\n", hit ? *hit : -1);
  const char *w[] = {"pear", "apple", "fig", "banana", "cherry"}; qsort(w, 5, sizeof *w, bystr); for (int i = 0; i < 5; i++) printf("%s ", w[i]);
  double d[] = {1.5, -2, 1e10, 0, 3}; qsort(d, 5, sizeof *d, bydouble); for (int i = 0; i < 5; i++) printf("%g ", d[i]);
  struct node *t = NULL; for (int i = 0; i < 20; i++) put(&t, i * 7 % 20); long n = 0; walk(t, show, ","); walk(t, total, &n); drop(t); printf(" %ld\n", n);
  struct obj o[2] = {{&v1, 1}, {&v2, 2}}; for (int i = 0; i < 2; i++) { o[i].v->set(&o[i], 21 + i); printf("%d ", o[i].v->get(&o[i])); } printf("%d\n", apply(twice, inc3, 5));
}
