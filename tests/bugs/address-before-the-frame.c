// SPDX-License-Identifier: MIT
// Addresses of variables are taken while registers are still being pushed, and control gets from where the stack pointer
// is known to where it is not.
#include <alloca.h>
#include <stdio.h>
#include <string.h>

struct large {
  int n;
  char text[800];
};

__attribute__((noinline)) static int parse(const char *s, struct large *l) {
  l->n = (int)strlen(s);
  if (l->n > 700) return -1;
  strcpy(l->text, s);
  return 0;
}

__attribute__((noinline)) static int check(struct large *l, int least) { return l->n < least ? -1 : 0; }

__attribute__((noinline)) static int work(const char *s, int least, int other, int *out) {
  struct large l;
  char *copy;
  if (parse(s, &l) < 0) return -1;
  if (check(&l, least) < 0) return -2;
  if (l.n < 40)
    copy = alloca((size_t)l.n + 1);
  else
    copy = NULL;
  if (copy == NULL) goto failed;
  memcpy(copy, l.text, (size_t)l.n + 1);
  for (int i = 0; copy[i]; i++) *out += copy[i] * other + least;
  if (*out % 7 == 3) goto failed;
  return *out;
failed:
  *out = -other;
  return -3;
}

int main(void) {
  int out = 0;
  printf("%d ", work("some words", 3, 2, &out));
  printf("%d ", work("some words", 30, 2, &out));
  printf("%d ", work("some words and more words than fit into forty", 3, 2, &out));
  printf("%d\n", out);
  return 0;
}
