// SPDX-License-Identifier: MIT
// Formatting and parsing: printf and scanf in all their forms, streams of characters.
#define _GNU_SOURCE
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
int main(void) {
  printf("[%5d] [%-5d] [%05d] [%+d] [% d] [%x] [%X] [%#x] [%o] [%#o] [%u] [%c] [%5c] [%-5c]\n", 42, 42, 42, 42, 42, 255, 255, 255, 8, 8, 4000000000u, 'a', 'b', 'c'); printf("[%hhd] [%hd] [%ld] [%lld] [%zu] [%jd] [%td] [%" PRIx64 "] [%" PRId8 "]\n", (signed char)200, (short)40000, 1l << 40, -1ll << 50, (size_t)99, (intmax_t)-7, (ptrdiff_t)3, UINT64_C(0xdeadbeefcafe), (int8_t)-5); printf("[%f] [%.2f] [%10.3f] [%-10.1f] [%e] [%.0e] [%g] [%G] [%a] [%+.1f] [%08.2f] [%#.0f]\n", 3.14159, 2.71828, 1.0 / 3, 5.55, 12345.678, 5e-5, 1e-10, 1e20, 1.5, 2.0, -3.5, 4.0); printf("[%s] [%10s] [%-10s] [%.3s] [%*.*s] [%p] [%%] [%*d] [%-*d]\n", "str", "right", "left", "truncate", 8, 2, "star", (void *)0, 6, 7, 4, 8); printf("%2$s %1$s %2$s\n", "one", "two"); int n1, n2; printf("abc%ndef%n\n", &n1, &n2); printf("%d %d\n", n1, n2);
  int a, b; unsigned x; char s[20], c, set[10]; double d; float f; long l; short h; printf("%d ", sscanf("12 -7 ff word Z 3.5 1e3 99999999999 -5", "%d%d%x%s %c%lf%f%ld%hd", &a, &b, &x, s, &c, &d, &f, &l, &h)); printf("%d %d %u %s %c %g %g %ld %d\n", a, b, x, s, c, d, f, l, h); printf("%d ", sscanf("key=val;rest", "%[a-z]=%[^;]", set, s)); printf("%s %s ", set, s); printf("%d ", sscanf("10:20:30", "%2d:%*d:%n%d", &a, &n1, &b)); printf("%d %d %d %d\n", a, b, n1, sscanf("x", "%d", &a)); char *e; printf("%ld %lu %lld %g %g %ld\n", strtol("  -42xyz", &e, 10), strtoul("0xff", NULL, 16), strtoll("9223372036854775807", NULL, 10), strtod("0x1.8p3", NULL), strtod("inf", NULL), strtol("zz", NULL, 36)); printf("%lu %ld\n", wcslen(L"wide string"), labs(-5l)); div_t q = div(17, 5); ldiv_t lq = ldiv(-17, 5); printf("%d %d %ld %ld %d\n", q.quot, q.rem, lq.quot, lq.rem, abs(-3)); putchar('p'); puts("uts"); fputs("fputs\n", stdout); fwrite("fwrite\n", 1, 7, stdout); fprintf(stdout, "%s %d\n", "fprintf", 1); char buf[64]; setvbuf(stdout, NULL, _IONBF, 0); printf("%d %s\n", sprintf(buf, "%d|%5.1f|%s", 1, 2.25, "three"), buf); char *as; printf("%d ", asprintf(&as, "%d %s %g", 7, "eight", 9.5)); puts(as); free(as); perror("perror"); srand(1); rand(); return 0;
}
