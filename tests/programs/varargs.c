// SPDX-License-Identifier: MIT
// Functions with variable arguments of all kinds, more than fit in registers, passed on, copied and read twice.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
struct small { int a, b; }; struct mixed { double d; long l; }; struct big { long v[5]; }; struct floats { float x, y, z; };
static double sum(const char *kinds, ...) {
  va_list ap; va_start(ap, kinds); double s = 0;
  for (; *kinds; kinds++) switch (*kinds) {
    case 'i': s += va_arg(ap, int); break;
    case 'l': s += va_arg(ap, long); break;
    case 'd': s += va_arg(ap, double); break;
    case 's': s += strlen(va_arg(ap, char *)); break;
    case 'S': { struct small x = va_arg(ap, struct small); s += x.a * 10 + x.b; break; }
    case 'M': { struct mixed x = va_arg(ap, struct mixed); s += x.d + x.l; break; }
    case 'B': { struct big x = va_arg(ap, struct big); for (int i = 0; i < 5; i++) s += x.v[i]; break; }
    case 'F': { struct floats x = va_arg(ap, struct floats); s += x.x + x.y * 2 + x.z * 3; break; }
  }
  va_end(ap); return s;
}
static int pass_on(char *out, size_t n, const char *f, ...) { va_list ap, aq; va_start(ap, f); va_copy(aq, ap); int a = vsnprintf(out, n, f, ap); int b = vsnprintf(NULL, 0, f, aq); va_end(ap); va_end(aq); return a * 1000 + b; }
static long last(int n, ...) { va_list ap; va_start(ap, n); long r = 0; while (n--) r = r * 3 + va_arg(ap, long); va_end(ap); return r; }
int main(void) {
  char b[200];
  struct small s = {1, 2}; struct mixed m = {2.5, 7}; struct big g = {{1, 2, 3, 4, 5}}; struct floats f = {1, 2, 3};
  printf("%g\n", sum("iiiiiiii", 1, 2, 3, 4, 5, 6, 7, 8));
  printf("%g\n", sum("dddddddddd", 1., 2., 3., 4., 5., 6., 7., 8., 9., 10.));
  printf("%g\n", sum("idldsidldsidlds", 1, 2.5, 3l, 4.5, "five", 6, 7.5, 8l, 9.5, "ten", 11, 12.5, 13l, 14.5, "fifteen"));
  printf("%g %g %g %g\n", sum("SMBF", s, m, g, f), sum("iSiMiBiF", 1, s, 2, m, 3, g, 4, f), sum("ddddddddMF", 1., 2., 3., 4., 5., 6., 7., 8., m, f), sum("llllllSB", 1l, 2l, 3l, 4l, 5l, 6l, s, g));
  printf("%d ", pass_on(b, sizeof b, "%d %s %.2f %c %ld %x %d %g %d %d", 1, "two", 3.0, '4', 5l, 6, 7, 8.5, 9, 10)); puts(b);
  printf("%d ", pass_on(b, 8, "%s and %s", "truncated", "text")); puts(b);
  printf("%ld %ld\n", last(3, 1l, 2l, 3l), last(9, 1l, 2l, 3l, 4l, 5l, 6l, 7l, 8l, 9l));
  printf("%d %d %d %d %d %d %d %d %d %d %d %d\n", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  printf("%g %d %g %d %g %d %g %d %g %d %g %d %g %d %g %d %g %d %g %g\n", 1., 2, 3., 4, 5., 6, 7., 8, 9., 10, 11., 12, 13., 14, 15., 16, 17., 18, 19., 20.);
  int a1, a2, a3, a4, a5, a6, a7, a8; double d1;
  printf("%d ", sscanf("1 2 3 4 5 6 7 8 9.5", "%d%d%d%d%d%d%d%d%lf", &a1, &a2, &a3, &a4, &a5, &a6, &a7, &a8, &d1));
  printf("%d %g\n", a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8, d1);
}
