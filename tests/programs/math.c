// SPDX-License-Identifier: MIT
// Library mathematics, in float and double, called directly and through pointers.
#include <math.h>
#include <stdio.h>
static double poly(const double *c, int n, double x) { double r = 0; for (int i = n; i-- > 0;) r = r * x + c[i]; return r; }
static double simpson(double (*f)(double), double a, double b, int n) {
  double h = (b - a) / n, s = f(a) + f(b);
  for (int i = 1; i < n; i++) s += f(a + i * h) * (i & 1 ? 4 : 2);
  return s * h / 3;
}
static double newton(double x) { double g = x; for (int i = 0; i < 40; i++) g = 0.5 * (g + x / g); return g; }
int main(void) {
  double (*fs[])(double) = {sin, cos, tan, exp, log1p, sqrt, cbrt, tanh, erf, atan};
  for (int i = 0; i < 10; i++) printf("%.15g %.15g %.15g\n", fs[i](0.7), fs[i](1.9), simpson(fs[i], 0.1, 1, 100));
  double c[] = {1, -2.5, 3, 0.125, -7};
  for (int i = -3; i <= 3; i++) printf("%.17g %.17g\n", poly(c, 5, i / 2.0), newton(i * i + 0.1));
  int e; double ip;
  double fraction = frexp(1234.5, &e), rest = modf(-3.75, &ip);
  printf("%.17g %d %.17g %.17g\n", fraction, e, rest, ip);
  printf("%.17g %.17g %.17g %.17g %.17g\n", ldexp(0.7, 10), fmod(10.5, 3), hypot(3, 4), pow(2, 0.5), copysign(3, -0.0));
  printf("%.9g %.9g %.9g %.9g\n", sqrtf(2), fabsf(-2.5f), fmaxf(1, 2), fminf(-0.0f, 0));
  printf("%d %d %d %d %d\n", isnan(NAN), isinf(-INFINITY), isfinite(1e308), signbit(-0.0) != 0, fpclassify(1e-310) == FP_SUBNORMAL);
  printf("%.17g %.17g %ld %lld\n", round(2.5), nearbyint(3.5), lround(-2.5), llrint(1e15 + 0.5));
  float fsum = 0; double dsum = 0;
  for (int i = 1; i < 10000; i++) { fsum += 1.0f / i; dsum += 1.0 / i / i; }
  printf("%.9g %.17g %.17g\n", fsum, dsum, sqrt(dsum * 6));
}
