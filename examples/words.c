// SPDX-License-Identifier: MIT
// Counts words and sorts them with qsort, which calls back into translated code; averages with floating point.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct word {
  char text[24];
  unsigned count;
};

static int by_count(const void *a, const void *b) {
  const struct word *x = a, *y = b;
  if (x->count != y->count) return x->count < y->count ? 1 : -1;
  return strcmp(x->text, y->text);
}

__attribute__((noinline)) static struct word *find(struct word *words, int *n, const char *text) {
  for (int i = 0; i < *n; i++)
    if (strcmp(words[i].text, text) == 0) return &words[i];
  struct word *w = &words[(*n)++];
  strncpy(w->text, text, sizeof w->text - 1);
  w->count = 0;
  return w;
}

static double average_length(const struct word *words, int n) {
  double letters = 0, total = 0;
  for (int i = 0; i < n; i++) {
    letters += (double)strlen(words[i].text) * words[i].count;
    total += words[i].count;
  }
  return total > 0 ? letters / total : 0;
}

int main(int argc, char **argv) {
  struct word *words = calloc(64, sizeof *words);
  int n = 0;
  for (int i = 1; i < argc && n < 64; i++) find(words, &n, argv[i])->count++;
  qsort(words, n, sizeof *words, by_count);
  for (int i = 0; i < n; i++) printf("%u %s\n", words[i].count, words[i].text);
  printf("%.3f letters on average\n", average_length(words, n));
  free(words);
  return n;
}
