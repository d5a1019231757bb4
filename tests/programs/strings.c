// SPDX-License-Identifier: MIT
// string.h and ctype.h, with sizes that compilers expand in line and sizes that they do not.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static unsigned h(const void *p, size_t n) { unsigned r = 5381; for (size_t i = 0; i < n; i++) r = r * 33 ^ ((const unsigned char *)p)[i]; return r; }
struct s3 { char a[3]; }; struct s17 { char a[17]; }; struct s64 { char a[64]; }; struct s200 { char a[200]; };
int main(void) {
  char a[256], b[256], c[600]; for (int i = 0; i < 256; i++) a[i] = (char)(i * 37 + 11), b[i] = 0;
#define T(n) memcpy(b, a + 3, n); memset(b + n, n, 7); memmove(b + 5, b + 2, n); printf("%u %d ", h(b, 256), memcmp(a, b, n) > 0)
  T(1); T(2); T(3); T(4); T(5); T(7); T(8); T(9); T(12); T(15); T(16); T(17); T(24); T(31); T(32); T(33); T(48); T(63); T(64); T(100); T(128); T(200); puts("");
  for (volatile int n = 0; n < 70; n += 3) { memset(c, 1, sizeof c); memcpy(c + n, a, n); memmove(c + 100, c + 90, n * 3); memset(c + 400, 0, n); printf("%u ", h(c, sizeof c)); } puts("");
  struct s3 s3; struct s17 s17; struct s64 s64; struct s200 s200 = {{0}}; memcpy(&s3, a, 3); memcpy(&s17, a + 1, 17); memcpy(&s64, a + 2, 64); struct s17 t17 = s17; struct s64 t64 = s64; struct s200 t200 = s200; t200.a[150] = 9; s200 = t200; printf("%u %u %u %u\n", h(&s3, 3), h(&t17, 17), h(&t64, 64), h(&s200, 200));
  const char *t = "The quick brown fox"; char buf[100];
  printf("%zu %s %s %s %d %d %d\n", strlen(t), strchr(t, 'q'), strrchr(t, 'o'), strstr(t, "brown"), strcmp("abc", "abd") < 0, strncmp("abc", "abd", 2), strcmp("b", "a") > 0);
  strcpy(buf, t); strcat(buf, "!"); strncat(buf, "more text", 4); printf("%s %zu %zu %s\n", buf, strspn(t, "The "), strcspn(t, "kx"), strpbrk(t, "xyz"));
  char *save; strcpy(buf, "a,b;;c d"); for (char *p = strtok_r(buf, ",; ", &save); p; p = strtok_r(NULL, ",; ", &save)) printf("<%s>", p);
  printf(" %s\n", (char *)memchr(t, 'b', 15)); char *d = strdup(t); for (char *p = d; *p; p++) *p = (char)(isupper((unsigned char)*p) ? tolower(*p) : toupper(*p)); printf("%s\n", d); free(d);
  int k = 0; for (int i = 0; i < 128; i++) k = k * 7 + (isalpha(i) != 0) + 2 * (isdigit(i) != 0) + 4 * (isspace(i) != 0) + 8 * (ispunct(i) != 0) + 16 * (isxdigit(i) != 0); printf("%d\n", k);
  char *end; printf("%ld %ld %lu %g %d %lld\n", strtol("-123abc", &end, 10), strtol("0x1f", NULL, 0), strtoul("777", NULL, 8), strtod("1.5e3x", &end), atoi(" 42"), atoll("-9223372036854775808"));
  snprintf(buf, 10, "%s", t); printf("%s %d\n", buf, snprintf(NULL, 0, "%d-%s", 12345, t)); printf("%zu %s\n", strnlen(t, 5), strncpy(memset(buf, 'z', 20), "hi", 5)); printf("%d %d\n", strcoll("a", "b") < 0, memcmp("a\0b", "a\0c", 3) < 0);
}
