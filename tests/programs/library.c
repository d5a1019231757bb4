// SPDX-License-Identifier: MIT
// Much of the C library, with its corner cases: formats, numbers, text, sorting, time, streams.
#include <stddef.h>
#include <strings.h>
#include <stdio.h>
#include <string.h>
#include <ctype.h>
#include <stdlib.h>
#include <math.h>
#include <time.h>
#include <errno.h>
#include <limits.h>
#include <float.h>
#include <inttypes.h>
static int cmp(const void*a,const void*b){return *(const int*)a-*(const int*)b;}
int main(void){
  char b[200];
  int n, i;
  unsigned u;
  long l;
  double d;
  float f;
  char c, s[50], t[50];
  short h;
  signed char hh;
  long long ll;
  printf("%d|%5d|%-5d|%05d|%+d|% d|%x|%#x|%X|%o|%#o|%u|%c|%s|%10s|%-10s|%.2s|%%\n", 1, 2, 3, 4, 5, 6, 255, 255, 255, 8, 8, 9u, 'c', "str", "abc", "def", "xyz");
  printf("%f %.3f %e %E %g %G %a %10.2f|%-10.2f|%+.1e %#g %g %g\n", 1.5, 2.25, 12345.678, 0.00012, 1e10, 1e-10, 1.0, 3.14159, 2.71828, 1234.5, 1.0, INFINITY, -NAN);
  printf("%hhd %hd %ld %lld %zu %td %jd %p\n", (char)300, (short)70000, 1L<<40, 1LL<<50, sizeof b, (ptrdiff_t)-3, (intmax_t)7, (void*)0);
  printf("%*d|%-*d|%.*f|%.0f|%#.0f|%.0e\n", 5, 1, 5, 2, 2, 3.14159, 2.5, 2.5, 15.0);
  printf("%d%n", 12345, &n);
  printf(" %d\n", n);
  n=sscanf("12 0x1f 077 3.5 1e3 word c", "%d %x %o %lf %f %s %c", &i, &u, (unsigned*)&l, &d, &f, s, &c);
  printf("%d %d %u %g %g %s %c\n", n, i, u, d, f, s, c);
  n=sscanf("abc123def", "%[a-z]%d%[^x]", s, &i, t);
  printf("%d %s %d %s\n", n, s, i, t);
  n=sscanf("  42abc", "%3d%n", &i, &u);
  printf("%d %d %u\n", n, i, u);
  n=sscanf("5,6;7", "%d,%d;%*d%n", &i, &u, (int*)&l);
  printf("%d %d %u\n", n, i, u);
  n=sscanf("", "%d", &i);
  printf("%d\n", n);
  n=sscanf("xyz", "%d", &i);
  printf("%d\n", n);
  n=sscanf("-128 300 12345678901", "%hhd %hd %lld", &hh, &h, &ll);
  printf("%d %d %d %lld\n", n, hh, h, ll);
  n=sscanf("inf nan 0x1.8p3 .5 5.", "%lf %f %lf", &d, &f, &d);
  printf("%d %g %g\n", n, d, f);
  n=sscanf("10 010 0x10", "%i %i %i", &i, &u, &n);
  printf("%d %u\n", i, u);
  n=sscanf("%5", "%%%d", &i);
  printf("%d %d\n", n, i);
  n=sscanf("]abc-", "%[]a-c-]", s);
  printf("%d %s\n", n, s);
  n=sscanf("ab cd", "%2c%s", s, t);
  printf("%d %.2s %s\n", n, s, t);
  strcpy(b, "hello world foo");
  for(char*p=strtok(b, " ");p;p=strtok(NULL, " "))printf("[%s]", p);
  puts("");
  printf("%zu %zu %s %s %s\n", strspn("aabbc", "ab"), strcspn("hello", "l"), strpbrk("hello", "ol"), strstr("haystack", "st"), strrchr("a/b/c", '/'));
  printf("%d %d %d\n", strcmp("a", "b")<0, strncmp("abc", "abd", 2), strcasecmp("ABC", "abc"));
  printf("%s|%s\n", strerror(ENOENT), strerror(EINVAL));
  for(i=0;i<128;i+=7)printf("%d%d%d%d%d%d ", !!isalpha(i), !!isdigit(i), !!isspace(i), !!ispunct(i), !!isprint(i), !!isxdigit(i));
  puts("");
  char*e;
  errno=0;
  l=strtol("99999999999999999999", &e, 10);
  printf("%ld %d %s\n", l, errno==ERANGE, e);
  printf("%ld %lu %ld\n", strtol("-0x1A", &e, 16), strtoul("-1", &e, 10), strtol("zz", &e, 36));
  printf("%g %g %g %d\n", strtod("1e400", &e), strtod("1e-400", &e), strtod("0x1p-2z", &e), *e);
  int arr[]={5, 3, 9, 1, 7};
  qsort(arr, 5, sizeof(int), cmp);
  int key=7;
  int*q=bsearch(&key, arr, 5, sizeof(int), cmp);
  printf("%d %d %d %ld\n", arr[0], arr[4], *q, (long)(q-arr));
  div_t dv=div(-7, 2);
  ldiv_t ld=ldiv(7, -2);
  printf("%d %d %ld %ld\n", dv.quot, dv.rem, ld.quot, ld.rem);
  printf("%.15g %.15g %.15g %.15g %.15g\n", sin(1), cos(2), tan(0.5), atan2(1, -1), exp(1));
  printf("%.15g %.15g %.15g %.15g\n", pow(2, 0.5), log(10), log10(1000), sqrt(2));
  printf("%g %g %g %g %g %g\n", floor(-1.5), ceil(-1.5), round(2.5), trunc(-2.7), rint(2.5), nearbyint(3.5));
  printf("%g %g %ld %ld\n", fmod(7, -3), remainder(7, 4), lround(2.5), lrint(3.5));
  int ex;
  d=frexp(10, &ex);
  printf("%g %d %g %g\n", d, ex, ldexp(0.5, 3), modf(3.75, &d));
  printf("%d %d %d %d\n", isnan(NAN), isinf(INFINITY), signbit(-0.0)!=0, fpclassify(1e-310)==FP_SUBNORMAL);
  time_t tt=86400*365;
  struct tm*tm=gmtime(&tt);
  strftime(b, sizeof b, "%Y-%m-%d %H:%M:%S %a %b %j %U %p", tm);
  puts(b);
  printf("%s", asctime(tm));
  printf("%ld\n", (long)mktime(tm));
  char*m=malloc(10);
  m=realloc(m, 1000);
  memset(m, 'x', 999);
  m[999]=0;
  printf("%zu\n", strlen(m));
  free(m);
  m=calloc(10, 10);
  printf("%d\n", m[99]);
  free(m);
  printf("%s\n", getenv("NOPE")?"yes":"no");
  printf("%" PRId64 "\n", (int64_t)-5);
  printf("%d %d\n", atoi("12abc"), abs(-5));
  srand(1);
  int r1=rand(), r2=rand();
  printf("%d %d\n", r1, r2);
  FILE*fp=tmpfile();
  fprintf(fp, "line1\nline2 %d\n", 5);
  rewind(fp);
  while(fgets(b, sizeof b, fp))fputs(b, stdout);
  fseek(fp, 2, SEEK_SET);
  printf("%c %ld %d\n", fgetc(fp), ftell(fp), feof(fp));
  ungetc('Q', fp);
  printf("%c\n", getc(fp));
  fclose(fp);
  snprintf(b, 5, "%s", "truncated");
  puts(b);
  fp=fopen("/nonexistent/x", "r");
  printf("%d %d\n", fp==NULL, errno==ENOENT);
  perror("oops");
  return 42;
}
