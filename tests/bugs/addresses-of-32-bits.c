// SPDX-License-Identifier: MIT
// Code that is not position independent has addresses in 32 bits, which stand for whole ones.
// with: flags -fno-pie
// with: level O0 O2
#include <stdio.h>
#include <stdlib.h>

struct node {
  int value;
  struct node *next;
};

static int table[10] = {5, 3, 9, 1, 7, 2, 8, 0, 4, 6};
static const char *names[] = {"a", "b", "c"};
static struct node pool[4];

static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
static int (*volatile order)(const void *, const void *) = compare;

__attribute__((noinline)) static struct node *make(int i) {
  pool[i].next = i > 0 ? &pool[i - 1] : 0;
  pool[i].value = i;
  return &pool[i];
}
__attribute__((noinline)) static long place(const int *p) { return p - table; }
__attribute__((noinline)) static int within(const void *p) {
  return (const char *)p >= (const char *)table && (const char *)p < (const char *)(table + 10);
}

int main(int argc, char **argv) {
  (void)argv;
  qsort(table, 10, sizeof *table, argc > 5 ? order : compare);
  for (int i = 0; i < 10; i++) printf("%d ", table[i]);
  puts(names[argc % 3]);
  struct node *p = 0;
  for (int i = 0; i < 4; i++) p = make(i);
  int sum = 0;
  for (; p != 0; p = p->next) sum += p->value;
  printf("%d %ld %d %d %s\n", sum, place(&table[argc + 2]), within(&table[argc]), within(pool), argc > 1 ? "many" : "one");
  return 0;
}
