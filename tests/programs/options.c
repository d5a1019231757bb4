// Options of the command line: letters, long names cut short, arguments put in order, and what is wrong with them.
#define _GNU_SOURCE
#include <getopt.h>
#include <stdio.h>
#include <string.h>

static int set;
static const struct option LONG[] = {
    {"verbose", no_argument, NULL, 'v'},   {"output", required_argument, NULL, 'o'},
    {"level", optional_argument, NULL, 'l'}, {"flag", no_argument, &set, 7},
    {"flat", no_argument, NULL, 'f'},      {NULL, 0, NULL, 0},
};

static void take(const char *letters, const char *line) {
  char text[200];
  char *words[30] = {"options"};
  int count = 1;
  strcpy(text, line);
  for (char *w = strtok(text, " "); w != NULL; w = strtok(NULL, " ")) words[count++] = w;
  printf("%s <%s>\n", letters, line);
  optind = 0;
  opterr = 1;
  set = 0;
  fflush(stdout);
  for (;;) {
    int which = -1;
    int found = getopt_long(count, words, letters, LONG, &which);
    if (found < 0) break;
    printf("  %d %s %d %d %d\n", found, optarg == NULL ? "-" : optarg, optind, which, optopt);
    fflush(stdout);
  }
  printf("  flag %d, rest", set);
  for (int i = optind; i < count; i++) printf(" %s", words[i]);
  puts("");
}

int main(void) {
  take("vo:l::ab", "x -va -o out y --level=3 --out=z --fl -q --verbose=1 --nope -l7 -o");
  take("vo:l::ab", "--flat --flag -- -v x");
  take("vo:l::ab", "a b -o");
  take("vo:l::ab", "a -- b -v");
  take("vo:l::ab", "a --output b c --level d -bo e - -v f");
  take("+vo:ab", "-v a -b c");
  take("-vo:ab", "-v a -b c -- d");
  take(":vo:ab", "-o");
  take(":vo:ab", "-x --output");
  take("vab", "-av -bav --verb");
  return 0;
}
